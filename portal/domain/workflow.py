"""Steps of every workflow as data, and the one function through which a state changes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One way from a state to the next.

    ``key`` names the button and the audit action, ``permission`` who may press it, ``note`` whether
    a reason has to be written. ``style`` is ``primary``, ``plain`` or ``refuse``. A step that is not
    ``offered`` is taken by saving a form, not by a button.
    """

    key: str
    sources: tuple[str, ...]
    target: str
    permission: str
    note: bool = False
    style: str = "plain"
    offered: bool = True


STEPS: dict[str, tuple[Step, ...]] = {
    # W6: scheduled, held, minutes drafted, confirmed by the lead.
    "meeting": (
        Step("hold", ("scheduled",), "held", "meeting.edit", style="primary", offered=False),
        Step("minute", ("scheduled", "held", "minuted"), "minuted", "meeting.edit", offered=False),
        Step("confirm", ("minuted",), "confirmed", "meeting.confirm", style="primary"),
        Step("return", ("minuted",), "held", "meeting.confirm", note=True),
        Step("cancel", ("scheduled",), "cancelled", "meeting.edit", note=True, style="refuse"),
        Step("reopen", ("confirmed",), "minuted", "meeting.confirm", note=True),
    ),
    "meeting_task": (
        Step("finish", ("open",), "done", "task.edit", style="primary"),
        Step("drop", ("open",), "dropped", "task.edit", note=True, style="refuse"),
        Step("resume", ("done", "dropped"), "open", "task.edit"),
    ),
    # W5: drafted, set by the lead (by all members among equals), submitted, accepted; an amendment is a new edition.
    "term_plan": (
        Step("set", ("drafting",), "agreed", "term_plan.set", style="primary"),
        Step("submit", ("agreed",), "submitted", "term_plan.set", style="primary"),
        Step("accept", ("submitted",), "accepted", "term_plan.accept", style="primary"),
        Step("return", ("submitted",), "drafting", "term_plan.accept", note=True),
        Step("amend", ("agreed", "accepted"), "drafting", "term_plan.set", note=True),
    ),
    "plan_item": (
        Step("finish", ("open",), "done", "plan_item.report", style="primary"),
        Step("drop", ("open",), "dropped", "plan_item.report", note=True, style="refuse"),
        Step("resume", ("done", "dropped"), "open", "plan_item.report"),
    ),
    # S4-70: targets are set, the principal signs.
    "responsibility_letter": (
        Step("sign", ("drafted",), "signed", "letter.sign", style="primary"),
        Step("reopen", ("signed",), "drafted", "letter.edit", note=True),
    ),
    # W7: planned, held, dossier closed; or cancelled with a reason.
    "activity": (
        Step("hold", ("planned",), "held", "activity.edit", style="primary"),
        Step("close", ("held",), "closed", "activity.edit", style="primary"),
        Step("postpone", ("planned",), "planned", "activity.edit", note=True, offered=False),
        Step("cancel", ("planned",), "cancelled", "activity.edit", note=True, style="refuse"),
        Step("reopen", ("closed", "cancelled"), "planned", "activity.edit", note=True),
    ),
    # W2: agreed by both principals, approved by the bureau.
    "school_pairing": (
        Step("agree_donor", ("proposed",), "proposed", "pairing.agree_donor", style="primary"),
        Step("agree_beneficiary", ("proposed",), "proposed", "pairing.agree_beneficiary", style="primary"),
        Step("agreed", ("proposed",), "agreed", "pairing.edit", offered=False),
        Step("approve", ("agreed",), "active", "pairing.approve", style="primary"),
        Step("return", ("agreed",), "proposed", "pairing.approve", note=True),
        Step("withdraw", ("proposed", "agreed"), "withdrawn", "pairing.edit", note=True, style="refuse"),
        Step("close", ("active",), "closed", "pairing.edit", note=True),
    ),
    # W3: accepted by both, then active until it is finished or broken off.
    "mentoring_pair": (
        Step("accept_mentor", ("proposed",), "proposed", "mentoring.accept_mentor", style="primary"),
        Step("accept_mentee", ("proposed",), "proposed", "mentoring.accept_mentee", style="primary"),
        Step("start", ("proposed",), "active", "mentoring.edit", offered=False),
        Step("withdraw", ("proposed",), "withdrawn", "mentoring.edit", note=True, style="refuse"),
        Step("finish", ("active",), "finished", "mentoring.end", note=True),
        Step("break_off", ("active",), "broken_off", "mentoring.end", note=True, style="refuse"),
        # Somebody asked for another pairing: the pair ends without a reason, for none is anybody's fault.
        Step("rematch", ("active",), "finished", "mentoring.rematch", offered=False),
    ),
    # W1, second half: the posting itself. Movements count from arrival.
    "posting": (
        Step("arrive", ("planned",), "active", "posting.receive", style="primary"),
        Step("complete", ("active",), "completed", "posting.receive", style="primary"),
        Step("end_early", ("active",), "ended_early", "posting.receive", note=True, style="refuse"),
        Step("cancel", ("planned",), "cancelled", "posting.edit", note=True, style="refuse"),
        # A secondment carries its posting along.
        Step("follow_arrival", ("planned",), "active", "posting.view", offered=False),
        Step("follow_end", ("active",), "completed", "posting.view", offered=False),
        Step("follow_early_end", ("active",), "ended_early", "posting.view", offered=False),
        Step("follow_cancel", ("planned",), "cancelled", "posting.view", offered=False),
    ),
    # S1-45: each of both signs once; the second signature closes the sheet.
    "handover": (
        Step("sign", ("open",), "open", "handover.sign", style="primary"),
        Step("complete", ("open",), "signed", "handover.sign", offered=False),
        Step("cancel", ("open",), "cancelled", "handover.edit", note=True, style="refuse"),
    ),
    # W4: recommended, screened, ranked, assigned with the host's consent, away, evaluated, followed up.
    "secondment": (
        Step("screen", ("nominated",), "screened", "secondment.screen", note=True, style="primary"),
        Step("return", ("nominated",), "returned", "secondment.screen", note=True),
        Step("resubmit", ("returned",), "nominated", "secondment.recommend", style="primary"),
        Step("shortlist", ("screened",), "candidate", "secondment.screen", style="primary"),
        Step(
            "decline",
            ("nominated", "screened", "candidate"),
            "declined",
            "secondment.screen",
            note=True,
            style="refuse",
        ),
        Step(
            "withdraw",
            ("nominated", "returned", "screened", "candidate"),
            "withdrawn",
            "secondment.withdraw",
            note=True,
            style="refuse",
        ),
        Step("assign", ("candidate",), "placing", "secondment.assign", offered=False),
        Step("assign_outside", ("candidate",), "assigned", "secondment.assign", offered=False),
        Step("agree", ("placing",), "assigned", "secondment.receive", style="primary"),
        Step("turn_down", ("placing",), "candidate", "secondment.receive", note=True),
        Step(
            "take_back", ("placing", "assigned"), "candidate", "secondment.assign", note=True, style="refuse"
        ),
        Step("arrive", ("assigned",), "arrived", "secondment.attest", style="primary", offered=False),
        Step("start", ("arrived",), "active", "secondment.write", offered=False),
        Step(
            "end_early", ("arrived", "active"), "ended_early", "secondment.attest", note=True, style="refuse"
        ),
        Step("finish", ("active",), "finished", "secondment.write", offered=False),
        Step("evaluate", ("finished",), "evaluated", "secondment.view", offered=False),
        Step("follow_up", ("evaluated",), "followed_up", "secondment.follow_up", offered=False),
    ),
    # S4-05: asked for, decided, reported back.
    "secondment_leave": (
        Step("approve", ("requested",), "approved", "study_leave.decide", style="primary"),
        Step("refuse", ("requested",), "refused", "study_leave.decide", note=True, style="refuse"),
        Step("withdraw", ("requested",), "withdrawn", "study_leave.report"),
        Step("report_back", ("approved",), "back", "study_leave.report", style="primary"),
    ),
    "visiting_lesson": (
        Step("start", ("planned",), "running", "lesson.edit", style="primary"),
        Step("end", ("running",), "ended", "lesson.edit", note=True, style="refuse"),
    ),
    # W7b: each session given, missed or substituted, confirmed by the school that receives it.
    "visiting_session": (
        Step("give", ("planned",), "given", "session.confirm", style="primary"),
        Step("miss", ("planned",), "missed", "session.confirm", note=True),
        Step("substitute", ("planned",), "substituted", "session.confirm"),
        Step("cancel", ("planned",), "cancelled", "lesson.edit", note=True, style="refuse"),
        Step(
            "correct",
            ("given", "missed", "substituted", "cancelled"),
            "planned",
            "session.confirm",
            note=True,
        ),
        # Taken by what becomes of an absence: somebody accepts, the absence changes or is withdrawn.
        Step("stand_in", ("planned",), "substituted", "ask.answer", offered=False),
        Step("release", ("substituted",), "planned", "absence.edit", offered=False),
        Step("restore", ("cancelled",), "planned", "absence.edit", offered=False),
        Step("move", ("planned",), "cancelled", "cover.arrange", offered=False),
        # Taken with the school's code of the day, and by the week's list for a stand-in arranged before.
        Step("attend", ("planned",), "given", "session.attend", offered=False),
        Step("attend_cover", ("substituted",), "substituted", "session.attend", offered=False),
        Step("attest", ("substituted",), "substituted", "session.confirm", offered=False),
    ),
    # W7b: what teacher and receiving school say differently about a lesson.
    "session_dispute": (
        Step("agree", ("open", "kept"), "settled", "dispute.answer", style="primary"),
        Step("keep", ("open",), "kept", "dispute.answer", note=True),
        Step("accept", ("kept",), "settled", "dispute.settle", style="primary"),
        Step("insist", ("kept",), "open", "dispute.settle", note=True),
        Step("withdraw", ("open", "kept"), "withdrawn", "dispute.settle"),
    ),
    # W7b, W12: the month is confirmed by both schools; after that its figures stand.
    "visiting_month": (
        Step("check", ("open",), "checked", "month.check", style="primary"),
        Step("take_back", ("checked",), "open", "month.check"),
        Step("close", ("checked",), "closed", "month.close", style="primary"),
        Step("return", ("checked",), "open", "month.close", note=True),
    ),
    # W12: checked by the school, accepted by the bureau. Nothing is paid here.
    "subsidy_list": (
        Step("check", ("drafting",), "checked", "subsidy.check", style="primary"),
        Step("take_back", ("checked",), "drafting", "subsidy.check"),
        Step("accept", ("checked",), "accepted", "subsidy.accept", style="primary"),
        Step("return", ("checked",), "drafting", "subsidy.accept", note=True),
    ),
    # S1-13: an amount by decision has a reason of the school and an approver.
    "subsidy_item": (
        Step("approve", ("proposed",), "approved", "subsidy.accept", style="primary"),
        Step("decline", ("proposed",), "declined", "subsidy.accept", note=True, style="refuse"),
    ),
    # W7b: a teacher is away; withdrawing it withdraws what was arranged for it.
    "absence": (Step("withdraw", ("open",), "withdrawn", "absence.edit", style="refuse"),),
    "substitute_ask": (
        Step("accept", ("open",), "accepted", "ask.answer", style="primary"),
        Step("decline", ("open",), "declined", "ask.answer"),
        Step("take_back", ("open",), "lapsed", "ask.take_back"),
        Step("lapse", ("open",), "lapsed", "ask.take_back", offered=False),
        Step("release", ("accepted",), "released", "ask.take_back", offered=False),
    ),
    # S2-03, S4-15, S4-43: asked for or brought, full or closed, held, confirmed by the school that receives.
    "delivery": (
        Step("hold", ("open", "filled"), "held", "delivery.hold", style="primary"),
        Step("confirm", ("held",), "confirmed", "delivery.confirm", style="primary", offered=False),
        Step("fill", ("open",), "filled", "delivery.edit"),
        Step("reopen", ("filled",), "open", "delivery.edit"),
        # Whoever takes the last place, or gives one back, moves the board.
        Step("fill_up", ("open",), "filled", "delivery.view", offered=False),
        Step("free_up", ("filled",), "open", "delivery.view", offered=False),
        Step("correct", ("confirmed",), "held", "delivery.confirm", note=True),
        Step("cancel", ("open", "filled", "held"), "cancelled", "delivery.edit", note=True, style="refuse"),
    ),
    "delivery_signup": (
        Step("accept", ("waiting",), "taken", "signup.decide", style="primary"),
        Step("agree", ("invited",), "taken", "signup.answer", style="primary"),
        Step("seat", ("waiting", "invited"), "taken", "signup.view", offered=False),
        Step("again", ("withdrawn",), "waiting", "signup.answer", offered=False),
        Step("invite", ("withdrawn", "declined"), "invited", "signup.decide", offered=False),
        Step("withdraw", ("invited", "waiting", "taken"), "withdrawn", "signup.answer"),
        Step("decline", ("waiting",), "declined", "signup.decide", note=True, style="refuse"),
        Step("release", ("invited", "taken"), "withdrawn", "signup.decide", note=True, style="refuse"),
    ),
    "teaching_offer": (
        Step("end", ("open",), "ended", "offer.edit"),
        Step("resume", ("ended",), "open", "offer.edit"),
    ),
    # A proposed timetable: computed in the background; its lessons become real one by one.
    "plan_proposal": (
        Step("propose", ("computing",), "proposed", "proposal.create", offered=False),
        Step("cancel", ("computing",), "cancelled", "proposal.create", style="refuse"),
        Step("discard", ("proposed",), "discarded", "proposal.create", style="refuse"),
    ),
    # W8, first part: a draft is the writer's alone; a log can be taken back.
    "reflection": (
        Step("submit", ("draft",), "submitted", "reflection.edit", style="primary"),
        Step("take_back", ("submitted",), "draft", "reflection.edit"),
    ),
    # W8, second part: chosen by the cluster, shown with the writer's consent, until the summary is signed.
    "typical_case": (
        Step("agree", ("proposed",), "selected", "case.answer", style="primary"),
        Step("decline", ("proposed",), "declined", "case.answer"),
        Step("withdraw", ("selected",), "withdrawn", "case.answer"),
        Step("take_back", ("proposed", "selected"), "withdrawn", "case.take_back", note=True),
        # A log that is taken back, shared less widely or rewritten is not what was proposed.
        Step("lapse", ("proposed",), "withdrawn", "case.answer", offered=False),
    ),
    # S1-49: what lies in the box, and the collection that the principal answers.
    "opinion": (
        Step("take", ("open",), "noted", "opinion.take"),
        Step("leave", ("noted",), "open", "opinion.take"),
        Step("withdraw", ("open",), "withdrawn", "opinion.withdraw"),
    ),
    "opinion_digest": (
        Step("submit", ("drafting",), "submitted", "opinion_digest.edit", style="primary"),
        Step("recall", ("submitted",), "drafting", "opinion_digest.edit"),
        Step("answer", ("submitted",), "answered", "opinion_digest.answer", offered=False),
    ),
    # S4-11: a request goes from level to level, none is skipped; each passes it on, answers it or returns it.
    "school_request": (
        Step("endorse", ("at_school",), "at_cluster", "school_request.endorse", note=True, style="primary"),
        Step("settle_school", ("at_school",), "answered", "school_request.settle_school", note=True),
        Step("return_school", ("at_school",), "returned", "school_request.settle_school", note=True),
        Step("relay", ("at_cluster",), "at_bureau", "school_request.relay", note=True, style="primary"),
        Step("settle_cluster", ("at_cluster",), "answered", "school_request.settle_cluster", note=True),
        Step("return_cluster", ("at_cluster",), "returned", "school_request.settle_cluster", note=True),
        Step("answer", ("at_bureau",), "answered", "school_request.answer", note=True, style="primary"),
        Step("return_bureau", ("at_bureau",), "returned", "school_request.answer", note=True),
        Step(
            "withdraw",
            ("at_school", "at_cluster", "at_bureau", "returned"),
            "withdrawn",
            "school_request.edit",
        ),
        Step("resubmit", ("returned",), "at_school", "school_request.edit", offered=False),
        # Whoever wrote it, or passed it on, and is the next level as well.
        Step("pass_school", ("at_school",), "at_cluster", "school_request.endorse", offered=False),
        Step("pass_cluster", ("at_cluster",), "at_bureau", "school_request.relay", offered=False),
    ),
    # W11: an inspection is written, then told to the schools concerned.
    "inspection": (
        Step("publish", ("drafting",), "published", "inspection.edit", style="primary"),
        Step("take_back", ("published",), "drafting", "inspection.edit", note=True),
    ),
    # S0-22: found, being mended, mended with what was done, confirmed by somebody else.
    "problem": (
        Step("begin", ("open",), "mending", "problem.mend", style="primary"),
        Step("close", ("open", "mending"), "closed", "problem.mend", note=True),
        Step("confirm", ("closed",), "confirmed", "problem.confirm", style="primary"),
        Step("return", ("closed",), "mending", "problem.confirm", note=True),
        Step("reopen", ("confirmed",), "mending", "problem.confirm", note=True),
    ),
    # W11: self-assessment, score, told to those concerned, complaint, archived.
    "assessment_round": (
        Step("publish", ("open", "published"), "published", "assessment_round.edit", style="primary"),
        Step("archive", ("published",), "archived", "assessment_round.edit"),
    ),
    "assessment_case": (
        Step("submit", ("open",), "submitted", "assessment_case.write", style="primary"),
        Step("return", ("submitted", "scored"), "open", "assessment_case.score", note=True),
        Step("score", ("submitted", "scored"), "scored", "assessment_case.score", offered=False),
        # Carried along when the round is published.
        Step("publish", ("scored",), "published", "assessment_case.view", offered=False),
        Step("complain", ("published",), "complained", "assessment_case.write", note=True),
        Step("uphold", ("complained",), "submitted", "assessment_case.answer", note=True),
        Step("reject", ("complained",), "published", "assessment_case.answer", note=True, style="refuse"),
    ),
    # W9: drafted, signed (figures frozen), submitted to the bureau, accepted or returned.
    "term_summary": (
        Step("sign", ("drafting",), "signed", "summary.sign", style="primary"),
        Step("submit", ("signed",), "submitted", "summary.sign", style="primary"),
        Step("accept", ("submitted",), "accepted", "summary.accept", style="primary"),
        Step("return", ("submitted",), "drafting", "summary.accept", note=True),
        Step("revise", ("signed", "accepted"), "drafting", "summary.sign", note=True),
    ),
}


class StepNotAllowed(Exception):
    """The step does not lead away from this state; most likely somebody else took one first."""

    def __init__(self, workflow: str, action: str, state: str):
        super().__init__(f"{workflow}: {action} from {state}")
        self.workflow, self.action, self.state = workflow, action, state


def find_step(workflow: str, action: str) -> Step:
    """The step of that name. KeyError when the workflow has none."""
    for step in STEPS[workflow]:
        if step.key == action:
            return step
    raise KeyError(f"{workflow}.{action}")


def take(workflow: str, action: str, state: str) -> str:
    """The state after the step. StepNotAllowed when it does not start from ``state``."""
    step = find_step(workflow, action)
    if state not in step.sources:
        raise StepNotAllowed(workflow, action, state)
    return step.target


def next_steps(workflow: str, state: str) -> tuple[Step, ...]:
    """The steps that buttons offer in this state, for everybody; filter with ``can``."""
    return tuple(step for step in STEPS[workflow] if step.offered and state in step.sources)
