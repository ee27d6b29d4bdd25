"""A week's arrangement (一周安排, S4-67) of a cluster or a school: computed from what is recorded, typed nowhere.

Each part asks its kind's own ``visible_to``, so nobody reads here what another list does not show, and no part
costs more statements when more is on.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.moments import SHANGHAI, local, local_day
from portal.extensions import db
from portal.models import (
    Activity,
    Cluster,
    Delivery,
    DutyTurn,
    Inspection,
    Meeting,
    MeetingTask,
    PlanItem,
    Problem,
    School,
    TermPlan,
    VisitingLesson,
    VisitingSession,
)
from portal.queries import (
    activities,
    clusters,
    deliveries,
    meetings,
    schools,
    supervision,
    term_plans,
    visiting,
)
from portal.queries.activity_work import held_with

#: The parts of a week, in the order in which a day tells them; ``labels.WEEK_PART`` has their words.
PARTS = (
    "duties",
    "meetings",
    "activities",
    "deliveries",
    "visits",
    "inspections",
    "tasks",
    "items",
    "problems",
)
#: What lasts for days and stands above the week.
WHOLE = ("duties",)
MOST = 500


@dataclass(frozen=True)
class Scope:
    """Whose week: the clusters whose common things are in it, the schools whose own, and the one school if it is one.

    Of a school's clusters only those are named that the reader may see.
    """

    clusters: tuple[Cluster, ...]
    schools: frozenset
    school: School | None = None

    @property
    def cluster_ids(self) -> list:
        """The keys of the clusters."""
        return [cluster.id for cluster in self.clusters]


@dataclass(frozen=True)
class Line:
    """One thing of a week: its day, whose it is, and its page.

    ``minute`` is the minute of the day at which it begins, ``until`` its last day where it lasts longer.
    ``counts`` of visiting lessons are (lessons, teachers, schools).
    """

    part: str
    day: date
    what: str
    endpoint: str
    target: dict
    minute: int | None = None
    place: str = ""
    whose: str = ""
    until: date | None = None
    kind: str = ""
    is_done: bool = False
    counts: tuple[int, ...] = ()


def of_cluster(cluster: Cluster, first: date, last: date) -> Scope:
    """The week of a cluster with its members of these days."""
    members = clusters.members_during(cluster, first, last)
    return Scope((cluster,), frozenset(school.id for school in members))


def of_school(actor: Actor, school: School, day: date) -> Scope:
    """The week as a school sees it: with what its clusters do together."""
    seen = actor.belongs_to | actor.oversees
    rows = schools.clusters_of(school.district_id, [school.id], day).get(school.id, [])
    shown = tuple(row.cluster for row in rows if actor.offices or row.cluster_id in seen)
    return Scope(shown, frozenset([school.id]), school)


def lines_of(actor: Actor, scope: Scope, first: date, last: date) -> list[Line]:
    """What is on in these days, by day, then by the clock, then by part; nine statements."""
    found = [
        *_duties(scope, first, last),
        *_meetings(actor, scope, first, last),
        *_activities(actor, scope, first, last),
        *_deliveries(actor, scope, first, last),
        *_visits(actor, scope, first, last),
        *_inspections(actor, scope, first, last),
        *_tasks(actor, scope, first, last),
        *_items(actor, scope, first, last),
        *_problems(actor, scope, first, last),
    ]
    return sorted(found, key=_place_in_week)


def _place_in_week(line: Line) -> tuple:
    untimed = line.minute is None
    return (line.day, untimed, line.minute or 0, PARTS.index(line.part), line.what, str(line.target))


def _moments(column, first: date, last: date):
    start = datetime.combine(first, time(), SHANGHAI)
    return and_(column >= start, column < datetime.combine(last + timedelta(days=1), time(), SHANGHAI))


def _minute(moment: datetime) -> int:
    here = local(moment)
    return here.hour * 60 + here.minute


def _rows(statement):
    return db.session.scalars(statement.limit(MOST))


def _own(scope: Scope, column):
    """Of a school: what is its own, or every member's. Of a cluster: everything."""
    return column.is_(None) | column.in_(scope.schools) if scope.school else true()


