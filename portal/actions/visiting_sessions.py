"""Dated lessons: the teacher reports, the receiving school confirms; corrections stay visible (W7b).

Once both schools have closed the month of a lesson, putting it right is an entry of its own: the closed figures
stand, and the change counts in the month in which it was entered.
"""

from dataclasses import dataclass
from uuid import UUID

from portal.actions import audit, disputes, month_corrections, notices
from portal.actions.absence_lessons import is_over
from portal.actions.absence_news import News
from portal.actions.errors import Conflict, NotAllowed, Refused
from portal.actions.steps import expect_version, take_step
from portal.actions.visiting_dates import AWAY, BUSY, away_words, busy_words, hold
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Person, VisitingSession
from portal.queries import clusters, months, moved_sessions, people, signups, visiting

# What a row of the week's list may say, and the state that it leads to.
OUTCOMES = {"give": "given", "miss": "missed", "substitute": "substituted", "cancel": "cancelled"}
CHANGED = N_("刚才有人先登记了，请看最新情况再填")
CLOSED = N_("这个月已由两校关账；点开这一节更正，更正计入本月")


@dataclass(frozen=True)
class Decision:
    """What one row of a week's list says; ``expected`` is the version that the person saw."""

    session_id: UUID
    outcome: str
    note: str = ""
    substitute: Person | None = None
    expected: int | None = None


def confirm(actor, sessions: list[VisitingSession], decisions: list[Decision], *, now) -> dict:
    """Settle the rows of a week's list: session id -> ``Refused`` of those that are wrong.

    The caller commits when there is none, and otherwise rolls all back.
    """
    known = {session.id: session for session in sessions}
    chosen = [decision for decision in decisions if decision.session_id in known]
    substitutes = {d.substitute.id for d in chosen if d.outcome == "substitute" and d.substitute}
    # The schools are held so that nobody closes the month meanwhile, the substitutes for their other lessons.
    hold(actor.district_id, {known[d.session_id].school_id for d in chosen}, substitutes)
    problems, news = {}, News(actor, now)
    for decision in chosen:
        try:
            _settle_one(actor, known[decision.session_id], decision, news, now=now)
        except Conflict:
            problems[decision.session_id] = Refused(CHANGED)
        except NotAllowed:
            problems[decision.session_id] = Refused(N_("自己的课由别人确认"))
        except Refused as refused:
            problems[decision.session_id] = refused
    news.send()
    return problems


def says_so_already(session: VisitingSession, decision: Decision) -> bool:
    """Whether a lesson stands as a row of the list says: sent twice, or by two who agree, it is saved once."""
    if decision.outcome == "attest":
        return session.state == "substituted" and session.confirmed_by_id is not None
    if session.state != OUTCOMES[decision.outcome] or session.confirmed_by_id is None:
        return False
    substitute = decision.substitute.id if decision.outcome == "substitute" and decision.substitute else None
    return (session.substitute_id, session.state_note) == (substitute, decision.note)


def settle(actor, session: VisitingSession, decision: Decision, *, now) -> None:
    """Say what became of one dated lesson. Refused once its month is closed: then it is corrected."""
    substitute = {decision.substitute.id} if decision.substitute else set()
    hold(session.district_id, [session.school_id], substitute)
    news = News(actor, now)
    _settle_one(actor, session, decision, news, now=now)
    news.send()


def _settle_one(actor, session: VisitingSession, decision: Decision, news: News, *, now) -> None:
    old = month_corrections.outcome_of(session)
    _settle(actor, session, decision, now=now)
    month_corrections.drop_check(actor, session, old, now=now)
    _tell_ahead(news, session, old)


def _tell_ahead(news: News, session: VisitingSession, old) -> None:
    """Who is concerned hears what a school has decided about a lesson that lies ahead; later it is a record."""
    kind = {"cancelled": "cover_cancelled", "substituted": "cover_found", "planned": "cover_undone"}
    new = month_corrections.outcome_of(session)
    if session.state not in kind or (new.state, new.substitute) == (old.state, old.substitute):
        return
    if is_over(session, news.now):
        return
    stand_in = people.person_by_id(session.district_id, session.substitute_id) if new.substitute else None
    words = {"who": stand_in.name} if stand_in else {}
    news.add(kind[session.state], session, also=[old.substitute], **words)


def _settle(
    actor, session: VisitingSession, decision: Decision, *, now, in_closed=False, corrects=False
) -> None:
    """``corrects`` puts right what was registered; the history tells old, new and reason in one entry."""
    action, note = decision.outcome, decision.note
    expect_version(session, decision.expected)
    if not can(actor, "session.confirm", session):
        raise NotAllowed("session.confirm")
    if not in_closed and months.is_closed(session):
        raise Refused(CLOSED)
    if action in ("give", "miss", "attest") and session.held_on > local_day(now):
        raise Refused(N_("还没有到上课的日子"))
    if action == "attest":
        session.confirmed_by_id = actor.person_id
        return take_step(actor, session, action)
    if action in ("miss", "cancel") and not note:
        raise Refused(N_("请写明理由"), field="note")
    told = {"counted_in": (None, month_corrections.counted_in(now))} if in_closed else {}
    before = session.substitute.name if session.substitute_id else None
    session.substitute_id = None
    if action == "substitute":
        session.substitute_id = _substitute(actor, session, decision.substitute)
    after = decision.substitute.name if session.substitute_id else None
    if before != after:
        told["substitute"] = (before, after)
    session.confirmed_by_id = actor.person_id
    if corrects:
        take_step(actor, session, "correct", then=action, note=note, told=told)
    else:
        take_step(actor, session, action, note=note, told=told)
    disputes.follow(actor, session, now=now)
    return None


