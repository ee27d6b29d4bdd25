"""The turn of a term, carried out: what goes on is confirmed, what is over is closed, the rest is opened anew.

Whatever is settled already is left as it is, so the same page sent twice changes nothing.
"""

from portal.actions import audit, mentoring, notices, pairing, plan_items, term_plans
from portal.actions.errors import NotAllowed, Refused
from portal.domain import term_turn as rules
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.term_turn import GOES_ON, OVER, Moved
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, DutyTurn, Term, TermTurnMark
from portal.queries import clusters, groups, plan_lines
from portal.queries import term_plans as plan_queries
from portal.queries import term_turn as queries

#: How what is over is closed: the step of its own workflow.
ENDS = {"pairing": (pairing.take, "close"), "pair": (mentoring.take, "finish")}


def settle(actor, cluster: Cluster, before: Term, term: Term, ticks: set, *, reason: str, now) -> int:
    """Settle what is ticked, as (kind, key); how many things are new.

    Refused when nothing was ticked, when the new term is over, or when something is to be closed without a
    reason. NotAllowed for a line that is another person's to settle.
    """
    today = local_day(now)
    if term.last_day < today:
        raise Refused(N_("这个学期已经结束"))
    if not ticks:
        raise Refused(N_("请先勾选要办理的事项"))
    db.session.refresh(cluster, with_for_update=True)  # in line with others who settle it at this moment
    marks = queries.marks_of(cluster, term)
    lines = queries.lines_of(actor, cluster, term, today, marks)
    chosen = [line for line in lines if (line.kind, line.row.id) in ticks and line.is_open]
    if not reason.strip() and any(line.fate == OVER for line in chosen):
        raise Refused(N_("结束到期的结对，请写明理由"), field="reason")
    for line in chosen:
        _settle_line(actor, cluster, term, line, reason, now)
    done = len(chosen)
    if ("duties", cluster.id) in ticks:
        done += _carry_duties(actor, cluster, before, term, now)
    if ("plan", cluster.id) in ticks:
        done += _begin_plan(actor, cluster, term, now)
    if done and ("told", cluster.id) not in marks and actor.person_id:
        _tell(actor, cluster, term, today, now)
    return done


def _mark(actor, cluster: Cluster, term: Term, kind: str, subject_id, now) -> None:
    db.session.add(
        TermTurnMark(
            district_id=cluster.district_id,
            cluster_id=cluster.id,
            term_id=term.id,
            kind=kind,
            subject_id=subject_id,
            person_id=actor.person_id,
            settled_at=now,
        )
    )


def _settle_line(actor, cluster: Cluster, term: Term, line, reason: str, now) -> None:
    if not line.may:
        raise NotAllowed(queries.ASKS[line.kind])
    if line.fate == GOES_ON:
        audit.record(actor, f"{line.row.__tablename__}.go_on", line.row, {"term": (None, term.code)})
    else:
        take, step = ENDS[line.kind]
        take(actor, line.row, step, note=reason, expected=line.row.version, now=now)
    _mark(actor, cluster, term, line.kind, line.row.id, now)


def _carry_duties(actor, cluster: Cluster, before: Term, term: Term, now) -> int:
    """The duty table of the old term in the same weeks of the new one, unless that has one; 1 if it is new."""
    if not can(actor, "cluster.duties", cluster):
        raise NotAllowed("cluster.duties")
    if groups.turns_of(cluster, term.first_day, term.last_day):
        return 0
    old = [
        Moved(turn.school_id, turn.starts_on, turn.ends_on, turn.task)
        for turn in groups.turns_of(cluster, before.first_day, before.last_day)
    ]
    members = [m.school_id for m in clusters.members_on(cluster, max(term.first_day, local_day(now)))]
    moved = rules.moved_turns(old, before.value, term.value, members)
    for turn in {(each.who, each.first, each.task): each for each in moved}.values():
        db.session.add(
            DutyTurn(
                district_id=cluster.district_id,
                cluster_id=cluster.id,
                school_id=turn.who,
                starts_on=turn.first,
                ends_on=turn.last,
                task=turn.task,
            )
        )
    if not moved:
        return 0
    span = f"{moved[0].first.isoformat()} — {moved[-1].last.isoformat()}"
    audit.record(actor, "cluster.turns", cluster, {"turns": (None, span)})
    _mark(actor, cluster, term, "duties", cluster.id, now)
    return 1


def _begin_plan(actor, cluster: Cluster, term: Term, now) -> int:
    """The plan of the new term, begun with what the old one left open; 1 if it is new."""
    if not can(actor, "term_plan.open", cluster):
        raise NotAllowed("term_plan.open")
    plan = plan_queries.of_cluster(cluster, term)
    if plan is not None:
        return 0
    plan = term_plans.begin(actor, cluster, term, now=now)
    left = plan_lines.left_over(plan)
    if not left.is_empty:
        items, tasks = {each.item.id for each in left.items}, {task.id for task in left.tasks}
        plan_items.carry(actor, plan, items=items, tasks=tasks, lessons=bool(left.lessons))
    _mark(actor, cluster, term, "plan", cluster.id, now)
    return 1


def _tell(actor, cluster: Cluster, term: Term, today, now) -> None:
    """Each school's principal hears once that the turn has begun, with the page of the own school."""
    members = [m.school_id for m in clusters.members_on(cluster, today)]
    for school_id, principal in clusters.principals_of(cluster.district_id, members, today).items():
        notices.tell(
            [principal.id],
            "term_turn",
            district_id=cluster.district_id,
            link=f"/clusters/{cluster.id}/turn?term={term.code}&school={school_id}",
            now=now,
            besides=actor.person_id,
            what=cluster.name,
        )
    _mark(actor, cluster, term, "told", cluster.id, now)
    audit.record(actor, "cluster.turn", cluster, {"term": (None, term.code)})
