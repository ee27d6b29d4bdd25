"""Rules of supervision and assessment: what a term's register holds, items and their results, the bundled score."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import supervision as rules
from portal.domain.supervision import Result

FIRST = date(2020, 9, 1)
#: Terms one after the other, without a gap.
TERMS = [(FIRST + timedelta(days=150 * n), FIRST + timedelta(days=150 * n + 149)) for n in range(8)]


@given(found=st.integers(0, 1199), lasts=st.none() | st.integers(0, 1199))
def test_a_problem_is_in_every_term_from_its_day_to_the_one_that_confirms_it(found, lasts):
    found_on = FIRST + timedelta(days=found)
    over = None if lasts is None else found_on + timedelta(days=lasts)
    shown = [number for number, term in enumerate(TERMS) if rules.in_register(found_on, over, *term)]
    last = 7 if over is None else min(7, (over - FIRST).days // 150)
    assert shown == list(range(found // 150, last + 1))
    carried = [number for number in shown if rules.is_carried(found_on, TERMS[number][0])]
    assert carried == shown[1:]


@pytest.mark.parametrize(
    ("state", "due", "late"),
    [
        ("open", date(2025, 11, 18), True),
        ("mending", date(2025, 11, 18), True),
        ("open", date(2025, 11, 19), False),
        ("open", None, False),
        ("closed", date(2025, 11, 18), False),
        ("confirmed", date(2025, 11, 18), False),
    ],
)
def test_late_is_what_nobody_has_closed_by_its_day(state, due, late):
    assert rules.is_late(state, due, date(2025, 11, 19)) is late


WORDS = st.text(alphabet="教学水平态度成绩abc 12", min_size=1, max_size=20).map(str.strip).filter(bool)
ITEM = st.fixed_dictionaries(
    {"text": WORDS, "points": st.none() | st.integers(1, 1000), "evidence": st.just("") | WORDS}
)


@given(items=st.lists(ITEM, max_size=rules.MOST_ITEMS))
def test_items_are_read_as_they_are_written(items):
    assert rules.items_of(rules.lines_of(items)) == rules.Items(tuple(items))


def test_items_that_cannot_be_read_are_named_by_their_line_and_points_are_never_invented():
    found = rules.items_of("教学水平｜30分｜听课\n\n态度｜很多\n成绩|0\n｜10\n考勤")
    assert found.items == (
        {"text": "教学水平", "points": 30, "evidence": "听课"},
        {"text": "考勤", "points": None, "evidence": ""},
    )
    assert found.faults == (3, 4, 5)
    for lines in rules.SAMPLES.values():
        assert {item["points"] for item in rules.items_of(lines).items} == {None}


def test_a_result_needs_every_score_that_counts_and_leaves_out_what_has_no_points():
    items = [{"points": 60}, {"points": 40}, {"points": None}]
    assert rules.result_of(items, {"0": {"tenths": 555}}) is None
    scores = {"0": {"tenths": 555}, "1": {"tenths": 300}, "2": {"tenths": None}}
    assert rules.result_of(items, scores) == Result(tenths=855, most=100, unset=1)
    assert rules.result_of(items, scores).percent == pytest.approx(85.5)
    assert rules.result_of([{"points": None}], {}) is None


@given(own=st.floats(0, 100), cluster=st.floats(0, 100), weight=st.integers(0, 100))
def test_a_bundled_result_lies_between_its_parts_and_needs_all_of_them(own, cluster, weight):
    found = rules.bundled(own, cluster, weight)
    assert min(own, cluster) - 1e-9 <= found <= max(own, cluster) + 1e-9
    assert rules.bundled(own, cluster, 0) == pytest.approx(own)
    assert rules.bundled(own, cluster, 100) == pytest.approx(cluster)
    for parts in ((None, cluster, weight), (own, None, weight), (own, cluster, None)):
        assert rules.bundled(*parts) is None
