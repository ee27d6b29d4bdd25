"""Imports of rosters: a person's own, and what they may touch."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor, can
from portal.extensions import db
from portal.models import Cluster, RosterImport, School
from portal.queries.paging import Page, page_of
from portal.queries.roster_preview import Scope
from portal.queries.schools import open_schools


def by_id(district_id, import_id) -> RosterImport | None:
    """One import."""
    return db.session.get(RosterImport, (district_id, import_id))


def visible_to(actor: Actor):
    """The imports that ``roster.view`` shows this person, as a select: the person's own."""
    return select(RosterImport).where(
        RosterImport.district_id == actor.district_id, RosterImport.person_id == actor.person_id
    )


def import_page(actor: Actor, cursor: str | None = None) -> Page:
    """One page of the imports in sight, newest first."""
    found = visible_to(actor).options(joinedload(RosterImport.cluster), joinedload(RosterImport.school))
    return page_of(found, RosterImport.created_at, RosterImport.id, cursor, size=20)


def scope_of(made: RosterImport) -> Scope:
    """What an import may touch."""
    return Scope(made.district_id, made.cluster, made.school)


def scopes_for(actor: Actor) -> list[Scope]:
    """Everything into which this person may load a roster: the district, clusters, then schools."""
    scopes = [Scope(actor.district_id)] if can(actor, "roster.into_district") else []
    clusters = db.session.scalars(
        select(Cluster)
        .where(Cluster.district_id == actor.district_id, Cluster.closed_on.is_(None))
        .order_by(Cluster.name, Cluster.id)
    )
    scopes += [
        Scope(actor.district_id, cluster=cluster)
        for cluster in clusters
        if can(actor, "roster.into_cluster", cluster)
    ]
    scopes += [
        Scope(actor.district_id, school=school)
        for school in open_schools(actor.district_id)
        if can(actor, "roster.into_school", school)
    ]
    return scopes


def school_names(scope: Scope, today: date) -> list[str]:
    """The running schools inside, by name."""
    schools = open_schools(scope.district_id)
    inside = scope.school_ids(schools, today)
    return [school.name for school in schools if school.id in inside]


def scope_by_name(district_id, *, cluster: str = "", school: str = "") -> Scope | None:
    """The scope that a command names; None when there is no such cluster or school."""
    if cluster:
        found = db.session.scalar(
            select(Cluster).where(Cluster.district_id == district_id, Cluster.name == cluster)
        )
        return Scope(district_id, cluster=found) if found else None
    if school:
        found = db.session.scalar(
            select(School).where(School.district_id == district_id, School.name == school)
        )
        return Scope(district_id, school=found) if found else None
    return Scope(district_id)
