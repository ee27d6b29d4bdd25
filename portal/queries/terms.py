"""The terms of a district and its unusual days."""

from datetime import date

from sqlalchemy import select

from portal.extensions import db
from portal.models import CalendarDay, Term


def by_id(district_id, term_id) -> Term | None:
    """One term."""
    return db.session.get(Term, (district_id, term_id))


def by_code(district_id, code: str) -> Term | None:
    """The term of that code (``2025-2026-1``)."""
    return db.session.scalar(select(Term).where(Term.district_id == district_id, Term.code == code))


def all_terms(district_id) -> list[Term]:
    """All terms, newest first."""
    return list(
        db.session.scalars(
            select(Term).where(Term.district_id == district_id).order_by(Term.first_day.desc())
        )
    )


def current_term(district_id, today: date) -> Term | None:
    """The term under way; in the holidays the next one, and without a next one the last."""
    under_way_or_next = db.session.scalar(
        select(Term)
        .where(Term.district_id == district_id, Term.last_day >= today)
        .order_by(Term.first_day)
        .limit(1)
    )
    if under_way_or_next:
        return under_way_or_next
    return db.session.scalar(
        select(Term).where(Term.district_id == district_id).order_by(Term.first_day.desc()).limit(1)
    )


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
