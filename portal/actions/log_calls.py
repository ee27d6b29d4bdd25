"""Asking the teachers of a cluster for logs of one kind by a day."""

from portal.actions import audit, notices
from portal.actions.errors import NotAllowed, Refused
from portal.actions.steps import expect_version
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, LogCall, Term
from portal.queries import log_calls


def begin(actor, cluster: Cluster, term: Term, *, kind: str, words: str, due_on, now) -> LogCall:
    """Ask; everybody who works in the cluster hears of it once."""
    if not can(actor, "call.create", cluster):
        raise NotAllowed("call.create")
    if due_on < local_day(now):
        raise Refused(N_("截止日期不能早于今天"), field="due_on")
    if due_on > term.last_day:
        raise Refused(N_("截止日期要在学期之内"), field="due_on")
    call = LogCall(
        district_id=cluster.district_id,
        cluster_id=cluster.id,
        term_id=term.id,
        kind=kind,
        words=words,
        due_on=due_on,
        created_by_id=actor.person_id,
    )
    db.session.add(call)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "log_call.create", call, {"log_kind": (None, kind)})
    notices.tell(
        log_calls.staff_of(cluster, local_day(now)),
        "log_called",
        district_id=cluster.district_id,
        link=f"/reflections/new?kind={kind}",
        now=now,
        besides=actor.person_id,
        who=actor.name,
        what=words or cluster.name,
    )
    return call


def close(actor, call: LogCall, *, expected, now) -> None:
    """Nobody is asked any more."""
    expect_version(call, expected)
    if call.closed_at is None:
        call.closed_at = now
        audit.record(actor, "log_call.close", call)
