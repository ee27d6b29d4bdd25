"""Clusters, their members on a day, and schools."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import (
    Cluster,
    District,
    Employment,
    Membership,
    Person,
    RoleAssignment,
    School,
    Term,
    TermSummary,
)
from portal.queries import meetings
from portal.queries.people import open_on


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


def visible_clusters(actor: Actor):
    """The clusters that ``cluster.view`` shows this person, as a select."""
    found = select(Cluster).where(Cluster.district_id == actor.district_id)
    if actor.offices:
        return found
    return found.where(Cluster.id.in_(actor.belongs_to | actor.oversees))


def open_clusters(district_id) -> list[Cluster]:
    """Every cluster of the district that is not closed, by name, whoever asks: what is told to all of them."""
    found = select(Cluster).where(Cluster.district_id == district_id, Cluster.closed_on.is_(None))
    return list(db.session.scalars(found.order_by(Cluster.name, Cluster.id)))


def all_clusters(actor: Actor) -> list[Cluster]:
    """The clusters in sight, by name."""
    return list(db.session.scalars(_open_in_sight(bool(actor.offices), Cluster), _in_sight(actor)))


def names_in_sight(actor: Actor) -> list:
    """Key and name of the clusters in sight, by name: for a filter, which needs no more of them."""
    found = _open_in_sight(bool(actor.offices), Cluster.id, Cluster.name)
    return list(db.session.execute(found, _in_sight(actor)))


def _in_sight(actor: Actor) -> dict:
    ids = {} if actor.offices else {"ids": list(actor.belongs_to | actor.oversees)}
    return {"district": actor.district_id, **ids}


@cache
def _open_in_sight(in_office: bool, *columns):
    """Of ``visible_clusters`` those that are not closed. Made once: most lists offer them in a filter."""
    found = select(*columns).where(Cluster.district_id == bindparam("district"), Cluster.closed_on.is_(None))
    if not in_office:
        found = found.where(Cluster.id.in_(bindparam("ids", expanding=True)))
    return found.order_by(Cluster.name, Cluster.id)


@dataclass(frozen=True)
class ClusterLine:
    """A cluster as the list shows it, with its members on a day and the months of a term."""

    cluster: Cluster
    lead: School | None
    leader: Person | None
    schools: int
    staff: int
    months: list = field(default_factory=list)


def cluster_lines(
    actor: Actor, day: date, term: Term | None, *, kind: str = "", closed: bool = False
) -> list[ClusterLine]:
    """The clusters in sight as lines of the list, one's own first, in a fixed number of queries."""
    found = visible_clusters(actor).order_by(Cluster.name, Cluster.id)
    found = found.where(Cluster.closed_on.is_not(None) if closed else Cluster.closed_on.is_(None))
    if kind:
        found = found.where(Cluster.kind == kind)
    rows = list(db.session.scalars(found))
    if not rows:
        return []
    by_cluster: dict = {}
    for membership in db.session.scalars(
        select(Membership)
        .where(
            Membership.district_id == actor.district_id,
            Membership.cluster_id.in_([cluster.id for cluster in rows]),
        )
        .where(open_on(Membership, day))
        .options(selectinload(Membership.school))
    ):
        by_cluster.setdefault(membership.cluster_id, []).append(membership)
    leads = {c: next((m.school for m in ms if m.role == "lead"), None) for c, ms in by_cluster.items()}
    leaders = principals_of(actor.district_id, [lead.id for lead in leads.values() if lead], day)
    staff = staff_counts(actor.district_id, [m.school_id for ms in by_cluster.values() for m in ms])
    strips = meetings.months_of(rows, term, day) if term else {}
    mine = actor.runs | actor.manages | actor.belongs_to | actor.liaison_of | actor.assigned_to
    lines = []
    for cluster in sorted(rows, key=lambda row: (row.id not in actor.runs, row.id not in mine)):
        members, lead = by_cluster.get(cluster.id, []), leads.get(cluster.id)
        lines.append(
            ClusterLine(
                cluster=cluster,
                lead=lead,
                leader=leaders.get(lead.id) if lead else None,
                schools=len(members),
                staff=sum(staff.get(m.school_id, 0) for m in members),
                months=strips.get(cluster.id, []),
            )
        )
    return lines


def membership_by_id(district_id, membership_id) -> Membership | None:
    """One membership."""
    return db.session.get(Membership, (district_id, membership_id))


