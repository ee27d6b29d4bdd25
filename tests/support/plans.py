"""Groups, letters and term plans for tests: one of each kind for the populated world, and short ways to them."""

from datetime import date, datetime

import sqlalchemy as sa

from portal.domain.moments import SHANGHAI
from portal.domain.term_plans import TEXTS
from portal.extensions import db
from portal.models import (
    ClusterGroup,
    DutyTurn,
    GroupMember,
    GroupSummary,
    MeetingParticipant,
    PlanEdition,
    PlanItem,
    PlanPart,
    ResponsibilityLetter,
    TermPlan,
)

GROUP = {
    "kind": "working",
    "name": "教研工作小组",
    "starts_on": "2025-09-01",
    "ends_on": "",
    "duties": "联合教研",
}
PLAN = {"lessons": "", "strengths": "师资强", "weaknesses": "音乐教师少", "goals": "开齐课程", "meeting": ""}
ITEM = {
    "text": "联合教研四次",
    "phase": "during",
    "owner": "",
    "person": "",
    "due_on": "2026-01-16",
    "counter": "",
}


def fill(add, base: dict, word: str, *, cluster, term, member, teacher, head, meeting) -> None:
    """One record of each kind of a cluster: a group with a member, a turn, a letter, a plan with item and part."""
    group = add(
        "group",
        ClusterGroup(
            **base,
            cluster_id=cluster.id,
            kind="working",
            name="小组" + word,
            subject="语文",
            duties="职责" + word,
            starts_on=date(2025, 9, 1),
            created_by_id=head.id,
        ),
    )
    add(
        "group_member",
        GroupMember(
            **base,
            group_id=group.id,
            name="专家" + word,
            organisation="师院" + word,
            post="adviser",
            duty="指导" + word,
            starts_on=date(2025, 9, 1),
        ),
    )
    add(
        "group_summary",
        GroupSummary(
            **base, group_id=group.id, term_id=term.id, text="小组总结" + word, edited_by_id=head.id
        ),
    )
    week = {"starts_on": date(2025, 11, 17), "ends_on": date(2025, 11, 23)}
    add(
        "duty",
        DutyTurn(**base, cluster_id=cluster.id, school_id=member.id, task="值周" + word, **week),
    )
    add(
        "letter",
        ResponsibilityLetter(
            **base,
            cluster_id=cluster.id,
            school_id=member.id,
            title="责任书" + word,
            targets="目标" + word,
            result="完成" + word,
            starts_on=date(2025, 9, 1),
            ends_on=date(2026, 7, 5),
            created_by_id=head.id,
        ),
    )
    plan = add(
        "term_plan",
        TermPlan(
            **base,
            cluster_id=cluster.id,
            term_id=term.id,
            goals="计划目标" + word,
            edition=2,
            created_by_id=head.id,
        ),
    )
    frozen = {"title": "计划" + word, "texts": dict.fromkeys(TEXTS, word), "items": [], "parts": []}
    add(
        "plan_edition",
        PlanEdition(
            **base,
            plan_id=plan.id,
            edition=1,
            content=frozen,
            content_hash="0" * 64,
            set_by_id=head.id,
            set_at=datetime(2025, 9, 1, 9, tzinfo=SHANGHAI),
        ),
    )
    add(
        "plan_item",
        PlanItem(**base, plan_id=plan.id, text="事项" + word, school_id=member.id, due_on=date(2025, 11, 28)),
    )
    add("plan_part", PlanPart(**base, plan_id=plan.id, group_id=group.id, text="小组计划" + word))
    add(
        "meeting_participant",
        MeetingParticipant(**base, meeting_id=meeting.id, person_id=teacher.id, school_id=member.id),
    )


def form_group(as_, world, who: str = "lead", **changes) -> ClusterGroup:
    """A group of 麟峰小学片区, formed through its page."""
    cluster = changes.pop("cluster", world.cluster)
    answer = as_(who).post(f"/clusters/{cluster.id}/groups/new", data={**GROUP, **changes})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return db.session.scalars(sa.select(ClusterGroup).order_by(ClusterGroup.id.desc())).first()


def begin_plan(as_, world, who: str = "lead", cluster=None, term=None) -> TermPlan:
    """A plan begun through its page."""
    cluster, code = cluster or world.cluster, (term or world.term).code
    answer = as_(who).post(f"/plans/clusters/{cluster.id}/term-plan", data={"term": code})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return db.session.scalars(
        sa.select(TermPlan).where(TermPlan.cluster_id == cluster.id).order_by(TermPlan.id.desc())
    ).first()


def write_plan(as_, plan: TermPlan, who: str = "lead", **changes):
    """Its analysis and goals, through the page."""
    db.session.refresh(plan)
    data = {**PLAN, "version": plan.version, **changes}
    return as_(who).post(f"/plans/term/{plan.id}/edit", data=data)


def add_item(as_, plan: TermPlan, who: str = "lead", **changes) -> PlanItem:
    """One item, through the page."""
    answer = as_(who).post(f"/plans/term/{plan.id}/items/new", data={**ITEM, **changes})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return db.session.scalars(sa.select(PlanItem).order_by(PlanItem.id.desc())).first()


def step(as_, plan: TermPlan, who: str, action: str, note: str = "", **more):
    """Press a button of the plan."""
    db.session.refresh(plan)
    data = {"action": action, "note": note, "version": plan.version, **more}
    return as_(who).post(f"/plans/term/{plan.id}/step", data=data)
