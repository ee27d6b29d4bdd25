"""Forms for observed lessons: templates with editions, suggestions, and the sheet of one lesson (S1-78)."""

from flask import request
from flask_babel import gettext as _

from portal.actions import observation_forms as actions
from portal.auth import actor, can, now, requires
from portal.blueprints.pairing import bp
from portal.blueprints.pairing.cycle_forms import SheetForm, SuggestForm, TemplateForm
from portal.domain.observation import SAMPLE, lines_of, points
from portal.forms import as_uuid
from portal.queries import clusters, observation_forms, records
from portal.web import commit, go, history_of, read_version, render, saved


@bp.get("/templates/")
@requires("template.list")
def template_list():
    """The forms for observed lessons in sight."""
    who = actor()
    return render(
        "pairing/templates.html",
        rows=observation_forms.all_templates(who),
        may_create=[c for c in clusters.own_clusters(who) if can("template.create", c)],
        of_district=can("template.create"),
    )


@bp.route("/templates/new", methods=["GET", "POST"])
@requires("template.create")
def district_template_new():
    """A template of the whole district."""
    return _new_page(None)


@bp.route("/clusters/<uuid:cluster_id>/templates/new", methods=["GET", "POST"])
@requires("template.create", clusters.cluster_by_id)
def template_new(cluster):
    """A template of one cluster."""
    return _new_page(cluster)


def _new_page(cluster):
    form = TemplateForm(items=SAMPLE)
    if form.validate_on_submit():
        made = saved(
            form,
            lambda: actions.create(actor(), cluster, name=form.name.data, text=form.items.data, now=now()),
        )
        if made:
            return go("pairing.template", _("已保存"), template_id=made.id)
    return render("pairing/template_form.html", form=form, cluster=cluster, template=None)


@bp.get("/templates/<uuid:template_id>")
@requires("template.view", observation_forms.by_id)
def template(template):
    """One template: its items, earlier editions, suggestions for those who edit it."""
    return _page(template, SuggestForm(formdata=None))


def _page(row, form):
    may_edit = can("template.edit", row)
    return render(
        "pairing/template.html",
        template=row,
        form=form,
        editions=observation_forms.editions_of(row),
        may_edit=may_edit,
        suggestions=observation_forms.suggestions_for(row, None if may_edit else actor().person_id),
        history=history_of(row),
    )


@bp.route("/templates/<uuid:template_id>/edit", methods=["GET", "POST"])
@requires("template.edit", observation_forms.by_id)
def template_edit(template):
    """Change it: changed items are a new edition."""
    items = lines_of(observation_forms.present_edition(template).items)
    form = TemplateForm(name=template.name, items=items, version=str(template.version))
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.edit(
            actor(),
            template,
            name=form.name.data,
            text=form.items.data,
            expected=form.expected_version,
            now=now(),
        ),
        template,
        "name",
    ):
        return go("pairing.template", _("已保存"), template_id=template.id)
    return render("pairing/template_form.html", form=form, cluster=template.cluster, template=template)


@bp.post("/templates/<uuid:template_id>/retire")
@requires("template.edit", observation_forms.by_id)
def template_retire(template):
    """Offer it no more, or again."""
    actions.retire(actor(), template, expected=read_version(), now=now())
    commit()
    return go("pairing.template", _("已办理"), template_id=template.id)


@bp.post("/templates/<uuid:template_id>/suggest")
@requires("template.suggest", observation_forms.by_id)
def template_suggest(template):
    """Say what should be different."""
    form = SuggestForm()
    if form.validate_on_submit() and saved(
        form, lambda: actions.suggest(actor(), template, form.text.data, now=now())
    ):
        return go("pairing.template", _("谢谢，已交给管理这张表的人"), template_id=template.id)
    return _page(template, form)


@bp.route("/records/<uuid:record_id>/sheet", methods=["GET", "POST"])
@requires("record.edit", records.by_id)
def sheet(record):
    """Fill in the sheet of an observed lesson; both of the pair read the same one."""
    form, filled = SheetForm(), observation_forms.sheet_of(record)
    edition = filled.edition if filled else _asked_edition(record)
    answers = {int(n): value for n, value in filled.answers.items()} if filled else {}
    if edition and form.validate_on_submit():
        answers = form.given()
        if saved(
            form,
            lambda: actions.fill_sheet(actor(), record, edition.id, answers, expected=form.expected_version),
            filled,
        ):
            return go("records.record", _("已保存"), record_id=record.id)
    return render(
        "pairing/sheet.html",
        form=form,
        record=record,
        edition=edition,
        filled=filled,
        answers=answers,
        templates=[] if filled else observation_forms.in_use(actor(), record),
    )


def _asked_edition(record):
    """The present edition of the template that is asked for; of the only one there is."""
    rows = observation_forms.in_use(actor(), record)
    asked = as_uuid(request.values.get("form"))
    chosen = [row for row in rows if row.id == asked] or (rows if len(rows) == 1 else [])
    return observation_forms.present_edition(chosen[0]) if chosen else None


@bp.app_template_global("sheet_of")
def sheet_of(record) -> dict | None:
    """The filled sheet of a record as its page shows it: name, edition, (item, answer) and points."""
    filled = observation_forms.sheet_of(record)
    if filled is None:
        return None
    items = filled.edition.items
    return {
        "name": filled.edition.template.name,
        "edition": filled.edition.number,
        "lines": [(item, filled.answers.get(str(number))) for number, item in enumerate(items)],
        "points": points(items, filled.answers),
    }
