"""Timetable lessons of visiting teachers and their dated sessions (W7b)."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select

from portal.actions import audit
from portal.actions.errors import NotAllowed, Refused
from portal.actions.steps import expect_version, take_step
from portal.domain import timetable as lessons
from portal.domain.access import can
from portal.domain.words import N_
from portal.extensions import db
from portal.models import BellPeriod, Person, School, Term, TravelTime, VisitingLesson, VisitingSession
from portal.queries import people, terms, timetable, visiting

REASON_NEEDED = N_("请写明理由")
# What stands against a lesson for good; an unknown way is only worth a look.
FORBIDDEN = ("teacher", "class", "travel")


@dataclass(frozen=True)
class Saved:
    """A saved lesson, and what is not wrong but worth a look (sentences as messages)."""

    lesson: VisitingLesson
    warnings: tuple = ()


def plan_lesson(actor, person: Person, values: dict, *, from_day: date, today: date) -> Saved:
    """Put a lesson into the timetable and its sessions into the calendar, from a day of its term on.

    Refused with the reason where the teacher or the class is taken, or the way is longer than the gap.
    """
    district = person.district_id
    # Two schedulers of one teacher or one school wait for each other here, so that neither misses the other.
    timetable.locked(Person, district, person.id)
    host = timetable.locked(School, district, values["school_id"])
    home_id = people.home_school_ids(district, [person.id]).get(person.id)
    term = terms.term_of_day(district, from_day)
    if home_id is None or term is None:
        raise Refused(N_("这位教师现在没有任职学校，或还没有学期"), field="person")
    starts, ends = _bell(host, values["period"])
    lesson = VisitingLesson(
        district_id=district,
        term_id=term.id,
        person_id=person.id,
        home_school_id=home_id,
        starts=starts,
        ends=ends,
        state="planned",
        **values,
    )
    if not can(actor, "lesson.edit", lesson):
        raise NotAllowed("lesson.edit")
    db.session.add(lesson)
    db.session.flush()  # the clash check and the sessions need the key
    warnings = _check_clashes(lesson, term, host, today)
    take_step(actor, lesson, "start")
    audit.record(actor, "visiting_lesson.create", lesson, {"subject": (None, lesson.subject)})
    _make_sessions(lesson, term, host, max(from_day, term.first_day))
    return Saved(lesson, warnings)


def edit_lesson(actor, lesson: VisitingLesson, values: dict, *, expected, today: date) -> Saved:
    """Change a lesson from tomorrow on; what has been taught stays as it was."""
    expect_version(lesson, expected)
    if lesson.state != "running":
        raise Refused(N_("这门课已经停止"))
    timetable.locked(Person, lesson.district_id, lesson.person_id)
    host = timetable.locked(School, lesson.district_id, values["school_id"])
    term = terms.by_id(lesson.district_id, lesson.term_id)
    starts, ends = _bell(host, values["period"])
    changes = audit.changes_of(lesson, {**values, "starts": starts, "ends": ends})
    db.session.flush()  # the clash check reads what other rows say of this one
    warnings = _check_clashes(lesson, term, host, today)
    if changes:
        audit.record(actor, "visiting_lesson.edit", lesson, changes)
        _remake_sessions(lesson, term, host, today)
    return Saved(lesson, warnings)


def end_lesson(actor, lesson: VisitingLesson, *, note: str, expected, today: date) -> None:
    """Stop a lesson; its sessions after today are taken out of the calendar."""
    take_step(actor, lesson, "end", note=note, expected=expected)
    _drop_future(lesson, today)


def follow_calendar(district_id, today: date) -> None:
    """After a change of the calendar: put all coming sessions of the district on the right days."""
    db.session.flush()  # the queries below read the changed days
    for term in terms.all_terms(district_id):
        if term.last_day > today:
            refresh_term(term, today)


def refresh_term(term: Term, today: date) -> None:
    """Put the coming sessions of a term's running lessons on the days that its calendar has now."""
    running = db.session.scalars(
        select(VisitingLesson).where(
            VisitingLesson.district_id == term.district_id,
            VisitingLesson.term_id == term.id,
            VisitingLesson.state == "running",
        )
    ).all()
    for lesson in running:
        _remake_sessions(lesson, term, lesson.school, today)


def settle(
    actor, session: VisitingSession, action: str, *, note: str, substitute: Person | None, today: date
) -> None:
    """Say what became of a dated lesson: given, missed, substituted, cancelled; or correct that."""
    if action in ("give", "miss", "substitute") and session.held_on > today:
        raise Refused(N_("还没有到上课的日子"))
    if action in ("miss", "cancel", "correct") and not note:
        raise Refused(REASON_NEEDED)
    if action == "substitute":
        _check_substitute(session, substitute)
        session.substitute_id = substitute.id
    if action == "correct":
        session.substitute_id = session.confirmed_by_id = None
    else:
        session.confirmed_by_id = actor.person_id
    take_step(actor, session, action, note=note)


