"""Lists of pairs, forms for observed lessons, checks half way, and what schemes ask of school pairs."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.mentoring_checks import check_due, midterm_day
from portal.domain.observation import SAMPLE, fill, items_of, lines_of, points
from portal.domain.pair_list import PairRow, doubles, read_pairs, text_of_sheet
from portal.domain.pairing_rules import PairingRules, cycle_ends, is_too_short, rules_for, year_of_cycle
from portal.domain.schemes import load_scheme
from portal.domain.sheets import Sheet


def test_a_pasted_list_is_read_by_its_heads():
    text = "师傅\t徒弟\t学科\t每几周一次\t开始日期\n周以宁\t江念一\t音乐\t2周\t2025/9/1\n\n林晓岚\t\t\t40\t明天\n"
    first, second = read_pairs(text)
    assert first == PairRow(2, "周以宁", "", "江念一", "", "音乐", 2, date(2025, 9, 1))
    assert [str(fault) for fault in second.faults] == [
        "没有写徒弟",
        "间隔周数要在 1 到 26 之间",
        "日期请写成 2025-09-01 的样子",
    ]
    assert second.number == 4


def test_a_list_without_heads_has_the_columns_in_their_order():
    (row,) = read_pairs("周以宁\t麟峰小学\t江念一\t拱辰中心小学\t音乐\t4\t2025-09-01\t2026-07-01\t上好一节课")
    assert row == PairRow(
        1,
        "周以宁",
        "麟峰小学",
        "江念一",
        "拱辰中心小学",
        "音乐",
        4,
        date(2025, 9, 1),
        date(2026, 7, 1),
        "上好一节课",
    )


def test_a_sheet_reads_as_its_pasted_text():
    rows = [["导师", "徒弟", "间隔周数", "开始日期"], ["周以宁", "江念一", 2.0, date(2025, 9, 1)]]
    (row,) = read_pairs(text_of_sheet(Sheet("结对", rows)))
    assert (row.mentor, row.mentee, row.every_weeks, row.starts_on) == (
        "周以宁",
        "江念一",
        2,
        date(2025, 9, 1),
    )
    assert doubles([row, row]) == {row.number}


def test_lines_of_an_old_file_end_as_well():
    assert [row.mentor for row in read_pairs("周以宁\t江念一\r何思源\t林晓岚\r")] == ["周以宁", "何思源"]


@given(st.text())
def test_no_text_breaks_the_reader(text):
    numbers = [row.number for row in read_pairs(text.replace("\0", ""))]
    assert numbers == sorted(set(numbers))


def test_items_are_lines_and_come_back_as_they_were():
    found = items_of("教学设计：10\n课堂效果: 5分\n优点\n\n情绪：")
    assert found.items == (
        {"text": "教学设计", "kind": "rating", "most": 10},
        {"text": "课堂效果", "kind": "rating", "most": 5},
        {"text": "优点", "kind": "text"},
    )
    assert found.faults == (5,)
    assert items_of(lines_of(found.items)).items == found.items


def test_the_sample_asks_for_its_points():
    assert items_of(SAMPLE).faults == (1, 2, 3, 4)


def test_a_sheet_keeps_what_fits_and_says_what_does_not():
    items = items_of("教学设计：10\n课堂效果：5\n优点").items
    found = fill(items, {0: "8", 1: "6", 2: " 提问有层次 "})
    assert found.answers == {"0": 8, "2": "提问有层次"}
    assert found.faults == (1,)
    assert points(items, found.answers) == (8, 10)
    assert points(items, {"2": "好"}) is None


def test_the_check_is_due_half_way_and_at_the_end():
    first, last = date(2025, 9, 1), date(2026, 7, 1)
    middle = midterm_day(first, last)
    assert middle == date(2026, 1, 30)
    assert check_due(first, last, date(2026, 1, 15)) is None
    assert check_due(first, last, date(2026, 1, 16)) == ("midterm", middle)
    assert check_due(first, last, date(2026, 6, 17)) == ("final", last)
    assert check_due(first, None, date(2026, 6, 17)) is None


@pytest.mark.parametrize(
    ("code", "kinds", "expected"),
    [
        ("D0", {"kindergarten"}, (1, 2, 1, 2)),
        ("D0", {"primary"}, (None, None, 1, None)),
        ("D0", {"primary", "kindergarten"}, (None, None, 1, None)),
        ("E7", {"primary"}, (None, None, None, None)),
    ],
)
def test_numbers_of_pairs_are_the_schemes(code, kinds, expected):
    rules = rules_for(load_scheme(code), frozenset(kinds))
    assert (rules.at_least, rules.at_most, rules.min_years, rules.cycle_years) == expected


def test_a_pair_shorter_than_a_school_year_is_too_short_only_where_the_scheme_says_so():
    first = date(2025, 9, 1)
    assert is_too_short(PairingRules(min_years=1), first, date(2026, 1, 31))
    assert not is_too_short(PairingRules(min_years=1), first, date(2026, 7, 5))
    assert not is_too_short(PairingRules(), first, date(2025, 10, 1))


def test_a_cycle_counts_from_the_first_day_of_the_pair():
    rules, first = PairingRules(cycle_years=2), date(2025, 9, 1)
    assert cycle_ends(rules, first) == date(2027, 8, 31)
    assert cycle_ends(PairingRules(), first) is None
    assert [year_of_cycle(first, day) for day in (first, date(2026, 8, 31), date(2026, 9, 1))] == [1, 1, 2]
