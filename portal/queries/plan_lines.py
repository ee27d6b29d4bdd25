"""The list of a term's plans, and what of the last term a new plan may carry on."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain import schemes, term_plans
from portal.domain.access import Actor
from portal.domain.narrative import SECTIONS
from portal.extensions import db
from portal.models import Cluster, Meeting, MeetingTask, SummarySection, Term, TermPlan, TermSummary
from portal.queries.figures import scheme_of
from portal.queries.last_term import term_before
from portal.queries.paging import Page, page_by_text
from portal.queries.term_plans import ItemProgress, of_cluster, progress_of

NOT_BEGUN = "none"
DELIVERED = ("submitted", "accepted")
#: The sections of the last summary from which the next plan learns (S1-75).
LESSONS = ("problems", "next")


@dataclass(frozen=True)
class Line:
    """One cluster in the list of a term: its plan or None, when it is due, whether it came late."""

    cluster: Cluster
    plan: TermPlan | None
    due: date | None
    is_late: bool

    @property
    def state(self) -> str:
        """The plan's state, or NOT_BEGUN."""
        return self.plan.state if self.plan else NOT_BEGUN


def _due(code: str, term: Term) -> date | None:
    return schemes.due_day(scheme_of(code), "term_plan", term.value)


def _lines_of(actor: Actor, term: Term, today: date, *, state: str = "", late: bool = False):
    """Clusters in sight with the plan of the term, filtered, as a select of both."""
    found = (
        select(Cluster, TermPlan)
        .outerjoin(
            TermPlan,
            and_(
                TermPlan.district_id == Cluster.district_id,
                TermPlan.cluster_id == Cluster.id,
                TermPlan.term_id == term.id,
            ),
        )
        .where(
            Cluster.district_id == actor.district_id,
            or_(Cluster.closed_on.is_(None), Cluster.closed_on >= term.first_day),
        )
    )
    if not actor.offices:
        found = found.where(Cluster.id.in_(actor.belongs_to | actor.oversees))
    if state == NOT_BEGUN:
        found = found.where(TermPlan.id.is_(None))
    elif state:
        found = found.where(TermPlan.state == state)
    if late:
        days = {code: _due(code, term) for code in schemes.scheme_codes()}
        found = found.where(
            or_(
                *(
                    and_(Cluster.scheme_code == code, _after(day, today))
                    for code, day in days.items()
                    if day is not None
                )
            )
        )
    return found


def _after(due: date, today: date):
    """A plan came after its day, or did not come and the day is over."""
    came = TermPlan.submitted_on > due
    return or_(came, TermPlan.submitted_on.is_(None)) if today > due else came


def line_page(actor: Actor, term: Term, today: date, *, cursor: str | None = None, **filters) -> Page:
    """One page of the clusters in sight with their plan of a term, by name."""
    pairs: dict = {}

    def read(statement):
        rows = db.session.execute(statement).all()
        pairs.update({cluster.id: plan for cluster, plan in rows})
        return [cluster for cluster, _ in rows]

    found = _lines_of(actor, term, today, **filters)
    page = page_by_text(found, Cluster.name, Cluster.id, cursor, read=read)
    return Page([_line(row, pairs[row.id], term, today) for row in page.rows], page.newer, page.older)


def all_lines(actor: Actor, term: Term, today: date, **filters) -> list[Line]:
    """All clusters in sight with their plan of a term, by name; for export."""
    found = _lines_of(actor, term, today, **filters).order_by(Cluster.name, Cluster.id)
    return [_line(cluster, plan, term, today) for cluster, plan in db.session.execute(found.limit(5000))]


def _line(cluster: Cluster, plan: TermPlan | None, term: Term, today: date) -> Line:
    due = _due(cluster.scheme_code, term)
    return Line(cluster, plan, due, term_plans.is_late(due, plan.submitted_on if plan else None, today))


def state_counts(actor: Actor, term: Term) -> dict[str, int]:
    """How many clusters in sight have a plan in each state, NOT_BEGUN included."""
    states = _lines_of(actor, term, term.first_day).with_only_columns(
        TermPlan.state, func.count(), maintain_column_froms=True
    )
    return {state or NOT_BEGUN: count for state, count in db.session.execute(states.group_by(TermPlan.state))}


# What goes on from the term before


@dataclass(frozen=True)
class Carried:
    """What is left of the term before: items of its plan, tasks of its meetings, lessons of its summary.

    ``lessons`` are (message id of the section, text).
    """

    term: Term | None
    items: list[ItemProgress]
    tasks: list[MeetingTask]
    lessons: list[tuple[str, str]]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to carry on."""
        return not (self.items or self.tasks or self.lessons)


def left_over(plan: TermPlan) -> Carried:
    """What the term before left open in this cluster (S1-75: the evaluation improves the next plan)."""
    before = term_before(plan.term)
    if before is None:
        return Carried(None, [], [], [])
    last = of_cluster(plan.cluster, before)
    items = progress_of(last, before.last_day) if last else []
    tasks = db.session.scalars(
        select(MeetingTask)
        .join(
            Meeting,
            and_(Meeting.district_id == MeetingTask.district_id, Meeting.id == MeetingTask.meeting_id),
        )
        .where(
            MeetingTask.district_id == plan.district_id,
            Meeting.cluster_id == plan.cluster_id,
            Meeting.term_id == before.id,
            MeetingTask.state == "open",
        )
        .options(joinedload(MeetingTask.meeting), joinedload(MeetingTask.school))
        .order_by(MeetingTask.due_on, MeetingTask.id)
        .limit(100)
    )
    open_items = [each for each in items if each.progress.state in ("open", "late")]
    return Carried(before, open_items, list(tasks), _lessons(plan, before))


def _lessons(plan: TermPlan, before: Term) -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(SummarySection.key, SummarySection.text, TermSummary.form)
        .join(
            TermSummary,
            and_(
                TermSummary.district_id == SummarySection.district_id,
                TermSummary.id == SummarySection.summary_id,
            ),
        )
        .where(
            SummarySection.district_id == plan.district_id,
            TermSummary.cluster_id == plan.cluster_id,
            TermSummary.term_id == before.id,
            SummarySection.key.in_(LESSONS),
            SummarySection.text != "",
        )
        .order_by(SummarySection.position)
    ).all()
    return [
        (next(each.title for each in SECTIONS[form] if each.key == key), text) for key, text, form in rows
    ]
