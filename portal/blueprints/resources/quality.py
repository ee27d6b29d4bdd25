"""Quality analyses: the list of a term, one of them with its four steps, begun, changed, each step written (S4-36)."""

from flask import abort, request
from flask_babel import gettext as _

from portal import labels
from portal.actions import quality as actions
from portal.auth import actor, can, may_on, requires, today
from portal.blueprints.resources import bp
from portal.blueprints.resources.quality_forms import QualityForm, StepForm
from portal.documents.tables import table_workbook
from portal.domain.quality import STEPS, may_write, next_step
from portal.forms import as_uuid, clean_line
from portal.queries import clusters, terms
from portal.queries import quality as queries
from portal.web import go, history_of, render, saved, send_workbook, term_title


def _asked_term():
    return terms.asked_for(actor().district_id, request.args.get("term"), today())


def _filters() -> dict:
    asked = request.args
    step = asked.get("step", "")
    return {
        "cluster_id": as_uuid(asked.get("cluster")),
        "subject": clean_line(asked.get("subject", ""))[:40],
        "step": step if step in labels.QUALITY_STATE else "",
        "words": clean_line(asked.get("q", ""))[:40],
    }


def _stands(row) -> str:
    return next_step(step.kind for step in row.steps)


@bp.get("/quality")
@requires("quality.list")
def quality_list():
    """The analyses of a term."""
    who, term = actor(), _asked_term()
    mine = clusters.all_clusters(who)
    return render(
        "resources/quality_list.html",
        fragments=("quality_list",),
        term=term,
        term_choices=[(each.code, term_title(each)) for each in terms.all_terms(who.district_id)],
        asked=request.args,
        page=queries.quality_page(who, term, request.args.get("at"), **_filters()) if term else None,
        subjects=[("", _("全部")), *((name, name) for name in (queries.subjects(who, term) if term else ()))],
        clusters=mine,
        may_begin=[cluster for cluster in mine if can("quality.create", cluster)],
        stands=_stands,
    )


@bp.get("/quality.xlsx")
@requires("quality.list")
def quality_export():
    """What the list shows, with what each step says, as a workbook."""
    term = _asked_term() or abort(404)
    words = [_(labels.QUALITY_STEP[step]) for step in STEPS]
    head = [_("名称"), _("片区"), _("学科"), _("年级"), _("进展")]
    head += [each for word in words for each in (_("%(step)s日期", step=word), word)]
    lines = []
    for row in queries.all_matching(actor(), term, **_filters()):
        written = {step.kind: step for step in row.steps}
        line = [row.title, row.cluster.name, row.subject, row.grade, _(labels.QUALITY_STATE[_stands(row)])]
        for step in STEPS:
            each = written.get(step)
            line += [each and each.held_on, each and each.text]
        lines.append(line)
    name = _("质量分析") + " " + term_title(term)
    return send_workbook(table_workbook(_("质量分析"), head, lines), name + ".xlsx")


@bp.route("/clusters/<uuid:cluster_id>/quality/new", methods=["GET", "POST"])
@requires("quality.create", clusters.cluster_by_id)
def quality_new(cluster):
    """Begin an analysis; the address may name the joint test that it follows."""
    tests = queries.tests_of(actor(), cluster)
    test = next((row for row in tests if str(row.id) == request.args.get("test")), None)
    given = {"resource": str(test.id), "subject": test.subject, "grade": test.grade} if test else {}
    day = test.held_on if test else today()
    term = terms.term_of_day(cluster.district_id, day)
    form = QualityForm(
        terms=terms.all_terms(cluster.district_id), tests=tests, data={"term": term and str(term.id), **given}
    )
    if form.validate_on_submit():
        made = saved(form, lambda: actions.begin(actor(), cluster, form.row))
        if made:
            return go("resources.quality", _("已开始，先写调研"), analysis_id=made.id)
    return render("resources/quality_form.html", form=form, cluster=cluster, analysis=None)


@bp.get("/quality/<uuid:analysis_id>")
@requires("quality.view", queries.by_id)
def quality(analysis):
    """One analysis with its steps and the measures that came of it."""
    written = queries.steps_of(analysis)
    test = analysis.resource
    return render(
        "resources/quality.html",
        analysis=analysis,
        step_keys=STEPS,
        written=written,
        stands=next_step(written),
        test=test if test and not test.removed_at and can("resource.view", test) else None,
        measures=queries.measures_of(actor(), analysis),
        may_add=can("quality.report", analysis) and can("problem.create", analysis.cluster),
        history=history_of(analysis),
    )


@bp.route("/quality/<uuid:analysis_id>/edit", methods=["GET", "POST"])
@requires("quality.edit", queries.by_id)
def quality_edit(analysis):
    """Change what it is about."""
    shown = {"term": str(analysis.term_id), "resource": str(analysis.resource_id or "")}
    tests = queries.tests_of(actor(), analysis.cluster)
    if analysis.resource and analysis.resource_id not in {row.id for row in tests}:
        tests.append(analysis.resource)
    shown |= {name: getattr(analysis, name) for name in ("title", "subject", "grade")}
    form = QualityForm(data=shown, terms=terms.all_terms(analysis.district_id), tests=tests)

    def act():
        return actions.edit(actor(), analysis, form.row, expected=form.expected_version)

    if form.validate_on_submit() and saved(form, act, analysis, "title", "subject", "grade"):
        return go("resources.quality", _("已保存"), analysis_id=analysis.id)
    return render("resources/quality_form.html", form=form, cluster=analysis.cluster, analysis=analysis)


@bp.route("/quality/<uuid:analysis_id>/steps/<step>", methods=["GET", "POST"])
@requires("quality.report", queries.by_id)
def quality_step(analysis, step):
    """Write a step whose turn it is, or change one."""
    written = queries.steps_of(analysis)
    if not may_write(step, written):
        abort(404)
    row = written.get(step)
    if row is not None:
        may_on("quality_step.edit", row)
    form = _step_form(analysis, row)
    if form.validate_on_submit():
        if row is None:
            done = saved(form, lambda: actions.write_step(actor(), analysis, step, form.row, today=today()))
        else:
            values = {"expected": form.expected_version, "today": today()}
            done = saved(
                form,
                lambda: actions.edit_step(actor(), row, form.row, **values),
                row,
                *("held_on", "who", "text"),
            )
        if done:
            return go("resources.quality", _("已保存"), analysis_id=analysis.id)
    return render("resources/quality_step.html", form=form, analysis=analysis, kind=step, step=row)


def _step_form(analysis, row) -> StepForm:
    held, joint = queries.places_of(actor(), analysis)
    shown = {"held_on": today()}
    if row is not None:
        shown = {name: getattr(row, name) for name in ("held_on", "who", "text")}
        for kind, place, rows in (("meeting", row.meeting, held), ("activity", row.activity, joint)):
            if place is not None:
                shown["place"] = f"{kind}:{place.id}"
                if place not in rows:
                    rows.append(place)
    return StepForm(data=shown, meetings=held, activities=joint)
