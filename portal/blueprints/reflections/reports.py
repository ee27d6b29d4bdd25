"""Compiling one's own logs, records and service: choose, order, edit, print."""

from urllib.parse import quote

from flask import make_response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal import labels
from portal.actions import log_reports as actions
from portal.auth import actor, now, requires
from portal.blueprints.reflections import bp
from portal.domain.log_templates import KINDS
from portal.forms import LineField, PortalForm, ProseField
from portal.jobs import board, queue, report_pdf
from portal.queries import log_reports, terms
from portal.web import commit, go, read_version, render, saved, term_title


class ReportForm(PortalForm):
    """What stands around the entries."""

    title = LineField(_l("标题"), needed=True)
    opening = ProseField(_l("开头"))
    closing = ProseField(_l("结尾"))


class EntryForm(PortalForm):
    """One entry as it will be printed."""

    heading = LineField(_l("小标题"), longest=160, needed=True)
    text = ProseField(_l("正文"), longest=130_000)


class ChoiceForm(PortalForm):
    """The title of a new report; what it is made of comes as boxes."""

    title = LineField(_l("标题"), needed=True)


@bp.get("/reports/")
@requires("report.list")
def report_list():
    """One's own reports and portfolios."""
    page = log_reports.report_page(actor(), cursor=request.args.get("at"))
    counts = log_reports.entry_counts(actor().district_id, [row.id for row in page.rows])
    return render("reflections/reports.html", page=page, counts=counts, asked=request.args)


@bp.route("/reports/new", methods=["GET", "POST"])
@requires("report.create")
def report_new():
    """Choose by term, kind and words what a report is made of."""
    kind = request.args.get("form") if request.args.get("form") in labels.REPORT_KIND else "report"
    form = ChoiceForm(
        title=_("%(name)s学习报告", name=actor().name)
        if kind == "report"
        else _("%(name)s个人档案", name=actor().name)
    )
    if form.validate_on_submit():
        made = saved(
            form, lambda: actions.create(actor(), kind=kind, title=form.title.data, chosen=_chosen())
        )
        if made:
            return go("reflections.report", _("已汇编，可以排序、修改"), report_id=made.id)
    return _choosing(form, kind, None)


@bp.route("/reports/<uuid:report_id>/add", methods=["GET", "POST"])
@requires("report.edit", log_reports.by_id)
def report_add(report):
    """Put more into a report."""
    form = PortalForm()
    if form.validate_on_submit() and saved(form, lambda: actions.add(actor(), report, _chosen())):
        return go("reflections.report", _("已放进去"), report_id=report.id)
    return _choosing(form, report.kind, report)


def _chosen() -> list:
    return log_reports.source_values(actor(), request.form.getlist("chosen"), labels.RECORD_KIND)


def _choosing(form, kind, report):
    who, asked = actor(), request.args
    term = terms.by_code(who.district_id, asked.get("term", ""))
    log_kind = asked.get("kind") if asked.get("kind") in KINDS else ""
    return render(
        "reflections/report_new.html",
        form=form,
        kind=kind,
        report=report,
        asked=asked,
        picked=set(request.form.getlist("chosen")),
        sources=log_reports.sources(
            who,
            words=labels.RECORD_KIND,
            term=term,
            kind=log_kind,
            q=asked.get("q", "").strip()[:60],
            services=kind == "portfolio",
        ),
        terms=[(t.code, term_title(t)) for t in terms.all_terms(who.district_id)],
    )


@bp.get("/reports/<uuid:report_id>")
@requires("report.view", log_reports.by_id)
def report(report):
    """One report: its entries in order, and its document."""
    _content, made_from = report_pdf.made_of(report)
    return render(
        "reflections/report.html",
        fragments=("report_job",),
        report=report,
        entries=log_reports.entries_of(report),
        job=board.latest(actor(), report_pdf.KIND, report_id=str(report.id), made_from=made_from),
        is_made=bool(report.file_id) and report.made_from == made_from,
    )


@bp.route("/reports/<uuid:report_id>/edit", methods=["GET", "POST"])
@requires("report.edit", log_reports.by_id)
def report_edit(report):
    """Title, opening and closing."""
    form = ReportForm(obj=report)
    values = ("title", "opening", "closing")
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.edit(actor(), report, form.values(*values), expected=form.expected_version),
        report,
        *values,
    ):
        return go("reflections.report", _("已保存"), report_id=report.id)
    return render("reflections/report_edit.html", form=form, report=report)


@bp.route("/reports/entries/<uuid:entry_id>", methods=["GET", "POST"])
@requires("entry.edit", log_reports.entry_by_id)
def entry_edit(entry):
    """Correct one entry; the log or record that it came from stays as it is."""
    form = EntryForm(obj=entry)
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.edit_entry(
            actor(), entry, form.values("heading", "text"), expected=form.expected_version
        ),
        entry,
        "heading",
        "text",
    ):
        return go("reflections.report", _("已保存"), report_id=entry.report_id)
    return render("reflections/entry_edit.html", form=form, entry=entry)


@bp.post("/reports/entries/<uuid:entry_id>/move")
@requires("entry.edit", log_reports.entry_by_id)
def entry_move(entry):
    """One place up or down, or out of the report."""
    report_id = entry.report_id
    if request.form.get("way") == "out":
        actions.remove(actor(), entry)
    else:
        actions.move(actor(), entry, request.form.get("way") == "up")
    commit()
    return go("reflections.report", _("已办理"), report_id=report_id, _anchor="entries")


@bp.post("/reports/<uuid:report_id>/pdf")
@requires("report.edit", log_reports.by_id)
def report_make(report):
    """Ask for the document of the report as it stands."""
    _content, made_from = report_pdf.made_of(report)
    params = {"report_id": str(report.id), "made_from": made_from}
    job = board.latest(actor(), report_pdf.KIND, **params)
    if job is None or not board.retry(job, now=now()):
        job = board.ask(actor(), report_pdf.KIND, params, now=now(), total=report_pdf.STEPS)
    commit()
    queue.wake(job)
    return go("reflections.report", report_id=report.id)


@bp.get("/reports/<uuid:report_id>.pdf")
@requires("report.view", log_reports.by_id)
def report_file(report):
    """The document, to be saved; to the report while it is not there."""
    if report.file is None:
        return go("reflections.report", report_id=report.id)
    answer = make_response(report.file.content)
    answer.mimetype = report.file.mime
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"report.pdf\"; filename*=UTF-8''{quote(report.file.name, safe='')}"
    )
    return answer


@bp.post("/reports/<uuid:report_id>/delete")
@requires("report.edit", log_reports.by_id)
def report_delete(report):
    """Throw a report away; logs and records stay."""
    actions.delete(actor(), report, expected=read_version())
    commit()
    return go("reflections.report_list", _("已删除"))
