"""What belongs to an activity: sign-up, feedback, new dates, the schools that may come, the dossier."""

import hmac
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.dossier import Part, dossier
from portal.domain.moments import local_day
from portal.extensions import db
from portal.models import (
    Activity,
    ActivityCluster,
    ActivityEnrolment,
    ActivityFeedback,
    ActivityMove,
    ActivityParticipant,
    ActivityQuota,
    ActivitySignup,
    Cluster,
    Employment,
    Person,
    School,
)
from portal.queries import attachments, clusters, schools
from portal.vault import keyed_hash


def of_cluster(cluster_id):
    """The condition that an activity is held by a cluster, alone or together with others: once either way."""
    return or_(Activity.cluster_id == cluster_id, held_with(cluster_id))


def held_with(*cluster_ids):
    """The condition that one of the clusters holds an activity together with the first one."""
    return exists().where(
        ActivityCluster.district_id == Activity.district_id,
        ActivityCluster.activity_id == Activity.id,
        ActivityCluster.cluster_id.in_(cluster_ids),
    )


def clusters_of(activity: Activity) -> list[Cluster]:
    """The clusters that hold it, the first one first; none when the district itself does."""
    if activity.cluster_id is None:
        return []
    return [
        activity.cluster,
        *sorted((row.cluster for row in activity.held_with), key=lambda c: (c.name, c.id)),
    ]


def possible_partners(activity: Activity) -> list[Cluster]:
    """The clusters of the district that could hold it too; none, when the district itself holds it."""
    if activity.cluster_id is None:
        return []
    return list(
        db.session.scalars(
            select(Cluster)
            .where(
                Cluster.district_id == activity.district_id,
                Cluster.id != activity.cluster_id,
                Cluster.closed_on.is_(None),
            )
            .order_by(Cluster.name, Cluster.id)
        )
    )


def schools_of(activity: Activity) -> list[School]:
    """The members of its clusters on its day, each once; for the district's own, every school that runs."""
    if activity.cluster_id is None:
        return schools.open_schools(activity.district_id)
    day, found = local_day(activity.starts_at), {}
    for cluster in clusters_of(activity):
        for member in clusters.members_on(cluster, day):
            found.setdefault(member.school_id, member.school)
    return list(found.values())


def possible_hosts(activity: Activity) -> list[School]:
    """The schools of its own cluster on its day, or of the whole district."""
    if activity.cluster_id is None:
        return schools.open_schools(activity.district_id)
    return [m.school for m in clusters.members_on(activity.cluster, local_day(activity.starts_at))]


def may_send(activity: Activity) -> frozenset | None:
    """The schools whose people may come; None when every school may: it is open, or the district's own."""
    every = activity.is_open or activity.cluster_id is None
    return None if every else frozenset(school.id for school in schools_of(activity))


def school_of_person(district_id, person_id, day: date) -> School | None:
    """Where somebody was employed on a day."""
    return db.session.scalars(
        select(School)
        .join(
            Employment, and_(Employment.district_id == School.district_id, Employment.school_id == School.id)
        )
        .where(
            Employment.district_id == district_id,
            Employment.person_id == person_id,
            Employment.starts_on <= day,
            or_(Employment.ends_on.is_(None), Employment.ends_on >= day),
        )
        .order_by(Employment.starts_on.desc(), Employment.id)
        .limit(1)
    ).first()


def enrolment_of(activity: Activity) -> ActivityEnrolment | None:
    """That and how people sign up."""
    return db.session.scalars(
        select(ActivityEnrolment).filter_by(district_id=activity.district_id, activity_id=activity.id)
    ).first()


def quotas_of(activity: Activity) -> dict:
    """School -> its own number of places."""
    rows = db.session.scalars(
        select(ActivityQuota).filter_by(district_id=activity.district_id, activity_id=activity.id)
    )
    return {row.school_id: row.places for row in rows}


def signups_of(activity: Activity) -> list[ActivitySignup]:
    """Who signed up, by school, place and time; who waits comes last in each school."""
    rows = db.session.scalars(
        select(ActivitySignup)
        .filter_by(district_id=activity.district_id, activity_id=activity.id)
        .options(joinedload(ActivitySignup.person), joinedload(ActivitySignup.school))
        .execution_options(populate_existing=True)
    )
    return sorted(
        rows, key=lambda row: (row.school.name, row.place is None, row.place or 0, row.signed_at, row.id)
    )


