"""The dated lessons of one teacher on one day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import School, TravelTime, VisitingLesson, VisitingSession
from portal.queries.visiting import period_numbers


@dataclass(frozen=True)
class DayLesson:
    """One lesson: when (minutes after midnight), where, for whom; ``is_unsettled`` until somebody confirmed it."""

    starts: int
    ends: int
    period: int
    school_id: UUID
    school_name: str
    class_name: str
    subject: str
    is_away: bool
    is_unsettled: bool


def lessons_on(actor: Actor, day: date) -> list[DayLesson]:
    """The lessons that the person gives on a day, own or as a substitute, by time."""
    rows = db.session.execute(
        select(
            VisitingSession.starts,
            VisitingSession.ends,
            VisitingLesson.period,
            VisitingSession.school_id,
            School.name,
            VisitingSession.class_name,
            VisitingLesson.subject,
            VisitingLesson.home_school_id,
            and_(VisitingSession.state != "given", VisitingSession.confirmed_by_id.is_(None)),
        )
        .join(
            VisitingLesson,
            and_(
                VisitingLesson.district_id == VisitingSession.district_id,
                VisitingLesson.id == VisitingSession.lesson_id,
            ),
        )
        .join(
            School,
            and_(School.district_id == VisitingSession.district_id, School.id == VisitingSession.school_id),
        )
        .where(
            VisitingSession.district_id == actor.district_id,
            VisitingSession.held_on == day,
            VisitingSession.state.in_(("planned", "given", "substituted")),
            or_(
                and_(
                    VisitingSession.person_id == actor.person_id,
                    VisitingSession.state != "substituted",
                ),
                VisitingSession.substitute_id == actor.person_id,
            ),
        )
        .order_by(VisitingSession.starts, VisitingSession.id)
    )
    rows = rows.all()
    numbers = period_numbers(actor.district_id, {row.school_id for row in rows}) if rows else {}
    return [
        DayLesson(
            starts,
            ends,
            numbers.get((school_id, starts), period),
            school_id,
            name,
            class_name,
            subject,
            school_id != home,
            bool(waits),
        )
        for starts, ends, period, school_id, name, class_name, subject, home, waits in rows
    ]


def travel_minutes(district_id, from_id, to_id) -> int | None:
    """Minutes on the road between two schools, None when unknown."""
    return db.session.scalar(
        select(TravelTime.minutes).where(
            TravelTime.district_id == district_id,
            TravelTime.from_school_id == from_id,
            TravelTime.to_school_id == to_id,
        )
    )
