"""The bulletin of a month (S4-26): what a cluster's schools did, as it was recorded where it happened."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.moments import SHANGHAI, local_day
from portal.domain.workload import last_of
from portal.extensions import db
from portal.models import (
    Activity,
    Cluster,
    Delivery,
    LedgerEntry,
    Meeting,
    MeetingTask,
    PlanItem,
    Resource,
    School,
    TermPlan,
)
from portal.queries.activities import participant_counts
from portal.queries.activity_work import of_cluster
from portal.queries.clusters import members_during

#: The sections of a bulletin, in their order; ``labels.BULLETIN_PART`` has their words.
PARTS = ("meetings", "activities", "deliveries", "tasks", "items", "rules", "ledgers")


@dataclass(frozen=True)
class Line:
    """One thing that was done: when, what, whose (None: the cluster's), and its page with who may open it.

    ``kind`` is a code whose word goes with the part; ``count`` how many took part, where that is known.
    """

    part: str
    day: date
    what: str
    school: School | None
    endpoint: str
    target: dict
    guard: tuple
    kind: str = ""
    count: int | None = None
    is_large: bool = False


def lines_of(cluster: Cluster, month: date) -> list[Line]:
    """What was done in a month (any day of it), by part and day; seven statements and one for who came."""
    first, last = month.replace(day=1), last_of(month)
    found = [
        *_meetings(cluster, first, last),
        *_activities(cluster, first, last),
        *_deliveries(cluster, first, last),
        *_tasks(cluster, first, last),
        *_items(cluster, first, last),
        *_rules(cluster, first, last),
        *_ledgers(cluster, first, last),
    ]
    return sorted(found, key=lambda line: (PARTS.index(line.part), line.day, line.what))


def by_school(cluster: Cluster, month: date, lines: list[Line]) -> list[tuple[School, Counter]]:
    """Each member of the month with how much of each part is its own, by name; a school without any too."""
    counts: dict = {}
    for line in lines:
        if line.school is not None:
            counts.setdefault(line.school.id, Counter())[line.part] += 1
    members = members_during(cluster, month.replace(day=1), last_of(month))
    return [
        (school, counts.get(school.id, Counter())) for school in sorted(members, key=lambda each: each.name)
    ]


def _moments(column, first: date, last: date):
    start = datetime.combine(first, time(), SHANGHAI)
    return and_(column >= start, column < datetime.combine(last + timedelta(days=1), time(), SHANGHAI))


def _rows(statement):
    return db.session.scalars(statement.limit(500))


def _meetings(cluster: Cluster, first: date, last: date):
    found = select(Meeting).where(
        Meeting.district_id == cluster.district_id,
        Meeting.cluster_id == cluster.id,
        Meeting.state.in_(("held", "minuted", "confirmed")),
        _moments(Meeting.starts_at, first, last),
    )
    for row in _rows(found):
        target = {"meeting_id": row.id}
        yield Line(
            "meetings",
            local_day(row.starts_at),
            row.title,
            None,
            "plans.meeting",
            target,
            ("meeting.view", row),
            row.kind,
        )


def _activities(cluster: Cluster, first: date, last: date):
    found = (
        select(Activity)
        .where(
            Activity.district_id == cluster.district_id,
            of_cluster(cluster.id),
            Activity.state.in_(("held", "closed")),
            _moments(Activity.starts_at, first, last),
        )
        .options(joinedload(Activity.host_school))
    )
    rows = list(_rows(found))
    came = participant_counts(cluster.district_id, [row.id for row in rows])
    for row in rows:
        target = {"activity_id": row.id}
        yield Line(
            "activities",
            local_day(row.starts_at),
            row.theme,
            row.host_school,
            "plans.activity",
            target,
            ("activity.view", row),
            row.kind,
            came.get(row.id, 0),
            row.is_large,
        )


def _deliveries(cluster: Cluster, first: date, last: date):
    """Lessons and service that came to a school of the cluster, confirmed or not; the school is who brought it."""
    found = (
        select(Delivery)
        .where(
            Delivery.district_id == cluster.district_id,
            Delivery.cluster_id == cluster.id,
            Delivery.state.in_(("held", "confirmed")),
            Delivery.held_on.between(first, last),
        )
        .options(joinedload(Delivery.school), joinedload(Delivery.from_school))
    )
    for row in _rows(found):
        target, brought = {"delivery_id": row.id}, row.from_school or row.school
        guard = ("delivery.view", row)
        yield Line(
            "deliveries", row.held_on, row.title, brought, "visiting.delivery", target, guard, row.kind
        )


def _tasks(cluster: Cluster, first: date, last: date):
    """What meetings had decided and was done; the day is the one on which it was said to be."""
    found = (
        select(MeetingTask)
        .join(
            Meeting,
            and_(Meeting.district_id == MeetingTask.district_id, Meeting.id == MeetingTask.meeting_id),
        )
        .where(
            Meeting.district_id == cluster.district_id,
            Meeting.cluster_id == cluster.id,
            MeetingTask.state == "done",
            _moments(MeetingTask.updated_at, first, last),
        )
        .options(joinedload(MeetingTask.school), joinedload(MeetingTask.meeting))
    )
    for row in _rows(found):
        target, guard = {"meeting_id": row.meeting_id}, ("meeting.view", row.meeting)
        day = local_day(row.updated_at)
        yield Line("tasks", day, row.text, row.school, "plans.meeting", target, guard)


def _items(cluster: Cluster, first: date, last: date):
    """Items of the plan that their owner said are done."""
    found = (
        select(PlanItem)
        .join(TermPlan, and_(TermPlan.district_id == PlanItem.district_id, TermPlan.id == PlanItem.plan_id))
        .where(
            TermPlan.district_id == cluster.district_id,
            TermPlan.cluster_id == cluster.id,
            PlanItem.state == "done",
            _moments(PlanItem.updated_at, first, last),
        )
        .options(joinedload(PlanItem.school), joinedload(PlanItem.plan))
    )
    for row in _rows(found):
        target, guard = {"plan_item_id": row.id}, ("term_plan.view", row.plan)
        yield Line("items", local_day(row.updated_at), row.text, row.school, "plans.plan_item", target, guard)


def _rules(cluster: Cluster, first: date, last: date):
    """Rules that the cluster laid down or changed."""
    found = (
        select(Resource)
        .where(
            Resource.district_id == cluster.district_id,
            Resource.cluster_id == cluster.id,
            Resource.kind == "rule",
            Resource.removed_at.is_(None),
            or_(_moments(Resource.created_at, first, last), _moments(Resource.updated_at, first, last)),
        )
        .options(joinedload(Resource.school))
    )
    for row in _rows(found):
        target, guard = {"resource_id": row.id}, ("resource.view", row)
        day = local_day(row.updated_at)
        day = day if first <= day <= last else local_day(row.created_at)
        yield Line("rules", day, row.title, row.school, "resources.resource", target, guard, row.rule or "")


def _ledgers(cluster: Cluster, first: date, last: date):
    """Trainings, publicity, measures and honours; money is told with the term."""
    found = (
        select(LedgerEntry)
        .where(
            LedgerEntry.district_id == cluster.district_id,
            LedgerEntry.cluster_id == cluster.id,
            LedgerEntry.removed_at.is_(None),
            LedgerEntry.kind != "fund",
            LedgerEntry.held_on.between(first, last),
        )
        .options(joinedload(LedgerEntry.school))
    )
    for row in _rows(found):
        target, guard = {"ledger_id": row.id}, ("ledger.view", row)
        yield Line("ledgers", row.held_on, row.title, row.school, "ledgers.entry", target, guard, row.kind)
