"""Term plans: the list of a term, one plan with its items and parts, agreeing, setting, submitting, accepting (W5)."""

from flask import abort, request
from flask_babel import gettext as _

from portal import labels
from portal.actions import plan_items as item_actions
from portal.actions import term_plans as actions
from portal.actions.errors import Refused
from portal.auth import actor, can, may_on, now, requires, today
from portal.blueprints.plans import bp
from portal.blueprints.plans.forms_plans import PartForm, PlanForm
from portal.documents.tables import table_workbook
from portal.domain.term_plans import differences
from portal.domain.words import N_
from portal.forms import as_uuid
from portal.queries import clusters, groups, plan_lines, term_plans, terms
from portal.queries.figures import scheme_of
from portal.web import (
    commit,
    go,
    history_of,
    read_step,
    read_version,
    render,
    saved,
    send_workbook,
    term_title,
)

STATES = {plan_lines.NOT_BEGUN: N_("未开始"), **labels.STATE["term_plan"]}


def _term():
    """The term that the address names, else the one under way."""
    return terms.asked_for(actor().district_id, request.values.get("term"), today())


def _filters() -> dict:
    state = request.args.get("state", "")
    return {"state": state if state in STATES else "", "late": request.args.get("late") == "1"}


@bp.get("/term/")
@requires("term_plan.list")
def term_plan_list():
    """The clusters in sight with their plan of a term; filters in the address."""
    who, term = actor(), _term()
    page = term and plan_lines.line_page(who, term, today(), cursor=request.args.get("at"), **_filters())
    return render(
        "plans/term_plans.html",
        fragments=("term_plan_list",),
        term=term,
        page=page,
        asked=request.args,
        states=STATES,
        counts=plan_lines.state_counts(who, term) if term else {},
        terms=[(t.code, term_title(t)) for t in terms.all_terms(who.district_id)],
        is_over=term is not None and term.last_day < today(),
        may_begin={line.cluster.id for line in page.rows if can("term_plan.open", line.cluster)}
        if page
        else (),
    )


@bp.get("/term/list.xlsx")
@requires("term_plan.list")
def term_plan_export():
    """The same list as a workbook."""
    term = _term()
    lines = plan_lines.all_lines(actor(), term, today(), **_filters()) if term else []
    head = [_("片区"), _("状态"), _("稿次"), _("截止日期"), _("报送日期"), _("逾期")]
    rows = [
        [
            line.cluster.name,
            _(STATES[line.state]),
            line.plan.edition if line.plan else None,
            line.due,
            line.plan.submitted_on if line.plan else None,
            _("是") if line.is_late else "",
        ]
        for line in lines
    ]
    title = _("学期计划") + (f" {term.code}" if term else "")
    return send_workbook(table_workbook(title, head, rows), f"{title}.xlsx")


@bp.post("/clusters/<uuid:cluster_id>/term-plan")
@requires("term_plan.open", clusters.cluster_by_id)
def term_plan_begin(cluster):
    """Begin the plan of a term, or open the one that is there."""
    term = terms.by_code(cluster.district_id, request.form.get("term", ""))
    if term is None:
        raise Refused(N_("没有这个学期"))
    plan = actions.begin(actor(), cluster, term, now=now())
    commit()
    return go("plans.term_plan", term_plan_id=plan.id)


@bp.get("/term/<uuid:term_plan_id>")
@requires("term_plan.view", term_plans.by_id)
def term_plan(term_plan):
    """One plan: analysis, goals, items, parts, who agreed, what comes next."""
    consents = term_plans.consents_of(term_plan, today())
    may_edit = term_plan.state == "drafting" and can("term_plan.edit", term_plan)
    left = plan_lines.left_over(term_plan) if may_edit else None
    return render(
        "plans/term_plan.html",
        plan=term_plan,
        due=term_plans.due_on(term_plan.cluster, term_plan.term),
        scheme=scheme_of(term_plan.cluster.scheme_code),
        lines=term_plans.progress_of(term_plan, today()),
        parts=term_plans.parts_of(term_plan),
        consents=consents,
        may_edit=may_edit,
        may_agree=_may_agree(term_plan, consents),
        left=left,
        editions=term_plans.editions_of(term_plan),
        counter_word=term_plans.counter_word,
        history=history_of(term_plan),
    )


def _may_agree(plan, consents) -> bool:
    waits = {each.school.id for each in consents if each.given is None}
    return plan.state == "drafting" and can("term_plan.agree", plan) and bool(waits & actor().principal_of)


