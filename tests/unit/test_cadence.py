"""The rhythm of a pair and the titles of a mentor."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.cadence import Cadence, cadence_of, next_contact
from portal.domain.mentors import mentor_title

TERM = (date(2025, 9, 1), date(2026, 1, 30))
TODAY = date(2025, 11, 19)


@pytest.mark.parametrize(
    ("last", "ends", "term_starts", "due"),
    [
        (date(2025, 11, 6), None, None, date(2025, 11, 20)),
        (None, None, None, date(2025, 9, 24)),
        (date(2025, 6, 20), None, date(2025, 9, 1), date(2025, 9, 24)),
        (date(2025, 11, 6), date(2025, 11, 20), None, date(2025, 11, 20)),
        (date(2025, 11, 6), date(2025, 11, 19), None, None),
    ],
)
def test_next_contact_follows_the_last_one_the_start_or_the_term(last, ends, term_starts, due):
    assert next_contact(2, date(2025, 9, 10), ends, last, term_starts) == due


def test_cadence_of_the_agreed_rounds():
    days = [date(2025, 9, 12), date(2025, 9, 25), date(2025, 10, 10), date(2025, 10, 23), date(2025, 11, 6)]
    found = cadence_of(2, date(2025, 9, 10), date(2026, 7, 10), days, TODAY, TERM)
    assert found == Cadence(due=date(2025, 11, 20), last=date(2025, 11, 6), kept=5, rounds=5)
    assert found.days_late(TODAY) == 0
    assert found.days_late(date(2025, 11, 23)) == 3


def test_a_missed_round_shows_and_a_running_one_is_not_judged():
    found = cadence_of(4, date(2025, 9, 1), None, [date(2025, 10, 3)], date(2025, 10, 27), TERM)
    assert found == Cadence(due=date(2025, 10, 31), last=date(2025, 10, 3), kept=1, rounds=2)


def test_holidays_are_no_rest_and_the_future_is_no_contact():
    found = cadence_of(
        2, date(2025, 3, 1), None, [date(2025, 6, 27), date(2025, 9, 30)], date(2025, 8, 20), TERM
    )
    assert found == Cadence(due=date(2025, 9, 15), last=date(2025, 6, 27), kept=0, rounds=0)


def test_a_pair_that_is_over_has_nothing_due():
    found = cadence_of(2, date(2025, 9, 1), date(2025, 9, 20), [date(2025, 9, 10)], TODAY, TERM)
    assert (found.due, found.days_late(TODAY), found.rounds) == (None, 0, 1)


@given(
    weeks=st.integers(1, 26),
    start=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    offsets=st.lists(st.integers(0, 700), max_size=12),
    after=st.integers(0, 700),
)
def test_kept_rounds_never_exceed_the_rounds_and_the_due_day_lies_after_the_last_contact(
    weeks, start, offsets, after
):
    today = start + timedelta(days=after)
    days = [start + timedelta(days=offset) for offset in offsets]
    found = cadence_of(weeks, start, None, days, today)
    assert 0 <= found.kept <= found.rounds <= after // (7 * weeks) + 1
    assert found.due - timedelta(weeks=weeks) == (found.last or start)


def test_mentor_title_is_the_highest_of_county_level_or_more():
    titles = [
        ("backbone_teacher", "school"),
        ("rising_star", "city"),
        ("backbone_teacher", "county"),
        ("teaching_expert", "city"),
    ]
    assert mentor_title(titles) == ("teaching_expert", "city")
    assert mentor_title(titles[:2]) is None
    assert mentor_title([("backbone_teacher", None)]) is None
    assert mentor_title([("special_grade_teacher", None), ("subject_leader", "city")]) == (
        "special_grade_teacher",
        None,
    )
