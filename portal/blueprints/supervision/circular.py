"""The circular (通报): all clusters of a term with their figures; no school and no teacher is named (S3-27)."""

from flask import abort, request
from flask_babel import gettext as _

from portal.auth import actor, requires, today
from portal.blueprints.supervision import bp
from portal.blueprints.supervision.inspections import asked_term, term_choices
from portal.documents.tables import table_workbook
from portal.queries import assessment, clusters, overview, supervision
from portal.web import render, send_workbook, term_title


def _rows(term) -> list:
    """(cluster, what it did, what supervision found, its published result) of every cluster of the district."""
    found = clusters.open_clusters(actor().district_id)
    did = overview.numbers_of(found, term, today())
    seen = supervision.numbers_of(actor().district_id, [row.id for row in found], term, today())
    results = assessment.cluster_results(actor().district_id, term)
    return [(row, did[row.id], seen[row.id], results.get(row.id)) for row in found]


@bp.get("/circular")
@requires("circular.view")
def circular():
    """The circular of a term."""
    term = asked_term()
    return render(
        "supervision/circular.html",
        term=term,
        term_choices=term_choices(),
        asked=request.args,
        rows=_rows(term) if term else [],
    )


@bp.get("/circular.xlsx")
@requires("circular.view")
def circular_export():
    """The same as a workbook."""
    term = asked_term() or abort(404)
    head = [
        _("片区"),
        _("会议（次）"),
        _("联合活动（次）"),
        _("学校结对（组）"),
        _("逾期事项（项）"),
        _("督导（次）"),
    ]
    head += [_("清单问题（项）"), _("已销号（项）"), _("逾期未整改（项）"), _("片区考核（折合百分制）")]
    lines = [
        [
            row.name,
            did.meetings,
            did.activities,
            did.school_pairs,
            did.late_tasks,
            seen.inspections,
            seen.problems,
            seen.confirmed,
            seen.late,
            result and round(result, 1),
        ]
        for row, did, seen, result in _rows(term)
    ]
    name = _("工作通报") + " " + term_title(term)
    return send_workbook(table_workbook(_("工作通报"), head, lines), name + ".xlsx")
