"""The items of a term plan: written, reported on, and how far they are."""

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import plan_items as actions
from portal.auth import actor, requires, today
from portal.blueprints.plans import bp
from portal.blueprints.plans.forms_plans import ItemForm, ReportForm
from portal.documents.tables import table_workbook
from portal.domain.figures import plain_number
from portal.queries import clusters, people, term_plans
from portal.web import commit, go, history_of, read_step, read_version, render, saved, send_workbook


def _counted(counter: str) -> str:
    label, unit = term_plans.counter_word(counter)
    return _("%(what)s（%(unit)s）", what=_(label), unit=_(unit))


def _form(plan, **options) -> ItemForm:
    return ItemForm(
        schools=clusters.members_during(plan.cluster, plan.term.first_day, plan.term.last_day),
        groups=[each.group for each in term_plans.parts_of(plan)],
        counters=[(counter, _counted(counter)) for counter in term_plans.counters()],
        **options,
    )


def _person(form):
    """(found or not needed, the person) that the form names."""
    if not form.person.data:
        return True, None
    person = people.resolve_person(actor(), form.person.data, form.chosen_person)
    if person is None:
        form.add_error("person", _("没有找到这位教师，或有同名的人：请写成“姓名（学校）”"))
    return person is not None, person


@bp.route("/term/<uuid:term_plan_id>/items/new", methods=["GET", "POST"])
@requires("term_plan.edit", term_plans.by_id)
def plan_item_new(term_plan):
    """Write an item."""
    form = _form(term_plan)
    if form.validate_on_submit():
        fine, person = _person(form)
        if fine and saved(form, lambda: actions.add(actor(), term_plan, form.item_values(person))):
            return go("plans.term_plan", _("已登记"), term_plan_id=term_plan.id, _anchor="items")
    return render("plans/plan_item_form.html", form=form, plan=term_plan, item=None)


@bp.get("/items/<uuid:plan_item_id>")
@requires("plan_item.view", term_plans.item_by_id)
def plan_item(plan_item):
    """One item with its progress and what came of it."""
    return _item_page(plan_item, ReportForm(obj=plan_item))


def _item_page(item, form):
    lines = term_plans.progress_of(item.plan, today())
    return render(
        "plans/plan_item.html",
        form=form,
        item=item,
        plan=item.plan,
        line=next(each for each in lines if each.item.id == item.id),
        counter_word=term_plans.counter_word,
        history=history_of(item),
    )


@bp.route("/items/<uuid:plan_item_id>/edit", methods=["GET", "POST"])
@requires("term_plan.edit", term_plans.item_by_id)
def plan_item_edit(plan_item):
    """Change an item of a draft."""
    owner = f"school:{plan_item.school_id}" if plan_item.school_id else ""
    owner = f"group:{plan_item.group_id}" if plan_item.group_id else owner
    name = plan_item.person.name if plan_item.person_id else ""
    form = _form(plan_item.plan, obj=plan_item, owner=owner, person=name)
    if request.method == "GET":
        form.owner.data, form.person.data = owner, name
    if form.validate_on_submit():
        fine, person = _person(form)
        values = form.item_values(person) if fine else {}
        act = lambda: actions.edit(actor(), plan_item, values, expected=form.expected_version)  # noqa: E731
        if fine and saved(form, act, plan_item, "text", "due_on", "measure", "criteria", "target"):
            key = plan_item.plan_id
            return go("plans.term_plan", _("已保存"), term_plan_id=key, _anchor="items")
    return render("plans/plan_item_form.html", form=form, plan=plan_item.plan, item=plan_item)


@bp.post("/items/<uuid:plan_item_id>/remove")
@requires("term_plan.edit", term_plans.item_by_id)
def plan_item_remove(plan_item):
    """Take an item out of a draft."""
    key = plan_item.plan_id
    actions.remove(actor(), plan_item, expected=read_version())
    commit()
    return go("plans.term_plan", _("已删去"), term_plan_id=key, _anchor="items")


@bp.post("/items/<uuid:plan_item_id>/report")
@requires("plan_item.report", term_plans.item_by_id)
def plan_item_report(plan_item):
    """Say in a line what came of it."""
    form = ReportForm()
    act = lambda: actions.report(  # noqa: E731
        actor(), plan_item, form.result.data, expected=form.expected_version
    )
    if form.validate_on_submit() and saved(form, act, plan_item, "result"):
        return go("plans.plan_item", _("已保存"), plan_item_id=plan_item.id)
    return _item_page(plan_item, form)


@bp.post("/items/<uuid:plan_item_id>/step")
@requires("plan_item.view", term_plans.item_by_id)
def plan_item_step(plan_item):
    """Finish, drop or resume."""
    step = read_step("plan_item")
    actions.take(actor(), plan_item, step.action, note=step.note, expected=step.expected)
    commit()
    return go("plans.plan_item", _("已办理"), plan_item_id=plan_item.id)


# Progress


def _shown(plan) -> list:
    """The items with the progress that the address asks for."""
    state = request.args.get("state", "")
    lines = term_plans.progress_of(plan, today())
    return [each for each in lines if state not in labels.PLAN_PROGRESS or each.progress.state == state]


@bp.get("/term/<uuid:term_plan_id>/progress")
@requires("term_plan.view", term_plans.by_id)
def term_plan_progress(term_plan):
    """Actual against target, item by item, from what was recorded."""
    lines = term_plans.progress_of(term_plan, today())
    counts = {word: sum(each.progress.state == word for each in lines) for word in labels.PLAN_PROGRESS}
    return render(
        "plans/term_plan_progress.html",
        fragments=("progress_list",),
        plan=term_plan,
        lines=_shown(term_plan),
        counts=counts,
        total=len(lines),
        asked=request.args,
        counter_word=term_plans.counter_word,
    )


@bp.get("/term/<uuid:term_plan_id>/progress.xlsx")
@requires("term_plan.view", term_plans.by_id)
def term_plan_progress_export(term_plan):
    """The same table as a workbook."""
    head = [_("工作事项"), _("阶段"), _("责任方"), _("措施"), _("成果标准"), _("完成期限")]
    head += [_("按什么计数"), _("目标数"), _("现在"), _("状态"), _("完成情况")]
    rows = [
        [
            each.item.text,
            _(labels.PLAN_PHASE[each.item.phase]),
            each.item.owner or _("各成员校"),
            each.item.measure,
            each.item.criteria,
            each.item.due_on,
            _counted(each.item.counter) if each.item.counter else "",
            each.progress.target,
            plain_number(each.progress.actual) if each.progress.actual is not None else None,
            _(labels.PLAN_PROGRESS[each.progress.state]),
            each.item.result,
        ]
        for each in _shown(term_plan)
    ]
    title = _("%(name)s学期计划进度", name=term_plan.cluster.name)
    return send_workbook(table_workbook(title, head, rows), f"{title} {term_plan.term.code}.xlsx")