def set_bells(actor, school: School, rows: list[tuple[int, int, int]]) -> None:
    """Set a school's periods: (number, start, end) in minutes after midnight, in order and not overlapping.

    Lessons that are in the timetable keep their times until somebody edits them.
    """
    last = 0
    for number, starts, ends in rows:
        if starts >= ends:
            raise Refused(N_("第%(number)s节的结束时间要在开始时间之后"), number=number)
        if starts < last:
            raise Refused(N_("第%(number)s节开始得比上一节结束还早"), number=number)
        last = ends
    old = {row.number: (row.starts, row.ends) for row in timetable.bells(school)}
    new = {number: (starts, ends) for number, starts, ends in rows}
    if old == new:
        return
    db.session.execute(
        delete(BellPeriod).where(
            BellPeriod.district_id == school.district_id, BellPeriod.school_id == school.id
        )
    )
    for number, (starts, ends) in new.items():
        db.session.add(
            BellPeriod(
                district_id=school.district_id, school_id=school.id, number=number, starts=starts, ends=ends
            )
        )
    audit.record(actor, "school.bells", school, {"bells": (old, new)})


def set_ways(actor, school: School, minutes: dict) -> None:
    """Set the minutes on the road between a school and others, both ways; None forgets a way."""
    old = timetable.ways_from(school)
    changed = {other: value for other, value in minutes.items() if old.get(other) != value}
    for other, value in changed.items():
        for origin, target in ((school.id, other), (other, school.id)):
            db.session.execute(
                delete(TravelTime).where(
                    TravelTime.district_id == school.district_id,
                    TravelTime.from_school_id == origin,
                    TravelTime.to_school_id == target,
                )
            )
            if value is not None:
                db.session.add(
                    TravelTime(
                        district_id=school.district_id,
                        from_school_id=origin,
                        to_school_id=target,
                        minutes=value,
                    )
                )
    if changed:
        told = {str(other): (old.get(other), value) for other, value in changed.items()}
        audit.record(actor, "school.ways", school, {"ways": (None, told)})


def _bell(host: School, period: int) -> tuple[int, int]:
    for row in timetable.bells(host):
        if row.number == period:
            return row.starts, row.ends
    raise Refused(N_("接收学校没有登记第%(period)s节的作息时间"), field="period", period=period)


def _check_clashes(lesson: VisitingLesson, term: Term, host: School, today: date) -> tuple:
    """Refuse a clash with its reason; return what is only unknown (a way without minutes)."""
    found = visiting.conflicts_of(lesson, term, host.name, today)
    for conflict in found:
        if conflict.kind in FORBIDDEN:
            raise Refused(N_("时间冲突：%(reason)s"), field="period", reason=conflict.message)
    return tuple(conflict.message for conflict in found)


def _check_substitute(session: VisitingSession, substitute: Person | None) -> None:
    """A substitute is somebody else who is free at that time."""
    if substitute is None or substitute.id == session.person_id:
        raise Refused(N_("请选代课的教师"))
    busy = visiting.taken(
        session.district_id,
        [session.held_on],
        people=[substitute.id],
        starts=session.starts,
        ends=session.ends,
        besides=session.lesson_id,
    )
    if busy:
        raise Refused(N_("代课教师这个时间已有课"))


def _make_sessions(lesson: VisitingLesson, term: Term, host: School, first: date, kept=frozenset()) -> None:
    days = lessons.sessions(
        visiting.as_value(lesson, host.name),
        term.value,
        timetable.unusual_days(term),
        first_day=first,
        last_day=term.last_day,
    )
    for day in dict.fromkeys(days):
        if day not in kept:
            db.session.add(
                VisitingSession(
                    district_id=lesson.district_id,
                    lesson_id=lesson.id,
                    person_id=lesson.person_id,
                    school_id=lesson.school_id,
                    class_name=lesson.class_name,
                    held_on=day,
                    starts=lesson.starts,
                    ends=lesson.ends,
                )
            )


def _drop_future(lesson: VisitingLesson, today: date) -> None:
    db.session.execute(
        delete(VisitingSession).where(
            VisitingSession.district_id == lesson.district_id,
            VisitingSession.lesson_id == lesson.id,
            VisitingSession.state == "planned",
            VisitingSession.held_on > today,
        )
    )


def _remake_sessions(lesson: VisitingLesson, term: Term, host: School, today: date) -> None:
    """Past and settled sessions stay; the planned ones after today are made anew."""
    _drop_future(lesson, today)
    kept = frozenset(
        db.session.scalars(
            select(VisitingSession.held_on).where(
                VisitingSession.district_id == lesson.district_id,
                VisitingSession.lesson_id == lesson.id,
                VisitingSession.held_on > today,
            )
        )
    )
    _make_sessions(lesson, term, host, max(today + timedelta(days=1), term.first_day), kept)