def correct(actor, session: VisitingSession, decision: Decision, *, now) -> None:
    """Put right what was confirmed: the old state, the reason and the new state all stay in the history."""
    expect_version(session, decision.expected)
    if not can(actor, "session.confirm", session):
        raise NotAllowed("session.confirm")
    if not decision.note:
        raise Refused(N_("请写明理由"), field="note")
    if OUTCOMES.get(decision.outcome) == session.state != "substituted":
        raise Refused(N_("和现在登记的一样"), field="outcome")
    hold(session.district_id, [session.school_id], _people(session, decision))
    closed, old = months.is_closed(session), month_corrections.outcome_of(session)
    if closed and decision.outcome not in OUTCOMES:
        raise Refused(N_("已关账的课要更正为已上、缺课、代课或取消"), field="outcome")
    if session.state == "cancelled":
        instead = moved_sessions.standing(session)
        if instead is not None:
            raise Refused(N_("这节课已改到 %(day)s，请更正那一节"), field="outcome", day=instead.held_on)
        _refuse_taken(actor, session, session.person_id, "outcome", whole_class=True)
    session.confirmed_by_id = None
    if decision.outcome in OUTCOMES:
        again = Decision(session.id, decision.outcome, decision.note, decision.substitute)
        # Planned in a closed month: put into the timetable afterwards, so nothing was registered yet.
        _settle(actor, session, again, now=now, in_closed=closed, corrects=session.state != "planned")
    else:
        take_step(actor, session, "correct", note=decision.note)
        session.substitute_id = None
    if closed:
        month_corrections.record(actor, session, old, decision.note, now=now)
    else:
        month_corrections.drop_check(actor, session, old, now=now)
    news = News(actor, now)
    _tell_ahead(news, session, old)
    news.send()


def report(actor, session: VisitingSession, outcome: str, note: str, *, expected, now) -> None:
    """The teacher, or somebody for the teacher, says that a lesson was given or cannot be."""
    expect_version(session, expected)
    if session.state != "planned":
        raise Refused(N_("接收学校已经登记，有误请联系接收学校更正"))
    if outcome == "given" and session.held_on > local_day(now):
        raise Refused(N_("还没有到上课的日子"), field="outcome")
    if outcome == "missed" and not note:
        raise Refused(N_("请写明理由"), field="note")
    changes = audit.changes_of(session, {"reported": outcome, "reported_note": note})
    if not changes:
        return
    told = {"reported": changes.get("reported", (outcome, outcome))}
    audit.record(actor, "visiting_session.report", session, {**told, "note": (None, note)} if note else told)
    if outcome == "missed":
        _tell_host(actor, session, now)


def _tell_host(actor, session: VisitingSession, now) -> None:
    principals = clusters.principals_of(session.district_id, [session.school_id], local_day(now))
    notices.tell(
        [principal.id for principal in principals.values()],
        "session_missed",
        district_id=session.district_id,
        link=f"/visiting/sessions/{session.id}",
        now=now,
        besides=actor.person_id,
        who=session.person.name,
        what=f"{session.held_on.isoformat()} {session.class_name}{session.lesson.subject}",
    )


def _substitute(actor, session: VisitingSession, person: Person | None) -> UUID:
    """The key of who stands in: somebody else, free at that time, and not the one who confirms it."""
    if person is None:
        raise Refused(N_("请填写代课教师；有同名的写成“姓名（学校）”"), field="substitute")
    if person.id == session.person_id:
        raise Refused(N_("代课教师不能是任课教师本人"), field="substitute")
    if person.id == actor.person_id:
        raise Refused(N_("自己代的课由别人确认"), field="substitute")
    _refuse_taken(actor, session, person.id, "substitute")
    return person.id


def _refuse_taken(
    actor, session: VisitingSession, person_id, field: str, *, whole_class: bool = False
) -> None:
    """Refuse when the person, or with ``whole_class`` the class, has another lesson at that time."""
    with db.session.no_autoflush:  # the session itself may be half changed
        found = visiting.taken(
            session.district_id,
            [session.held_on],
            people=[person_id],
            school_id=session.school_id if whole_class else None,
            classes=visiting.classes_of(session.class_name) if whole_class else (),
            starts=session.starts,
            ends=session.ends,
            besides=session.lesson_id,
        )
    if found:
        raise Refused(BUSY[found[0]], field=field, **busy_words(actor, *found))
    with db.session.no_autoflush:
        other = signups.place_at(
            session.district_id, [session.held_on], [person_id], starts=session.starts, ends=session.ends
        )
    if other:
        raise Refused(AWAY, field=field, **away_words(actor, other))


def _people(session: VisitingSession, decision: Decision) -> set:
    return {session.person_id} | ({decision.substitute.id} if decision.substitute else set())
