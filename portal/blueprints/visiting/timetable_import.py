"""A timetable from a workbook, or pasted from one: preview with each problem at its row, then all or nothing."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, TextAreaField

from portal import formats
from portal.actions import timetable_imports as actions
from portal.actions.errors import Conflict
from portal.auth import actor, now, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.checks import clock_words
from portal.domain.timetable_paste import COLUMNS
from portal.forms import PortalForm, clean_line, clean_text
from portal.queries import terms
from portal.queries import timetable_imports as imports
from portal.web import commit, go, history_of, read_version, render, saved, term_title

# Rows of a preview that a page shows.
SHOWN = 200
# Spans of rows that one finding names.
ROWS_SAID = 12


class ImportForm(PortalForm):
    """Rows that were copied, or a file, and the term that they belong to."""

    term = SelectField(_l("学期"))
    text = TextAreaField(_l("从 Excel 粘贴"), filters=[lambda text: text or ""])
    file = FileField(_l("或者上传工作簿"))

    def __init__(self, *args, choices=(), **options):
        super().__init__(*args, **options)
        self.terms = {term.code: term for term in choices}
        self.term.choices = [(term.code, term_title(term)) for term in choices]


class DecideForm(PortalForm):
    """The confirmation: nothing is written in it."""


def _form() -> ImportForm:
    """The form over the terms that are not over, the present one first."""
    found = [term for term in terms.all_terms(actor().district_id) if term.last_day >= today()]
    return ImportForm(choices=found[::-1])


@bp.get("/timetable/import/")
@requires("timetable.import")
def import_list():
    """Paste or upload; what was imported before."""
    return _list_page(_form())


def _list_page(form):
    return render(
        "visiting/imports.html",
        form=form,
        made=imports.newest(actor()),
        columns=COLUMNS,
        limit=actions.ROWS_AT_ONCE,
    )


@bp.post("/timetable/import/")
@requires("timetable.import")
def import_keep():
    """Keep what was pasted or uploaded and lead to its preview."""
    form = _form()
    if form.validate_on_submit():
        term, file = form.terms[form.term.data], form.file.data

        def keep():
            if file and file.filename:
                return actions.upload(actor(), term, file.read(), clean_line(file.filename), now=now())
            return actions.paste(actor(), term, _pasted(), now=now())

        made = saved(form, keep)
        if made:
            return go("visiting.import_preview", timetable_import_id=made.id)
    return _list_page(form)


def _pasted() -> str:
    """The rows as they were pasted: tabs stay, each line is cleaned."""
    lines = request.form.get("text", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("\t".join(clean_text(cell) for cell in line.split("\t")) for line in lines)


@bp.get("/timetable/import/<uuid:timetable_import_id>")
@requires("timetable_import.view", imports.by_id, name="made")
def import_preview(made):
    """What an import would write, or what came of one that is over."""
    if made.state != "previewed":
        return render("visiting/import_done.html", made=made, history=history_of(made))
    return _preview_page(made)


def _preview_page(made, form=None, *, status=None, is_stale=False):
    plan = actions.preview(actor(), made, today())
    groups = plan.groups
    return render(
        "visiting/import_preview.html",
        form=form or DecideForm(),
        made=made,
        plan=plan,
        people=imports.names_of(plan),
        groups=[(each, rows_words(each.rows), each.message.text(_)) for each in groups[:SHOWN]],
        group_count=len(groups),
        problems=sum(each.hard for each in groups),
        shown=SHOWN,
        clock=clock_words,
        is_stale=is_stale,
        status=status or (422 if form is not None and form.errors else None),
    )


def rows_words(rows: tuple[int, ...]) -> str:
    """第3—5、9行: the rows of one finding, neighbours together; nothing for the whole of a sheet."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        elif row > 0:
            spans.append([row, row])
    if not spans:
        return ""
    said = [str(first) if first == last else f"{first}–{last}" for first, last in spans]
    words = formats.names(said[:ROWS_SAID])
    if len(said) > ROWS_SAID:
        return _("第%(rows)s行等 %(count)s 行", rows=words, count=len(rows))
    return _("第%(row)s行", row=words)


@bp.post("/timetable/import/<uuid:timetable_import_id>/confirm")
@requires("timetable_import.view", imports.by_id, name="made")
def import_confirm(made):
    """Write what the preview showed; when that is no longer true, show the new one and write nothing."""
    form, digest, expected = DecideForm(), request.form.get("digest", ""), read_version()

    def act():
        actions.confirm(actor(), made, expected=expected, digest=digest, now=now(), today=today())

    try:
        if form.validate_on_submit() and saved(form, act):
            return go("visiting.import_preview", _("课表已导入"), timetable_import_id=made.id)
    except Conflict:
        if made.state != "previewed":
            raise
        return _preview_page(made, status=409, is_stale=True)
    return _preview_page(made, form)


@bp.post("/timetable/import/<uuid:timetable_import_id>/cancel")
@requires("timetable_import.view", imports.by_id, name="made")
def import_cancel(made):
    """Give an import up."""
    actions.cancel(actor(), made, expected=read_version())
    commit()
    return go("visiting.import_list", _("已放弃导入，什么都没有写入"))
