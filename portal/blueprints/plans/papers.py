"""Papers of a cluster as PDF: asked for, made in the background with visible progress, downloaded."""

from flask import request

from portal.auth import actor, now, requires, today
from portal.blueprints.plans import bp
from portal.forms import asked_day
from portal.jobs import board, cluster_paper, queue
from portal.queries import clusters, meetings, term_plans
from portal.web import commit, go, render


def _ask(paper: str, key, *, day: str = "", edition: int | None = None):
    params = {"paper": paper, "id": str(key), "day": day, "edition": edition}
    job = board.ask(actor(), cluster_paper.KIND, params, now=now(), total=cluster_paper.STEPS)
    commit()
    queue.wake(job)
    return go("plans.paper_job", job_id=job.id)


@bp.post("/clusters/<uuid:cluster_id>/groups/paper")
@requires("cluster.view", clusters.cluster_by_id)
def group_paper(cluster):
    """The list of a cluster's groups on a day, as an annex."""
    day = asked_day(request.form.get("on"), today())
    return _ask("groups", cluster.id, day=day.isoformat())


@bp.post("/meetings/<uuid:meeting_id>/paper")
@requires("meeting.view", meetings.by_id)
def meeting_paper(meeting):
    """The minutes of a meeting."""
    return _ask("minutes", meeting.id)


@bp.post("/term/<uuid:term_plan_id>/paper")
@requires("term_plan.view", term_plans.by_id)
def term_plan_paper(term_plan):
    """An edition of a plan, or the draft as it stands."""
    asked = request.form.get("edition", "")
    edition = int(asked) if asked.isdecimal() and len(asked) < 5 else None
    if edition is None and term_plan.state != "drafting":
        edition = term_plan.edition
    return _ask("plan", term_plan.id, day="" if edition else today().isoformat(), edition=edition)


@bp.get("/papers/<uuid:job_id>")
@requires("job.view", board.by_id)
def paper_job(job):
    """How far a paper is: a page of its own, and the fragment that the page asks for every two seconds."""
    return render("plans/paper.html", fragments=("paper_job",), job=job)


@bp.post("/papers/<uuid:job_id>/retry")
@requires("job.view", board.by_id)
def paper_retry(job):
    """Try a paper again that could not be made."""
    if board.retry(job, now=now()):
        queue.wake(job)
    return go("plans.paper_job", job_id=job.id)
