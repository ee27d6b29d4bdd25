"""The circular (通报): all clusters of a term with their figures; no school and no teacher is named (S3-27)."""

from datetime import date

from flask import abort, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField

from portal import labels
from portal.actions import circulars as actions
from portal.auth import actor, now, requires, today
from portal.blueprints.supervision import bp
from portal.blueprints.supervision.inspections import asked_term, term_choices
from portal.documents.tables import table_workbook
from portal.forms import InputRequired, LineField, PortalForm, ProseField
from portal.queries import circulars, clusters
from portal.web import go, history_of, render, saved, send_workbook, term_title


class IssueForm(PortalForm):
    """Under which number and day a circular is issued, and what stands above its figures."""

    number = LineField(_l("文号"), longest=60, needed=True)
    issued_on = DateField(_l("签发日期"), validators=[InputRequired()])
    opening = ProseField(_l("正文"), longest=5000)


@bp.get("/circular")
@requires("circular.view")
def circular():
    """The figures of a term as they stand today, and what was issued of it."""
    term = asked_term()
    return render(
        "supervision/circular.html",
        term=term,
        term_choices=term_choices(),
        asked=request.args,
        lines=circulars.lines_of(actor().district_id, term, today()) if term else [],
        editions=circulars.editions_of(term) if term else [],
        **_words(),
    )


def _words() -> dict:
    """What the table needs in every place: its figures, and which clusters may be opened."""
    found = {str(row.id): row for row in clusters.open_clusters(actor().district_id)}
    return {"figures": circulars.FIGURES, "open_clusters": found}


def _workbook(lines: list[dict], title: str):
    head = [_("片区")]
    head += [
        _("%(what)s（%(unit)s）", what=_(what), unit=_(unit))
        for what, unit in map(labels.CIRCULAR_FIGURE.get, circulars.FIGURES)
    ]
    rows = [[line["cluster"], *(line[key] for key in circulars.FIGURES)] for line in lines]
    return send_workbook(table_workbook(_("工作通报"), head, rows), title + ".xlsx")


@bp.get("/circular.xlsx")
@requires("circular.view")
def circular_export():
    """The figures of today as a workbook."""
    term = asked_term() or abort(404)
    lines = circulars.lines_of(actor().district_id, term, today())
    return _workbook(lines, _("工作通报") + " " + term_title(term))


@bp.route("/circular/issue", methods=["GET", "POST"])
@requires("circular.issue")
def circular_issue():
    """Issue the figures as an edition."""
    term, form = asked_term() or abort(404), IssueForm(issued_on=today())

    def act():
        values = {"number": form.number.data, "issued_on": form.issued_on.data, "opening": form.opening.data}
        return actions.issue(actor(), term, **values, now=now())

    if form.validate_on_submit() and (made := saved(form, act)):
        said = _("已签发第 %(number)s 稿，数字已定格", number=made.edition)
        return go("supervision.circular_edition", said, circular_id=made.id)
    return render(
        "supervision/circular_issue.html",
        form=form,
        term=term,
        lines=circulars.lines_of(actor().district_id, term, today()),
        editions=circulars.editions_of(term),
        **_words(),
    )


@bp.get("/circulars/<uuid:circular_id>")
@requires("circular.view", circulars.by_id)
def circular_edition(circular):
    """An edition as it was issued."""
    return render(
        "supervision/circular_edition.html",
        row=circular,
        lines=circular.content["lines"],
        as_of=date.fromisoformat(circular.content["as_of"]),
        later=circulars.editions_of(circular.term)[0],
        history=history_of(circular),
        **_words(),
    )


@bp.get("/circulars/<uuid:circular_id>.xlsx")
@requires("circular.view", circulars.by_id)
def circular_edition_export(circular):
    """The frozen figures as a workbook."""
    return _workbook(circular.content["lines"], f"{_('工作通报')} {circular.number}")