def signup_by_id(district_id, signup_id) -> ActivitySignup | None:
    """One sign-up."""
    return db.session.get(ActivitySignup, (district_id, signup_id))


def own_staff(actor: Actor, activity: Activity) -> list[tuple[Person, School]]:
    """Whom the person may sign up for the own schools: their staff of today, by school and name."""
    allowed = may_send(activity)
    sending = actor.manages_schools if allowed is None else actor.manages_schools & allowed
    rows = db.session.execute(
        select(Person, School)
        .join(
            Employment, and_(Employment.district_id == Person.district_id, Employment.person_id == Person.id)
        )
        .join(School, and_(School.district_id == Employment.district_id, School.id == Employment.school_id))
        .where(
            Person.district_id == activity.district_id,
            Employment.ends_on.is_(None),
            Employment.school_id.in_(sending),
        )
        .order_by(School.name, Person.pinyin, Person.name, Person.id)
    )
    return [(person, school) for person, school in rows]


def feedback_of(activity: Activity) -> list[ActivityFeedback]:
    """What those who took part said, the newest first."""
    return list(
        db.session.scalars(
            select(ActivityFeedback)
            .filter_by(district_id=activity.district_id, activity_id=activity.id)
            .options(joinedload(ActivityFeedback.person))
            .order_by(ActivityFeedback.id.desc())
        )
    )


def took_part(activity: Activity, person_id) -> bool:
    """Whether somebody is on the list of those who came."""
    return any(row.person_id == person_id for row in activity.participants)


def moves_of(activity: Activity) -> list[ActivityMove]:
    """Its new dates, the newest first."""
    return list(
        db.session.scalars(
            select(ActivityMove)
            .filter_by(district_id=activity.district_id, activity_id=activity.id)
            .options(joinedload(ActivityMove.person))
            .order_by(ActivityMove.id.desc())
        )
    )


@dataclass(frozen=True)
class SchoolLine:
    """A school at an activity: places (None: not set), who signed up and waits, who came, and staff of that day."""

    school: School
    places: int | None
    signed: int
    waiting: int
    came: int
    staff: int

    @property
    def rate(self) -> float | None:
        """The part of the staff that came (S4-53); None when no staff is known."""
        return self.came / self.staff if self.staff else None


def school_lines(activity: Activity, enrolment, quotas: dict, signups, participants) -> list[SchoolLine]:
    """Each school that holds it or sent somebody; of the district's own only those that sent somebody."""
    own = schools_of(activity) if activity.cluster_id else ()
    listed = {school.id: school for school in own}
    for row in (*signups, *participants):
        listed.setdefault(row.school_id, row.school)
    staff = clusters.staff_counts(activity.district_id, list(listed))
    return [
        SchoolLine(
            school,
            quotas.get(key, enrolment.per_school if enrolment else None),
            sum(row.school_id == key and row.place is not None for row in signups),
            sum(row.school_id == key and row.place is None for row in signups),
            sum(row.school_id == key for row in participants),
            staff.get(key, 0),
        )
        for key, school in listed.items()
    ]


def dossiers(district_id, activities) -> dict:
    """Activity -> the parts of its dossier, for a page of activities in three statements."""
    keys = [activity.id for activity in activities]
    kinds = attachments.kinds_of("activity", district_id, keys)
    came = _counts(ActivityParticipant, district_id, keys)
    said = _counts(ActivityFeedback, district_id, keys)
    return {
        each.id: dossier(
            kinds.get(each.id, ()),
            participants=came.get(each.id, 0),
            has_summary=bool(each.summary),
            feedback=said.get(each.id, 0),
        )
        for each in activities
    }


def dossier_of(activity: Activity) -> tuple[Part, ...]:
    """The parts of one dossier."""
    return dossiers(activity.district_id, [activity])[activity.id]


def _counts(model, district_id, keys) -> dict:
    rows = db.session.execute(
        select(model.activity_id, func.count())
        .where(model.district_id == district_id, model.activity_id.in_(keys))
        .group_by(model.activity_id)
    )
    return {key: count for key, count in rows}


def door_code(activity: Activity) -> str:
    """The six digits that are shown at the door on its day; computed, not stored."""
    day = local_day(activity.starts_at).isoformat()
    mark = keyed_hash(f"activity code {activity.district_id} {activity.id} {day}")
    return f"{int.from_bytes(mark[:8], 'big') % 10**6:06d}"


def is_door_code(activity: Activity, code: str) -> bool:
    """Whether these are the digits."""
    return hmac.compare_digest(door_code(activity).encode(), code.encode())
