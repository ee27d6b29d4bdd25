"""Dated lessons that are given at another time: which came from elsewhere, which stands, where one could go."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select

from portal.domain.repair import Slot
from portal.extensions import db
from portal.models import MovedSession, VisitingSession
from portal.queries import substitutes


def moved_here(district_id, lesson_ids) -> set:
    """The dated lessons of weekly ones that came from another time: they keep their place."""
    return set(
        db.session.scalars(
            select(MovedSession.session_id)
            .join(
                VisitingSession,
                and_(
                    VisitingSession.district_id == MovedSession.district_id,
                    VisitingSession.id == MovedSession.session_id,
                ),
            )
            .where(MovedSession.district_id == district_id, VisitingSession.lesson_id.in_(list(lesson_ids)))
        )
    )


def row_of(session: VisitingSession) -> MovedSession | None:
    """From where a dated lesson came; None for one that stands where the timetable has it."""
    return db.session.scalar(
        select(MovedSession).where(
            MovedSession.district_id == session.district_id, MovedSession.session_id == session.id
        )
    )


def standing(session: VisitingSession, besides: VisitingSession | None = None) -> VisitingSession | None:
    """The other time at which the same dated lesson is given, however often it moved; None without one."""
    row = row_of(session)
    origin = row.origin_id if row else session.id
    times = select(MovedSession.session_id).where(
        MovedSession.district_id == session.district_id, MovedSession.origin_id == origin
    )
    own = [each.id for each in (session, besides) if each is not None]
    return db.session.scalar(
        select(VisitingSession).where(
            VisitingSession.district_id == session.district_id,
            VisitingSession.state != "cancelled",
            VisitingSession.id.not_in(own),
            or_(VisitingSession.id == origin, VisitingSession.id.in_(times)),
        )
    )


def kept(district_id, session_ids) -> set:
    """Those of the dated lessons that came from elsewhere or went elsewhere: they stay, for their history."""
    keys = list(session_ids)
    rows = db.session.execute(
        select(MovedSession.session_id, MovedSession.origin_id, MovedSession.from_id).where(
            MovedSession.district_id == district_id,
            or_(
                MovedSession.session_id.in_(keys),
                MovedSession.origin_id.in_(keys),
                MovedSession.from_id.in_(keys),
            ),
        )
    )
    return {key for row in rows for key in row} & set(keys)


@dataclass(frozen=True)
class _Single:
    """A dated lesson as ``substitutes.slots_of`` takes those that an absence leaves."""

    id: UUID
    session: VisitingSession


def slots_for(session: VisitingSession, today: date) -> tuple[Slot, ...]:
    """The times from tomorrow on at which class and teacher are free and the ways fit, the nearest first."""
    single = _Single(session.id, session)
    return substitutes.slots_of([single], substitutes.Staff([session], today), today)[session.id]
