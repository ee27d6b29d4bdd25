"""The weeks of visiting teachers as pages show them: dated lessons, bells, unusual days."""

from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.calendar import SwapDay
from portal.extensions import db
from portal.models import BellPeriod, School, Term, TravelTime, VisitingLesson, VisitingSession
from portal.queries import clusters, terms
from portal.queries.visiting import sessions_visible_to

_SHOWN = (
    joinedload(VisitingSession.person),
    joinedload(VisitingSession.school),
    joinedload(VisitingSession.lesson),
    joinedload(VisitingSession.substitute),
)
_BY_TIME = (VisitingSession.held_on, VisitingSession.starts, VisitingSession.id)


def week_sessions(
    actor: Actor, monday: date, *, person_id=None, school_id=None, class_name: str = ""
) -> list[VisitingSession]:
    """The dated lessons of a week in sight, by time; cancelled ones too, since they say why nobody comes."""
    found = (
        sessions_visible_to(actor)
        .where(VisitingSession.held_on.between(monday, monday + timedelta(days=6)))
        .options(*_SHOWN)
        .order_by(*_BY_TIME)
        .limit(600)
    )
    if person_id:
        found = found.where(
            or_(VisitingSession.person_id == person_id, VisitingSession.substitute_id == person_id)
        )
    if school_id:
        found = found.where(
            or_(VisitingSession.school_id == school_id, VisitingLesson.home_school_id == school_id)
        )
    if class_name:
        found = found.where(VisitingSession.class_name == class_name)
    return list(db.session.scalars(found))


def received(actor: Actor, monday: date) -> list[VisitingSession]:
    """The visits that one's schools receive in a week, by time; lessons at home need nobody's word."""
    return list(
        db.session.scalars(
            select(VisitingSession)
            .join(VisitingSession.lesson)
            .where(
                VisitingSession.district_id == actor.district_id,
                VisitingSession.school_id.in_(actor.manages_schools),
                VisitingSession.school_id != VisitingLesson.home_school_id,
                VisitingSession.held_on.between(monday, monday + timedelta(days=6)),
            )
            .options(*_SHOWN)
            .order_by(*_BY_TIME)
        )
    )


def bells(school: School) -> list[BellPeriod]:
    """A school's periods in order."""
    return list(
        db.session.scalars(
            select(BellPeriod)
            .where(BellPeriod.district_id == school.district_id, BellPeriod.school_id == school.id)
            .order_by(BellPeriod.number)
        )
    )


def ways_from(school: School) -> dict:
    """Other school -> minutes on the road from this one."""
    rows = db.session.execute(
        select(TravelTime.to_school_id, TravelTime.minutes).where(
            TravelTime.district_id == school.district_id, TravelTime.from_school_id == school.id
        )
    )
    return {school_id: minutes for school_id, minutes in rows}


def neighbours(school: School, day: date) -> list[School]:
    """The other schools of the clusters that a school belongs to on a day, by name."""
    found = {}
    for membership in school.memberships:
        if membership.starts_on <= day and (membership.ends_on is None or membership.ends_on >= day):
            cluster = clusters.cluster_by_id(school.district_id, membership.cluster_id)
            found |= {m.school_id: m.school for m in clusters.members_on(cluster, day)}
    found.pop(school.id, None)
    return sorted(found.values(), key=lambda other: (other.name, other.id))


def unusual_days(term: Term) -> dict[date, SwapDay]:
    """The unusual days of a term as the calendar functions take them."""
    return {
        day.day: SwapDay(is_workday=day.kind == "swapped", teaches_like=day.follows_weekday, name=day.note)
        for day in terms.unusual_days(term.district_id, term.first_day, term.last_day)
    }


def locked(model, district_id, row_id):
    """A row that nobody else may take until this transaction ends; puts two schedulers in line."""
    return db.session.get(model, (district_id, row_id), with_for_update=True, populate_existing=True)
