"""What the filters of the timetable offer: the neighbourhood of what is shown, however large the district is."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import Date, Row, bindparam, select

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Membership, Person, School, Term
from portal.queries import pairing, people, schools, visiting
from portal.queries.people import open_on


@dataclass(frozen=True)
class Choices:
    """Schools by name, and visiting teachers (key, name, pinyin) by name."""

    schools: list[School]
    people: list[Person | Row]


def choices(actor: Actor, scope, term: Term) -> Choices:
    """The schools and teachers of the clusters that are shown, and one's own.

    Everything in sight where nothing is shown, or a school of no cluster: then a cluster is chosen first.
    """
    shown = _schools_shown(scope)
    near = {scope.cluster.id} if scope and scope.cluster else _clusters_of(actor, shown)
    if not near:
        return Choices(pairing.schools_in_sight(actor), visiting.teachers_with_lessons(actor, term))
    keys = shown.union(members_of(actor, near))
    found = db.session.scalars(
        schools.visible_to(actor).where(
            School.closed_on.is_(None), School.id.in_(keys | actor.works_at | actor.manages_schools)
        )
    )
    teachers = {person.id: person for person in visiting.teachers_with_lessons(actor, term, keys)}
    if scope.person:
        teachers[scope.person.id] = scope.person
    return Choices(
        sorted(found, key=lambda school: (school.name, school.id)),
        sorted(teachers.values(), key=lambda person: (person.pinyin, person.id)),
    )


def members_of(actor: Actor, cluster_ids: Iterable) -> list[UUID]:
    """The keys of the schools that belong to clusters on the actor's day."""
    values = {"district": actor.district_id, "ids": list(cluster_ids), "today": actor.day}
    return list(db.session.scalars(_members(), values))


@cache
def _members():
    # Made once, as the frame of every page is.
    return (
        select(Membership.school_id)
        .where(Membership.district_id == bindparam("district"))
        .where(Membership.cluster_id.in_(bindparam("ids", expanding=True)))
        .where(open_on(Membership, bindparam("today", type_=Date)))
    )


def _schools_shown(scope) -> set:
    if scope is None:
        return set()
    home = people.home_school(scope.person) if scope.person else scope.school
    return {home.id} if home else set()


def _clusters_of(actor: Actor, school_ids: set) -> set:
    found = schools.clusters_of(actor.district_id, school_ids, actor.day) if school_ids else {}
    return {row.cluster_id for rows in found.values() for row in rows}
