"""Staffing by subject: gaps and their words, minima, what a move changes, the structure on a day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.staffing import (
    Structure,
    SubjectLine,
    Worker,
    age_band,
    changed_by,
    posts_gap,
    state_of,
    structure,
    totals,
)

DAY = date(2025, 11, 19)


@pytest.mark.parametrize(("gap", "word"), [(None, "unset"), (-1, "short"), (0, "even"), (3, "over")])
def test_state_of_says_short_over_even_or_unset(gap, word):
    assert state_of(gap) == word


def test_the_schools_word_goes_before_the_roster():
    assert [SubjectLine("音乐", 2, None, 3).gap, SubjectLine("音乐", 2, 0, 3).gap] == [1, -2]
    assert SubjectLine("音乐").gap is None
    assert [posts_gap(10, 12), posts_gap(None, 12), posts_gap(10, None)] == [2, None, None]


@pytest.mark.parametrize(
    ("minimum", "by", "verdict"),
    [(None, -1, "unset"), (2, -1, "below"), (1, -1, "kept"), (2, 1, "kept"), (4, 1, "below")],
)
def test_a_move_is_held_against_the_minimum(minimum, by, verdict):
    change = changed_by([SubjectLine("音乐", 2, 2, 9, minimum)], "音乐", by)
    assert (change.before.have, change.after.have, change.verdict) == (2, 2 + by, verdict)


def test_a_subject_that_a_school_has_not_is_unset_and_never_below_nothing():
    change = changed_by([], "美术", -1)
    assert (change.before.have, change.after.have, change.after.gap, change.verdict) == (0, 0, None, "unset")


def test_totals_leave_a_need_open_when_one_school_did():
    lines = [[SubjectLine("音乐", 2, 1), SubjectLine("美术", 1, 1)], [SubjectLine("音乐", None, 4)]]
    assert [(line.subject, line.need, line.have, line.gap) for line in totals(lines)] == [
        ("美术", 1, 1, 0),
        ("音乐", None, 5, None),
    ]


def test_age_turns_on_the_birthday():
    born = date(1995, 11, 20)
    assert [age_band(born, DAY), age_band(born, date(2025, 11, 20)), age_band(None, DAY)] == [
        "under_30",
        "from_30",
        "unknown",
    ]


def test_structure_counts_who_is_there_on_the_day():
    people = [
        Worker("语文", "senior", date(1970, 1, 1), None, None),
        Worker("语文", None, None, date(2025, 11, 19), date(2025, 11, 19)),
        Worker("数学", "junior", None, date(2025, 11, 20), None),
        Worker("数学", "junior", None, None, date(2025, 11, 18)),
        Worker("", "junior", date(1999, 1, 1), None, None),
    ]
    assert structure(people, DAY) == Structure(
        3,
        {"语文": 2},
        {"senior": 1, "unknown": 1, "junior": 1},
        {"from_50": 1, "unknown": 1, "under_30": 1},
    )


@given(
    st.lists(st.tuples(st.none() | st.dates(), st.none() | st.dates(), st.none() | st.dates())), st.dates()
)
def test_everybody_who_is_there_counts_once_by_title_and_once_by_age(spans, day):
    found = structure([Worker("", None, born, first, last) for born, first, last in spans], day)
    assert sum(found.titles.values()) == sum(found.ages.values()) == found.people
