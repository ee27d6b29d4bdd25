"""Clusters, their members on a day, and schools."""

from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import selectinload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Cluster, District, Employment, Membership, Person, RoleAssignment, School
from portal.queries.people import open_on


def district_name(district_id) -> str:
    """The name of the district."""
    return db.session.scalar(select(District.name).where(District.id == district_id)) or ""


def district(district_id) -> District:
    """The district itself."""
    return db.session.get(District, district_id)


def cluster_by_id(district_id, cluster_id) -> Cluster | None:
    """One cluster."""
    return db.session.get(Cluster, (district_id, cluster_id))


def cluster_by_name(name: str) -> list[Cluster]:
    """The clusters of that name, in whichever districts; for commands."""
    return list(db.session.scalars(select(Cluster).where(Cluster.name == name)))


def school_by_id(district_id, school_id) -> School | None:
    """One school."""
    return db.session.get(School, (district_id, school_id))


def own_clusters(actor: Actor) -> list[Cluster]:
    """The clusters a person has to do with, those that the person runs first."""
    ids = actor.runs | actor.manages | actor.belongs_to | actor.liaison_of | actor.assigned_to
    if not ids:
        return []
    found = db.session.scalars(
        select(Cluster)
        .where(Cluster.district_id == actor.district_id, Cluster.id.in_(ids))
        .order_by(Cluster.name, Cluster.id)
    )
    return sorted(found, key=lambda cluster: (cluster.id not in actor.runs, cluster.id not in actor.manages))


def own_cluster_names(actor: Actor) -> list[str]:
    """Names of ``own_clusters``."""
    return [cluster.name for cluster in own_clusters(actor)]


def visible_clusters(actor: Actor):
    """The clusters that ``cluster.view`` shows this person, as a select."""
    found = select(Cluster).where(Cluster.district_id == actor.district_id)
    if actor.offices:
        return found
    return found.where(Cluster.id.in_(actor.belongs_to | actor.oversees))


def all_clusters(actor: Actor) -> list[Cluster]:
    """The clusters in sight, by name."""
    return list(
        db.session.scalars(
            visible_clusters(actor).where(Cluster.closed_on.is_(None)).order_by(Cluster.name, Cluster.id)
        )
    )


def members_on(cluster: Cluster, day: date) -> list[Membership]:
    """The memberships in force on a day: the lead first, then centre schools, then by name."""
    found = db.session.scalars(
        select(Membership)
        .where(Membership.district_id == cluster.district_id, Membership.cluster_id == cluster.id)
        .where(open_on(Membership, day))
        .options(selectinload(Membership.school).selectinload(School.parent))
    )
    return sorted(
        found,
        key=lambda m: (
            m.role != "lead",
            m.school.parent.name if m.school.parent else m.school.name,
            m.school.parent is not None,
            m.school.name,
            m.id,
        ),
    )


def members_during(cluster: Cluster, first: date, last: date) -> list[School]:
    """The schools that belonged to the cluster on at least one day between two days, the lead first."""
    found = db.session.scalars(
        select(Membership)
        .where(Membership.district_id == cluster.district_id, Membership.cluster_id == cluster.id)
        .where(Membership.starts_on <= last)
        .where((Membership.ends_on.is_(None)) | (Membership.ends_on >= first))
        .options(selectinload(Membership.school))
    ).all()
    schools = {}
    for membership in sorted(found, key=lambda m: (m.role != "lead", m.school.name, m.school.id)):
        schools.setdefault(membership.school_id, membership.school)
    return list(schools.values())


def lead_school(cluster: Cluster, day: date) -> School | None:
    """The school that leads the cluster on a day."""
    return next((m.school for m in members_on(cluster, day) if m.role == "lead"), None)


def principals_of(district_id, school_ids, day: date) -> dict:
    """School -> its principal on a day."""
    rows = db.session.execute(
        select(RoleAssignment.school_id, Person)
        .join(
            Person,
            and_(Person.district_id == RoleAssignment.district_id, Person.id == RoleAssignment.person_id),
        )
        .where(
            RoleAssignment.district_id == district_id,
            RoleAssignment.role == "principal",
            RoleAssignment.school_id.in_(school_ids),
        )
        .where(open_on(RoleAssignment, day))
    )
    return {school_id: person for school_id, person in rows}


def people_with_role(cluster: Cluster, role: str, day: date) -> list[Person]:
    """Liaison officers or assigned leaders of a cluster on a day."""
    return list(
        db.session.scalars(
            select(Person)
            .join(
                RoleAssignment,
                and_(RoleAssignment.district_id == Person.district_id, RoleAssignment.person_id == Person.id),
            )
            .where(
                RoleAssignment.district_id == cluster.district_id,
                RoleAssignment.cluster_id == cluster.id,
                RoleAssignment.role == role,
            )
            .where(open_on(RoleAssignment, day))
            .order_by(Person.pinyin, Person.id)
        )
    )


def lead_principal(cluster: Cluster, day: date) -> Person | None:
    """The principal of the lead school on a day."""
    lead = lead_school(cluster, day)
    return principals_of(cluster.district_id, [lead.id], day).get(lead.id) if lead else None


def staff_counts(district_id, school_ids) -> dict:
    """School -> number of people whose present home school it is."""
    rows = db.session.execute(
        select(Employment.school_id, func.count())
        .where(
            Employment.district_id == district_id,
            Employment.school_id.in_(school_ids),
            Employment.ends_on.is_(None),
        )
        .group_by(Employment.school_id)
    )
    return {school_id: count for school_id, count in rows}
