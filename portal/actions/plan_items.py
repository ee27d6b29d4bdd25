"""The items of a term plan: written, carried over from the term before, reported on."""

from portal.actions import audit
from portal.actions.errors import Refused
from portal.actions.steps import expect_version, take_step
from portal.actions.term_plans import hold, let_consents_lapse, refuse_set
from portal.domain.words import N_
from portal.extensions import db
from portal.models import PlanItem, TermPlan
from portal.queries import clusters, plan_lines, term_plans

OWNERS = ("school_id", "group_id", "person_id")


def add(actor, plan: TermPlan, values: dict) -> PlanItem:
    """Write an item into a draft."""
    hold(plan)
    refuse_set(plan)
    _refuse_wrong(plan, values)
    item = _added(plan, values)
    audit.record(actor, "term_plan.edit", plan, {"item": (None, item.text)})
    let_consents_lapse(actor, plan)
    return item


def _added(plan: TermPlan, values: dict) -> PlanItem:
    position = max((row.position for row in plan.items), default=0) + 1
    item = PlanItem(district_id=plan.district_id, plan_id=plan.id, position=position, **values)
    db.session.add(item)
    db.session.flush()  # the next one stands behind it
    db.session.expire(plan, ["items"])
    return item


def edit(actor, item: PlanItem, values: dict, *, expected) -> None:
    """Change an item of a draft. Conflict for a stale form."""
    plan = item.plan
    hold(plan)
    db.session.refresh(item)
    expect_version(item, expected)
    refuse_set(plan)
    _refuse_wrong(plan, values)
    before = item.owner
    changes = audit.changes_of(item, values)
    if not changes:
        return
    db.session.flush()  # the new owner is read back
    db.session.expire(item, ["school", "group", "person"])
    if any(changes.pop(name, None) for name in OWNERS):
        changes["owner"] = (before, item.owner)
    told = {name: (_plain(old), _plain(new)) for name, (old, new) in changes.items()}
    audit.record(actor, "plan_item.edit", item, told)
    audit.record(actor, "term_plan.edit", plan, {"item": (item.text, item.text)})
    let_consents_lapse(actor, plan)


def remove(actor, item: PlanItem, *, expected) -> TermPlan:
    """Take an item out of a draft; its plan. The history of the plan keeps its words."""
    plan = item.plan
    hold(plan)
    expect_version(item, expected)
    refuse_set(plan)
    audit.record(actor, "term_plan.edit", plan, {"item": (item.text, None)})
    db.session.delete(item)
    let_consents_lapse(actor, plan)
    db.session.expire(plan, ["items"])
    return plan


def report(actor, item: PlanItem, result: str, *, expected) -> None:
    """Say in a line what came of it so far. What is counted stays counted."""
    expect_version(item, expected)
    changes = audit.changes_of(item, {"result": result})
    if changes:
        audit.record(actor, "plan_item.edit", item, changes)


def take(actor, item: PlanItem, action: str, *, note: str, expected) -> None:
    """Finish, drop or resume an item. One that is counted finishes by what is recorded."""
    if action == "finish" and item.counter:
        raise Refused(N_("这一项按记录计数，达到目标数就是完成，不用登记"))
    take_step(actor, item, action, note=note, expected=expected)


def carry(actor, plan: TermPlan, *, items: set, tasks: set, lessons: bool) -> int:
    """Copy what the term before left open, as chosen, into a draft; how many items are new (S1-75).

    What was carried before is not copied twice. Refused when nothing was chosen.
    """
    hold(plan)
    refuse_set(plan)
    left = plan_lines.left_over(plan)
    known = {(row.text, row.carried_from) for row in plan.items}
    groups_now = {each.group.id for each in term_plans.parts_of(plan)}
    schools_now = {m.school_id for m in clusters.members_on(plan.cluster, plan.term.first_day)}
    count = 0
    for each in (row.item for row in left.items if row.item.id in items):
        source = f"{left.term.code} 计划"
        if (each.text, source) in known:
            continue
        copied = ("phase", "text", "measure", "criteria", "counter", "target", "person_id")
        values = {name: getattr(each, name) for name in copied}
        values["group_id"] = each.group_id if each.group_id in groups_now else None
        values["school_id"] = each.school_id if each.school_id in schools_now else None
        _added(plan, {**values, "carried_from": source})
        count += 1
    for task in (row for row in left.tasks if row.id in tasks):
        source = f"{left.term.code} {task.meeting.title}"[:120]
        if (task.text[:200], source) in known:
            continue
        school = task.school_id if task.school_id in schools_now else None
        _added(plan, {"text": task.text[:200], "school_id": school, "carried_from": source})
        count += 1
    learned = _learned(plan, left) if lessons else ""
    if not count and not learned:
        raise Refused(N_("请先选要沿用的事项；已经沿用的不会重复"))
    changes = {"item": (None, count)} if count else {}
    if learned:
        changes["lessons"] = (plan.lessons, learned)
        plan.lessons = learned
    audit.record(actor, "term_plan.carry", plan, changes)
    let_consents_lapse(actor, plan)
    return count


def _learned(plan: TermPlan, left) -> str:
    new = [text for _, text in left.lessons if text not in plan.lessons]
    return "\n".join([plan.lessons, *new] if plan.lessons else new) if new else ""


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def _refuse_wrong(plan: TermPlan, values: dict) -> None:
    term = plan.term
    if values["due_on"] and values["due_on"] > term.last_day:
        raise Refused(
            N_("完成期限要在学期结束（%(day)s）以前"), field="due_on", day=term.last_day.isoformat()
        )
    if values["counter"] and values["counter"] not in term_plans.counters():
        raise Refused(N_("请从列出的选项里选择"), field="counter")
    if values["target"] and not values["counter"]:
        raise Refused(N_("填了目标数，就要选按什么计数"), field="counter")
    if values["school_id"]:
        members = clusters.members_during(plan.cluster, term.first_day, term.last_day)
        if values["school_id"] not in {school.id for school in members}:
            raise Refused(N_("这所学校本学期不在这个片区"), field="owner")