def memberships_of(cluster: Cluster) -> list[Membership]:
    """Every membership that the cluster ever had, oldest first."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.district_id == cluster.district_id, Membership.cluster_id == cluster.id)
            .options(joinedload(Membership.school))
            .order_by(Membership.starts_on, Membership.id)
        )
    )


def stays(rows: list[Membership]) -> dict:
    """Membership -> (first day, last day or None) of the school's unbroken stay that it is part of.

    A change of lead splits a membership in two rows without anybody joining or leaving.
    """
    found: dict = {}
    for row in sorted(rows, key=lambda row: (row.starts_on, row.id)):
        before = found.get(row.school_id, [])
        goes_on = before and before[-1][-1].ends_on == row.starts_on - timedelta(days=1)
        if goes_on:
            before[-1].append(row)
        else:
            found[row.school_id] = [*before, [row]]
    return {
        row.id: (stay[0].starts_on, stay[-1].ends_on)
        for several in found.values()
        for stay in several
        for row in stay
    }


@dataclass(frozen=True)
class Movement:
    """What happened to a school in a cluster on a day: join, leave, lead, or follow (lead no more)."""

    day: date
    kind: str
    school: School


def movements(rows: list[Membership]) -> list[Movement]:
    """Joinings, leavings and changes of lead that dated memberships tell, newest first."""
    by_school: dict = {}
    for row in sorted(rows, key=lambda row: (row.starts_on, row.id)):
        by_school.setdefault(row.school_id, []).append(row)
    found = []
    for spans in by_school.values():
        before = None
        for row in spans:
            goes_on = before is not None and before.ends_on == row.starts_on - timedelta(days=1)
            if before is not None and not goes_on:
                found.append(Movement(before.ends_on, "leave", before.school))
            if not goes_on:
                found.append(Movement(row.starts_on, "join", row.school))
            if row.role == "lead" and not (goes_on and before.role == "lead"):
                found.append(Movement(row.starts_on, "lead", row.school))
            elif goes_on and before.role == "lead" and row.role != "lead":
                found.append(Movement(row.starts_on, "follow", row.school))
            before = row
        if before.ends_on is not None:
            found.append(Movement(before.ends_on, "leave", before.school))
    order = {"leave": 0, "lead": 1, "follow": 2, "join": 3}
    return sorted(found, key=lambda m: (-m.day.toordinal(), order[m.kind], m.school.name))


def main_cluster_besides(cluster: Cluster, school_id, first: date) -> Cluster | None:
    """Another cluster that counts the school as its main one on that day or later."""
    return db.session.scalar(
        select(Cluster)
        .join(
            Membership,
            and_(Membership.district_id == Cluster.district_id, Membership.cluster_id == Cluster.id),
        )
        .where(
            Cluster.district_id == cluster.district_id,
            Cluster.id != cluster.id,
            Membership.school_id == school_id,
            Membership.is_main.is_(True),
            or_(Membership.ends_on.is_(None), Membership.ends_on >= first),
        )
        .order_by(Cluster.name)
        .limit(1)
    )


def signed_term_after(cluster: Cluster, day: date) -> Term | None:
    """The first term that ends on that day or later and whose summary the cluster has signed."""
    return db.session.scalar(
        select(Term)
        .join(TermSummary, and_(TermSummary.district_id == Term.district_id, TermSummary.term_id == Term.id))
        .where(
            Term.district_id == cluster.district_id,
            Term.last_day >= day,
            TermSummary.cluster_id == cluster.id,
            TermSummary.state != "drafting",
        )
        .order_by(Term.first_day)
        .limit(1)
    )


def roles_in(cluster: Cluster) -> list[RoleAssignment]:
    """Liaison officers and assigned leaders of the cluster, past ones too, newest first."""
    return list(
        db.session.scalars(
            select(RoleAssignment)
            .where(RoleAssignment.district_id == cluster.district_id, RoleAssignment.cluster_id == cluster.id)
            .options(joinedload(RoleAssignment.person))
            .order_by(RoleAssignment.starts_on.desc(), RoleAssignment.id)
        )
    )


def principals_over_time(district_id, school_ids) -> list[RoleAssignment]:
    """The principals that the schools had and have, newest first."""
    return list(
        db.session.scalars(
            select(RoleAssignment)
            .where(
                RoleAssignment.district_id == district_id,
                RoleAssignment.role == "principal",
                RoleAssignment.school_id.in_(school_ids),
            )
            .options(joinedload(RoleAssignment.person), joinedload(RoleAssignment.school))
            .order_by(RoleAssignment.starts_on.desc(), RoleAssignment.id)
        )
    )


def under_centre(members: list[Membership]) -> list[tuple[Membership, list[Membership]]]:
    """Members in their order, each with its sub-schools; a sub-school without its centre stands alone."""
    ids = {m.school_id for m in members}
    below: dict = {}
    for member in members:
        if member.school.parent_id in ids:
            below.setdefault(member.school.parent_id, []).append(member)
    return [(m, below.get(m.school_id, [])) for m in members if m.school.parent_id not in ids]


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
