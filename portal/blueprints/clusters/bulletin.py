"""The bulletin of a cluster and month (S4-26): computed from the records, printed and exported, typed nowhere."""

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.auth import can, requires, today
from portal.blueprints.clusters import bp
from portal.documents.tables import table_workbook
from portal.domain.workload import month_before, month_code, parse_month
from portal.queries import bulletins, clusters
from portal.web import render, send_workbook

SHOWN_MONTHS = 12


def _asked_month():
    """The month that the address names, else the present one."""
    return parse_month(request.args.get("month", "")[:7]) or today().replace(day=1)


def _month_words(month) -> str:
    return _("%(year)s年%(month)s月", year=month.year, month=month.month)


def _choices(asked) -> list[tuple[str, str]]:
    """The last months and the one that is shown, the latest first."""
    found, month = {asked}, today().replace(day=1)
    for _number in range(SHOWN_MONTHS):
        found.add(month)
        month = month_before(month)
    return [(month_code(each), _month_words(each)) for each in sorted(found, reverse=True)]


def _kind(line) -> str:
    return _(labels.BULLETIN_KIND[line.part].get(line.kind, line.kind)) if line.kind else ""


@bp.get("/<uuid:cluster_id>/bulletin")
@requires("cluster.overview", clusters.cluster_by_id)
def bulletin(cluster):
    """What the schools of a cluster did in a month."""
    month = _asked_month()
    lines = bulletins.lines_of(cluster, month)
    parts = {part: [line for line in lines if line.part == part] for part in bulletins.PARTS}
    return render(
        "clusters/bulletin.html",
        cluster=cluster,
        month=month,
        month_words=_month_words(month),
        choices=_choices(month),
        parts=[(part, rows) for part, rows in parts.items() if rows],
        part_keys=bulletins.PARTS,
        schools=bulletins.by_school(cluster, month, lines),
        kind_of=_kind,
        may_open=lambda line: can(*line.guard),
    )


@bp.get("/<uuid:cluster_id>/bulletin.xlsx")
@requires("cluster.overview", clusters.cluster_by_id)
def bulletin_export(cluster):
    """The same as a workbook: what was done, and how much of it was each school's."""
    month = _asked_month()
    lines = bulletins.lines_of(cluster, month)
    title = _("%(name)s%(month)s工作简报", name=cluster.name, month=_month_words(month))
    head = [_("栏目"), _("日期"), _("类别"), _("内容"), _("责任方"), _("参加（人次）")]
    rows = [
        [
            _(labels.BULLETIN_PART[line.part]),
            line.day,
            _kind(line),
            line.what,
            line.school.name if line.school else cluster.name,
            line.count,
        ]
        for line in lines
    ]
    words = [_(labels.BULLETIN_PART[part]) for part in bulletins.PARTS]
    counts = [
        [school.name, *(count[part] for part in bulletins.PARTS)]
        for school, count in bulletins.by_school(cluster, month, lines)
    ]
    more = (_("各校"), [_("学校"), *words], counts)
    return send_workbook(table_workbook(title, head, rows, more), f"{title}.xlsx")