def _duties(scope: Scope, first: date, last: date):
    found = (
        select(DutyTurn)
        .where(
            DutyTurn.cluster_id.in_(scope.cluster_ids),
            DutyTurn.starts_on <= last,
            DutyTurn.ends_on >= first,
        )
        .options(joinedload(DutyTurn.school))
        .order_by(DutyTurn.starts_on, DutyTurn.id)
    )
    if scope.clusters:
        found = found.where(DutyTurn.district_id == scope.clusters[0].district_id)
    for row in _rows(found):
        target, day = {"cluster_id": row.cluster_id}, max(row.starts_on, first)
        until = min(row.ends_on, last)
        yield Line("duties", day, row.task, "clusters.duty_table", target, whose=row.school.name, until=until)


def _meetings(actor: Actor, scope: Scope, first: date, last: date):
    found = meetings.visible_to(actor).where(
        Meeting.cluster_id.in_(scope.cluster_ids),
        Meeting.state != "cancelled",
        _moments(Meeting.starts_at, first, last),
    )
    for row in _rows(found.options(joinedload(Meeting.cluster)).order_by(Meeting.id)):
        yield _at_its_hour("meetings", row, row.title, "plans.meeting", row.cluster.name)


def _activities(actor: Actor, scope: Scope, first: date, last: date):
    """What a cluster holds, alone or with others, what the school is host of, and what the district holds for all.

    The district's own may have neither host nor group: then it belongs to nobody in particular.
    """
    ids = scope.cluster_ids
    of_these = or_(
        Activity.cluster_id.in_(ids),
        Activity.cluster_id.is_(None),
        held_with(*ids),
        Activity.host_school_id.in_(_hosts(scope)),
    )
    found = activities.visible_to(actor).where(
        of_these, Activity.state != "cancelled", _moments(Activity.starts_at, first, last)
    )
    found = found.options(joinedload(Activity.host_school), joinedload(Activity.held_by))
    for row in _rows(found.order_by(Activity.id)):
        holder = row.host_school or row.held_by
        yield _at_its_hour("activities", row, row.theme, "plans.activity", holder.name if holder else "")


def _at_its_hour(part: str, row: Meeting | Activity, what: str, endpoint: str, whose: str) -> Line:
    return Line(
        part,
        local_day(row.starts_at),
        what,
        endpoint,
        {f"{row.__tablename__}_id": row.id},
        minute=_minute(row.starts_at),
        place=row.place,
        whose=whose,
        kind=row.kind,
    )


def _hosts(scope: Scope):
    return scope.schools if scope.school else ()


def _deliveries(actor: Actor, scope: Scope, first: date, last: date):
    """Lessons and service that come to a school or leave it; on the first of their days in the week."""
    begins, ends = Delivery.starts_on, func.coalesce(Delivery.ends_on, Delivery.starts_on)
    found = deliveries.visible_to(actor).where(
        or_(Delivery.school_id.in_(scope.schools), Delivery.from_school_id.in_(scope.schools)),
        Delivery.state != "cancelled",
        begins <= last,
        ends >= first,
    )
    found = found.options(joinedload(Delivery.school), joinedload(Delivery.from_school))
    for row in _rows(found.order_by(Delivery.id)):
        until = min(row.ends_on, last) if row.ends_on else None
        day = max(row.starts_on, first)
        yield Line(
            "deliveries",
            day,
            row.title,
            "visiting.delivery",
            {"delivery_id": row.id},
            minute=row.starts,
            place=row.school.name,
            whose=row.from_school.name if row.from_school else row.school.name,
            until=until if until and until > day else None,
            kind=row.kind,
        )


