"""A teacher and a receiving school say different things about a lesson: opened, answered, settled by both."""

from portal.actions import audit, notices
from portal.actions.errors import NotAllowed, Refused
from portal.actions.steps import take_step
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import SessionDispute, VisitingSession
from portal.queries import clusters, disputes


def follow(actor, session: VisitingSession, *, now) -> None:
    """After a lesson was settled: open a dispute when the teacher had reported it given and the school says
    otherwise; end the one that is open when the school now says what the teacher claims."""
    found = disputes.unsettled(session)
    if found is not None:
        if session.state == found.claim and can(actor, "dispute.answer", found):
            take_step(actor, found, "agree")
            _tell_teacher(actor, found, session, "dispute_settled", now)
    elif session.reported == "given" and session.state in ("missed", "cancelled"):
        # The school knows the report and stands by its own word: now the teacher answers.
        _open(actor, session, "given", session.reported_note, now, state="kept", note=session.state_note)


def raise_dispute(actor, session: VisitingSession, claim: str, reason: str, *, now) -> SessionDispute:
    """The teacher says that what the school registered is not what happened."""
    if not can(actor, "session.dispute", session):
        raise NotAllowed("session.dispute")
    if session.state == "planned":
        raise Refused(N_("接收学校还没有登记，先报告上课情况"))
    if claim == session.state or (claim == "missed" and session.state != "given"):
        raise Refused(N_("和现在登记的一样"), field="claim")
    if not reason:
        raise Refused(N_("请写明理由"), field="reason")
    if disputes.unsettled(session) is not None:
        raise Refused(N_("这节课已经有一条异议"))
    found = _open(actor, session, claim, reason, now)
    principals = clusters.principals_of(session.district_id, [session.school_id], local_day(now))
    notices.tell(
        [principal.id for principal in principals.values()],
        "dispute_opened",
        **_words(actor, session, now),
        who=actor.name,
    )
    return found


def _open(
    actor, session: VisitingSession, claim: str, reason: str, now, *, state="open", note=""
) -> SessionDispute:
    found = SessionDispute(
        district_id=session.district_id,
        session_id=session.id,
        person_id=session.person_id,
        school_id=session.school_id,
        home_school_id=session.lesson.home_school_id,
        claim=claim,
        reason=reason[:300],
        state=state,
        state_note=note,
    )
    db.session.add(found)
    db.session.flush()  # the history needs its key
    audit.record(actor, "session_dispute.create", found, {"claim": (None, claim), "note": (None, reason)})
    audit.record(actor, "visiting_session.dispute", session, {"claim": (None, claim)})
    if session.person_id != actor.person_id:
        notices.tell([session.person_id], "dispute_kept", **_words(actor, session, now))
    return found


def _tell_teacher(actor, dispute: SessionDispute, session: VisitingSession, kind: str, now) -> None:
    notices.tell([dispute.person_id], kind, **_words(actor, session, now))


def tell(actor, dispute: SessionDispute, kind: str, *, now) -> None:
    """Tell both sides how a dispute stands; whoever acted is left out."""
    session = dispute.session
    principals = clusters.principals_of(dispute.district_id, [dispute.school_id], local_day(now))
    told = [dispute.person_id, *(principal.id for principal in principals.values())]
    more = {"who": actor.name} if kind == "dispute_opened" else {}
    notices.tell(told, kind, **_words(actor, session, now), **more)


def _words(actor, session: VisitingSession, now) -> dict:
    return {
        "district_id": session.district_id,
        "link": f"/visiting/sessions/{session.id}",
        "now": now,
        "besides": actor.person_id,
        "what": f"{session.held_on.isoformat()} {session.class_name}{session.lesson.subject}",
    }
