"""Terms, weeks, swapped workdays and due dates. Nothing here reads a clock."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

_CODE = re.compile(r"(\d{4})-(\d{4})-([12])")
_RELATIVE = re.compile(r"(term_start|term_end)(?:([+-])(\d{1,3})d)?")
_YEARLY = re.compile(r"(\d{2})-(\d{2})")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_WEEK = re.compile(r"week (\d{1,2})")

_DAY = timedelta(days=1)
_TITLES = {
    "zh": {1: "{start}—{end}学年第一学期", 2: "{start}—{end}学年第二学期"},
    "en": {1: "First term of {start}–{end}", 2: "Second term of {start}–{end}"},
}


class DayRange(NamedTuple):
    """First and last day, both included."""

    first_day: date
    last_day: date


@dataclass(frozen=True)
class Term:
    """One term of a district: its code, its days, and the Monday from which weeks count.

    `week_one_monday` lies in the week of the first day or in the next one; in the second case
    the days before it are the preparation week, week 0, in which nobody teaches.
    """

    code: str
    first_day: date
    last_day: date
    week_one_monday: date

    def __post_init__(self) -> None:
        parse_term_code(self.code)
        if self.first_day > self.last_day:
            raise ValueError(f"term {self.code}: the last day lies before the first")
        if self.week_one_monday.isoweekday() != 1:
            raise ValueError(f"term {self.code}: week 1 must begin on a Monday")
        if not -6 <= (self.week_one_monday - self.first_day).days <= 7:
            raise ValueError(f"term {self.code}: week 1 must begin in the week of the first day or the next")

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class SwapDay:
    """A day that differs from the ordinary week, as the State Council publishes it each year.

    A holiday teaches nothing. A swapped workday (调休) teaches like `teaches_like` (1 Monday to
    7 Sunday); while the school has not said which, it is None and no lesson is counted.
    """

    is_workday: bool
    teaches_like: int | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if self.teaches_like is not None and (not self.is_workday or not 1 <= self.teaches_like <= 7):
            raise ValueError("only a workday teaches like another day, from 1 to 7")


# Codes, titles and school years


def term_code(start_year: int, number: int) -> str:
    """The code of a term: the school year's two years and 1 or 2, as in `2025-2026-1`."""
    if number not in (1, 2):
        raise ValueError("a school year has term 1 and term 2")
    return f"{start_year:04d}-{start_year + 1:04d}-{number}"


def parse_term_code(code: str) -> tuple[int, int]:
    """(start year, 1 or 2) of a term's code; ValueError when it is none."""
    match = _CODE.fullmatch(code)
    if not match or int(match[2]) != int(match[1]) + 1:
        raise ValueError(f"{code!r} is not a term's code such as 2025-2026-1")
    return int(match[1]), int(match[3])


def term_title(code: str, lang: str = "zh") -> str:
    """`2025—2026学年第一学期`, or its English, for a term's code."""
    start, number = parse_term_code(code)
    titles = _TITLES["en" if lang.lower().startswith("en") else "zh"]
    return titles[number].format(start=start, end=start + 1)


def school_year_of(day: date) -> DayRange:
    """The school year that holds a day: 1 September to 31 August."""
    start = day.year if day.month >= 9 else day.year - 1
    return DayRange(date(start, 9, 1), date(start + 1, 8, 31))


# Weeks and months


def week_number(term: Term, day: date) -> int | None:
    """Teaching week of a day; 0 in the preparation week, None outside the term."""
    if day not in term:
        return None
    return (day - term.week_one_monday).days // 7 + 1


def weeks_of(term: Term) -> range:
    """Numbers of all weeks of the term, the preparation week 0 included where there is one."""
    return range(_week(term, term.first_day), _week(term, term.last_day) + 1)


def week_range(term: Term, number: int) -> DayRange:
    """Days of a week, Monday to Sunday, cut to the term; ValueError for a week it has not."""
    if number not in weeks_of(term):
        raise ValueError(f"term {term.code} has no week {number}")
    monday = term.week_one_monday + timedelta(weeks=number - 1)
    return DayRange(max(monday, term.first_day), min(monday + 6 * _DAY, term.last_day))


