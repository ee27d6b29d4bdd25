"""Rosters: upload, preview with problems, differences and the mapping of columns, confirmation, result."""

from flask import abort, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from portal import roster_words
from portal.actions import roster as actions
from portal.actions.errors import Conflict
from portal.auth import actor, can, now, requires, today
from portal.blueprints.admin import bp
from portal.blueprints.admin import roster_pages as pages
from portal.documents.roster_template import roster_template
from portal.documents.tables import table_workbook
from portal.domain.roster_problems import of_json
from portal.forms import PortalForm, clean_line
from portal.queries import roster as imports
from portal.web import commit, go, history_of, read_version, render, saved, send_workbook


class UploadForm(PortalForm):
    """A roster and where it goes."""

    scope = SelectField(_l("导入到"))
    file = FileField(_l("名册文件"), validators=[FileRequired(message=_l("请选择一个文件"))])

    def __init__(self, *args, scopes=(), **options):
        super().__init__(*args, **options)
        self.scopes = {_scope_key(scope): scope for scope in scopes}
        self.scope.choices = [(key, _scope_words(scope)) for key, scope in self.scopes.items()]


class StepForm(PortalForm):
    """A decision about an import; its fields are as many as the file has columns or questions."""


def _scope_key(scope) -> str:
    if scope.is_district:
        return "district"
    return f"c-{scope.cluster.id}" if scope.cluster else f"s-{scope.school.id}"


def _scope_words(scope) -> str:
    if scope.is_district:
        return _("全区")
    return _("%(name)s（各成员校）", name=scope.cluster.name) if scope.cluster else scope.school.name


def _list_page(form):
    return render(
        "admin/roster_list.html",
        form=form,
        page=imports.import_page(actor(), request.args.get("at")),
        scope_words=_scope_words,
        scope_of=imports.scope_of,
        limit=actions.ROWS_AT_ONCE,
    )


@bp.get("/roster/")
@requires("roster.import")
def roster_list():
    """A roster to upload, the workbook to fill in, and the imports so far."""
    return _list_page(UploadForm(scopes=imports.scopes_for(actor())))


@bp.post("/roster/")
@requires("roster.import")
def roster_upload():
    """Keep an uploaded roster and lead to its preview."""
    form = UploadForm(scopes=imports.scopes_for(actor()))
    if form.validate_on_submit():
        scope, file = form.scopes[form.scope.data], form.file.data
        name = actions.plain_filename(clean_line(file.filename or ""))
        data = file.read()

        def keep():
            workbook = actions.read_upload(data, name)
            return actions.upload(actor(), scope, workbook, data, now=now(), today=today())

        made = saved(form, keep)
        if made:
            return go("admin.roster", import_id=made.id)
    return _list_page(form)


@bp.get("/roster/template.xlsx")
@requires("roster.import")
def roster_blank():
    """The workbook to fill in."""
    return send_workbook(roster_template(), _("教师名册") + ".xlsx")


@bp.get("/roster/<uuid:import_id>")
@requires("roster.view", imports.by_id, name="made")
def roster(made):
    """The preview of an import that waits, or what came of one that is over."""
    return _preview_page(made) if made.state == "previewed" else _result_page(made)


def _preview_page(made, form=None, *, status=None, is_stale=False):
    plan = actions.preview(actor(), made, today())
    scope = imports.scope_of(made)
    number, groups = pages.sheet_of(plan), pages.groups_of(plan)
    show, changes = pages.changes_of(plan, made, groups)
    may_create = scope.is_district and can("school.create")
    return render(
        "admin/roster.html",
        form=form,
        made=made,
        plan=plan,
        scope_words=_scope_words(scope),
        view=pages.view_of(plan),
        problems=pages.problems_of(plan.problems, made),
        asked_kind=pages.asked_kind(),
        groups=groups,
        show=show,
        changes=changes,
        mapping=pages.mapping_of(plan, made, number),
        schools=imports.school_names(scope, today()) if pages.lacks_school(plan) else [],
        may_create=may_create and (plan.unknown_schools or made.mapping.get("create_schools")),
        is_stale=is_stale,
        status=status,
    )


