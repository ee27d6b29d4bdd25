"""What waits about supervision: problems to mend and to confirm, self-assessments, scores, complaints."""

from datetime import date

from sqlalchemy.orm import joinedload

from portal.domain.access import Actor, can
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Problem
from portal.queries import assessment, supervision

PROBLEM, ASSESSMENT = N_("问题清单"), N_("考核")
CASES = (
    ("open", "assessment_case.write", N_("填写自评：%(what)s")),
    ("submitted", "assessment_case.score", N_("给自评评分：%(what)s")),
    ("complained", "assessment_case.answer", N_("答复考核申诉：%(what)s")),
)


def waiting(actor: Actor, today: date):
    """(kind, sentence, endpoint, target, due, words) of everything that waits for this person."""
    yield from _problems(actor)
    yield from _cases(actor)


def _problems(actor: Actor):
    states = ("open", "mending", "closed") if not actor.offices else ("closed",)
    found = (
        supervision.problems_visible_to(actor)
        .where(Problem.state.in_(states))
        .options(joinedload(Problem.inspection))
    )
    for row in db.session.scalars(found.order_by(Problem.due_on, Problem.id).limit(100)):
        target, words = {"problem_id": row.id}, {"what": row.text}
        if row.state == "closed":
            # What a school says is mended is confirmed by the cluster's lead; by the bureau what it found itself.
            if can(actor, "problem.confirm", row) and (not actor.offices or _ours(row)):
                yield PROBLEM, N_("确认销号：%(what)s"), "supervision.problem", target, None, words
        elif can(actor, "problem.mend", row):
            yield PROBLEM, N_("整改：%(what)s"), "supervision.problem", target, row.due_on, words


def _ours(row: Problem) -> bool:
    return row.school_id is None or (row.inspection_id is not None and row.inspection.body == "bureau")


def _cases(actor: Actor):
    needs = {state: (permission, sentence) for state, permission, sentence in CASES}
    for case in assessment.own_cases(actor):
        permission, sentence = needs[case.state]
        if case.round.state != "archived" and can(actor, permission, case):
            due = case.round.due_on if case.state == "open" else None
            target = {"assessment_case_id": case.id}
            yield ASSESSMENT, sentence, "supervision.case", target, due, {"what": case.title}
