"""Arranging the lessons that an absence leaves: asking people, their answers, moving, cancelling (W7b).

Nothing of it is told before it is final; then everyone concerned hears it once. Of two who accept at once the
first has it: both stand in line at the school's row, and the database lets one accepted ask in.
"""

from portal.actions import audit
from portal.actions.absence_lessons import BEGUN, SETTLED, close_asks, hold_lesson, is_over, turn
from portal.actions.absence_lessons import reopen as reopen_lesson
from portal.actions.absence_news import News
from portal.actions.errors import NotAllowed, Refused
from portal.actions.moved_sessions import place, slot_at, when_words
from portal.actions.steps import expect_version, take_step
from portal.actions.visiting_dates import hold
from portal.domain.access import can
from portal.domain.ids import uuid7
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Absence, AbsentSession, Person, SubstituteAsk, VisitingSession
from portal.queries import absences, people, substitutes


def ask(actor, cover: AbsentSession, person: Person, *, expected=None, now) -> SubstituteAsk:
    """Ask somebody to stand in. Refused with the reason where the person cannot, and while an answer is awaited."""
    session = _open(actor, cover, expected, now)
    _, reason = _possible(session, person, now)
    if reason is not None:
        raise Refused(N_("%(name)s不能代这节课：%(reason)s"), field="person", name=person.name, reason=reason)
    if any(each.person_id == person.id for each in absences.open_asks(cover)):
        raise Refused(N_("已经请过这位教师，还在等答复"), field="person")
    made = SubstituteAsk(
        district_id=cover.district_id,
        id=uuid7(),
        cover_id=cover.id,
        session_id=session.id,
        person_id=person.id,
        asked_by_id=actor.person_id,
        asked_at=now,
    )
    db.session.add(made)
    db.session.flush()  # the audit entry names it
    audit.record(actor, "substitute_ask.create", made, {"person": (None, person.name)})
    return made


def answer(actor, asked: SubstituteAsk, action: str, *, note: str = "", expected=None, now) -> None:
    """Accept, decline, or (who asked) take the ask back. Refused when the lesson has been arranged meanwhile,
    has begun, or stands against another lesson by now."""
    session = db.session.get(VisitingSession, (asked.district_id, asked.session_id))
    if action == "accept":
        hold(asked.district_id, [session.school_id], [asked.person_id, session.person_id])
        db.session.refresh(session)
        db.session.refresh(asked)
    if asked.state != "open" or (action == "accept" and session.state != "planned"):
        raise Refused(SETTLED)
    if action == "accept":
        _stand_in(actor, asked, session, now)
    take_step(actor, asked, action, note=note, expected=None if action == "accept" else expected)
    asked.answered_at = now


def _stand_in(actor, asked: SubstituteAsk, session: VisitingSession, now) -> None:
    cover = absences.cover_by_id(asked.district_id, asked.cover_id)
    if not can(actor, "ask.answer", asked):
        raise NotAllowed("ask.answer")
    if is_over(session, now):
        raise Refused(BEGUN)
    person = people.person_by_id(asked.district_id, asked.person_id)
    _, reason = _possible(session, person, now)
    if reason is not None:
        raise Refused(N_("现在不能代这节课：%(reason)s"), reason=reason)
    session.substitute_id = asked.person_id
    turn(actor, session, "stand_in")
    others = absences.asks_about(session)
    # An earlier yes may be left over where the school took the lesson back by hand.
    close_asks(actor, others, "release", now)
    close_asks(actor, others, "lapse", now, besides=asked)
    _settle(actor, cover, "covered")
    news = News(actor, now)
    news.add("cover_found", session, who=person.name)
    news.send()


def move(actor, cover: AbsentSession, day, period: int, *, expected=None, now) -> VisitingSession:
    """Give the lesson at a free time of its class and teacher: the old one stays, cancelled, with where it went."""
    session = _open(actor, cover, expected, now)
    slot = slot_at(_slots(cover, now), day, period)
    there = place(actor, session, slot)
    close_asks(actor, absences.asks_about(session), "lapse", now)
    cover.moved_to_id = there.id
    _settle(actor, cover, "moved")
    _tell(actor, "cover_moved", session, now, when=when_words(slot))
    return there


def cancel(actor, cover: AbsentSession, note: str, *, expected=None, now) -> None:
    """The lesson is not given; the reason stays with it."""
    session = _open(actor, cover, expected, now)
    if not note:
        raise Refused(N_("请写明理由"), field="note")
    take_step(actor, session, "cancel", note=note)
    close_asks(actor, absences.asks_about(session), "lapse", now)
    _settle(actor, cover, "cancelled")
    _tell(actor, "cover_cancelled", session, now)


def reopen(actor, cover: AbsentSession, *, expected=None, now) -> None:
    """Take back what was arranged, so that the lesson waits again; who stood in is told."""
    _arranger(actor, cover)
    session = cover.session
    expect_version(session, expected)
    hold_lesson(session)
    if cover.outcome is None or cover.absence.state != "open":
        raise Refused(N_("这节课没有安排可以撤回"))
    news = News(actor, now)
    reopen_lesson(actor, cover, news)
    news.send()


def repair(actor, absence: Absence, *, now) -> tuple[int, int, int]:
    """Do what the plan with the fewest moves says: ask its people, move what nobody can take.

    How many were asked, moved, and left without any way. Lessons that wait for an answer stay as they are.
    """
    lines = [each for each in absences.covers_of(absence) if can(actor, "cover.arrange", each)]
    asked = absences.asks_for(lines)
    today = local_day(now)
    open_lines = [
        each
        for each in lines
        if absences.waits(each, today)
        and not is_over(each.session, now)
        and not any(one.state == "open" for one in asked[each.id])
    ]
    counts, plan = [0, 0, 0], substitutes.plan(open_lines, today)
    for cover in open_lines:
        fix = plan[cover.id]
        if fix.person is not None:
            ask(actor, cover, people.person_by_id(cover.district_id, fix.person.key), now=now)
        elif fix.slot is not None:
            move(actor, cover, fix.slot.hour.day, fix.slot.period, now=now)
        counts[0 if fix.person else 1 if fix.slot else 2] += 1
    return tuple(counts)


def _open(actor, cover: AbsentSession, expected, now) -> VisitingSession:
    """The lesson of a line that may be arranged now, held until the transaction ends."""
    _arranger(actor, cover)
    session = cover.session
    expect_version(session, expected)
    hold_lesson(session)
    if cover.absence.state != "open":
        raise Refused(N_("请假已经撤销，课照常上"))
    if session.state != "planned":
        raise Refused(SETTLED)
    if is_over(session, now):
        raise Refused(BEGUN)
    return session


def _arranger(actor, cover: AbsentSession) -> None:
    if not can(actor, "cover.arrange", cover):
        raise NotAllowed("cover.arrange")


def _possible(session: VisitingSession, person: Person, now):
    candidate, reason = substitutes.suggestion_for(session, person.id, local_day(now))
    if candidate is None:
        raise Refused(N_("这位教师现在没有任职学校"), field="person")
    return candidate, reason


def _slots(cover: AbsentSession, now) -> tuple:
    today = local_day(now)
    staff = substitutes.Staff([cover.session], today)
    return substitutes.slots_of([cover], staff, today)[cover.id]


def _settle(actor, cover: AbsentSession, outcome: str) -> None:
    cover.outcome, cover.arranged_by_id = outcome, actor.person_id
    if outcome != "moved":
        cover.moved_to_id = None


def _tell(actor, kind: str, session: VisitingSession, now, **words) -> None:
    news = News(actor, now)
    news.add(kind, session, **words)
    news.send()
