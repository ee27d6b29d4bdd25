"""Both conditions of 走教 and the one of 支教, exactly at their boundaries; amounts only where they are set."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import subsidy
from portal.domain.subsidy import LATER, MET, NOT_MET, UNKNOWN, Award, Tier, Visit, Workload

DAYS = 20  # four weeks: an average of 12 a week comes to 48, a third of it to 16


def load(*, own=32, own_average=12, visits=((16, 12),), days=DAYS) -> Workload:
    listed = tuple(Visit(n, f"乡校{n}", periods, average) for n, (periods, average) in enumerate(visits, 1))
    return Workload("城校", own, own_average, listed, days)


def outcomes(judgement) -> list[str]:
    return [judgement.outcome, *(condition.outcome for condition in judgement.conditions)]


@pytest.mark.parametrize(
    ("own", "visited", "expected"),
    [
        (32, 16, [MET, MET, MET]),  # exactly the average, exactly a third
        (31, 16, [NOT_MET, NOT_MET, MET]),  # one period below the own average
        (33, 15, [NOT_MET, MET, NOT_MET]),  # one period below a third
        (31, 15, [NOT_MET, NOT_MET, NOT_MET]),
        (0, 48, [MET, MET, MET]),
    ],
)
def test_circuit_conditions_hold_exactly_on_their_lines(own, visited, expected):
    assert outcomes(subsidy.judge_circuit(load(own=own, visits=((visited, 12),)))) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"own": 3, "visits": ((2, 12),)}, [LATER, LATER, LATER]),
        ({"own": 90, "visits": ((60, 12),)}, [LATER, LATER, LATER]),  # a lesson may still be put right
        ({"own": None, "visits": ((2, 12),)}, [LATER, LATER, LATER]),
        ({"own": 3, "own_average": None, "visits": ((2, None),)}, [LATER, UNKNOWN, UNKNOWN]),
        ({"days": 0}, [LATER, UNKNOWN, UNKNOWN]),
    ],
)
def test_nothing_is_judged_before_the_month_is_over(facts, expected):
    judgement = subsidy.judge_circuit(load(**facts), is_over=False)
    assert (outcomes(judgement), judgement.schools) == (expected, ())
    assert subsidy.award(judgement, [Tier(0, 500)], "remoteness", {1: 3}).amount is None


def test_what_the_whole_month_needs_is_told_beside_what_was_given_so_far():
    judgement = subsidy.judge_circuit(load(own=3, visits=((2, 14),)), is_over=False)
    assert [str(condition.reason) for condition in judgement.conditions] == [
        "到目前本校 3 节、走教 2 节；城校人均全月合 48 节",
        "到目前在乡校1 2 节；该校人均的三分之一全月合 18.7 节",
    ]
    support = subsidy.judge_support(1, "乡校", 14, 12, is_over=False)
    assert (outcomes(support), support.schools) == ([LATER, LATER], ())
    unknown = subsidy.judge_support(1, "乡校", None, 12, is_over=False)
    assert outcomes(unknown) == [LATER, UNKNOWN]


def test_a_third_that_is_no_whole_number_is_not_rounded():
    # 14 a week in 20 days is 56; a third is 18.66…: 18 are too few, 19 are enough.
    few, enough = (subsidy.judge_circuit(load(own=60, visits=((n, 14),))) for n in (18, 19))
    assert (few.outcome, enough.outcome) == (NOT_MET, MET)
    assert str(few.conditions[1].reason) == "在乡校1 18 节，不到该校人均的三分之一（18.7 节）"


def test_a_month_with_a_holiday_asks_for_less():
    # 18 teaching days: 12 a week comes to 43.2, a third to 14.4.
    assert subsidy.judge_circuit(load(own=28, visits=((15, 12),), days=18)).outcome == NOT_MET
    assert subsidy.judge_circuit(load(own=29, visits=((15, 12),), days=18)).outcome == MET


def test_a_missing_average_is_said_and_never_invented():
    own = subsidy.judge_circuit(load(own_average=None))
    host = subsidy.judge_circuit(load(visits=((16, None),)))
    assert outcomes(own) == [UNKNOWN, UNKNOWN, MET]
    assert str(own.conditions[0].reason) == "数据不全：城校没有登记人均周课时"
    assert outcomes(host) == [UNKNOWN, MET, UNKNOWN]
    assert str(host.conditions[1].reason) == "数据不全：乡校1没有登记人均周课时"


def test_one_condition_that_fails_decides_although_the_other_is_open():
    assert outcomes(subsidy.judge_circuit(load(own_average=None, visits=((15, 12),)))) == [
        NOT_MET,
        UNKNOWN,
        NOT_MET,
    ]


def test_unknown_lessons_at_home_leave_it_open_unless_the_visits_alone_suffice():
    assert outcomes(subsidy.judge_circuit(load(own=None, visits=((47, 12),)))) == [UNKNOWN, UNKNOWN, MET]
    assert outcomes(subsidy.judge_circuit(load(own=None, visits=((48, 12),)))) == [MET, MET, MET]


def test_a_calendar_without_teaching_days_decides_nothing():
    found = subsidy.judge_circuit(load(days=0))
    assert outcomes(found) == [UNKNOWN, UNKNOWN, UNKNOWN]
    assert str(found.conditions[0].reason) == "数据不全：校历里这个月没有教学日"


def test_one_of_several_schools_reaching_a_third_is_enough():
    found = subsidy.judge_circuit(load(own=30, visits=((15, 12), (16, 12))))
    assert outcomes(found) == [MET, MET, NOT_MET, MET]
    assert found.schools == (2,)


@pytest.mark.parametrize(
    ("weekly", "average", "expected", "words"),
    [
        (14, 14, MET, "每周 14 节，达到乡校人均 14 节"),
        (13, 14, NOT_MET, "每周 13 节，不到乡校人均 14 节"),
        (None, 14, UNKNOWN, "数据不全：没有登记在乡校的每周节数"),
        (14, None, UNKNOWN, "数据不全：乡校没有登记人均周课时"),
    ],
)
def test_support_needs_the_average_of_its_school(weekly, average, expected, words):
    found = subsidy.judge_support("b", "乡校", weekly, average)
    assert (found.outcome, str(found.conditions[0].reason)) == (expected, words)


@given(st.integers(0, 90), st.integers(0, 90), st.integers(1, 30), st.integers(1, 30), st.integers(1, 23))
def test_circuit_is_both_conditions_and_nothing_else(own, visited, own_average, average, days):
    found = subsidy.judge_circuit(
        load(own=own, own_average=own_average, visits=((visited, average),), days=days)
    )
    total = Fraction(own + visited) >= Fraction(own_average) * days / 5
    share = Fraction(visited) >= Fraction(average) * days / 15
    assert found.outcome == (MET if total and share else NOT_MET)
    assert [c.outcome == MET for c in found.conditions] == [total, share]


@given(st.integers(0, 90), st.integers(1, 30), st.integers(1, 23))
def test_the_sentence_never_contradicts_itself(visited, average, days):
    """What is below the line never reads as equal to it."""
    condition = subsidy.judge_circuit(load(visits=((visited, average),), days=days)).conditions[1]
    needed = float(dict(condition.reason.params)["needed"])
    assert (visited >= needed) == (condition.outcome == MET)


# Amounts


MET_AT_ONE = subsidy.judge_circuit(load())
TIERS = [Tier(2, 600), Tier(1, 300), Tier(3, 900)]


@pytest.mark.parametrize(
    ("value", "amount"), [(1, 300), (2, 600), (3, 900), (9, 900), (0, None), (None, None)]
)
def test_the_tier_that_is_reached_gives_the_amount(value, amount):
    assert subsidy.award(MET_AT_ONE, TIERS, "remoteness", {1: value}).amount == amount


def test_without_tiers_there_is_no_amount_and_the_page_says_so():
    found = subsidy.award(MET_AT_ONE, [], None, {1: 3})
    assert (found.amount, str(found.reason)) == (None, "没有金额：区教育局还没有设定补助标准")
    unknown = subsidy.award(MET_AT_ONE, TIERS, "minutes", {})
    assert (unknown.amount, str(unknown.reason)) == (None, "没有金额：没有登记两校之间的路程")


def test_one_amount_a_person_the_highest_of_the_schools_that_count():
    both = subsidy.judge_circuit(load(own=48, visits=((16, 12), (16, 12))))
    found = subsidy.award(both, TIERS, "remoteness", {1: 3, 2: 1})
    assert (found.amount, found.school) == (900, 1)
    one = subsidy.judge_circuit(load(own=48, visits=((15, 12), (16, 12))))
    assert subsidy.award(one, TIERS, "remoteness", {1: 3, 2: 1}).amount == 300


def test_who_does_not_qualify_gets_no_amount():
    for judgement in (subsidy.judge_circuit(load(own=0)), subsidy.judge_circuit(load(own_average=None))):
        assert isinstance(subsidy.award(judgement, TIERS, "remoteness", {1: 3}), Award)
        assert subsidy.award(judgement, TIERS, "remoteness", {1: 3}).amount is None


def test_the_shipped_rule_names_a_span_and_no_table():
    found = subsidy.rule()
    assert (found.at_least, found.at_most, found.host_share, found.tiers) == (300, 900, Fraction(1, 3), None)
    assert [subsidy.wrong_amount(n) is None for n in (299, 300, 900, 901)] == [False, True, True, False]


def test_a_rule_that_does_not_hold_together_is_refused():
    data = {
        "code": "X",
        "document": "d",
        "section": "s",
        "amount": {"at_least": 900, "at_most": 300},
        "circuit": {"host_share": [1, 3]},
        "by": ["remoteness"],
        "tiers": None,
    }
    with pytest.raises(ValueError, match="at_most"):
        subsidy.read_rule(data)
    with pytest.raises(ValueError, match="by"):
        subsidy.read_rule({**data, "amount": {"at_least": 1, "at_most": 2}, "by": ["height"]})
