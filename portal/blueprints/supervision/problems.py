"""The register of problems: a term's lines with those carried into it, one line, its steps."""

from flask import abort, request, url_for
from flask_babel import gettext as _

from portal import labels
from portal.actions import supervision as actions
from portal.auth import actor, can, may_on, now, requires, today
from portal.blueprints.supervision import bp
from portal.blueprints.supervision.forms import ProblemForm
from portal.blueprints.supervision.inspections import asked_filters, asked_term, term_choices
from portal.documents.tables import table_workbook
from portal.domain.supervision import CATEGORIES, PROBLEM_STATES, is_carried, is_late
from portal.queries import clusters, quality, supervision
from portal.web import commit, go, history_of, read_step, render, saved, send_workbook, term_title


def _filters() -> dict:
    state, category = request.args.get("state", ""), request.args.get("kind", "")
    return asked_filters() | {
        "state": state if state in PROBLEM_STATES else "",
        "category": category if category in CATEGORIES else "",
        "late_on": today() if state == "late" else None,
    }


@bp.get("/problems")
@requires("problem.list")
def problem_list():
    """The register of a term."""
    who, term, filters = actor(), asked_term(), _filters()
    mine = clusters.all_clusters(who)
    counted = {**filters, "state": "", "late_on": None}
    return render(
        "supervision/problems.html",
        fragments=("problem_list",),
        term=term,
        term_choices=term_choices(),
        asked=request.args,
        page=supervision.problem_page(who, term, request.args.get("at"), **filters) if term else None,
        counts=supervision.problem_counts(who, term, **counted) if term else {},
        clusters=mine,
        may_write=[cluster for cluster in mine if can("problem.create", cluster)],
        is_late=lambda row: is_late(row.state, row.due_on, today()),
        is_carried=lambda row: is_carried(row.found_on, term.first_day),
    )


@bp.get("/problems.xlsx")
@requires("problem.list")
def problem_export():
    """What the register shows, as a workbook."""
    term = asked_term() or abort(404)
    head = [_("发现日期"), _("问题"), _("问题类别"), _("片区"), _("责任学校"), _("责任人"), _("整改期限")]
    head += [_("状态"), _("整改情况"), _("销号日期"), _("以前学期转来")]
    lines = [
        [
            row.found_on,
            row.text,
            _(labels.PROBLEM_CATEGORY[row.category]),
            row.cluster.name,
            row.school.name if row.school else _("整个片区"),
            row.owner.name if row.owner else None,
            row.due_on,
            _(labels.state_word("problem", row.state)),
            row.result,
            row.confirmed_on,
            _("是") if is_carried(row.found_on, term.first_day) else None,
        ]
        for row in supervision.all_problems(actor(), term, **_filters())
    ]
    name = _("问题清单") + " " + term_title(term)
    return send_workbook(table_workbook(_("问题清单"), head, lines), name + ".xlsx")


def _form(cluster, **options) -> ProblemForm:
    everyone = can("problem.for_members", cluster)
    schools = [
        school
        for school in supervision.schools_of(cluster, today())
        if everyone or school.id in actor().manages_schools
    ]
    staff = supervision.staff_of(cluster.district_id, [school.id for school in schools], today())
    return ProblemForm(schools=schools, staff=staff, for_all=can("problem.for_all", cluster), **options)


@bp.route("/clusters/<uuid:cluster_id>/problems/new", methods=["GET", "POST"])
@requires("problem.create", clusters.cluster_by_id)
def problem_new(cluster):
    """Enter a problem that no inspection found."""
    return _new(cluster, _form(cluster), url_for("supervision.problem_new", cluster_id=cluster.id))


@bp.route("/inspections/<uuid:inspection_id>/findings/<int:finding>/problem", methods=["GET", "POST"])
@requires("inspection.edit", supervision.inspection_by_id)
def finding_problem(inspection, finding):
    """Make a finding a line of the register."""
    if finding >= len(inspection.lines) or not inspection.is_public:
        abort(404)
    may_on("problem.create", inspection.cluster)
    form = _form(inspection.cluster, text=inspection.lines[finding], school=str(inspection.school_id or ""))
    address = url_for("supervision.finding_problem", inspection_id=inspection.id, finding=finding)
    return _new(inspection.cluster, form, address, inspection=inspection, finding=finding)


@bp.route("/quality/<uuid:analysis_id>/problem", methods=["GET", "POST"])
@requires("quality.report", quality.by_id)
def quality_problem(analysis):
    """Enter what is to be improved after a quality analysis: whose it is, by when (S4-36)."""
    may_on("problem.create", analysis.cluster)
    form = _form(analysis.cluster, category="teaching")
    address = url_for("supervision.quality_problem", analysis_id=analysis.id)
    return _new(analysis.cluster, form, address, analysis=analysis)


def _new(cluster, form, address: str, **source):
    if form.validate_on_submit():

        def act():
            return actions.register(actor(), cluster, form.row, today=today(), now=now(), **source)

        made = saved(form, act)
        if made:
            return go("supervision.problem", _("已列入问题清单"), problem_id=made.id)
    return render(
        "supervision/problem_form.html",
        form=form,
        cluster=cluster,
        address=address,
        problem=None,
        analysis=source.get("analysis"),
    )


@bp.get("/problems/<uuid:problem_id>")
@requires("problem.view", supervision.problem_by_id)
def problem(problem):
    """One line with its history."""
    source, analysis = problem.inspection, problem.analysis
    return render(
        "supervision/problem.html",
        problem=problem,
        may_edit=can("problem.edit", problem) and problem.state != "confirmed",
        source=source if source and can("inspection.view", source) else None,
        analysis=analysis if analysis and can("quality.view", analysis) else None,
        is_late=is_late(problem.state, problem.due_on, today()),
        history=history_of(problem),
    )


@bp.route("/problems/<uuid:problem_id>/edit", methods=["GET", "POST"])
@requires("problem.edit", supervision.problem_by_id)
def problem_edit(problem):
    """Change it."""
    shown = {"school": str(problem.school_id or ""), "owner": str(problem.owner_id or "")}
    shown |= {name: getattr(problem, name) for name in ("text", "category", "due_on")}
    form = _form(problem.cluster, data=shown)
    for name, row in (("school", problem.school), ("owner", problem.owner)):
        if shown[name] not in dict(form[name].choices):
            form[name].choices.append((shown[name], row.name if row else _("整个片区")))

    def act():
        values = {"expected": form.expected_version, "today": today(), "now": now()}
        return actions.edit_problem(actor(), problem, form.row, **values)

    if form.validate_on_submit() and saved(form, act, problem, "text", "due_on"):
        return go("supervision.problem", _("已保存"), problem_id=problem.id)
    address = url_for("supervision.problem_edit", problem_id=problem.id)
    return render(
        "supervision/problem_form.html",
        form=form,
        cluster=problem.cluster,
        address=address,
        problem=problem,
        analysis=problem.analysis,
    )


@bp.post("/problems/<uuid:problem_id>/step")
@requires("problem.view", supervision.problem_by_id)
def problem_step(problem):
    """Begin to mend, say what was done, confirm, return."""
    actions.take_problem(actor(), problem, read_step("problem"), now=now(), today=today())
    commit()
    return go("supervision.problem", problem_id=problem.id)
