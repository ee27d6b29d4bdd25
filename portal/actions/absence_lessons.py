"""What an absence does to a dated lesson: it is left, and goes back to what it was.

The permission lies on the absence, so these changes of state ask for none of their own.
"""

from datetime import datetime

from portal.actions import audit
from portal.actions.absence_news import News
from portal.actions.errors import Refused
from portal.actions.visiting_dates import hold, take_away
from portal.domain import workflow
from portal.domain.ids import uuid7
from portal.domain.moments import local
from portal.domain.substitution import has_begun
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Absence, AbsentSession, SubstituteAsk, VisitingSession
from portal.queries import absences, months, moved_sessions, people, visiting

BEGUN = N_("这节课已经上过或正在上，不再改动")
SETTLED = N_("这节课已经安排好了")


def leave(actor, absence: Absence, session: VisitingSession, now: datetime) -> AbsentSession:
    """Let an absence leave a lesson that lies ahead.

    Where the absent person only stood in, the lesson waits again where it waited before.
    """
    if session.state == "substituted":
        turn(actor, session, "release")
        session.substitute_id = session.confirmed_by_id = None
        before = absences.line_of(session, outcome="covered")
        if before is not None:
            close_asks(actor, absences.asks_about(session), "release", now)
            before.outcome = before.arranged_by_id = None
            return before
    line = absences.line_of(session, absence=absence)
    if line is None:
        line = AbsentSession(
            id=uuid7(),
            district_id=absence.district_id,
            absence_id=absence.id,
            session_id=session.id,
            school_id=session.school_id,
            home_school_id=session.lesson.home_school_id,
        )
        db.session.add(line)
    return line


def put_back(actor, cover: AbsentSession, news: News, *, gone: bool = False) -> None:
    """Undo what was arranged for a lesson that lies ahead; who had been told of it is told once more.

    What cannot be undone stays as it was arranged: the old hour is taken by now, or the lesson was given at the
    new one. ``gone`` removes the line, since its absence no longer leaves the lesson.
    """
    close_asks(actor, absences.asks_for([cover])[cover.id], "lapse", news.now)
    if is_over(cover.session, news.now):
        return
    was_told = cover.outcome is not None or cover.session.state == "substituted"
    released = undo(actor, cover, news.now)
    if released is None:
        return
    if was_told and cover.session.state == "planned":
        news.add("cover_undone", cover.session, also=released)
    if gone:
        db.session.flush()  # the line holds nothing any more
        db.session.delete(cover)


def reopen(actor, cover: AbsentSession, news: News) -> None:
    """Undo what was arranged, so that the lesson waits again; who was to stand in hears of it now.

    Refused where that is not possible any more.
    """
    if is_over(cover.session, news.now):
        raise Refused(BEGUN)
    released = undo(actor, cover, news.now)
    if released is None:
        raise Refused(N_("原来的时间已被占用，或改期后的课已经登记，不能恢复"))
    for person_id in released:
        news.add("cover_released", cover.session, only=[person_id])


def undo(actor, cover: AbsentSession, now: datetime) -> frozenset | None:
    """Take back what a line arranged: who was to stand in and is free again; None where it cannot be."""
    session, free_again = cover.session, frozenset()
    if cover.outcome == "moved" and not _take_from_new_hour(cover, now):
        return None
    if session.state == "substituted":
        free_again = frozenset([session.substitute_id])
        turn(actor, session, "release")
        session.substitute_id = session.confirmed_by_id = None
    elif session.state == "cancelled" and cover.outcome in ("cancelled", "moved"):
        if not is_free(session):
            return None
        turn(actor, session, "restore")
        session.substitute_id = session.confirmed_by_id = None
        session.state_note = ""
    close_asks(actor, absences.asks_about(session), "release", now)
    cover.outcome = cover.arranged_by_id = None
    db.session.flush()  # another lesson that goes back must see this one
    return free_again


def _take_from_new_hour(cover: AbsentSession, now: datetime) -> bool:
    """Remove the lesson at its new hour; False when it has been given there, or cannot go back."""
    there = cover.moved_to
    if there.state not in ("planned", "cancelled") or is_over(there, now):
        return False
    if not is_free(cover.session, besides=there):
        return False
    cover.outcome = cover.moved_to_id = None
    db.session.flush()  # the line no longer holds the lesson that goes
    forget(there)
    take_away([there])
    db.session.flush()  # its hour is free again
    cover.outcome = "cancelled"
    return True


def forget(there: VisitingSession) -> None:
    """A lesson will not be at its new time after all; the lesson itself is taken away by who asks."""
    row = moved_sessions.row_of(there)
    if row is not None:
        db.session.delete(row)
        db.session.flush()


def is_free(session: VisitingSession, besides: VisitingSession | None = None) -> bool:
    """Whether a cancelled lesson could be given again: hour, teacher and class are free, and it moved nowhere else."""
    taken = visiting.taken(
        session.district_id,
        [session.held_on],
        people=[session.person_id],
        school_id=session.school_id,
        classes=visiting.classes_of(session.class_name),
        starts=session.starts,
        ends=session.ends,
        besides=session.lesson_id,
    )
    if taken is not None or absences.same_hour(session, besides):
        return False
    return moved_sessions.standing(session, besides) is None


def turn(actor, session: VisitingSession, step: str) -> None:
    """Take a step of a lesson that follows from its absence, and write it down."""
    target = workflow.take(session.WORKFLOW, step, session.state)
    changes = {"state": (session.state, target)}
    if step in ("stand_in", "release"):
        name = people.person_by_id(session.district_id, session.substitute_id).name
        changes["substitute"] = (None, name) if step == "stand_in" else (name, None)
    session.state = target
    audit.record(actor, f"{session.WORKFLOW}.{step}", session, changes)


def close_asks(actor, asks: list[SubstituteAsk], step: str, now: datetime, besides=None) -> None:
    """Open asks lapse, or the accepted one is released; each is written down."""
    of = {"lapse": "open", "release": "accepted"}[step]
    for ask in asks:
        if ask.state == of and ask is not besides:
            target = workflow.take(ask.WORKFLOW, step, ask.state)
            audit.record(actor, f"substitute_ask.{step}", ask, {"state": (ask.state, target)})
            ask.state, ask.answered_at = target, ask.answered_at or now


def hold_lesson(session: VisitingSession) -> None:
    """Let whoever arranges the lessons of a school stand in line, and read the lesson as it is then."""
    version = session.version
    hold(session.district_id, [session.school_id], [session.person_id])
    db.session.refresh(session)
    if session.version != version:
        raise Refused(SETTLED)


def is_over(session: VisitingSession, now: datetime) -> bool:
    """Whether a lesson is past or under way, or its month closed by both schools: it is never rearranged."""
    clock = local(now)
    begun = has_begun(session.held_on, session.starts, clock.date(), clock.hour * 60 + clock.minute)
    return begun or months.is_closed(session)
