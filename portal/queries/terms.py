"""The terms of a district and its unusual days."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from sqlalchemy import bindparam, select

from portal.domain import calendar
from portal.extensions import db
from portal.models import CalendarDay, Term


def by_id(district_id, term_id) -> Term | None:
    """One term."""
    return db.session.get(Term, (district_id, term_id))


def by_code(district_id, code: str) -> Term | None:
    """The term of that code (``2025-2026-1``)."""
    if not code:
        return None
    return db.session.scalar(select(Term).where(Term.district_id == district_id, Term.code == code))


def all_terms(district_id) -> list[Term]:
    """All terms, newest first."""
    return list(db.session.scalars(_newest_first(), {"district": district_id}))


@cache
def _newest_first():
    # Made once: most lists offer the terms in a filter.
    return select(Term).where(Term.district_id == bindparam("district")).order_by(Term.first_day.desc())


def current_term(district_id, today: date) -> Term | None:
    """The term under way; in the holidays the next one, and without a next one the last."""
    under_way_or_next = db.session.scalar(_not_over(), {"district": district_id, "today": today})
    if under_way_or_next:
        return under_way_or_next
    return db.session.scalar(_newest_first().limit(1), {"district": district_id})


@cache
def _not_over():
    # Made once: it runs with every page.
    return (
        select(Term)
        .where(Term.district_id == bindparam("district"), Term.last_day >= bindparam("today"))
        .order_by(Term.first_day)
        .limit(1)
    )


def asked_for(district_id, code: str | None, today: date) -> Term | None:
    """The term that an address names, else the one under way."""
    return by_code(district_id, (code or "")[:32]) or current_term(district_id, today)


def last_complete_term(district_id, today: date) -> Term | None:
    """The newest term that is over."""
    return db.session.scalar(
        select(Term)
        .where(Term.district_id == district_id, Term.last_day < today)
        .order_by(Term.first_day.desc())
        .limit(1)
    )


def term_of_day(district_id, day: date) -> Term | None:
    """The term that a day belongs to: the one containing it, else the next, else the last."""
    return current_term(district_id, day)


def unusual_days(district_id, first: date, last: date) -> list[CalendarDay]:
    """Holidays and swapped workdays between two days, both included."""
    return list(
        db.session.scalars(
            select(CalendarDay)
            .where(CalendarDay.district_id == district_id, CalendarDay.day.between(first, last))
            .order_by(CalendarDay.day)
        )
    )


def day_by_id(district_id, day_id) -> CalendarDay | None:
    """One unusual day."""
    return db.session.get(CalendarDay, (district_id, day_id))


def days_of_year(district_id, year: int) -> list[CalendarDay]:
    """The unusual days of a calendar year, in order."""
    return unusual_days(district_id, date(year, 1, 1), date(year, 12, 31))


def swap_days(district_id, first: date, last: date) -> dict[date, calendar.SwapDay]:
    """The unusual days as ``portal.domain.calendar.teaching_weekday`` reads them."""
    return {row.day: swap_day(row) for row in unusual_days(district_id, first, last)}


def swap_day(row: CalendarDay) -> calendar.SwapDay:
    """One unusual day as a value of the domain."""
    is_workday = row.kind == "swapped"
    return calendar.SwapDay(is_workday, row.follows_weekday if is_workday else None, row.note)


def overlapping(district_id, first: date, last: date, besides=None) -> Term | None:
    """A term that shares a day with the days from ``first`` to ``last``, other than ``besides``."""
    found = select(Term).where(
        Term.district_id == district_id, Term.first_day <= last, Term.last_day >= first
    )
    if besides is not None:
        found = found.where(Term.id != besides)
    return db.session.scalar(found.order_by(Term.first_day).limit(1))


@dataclass(frozen=True)
class Week:
    """A week of a term: number (0 the preparation week), its days inside the term, its unusual days.

    ``taught`` counts the days with lessons; a swapped workday without its weekday is not counted.
    """

    number: int
    first: date
    last: date
    taught: int
    unusual: tuple[CalendarDay, ...]


def weeks(term: Term) -> list[Week]:
    """The weeks of a term with what is unusual in each."""
    rows = unusual_days(term.district_id, term.first_day, term.last_day)
    swaps = {row.day: swap_day(row) for row in rows}
    found = []
    for number in calendar.weeks_of(term.value):
        first, last = calendar.week_range(term.value, number)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        taught = sum(calendar.teaching_weekday(day, swaps) is not None for day in days) if number else 0
        unusual = tuple(row for row in rows if first <= row.day <= last)
        found.append(Week(number, first, last, taught, unusual))
    return found
