"""The turn of a term: which terms, what becomes of what is under way, and the duty table a term later."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.calendar import Term
from portal.domain.term_turn import GOES_ON, OVER, RUNS_OUT, Moved, fate, moved_turns, nearest

SPRING = Term("2024-2025-2", date(2025, 2, 17), date(2025, 7, 4), date(2025, 2, 17))
AUTUMN = Term("2025-2026-1", date(2025, 9, 1), date(2026, 1, 30), date(2025, 9, 1))


def begins(*days):
    return [SimpleNamespace(first_day=date.fromisoformat(day)) for day in days]


@pytest.mark.parametrize(
    ("today", "turn"),
    [
        ("2025-08-20", (0, 1)),  # in the summer: from spring to autumn
        ("2025-10-20", (0, 1)),  # what was left over is still to be carried on
        ("2026-01-20", (1, 2)),  # the next term is nearer
        ("2030-01-01", (1, 2)),
    ],
)
def test_the_turn_is_the_one_that_lies_nearest(today, turn):
    terms = begins("2025-02-17", "2025-09-01", "2026-03-02")
    assert nearest(terms[::-1], date.fromisoformat(today)) == (terms[turn[0]], terms[turn[1]])


def test_one_term_alone_has_no_turn():
    assert (nearest(begins("2025-09-01"), date(2025, 9, 1)), nearest([], date(2025, 9, 1))) == (None, None)


@pytest.mark.parametrize(
    ("ends", "today", "what"),
    [
        (None, "2025-07-20", GOES_ON),
        ("2025-09-01", "2025-07-20", GOES_ON),  # the first day of the term is a day of the term
        ("2025-08-31", "2025-07-20", RUNS_OUT),
        ("2025-08-31", "2025-08-31", RUNS_OUT),  # its last day is still a day of it
        ("2025-08-31", "2025-09-01", OVER),
    ],
)
def test_only_what_has_passed_its_day_is_over(ends, today, what):
    last = date.fromisoformat(ends) if ends else None
    assert fate(last, AUTUMN.first_day, date.fromisoformat(today)) == what


def test_turns_of_duty_keep_their_week_and_leave_out_who_is_gone():
    turns = [
        Moved("a", date(2025, 2, 17), date(2025, 2, 21), "值周"),
        Moved("gone", date(2025, 2, 24), date(2025, 2, 28), "值周"),
        Moved("b", date(2025, 3, 3), date(2025, 3, 7), "值周"),
    ]
    assert moved_turns(turns, SPRING, AUTUMN, ["a", "b"]) == [
        Moved("a", date(2025, 9, 1), date(2025, 9, 5), "值周"),
        Moved("b", date(2025, 9, 15), date(2025, 9, 19), "值周"),
    ]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(-20, 200), st.integers(0, 30)), max_size=12),
    st.sets(st.sampled_from("abc")),
)
def test_moved_turns_lie_in_the_new_term_and_belong_to_members(turns, members):
    old = [
        Moved(who, SPRING.first_day + timedelta(days=x), SPRING.first_day + timedelta(days=x + n), "")
        for who, x, n in turns
    ]
    for each in moved_turns(old, SPRING, AUTUMN, members):
        assert AUTUMN.first_day <= each.first <= each.last <= AUTUMN.last_day
        assert each.who in members
