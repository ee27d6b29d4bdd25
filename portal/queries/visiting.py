"""Visiting lessons and their dated sessions: who sees which, bell times, ways, and what stands against a lesson."""

import hashlib
import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from sqlalchemy import Row, and_, func, or_, select, union
from sqlalchemy.orm import aliased, joinedload

from portal.domain import timetable
from portal.domain.access import Actor
from portal.domain.calendar import week_number
from portal.extensions import db
from portal.models import BellPeriod, Person, School, Term, TravelTime, VisitingLesson, VisitingSession

# Lessons that occupy somebody's week; an ended one does not.
IN_FORCE = ("planned", "running")
# The two ends of a way; made once, since each new alias is looked into anew.
ORIGIN, TARGET = aliased(School), aliased(School)


def lesson_by_id(district_id, lesson_id) -> VisitingLesson | None:
    """One weekly lesson."""
    return db.session.get(VisitingLesson, (district_id, lesson_id))


def session_by_id(district_id, session_id) -> VisitingSession | None:
    """One dated lesson."""
    return db.session.get(VisitingSession, (district_id, session_id))


def lessons_visible_to(actor: Actor):
    """The weekly lessons that ``lesson.view`` shows this person, as a select."""
    found = select(VisitingLesson).where(VisitingLesson.district_id == actor.district_id)
    if actor.offices:
        return found
    schools = actor.works_at | actor.led_schools
    return found.where(
        or_(
            VisitingLesson.person_id == actor.person_id,
            VisitingLesson.school_id.in_(schools),
            VisitingLesson.home_school_id.in_(schools),
        )
    )


def sessions_visible_to(actor: Actor):
    """The dated lessons that ``session.view`` shows this person, as a select joined to their lessons."""
    found = (
        select(VisitingSession).join(*_to_lesson()).where(VisitingSession.district_id == actor.district_id)
    )
    if actor.offices:
        return found
    schools = actor.works_at | actor.led_schools
    return found.where(
        or_(
            VisitingSession.person_id == actor.person_id,
            VisitingSession.substitute_id == actor.person_id,
            VisitingSession.school_id.in_(schools),
            VisitingLesson.home_school_id.in_(schools),
        )
    )


def _to_lesson():
    """What a select of dated lessons is joined on to reach their weekly ones."""
    return (
        VisitingLesson,
        and_(
            VisitingLesson.district_id == VisitingSession.district_id,
            VisitingLesson.id == VisitingSession.lesson_id,
        ),
    )


def received(actor: Actor, monday: date, school_id=None) -> list[VisitingSession]:
    """The visits that one's schools receive in a week, by time; lessons at home need nobody's word.

    ``school_id`` narrows to one of the schools that the person manages.
    """
    at = actor.manages_schools & {school_id} if school_id else actor.manages_schools
    found = (
        select(VisitingSession)
        .join(*_to_lesson())
        .where(
            VisitingSession.district_id == actor.district_id,
            VisitingSession.school_id.in_(at),
            VisitingSession.held_on.between(monday, monday + timedelta(days=6)),
            VisitingLesson.home_school_id != VisitingLesson.school_id,
        )
        .options(
            joinedload(VisitingSession.lesson).joinedload(VisitingLesson.home_school),
            joinedload(VisitingSession.person),
            joinedload(VisitingSession.school),
            joinedload(VisitingSession.substitute),
        )
        .order_by(VisitingSession.held_on, VisitingSession.starts, VisitingSession.id)
    )
    return list(db.session.scalars(found))


def unconfirmed(actor: Actor, today: date) -> int:
    """How many lessons that are over wait for the word of one's schools."""
    return unconfirmed_before(actor, today)[0]


def unconfirmed_before(actor: Actor, day: date) -> tuple[int, date | None]:
    """How many lessons from before a day wait for the word of one's schools, and the day of the first of them."""
    if not actor.manages_schools:
        return 0, None
    found = (
        select(func.count(), func.min(VisitingSession.held_on))
        .select_from(VisitingSession)
        .join(*_to_lesson())
        .where(
            VisitingSession.district_id == actor.district_id,
            VisitingSession.school_id.in_(actor.manages_schools),
            unsettled(),
            VisitingSession.held_on < day,
            VisitingLesson.home_school_id != VisitingLesson.school_id,
        )
    )
    return tuple(db.session.execute(found).one())


def unsettled():
    """The condition that the receiving school has not said what became of a lesson: an arranged stand-in too."""
    arranged = and_(VisitingSession.state == "substituted", VisitingSession.confirmed_by_id.is_(None))
    return or_(VisitingSession.state == "planned", arranged)


def sessions_of(lesson: VisitingLesson) -> list[VisitingSession]:
    """The dated lessons of a weekly one, in order."""
    return list(
        db.session.scalars(
            select(VisitingSession)
            .where(VisitingSession.district_id == lesson.district_id, VisitingSession.lesson_id == lesson.id)
            .options(joinedload(VisitingSession.substitute), joinedload(VisitingSession.school))
            .order_by(VisitingSession.held_on, VisitingSession.id)
        )
    )


# Bell times and ways


def times_mark(times) -> str:
    """A mark of bells or ways as they stand, by which a page that is behind is told."""
    return hashlib.sha256(repr(times).encode()).hexdigest()[:16]


def bells_of(district_id, school_ids: Iterable) -> dict:
    """School -> its bell times, period number -> (begin, end) in minutes after midnight."""
    rows = db.session.execute(
        select(BellPeriod.school_id, BellPeriod.number, BellPeriod.starts, BellPeriod.ends)
        .where(BellPeriod.district_id == district_id, BellPeriod.school_id.in_(list(school_ids)))
        .order_by(BellPeriod.number)
    )
    found: dict = {}
    for school_id, number, starts, ends in rows:
        found.setdefault(school_id, {})[number] = (starts, ends)
    return found