def _result_page(made):
    problems = [of_json(kept) for kept in made.outcome.get("problems", ())]
    return render(
        "admin/roster_result.html",
        made=made,
        scope_words=_scope_words(imports.scope_of(made)),
        counts=made.outcome.get("counts", {}),
        problems=pages.problems_of(problems, made),
        asked_kind=pages.asked_kind(),
        missing=made.outcome.get("missing", []),
        history=history_of(made),
    )


def _after(made, form, act, message, **where):
    """Carry out a decision about an import and go back to its preview, or show why not."""
    if form.validate_on_submit() and saved(form, act):
        return go("admin.roster", message, import_id=made.id, **where)
    return _preview_page(made, form)


@bp.post("/roster/<uuid:import_id>/sheet")
@requires("roster.view", imports.by_id, name="made")
def roster_sheet(made):
    """Decide what a sheet is, where its header stands, and what its columns mean."""
    plan = actions.preview(actor(), made, today())
    number, choice = pages.sheet_choice(len(plan.reading.sheets))
    if number < 0:
        abort(400)
    name, expected = plan.reading.sheets[number].name, read_version()

    def act():
        actions.map_sheet(actor(), made, name, choice, expected=expected, today=today())

    return _after(made, StepForm(), act, _("列的对应已更新"), view="columns", sheet=number)


@bp.post("/roster/<uuid:import_id>/options")
@requires("roster.view", imports.by_id, name="made")
def roster_options(made):
    """The school of sheets that name none; whether unknown schools are new."""
    values = {
        "default_school": clean_line(request.form.get("default_school", "")),
        "create_schools": "create_schools" in request.form,
        "expected": read_version(),
    }
    return _after(
        made,
        StepForm(),
        lambda: actions.set_options(actor(), made, today=today(), **values),
        _("已更新预览"),
    )


@bp.post("/roster/<uuid:import_id>/people")
@requires("roster.view", imports.by_id, name="made")
def roster_people(made):
    """Decide whether people who may be known elsewhere are those."""
    plan, expected = actions.preview(actor(), made, today()), read_version()
    asked = {question.id for question in plan.questions}
    rows, chosen = request.form.getlist("row"), request.form.getlist("answer")
    answers = {row: answer for row, answer in zip(rows, chosen, strict=False) if row in asked}
    return _after(
        made,
        StepForm(),
        lambda: actions.decide(actor(), made, answers, expected=expected, today=today()),
        _("已更新预览"),
        view="problems",
    )


@bp.post("/roster/<uuid:import_id>/confirm")
@requires("roster.view", imports.by_id, name="made")
def roster_confirm(made):
    """Write what the preview showed; when that is no longer true, show the new one and write nothing."""
    form, digest, expected = StepForm(), request.form.get("digest", ""), read_version()

    def act():
        actions.confirm(actor(), made, expected=expected, digest=digest, now=now(), today=today())

    try:
        if form.validate_on_submit() and saved(form, act):
            return go("admin.roster", _("名册已导入"), import_id=made.id)
    except Conflict:
        if made.state != "previewed":
            raise
        return _preview_page(made, status=409, is_stale=True)
    return _preview_page(made, form)


@bp.post("/roster/<uuid:import_id>/cancel")
@requires("roster.view", imports.by_id, name="made")
def roster_cancel(made):
    """Give an import up."""
    actions.cancel(actor(), made, expected=read_version())
    commit()
    return go("admin.roster_list", _("已放弃导入，文件已删除"))


@bp.get("/roster/<uuid:import_id>/report.xlsx")
@requires("roster.view", imports.by_id, name="made")
def roster_report(made):
    """The preview row by row as a workbook, to be put right at the desk."""
    if made.state != "previewed":
        abort(404)
    plan = actions.preview(actor(), made, today())
    head = [_("位置"), _("结果"), _("内容"), _("学校"), _("说明")]
    rows = [
        (place, _(roster_words.RESULT[result]), name, school, words)
        for place, result, name, school, words in roster_words.report(plan, _)
    ]
    return send_workbook(table_workbook(_("导入预览"), head, rows), _("导入预览") + ".xlsx")
