"""Proposals of a cluster's timetable: computed in the background, looked at, adopted lesson by lesson."""

from flask import request, url_for
from flask_babel import gettext as _

from portal.actions import proposals as actions
from portal.actions.errors import Refused
from portal.auth import actor, can, may_on, now, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.forms_proposals import ProposalForm
from portal.domain.words import unpacked
from portal.extensions import db
from portal.forms import as_uuid, spoken
from portal.jobs import board, queue, visiting_plan
from portal.queries import clusters, proposals, terms, visiting
from portal.web import commit, go, history_of, leave_to, read_step, render, wants_fragment


@bp.get("/proposals")
@requires("proposal.list")
def proposal_index():
    """The clusters in sight, each with its proposals; who has one cluster goes there at once."""
    mine = [each for each in clusters.all_clusters(actor()) if can("cluster.proposals", each)]
    if len(mine) == 1:
        return go("visiting.proposal_list", cluster_id=mine[0].id)
    return render(
        "visiting/proposal_index.html", clusters=mine, waiting=visiting.unconfirmed(actor(), today())
    )


@bp.get("/clusters/<uuid:cluster_id>/proposals")
@requires("cluster.proposals", clusters.cluster_by_id)
def proposal_list(cluster):
    """The proposals of a cluster in the present term, what its schools need, and the button for another."""
    return _list_page(cluster, ProposalForm(first_day=today()))


def _list_page(cluster, form):
    term = terms.current_term(cluster.district_id, today())
    members = [m.school for m in clusters.members_on(cluster, max(today(), term.first_day))] if term else []
    return render(
        "visiting/proposals.html",
        form=form,
        cluster=cluster,
        term=term,
        waiting=visiting.unconfirmed(actor(), today()),
        members=members,
        demands=proposals.demands_of(cluster.district_id, term.id, [s.id for s in members]) if term else [],
        sendable=len(proposals.sendable(cluster, term, today())) if term else 0,
        proposals=proposals.proposals_of(actor(), cluster, term) if term else [],
    )


@bp.post("/clusters/<uuid:cluster_id>/proposals")
@requires("cluster.proposals", clusters.cluster_by_id)
def proposal_new(cluster):
    """Have a proposal computed."""
    may_on("proposal.create", cluster)
    form, term = ProposalForm(), terms.current_term(cluster.district_id, today())
    if term is None or not form.validate_on_submit():
        return _list_page(cluster, form)
    try:
        proposal = actions.begin(
            actor(),
            cluster,
            term,
            first_day=form.first_day.data,
            adjusts=form.adjusts.data,
            today=today(),
        )
    except Refused as refused:
        form.refuse(refused)
        return _list_page(cluster, form)
    job = board.ask(
        actor(),
        visiting_plan.KIND,
        visiting_plan.params_of(proposal),
        now=now(),
        total=visiting_plan.STEPS,
    )
    commit()
    queue.wake(job)
    return go("visiting.proposal", proposal_id=proposal.id)


@bp.get("/proposals/<uuid:proposal_id>")
@requires("proposal.view", proposals.by_id)
def proposal(proposal):
    """One proposal: how far it is, or its lessons, and what it could not cover and why."""
    if wants_fragment() and proposal.state != "computing":
        return leave_to(url_for("visiting.proposal", proposal_id=proposal.id))
    return _page(proposal)


def _page(proposal, refused: str = ""):
    lines = proposals.lines_of(actor(), proposal, max(today(), proposal.first_day))
    return render(
        "visiting/proposal.html",
        fragments=("proposal_state",),
        proposal=proposal,
        job=_job(proposal),
        lines=lines,
        uncovered=[_spoken(each) for each in proposal.uncovered],
        may_run=can("proposal.create", proposal),
        may_adopt=any(line.is_mine for line in lines),
        refused=refused,
        history=history_of(proposal),
        status=422 if refused else None,
    )


def _job(proposal):
    """The job of a proposal, for who asked for it."""
    return board.latest(actor(), visiting_plan.KIND, **visiting_plan.params_of(proposal))


@bp.post("/proposals/<uuid:proposal_id>/retry")
@requires("proposal.view", proposals.by_id)
def proposal_retry(proposal):
    """Compute again what failed."""
    may_on("proposal.create", proposal)
    job = _job(proposal)
    if job is not None and board.retry(job, now=now()):
        queue.wake(job)
    return go("visiting.proposal", proposal_id=proposal.id)


def _spoken(shortfall: dict) -> dict:
    """What a demand lacks, in the reader's language."""
    return shortfall | {
        "reasons": [unpacked(reason).text(_) for reason in shortfall["reasons"]],
        "unlocks": [(unpacked(change).text(_), periods) for change, periods in shortfall["unlocks"]],
    }


@bp.post("/proposals/<uuid:proposal_id>/step")
@requires("proposal.view", proposals.by_id)
def proposal_step(proposal):
    """Cancel the computation, or discard the proposal."""
    step = read_step("plan_proposal")
    actions.step(actor(), proposal, step.action, expected=step.expected)
    commit()
    return go("visiting.proposal", _("已办理"), proposal_id=proposal.id)


@bp.post("/proposals/<uuid:proposal_id>/adopt")
@requires("proposal.view", proposals.by_id)
def proposal_adopt(proposal):
    """Make the chosen lessons real: all of them, or none."""
    chosen = {as_uuid(text) for text in request.form.getlist("lesson")}
    rows = [line.lesson for line in proposals.lines_of(actor(), proposal, today()) if line.is_mine]
    rows = [row for row in rows if row.id in chosen]
    try:
        count = actions.adopt(actor(), proposal, rows, today=today(), now=now())
    except Refused as refused:
        return _page_after(proposal, refused)
    commit()
    return go("visiting.proposal", _("已排进课表 %(count)s 节", count=count), proposal_id=proposal.id)


def _page_after(proposal, refused: Refused):
    """The page again, with nothing written, and why."""
    key = proposal.id
    words = _(refused.message, **spoken(refused.words))
    db.session.rollback()
    return _page(proposals.by_id(actor().district_id, key), words)
