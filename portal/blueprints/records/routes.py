"""记一笔, one's ledger, and one record: read, completed, deleted, put back."""

from flask import flash, request, url_for
from flask_babel import gettext as _

from portal import labels
from portal.actions import records as actions
from portal.auth import actor, now, requires, today
from portal.blueprints.records import bp
from portal.blueprints.records.forms import JotForm, RecordForm, detail_of
from portal.documents.tables import table_workbook
from portal.queries import records, terms
from portal.web import (
    commit,
    go,
    history_of,
    leave_to,
    read_version,
    render,
    saved,
    send_workbook,
    term_title,
)


@bp.app_template_global("jot_form")
def jot_form() -> JotForm:
    """An empty form with today's suggestions, for every page that shows the sheet of 记一笔."""
    return JotForm(formdata=None, suggestions=records.suggestions(actor(), today()), happened_on=today())


@bp.get("/new")
@requires("record.create")
def jot():
    """One line for whatever was just done; ``?link=pair:…`` chooses what it belongs to."""
    form = jot_form()
    asked = request.args.get("link", "")
    if asked in form.details:
        form.link.data = asked
    return render("records/jot.html", form=form)


@bp.post("/new")
@requires("record.create")
def jot_down():
    """Write it; what arrives twice is written once, and both answers are the same."""
    form = JotForm(suggestions=records.suggestions(actor(), today()), happened_on=today())
    if not form.validate_on_submit():
        return render("records/jot.html", form=form)
    key = _once_key(form)
    made = saved(form, lambda: actions.jot(actor(), once_key=key, now=now(), **form.record_values))
    return _jotted(made) if made else render("records/jot.html", form=form)


def _once_key(form) -> str:
    """What was put aside without a connection carries a key of its own for each line."""
    queued = request.form.get("client_key", "") if request.headers.get("X-Requested-With") == "outbox" else ""
    is_key = len(queued) == 32 and set(queued) <= set("0123456789abcdef")
    return queued if is_key else form.once_key.data or ""


def _jotted(made):
    """Home, with the way to what was written."""
    if made.__tablename__ == "reflection":
        address, label = url_for("reflections.edit", reflection_id=made.id), _("接着写")
        words = _("已存为反思草稿，只有您能看到")
    else:
        address, label = url_for("records.record_edit", record_id=made.id), _("补充")
        words = _("已记下：%(kind)s", kind=_(labels.RECORD_KIND[made.kind]))
    flash((words, address, label), "link")
    return leave_to(url_for("home.index"))


def _filters(asked) -> dict:
    who = actor()
    if asked.get("term") == "all":
        return {"term": None, "kind": asked.get("kind", "")[:32]}
    term = terms.asked_for(who.district_id, asked.get("term"), today())
    return {"term": term, "kind": asked.get("kind", "")[:32]}


@bp.get("/")
@requires("record.list")
def index():
    """One's own ledger: everything one wrote down in a term, with counts by kind."""
    who, asked = actor(), request.args
    filters = _filters(asked)
    page = records.ledger_page(who, cursor=asked.get("at"), **filters)
    return render(
        "records/index.html",
        fragments=("ledger",),
        page=page,
        links={record.id: records.link_of(record, who.person_id) for record in page.rows},
        counts=records.ledger_counts(who, filters["term"]),
        asked=asked,
        term=filters["term"],
        terms=[(t.code, term_title(t)) for t in terms.all_terms(who.district_id)],
    )


@bp.get("/ledger.xlsx")
@requires("record.list")
def export():
    """One's own ledger as a workbook."""
    who = actor()
    columns = [
        _("日期"),
        _("类别"),
        _("一句话"),
        _("详细内容"),
        _("和谁"),
        _("关联"),
        _("节数"),
        _("捐赠数量（件）"),
    ]
    rows = []
    for record in records.whole_ledger(who, **_filters(request.args)):
        link = records.link_of(record, who.person_id)
        kind = _(labels.RECORD_KIND[record.kind])
        label = f"{link.label} {detail_of(link)}".strip() if link else None
        rows.append(
            [
                record.happened_on,
                kind,
                record.line,
                record.body,
                record.who,
                label,
                record.periods,
                record.quantity,
            ]
        )
    title = _("我的台账")
    return send_workbook(table_workbook(title, columns, rows), f"{title} {who.name}.xlsx")


@bp.get("/<uuid:record_id>")
@requires("record.view", records.by_id)
def record(record):
    """One record with what it belongs to and who may read it."""
    return render(
        "records/record.html",
        record=record,
        link=records.link_of(record, actor().person_id),
        also=records.links_of(record, actor().person_id)[1:],
        history=_history(record),
    )


def _history(record) -> list[dict]:
    """The history; of a private record only which lines were changed, never their words."""
    found = history_of(record)
    for entry in found:
        entry["changes"] = [change for change in entry["changes"] if change[1] or change[2]]
    return found


@bp.route("/<uuid:record_id>/edit", methods=["GET", "POST"])
@requires("record.edit", records.by_id)
def record_edit(record):
    """Complete or correct a record."""
    who = actor()
    links = [one.value for one in records.links_of(record, who.person_id)] + ["", ""]
    offered = records.suggestions(who, record.happened_on, records.links_of(record, who.person_id))
    form = RecordForm(obj=record, suggestions=offered, link=links[0], also=links[1])
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.edit(who, record, expected=form.expected_version, now=now(), **form.record_values),
        record,
        "line",
        "body",
        "who",
    ):
        return go("records.record", _("已保存"), record_id=record.id)
    return render("records/record_edit.html", form=form, record=record)


@bp.post("/<uuid:record_id>/delete")
@requires("record.edit", records.by_id)
def record_delete(record):
    """Delete a record; the message that follows offers to put it back."""
    removed = actions.delete(actor(), record, expected=read_version(), now=now())
    commit()
    flash((_("已删除"), url_for("records.undo", removed_id=removed.id)), "undo")
    return go("records.index")


@bp.post("/undo/<uuid:removed_id>")
@requires("record.edit", records.removed_by_id)
def undo(removed):
    """Put back the record deleted last."""
    restored = actions.restore(actor(), removed, now=now())
    commit()
    return go("records.record", _("已恢复"), record_id=restored.id)
