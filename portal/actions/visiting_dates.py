"""The dated sessions of weekly lessons: made from the calendar, made anew when it or the lesson changes.

What has been is never touched: from tomorrow on, and only what is still planned.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.actions import notices
from portal.actions.absence_news import lesson_words
from portal.actions.errors import Refused
from portal.domain import calendar, timetable
from portal.domain.access import can
from portal.domain.free_slots import not_worse
from portal.domain.moments import local_day
from portal.domain.words import N_, message
from portal.extensions import db
from portal.models import (
    Delivery,
    District,
    MonthCorrection,
    Person,
    Reflection,
    School,
    Term,
    VisitingLesson,
    VisitingSession,
    WorkRecord,
)
from portal.queries import absent_sessions, lesson_checks, moved_sessions, signups, terms, visiting

MOVED, TAKEN = "课表已调整", "与已有安排冲突，没有排上"
BUSY = {
    "teacher": N_("%(day)s %(time)s 这位教师已有课：%(school)s%(class_name)s"),
    "class": N_("%(day)s %(time)s 这个班已有课：%(class_name)s"),
}
AWAY = N_("%(day)s %(time)s 这位教师已报名外出：%(school)s%(title)s")
# Where a form says what stands against a lesson.
FIELDS = {
    "teacher": "person",
    "class": "class_name",
    "travel": "period",
    "travel_unknown": "period",
    "availability": "weekday",
    "week_limit": "person",
    "day_limit": "weekday",
}


def hold(district_id, school_ids: Iterable, person_ids: Iterable) -> None:
    """Put the schedulers of these schools and teachers in line until the transaction ends.

    Always calendar, schools, people in this order, each by key, so that nobody waits in a circle. The
    calendar is only shared: it may not change meanwhile. SQLite has one writer anyway.
    """
    db.session.execute(select(District.id).where(District.id == district_id).with_for_update(read=True))
    for model, ids in ((School, school_ids), (Person, person_ids)):
        db.session.execute(
            select(model.id)
            .where(model.district_id == district_id, model.id.in_(set(ids)))
            .order_by(model.id)
            # NO KEY UPDATE: rows that name the school or person may still be written.
            .with_for_update(key_share=True)
        )


def make(actor, lesson: VisitingLesson, term: Term, first: date) -> int:
    """Give a new lesson its sessions from a day on: how many. Refused where somebody has another one."""
    days = _days(lesson, term, _swaps(term), first)
    refuse_taken(actor, lesson, days)
    db.session.add_all(_session(lesson, day) for day in days)
    db.session.flush()  # a double booking that the indexes find is met here, not at the end
    return len(days)


def remake(
    term: Term, lessons: Iterable[VisitingLesson], now: datetime, by_hand: Mapping | None = None
) -> None:
    """Bring the coming sessions of lessons of one term in line with them and with the calendar.

    Who was to stand in at one that goes, or that is now at another time, is told. ``by_hand``: dated lesson ->
    its new times, of those that stand beside the pattern and move with the bells.
    """
    lessons, today = list(lessons), local_day(now)
    coming, swaps = _coming(term.district_id, lessons, today), _swaps(term)
    moved = moved_sessions.moved_here(term.district_id, [lesson.id for lesson in lessons])
    first, doomed, changed, new = max(today + timedelta(days=1), term.first_day), [], [], []
    for lesson in lessons:
        wanted = dict.fromkeys(_days(lesson, term, swaps, first) if lesson.state == "running" else ())
        for session in coming[lesson.id]:
            if session.id in moved:
                # It was put there by hand, besides the pattern: it goes only with the lesson or the school day.
                if session.state == "planned" and not _can_be(lesson, session.held_on, swaps):
                    doomed.append(session)
                elif session.id in (by_hand or {}):
                    changed.append((session, dict(zip(("starts", "ends"), by_hand[session.id], strict=True))))
                continue
            is_open = session.state == "planned" or _is_arranged(session)
            if is_open and session.held_on not in wanted:
                doomed.append(session)
            elif is_open and _facts(lesson) != _facts(session):
                changed.append((session, _facts(lesson)))
            wanted.pop(session.held_on, None)
        new += [(lesson, day) for day in wanted]
    _tell_stand_ins(doomed, now)
    take_away(doomed)
    # In two turns: lessons may take each other's times, which the indexes would see as double.
    states = [session.state for session, _values in changed]
    for session, _values in changed:
        session.state = "cancelled"
    db.session.flush()
    for (session, values), state in zip(changed, states, strict=True):
        session.state = state
        is_later = session.starts != values["starts"]
        for name, value in values.items():
            setattr(session, name, value)
        if is_later and _is_arranged(session):
            _tell_stand_in(
                session,
                "cover_moved",
                now,
                when=f"{session.held_on.isoformat()} {timetable.format_clock(session.starts)}",
            )
    db.session.flush()
    for lesson, day in new:
        session = _session(lesson, day)
        if _taken(lesson, [day]):
            session.state, session.state_note = "cancelled", TAKEN
        db.session.add(session)
    db.session.flush()


def _tell_stand_ins(doomed: list[VisitingSession], now: datetime) -> None:
    for session in doomed:
        if session.state == "substituted":
            _tell_stand_in(session, "cover_released", now)


def _tell_stand_in(session: VisitingSession, kind: str, now: datetime, **words) -> None:
    notices.tell(
        [session.substitute_id],
        kind,
        district_id=session.district_id,
        link=f"/visiting/lessons/{session.lesson_id}",
        now=now,
        what=lesson_words(session),
        **words,
    )


def follow_calendar(district_id, now: datetime) -> None:
    """After a change of the calendar: move the coming sessions of every running lesson to the right days."""
    today = local_day(now)
    for term in terms.all_terms(district_id):
        if term.last_day < today and not _has_later(term):
            continue
        lessons = db.session.scalars(
            select(VisitingLesson).where(
                VisitingLesson.district_id == district_id,
                VisitingLesson.term_id == term.id,
                VisitingLesson.state == "running",
            )
        ).all()
        remake(term, lessons, now)


def refuse_conflicts(actor, lesson: VisitingLesson, term: Term, first: date, before: Iterable = ()) -> tuple:
    """Refuse what the weekly pattern does not allow, each reason at its field; the warnings come back.

    Warnings are a way whose minutes nobody has registered, since unknown is not too long, and a limit that
    was exceeded as much by the lesson as it was: ``before`` are the conflicts that it had.
    """
    school = db.session.get(School, (lesson.district_id, lesson.school_id))
    found = lesson_checks.conflicts_of(actor, lesson, term, school.name, first)
    soft = not_worse(found, before)
    hard = [conflict for conflict in found if conflict.kind != "travel_unknown" and conflict not in soft]
    if hard:
        raise Conflicting([(FIELDS[conflict.kind], conflict.message) for conflict in hard])
    return tuple(conflict.message for conflict in found)


def refuse_taken(actor, lesson: VisitingLesson, days: Iterable[date]) -> None:
    """Refuse when the teacher or the class has another dated lesson on one of the days at that time.

    A place that the teacher has in a delivery counts too.
    """
    days = list(days)
    found = _taken(lesson, days)
    if found:
        whose, row = found
        words = busy_words(actor, whose, row)
        raise Conflicting([(FIELDS[whose], message(BUSY[whose], **words))])
    other = signups.place_at(
        lesson.district_id, days, [lesson.person_id], starts=lesson.starts, ends=lesson.ends
    )
    if other:
        raise Conflicting([(FIELDS["teacher"], message(AWAY, **away_words(actor, other)))])


def busy_words(actor, whose: str, row: VisitingSession) -> dict:
    """A dated lesson as the sentences about a double booking tell it.

    Where the teacher is busy (``whose``), the class is named to those who may see the lesson.
    """
    clock = timetable.format_clock
    return {
        "day": row.held_on.isoformat(),
        "time": f"{clock(row.starts)}-{clock(row.ends)}",
        "school": row.school.name,
        "class_name": row.class_name if whose == "class" or can(actor, "session.view", row) else "",
    }


def away_words(actor, delivery: Delivery) -> dict:
    """A delivery as the sentence about a teacher who has a place in it tells it.

    What it is about is for those who may see it; others learn at which school and when.
    """
    clock = timetable.format_clock
    return {
        "day": delivery.starts_on.isoformat(),
        "time": f"{clock(delivery.starts)}-{clock(delivery.starts + delivery.minutes)}",
        "school": delivery.school.name,
        "title": delivery.title if can(actor, "delivery.view", delivery) else "",
    }


class Conflicting(Refused):
    """Refused for one reason or several: (field, ``Message``) pairs, the first of them as the message."""

    def __init__(self, reasons: list):
        super().__init__(N_("时间冲突：%(reason)s"), field=reasons[0][0], reason=reasons[0][1])
        self.reasons = reasons


def _has_later(term: Term) -> bool:
    """Whether sessions lie after the last day of the term, as when it has been shortened."""
    return bool(
        db.session.scalar(
            select(VisitingSession.id)
            .join(VisitingSession.lesson)
            .where(
                VisitingLesson.district_id == term.district_id,
                VisitingLesson.term_id == term.id,
                VisitingSession.held_on > term.last_day,
            )
            .limit(1)
        )
    )


def _coming(district_id, lessons, today: date) -> dict:
    rows = db.session.scalars(
        select(VisitingSession)
        .where(
            VisitingSession.district_id == district_id,
            VisitingSession.lesson_id.in_([lesson.id for lesson in lessons]),
            VisitingSession.held_on > today,
        )
        .order_by(VisitingSession.held_on, VisitingSession.id)
    )
    found = defaultdict(list)
    for row in rows:
        found[row.lesson_id].append(row)
    return found


def _is_arranged(session: VisitingSession) -> bool:
    """Whether somebody has agreed to stand in, which the receiving school has not confirmed yet."""
    return session.state == "substituted" and session.confirmed_by_id is None


def _can_be(lesson: VisitingLesson, day: date, swaps) -> bool:
    return lesson.state == "running" and calendar.teaching_weekday(day, swaps) is not None


def take_away(sessions: list[VisitingSession]) -> None:
    """Remove sessions that will not be; one that somebody has written about or arranged stays, cancelled."""
    if not sessions:
        return
    keys = [session.id for session in sessions]
    told = set()
    for model in (WorkRecord, Reflection, MonthCorrection):
        told |= set(
            db.session.scalars(
                select(model.session_id).where(
                    model.district_id == sessions[0].district_id, model.session_id.in_(keys)
                )
            )
        )
    told |= absent_sessions.arranged(sessions[0].district_id, keys)
    told |= moved_sessions.kept(sessions[0].district_id, keys)
    for session in sessions:
        if session.id in told:
            session.state, session.state_note = "cancelled", MOVED
        else:
            db.session.delete(session)


def _taken(lesson: VisitingLesson, days):
    return visiting.taken(
        lesson.district_id,
        days,
        people=[lesson.person_id],
        school_id=lesson.school_id,
        classes=visiting.classes_of(lesson.class_name),
        starts=lesson.starts,
        ends=lesson.ends,
        besides=lesson.id,
    )


def _days(lesson: VisitingLesson, term: Term, swaps, first: date) -> tuple[date, ...]:
    return timetable.sessions(visiting.as_value(lesson, ""), term.value, swaps, first_day=first)


def _swaps(term: Term):
    return terms.swap_days(term.district_id, term.first_day, term.last_day)


def _facts(row) -> dict:
    """What a session takes over from its lesson."""
    return {name: getattr(row, name) for name in ("person_id", "school_id", "class_name", "starts", "ends")}


def _session(lesson: VisitingLesson, day: date) -> VisitingSession:
    return VisitingSession(district_id=lesson.district_id, lesson_id=lesson.id, held_on=day, **_facts(lesson))
