"""Computing a proposal for a cluster's visiting timetable, with progress, until it is done or cancelled."""

import time
import uuid

from flask import current_app

from portal.actions.steps import take_step
from portal.domain import planning
from portal.domain.moments import local_day
from portal.domain.words import N_, packed
from portal.extensions import db
from portal.jobs.board import JobFailed
from portal.jobs.running import clock, reading
from portal.models import Job, PlanProposal, ProposedLesson
from portal.queries import people, proposals, visiting

KIND = "visiting_plan"
STEPS = 100  # told as per cent
LOOK_EVERY = 1.0  # seconds between two looks at whether somebody cancelled


def params_of(proposal: PlanProposal) -> dict:
    """What the job of a proposal is asked with."""
    return {"proposal_id": str(proposal.id)}


def make(job: Job, say) -> None:
    """Compute the proposal and keep it, unless it was cancelled meanwhile. It makes no file."""
    key = (job.district_id, uuid.UUID(job.params["proposal_id"]))
    say(1, N_("正在读取课表和需求"))
    with reading():
        proposal = proposals.by_id(*key)
        if proposal is None or proposal.state != "computing":
            return
        facts = proposals.facts_of(proposal.cluster, proposal.term, proposal.first_day, _movable(proposal))
        seed = proposal.seed
        demands = {str(each.id): each.school_id for each in facts.demands}
        shown = {str(each.id): (each.class_name, each.subject) for each in facts.demands}
    watch = _Watch(key, say)
    plan = planning.plan(facts.problem, seed=seed, progress=watch.progress, cancelled=watch.cancelled)
    if plan.finished:
        _keep(key, facts.problem, plan, demands, shown)


def _movable(proposal: PlanProposal) -> frozenset:
    """Keys of the lessons that the proposal may move."""
    if not proposal.adjusts:
        return frozenset()
    today = local_day(clock(current_app))
    return proposals.movable_lessons(proposal.cluster, proposal.term, proposal.first_day, today)


class _Watch:
    """Tells how far the search is, and looks now and then whether somebody cancelled."""

    def __init__(self, key: tuple, say):
        self.key, self.say = key, say
        self.told = self.looked = time.monotonic()
        self.stopped = False

    def progress(self, done: int, total: int) -> None:
        """Say it at most once a second: each word is a write."""
        moment = time.monotonic()
        if moment - self.told >= LOOK_EVERY:
            self.told = moment
            self.say(2 + 96 * done // max(total, 1), N_("正在排课"))

    def cancelled(self) -> bool:
        """Whether the proposal is no longer wanted."""
        moment = time.monotonic()
        if not self.stopped and moment - self.looked >= LOOK_EVERY:
            self.looked = moment
            with reading():
                self.stopped = proposals.by_id(*self.key).state != "computing"
        return self.stopped


def _keep(key: tuple, problem, plan, demands: dict, shown: dict) -> None:
    """Write the outcome in the name of who asked; who may no longer ask gets nothing."""
    proposal = proposals.by_id(*key)
    if proposal.state != "computing":
        return
    account = people.account_of(proposal.person)
    moment = clock(current_app)
    if account is None:
        raise JobFailed(N_("发起人的账号已经不在"))
    take_step(people.actor_of(account, local_day(moment)), proposal, "propose")
    proposal.fingerprint, proposal.planner = problem.fingerprint(), planning.PLANNER_VERSION
    proposal.iterations, proposal.computed_at = plan.iterations, moment
    proposal.covered, proposal.wanted = plan.covered, plan.wanted
    proposal.travel_days, proposal.minutes = plan.travel_days, plan.minutes
    proposal.uncovered = [_shortfall(problem.demands[each.demand], each, shown) for each in plan.uncovered]
    for each in plan.added:
        demand = problem.demands[each.demand]
        class_name, subject = shown[demand.row]
        db.session.add(
            ProposedLesson(
                district_id=key[0],
                proposal_id=key[1],
                person_id=uuid.UUID(each.teacher),
                school_id=demands[demand.row],
                class_name=class_name,
                subject=subject,
                weekday=each.weekday,
                period=each.period,
                starts=each.start,
                ends=each.end,
                replaces_id=None if each.replaces is None else uuid.UUID(each.replaces),
            )
        )
    db.session.add_all(_dropped(key, uuid.UUID(row)) for row in plan.dropped)
    db.session.commit()


def _dropped(key: tuple, lesson_id) -> ProposedLesson:
    """The row of a lesson that the plan ends without another."""
    old = visiting.lesson_by_id(key[0], lesson_id)
    names = ("person_id", "school_id", "class_name", "subject", "weekday", "period", "starts", "ends")
    kept = {name: getattr(old, name) for name in names}
    return ProposedLesson(district_id=key[0], proposal_id=key[1], replaces_id=lesson_id, is_drop=True, **kept)


def _shortfall(demand, found, shown: dict) -> dict:
    class_name, subject = shown[demand.row]
    return {
        "school": demand.school,
        "class_name": class_name,
        "subject": subject,
        "missing": found.missing,
        "reasons": [packed(reason) for reason in found.reasons],
        "unlocks": [[packed(unlock.change), unlock.periods] for unlock in found.unlocks],
    }
