"""The steps of a dispute: the receiving school agrees or keeps its word, the other side agrees or insists."""

from portal.actions import disputes, visiting_sessions
from portal.actions.errors import Conflict, NotAllowed
from portal.actions.steps import expect_version, take_step
from portal.domain import workflow
from portal.domain.access import can
from portal.extensions import db
from portal.models import SessionDispute

OUTCOME = {"given": "give", "missed": "miss"}
TOLD = {
    "keep": "dispute_kept",
    "insist": "dispute_opened",
    "accept": "dispute_settled",
    "withdraw": "dispute_settled",
}


def step(actor, dispute: SessionDispute, action: str, *, note: str, expected, now) -> None:
    """Take a step of a dispute. Agreeing corrects the lesson, also one of a closed month, as an entry."""
    if action != "agree":
        take_step(actor, dispute, action, note=note, expected=expected)
        disputes.tell(actor, dispute, TOLD[action], now=now)
        return
    expect_version(dispute, expected)
    if not can(actor, "dispute.answer", dispute):
        raise NotAllowed("dispute.answer")
    if dispute.state not in workflow.find_step(dispute.WORKFLOW, action).sources:
        raise Conflict(dispute)
    session = dispute.session
    if session.state == dispute.claim:
        take_step(actor, dispute, action)
        return
    reason = note or dispute.reason or dispute.state_note or "同意教师的说法"
    decision = visiting_sessions.Decision(session.id, OUTCOME[dispute.claim], reason)
    if session.state == "planned":
        visiting_sessions.settle(actor, session, decision, now=now)
    else:
        visiting_sessions.correct(actor, session, decision, now=now)
    db.session.flush()  # settling the lesson has ended the dispute