def _visits(actor: Actor, scope: Scope, first: date, last: date):
    """Lessons away from home in numbers, a line a day: those that the reader sees in the timetable."""
    counts = (
        func.count(VisitingSession.id),
        func.count(VisitingSession.person_id.distinct()),
        func.count(VisitingSession.school_id.distinct()),
    )
    found = (
        visiting.sessions_visible_to(actor)
        .where(
            VisitingSession.held_on.between(first, last),
            VisitingSession.state != "cancelled",
            VisitingSession.school_id != VisitingLesson.home_school_id,
            or_(
                VisitingSession.school_id.in_(scope.schools),
                VisitingLesson.home_school_id.in_(scope.schools),
            ),
        )
        .with_only_columns(VisitingSession.held_on, *counts)
        .group_by(VisitingSession.held_on)
    )
    target = {"school": scope.school.id} if scope.school else {"cluster": scope.clusters[0].id}
    for day, *numbers in db.session.execute(found):
        yield Line("visits", day, "", "visiting.index", target, counts=tuple(numbers))


def _inspections(actor: Actor, scope: Scope, first: date, last: date):
    found = supervision.inspections_visible_to(actor).where(
        Inspection.cluster_id.in_(scope.cluster_ids),
        Inspection.held_on.between(first, last),
        _own(scope, Inspection.school_id),
    )
    for row in _rows(_with_places(found, Inspection)):
        target = {"inspection_id": row.id}
        yield Line("inspections", row.held_on, row.title, "supervision.inspection", target, **_whose(row))


def _problems(actor: Actor, scope: Scope, first: date, last: date):
    """Lines of the register that are due and that nobody has closed."""
    found = supervision.problems_visible_to(actor).where(
        Problem.cluster_id.in_(scope.cluster_ids),
        Problem.state.in_(("open", "mending")),
        Problem.due_on.between(first, last),
        _own(scope, Problem.school_id),
    )
    for row in _rows(_with_places(found, Problem)):
        target = {"problem_id": row.id}
        yield Line("problems", row.due_on, row.text, "supervision.problem", target, **_whose(row))


def _with_places(found, model):
    return found.options(joinedload(model.school), joinedload(model.cluster)).order_by(model.id)


def _whose(row) -> dict:
    return {"whose": row.school.name if row.school else row.cluster.name}


def _tasks(actor: Actor, scope: Scope, first: date, last: date):
    """What meetings decided and is due."""
    seen = meetings.visible_to(actor).where(Meeting.cluster_id.in_(scope.cluster_ids))
    found = (
        select(MeetingTask)
        .where(
            MeetingTask.district_id == actor.district_id,
            MeetingTask.meeting_id.in_(seen.with_only_columns(Meeting.id)),
            MeetingTask.state != "dropped",
            MeetingTask.due_on.between(first, last),
            _own(scope, MeetingTask.school_id),
        )
        .options(joinedload(MeetingTask.school), joinedload(MeetingTask.meeting).joinedload(Meeting.cluster))
        .order_by(MeetingTask.id)
    )
    for row in _rows(found):
        whose = row.school.name if row.school else row.meeting.cluster.name
        target, done = {"meeting_id": row.meeting_id}, row.state == "done"
        yield Line("tasks", row.due_on, row.text, "plans.meeting", target, whose=whose, is_done=done)


def _items(actor: Actor, scope: Scope, first: date, last: date):
    """Items of the term plan that are due: of a school its own and those of nobody in particular."""
    seen = term_plans.visible_to(actor).where(TermPlan.cluster_id.in_(scope.cluster_ids))
    found = (
        select(PlanItem)
        .where(
            PlanItem.district_id == actor.district_id,
            PlanItem.plan_id.in_(seen.with_only_columns(TermPlan.id)),
            PlanItem.state != "dropped",
            PlanItem.due_on.between(first, last),
            _own(scope, PlanItem.school_id),
        )
        .options(
            joinedload(PlanItem.school),
            joinedload(PlanItem.group),
            joinedload(PlanItem.person),
            joinedload(PlanItem.plan).joinedload(TermPlan.cluster),
        )
        .order_by(PlanItem.id)
    )
    for row in _rows(found):
        owner = row.school or row.group or row.person or row.plan.cluster
        target, done = {"plan_item_id": row.id}, row.state == "done"
        yield Line("items", row.due_on, row.text, "plans.plan_item", target, whose=owner.name, is_done=done)
