"""Term plans (W5): begun, written together, set into a frozen edition, submitted, accepted, amended."""

from datetime import UTC, datetime

from portal.actions import audit, notices
from portal.actions.errors import Conflict, NotAllowed, Refused
from portal.actions.steps import expect_version, take_step
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.summary_content import content_hash
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, ClusterGroup, PlanConsent, PlanEdition, PlanPart, Term, TermPlan
from portal.queries import clusters, term_plans


def begin(actor, cluster: Cluster, term: Term, *, now) -> TermPlan:
    """Begin the plan of a cluster and term; the one that is there, if there is one.

    Refused for a term that is over: nobody plans the past.
    """
    db.session.refresh(cluster, with_for_update=True)  # in line with others who begin it at this moment
    if found := term_plans.of_cluster(cluster, term):
        return found
    if local_day(now) > term.last_day:
        raise Refused(N_("这个学期已经结束"))
    plan = TermPlan(
        district_id=cluster.district_id,
        cluster_id=cluster.id,
        term_id=term.id,
        created_by_id=actor.person_id,
    )
    db.session.add(plan)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "term_plan.create", plan, {"edition": (None, 1)})
    return plan


def write(actor, plan: TermPlan, values: dict, *, expected) -> None:
    """Change the texts of a draft, and in which meeting it was discussed. Conflict for a stale form."""
    hold(plan)
    expect_version(plan, expected)
    refuse_set(plan)
    known = {meeting.id: meeting.title for meeting in term_plans.meetings_for(plan)}
    if values["meeting_id"] and values["meeting_id"] not in known:
        raise Refused(N_("这次会议不是本片区本学期的会议"), field="meeting")
    before = plan.meeting_id
    changes = audit.changes_of(plan, values)
    if not changes:
        return
    changes.pop("meeting_id", None)
    if before != plan.meeting_id:
        changes["meeting"] = (known.get(before), known.get(plan.meeting_id))
    audit.record(actor, "term_plan.edit", plan, changes)
    let_consents_lapse(actor, plan)


def write_part(actor, plan: TermPlan, group: ClusterGroup, text: str, *, expected) -> PlanPart:
    """A group writes its own part. Conflict when somebody saved it in between."""
    hold(plan)
    refuse_set(plan)
    if group.cluster_id != plan.cluster_id:
        raise Refused(N_("这个小组不在这个片区"))
    part = term_plans.part_of(plan, group)
    if part is None:
        part = PlanPart(district_id=plan.district_id, plan_id=plan.id, group_id=group.id)
        db.session.add(part)
    else:
        expect_version(part, expected)
    old = part.text or ""
    if old != text:
        part.text, part.edited_by_id = text, actor.person_id
        audit.record(actor, "term_plan.part", plan, {"group": (None, group.name), "text": (old, text)})
        let_consents_lapse(actor, plan)
    return part


def ask_consent(actor, plan: TermPlan, *, now) -> int:
    """Tell the members that the plan waits for their consent; how many are told."""
    hold(plan)
    refuse_set(plan)
    _refuse_unfinished(plan)
    waiting = [each for each in term_plans.consents_of(plan, local_day(now)) if each.given is None]
    if not waiting:
        raise Refused(N_("各成员校都已经表示同意，或不需要表示同意"))
    _tell(actor, plan, [each.principal.id for each in waiting], "plan_for_consent", now)
    audit.record(
        actor, "term_plan.ask_consent", plan, {"school": (None, "、".join(w.school.name for w in waiting))}
    )
    return len(waiting)


def agree(actor, plan: TermPlan, *, expected, now) -> None:
    """Agree to the plan as it was seen, for one's school (equal profile). Conflict when it has changed since."""
    if not can(actor, "term_plan.agree", plan):
        raise NotAllowed("term_plan.agree")
    hold(plan)
    expect_version(plan, expected)
    refuse_set(plan)
    _refuse_unfinished(plan)
    mine = [
        each
        for each in term_plans.consents_of(plan, local_day(now))
        if each.school.id in actor.principal_of and each.given is None
    ]
    if not mine:
        raise Refused(N_("贵校已经表示同意，或不需要表示同意"))
    for each in mine:
        db.session.add(
            PlanConsent(
                district_id=plan.district_id,
                plan_id=plan.id,
                edition=plan.edition,
                school_id=each.school.id,
                person_id=actor.person_id,
                agreed_at=now,
            )
        )
        audit.record(actor, "term_plan.agree", plan, {"school": (None, each.school.name)})


