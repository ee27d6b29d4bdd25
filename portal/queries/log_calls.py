"""What clusters ask of writers, and who has written: by count and date, never a text (G10)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Cluster, Employment, LogCall, Membership, Person, Reflection, School, Term
from portal.queries.people import open_on


def by_id(district_id, call_id) -> LogCall | None:
    """One call."""
    return db.session.get(LogCall, (district_id, call_id))


def open_calls(actor: Actor, term: Term | None) -> list[LogCall]:
    """The calls of a term that are not closed, of the clusters that one belongs to, the first due first."""
    if term is None or not actor.belongs_to:
        return []
    return list(
        db.session.scalars(
            select(LogCall)
            .where(
                LogCall.district_id == actor.district_id,
                LogCall.cluster_id.in_(actor.belongs_to),
                LogCall.term_id == term.id,
                LogCall.closed_at.is_(None),
            )
            .options(joinedload(LogCall.cluster), joinedload(LogCall.term))
            .order_by(LogCall.due_on, LogCall.id)
        )
    )


def unanswered(actor: Actor, term: Term | None) -> list[LogCall]:
    """The open calls that this person has not answered: no log of the kind was submitted in the term."""
    calls = [each for each in open_calls(actor, term) if actor.works_at]
    if not calls:
        return []
    written = set(
        db.session.scalars(
            select(Reflection.kind)
            .where(
                Reflection.district_id == actor.district_id,
                Reflection.person_id == actor.person_id,
                Reflection.term_id == term.id,
                Reflection.state == "submitted",
            )
            .distinct()
        )
    )
    return [each for each in calls if each.kind not in written]


def deciding_clusters(actor: Actor) -> list[Cluster]:
    """The clusters for which this person may ask for logs."""
    keys = set(actor.decides)
    if actor.principal_of:
        keys |= {key for key in actor.manages if actor.profiles.get(key) == "equal"}
    found = select(Cluster).where(Cluster.district_id == actor.district_id, Cluster.id.in_(keys))
    return list(db.session.scalars(found.order_by(Cluster.name, Cluster.id)))


@dataclass(frozen=True)
class Writer:
    """A teacher of a school: how many logs were submitted in the term, and when the last one."""

    person: Person
    school: School
    count: int
    last: date | None


def schools_in_charge(actor: Actor, day: date) -> list[School]:
    """The schools whose writers one may count: one's own, and those of clusters that one leads.

    Among equal partners everybody counts the own school alone.
    """
    members = select(Membership.school_id).where(
        Membership.district_id == actor.district_id,
        Membership.cluster_id.in_(actor.decides),
        open_on(Membership, day),
    )
    found = select(School).where(
        School.district_id == actor.district_id,
        or_(School.id.in_(actor.manages_schools), School.id.in_(members)),
    )
    return list(db.session.scalars(found.order_by(School.name, School.id)))


def writers(actor: Actor, term: Term, schools: list[School], *, kind: str = "") -> list[Writer]:
    """Everybody who works at these schools with the number and the last day of their logs, none first."""
    logs = and_(
        Reflection.district_id == Person.district_id,
        Reflection.person_id == Person.id,
        Reflection.term_id == term.id,
        Reflection.state == "submitted",
    )
    if kind:
        logs = and_(logs, Reflection.kind == kind)
    rows = db.session.execute(
        select(Person, School, func.count(Reflection.id), func.max(Reflection.happened_on))
        .join(
            Employment, and_(Employment.district_id == Person.district_id, Employment.person_id == Person.id)
        )
        .join(School, and_(School.district_id == Employment.district_id, School.id == Employment.school_id))
        .outerjoin(Reflection, logs)
        .where(
            Person.district_id == actor.district_id,
            Employment.ends_on.is_(None),
            Employment.school_id.in_([school.id for school in schools]),
        )
        .group_by(*Person.__table__.primary_key, *School.__table__.primary_key)
        .order_by(School.name, Person.pinyin, Person.id)
    )
    found = [Writer(*row) for row in rows]
    return sorted(found, key=lambda each: (each.count > 0, each.school.name))


def staff_of(cluster: Cluster, day: date) -> list:
    """The keys of everybody who works at a school of a cluster on a day."""
    members = select(Membership.school_id).where(
        Membership.district_id == cluster.district_id,
        Membership.cluster_id == cluster.id,
        open_on(Membership, day),
    )
    return list(
        db.session.scalars(
            select(Employment.person_id)
            .where(
                Employment.district_id == cluster.district_id,
                Employment.school_id.in_(members),
                open_on(Employment, day),
            )
            .distinct()
        )
    )
