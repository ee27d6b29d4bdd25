"""The content of a summary: what is printed around the figures, and what fits the first page."""

import json
from datetime import date

import pytest

from portal.domain.calendar import Term
from portal.domain.figures import compute, figures_from_data
from portal.domain.schemes import load_scheme
from portal.domain.summary_content import (
    DEFINITIONS_CODE,
    Heading,
    content_hash,
    date_line,
    first_page,
    frozen_figures,
    paragraphs,
    seal_note,
    section_parts,
    status_line,
    summary_content,
)
from portal.domain.term_facts import ActivityFact, MeetingFact, SchoolFact, TermFacts

TERM = Term("2025-2026-1", date(2025, 9, 1), date(2026, 1, 30), date(2025, 9, 1))
FACTS = TermFacts(
    schools=(
        SchoolFact("s1", "麟峰小学", 40, True, "urban"),
        SchoolFact("s2", "南郊小学", 10, False, "rural"),
    ),
    meetings=(MeetingFact("m1", date(2025, 9, 10)), MeetingFact("m2", date(2025, 11, 12))),
    activities=(
        ActivityFact("a1", date(2025, 10, 9), "lecture", frozenset({("t1", "s1"), ("t2", "s2")})),
        ActivityFact("a2", date(2025, 10, 16), "lecture", frozenset({("t1", "s1")})),
        ActivityFact("a3", date(2025, 10, 23), "salon", frozenset({("t9", "s2")})),
    ),
)
WORDS = {"lecture": "讲座", "salon": "教学沙龙"}


def content(
    *, code="D0", cluster="麟峰小学片区", narrative=None, facts=FACTS, as_of=TERM.last_day, **more
) -> dict:
    scheme = load_scheme(code)
    heading = Heading(cluster, "麟峰小学", TERM, 1, as_of, **more)
    figures = compute(facts, TERM, as_of=as_of, scheme=scheme)
    return summary_content(
        heading,
        scheme,
        figures,
        schools=[school.name for school in facts.schools],
        narrative=narrative or {},
        words=WORDS,
    )


@pytest.mark.parametrize(
    ("code", "cluster", "issuer", "recipient"),
    [
        ("D0", "麟峰小学片区", "麟峰小学片区领导小组", "区教育局"),
        ("E5", "南关责任区", "南关责任区校长联盟", "县教育局"),
        ("E7", "知行组团", "知行组团联席会议", "区教育局"),
    ],
)
def test_the_scheme_says_who_reports_to_whom(code, cluster, issuer, recipient):
    made = content(code=code, cluster=cluster)
    assert (made["issuer"], made["recipient"]) == (issuer, recipient)
    assert made["title"] == f"{cluster}2025—2026学年第一学期工作总结"
    assert seal_note(made) == "（麟峰小学代章）"


def test_a_draft_a_preliminary_and_a_final_text_say_so():
    early, end = date(2026, 1, 20), TERM.last_day
    draft = content()
    preliminary = content(as_of=early, signatory="陈怀瑾", signed_on=early)
    final = content(signatory="陈怀瑾", signed_on=end)
    assert [status_line(each) for each in (draft, preliminary, final)] == [
        "（草稿，数据截至2026年1月30日）",
        "（阶段稿，数据截至2026年1月20日）",
        "",
    ]
    assert [date_line(each) for each in (draft, final)] == ["　年　月　日", "2026年1月30日"]


def test_tables_hold_the_figures_and_nothing_else():
    sections = {section["key"]: section for section in content()["sections"]}
    months, kinds = sections["practice"]["tables"]
    assert months["columns"] == ["月份", "9月", "10月", "11月", "12月", "1月", "合计"]
    assert months["rows"] == [["次数", 1, 0, 1, 0, 0, 2]]
    assert kinds["rows"] == [["讲座", 2, 3], ["教学沙龙", 1, 1]]
    assert kinds["foot"] == ["合计", 3, 4]
    assert sections["practice"]["charts"][0]["bars"] == [["讲座", 2], ["教学沙龙", 1]]
    schools = sections["results"]["tables"][0]
    assert schools["rows"] == [["麟峰小学", 40, "2.5%", 0, "0%"], ["南郊小学", 10, "20%", 0, "0%"]]
    assert schools["foot"] == ["合计", 50, "6%", 0, "0%"]


def test_a_chart_of_equal_bars_gives_way_to_who_came():
    facts = TermFacts(schools=FACTS.schools, activities=FACTS.activities[1:])
    sections = {each["key"]: each for each in content(facts=facts)["sections"]}
    [chart] = sections["practice"]["charts"]
    assert (chart["unit"], sorted(chart["bars"])) == ("人次", [["教学沙龙", 1], ["讲座", 1]])


def test_a_term_without_activities_has_no_empty_chart():
    sections = {each["key"]: each for each in content(facts=TermFacts(schools=FACTS.schools))["sections"]}
    assert sections["practice"]["charts"] == []
    assert [table["key"] for table in sections["practice"]["tables"]] == ["meetings_by_month"]


def test_narrative_follows_the_computed_sentences_in_paragraphs_of_its_own():
    made = content(narrative={"basics": "第一段\n\n  第二段 "})
    basics = made["sections"][0]
    assert paragraphs(basics)[1:] == ["第一段", "第二段"]
    assert paragraphs(basics)[0].startswith("麟峰小学片区以麟峰小学为领衔学校，共2所学校，教师50人。")


def test_content_survives_its_way_through_the_database():
    made = content(narrative={"next": "下一步"}, signatory="陈怀瑾", signed_on=TERM.last_day)
    again = json.loads(json.dumps(made, ensure_ascii=False))
    assert again == made
    assert content_hash(again) == content_hash(made)
    assert frozen_figures(again) == figures_from_data(made["figures"])
    assert again["definitions"] == DEFINITIONS_CODE
    changed = {**made, "signatory": "别人"}
    assert content_hash(changed) != content_hash(made)


def english(text, **values):
    return text.replace("所学校", " schools") % values if values else text.replace("所学校", " schools")


def test_a_frozen_sentence_stays_and_is_said_again_in_another_language():
    made = content()
    scheme = load_scheme("D0")
    frozen = section_parts(made, "basics", scheme, WORDS, None)
    assert frozen == made["sections"][0]["sentences"]
    other = section_parts(made, "basics", scheme, WORDS, english)
    assert "2 schools" in "".join(text for text, _ in other[0])


def test_the_first_page_ends_where_the_paper_ends():
    short = first_page(content())
    assert (short[0].kind, short[-1].kind) == ("title", "sign")
    long = first_page(content(narrative={"basics": "长" * 2000, "next": "不在第一页"}))
    assert long[-1].kind == "more"
    assert long[-2].text.endswith("……")
    assert "不在第一页" not in "".join(block.text for block in long)
    lines = sum(-(-(len(block.text) + 2) // 28) for block in long if block.kind in ("heading", "text"))
    assert lines <= 22