def take(actor, plan: TermPlan, action: str, *, note: str, expected, now) -> None:
    """Set, submit, accept, return or amend; whom it concerns is told."""
    hold(plan)
    if action == "set":
        _set(actor, plan, expected=expected, now=now)
        return
    if action == "submit" and plan.state == "agreed" and plan.submitted_on is None:
        plan.submitted_on = local_day(now)  # the first submission is what the due date is held against
    with db.session.no_autoflush:  # day and state change together
        take_step(actor, plan, action, note=note, expected=expected)
    if action in ("return", "amend"):
        # The edition that was set stays as it is; what is written from now on is the next one.
        audit.record(actor, "term_plan.edit", plan, {"edition": (plan.edition, plan.edition + 1)})
        plan.edition += 1
    if action == "submit":
        _tell(actor, plan, term_plans.receivers(plan, local_day(now)), "plan_submitted", now)
    elif action in ("return", "accept"):
        lead = clusters.lead_principal(plan.cluster, local_day(now))
        kind = "plan_returned" if action == "return" else "plan_accepted"
        _tell(actor, plan, [lead.id if lead else None], kind, now)


def _set(actor, plan: TermPlan, *, expected, now) -> None:
    """Freeze the plan as an edition. Where the profile asks for it, every member has agreed first."""
    if not can(actor, "term_plan.set", plan):
        raise NotAllowed("term_plan.set")
    expect_version(plan, expected)
    if plan.state != "drafting":
        raise Conflict(plan)
    today = local_day(now)
    _refuse_unfinished(plan)
    missing = [each.school.name for each in term_plans.consents_of(plan, today) if each.given is None]
    if missing:
        raise Refused(N_("还有成员校没有表示同意：%(names)s"), names="、".join(missing))
    content = term_plans.draft_content(plan, today, signatory=actor.name, set_on=today)
    db.session.add(
        PlanEdition(
            district_id=plan.district_id,
            plan_id=plan.id,
            edition=plan.edition,
            content=content,
            content_hash=content_hash(content),
            set_by_id=actor.person_id,
            set_at=now,
        )
    )
    take_step(actor, plan, "set")


def hold(plan: TermPlan) -> None:
    """Keep other writers of this plan waiting, and see it as the last of them left it."""
    db.session.refresh(plan, with_for_update=True)


def refuse_set(plan: TermPlan) -> None:
    """Refused once the plan is set: what was agreed is changed by an amendment alone."""
    if plan.state != "drafting":
        raise Refused(N_("计划已定稿，要先修订才能改动"))


def let_consents_lapse(actor, plan: TermPlan) -> None:
    """A changed plan is another version, and has nobody's consent any more."""
    plan.updated_at = datetime.now(UTC)  # items and parts belong to the plan: its version moves with them
    given = [row for row in plan.consents if row.edition == plan.edition]
    if not given:
        return
    schools = "、".join(row.school.name for row in given)
    for row in given:
        db.session.delete(row)
    audit.record(actor, "term_plan.consents_lapse", plan, {"school": (schools, None)})
    db.session.expire(plan, ["consents"])


def _refuse_unfinished(plan: TermPlan) -> None:
    if not plan.goals:
        raise Refused(N_("还没有写目标"))
    if not any(item.state != "dropped" for item in term_plans.items_of(plan)):
        raise Refused(N_("还没有工作事项"))


def _tell(actor, plan: TermPlan, people: list, kind: str, now) -> None:
    notices.tell(
        people,
        kind,
        district_id=plan.district_id,
        link=f"/plans/term/{plan.id}",
        now=now,
        besides=actor.person_id,
        what=f"{plan.cluster.name} {plan.term.code}",
    )
