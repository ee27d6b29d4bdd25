"""Dated lessons when the bells of a school change: which move with their period, and what they would meet."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.actions.absence_news import lesson_words
from portal.actions.errors import Refused
from portal.actions.visiting_dates import BUSY, busy_words
from portal.domain.words import N_, message
from portal.extensions import db
from portal.models import School, VisitingLesson, VisitingSession
from portal.queries import moved_sessions
from portal.queries.visiting import classes_of, unsettled

Times = tuple[int, int]


def moved_by_hand(
    school: School, lessons: list[VisitingLesson], old: dict, new: dict, today: date
) -> dict[UUID, Times]:
    """Dated lesson -> its new times, of those that an absence has put into another period of the school.

    ``old`` and ``new`` are bells, period -> (begin, end). Refused when the period of one of them goes.
    """
    keys = moved_sessions.moved_here(school.district_id, [lesson.id for lesson in lessons])
    rows = db.session.scalars(
        select(VisitingSession)
        .where(
            VisitingSession.district_id == school.district_id,
            VisitingSession.school_id == school.id,
            VisitingSession.id.in_(keys),
            VisitingSession.held_on > today,
            unsettled(),
        )
        .order_by(VisitingSession.held_on, VisitingSession.id)
    )
    periods, found = {times: number for number, times in old.items()}, {}
    for row in rows:
        number = periods.get((row.starts, row.ends))
        if number is not None and number not in new:
            raise Refused(
                N_("第%(number)s节有改过来的课，不能去掉：%(what)s"),
                field=f"starts-{number}",
                number=number,
                what=lesson_words(row),
            )
        if number is not None and new[number] != old[number]:
            found[row.id] = new[number]
    return found


def refuse_meetings(
    actor, school: School, lessons: list[VisitingLesson], new: dict, by_hand: dict[UUID, Times], today: date
) -> None:
    """Refuse ``new`` bells by which one dated lesson would meet another, and name both.

    The weekly timetable has been judged before: what is left are single dates, such as a lesson that was moved
    or that somebody stands in for. ``by_hand`` is what ``moved_by_hand`` found; ``lessons`` have their new times.
    """
    with db.session.no_autoflush:  # the lessons are half changed
        rows = _coming(school, lessons, today)
        apart = moved_sessions.moved_here(school.district_id, [lesson.id for lesson in lessons])
    weekly = {lesson.id: lesson for lesson in lessons if lesson.state == "running"}
    times, periods = {}, {clock: number for number, clock in new.items()}
    for row in rows:
        lesson, times[row.id] = weekly.get(row.lesson_id), (row.starts, row.ends)
        if row.id in by_hand:
            times[row.id] = by_hand[row.id]
        elif lesson and row.id not in apart and row.confirmed_by_id is None:
            times[row.id] = (lesson.starts, lesson.ends)
    by_day: dict = {}
    for row in rows:
        by_day.setdefault(row.held_on, []).append(row)
    for row in rows:
        if times[row.id] == (row.starts, row.ends):
            continue
        for other in by_day[row.held_on]:
            whose = None if other is row else _shared(row, other)
            (starts, ends), (from_, to) = times[row.id], times[other.id]
            if whose and starts < to and from_ < ends:
                raise Refused(
                    N_("按新的作息会有冲突，请先调整 %(what)s：%(reason)s"),
                    field=f"starts-{periods.get(times[row.id], 1)}",
                    what=lesson_words(row),
                    reason=message(BUSY[whose], **busy_words(actor, whose, other)),
                )


def _coming(school: School, lessons: Iterable[VisitingLesson], today: date) -> list[VisitingSession]:
    """The coming dated lessons at the school, and those of its visiting teachers and stand-ins elsewhere."""
    found = (
        select(VisitingSession)
        .where(
            VisitingSession.district_id == school.district_id,
            VisitingSession.held_on > today,
            VisitingSession.state != "cancelled",
        )
        .options(joinedload(VisitingSession.school), joinedload(VisitingSession.lesson))
        .order_by(VisitingSession.held_on, VisitingSession.starts, VisitingSession.id)
    )
    here = list(db.session.scalars(found.where(VisitingSession.school_id == school.id)))
    people = {row.person_id for row in here} | {row.substitute_id for row in here} - {None}
    there = found.where(
        VisitingSession.school_id != school.id,
        or_(VisitingSession.person_id.in_(people), VisitingSession.substitute_id.in_(people)),
    )
    return here + list(db.session.scalars(there))


def _shared(row: VisitingSession, other: VisitingSession) -> str | None:
    """Whether two dated lessons need the same ``teacher`` or the same ``class``."""
    if {row.person_id, row.substitute_id} & {other.person_id, other.substitute_id} - {None}:
        return "teacher"
    if row.school_id == other.school_id and set(classes_of(row.class_name)) & set(
        classes_of(other.class_name)
    ):
        return "class"
    return None
