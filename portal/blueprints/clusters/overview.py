"""How the schools of a cluster stand, and all clusters side by side: numbers, and the pages that show their rows."""

from flask import abort, url_for
from flask_babel import gettext as _

from portal import formats
from portal.auth import actor, requires, today
from portal.blueprints.clusters import bp
from portal.documents.tables import table_workbook
from portal.domain.drawing import drawing
from portal.domain.figures import meeting_target
from portal.domain.schemes import load_scheme
from portal.queries import clusters, overview, standing, term_plans, terms
from portal.web import render, send_workbook


def _term(district_id):
    return terms.current_term(district_id, today())


@bp.get("/<uuid:cluster_id>/overview")
@requires("cluster.overview", clusters.cluster_by_id)
def cluster_overview(cluster):
    """What is late and by whom, what each school owes, and what goes on between them."""
    term = _term(cluster.district_id)
    members = clusters.members_on(cluster, today())
    ties = overview.ties(cluster, [m.school for m in members], term) if term else []
    lead = clusters.lead_school(cluster, today())
    said = [(tie.kind, tie.home.name, tie.host.name, _tie_words(tie)) for tie in ties]
    rows = standing.standings(cluster, term, today()) if term else []
    return render(
        "clusters/overview.html",
        cluster=cluster,
        term=term,
        rows=rows,
        matrix=[_matrix_row(cluster, row) for row in rows],
        tasks=overview.late_tasks(cluster, today()),
        bare=overview.without_minutes(cluster, term) if term else [],
        plan_late=_plan_late(cluster, term),
        ties=said,
        drawing=drawing([m.school.name for m in members], lead and lead.name, said, _("领衔学校"))
        if said
        else None,
    )


def _tie_words(tie) -> str:
    """How many people or lessons a line of the picture stands for."""
    if tie.kind == "move":
        return _("交流 %(count)s 人", count=tie.count)
    return _("走教 %(count)s 节", count=tie.count) if tie.kind == "visit" else _("学校结对")


def _plan_late(cluster, term):
    """The day by which the plan of the term was due, if that is over and none was handed in; else None."""
    due = term_plans.due_on(cluster, term) if term else None
    if due is None or due >= today():
        return None
    plan = term_plans.of_cluster(cluster, term)
    return due if plan is None or plan.state in ("drafting", "agreed") else None


def _matrix_row(cluster, row) -> dict:
    """A school and what it owes, each cell with the page of its rows."""
    missed = row.held - row.attended
    met = _("%(a)s / %(b)s", a=row.attended, b=row.held)
    return {
        "name": row.school.name,
        "url": url_for("clusters.school", school_id=row.school.id),
        "cells": [
            (
                "none" if not row.held else "wait" if missed else "ok",
                met if row.held else _("未召开"),
                url_for("plans.meeting_list", cluster=cluster.id),
            ),
            (
                "bad" if row.late_tasks else "ok",
                _("逾期 %(count)s 项", count=row.late_tasks) if row.late_tasks else _("无逾期"),
                "#late",
            ),
            (
                "wait" if row.unconfirmed else "ok",
                _("待确认 %(count)s 节", count=row.unconfirmed) if row.unconfirmed else _("已确认"),
                url_for("visiting.index", cluster=cluster.id),
            ),
            ("ok" if row.person_times else "none", _("%(count)s 人次", count=row.person_times), None),
            ("ok" if row.logs else "none", _("%(count)s 篇", count=row.logs), None),
        ],
    }


@bp.get("/<uuid:cluster_id>/overview.xlsx")
@requires("cluster.overview", clusters.cluster_by_id)
def cluster_overview_export(cluster):
    """How each school stands, as a workbook."""
    term = _term(cluster.district_id) or abort(404)
    head = [_("学校"), _("到会（次）"), _("已召开（次）"), _("逾期事项（项）"), _("待确认走教（节）")]
    head += [_("教研人次"), _("反思篇数")]
    rows = [
        [r.school.name, r.attended, r.held, r.late_tasks, r.unconfirmed, r.person_times, r.logs]
        for r in standing.standings(cluster, term, today())
    ]
    title = _("%(name)s各校情况", name=cluster.name)
    return send_workbook(table_workbook(title, head, rows), f"{title}-{today():%Y%m%d}.xlsx")


def _compared(term):
    """(line of the list, numbers, meetings that the scheme asks for) of every cluster in sight."""
    lines = clusters.cluster_lines(actor(), today(), term)
    numbers = overview.numbers_of([line.cluster for line in lines], term, today())
    return [
        (line, numbers[line.cluster.id], meeting_target(load_scheme(line.cluster.scheme_code), term))
        for line in lines
    ]


@bp.get("/compare")
@requires("cluster.compare")
def compare():
    """All clusters side by side, by name; no teacher is named."""
    term = _term(actor().district_id)
    return render("clusters/compare.html", term=term, rows=_compared(term) if term else [])


@bp.get("/compare.xlsx")
@requires("cluster.compare")
def compare_export():
    """The same as a workbook."""
    term = _term(actor().district_id) or abort(404)
    head = [
        _("片区"),
        _("成员校（所）"),
        _("教职工（人）"),
        _("会议（次）"),
        _("方案要求（次）"),
        _("缺纪要（次）"),
    ]
    head += [_("联合活动（次）"), _("学校结对（组）"), _("逾期事项（项）"), _("缺会议或纪要的月份")]
    rows = []
    for line, n, target in _compared(term):
        gaps = "、".join(formats.month_name(m.month) for m in line.months if m.state == "gap")
        counts = [n.meetings, target, n.without_minutes, n.activities, n.school_pairs, n.late_tasks]
        rows.append([line.cluster.name, line.schools, line.staff, *counts, gaps])
    title = _("各片区情况")
    return send_workbook(table_workbook(title, head, rows), f"{title}-{today():%Y%m%d}.xlsx")
