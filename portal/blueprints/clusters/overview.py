"""How the schools of a cluster stand, and all clusters side by side: numbers, and the pages that show their rows."""

from flask import abort, url_for
from flask_babel import gettext as _

from portal import formats
from portal.auth import actor, can, requires, today
from portal.blueprints.clusters import bp
from portal.documents.tables import table_workbook
from portal.domain.drawing import drawing
from portal.domain.figures import meeting_target
from portal.domain.schemes import load_scheme
from portal.queries import clusters, meeting_people, meetings, overview, standing, term_plans, terms
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
        matrix=[_matrix_row(cluster, term, row) for row in rows],
        tasks=overview.late_tasks(cluster, today()),
        bare=overview.without_minutes(cluster, term) if term else [],
        plan_late=_plan_late(cluster, term),
        months=meetings.months(cluster, term, today()) if term else [],
        tallies=_tallies(cluster, term),
        ties=said,
        drawing=drawing([m.school.name for m in members], lead and lead.name, said, _("领衔学校"))
        if said
        else None,
    )


def _tallies(cluster, term) -> list:
    """(counter with target and actual, the page that lists what was counted) of the cluster's scheme."""
    if term is None:
        return []
    where = {"cluster": cluster.id, "term": term.code}
    return [
        (
            each,
            url_for("plans.activity_list", **where)
            if each.counter.key in meeting_people.OF_ACTIVITIES
            else url_for("plans.meeting_list", **where),
        )
        for each in meeting_people.tallies_of([cluster], term)[cluster.id]
    ]


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


def _matrix_row(cluster, term, row) -> dict:
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
            _month_cell(row),
            _plan_cell(cluster, row),
            _letter_cell(cluster, row),
            (
                "ok" if row.person_times else "none",
                _("%(count)s 人次", count=row.person_times),
                url_for("plans.activity_list", cluster=cluster.id, term=term.code),
            ),
            ("ok" if row.logs else "none", _("%(count)s 篇", count=row.logs), None),
        ],
    }


def _month_cell(row) -> tuple:
    """Months of visiting lessons that wait for this school."""
    if row.months is None:
        return "none", _("没有走教"), None
    url = url_for("visiting.month", school_id=row.school.id) if can("month.view", row.school) else None
    return (
        ("bad", _("待办 %(count)s 个月", count=row.months), url) if row.months else ("ok", _("已关账"), url)
    )


def _plan_cell(cluster, row) -> tuple:
    """Items of the term's plan that the school answers for."""
    if row.plan_late:
        words, kind = _("逾期 %(count)s 项", count=row.plan_late), "bad"
    else:
        words = _("未完成 %(count)s 项", count=row.plan_open) if row.plan_open else _("无未完成")
        kind = "wait" if row.plan_open else "ok"
    return kind, words, url_for("plans.term_plan_list")


def _letter_cell(cluster, row) -> tuple:
    """Responsibility letters and those that the principal has not signed."""
    if not row.letters:
        return "none", _("没有"), None
    where = {"cluster": cluster.id, "school": row.school.id}
    url = url_for("clusters.letter_list", **where) if can("letter.list") else None
    if row.unsigned:
        return "bad", _("未签 %(count)s 份", count=row.unsigned), url
    return "ok", _("已签"), url


@bp.get("/<uuid:cluster_id>/overview.xlsx")
@requires("cluster.overview", clusters.cluster_by_id)
def cluster_overview_export(cluster):
    """How each school stands, what the scheme asks for, and what goes on between the schools, as a workbook."""
    term = _term(cluster.district_id) or abort(404)
    title = _("%(name)s各校情况", name=cluster.name)
    head = [_("学校"), _("到会（次）"), _("已召开（次）"), _("逾期事项（项）"), _("待确认走教（节）")]
    head += [_("未关账走教月份（个）"), _("未完成计划事项（项）"), _("其中逾期（项）")]
    head += [_("责任书（份）"), _("其中未签（份）"), _("教研人次"), _("反思篇数")]
    names = (
        "attended held late_tasks unconfirmed months plan_open plan_late letters unsigned person_times logs"
    )
    rows = [
        [row.school.name, *(getattr(row, name) for name in names.split())]
        for row in standing.standings(cluster, term, today())
    ]
    asked = [
        [_(each.counter.label), each.actual, each.target if each.target is not None else _("未设定")]
        for each, _url in _tallies(cluster, term)
    ]
    members = [m.school for m in clusters.members_on(cluster, today())]
    ties = [[tie.home.name, tie.host.name, _tie_words(tie)] for tie in overview.ties(cluster, members, term)]
    more = [
        (_("按方案对照"), [_("事项"), _("已开展（次）"), _("应开展（次）")], asked),
        (_("交流往来"), [_("从"), _("到"), _("内容")], ties),
    ]
    return send_workbook(table_workbook(title, head, rows, *more), f"{title}-{today():%Y%m%d}.xlsx")


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
