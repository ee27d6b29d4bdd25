"""How the schools of a cluster stand in a term: what each still owes and takes part in."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select

from portal.extensions import db
from portal.models import (
    Activity,
    ActivityParticipant,
    Cluster,
    Meeting,
    MeetingAttendance,
    MeetingTask,
    PlanItem,
    Reflection,
    ResponsibilityLetter,
    School,
    Term,
    TermPlan,
    VisitingLesson,
    VisitingSession,
)
from portal.queries.activity_work import of_cluster
from portal.queries.clusters import members_on
from portal.queries.term_debts import open_months


@dataclass(frozen=True)
class Standing:
    """One school: meetings attended of those held, tasks over their day, lessons to confirm, 人次, logs.

    Besides: items of the plan that are its own (open and late), months of visiting that wait for it (None where
    nobody visits), letters without its signature and all of them.
    """

    school: School
    attended: int
    held: int
    late_tasks: int
    unconfirmed: int
    person_times: int
    logs: int
    plan_open: int = 0
    plan_late: int = 0
    months: int | None = None
    unsigned: int = 0
    letters: int = 0

    @property
    def owes(self) -> bool:
        """Whether something is overdue."""
        return bool(self.late_tasks or self.unconfirmed or self.plan_late or self.months or self.unsigned)


def standings(cluster: Cluster, term: Term, today: date) -> list[Standing]:
    """All schools of the cluster on a day; those that owe something first, then by name."""
    schools = [m.school for m in members_on(cluster, today)]
    ids = [school.id for school in schools]
    held = db.session.scalar(
        select(func.count())
        .select_from(Meeting)
        .where(*_of_term(Meeting, cluster, term), Meeting.state.in_(("held", "minuted", "confirmed")))
    )
    # Asked by their keys: a join may begin at the other end, with everybody who ever came.
    of_term = {
        model: select(model.id).where(*_of_term(model, cluster, term)) for model in (Meeting, Activity)
    }
    attended = _counted(
        MeetingAttendance.school_id,
        None,
        MeetingAttendance.district_id == cluster.district_id,
        MeetingAttendance.meeting_id.in_(of_term[Meeting]),
        MeetingAttendance.status == "present",
    )
    late = _counted(
        MeetingTask.school_id,
        _joined(MeetingTask, Meeting, MeetingTask.meeting_id),
        Meeting.district_id == cluster.district_id,
        Meeting.cluster_id == cluster.id,
        MeetingTask.school_id.in_(ids),
        MeetingTask.state == "open",
        MeetingTask.due_on < today,
    )
    times = _counted(
        ActivityParticipant.school_id,
        None,
        ActivityParticipant.district_id == cluster.district_id,
        ActivityParticipant.activity_id.in_(of_term[Activity]),
    )
    logs = _counted(
        Reflection.school_id,
        None,
        Reflection.district_id == cluster.district_id,
        Reflection.cluster_id == cluster.id,
        Reflection.term_id == term.id,
        Reflection.state == "submitted",
    )
    waiting = _counted(
        VisitingSession.school_id,
        _joined(VisitingSession, VisitingLesson, VisitingSession.lesson_id),
        VisitingSession.district_id == cluster.district_id,
        VisitingSession.school_id.in_(ids),
        VisitingSession.state == "planned",
        VisitingSession.held_on < _monday(today),
        VisitingSession.held_on >= term.first_day,
        VisitingLesson.school_id != VisitingLesson.home_school_id,
    )
    plan_open, plan_late = _plan_items(cluster, term, today)
    months, visited = open_months(cluster, term, today)
    waits = Counter(school.id for school, _month in months)
    unsigned, letters = _letters(cluster, term)
    found = [
        Standing(
            school,
            attended.get(school.id, 0),
            held or 0,
            late.get(school.id, 0),
            waiting.get(school.id, 0),
            times.get(school.id, 0),
            logs.get(school.id, 0),
            plan_open.get(school.id, 0),
            plan_late.get(school.id, 0),
            waits[school.id] if school.id in visited else None,
            unsigned.get(school.id, 0),
            letters.get(school.id, 0),
        )
        for school in schools
    ]
    return sorted(found, key=lambda s: (not s.owes, s.school.name))


def _plan_items(cluster: Cluster, term: Term, today: date) -> tuple[dict, dict]:
    """School -> its open items of the term's plan, and those of them whose day is over.

    Items that are counted from the records have no state of their own and stand on the page of the plan.
    """
    plan = and_(TermPlan.district_id == PlanItem.district_id, TermPlan.id == PlanItem.plan_id)
    open_ones = (
        TermPlan.district_id == cluster.district_id,
        TermPlan.cluster_id == cluster.id,
        TermPlan.term_id == term.id,
        PlanItem.state == "open",
        PlanItem.counter == "",
    )
    late = PlanItem.due_on < today
    return (
        _counted(PlanItem.school_id, (TermPlan, plan), *open_ones),
        _counted(PlanItem.school_id, (TermPlan, plan), *open_ones, late),
    )


def _letters(cluster: Cluster, term: Term) -> tuple[dict, dict]:
    """School -> its responsibility letters of the term without a signature, and all of them (S4-70)."""
    of_term = (
        ResponsibilityLetter.district_id == cluster.district_id,
        ResponsibilityLetter.cluster_id == cluster.id,
        ResponsibilityLetter.starts_on <= term.last_day,
        ResponsibilityLetter.ends_on >= term.first_day,
    )
    unsigned = ResponsibilityLetter.state == "drafted"
    return (
        _counted(ResponsibilityLetter.school_id, None, *of_term, unsigned),
        _counted(ResponsibilityLetter.school_id, None, *of_term),
    )


def _monday(day: date) -> date:
    return date.fromordinal(day.toordinal() - day.weekday())


def _of_term(model, cluster, term):
    return (
        model.district_id == cluster.district_id,
        of_cluster(cluster.id) if model is Activity else model.cluster_id == cluster.id,
        model.term_id == term.id,
    )


def _joined(model, parent, column):
    return parent, and_(parent.district_id == model.district_id, parent.id == column)


def _counted(column, joined, *conditions) -> dict:
    statement = select(column, func.count()).group_by(column)
    if joined:
        statement = statement.join(*joined)
    rows = db.session.execute(statement.where(column.is_not(None), *conditions))
    return {school_id: count for school_id, count in rows}
