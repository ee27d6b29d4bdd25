"""The code of a school and a day: six digits, the same for everybody there, another one tomorrow."""

import hmac
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import VisitingLesson, VisitingSession
from portal.vault import keyed_hash

DIGITS = 6


def code_of(district_id, school_id, day: date) -> str:
    """The code that stands at a school on a day. It is computed, not stored: nobody without the key can."""
    mark = keyed_hash(f"school code {district_id} {school_id} {day.isoformat()}")
    return f"{int.from_bytes(mark[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def school_of(code: str, district_id, school_ids, day: date):
    """Which of the schools has that code today; None when it is none of theirs."""
    found = None
    for school_id in sorted(school_ids, key=str):
        if hmac.compare_digest(code_of(district_id, school_id, day).encode(), code.encode()):
            found = school_id
    return found


def visits_on(actor: Actor, day: date) -> list[VisitingSession]:
    """The visits of a day that the person gives or stands in for, by time."""
    return list(
        db.session.scalars(
            select(VisitingSession)
            .join(VisitingSession.lesson)
            .where(
                VisitingSession.district_id == actor.district_id,
                VisitingSession.held_on == day,
                VisitingLesson.home_school_id != VisitingLesson.school_id,
                or_(
                    (VisitingSession.person_id == actor.person_id)
                    & VisitingSession.state.in_(("planned", "given")),
                    (VisitingSession.substitute_id == actor.person_id)
                    & (VisitingSession.state == "substituted"),
                ),
            )
            .options(joinedload(VisitingSession.lesson), joinedload(VisitingSession.school))
            .order_by(VisitingSession.starts, VisitingSession.id)
            .execution_options(populate_existing=True)
        )
    )


def visits_at(school, day: date) -> list[VisitingSession]:
    """The visits that a school receives on a day, by time."""
    return list(
        db.session.scalars(
            select(VisitingSession)
            .join(VisitingSession.lesson)
            .where(
                VisitingSession.district_id == school.district_id,
                VisitingSession.school_id == school.id,
                VisitingSession.held_on == day,
                VisitingSession.state != "cancelled",
                VisitingLesson.home_school_id != VisitingLesson.school_id,
            )
            .options(
                joinedload(VisitingSession.lesson),
                joinedload(VisitingSession.person),
                joinedload(VisitingSession.substitute),
            )
            .order_by(VisitingSession.starts, VisitingSession.id)
        )
    )
