"""The opinion box: what it says to whom, putting an opinion in, what becomes of it."""

from flask import request
from flask_babel import gettext as _

from portal.actions import opinions as actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.opinions import bp
from portal.blueprints.opinions.forms import OpinionForm
from portal.domain.opinions import STATES, TOPICS
from portal.forms import as_uuid
from portal.queries import clusters, opinions, schools, terms
from portal.sent_forms import without_moment
from portal.web import commit, go, read_step, render, saved, term_title


def asked_term():
    """The term that the address names, else the present one."""
    return terms.asked_for(actor().district_id, request.args.get("term"), today())


def _filters() -> dict:
    topic, state = request.args.get("topic", ""), request.args.get("state", "")
    return {"topic": topic if topic in TOPICS else "", "state": state if state in STATES else ""}


def _school(mine: list):
    """The school whose box is shown: of several the one that the address names."""
    asked = as_uuid(request.args.get("school"))
    return next((school for school in mine if school.id == asked), mine[0] if mine else None)


def _box(who, school, term):
    return opinions.in_box(who, school, term, request.args.get("at"), **_filters())


@bp.get("/")
@requires("opinion.list")
def index():
    """The box of the own school in a term: the collection, one's own opinions, for the representative all."""
    who, term = actor(), asked_term()
    mine = schools.with_id_in(who.district_id, who.works_at | who.principal_of)
    mine.sort(key=lambda school: school.id not in who.represents)  # where one is awaited, then by name
    school = _school(mine)
    page = {"school": school, "schools": mine, "term": term, "asked": request.args}
    if school and term:
        digest = opinions.digest_of(school, term)
        reads = can("school.collect", school)
        page |= {
            "digest": digest if digest and can("opinion_digest.view", digest) else None,
            "speakers": opinions.representing(school, today()),
            "may_write": can("school.opine", school) and term == terms.current_term(who.district_id, today()),
            "reads": reads,
            "own": [] if reads else opinions.own(who, term),
            "box": _box(who, school, term) if reads else None,
        }
    page["term_choices"] = [(each.code, term_title(each)) for each in terms.all_terms(who.district_id)]
    return render("opinions/index.html", fragments=("opinion_box",), **page)


@bp.route("/schools/<uuid:school_id>/new", methods=["GET", "POST"])
@requires("school.opine", clusters.school_by_id)
def opinion_new(school):
    """Put an opinion into the box, with the name or without."""
    form, term = OpinionForm(), terms.current_term(school.district_id, today())

    def act():
        if not form.row["named"]:
            without_moment()
        return actions.put(actor(), school, term, **form.row, now=now())

    if term and form.validate_on_submit() and saved(form, act):
        return go("opinions.index", _("意见已放进意见箱"), school=school.id)
    return render(
        "opinions/form.html",
        form=form,
        school=school,
        term=term,
        speakers=opinions.representing(school, today()),
    )


@bp.post("/<uuid:opinion_id>/step")
@requires("opinion.view", opinions.by_id)
def opinion_step(opinion):
    """Take into the collection, leave out again; the author withdraws."""
    actions.take(actor(), opinion, read_step("opinion"))
    commit()
    return go("opinions.index", _("已办理"), school=opinion.school_id, term=opinion.term.code)