def period_numbers(district_id, school_ids: Iterable) -> dict:
    """(school, begin) -> the number of the period that begins then.

    By the clock, since a dated lesson may stand in another period than its weekly one.
    """
    bells = bells_of(district_id, school_ids).items()
    return {(school, times[0]): number for school, periods in bells for number, times in periods.items()}


def ways_by_name(district_id, school_ids: Iterable) -> timetable.Travel:
    """Minutes between these schools by name, as ``portal.domain.timetable`` reads them."""
    ids = list(school_ids)
    rows = db.session.execute(
        select(ORIGIN.name, TARGET.name, TravelTime.minutes)
        .join(
            ORIGIN,
            and_(ORIGIN.district_id == TravelTime.district_id, ORIGIN.id == TravelTime.from_school_id),
        )
        .join(
            TARGET, and_(TARGET.district_id == TravelTime.district_id, TARGET.id == TravelTime.to_school_id)
        )
        .where(
            TravelTime.district_id == district_id,
            TravelTime.from_school_id.in_(ids),
            TravelTime.to_school_id.in_(ids),
        )
    )
    return {(here, there): minutes for here, there, minutes in rows}


def ways_of(school: School) -> tuple[dict, dict]:
    """Minutes (to, from) the other schools, by their keys."""
    there = select(TravelTime.to_school_id, TravelTime.minutes).where(
        TravelTime.district_id == school.district_id, TravelTime.from_school_id == school.id
    )
    back = select(TravelTime.from_school_id, TravelTime.minutes).where(
        TravelTime.district_id == school.district_id, TravelTime.to_school_id == school.id
    )
    return (
        {key: minutes for key, minutes in db.session.execute(there.order_by(TravelTime.to_school_id))},
        {key: minutes for key, minutes in db.session.execute(back.order_by(TravelTime.from_school_id))},
    )


# What stands against a lesson


@lru_cache(4096)
def classes_of(text: str) -> tuple[str, ...]:
    """The classes of a joint lesson: 三（1）班；三（2）班 are two."""
    return tuple(dict.fromkeys(part.strip() for part in re.split("[;；]", text) if part.strip()))


_weeks = lru_cache(1024)(timetable.Weeks.parse)  # a term knows a handful


def as_value(lesson, school_name: str, from_week: int = 1) -> timetable.Lesson | None:
    """A stored lesson as a value of the domain, from a week of its term on; None when it is over by then."""
    weeks = _weeks(lesson.weeks)
    if weeks.last is not None and weeks.last < from_week:
        return None
    return timetable.Lesson(
        row=str(lesson.id),
        teacher=str(lesson.person_id),
        school=school_name,
        classes=classes_of(lesson.class_name),
        subject=lesson.subject,
        weekday=lesson.weekday,
        period=lesson.period,
        start=lesson.starts,
        end=lesson.ends,
        weeks=timetable.Weeks(max(weeks.first, from_week), weeks.last, weeks.parity),
    )


def week_from(term: Term, today: date) -> int:
    """The first week of a term that is not over: weeks before it cannot clash any more."""
    if today < term.first_day:
        return 1
    return week_number(term.value, min(today, term.last_day)) or 1


def taken(
    district_id,
    days: Iterable[date],
    *,
    people=(),
    school_id=None,
    classes=(),
    starts: int,
    ends: int,
    besides,
) -> tuple[str, VisitingSession] | None:
    """A dated lesson that somebody of ``people`` or one of the classes has at that time: (whose, which).

    ``whose`` is ``teacher`` or ``class``; ``besides`` is the weekly lesson whose own dates do not count.
    """
    people = set(people)
    rows = db.session.scalars(
        select(VisitingSession)
        .where(
            VisitingSession.district_id == district_id,
            VisitingSession.held_on.in_(list(days)),
            VisitingSession.state != "cancelled",
            VisitingSession.lesson_id != besides,
            VisitingSession.starts < ends,
            VisitingSession.ends > starts,
            or_(
                VisitingSession.person_id.in_(people),
                VisitingSession.substitute_id.in_(people),
                VisitingSession.school_id == school_id,
            ),
        )
        .options(joinedload(VisitingSession.school))
        .order_by(VisitingSession.held_on, VisitingSession.starts, VisitingSession.id)
        .execution_options(populate_existing=True)
    )
    for row in rows:
        if people & {row.person_id, row.substitute_id}:
            return "teacher", row
        if row.school_id == school_id and set(classes) & set(classes_of(row.class_name)):
            return "class", row
    return None


def teachers_with_lessons(actor: Actor, term: Term, school_ids: Iterable | None = None) -> list[Row]:
    """Key, name and pinyin of the visiting teachers in sight of a term, by name: the choices of a filter.

    With ``school_ids`` those alone who come from one of these schools or go there.
    """
    mine = lessons_visible_to(actor).where(
        VisitingLesson.term_id == term.id, VisitingLesson.school_id != VisitingLesson.home_school_id
    )
    taught = mine.with_only_columns(VisitingLesson.person_id)
    if school_ids is not None:
        at = list(school_ids)
        # One select beside the other, each with its index: of either-or SQLite reads the lessons of the district.
        taught = union(
            taught.where(VisitingLesson.school_id.in_(at)),
            taught.where(VisitingLesson.home_school_id.in_(at)),
        )
    return list(
        db.session.execute(
            select(Person.id, Person.name, Person.pinyin)
            .where(
                Person.district_id == actor.district_id,
                Person.id.in_(taught),
            )
            .order_by(Person.pinyin, Person.id)
        )
    )
