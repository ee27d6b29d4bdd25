"""The drill-down: a figure with its definition, its parts, and the records behind it."""

from flask import abort, request
from flask_babel import gettext as _

from portal.auth import actor, requires, today
from portal.blueprints.summaries import bp, view
from portal.documents.tables import MOST_EXPORTED, table_workbook
from portal.domain.figures import DEFINITIONS
from portal.domain.words import Message
from portal.queries import figure_rows, summaries
from portal.web import render, send_workbook


def _content(summary) -> dict:
    """The content whose figure is asked for: a signed edition, or the summary as it stands."""
    edition = request.args.get("edition", "")
    if not edition:
        return summaries.content_of(summary, today())
    found = [each for each in summaries.editions_of(summary) if str(each.edition) == edition]
    return found[0].content if found else abort(404)


def _line(summary, key: str):
    content = _content(summary)
    return content, ((key in DEFINITIONS and view.figure_lines(content, [key])) or abort(404))[0]


@bp.get("/<uuid:summary_id>/figures/<key>")
@requires("summary.view", summaries.by_id)
def figure(summary, key):
    """One figure and its records, with links to those that the reader may open."""
    content, line = _line(summary, key)
    at = request.args.get("at", "")
    first = int(at) if at.isdecimal() and len(at) < 7 else 0
    rows = figure_rows.rows_of(actor(), key, line.figure, first=first)
    return render(
        "summaries/figure.html",
        summary=summary,
        content=content,
        as_of=view.as_of(content),
        line=line,
        parts=view.breakdown_of(line),
        rows=rows,
        listed=[(view.address_of(row), [view.cell_text(cell) for cell in row.cells]) for row in rows.rows]
        if rows
        else [],
        first=first,
        size=figure_rows.PAGE,
        edition=request.args.get("edition", ""),
    )


@bp.get("/<uuid:summary_id>/figures/<key>.xlsx")
@requires("summary.view", summaries.by_id)
def figure_export(summary, key):
    """The records behind a figure as a workbook; names as the reader may see them."""
    _content_there, line = _line(summary, key)
    found = figure_rows.rows_of(actor(), key, line.figure, size=MOST_EXPORTED) or abort(404)
    rows = [[cell.text(_) if isinstance(cell, Message) else cell for cell in row.cells] for row in found.rows]
    title = f"{summary.cluster.name} {summary.term.code} {_(line.definition.label)}"
    return send_workbook(table_workbook(title, [_(word) for word in found.columns], rows), f"{title}.xlsx")
