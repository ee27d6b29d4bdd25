"""Requests for instruction and reports: the list, one with its way, writing, sending again, the steps."""

from flask import abort, request
from flask_babel import gettext as _

from portal import formats, labels
from portal.actions import school_requests as actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.instructions import bp
from portal.blueprints.instructions.forms import RequestForm
from portal.domain.school_requests import KINDS, STATES
from portal.forms import as_uuid, clean_line
from portal.queries import clusters, school_requests, schools
from portal.web import commit, go, history_of, read_step, render, saved


def _filters() -> dict:
    kind, state = request.args.get("kind", ""), request.args.get("state", "")
    return {
        "kind": kind if kind in KINDS else "",
        "state": state if state in STATES else "",
        "waits": state == "mine",
        "cluster_id": as_uuid(request.args.get("cluster")),
        "words": clean_line(request.args.get("q", ""))[:40],
    }


@bp.get("/")
@requires("school_request.list")
def index():
    """The requests and reports in sight."""
    who = actor()
    written_for = schools.with_id_in(who.district_id, who.works_at | who.principal_of)
    return render(
        "instructions/index.html",
        fragments=("request_list",),
        asked=request.args,
        page=school_requests.request_page(who, request.args.get("at"), **_filters()),
        clusters=clusters.all_clusters(who),
        may_write=[school for school in written_for if can("school.request", school)],
        days=lambda row: (today() - row.waits_since).days,
    )


@bp.route("/schools/<uuid:school_id>/new", methods=["GET", "POST"])
@requires("school.request", clusters.school_by_id)
def school_request_new(school):
    """Write one and send it off."""
    mine = schools.clusters_of(school.district_id, [school.id], today()).get(school.id, [])
    form = RequestForm(clusters=[each.cluster for each in mine])
    if form.validate_on_submit():
        made = saved(form, lambda: actions.submit(actor(), school, form.row, now=now()))
        if made:
            return go("instructions.school_request", _("已报出"), school_request_id=made.id)
    return render("instructions/form.html", form=form, school=school, row=None)


@bp.get("/<uuid:school_request_id>")
@requires("school_request.view", school_requests.by_id)
def school_request(school_request):
    """One with all opinions, where it is and how long it waits."""
    row = school_request
    return render(
        "instructions/detail.html",
        row=row,
        way=[_line(step) for step in school_requests.steps_of(row)],
        names=school_requests.names_at(row, today()),
        days=(today() - row.waits_since).days,
        directs=row.cluster.profile == "directing",
        may_edit=row.state == "returned" and can("school_request.edit", row),
        history=history_of(row),
    )


def _line(step) -> dict:
    back = step.action.startswith("return") or step.action == "withdraw"
    return {
        "state": "back" if back else "done",
        "title": f"{step.person.name} · {_(labels.REQUEST_STEP[step.action])}",
        "when": formats.full_moment(step.taken_at),
        "iso": formats.iso(step.taken_at),
        "said": step.text,
    }


@bp.route("/<uuid:school_request_id>/edit", methods=["GET", "POST"])
@requires("school_request.edit", school_requests.by_id)
def school_request_edit(school_request):
    """Change a returned one and send it again."""
    row = school_request
    if row.state != "returned":
        abort(404)
    shown = {name: getattr(row, name) for name in ("kind", "office", "level", "title", "text")}
    form = RequestForm(clusters=[row.cluster], data=shown | {"cluster": str(row.cluster_id)})

    def act():
        return actions.resubmit(actor(), row, form.row, expected=form.expected_version, now=now())

    if form.validate_on_submit() and saved(form, act, row, "title", "text"):
        return go("instructions.school_request", _("已报出"), school_request_id=row.id)
    return render("instructions/form.html", form=form, school=row.school, row=row)


@bp.post("/<uuid:school_request_id>/step")
@requires("school_request.view", school_requests.by_id)
def school_request_step(school_request):
    """Pass on with an opinion, answer, return, withdraw."""
    actions.take(actor(), school_request, read_step("school_request"), now=now())
    commit()
    return go("instructions.school_request", _("已办理"), school_request_id=school_request.id)
