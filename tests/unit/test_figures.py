"""The figures of a term and the sentences made of them."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.calendar import Term
from portal.domain.figures import (
    DEFINITIONS,
    FIGURES,
    Figure,
    compute,
    figures_from_data,
    figures_to_data,
    meeting_target,
    shown,
)
from portal.domain.narrative import SECTIONS, sentences
from portal.domain.schemes import load_scheme
from portal.domain.term_facts import (
    ActivityFact,
    InspectionFact,
    LedgerFact,
    MeetingFact,
    PairFact,
    PostingFact,
    ProblemFact,
    RecordFact,
    ReflectionFact,
    SchoolFact,
    SecondmentFact,
    SessionFact,
    TermFacts,
)

TERM = Term("2025-2026-1", date(2025, 9, 1), date(2026, 1, 30), date(2025, 9, 1))
END = TERM.last_day
D0, E5, E7 = (load_scheme(code) for code in ("D0", "E5", "E7"))

SCHOOLS = (
    SchoolFact("s1", "麟峰小学", 40, True, "urban", frozenset({"t1", "t2"})),
    SchoolFact("s2", "石亭小学", 10, False, "rural", frozenset({"t9"})),
)
FACTS = TermFacts(
    schools=SCHOOLS,
    meetings=(
        MeetingFact("m1", date(2025, 9, 10)),
        MeetingFact("m2", date(2025, 10, 15), minuted=False),
        MeetingFact("m3", date(2025, 10, 29), kind="joint"),
        MeetingFact("m4", date(2025, 11, 12), held=False),
        MeetingFact("m5", date(2025, 12, 3), kind="seminar"),
        MeetingFact("m6", date(2025, 8, 20)),
    ),
    activities=(
        ActivityFact(
            "a1",
            date(2025, 9, 20),
            "collective_preparation",
            frozenset({("t1", "s1"), ("t2", "s1"), ("t9", "s2")}),
        ),
        ActivityFact(
            "a2", date(2025, 10, 20), "collective_preparation", frozenset({("t1", "s1"), ("t8", "s2")})
        ),
        ActivityFact(
            "a3", date(2025, 11, 20), "forum", frozenset({("t1", "s1"), ("guest", "s7")}), is_large=True
        ),
    ),
    postings=(
        PostingFact(
            "p1", "t1", "rotation", date(2025, 9, 1), date(2025, 10, 31), date(2025, 9, 1), "urban", "rural"
        ),
        PostingFact("p2", "t1", "rotation", date(2025, 11, 1), None, date(2025, 11, 3), "urban", "rural"),
        PostingFact(
            "p3",
            "h1",
            "rotation",
            date(2024, 9, 1),
            date(2026, 8, 31),
            date(2024, 9, 1),
            "rural",
            "urban",
            personnel_transfer=True,
            is_principal=True,
        ),
        PostingFact(
            "p4",
            "t2",
            "shadow_training",
            date(2025, 9, 1),
            None,
            date(2025, 9, 1),
            "urban",
            "urban",
            counts=False,
        ),
        PostingFact("p5", "t9", "rotation", date(2026, 2, 23), None),
        PostingFact(
            "p6", "t8", "rotation", date(2024, 9, 1), date(2025, 8, 31), date(2024, 9, 1), "rural", "rural"
        ),
    ),
    sessions=(
        SessionFact("v1", date(2025, 9, 4), "t1", "given"),
        SessionFact("v2", date(2025, 9, 11), "t1", "given"),
        SessionFact("v3", date(2025, 9, 18), "t1", "substituted"),
        SessionFact("v4", date(2025, 9, 25), "t2", "missed"),
        SessionFact("v5", date(2025, 10, 9), "t1", "planned"),
        SessionFact("v6", date(2025, 10, 2), "t1", "cancelled"),
        SessionFact("v7", date(2026, 1, 30), "t1", "planned"),
    ),
    pairs=(
        PairFact("sp", "school", date(2025, 9, 1), date(2026, 8, 31)),
        PairFact("mp1", "mentoring", date(2025, 9, 15), None, "t1", 4),
        PairFact("mp2", "mentoring", date(2025, 9, 15), None, "t9", 4),
        PairFact("old", "mentoring", date(2024, 9, 1), date(2025, 7, 1), "t2", 4),
    ),
    records=(
        RecordFact("r1", date(2026, 1, 20), frozenset({"mp1", "sp"})),
        RecordFact("r2", date(2025, 9, 20), frozenset({"mp2"})),
        RecordFact("r3", date(2025, 8, 20), frozenset({"mp1"})),
    ),
    reflections=(
        ReflectionFact("l1", date(2025, 9, 30), "t1", "s1", "cluster", is_selected=True),
        ReflectionFact("l2", date(2025, 10, 30), "t1", "s1", "own"),
        ReflectionFact("l3", date(2025, 10, 30), "t9", "s2", "school"),
        ReflectionFact("l4", date(2026, 2, 1), "t8", "s2", "cluster"),
    ),
    ledgers=(
        LedgerFact("g1", "training", days=2, person_times=40),
        LedgerFact("g2", "training", person_times=20),
        LedgerFact("g3", "fund", flow="spent", cents=150_025),
        LedgerFact("g4", "fund", flow="granted", cents=900_000),
        LedgerFact("g5", "honour"),
        LedgerFact("g5", "honour"),
        LedgerFact("g6", "publicity"),
    ),
)


def values(facts=FACTS, scheme=D0, as_of=END):
    return {key: figure.value for key, figure in compute(facts, TERM, as_of=as_of, scheme=scheme).items()}


def test_all_figures_of_a_term():
    assert values() == {
        "schools": 2,
        "teachers": 50,
        "exchanged_persons": 2,
        "exchanged_person_times": 3,
        "exchange_waiting": 1,
        "posting_matrix": 4,
        "sessions_planned": 6,
        "sessions_given": 2,
        "sessions_substituted": 1,
        "sessions_missed": 1,
        "sessions_unconfirmed": 1,
        "sessions_given_rate": 50.0,
        "circuit_teachers": 1,
        "meetings_held": 3,
        "months_without_meeting": 3,
        "meetings_without_minutes": 1,
        "hearings_held": 0,
        "seminars_held": 1,
        "activities_held": 3,
        "large_activities": 1,
        "activity_persons": 5,
        "activity_person_times": 7,
        "participation_rate": 8.0,
        "school_pairs": 1,
        "mentoring_pairs": 2,
        "pair_records": 2,
        "records_per_pair": 0.7,
        "inactive_pairs": 1,
        "mentor_coverage": 50.0,
        "titled_unpaired": 1,
        "secondees": 0,
        "secondment_days": 0,
        "secondment_lessons": 0,
        "secondment_lessons_mean": None,
        "secondment_on_target": None,
        "secondment_five_rate": None,
        "logs": 3,
        "log_writers": 2,
        "writing_rate": 4.0,
        "logs_per_writer": 1.5,
        "logs_shared": 1,
        "logs_selected": 1,
        "trainings": 2,
        "training_days": 2,
        "training_person_times": 60,
        "publicity_items": 1,
        "funds_spent": 1500.25,
        "support_measures": 0,
        "honours": 1,
        "inspections_published": 0,
        "problems_listed": 0,
        "problems_confirmed": 0,
        "problems_late": 0,
    }


def test_every_figure_is_defined_once_and_stands_in_the_order_of_its_definition():
    keys = [definition.key for definition in FIGURES]
    assert len(set(keys)) == len(keys)
    assert list(compute(TermFacts(), TERM, as_of=END)) == keys
    in_sections = [key for section in SECTIONS["short"] for key in section.figures]
    assert sorted(in_sections) == sorted(keys)


def test_figures_open_to_their_rows_and_parts():
    found = compute(FACTS, TERM, as_of=END, scheme=D0)
    assert found["exchanged_persons"] == Figure(
        2, rows=("p1", "p2", "p3"), breakdown=(("principals", 1), ("teachers", 1))
    )
    assert found["exchanged_person_times"].breakdown == (("rural_urban", 1), ("urban_rural", 2))
    assert found["posting_matrix"].breakdown == (
        ("rotation/rural_urban/transfer", 1),
        ("rotation/urban_rural/no_transfer", 2),
        ("shadow_training/urban_urban/no_transfer", 1),
    )
    assert found["meetings_held"] == Figure(3, 3, 5, ("m1", "m2", "m3"), (("2025-09", 1), ("2025-10", 2)))
    assert [month for month, _ in found["months_without_meeting"].breakdown] == [
        "2025-11",
        "2025-12",
        "2026-01",
    ]
    assert found["activities_held"].breakdown == (("collective_preparation", 2), ("forum", 1))
    assert found["activity_person_times"].breakdown == (("collective_preparation", 5), ("forum", 2))
    assert found["participation_rate"] == Figure(
        8.0, 4, 50, ("a1", "a2", "a3"), (("麟峰小学", 5.0), ("石亭小学", 20.0))
    )
    assert found["inactive_pairs"] == Figure(1, 1, 2, ("mp2",))
    assert found["mentor_coverage"] == Figure(50.0, 1, 2, ("mp1",), (("麟峰小学", 50.0),))
    assert found["titled_unpaired"] == Figure(1, rows=("t2",), breakdown=(("麟峰小学", 1),))
    assert found["logs"].rows == ("l1", "l2", "l3")


def test_month_is_no_gap_before_it_is_over():
    def gaps(day):
        figure = compute(FACTS, TERM, as_of=day, scheme=D0)["months_without_meeting"]
        return [month for month, _ in figure.breakdown]

    assert gaps(date(2025, 11, 29)) == []
    assert gaps(date(2025, 11, 30)) == ["2025-11"]
    assert gaps(date(2026, 1, 29)) == ["2025-11", "2025-12"]


def test_pair_rests_only_after_the_agreed_weeks_of_the_term():
    pair = PairFact("mp", "mentoring", date(2025, 1, 1), None, "t1", 4)
    facts = TermFacts(pairs=(pair,))
    begin = TERM.first_day
    assert values(facts, as_of=begin + timedelta(weeks=4))["inactive_pairs"] == 0
    assert values(facts, as_of=begin + timedelta(weeks=4, days=1))["inactive_pairs"] == 1
    without = replace(facts, pairs=(replace(pair, every_weeks=None),))
    assert compute(without, TERM, as_of=END)["inactive_pairs"] == Figure(0, 0, 0)


def test_shares_of_nothing_print_a_dash_and_unset_and_unknown_say_so():
    found = compute(TermFacts(), TERM, as_of=END, scheme=E7)
    for key in (
        "participation_rate",
        "writing_rate",
        "mentor_coverage",
        "sessions_given_rate",
        "records_per_pair",
        "logs_per_writer",
    ):
        assert (found[key].value, found[key].missing, shown(found[key]).text()) == (None, "zero", "—")
    assert shown(found["months_without_meeting"]).text() == "未设定"
    missing = TermFacts(schools=(*SCHOOLS, SchoolFact("s3", "新溪小学", None)))
    unknown = compute(missing, TERM, as_of=END)
    assert {key: shown(unknown[key]).text() for key in ("teachers", "participation_rate")} == {
        "teachers": "缺少数据",
        "participation_rate": "缺少数据",
    }
    assert unknown["participation_rate"].breakdown[-1] == ("新溪小学", None)


@pytest.mark.parametrize(("scheme", "target"), [(D0, 5), (E5, 2), (E7, None)])
def test_meeting_target_is_the_schemes(scheme, target):
    assert meeting_target(scheme, TERM) == target
    assert compute(FACTS, TERM, as_of=END, scheme=scheme)["meetings_held"].denominator == target


def test_figures_print_without_a_superfluous_decimal():
    assert [shown(Figure(value), unit).text() for value, unit in ((12, "人"), (12.0, "%"), (12.5, "%"))] == [
        "12",
        "12%",
        "12.5%",
    ]


def test_half_is_rounded_up():
    schools = (SchoolFact("s1", "甲", 2000),)
    logs = (ReflectionFact("l1", TERM.first_day, "t1", "s1"),)
    assert values(TermFacts(schools=schools, reflections=logs))["writing_rate"] == 0.1


def test_snapshot_gives_the_same_figures_back():
    found = compute(FACTS, TERM, as_of=END, scheme=D0)
    data = json.loads(json.dumps(figures_to_data(found)))
    assert figures_from_data(data) == found


# Sentences

KINDS = {"collective_preparation": "集体备课", "forum": "学术论坛"}


def text(facts=FACTS, scheme=D0):
    found = compute(facts, TERM, as_of=END, scheme=scheme)
    written = sentences(found, cluster="麟峰小学片区", lead="麟峰小学", labels=scheme.labels, words=KINDS)
    return {key: [each.text() for each in section] for key, section in written.items()}


def test_sentences_of_the_short_form():
    assert text() == {
        "basics": [
            "麟峰小学片区以麟峰小学为领衔学校，共2所学校，教师50人。",
            "本学期到岗交流2人（校长1人、教师1人）、3人次，其中城区到农村2人次、农村到城区1人次。",
            "另有1人已批准，尚未到岗。",
        ],
        "practice": [
            "召开片区成员校例会3次（应有5次），管理研讨1次。",
            "开展联合教研与活动3次，其中集体备课2次、学术论坛1次，大型活动1次，参加5人、7人次。",
            "1名教师走教，排定6节，本人上课2节，代课1节。",
            "学校结对1对、师徒结对2对，有帮扶记录2次，平均每对0.7次。",
            "举办培训2期，参加60人次。",
            "宣传报道1次。",
            "支出经费1500.25元。",
        ],
        "results": [
            "教师参与联合活动的比例为8%。",
            "2名教师撰写反思日志3篇，人均1.5篇，撰写率4%，在片区内共享1篇，入选典型经验1篇。",
            "城区学校有县级以上称号的教师2人，其中1人带徒弟，覆盖率50%。",
            "获得表彰奖励1项。",
        ],
        "problems": [
            "有3个月没有召开成员校会议（2025年11月、2025年12月、2026年1月）。",
            "走教缺课1节。",
            "有1对结对超过约定的间隔没有记录。",
            "城区学校有1名有称号的教师还没有带徒弟。",
        ],
        "next": [],
    }


def test_what_has_no_value_is_left_out_of_official_text():
    schools = (SchoolFact("s1", "麟峰小学", None, is_lead=True),)
    assert text(replace(FACTS, schools=schools, sessions=(), pairs=(), ledgers=()), E7) == {
        "basics": [
            "麟峰小学片区以麟峰小学为资源学校，共1所学校。",
            "本学期到岗交流2人（校长1人、教师1人）、3人次，其中城区到农村2人次、农村到城区1人次。",
            "另有1人已批准，尚未到岗。",
        ],
        "practice": [
            "召开联席会议3次，管理研讨1次。",
            "开展联合教研与活动3次，其中集体备课2次、学术论坛1次，大型活动1次，参加5人、7人次。",
        ],
        "results": [
            "2名教师撰写反思日志3篇，人均1.5篇，在片区内共享1篇，入选典型经验1篇。",
        ],
        "problems": [],
        "next": [],
    }
    everything = " ".join(each for section in text(TermFacts(), E7).values() for each in section)
    assert "未设定" not in everything
    assert "—" not in everything
    assert "None" not in everything


def test_sentence_names_its_figures_for_links():
    found = compute(FACTS, TERM, as_of=END, scheme=D0)
    written = sentences(found, cluster="片", lead="校", labels=D0.labels, words=KINDS)
    pairs = written["practice"][3]
    assert pairs.figures == ("school_pairs", "mentoring_pairs", "pair_records", "records_per_pair")
    assert [(piece, key) for piece, key in pairs.parts() if key] == [
        ("1", "school_pairs"),
        ("2", "mentoring_pairs"),
        ("2", "pair_records"),
        ("0.7", "records_per_pair"),
    ]
    for section in SECTIONS["short"]:
        for sentence in written[section.key]:
            assert set(sentence.figures) <= set(DEFINITIONS)


# Properties

people, places = st.sampled_from(["t1", "t2", "t3"]), st.sampled_from(["s1", "s2", "s7"])
some_days = st.dates(date(2025, 8, 1), date(2026, 2, 28))


def listed(strategy):
    return st.lists(strategy, max_size=5, unique_by=lambda each: each.id).map(tuple)


worlds = st.builds(
    TermFacts,
    schools=st.just(SCHOOLS),
    activities=listed(
        st.builds(
            ActivityFact,
            id=st.integers(0, 9),
            day=some_days,
            kind=st.sampled_from(["forum", "salon"]),
            participants=st.frozensets(st.tuples(people, places), max_size=4),
            is_large=st.booleans(),
        )
    ),
    postings=listed(
        st.builds(
            PostingFact,
            id=st.integers(0, 9),
            person_id=people,
            form=st.just("rotation"),
            first_day=some_days,
            last_day=st.none() | some_days,
            arrived_on=st.none() | some_days,
            origin=st.sampled_from([None, "urban", "rural"]),
            destination=st.sampled_from(["urban", "rural"]),
            counts=st.booleans(),
            is_principal=st.booleans(),
        )
    ),
    sessions=listed(
        st.builds(
            SessionFact,
            id=st.integers(0, 9),
            day=some_days,
            teacher_id=people,
            state=st.sampled_from(["planned", "given", "missed", "substituted", "cancelled"]),
        )
    ),
    pairs=listed(
        st.builds(
            PairFact,
            id=st.integers(0, 3),
            kind=st.sampled_from(["school", "mentoring"]),
            first_day=some_days,
            last_day=st.none(),
            mentor_id=people,
            every_weeks=st.none() | st.just(4),
        )
    ),
    records=listed(
        st.builds(
            RecordFact,
            id=st.integers(0, 9),
            day=some_days,
            pair_ids=st.frozensets(st.integers(0, 4), max_size=2),
        )
    ),
    reflections=listed(
        st.builds(
            ReflectionFact,
            id=st.integers(0, 9),
            day=some_days,
            author_id=people,
            school_id=places,
        )
    ),
)


@given(worlds, some_days)
def test_persons_are_never_more_than_person_times(facts, as_of):
    found = values(facts, as_of=as_of)
    assert found["exchanged_persons"] <= found["exchanged_person_times"] <= found["posting_matrix"]
    assert found["activity_persons"] <= found["activity_person_times"]
    assert found["log_writers"] <= found["logs"]
    assert found["circuit_teachers"] <= found["sessions_given"] <= found["sessions_planned"]


@given(worlds, some_days)
def test_facts_that_come_twice_or_in_another_order_change_nothing(facts, as_of):
    doubled = TermFacts(**{name: tuple(reversed(part)) + part for name, part in vars(facts).items()})
    assert compute(doubled, TERM, as_of=as_of, scheme=D0) == compute(facts, TERM, as_of=as_of, scheme=D0)


@given(worlds, some_days)
def test_parts_of_a_count_add_up_to_it(facts, as_of):
    found = compute(facts, TERM, as_of=as_of, scheme=D0)
    for key in (
        "exchanged_persons",
        "exchanged_person_times",
        "posting_matrix",
        "activities_held",
        "activity_person_times",
        "meetings_held",
    ):
        assert sum(value for _, value in found[key].breakdown) == found[key].value


@given(worlds, some_days)
def test_who_is_covered_and_who_is_not_are_all_titled_teachers_of_the_towns(facts, as_of):
    found = compute(facts, TERM, as_of=as_of, scheme=D0)
    covered, alone = found["mentor_coverage"], found["titled_unpaired"]
    titled = {"t1", "t2"}  # t9 has a title at a rural school
    assert (covered.numerator + alone.value, covered.denominator) == (len(titled), len(titled))
    mentors = {pair.mentor_id for pair in facts.pairs if pair.id in covered.rows}
    # Each of them on one side only, and whoever has more than one pair is one.
    assert (mentors | set(alone.rows), mentors & set(alone.rows)) == (titled, set())
    assert covered.numerator == len(mentors)


@given(worlds, some_days)
def test_sentences_can_be_written_of_any_term(facts, as_of):
    found = compute(facts, TERM, as_of=as_of, scheme=E5)
    written = sentences(found, cluster="片区", lead="县三中", labels=E5.labels)
    for section in written.values():
        for sentence in section:
            assert sentence.text().endswith("。")
            assert "%(" not in sentence.text()


def test_what_supervision_found_is_told_by_category_and_without_a_name():
    """S2-16: the register of the term, what is confirmed and what is late on the day of counting."""
    seen = replace(
        FACTS,
        inspections=(InspectionFact("i1"), InspectionFact("i2"), InspectionFact("i1")),
        problems=(
            ProblemFact("p1", "understanding", due_on=END - timedelta(days=1)),
            ProblemFact("p2", "deviation", due_on=END),
            ProblemFact("p3", "understanding", is_open=False, confirmed_on=END - timedelta(days=9)),
            ProblemFact("p4", "deviation", is_open=False),
        ),
    )
    found = compute(seen, TERM, as_of=END, scheme=D0)
    keys = ("inspections_published", "problems_listed", "problems_confirmed", "problems_late")
    assert [found[key].value for key in keys] == [2, 4, 1, 1]
    assert [found[key].rows for key in keys[2:]] == [("p3",), ("p1",)]
    assert found["problems_listed"].breakdown == (("deviation", 2), ("understanding", 2))
    written = text(seen, D0)
    assert written["practice"][-1] == "接受督导2次。"
    assert written["problems"][-1] == (
        "问题清单列有问题4项（执行有偏差2项、认识不到位2项），已销号1项，逾期未整改1项。"
    )
    # A summary that was frozen before these figures were defined says nothing of them.
    old = {key: figure for key, figure in found.items() if key not in keys}
    said = sentences(old, cluster="片", lead="校", labels=D0.labels, words=KINDS)
    assert not any("清单" in each.text() or "督导" in each.text() for part in said.values() for each in part)


def test_secondments_count_a_person_a_day_and_a_lesson_once():
    """F13: of two cases of one person each day and lesson once; what lies outside the term is not part of it."""
    early, first = TERM.first_day - timedelta(days=5), TERM.first_day
    away = replace(
        FACTS,
        secondments=(
            SecondmentFact(
                "c1", "t1", early, first + timedelta(days=9), (("h0", early, 9), ("h1", first, 3)), True, True
            ),
            SecondmentFact("c2", "t1", first + timedelta(days=8), first + timedelta(days=11), (), False),
            SecondmentFact("c3", "t2", END, END + timedelta(days=40), (("h2", END, 2), ("h3", END, 2))),
            SecondmentFact("c4", "t3", early, early, (("h4", early, 1),)),
        ),
    )
    found = compute(away, TERM, as_of=END, scheme=D0)
    keys = [each.key for each in FIGURES if each.number == "F13"]
    assert [found[key].value for key in keys] == [2, 13, 7, 3.5, 0.0, 50.0]
    assert (found["secondees"].rows, found["secondment_lessons"].rows) == (
        ("c1", "c2", "c3"),
        ("h1", "h2", "h3"),
    )
    assert found["secondment_on_target"].denominator == 1
    written = text(away, D0)
    assert "挂职锻炼2人、13天，听课7节，人均3.5节。" in written["practice"]
    assert "挂职人员五有齐全的占50%。" in written["results"]
