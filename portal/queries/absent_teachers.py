"""Dated lessons whose teacher is away: what every page of lessons says of them, and no more than that."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

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
    expected = {row: _teacher(row) for row in sessions if _is_unsettled(row)}
    if not expected:
        return {}
    days = [row.held_on for row in expected]
    rows = db.session.execute(
        select(Absence, absences.seen_by(actor).label("is_open_to"))
        .where(
            Absence.district_id == actor.district_id,
            Absence.person_id.in_(set(expected.values())),
            Absence.state == "open",
            Absence.first_day <= max(days),
            Absence.last_day >= min(days),
        )
        .order_by(Absence.first_day, Absence.id)
    ).all()
    found = {}
    for session, teacher in expected.items():
        for absence, is_open_to in rows:
            if absence.person_id == teacher and absence.span.covers(session.held_on, session.starts):
                found[session.id] = Away(absence.id, bool(is_open_to))
                break
    return found


def _is_unsettled(session: VisitingSession) -> bool:
    arranged = session.state == "substituted" and session.confirmed_by_id is None
    return session.state == "planned" or arranged


def _teacher(session: VisitingSession) -> UUID:
    return session.substitute_id if session.state == "substituted" else session.person_id