def is_odd_week(term: Term, day: date) -> bool | None:
    """Whether a day lies in an odd week (单周); None outside the term and in week 0."""
    number = week_number(term, day)
    return number % 2 == 1 if number else None


def months_of(term: Term) -> list[tuple[int, int]]:
    """(year, month) of every month that the term touches, in order."""
    first = term.first_day.year * 12 + term.first_day.month - 1
    last = term.last_day.year * 12 + term.last_day.month - 1
    return [(month // 12, month % 12 + 1) for month in range(first, last + 1)]


def months_owed(term: Term) -> list[tuple[int, int]]:
    """(year, month) of every month of which at least half the days lie in the term, in order.

    What is asked for "every month" (S3-21) is asked for in these. The scheme does not say what becomes of a
    month that the term only touches: nobody is told to have missed a meeting in a week of February.
    """
    found = []
    for year, month in months_of(term):
        first, length = date(year, month, 1), monthrange(year, month)[1]
        begin, end = max(first, term.first_day), min(first + timedelta(days=length - 1), term.last_day)
        if 2 * ((end - begin).days + 1) >= length:
            found.append((year, month))
    return found


def teaching_weekday(day: date, swaps: Mapping[date, SwapDay]) -> int | None:
    """Which weekday's timetable a day teaches, 1 to 7; None when there are no lessons."""
    swap = swaps.get(day)
    if swap is not None:
        return swap.teaches_like
    weekday = day.isoweekday()
    return weekday if weekday <= 5 else None


# Due dates


def due_date(expression: str, term: Term) -> date:
    """The day that a scheme's due-date expression means for a term.

    `term_start`, `term_end`, with `+7d` or `-14d`; `week 2`, the last day of that week;
    `2025-09-08`; and `08-31`, the one inside the term, otherwise the last one before it, since
    what a scheme asks for in summer prepares the school year that follows. ValueError says what
    cannot be read.
    """
    text = expression.strip()
    if match := _RELATIVE.fullmatch(text):
        base = term.first_day if match[1] == "term_start" else term.last_day
        days = timedelta(days=int(match[3] or 0))
        return base - days if match[2] == "-" else base + days
    if match := _WEEK.fullmatch(text):
        return week_range(term, int(match[1])).last_day
    if match := _YEARLY.fullmatch(text):
        return _yearly(int(match[1]), int(match[2]), term)
    if _ISO.fullmatch(text):
        return date.fromisoformat(text)
    raise ValueError(f"{expression!r} is not a due date")


def _yearly(month: int, day: int, term: Term) -> date:
    try:
        # A year that is no leap year: what is due on 29 February is due every fourth year only.
        date(2001, month, day)
    except ValueError:
        raise ValueError(f"{month:02d}-{day:02d} is not a day of every year") from None
    years = range(term.last_day.year, term.first_day.year - 2, -1)
    return next(due for year in years if (due := date(year, month, day)) <= term.last_day)


# Demonstration


def default_terms(today: date) -> tuple[Term, Term, Term]:
    """Three terms, oldest first: two complete ones and the one that holds today or comes next.

    A choice for the demonstration, not a rule of any source, and the same for the same day:
    a first term runs from the first weekday of September to the last Friday of January, a second
    term from the first Monday on or after 20 February to the first Friday of July.
    """
    terms = [
        _default_term(year, number) for year in range(today.year - 2, today.year + 2) for number in (1, 2)
    ]
    current = next(i for i, term in enumerate(terms) if term.last_day >= today)
    return terms[current - 2], terms[current - 1], terms[current]


def _default_term(start_year: int, number: int) -> Term:
    year = start_year + number - 1
    if number == 1:
        first = date(start_year, 9, 1)
        if first.isoweekday() > 5:
            first = _on_or_after(first, 1)
        last = _on_or_after(date(start_year + 1, 1, 25), 5)
    else:
        first = _on_or_after(date(year, 2, 20), 1)
        last = _on_or_after(date(year, 7, 1), 5)
    return Term(term_code(start_year, number), first, last, _monday_of(first))


def _on_or_after(day: date, weekday: int) -> date:
    return day + (weekday - day.isoweekday()) % 7 * _DAY


def _monday_of(day: date) -> date:
    return day - (day.isoweekday() - 1) * _DAY


def _week(term: Term, day: date) -> int:
    return (day - term.week_one_monday).days // 7 + 1
