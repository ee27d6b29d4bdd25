"""What a cluster and each of its schools still owe from a term, each with the page where it is mended."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, extract, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.moments import local_day
from portal.domain.words import N_, Message, message
from portal.domain.workload import last_of, month_before, month_code
from portal.extensions import db
from portal.models import (
    Cluster,
    Meeting,
    MeetingTask,
    School,
    Term,
    VisitingLesson,
    VisitingMonth,
    VisitingSession,
)
from portal.queries import meetings, summaries, term_plans
from portal.queries.clusters import members_during


@dataclass(frozen=True)
class Debt:
    """One thing that is owed: its kind, words, who owes it (None: the cluster), since or until when, its page.

    ``endpoint`` and ``target`` make the address; ``guard`` is (permission, object) of who may open it.
    """

    kind: str
    words: Message
    school: School | None
    day: date | None
    endpoint: str
    target: dict
    guard: tuple | None = None


def debts_of(cluster: Cluster, term: Term, today: date, *, school_id=None) -> list[Debt]:
    """All that is owed from a term, or what one school owes; the cluster's own first, then by school."""
    found = [
        *_minutes(cluster, term),
        *_months_without(cluster, term, today),
        *_plan(cluster, term, today),
        *_summary(cluster, term),
        *_tasks(cluster, term),
        *_visiting(cluster, term, today),
    ]
    if school_id is not None:
        return [debt for debt in found if debt.school and debt.school.id == school_id]
    return sorted(found, key=lambda debt: (debt.school is not None, debt.school.name if debt.school else ""))


def _minutes(cluster: Cluster, term: Term):
    rows = db.session.scalars(
        select(Meeting)
        .where(
            Meeting.district_id == cluster.district_id,
            Meeting.cluster_id == cluster.id,
            Meeting.term_id == term.id,
            Meeting.state.in_(("held", "minuted")),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    for row in rows:
        words = N_("缺纪要：%(title)s") if row.state == "held" else N_("纪要待确认：%(title)s")
        day = local_day(row.starts_at)
        target = {"meeting_id": row.id}
        yield Debt("minutes", message(words, title=row.title), None, day, "plans.meeting", target)


def _months_without(cluster: Cluster, term: Term, today: date):
    for month in meetings.months(cluster, term, today):
        if month.state == "gap" and month.meeting is None:
            words = message(N_("%(year)s年%(month)s月没有召开例会"), year=month.year, month=month.month)
            target = {"cluster": cluster.id, "term": term.code}
            yield Debt("meeting", words, None, None, "plans.meeting_list", target)


def _plan(cluster: Cluster, term: Term, today: date):
    plan = term_plans.of_cluster(cluster, term)
    if plan is None:
        return
    if plan.state in ("drafting", "agreed"):
        due = term_plans.due_on(cluster, term)
        target = {"term_plan_id": plan.id}
        yield Debt("plan", message(N_("学期工作计划没有报送")), None, due, "plans.term_plan", target)
    for each in term_plans.progress_of(plan, today):
        if each.progress.state in ("open", "late"):
            words = message(N_("计划事项未完成：%(text)s"), text=each.item.text)
            target = {"plan_item_id": each.item.id}
            yield Debt("item", words, each.item.school, each.item.due_on, "plans.plan_item", target)


def _summary(cluster: Cluster, term: Term):
    summary, due = summaries.of_cluster(cluster, term), summaries.due_on(cluster, term)
    if summary is None:
        words, target = message(N_("学期总结没有开始写")), {"term": term.code}
        yield Debt("summary", words, None, due, "summaries.index", target)
    elif summary.state == "drafting":
        words, target = message(N_("学期总结没有签发")), {"summary_id": summary.id}
        yield Debt("summary", words, None, due, "summaries.workspace", target, ("summary.view", summary))


def _tasks(cluster: Cluster, term: Term):
    rows = db.session.scalars(
        select(MeetingTask)
        .join(
            Meeting,
            and_(Meeting.district_id == MeetingTask.district_id, Meeting.id == MeetingTask.meeting_id),
        )
        .where(
            Meeting.district_id == cluster.district_id,
            Meeting.cluster_id == cluster.id,
            Meeting.term_id == term.id,
            MeetingTask.state == "open",
        )
        .options(joinedload(MeetingTask.school))
        .order_by(MeetingTask.due_on, MeetingTask.id)
    )
    for row in rows:
        words = message(N_("议定事项未办：%(text)s"), text=row.text)
        yield Debt("task", words, row.school, row.due_on, "plans.meeting", {"meeting_id": row.meeting_id})


def _visiting(cluster: Cluster, term: Term, today: date):
    for (school, first), is_checked in sorted(
        open_months(cluster, term, today)[0].items(), key=lambda each: (str(each[0][0].id), each[0][1])
    ):
        words = (
            N_("%(year)s年%(month)s月的走教课时没有关账")
            if is_checked
            else N_("%(year)s年%(month)s月的走教课时没有核对")
        )
        said = message(words, year=first.year, month=first.month)
        target = {"school_id": school.id, "month": month_code(first)}
        yield Debt("month", said, school, None, "visiting.month", target, ("month.view", school))


def open_months(cluster: Cluster, term: Term, today: date) -> tuple[dict, set]:
    """(school, month) -> whether the other school has checked it, of the months that are over and not closed;
    and the schools that have visiting lessons in such months at all.

    The receiving school checks, then the school that sends closes: a month waits for one of the two (W7b).
    """
    schools = {school.id: school for school in members_during(cluster, term.first_day, term.last_day)}
    year, month = extract("year", VisitingSession.held_on), extract("month", VisitingSession.held_on)
    last = min(term.last_day, last_of(month_before(today)))
    held = db.session.execute(
        select(VisitingSession.school_id, VisitingLesson.home_school_id, year, month)
        .join(VisitingSession.lesson)
        .where(
            VisitingSession.district_id == cluster.district_id,
            VisitingSession.state != "cancelled",
            VisitingSession.held_on.between(term.first_day, last),
            VisitingLesson.home_school_id != VisitingLesson.school_id,
            or_(VisitingSession.school_id.in_(schools), VisitingLesson.home_school_id.in_(schools)),
        )
        .distinct()
    )
    states = {
        (host, home, first): state
        for host, home, first, state in db.session.execute(
            select(
                VisitingMonth.school_id,
                VisitingMonth.home_school_id,
                VisitingMonth.month,
                VisitingMonth.state,
            ).where(
                VisitingMonth.district_id == cluster.district_id,
                VisitingMonth.month.between(term.first_day.replace(day=1), term.last_day),
                or_(VisitingMonth.school_id.in_(schools), VisitingMonth.home_school_id.in_(schools)),
            )
        )
    }
    owed, busy = {}, set()
    for host, home, y, m in held:
        first = date(int(y), int(m), 1)
        state = states.get((host, home, first), "open")
        busy |= {host, home} & schools.keys()
        debtor = home if state == "checked" else host
        if state != "closed" and debtor in schools:
            owed[schools[debtor], first] = state == "checked"
    return owed, busy
