"""The summaries of a term: which there are, how far they are, and beginning one."""

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import summaries as actions
from portal.actions.errors import Refused
from portal.auth import actor, can, now, requires, today
from portal.blueprints.summaries import bp
from portal.documents.tables import table_workbook
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.queries import clusters, summaries, terms
from portal.web import commit, go, render, send_workbook, term_title

STATES = {summaries.NOT_BEGUN: N_("未开始"), **labels.STATE["term_summary"]}


def _term():
    """The term that the address names, else the one under way."""
    return terms.asked_for(actor().district_id, request.values.get("term"), today())


def _filters() -> dict:
    state = request.args.get("state", "")
    return {"state": state if state in STATES else "", "late": request.args.get("late") == "1"}


@bp.get("/")
@requires("summary.list")
def index():
    """The clusters in sight with their summary of a term; filters in the address."""
    who, term = actor(), _term()
    page = term and summaries.line_page(who, term, today(), cursor=request.args.get("at"), **_filters())
    return render(
        "summaries/index.html",
        fragments=("summary_list",),
        term=term,
        page=page,
        asked=request.args,
        states=STATES,
        counts=summaries.state_counts(who, term) if term else {},
        terms=[(t.code, term_title(t)) for t in terms.all_terms(who.district_id)],
        has_begun=term is not None and term.first_day <= today(),
        may_begin={line.cluster.id for line in page.rows if can("summary.open", line.cluster)}
        if page
        else (),
    )


@bp.get("/list.xlsx")
@requires("summary.list")
def export_list():
    """The same list as a workbook."""
    term = _term()
    lines = summaries.all_lines(actor(), term, today(), **_filters()) if term else []
    head = [
        _("片区"),
        _("状态"),
        _("稿次"),
        _("已完成部分"),
        _("截止日期"),
        _("逾期"),
        _("签署人"),
        _("签署日期"),
    ]
    rows = [
        [
            line.cluster.name,
            _(STATES[line.state]),
            line.summary.edition if line.summary else None,
            line.done if line.summary else None,
            line.due,
            _("是") if line.is_late else "",
            line.signed.signed_by.name if line.signed else "",
            local_day(line.signed.signed_at) if line.signed else None,
        ]
        for line in lines
    ]
    title = _("学期总结") + (f" {term.code}" if term else "")
    return send_workbook(table_workbook(title, head, rows), f"{title}.xlsx")


@bp.post("/clusters/<uuid:cluster_id>/begin")
@requires("summary.open", clusters.cluster_by_id)
def begin(cluster):
    """Begin the summary of a term, or open the one that is there."""
    term = terms.by_code(cluster.district_id, request.form.get("term", ""))
    if term is None:
        raise Refused(N_("没有这个学期"))
    summary = actions.begin(actor(), cluster, term, now=now())
    commit()
    return go("summaries.workspace", summary_id=summary.id)
