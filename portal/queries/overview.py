"""How all clusters of a district stand in a term, and the ties between the schools of one; fixed statements."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import (
    Activity,
    Cluster,
    Meeting,
    MeetingTask,
    Posting,
    School,
    SchoolPairing,
    Term,
    VisitingLesson,
)

HELD = ("held", "minuted", "confirmed")


@dataclass(frozen=True)
class ClusterNumbers:
    """Numbers of one cluster and term, without a teacher's name."""

    meetings: int = 0
    without_minutes: int = 0
    activities: int = 0
    late_tasks: int = 0
    school_pairs: int = 0


def numbers_of(clusters: list[Cluster], term: Term, today: date) -> dict:
    """Cluster -> its numbers; as many statements for fifty clusters as for one."""
    if not clusters:
        return {}
    district_id, keys = clusters[0].district_id, [cluster.id for cluster in clusters]

    def counted(model, *conditions, joined=None):
        owner = Meeting if joined else model
        found = select(owner.cluster_id, func.count()).select_from(model).group_by(owner.cluster_id)
        found = found.join(*joined) if joined else found
        rows = db.session.execute(
            found.where(model.district_id == district_id, owner.cluster_id.in_(keys), *conditions)
        )
        return {key: count for key, count in rows}

    meetings = counted(
        Meeting,
        Meeting.term_id == term.id,
        Meeting.state.in_(HELD),
        Meeting.kind.in_(("monthly", "joint")),
    )
    bare = counted(Meeting, Meeting.term_id == term.id, Meeting.state == "held")
    activities = counted(Activity, Activity.term_id == term.id, Activity.state.in_(("held", "closed")))
    tasks = counted(
        MeetingTask,
        MeetingTask.state == "open",
        MeetingTask.due_on < today,
        joined=(
            Meeting,
            and_(Meeting.district_id == MeetingTask.district_id, Meeting.id == MeetingTask.meeting_id),
        ),
    )
    pairs = counted(
        SchoolPairing,
        SchoolPairing.state.in_(("active", "closed")),
        SchoolPairing.starts_on <= term.last_day,
        SchoolPairing.ends_on >= term.first_day,
    )
    parts = (meetings, bare, activities, tasks, pairs)
    return {key: ClusterNumbers(*(part.get(key, 0) for part in parts)) for key in keys}


def late_tasks(cluster: Cluster, today: date) -> list[MeetingTask]:
    """What the cluster's meetings decided and nobody has done by its day, the oldest first."""
    return list(
        db.session.scalars(
            select(MeetingTask)
            .join(
                Meeting,
                and_(Meeting.district_id == MeetingTask.district_id, Meeting.id == MeetingTask.meeting_id),
            )
            .where(
                Meeting.district_id == cluster.district_id,
                Meeting.cluster_id == cluster.id,
                MeetingTask.state == "open",
                MeetingTask.due_on < today,
            )
            .options(joinedload(MeetingTask.meeting), joinedload(MeetingTask.school))
            .order_by(MeetingTask.due_on, MeetingTask.id)
        )
    )


def without_minutes(cluster: Cluster, term: Term) -> list[Meeting]:
    """Meetings that were held and have no minutes yet, the oldest first."""
    return list(
        db.session.scalars(
            select(Meeting)
            .where(
                Meeting.district_id == cluster.district_id,
                Meeting.cluster_id == cluster.id,
                Meeting.term_id == term.id,
                Meeting.state == "held",
            )
            .order_by(Meeting.starts_at, Meeting.id)
        )
    )


@dataclass(frozen=True)
class Tie:
    """What goes on between two schools: move (people), visit (lessons a week on the timetable) or pair."""

    kind: str
    home: School
    host: School
    count: int


def ties(cluster: Cluster, schools: list[School], term: Term) -> list[Tie]:
    """Movements, visiting lessons and school pairs between the members in a term, by kind and school."""
    by_id = {school.id: school for school in schools}
    keys = list(by_id)
    moves = select(
        Posting.home_school_id, Posting.host_school_id, func.count(Posting.person_id.distinct())
    ).where(
        Posting.district_id == cluster.district_id,
        Posting.state.in_(("active", "completed", "ended_early")),
        Posting.starts_on <= term.last_day,
        or_(Posting.ends_on.is_(None), Posting.ends_on >= term.first_day),
    )
    visits = select(VisitingLesson.home_school_id, VisitingLesson.school_id, func.count()).where(
        VisitingLesson.district_id == cluster.district_id,
        VisitingLesson.term_id == term.id,
        VisitingLesson.state.in_(("running", "ended")),
        VisitingLesson.school_id != VisitingLesson.home_school_id,
    )
    pairs = select(SchoolPairing.donor_id, SchoolPairing.beneficiary_id, func.count()).where(
        SchoolPairing.district_id == cluster.district_id,
        SchoolPairing.state.in_(("active", "closed")),
        SchoolPairing.starts_on <= term.last_day,
        SchoolPairing.ends_on >= term.first_day,
    )
    found = []
    for kind, asked, home, host in (
        ("move", moves, Posting.home_school_id, Posting.host_school_id),
        ("visit", visits, VisitingLesson.home_school_id, VisitingLesson.school_id),
        ("pair", pairs, SchoolPairing.donor_id, SchoolPairing.beneficiary_id),
    ):
        rows = db.session.execute(asked.where(home.in_(keys), host.in_(keys)).group_by(home, host))
        found += sorted(
            (Tie(kind, by_id[a], by_id[b], count) for a, b, count in rows),
            key=lambda tie: (tie.home.name, tie.host.name),
        )
    return found