@bp.route("/term/<uuid:term_plan_id>/edit", methods=["GET", "POST"])
@requires("term_plan.edit", term_plans.by_id)
def term_plan_edit(term_plan):
    """Write the analysis and the goals."""
    meetings = term_plans.meetings_for(term_plan)
    form = PlanForm(obj=term_plan, meetings=meetings, meeting=str(term_plan.meeting_id or ""))
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.write(actor(), term_plan, form.plan_values, expected=form.expected_version),
        term_plan,
        "lessons",
        "strengths",
        "weaknesses",
        "goals",
    ):
        return go("plans.term_plan", _("已保存"), term_plan_id=term_plan.id)
    left = plan_lines.left_over(term_plan)
    return render("plans/term_plan_form.html", form=form, plan=term_plan, left=left)


@bp.route("/term/<uuid:term_plan_id>/parts/<uuid:group>", methods=["GET", "POST"])
@requires("term_plan.view", term_plans.by_id)
def term_plan_part(term_plan, group):
    """A group writes its own part."""
    team = groups.by_id(actor().district_id, group)
    may_on("group.plan", team)
    if team.cluster_id != term_plan.cluster_id:
        abort(404)
    part = term_plans.part_of(term_plan, team)
    form = PartForm(obj=part)

    def act():
        return actions.write_part(actor(), term_plan, team, form.text.data, expected=form.expected_version)

    if form.validate_on_submit() and saved(form, act, part, *(("text",) if part else ())):
        return go("plans.term_plan", _("已保存"), term_plan_id=term_plan.id, _anchor="parts")
    return render("plans/term_plan_part.html", form=form, plan=term_plan, group=team, part=part)


@bp.route("/term/<uuid:term_plan_id>/carry", methods=["GET", "POST"])
@requires("term_plan.edit", term_plans.by_id)
def term_plan_carry(term_plan):
    """What the last term left open, chosen and copied (S1-75)."""
    refused = None
    if request.method == "POST":
        chosen = {name: {as_uuid(key) for key in request.form.getlist(name)} for name in ("item", "task")}
        try:
            count = item_actions.carry(
                actor(),
                term_plan,
                items=chosen["item"],
                tasks=chosen["task"],
                lessons=request.form.get("lessons") == "y",
            )
        except Refused as error:
            refused = _(error.message)
        else:
            commit()
            message = _("已沿用 %(count)s 项，请确认责任方和期限", count=count)
            return go("plans.term_plan", message, term_plan_id=term_plan.id, _anchor="items")
    left = plan_lines.left_over(term_plan)
    status = 422 if refused else None
    return render("plans/term_plan_carry.html", plan=term_plan, left=left, refused=refused, status=status)


@bp.post("/term/<uuid:term_plan_id>/ask")
@requires("term_plan.edit", term_plans.by_id)
def term_plan_ask(term_plan):
    """Ask the members for their consent."""
    count = actions.ask_consent(actor(), term_plan, now=now())
    commit()
    return go("plans.term_plan", _("已通知 %(count)s 所学校", count=count), term_plan_id=term_plan.id)


@bp.post("/term/<uuid:term_plan_id>/agree")
@requires("term_plan.view", term_plans.by_id)
def term_plan_agree(term_plan):
    """Agree for one's school."""
    may_on("term_plan.agree", term_plan)
    actions.agree(actor(), term_plan, expected=read_version(), now=now())
    commit()
    return go("plans.term_plan", _("已代表本校表示同意"), term_plan_id=term_plan.id)


@bp.post("/term/<uuid:term_plan_id>/step")
@requires("term_plan.view", term_plans.by_id)
def term_plan_step(term_plan):
    """Set, submit, accept, return or amend."""
    step = read_step("term_plan")
    actions.take(actor(), term_plan, step.action, note=step.note, expected=step.expected, now=now())
    commit()
    return go("plans.term_plan", _("已办理"), term_plan_id=term_plan.id)


@bp.get("/term/<uuid:term_plan_id>/editions/<int:edition>")
@requires("term_plan.view", term_plans.by_id)
def term_plan_edition(term_plan, edition):
    """An edition as it was set, and what differs from the one before it."""
    found = term_plans.edition_of(term_plan, edition) or abort(404)
    before = next((each for each in term_plans.editions_of(term_plan) if each.edition < edition), None)
    return render(
        "plans/term_plan_edition.html",
        plan=term_plan,
        edition=found,
        content=found.content,
        before=before,
        changes=differences(before.content, found.content) if before else [],
    )
