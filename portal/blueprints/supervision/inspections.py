"""Inspections: the list of a term, one of them, written, changed, published, taken back."""

from flask import abort, request
from flask_babel import gettext as _

from portal import labels
from portal.actions import supervision as actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.supervision import bp
from portal.blueprints.supervision.forms import InspectionForm
from portal.documents.tables import table_workbook
from portal.forms import as_uuid, clean_line
from portal.queries import clusters, supervision, terms
from portal.web import commit, go, history_of, read_step, render, saved, send_workbook, term_title


def asked_term():
    """The term that the address names, or the present one; None before the first."""
    return terms.asked_for(actor().district_id, request.args.get("term"), today())


def asked_filters() -> dict:
    """The filters that every list here knows."""
    asked = request.args
    return {
        "cluster_id": as_uuid(asked.get("cluster")),
        "school_id": as_uuid(asked.get("school")),
        "words": clean_line(asked.get("q", ""))[:40],
    }


def term_choices() -> list[tuple[str, str]]:
    """The terms of the district for a filter."""
    return [(each.code, term_title(each)) for each in terms.all_terms(actor().district_id)]


@bp.get("/")
@requires("inspection.list")
def index():
    """The inspections of a term."""
    who, term = actor(), asked_term()
    mine = clusters.all_clusters(who)
    return render(
        "supervision/inspections.html",
        fragments=("inspection_list",),
        term=term,
        term_choices=term_choices(),
        asked=request.args,
        page=supervision.inspection_page(who, term, request.args.get("at"), **asked_filters())
        if term
        else None,
        clusters=mine,
        may_write=[cluster for cluster in mine if can("inspection.create", cluster)],
    )


@bp.get("/inspections.xlsx")
@requires("inspection.list")
def inspection_export():
    """What the list shows, as a workbook."""
    term = asked_term() or abort(404)
    rows = supervision.all_inspections(actor(), term, **asked_filters())
    head = [
        _("督导日期"),
        _("督导主题"),
        _("片区"),
        _("督导对象"),
        _("督导单位"),
        _("督导人员"),
        _("发现的问题"),
    ]
    head += [_("肯定与建议"), _("状态")]
    lines = [
        [
            row.held_on,
            row.title,
            row.cluster.name,
            row.school.name if row.school else _("整个片区"),
            _(labels.INSPECTION_BODY[row.body]),
            row.inspectors,
            row.findings,
            row.advice,
            _(labels.state_word("inspection", row.state)),
        ]
        for row in rows
    ]
    name = _("督导记录") + " " + term_title(term)
    return send_workbook(table_workbook(_("督导记录"), head, lines), name + ".xlsx")


def _form(cluster, **options) -> InspectionForm:
    schools = supervision.schools_of(cluster, today())
    if not actor().offices:  # the lead inspects the others
        schools = [school for school in schools if school.id not in actor().manages_schools]
    return InspectionForm(schools=schools, **options)


@bp.route("/clusters/<uuid:cluster_id>/inspections/new", methods=["GET", "POST"])
@requires("inspection.create", clusters.cluster_by_id)
def inspection_new(cluster):
    """Write an inspection."""
    form = _form(cluster, held_on=today(), inspectors=actor().name)
    if form.validate_on_submit():
        made = saved(form, lambda: actions.write_inspection(actor(), cluster, form.row, today=today()))
        if made:
            return go(
                "supervision.inspection", _("已存为草稿，公布后有关学校才能看到"), inspection_id=made.id
            )
    return render("supervision/inspection_form.html", form=form, cluster=cluster, inspection=None)


@bp.get("/inspections/<uuid:inspection_id>")
@requires("inspection.view", supervision.inspection_by_id)
def inspection(inspection):
    """One inspection with its findings and what became of them."""
    made = supervision.of_findings(inspection)
    return render(
        "supervision/inspection.html",
        inspection=inspection,
        lines=[(number, line, made.get(number)) for number, line in enumerate(inspection.lines)],
        may_edit=can("inspection.edit", inspection),
        history=history_of(inspection),
    )


@bp.route("/inspections/<uuid:inspection_id>/edit", methods=["GET", "POST"])
@requires("inspection.edit", supervision.inspection_by_id)
def inspection_edit(inspection):
    """Change a draft."""
    names = ("title", "held_on", "inspectors", "findings", "advice")
    shown = {name: getattr(inspection, name) for name in names}
    form = _form(inspection.cluster, data=shown | {"school": str(inspection.school_id or "")})
    if inspection.school_id and str(inspection.school_id) not in dict(form.school.choices):
        form.school.choices.append((str(inspection.school_id), inspection.school.name))

    def act():
        return actions.edit_inspection(
            actor(), inspection, form.row, expected=form.expected_version, today=today()
        )

    if form.validate_on_submit() and saved(form, act, inspection, "title", "findings", "advice"):
        return go("supervision.inspection", _("已保存"), inspection_id=inspection.id)
    return render(
        "supervision/inspection_form.html", form=form, cluster=inspection.cluster, inspection=inspection
    )


@bp.post("/inspections/<uuid:inspection_id>/step")
@requires("inspection.view", supervision.inspection_by_id)
def inspection_step(inspection):
    """Publish it, or take it back."""
    actions.take_inspection(actor(), inspection, read_step("inspection"), now=now(), today=today())
    commit()
    return go("supervision.inspection", inspection_id=inspection.id)
