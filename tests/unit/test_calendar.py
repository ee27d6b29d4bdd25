"""Terms, weeks, swapped workdays and due dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.calendar import (
    DayRange,
    SwapDay,
    Term,
    default_terms,
    due_date,
    is_odd_week,
    months_of,
    months_owed,
    parse_term_code,
    school_year_of,
    teaching_weekday,
    term_code,
    term_title,
    week_number,
    week_range,
    weeks_of,
)

AUTUMN = Term("2025-2026-1", date(2025, 9, 1), date(2026, 1, 30), date(2025, 9, 1))
SPRING = Term("2025-2026-2", date(2026, 2, 23), date(2026, 7, 3), date(2026, 2, 23))

days = st.dates(date(2001, 1, 1), date(2090, 12, 31))


@st.composite
def terms(draw):
    first = draw(st.dates(date(2010, 1, 1), date(2060, 1, 1)))
    length = draw(st.integers(0, 200))
    monday = first - timedelta(days=first.weekday())
    if draw(st.booleans()):
        monday += timedelta(days=7)
    return Term("2025-2026-1", first, first + timedelta(days=length), monday)


def test_week_number_counts_from_the_monday_of_week_one():
    assert [
        week_number(AUTUMN, day)
        for day in (date(2025, 9, 1), date(2025, 9, 7), date(2025, 9, 8), date(2026, 1, 21))
    ] == [1, 1, 2, 21]


def test_week_number_is_none_outside_the_term():
    assert week_number(AUTUMN, date(2025, 8, 31)) is None
    assert week_number(AUTUMN, date(2026, 1, 31)) is None


def test_days_before_week_one_are_week_zero():
    term = Term("2025-2026-1", date(2025, 8, 28), date(2026, 1, 30), date(2025, 9, 1))
    assert week_number(term, date(2025, 8, 29)) == 0
    assert is_odd_week(term, date(2025, 8, 29)) is None
    assert week_range(term, 0) == DayRange(date(2025, 8, 28), date(2025, 8, 31))


def test_odd_weeks_are_the_first_third_and_fifth():
    assert is_odd_week(AUTUMN, date(2025, 9, 5)) is True
    assert is_odd_week(AUTUMN, date(2025, 9, 8)) is False
    assert is_odd_week(AUTUMN, date(2025, 8, 1)) is None


def test_last_week_is_cut_to_the_term():
    assert week_range(AUTUMN, 22) == DayRange(date(2026, 1, 26), date(2026, 1, 30))


@pytest.mark.parametrize("number", [0, 23])
def test_week_range_refuses_a_week_that_the_term_has_not(number):
    with pytest.raises(ValueError, match=f"no week {number}"):
        week_range(AUTUMN, number)


@given(terms())
def test_weeks_tile_the_term(term):
    covered = []
    for number in weeks_of(term):
        first, last = week_range(term, number)
        week = [first + timedelta(days=i) for i in range((last - first).days + 1)]
        assert {week_number(term, day) for day in week} == {number}
        covered += week
    length = (term.last_day - term.first_day).days + 1
    assert covered == [term.first_day + timedelta(days=i) for i in range(length)]


def test_months_of_a_term_run_over_the_new_year():
    assert months_of(AUTUMN) == [(2025, 9), (2025, 10), (2025, 11), (2025, 12), (2026, 1)]


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 2, 23), date(2026, 7, 3), [3, 4, 5, 6]),
        (date(2026, 2, 15), date(2026, 7, 16), [2, 3, 4, 5, 6, 7]),
        (date(2026, 2, 16), date(2026, 7, 15), [3, 4, 5, 6]),
    ],
    ids=["a week and three days", "just half", "one day less"],
)
def test_a_month_that_the_term_only_touches_owes_nothing(first, last, months):
    term = Term("2025-2026-2", first, last, max(first, date(2026, 2, 16)))
    assert months_owed(term) == [(2026, month) for month in months]


@pytest.mark.parametrize(
    ("code", "first", "last", "monday", "mistake"),
    [
        ("2025-2", date(2025, 9, 1), date(2026, 1, 30), date(2025, 9, 1), "not a term's code"),
        ("2025-2027-1", date(2025, 9, 1), date(2026, 1, 30), date(2025, 9, 1), "term's code"),
        ("2025-2026-1", date(2026, 9, 1), date(2026, 1, 30), date(2025, 9, 1), "before the first"),
        ("2025-2026-1", date(2025, 9, 1), date(2026, 1, 30), date(2025, 9, 2), "on a Monday"),
        ("2025-2026-1", date(2025, 9, 1), date(2026, 1, 30), date(2025, 9, 15), "or the next"),
    ],
)
def test_term_refuses_impossible_days(code, first, last, monday, mistake):
    with pytest.raises(ValueError, match=mistake):
        Term(code, first, last, monday)


def test_school_year_turns_on_the_first_of_september():
    assert school_year_of(date(2025, 8, 31)) == DayRange(date(2024, 9, 1), date(2025, 8, 31))
    assert school_year_of(date(2025, 9, 1)) == DayRange(date(2025, 9, 1), date(2026, 8, 31))


@given(st.integers(1990, 2100), st.sampled_from([1, 2]))
def test_term_code_reads_back(start, number):
    assert parse_term_code(term_code(start, number)) == (start, number)


def test_term_title_in_both_languages():
    assert term_title("2025-2026-1") == "2025—2026学年第一学期"
    assert term_title("2025-2026-2", "zh_Hans_CN") == "2025—2026学年第二学期"
    assert term_title("2025-2026-2", "en") == "Second term of 2025–2026"


def test_swapped_saturday_teaches_like_its_weekday_and_a_holiday_nothing():
    swaps = {
        date(2025, 9, 28): SwapDay(is_workday=True, teaches_like=2, name="国庆节调休"),
        date(2025, 10, 1): SwapDay(is_workday=False, name="国庆节"),
        date(2025, 10, 11): SwapDay(is_workday=True),
    }
    assert [
        teaching_weekday(day, swaps)
        for day in (
            date(2025, 9, 27),
            date(2025, 9, 28),
            date(2025, 9, 29),
            date(2025, 10, 1),
            date(2025, 10, 11),
        )
    ] == [None, 2, 1, None, None]


@pytest.mark.parametrize(("is_workday", "like"), [(False, 3), (True, 8), (True, 0)])
def test_swap_day_refuses_lessons_of_no_weekday(is_workday, like):
    with pytest.raises(ValueError, match="from 1 to 7"):
        SwapDay(is_workday=is_workday, teaches_like=like)


@pytest.mark.parametrize(
    ("expression", "term", "due"),
    [
        ("term_start", AUTUMN, date(2025, 9, 1)),
        ("term_start+7d", AUTUMN, date(2025, 9, 8)),
        ("term_end", AUTUMN, date(2026, 1, 30)),
        ("term_end-14d", AUTUMN, date(2026, 1, 16)),
        ("week 2", AUTUMN, date(2025, 9, 14)),
        ("week 22", AUTUMN, date(2026, 1, 30)),
        ("08-31", AUTUMN, date(2025, 8, 31)),
        ("08-31", SPRING, date(2025, 8, 31)),
        ("12-30", AUTUMN, date(2025, 12, 30)),
        ("01-15", AUTUMN, date(2026, 1, 15)),
        ("06-28", SPRING, date(2026, 6, 28)),
        ("2025-10-15", AUTUMN, date(2025, 10, 15)),
    ],
)
def test_due_date_expressions(expression, term, due):
    assert due_date(expression, term) == due


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "soon",
        "term_start+7",
        "term_start+-7d",
        "week 0",
        "week 40",
        "13-01",
        "02-29",
        "2025-02-30",
        "term_middle",
    ],
)
def test_due_date_refuses_what_it_cannot_read(expression):
    with pytest.raises(ValueError):
        due_date(expression, AUTUMN)


def test_default_terms_in_the_term_in_the_holidays_and_on_the_borders():
    def codes(*day):
        return [term.code for term in default_terms(date(*day))]

    third = ["2024-2025-1", "2024-2025-2", "2025-2026-1"]
    assert codes(2025, 7, 5) == codes(2025, 9, 1) == codes(2026, 1, 30) == third
    assert codes(2026, 1, 31) == ["2024-2025-2", "2025-2026-1", "2025-2026-2"]
    assert default_terms(date(2026, 2, 1))[1:] == (AUTUMN, SPRING)


@given(days)
def test_default_terms_are_consecutive_and_the_last_holds_or_follows_the_day(today):
    older, last, current = default_terms(today)
    assert older.last_day < last.first_day <= last.last_day < min(today, current.first_day)
    assert today <= current.last_day
    assert 19 <= len(weeks_of(current)) <= 24
    for term in (older, last, current):
        assert term.first_day.isoweekday() <= 5
        assert term.last_day.isoweekday() == 5
        assert week_number(term, term.first_day) == 1
