"""Lessons of the term before, to be taken over: which fit, which clash and why."""

from flask import request
from flask_babel import gettext as _

from portal import formats
from portal.actions import last_term as actions
from portal.auth import actor, may_on, now, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.checks import clock_words
from portal.forms import PortalForm, as_uuid
from portal.queries import last_term, people, schools, terms
from portal.web import go, render, saved, term_title


class TakeOverForm(PortalForm):
    """The chosen lessons stand as check boxes of the list."""


def _asked() -> dict:
    """Whose lessons: of a teacher or of a school in sight; without a wish those of one's own school."""
    who = actor()
    person_id, school_id = as_uuid(request.values.get("teacher")), as_uuid(request.values.get("school"))
    if person_id:
        may_on("limit.view", people.person_by_id(who.district_id, person_id))
        return {"person_id": person_id}
    if school_id:
        may_on("school.view", schools.by_id(who.district_id, school_id))
        return {"school_id": school_id}
    return {"school_id": min(who.manages_schools, key=str)}


def _term():
    return terms.asked_for(actor().district_id, request.values.get("term"), today())


@bp.route("/copy", methods=["GET", "POST"])
@requires("lesson.create")
def copy():
    """Choose lessons of the term before; nothing is written before the confirmation."""
    term, whose, form = _term(), _asked(), TakeOverForm()
    before = last_term.term_before(term) if term else None
    if before is not None and form.validate_on_submit():
        chosen = {as_uuid(text) for text in request.form.getlist("row")[: last_term.MOST]}
        made = saved(form, lambda: actions.take_over(actor(), term, before, chosen, now=now(), **whose))
        if made:
            where = {"teacher": whose.get("person_id"), "school": whose.get("school_id")}
            return go("visiting.index", _("已沿用 %(count)s 节课", count=made), term=term.code, **where)
    return _page(term, before, whose, form)


def _page(term, before, whose: dict, form):
    who = actor()
    found = last_term.candidates(who, term, before, today(), **whose) if before else []
    person = people.person_by_id(who.district_id, whose["person_id"]) if "person_id" in whose else None
    return render(
        "visiting/copy.html",
        form=form,
        term=term,
        before=before,
        candidates=found,
        chosen=set(request.form.getlist("row")),
        person=person,
        school=schools.by_id(who.district_id, whose["school_id"]) if "school_id" in whose else None,
        schools=[(row.id, row.name) for row in schools.in_hand(who)],
        terms=[(t.code, term_title(t)) for t in terms.all_terms(who.district_id) if t.last_day >= today()],
        clock=clock_words,
        said=lambda messages: [each.text(_) for each in messages],
        weekday=formats.weekday,
    )
