"""Dated lessons whose teacher is away: what every page of lessons says of them, and no more than that."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Absence, VisitingSession
from portal.queries import absences


@dataclass(frozen=True)
class Away:
    """The absence that a lesson falls into, and whether the person who looks may open it.

    Neither its kind nor its reason is here: they are the own school's business.
    """

    absence_id: UUID
    is_open_to: bool


def of_sessions(actor: Actor, sessions: Iterable[VisitingSession]) -> dict[UUID, Away]:
    """Lesson -> the absence of whoever is to give it, for lessons of which nothing final is known yet.

    One statement, however many lessons. A stand-in who is away counts like the teacher.
    """
    opens = absences.seen_by(actor).label("is_open_to")
    found = _find(actor.district_id, sessions, opens)
    return {key: Away(absence.id, bool(is_open_to)) for key, (absence, is_open_to) in found.items()}


def without_teacher(district_id: UUID, sessions: Iterable[VisitingSession]) -> set[UUID]:
    """Those of these lessons for which somebody has to be found: their teacher is away. One statement."""
    return set(_find(district_id, sessions))


def away_from(district_id: UUID, person_id: UUID, day: date) -> Callable[[int], bool]:
    """Whether the person is away at a minute of that day, as a question. One statement."""
    spans = [row.span for row in db.session.scalars(_open(district_id, [person_id], day, day))]
    return lambda minute: any(span.covers(day, minute) for span in spans)


def _find(district_id: UUID, sessions: Iterable[VisitingSession], *more) -> dict[UUID, tuple]:
    """Lesson -> the row of the first absence that it falls into."""
    expected = {row: _teacher(row) for row in sessions if _is_unsettled(row)}
    if not expected:
        return {}
    days = [row.held_on for row in expected]
    rows = db.session.execute(
        _open(district_id, set(expected.values()), min(days), max(days)).add_columns(*more)
    ).all()
    found = {}
    for session, teacher in expected.items():
        for row in rows:
            if row[0].person_id == teacher and row[0].span.covers(session.held_on, session.starts):
                found[session.id] = tuple(row)
                break
    return found


def _open(district_id: UUID, people: Iterable[UUID], first: date, last: date) -> Select:
    return (
        select(Absence)
        .where(
            Absence.district_id == district_id,
            Absence.person_id.in_(people),
            Absence.state == "open",
            Absence.first_day <= last,
            Absence.last_day >= first,
        )
        .order_by(Absence.first_day, Absence.id)
    )


def _is_unsettled(session: VisitingSession) -> bool:
    arranged = session.state == "substituted" and session.confirmed_by_id is None
    return session.state == "planned" or arranged


def _teacher(session: VisitingSession) -> UUID:
    return session.substitute_id if session.state == "substituted" else session.person_id
