"""One dated lesson is given at another time, goes back, or is cancelled, by either school (W7b).

Everyone concerned is told once. Where the teacher is away, the absence is where it is arranged.
"""

from portal.actions import audit
from portal.actions.absence_lessons import BEGUN, SETTLED, forget, hold_lesson, is_free, is_over, turn
from portal.actions.absence_news import News
from portal.actions.errors import NotAllowed, Refused
from portal.actions.steps import expect_version, take_step
from portal.actions.visiting_dates import take_away
from portal.domain import timetable
from portal.domain.access import can
from portal.domain.ids import uuid7
from portal.domain.moments import local_day
from portal.domain.repair import Slot
from portal.domain.words import N_
from portal.extensions import db
from portal.models import MovedSession, VisitingSession
from portal.queries import absences, absent_sessions, months, moved_sessions

GONE = N_("这个时间现在不能用了，请另选一个")


def move(actor, session: VisitingSession, day, period: int, *, expected=None, now) -> VisitingSession:
    """Give a lesson at a free time of its class and teacher, once; the weekly lesson stays as it is."""
    _open(actor, session, expected, now)
    slot = slot_at(moved_sessions.slots_for(session, local_day(now)), day, period)
    there = place(actor, session, slot)
    line = absent_sessions.line_to(session)
    if line is not None:
        line.moved_to_id = there.id
    _tell(actor, "cover_moved", session, now, when=when_words(slot))
    return there


def move_back(actor, session: VisitingSession, *, expected=None, now) -> VisitingSession:
    """Take a move back: the lesson is given again at the time from which it came.

    Refused when that time is over or taken, and where an absence moved it.
    """
    _open(actor, session, expected, now)
    row = moved_sessions.row_of(session)
    if row is None or absent_sessions.line_to(session) is not None:
        raise Refused(N_("这节课没有可以撤回的改期"))
    before = row.before
    if is_over(before, now):
        raise Refused(N_("原来的时间已经过了，请改到别的时间"))
    if before.state != "cancelled" or not is_free(before, besides=session):
        raise Refused(N_("原来的时间已被占用，请改到别的时间"))
    forget(session)
    take_away([session])
    db.session.flush()  # its hour is free before the old one is booked
    turn(actor, before, "restore")
    before.state_note = ""
    db.session.flush()
    _tell(actor, "cover_undone", before, now)
    return before


def cancel(actor, session: VisitingSession, note: str, *, expected=None, now) -> None:
    """A lesson that lies ahead is not given; the reason stays with it."""
    _open(actor, session, expected, now)
    if not note:
        raise Refused(N_("请写明理由"), field="note")
    take_step(actor, session, "cancel", note=note)
    _tell(actor, "cover_cancelled", session, now)


def slot_at(slots, day, period: int) -> Slot:
    """The free time that was chosen. Refused when it is free no more."""
    found = next((each for each in slots if (each.hour.day, each.period) == (day, period)), None)
    if found is None:
        raise Refused(GONE, field="slot")
    return found


def when_words(slot: Slot) -> str:
    """A free time in messages and notes: 2025-11-24 08:10-08:50."""
    clock = timetable.format_clock
    return f"{slot.hour.day.isoformat()} {clock(slot.hour.start)}-{clock(slot.hour.end)}"


def place(actor, session: VisitingSession, slot: Slot) -> VisitingSession:
    """Put a lesson at another time: the old one stays, cancelled, with where it went."""
    when = when_words(slot)
    turn(actor, session, "move")
    session.state_note = f"→ {when}"
    db.session.flush()  # its hour is free before the new one is booked
    there = VisitingSession(
        district_id=session.district_id,
        id=uuid7(),
        lesson_id=session.lesson_id,
        person_id=session.person_id,
        school_id=session.school_id,
        class_name=session.class_name,
        held_on=slot.hour.day,
        starts=slot.hour.start,
        ends=slot.hour.end,
    )
    db.session.add(there)
    db.session.flush()  # what tells of the move points at it
    if months.is_closed(there):
        raise Refused(N_("这个月已由两校关账，请另选一个时间"), field="slot")
    earlier = moved_sessions.row_of(session)
    db.session.add(
        MovedSession(
            district_id=session.district_id,
            session_id=there.id,
            origin_id=earlier.origin_id if earlier else session.id,
            from_id=session.id,
        )
    )
    audit.record(actor, "visiting_session.create", there, {"moved_to": (None, when)})
    return there


def _open(actor, session: VisitingSession, expected, now) -> None:
    """Hold a lesson that may be rearranged now. Refused when it has begun, was settled, or an absence leaves it."""
    if not can(actor, "session.move", session):
        raise NotAllowed("session.move")
    expect_version(session, expected)
    hold_lesson(session)
    if session.state != "planned":
        raise Refused(SETTLED)
    if is_over(session, now):
        raise Refused(BEGUN)
    if absences.line_of(session) is not None:
        raise Refused(N_("教师请假，请在这次请假里安排"))


def _tell(actor, kind: str, session: VisitingSession, now, **words) -> None:
    news = News(actor, now)
    news.add(kind, session, **words)
    news.send()
