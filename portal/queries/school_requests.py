"""Requests for instruction and reports: who sees which, a page of them, at whom one is."""

from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.school_requests import LEVEL_AT
from portal.extensions import db
from portal.models import SchoolRequest, SchoolRequestStep
from portal.queries import clusters, people
from portal.queries.paging import Page, page_of
from portal.queries.people import escaped


def by_id(district_id, school_request_id) -> SchoolRequest | None:
    """One request or report."""
    return db.session.get(SchoolRequest, (district_id, school_request_id))


def spoken_for(actor: Actor) -> frozenset:
    """The clusters for which this person speaks, as ``access_requests.speaks_for_cluster``."""
    liaison = (key for key in actor.liaison_of if actor.profiles.get(key) != "directing")
    return actor.leads | frozenset(liaison)


def visible_to(actor: Actor):
    """What ``school_request.view`` shows this person, as a select."""
    asks, level = SchoolRequest.kind == "request", SchoolRequest.level
    return select(SchoolRequest).where(
        SchoolRequest.district_id == actor.district_id,
        or_(
            SchoolRequest.created_by_id == actor.person_id,
            and_(SchoolRequest.school_id.in_(actor.principal_of), or_(asks, level == "school")),
            and_(
                SchoolRequest.cluster_id.in_(spoken_for(actor)),
                or_(level == "cluster", and_(asks, level == "bureau")),
            ),
            and_(SchoolRequest.office.in_(actor.offices), level == "bureau"),
        ),
    )


def waiting_for(actor: Actor):
    """The requests that wait for this person: to be passed on, answered or, returned, written again."""
    state = SchoolRequest.state
    return visible_to(actor).where(
        or_(
            and_(state == "at_school", SchoolRequest.school_id.in_(actor.principal_of)),
            and_(state == "at_cluster", SchoolRequest.cluster_id.in_(spoken_for(actor))),
            and_(state == "at_bureau", SchoolRequest.office.in_(actor.offices)),
            and_(state == "returned", SchoolRequest.created_by_id == actor.person_id),
        )
    )


def request_page(
    actor: Actor, cursor: str | None, *, kind="", state="", cluster_id=None, words="", waits=False
) -> Page:
    """One page, the newest first; ``waits`` leaves those that wait for this person."""
    found = waiting_for(actor) if waits else visible_to(actor)
    for column, value in (
        (SchoolRequest.kind, kind),
        (SchoolRequest.state, state),
        (SchoolRequest.cluster_id, cluster_id),
    ):
        if value:
            found = found.where(column == value)
    if words:
        found = found.where(SchoolRequest.title.ilike(f"%{escaped(words)}%", escape="\\"))
    found = found.options(joinedload(SchoolRequest.school), joinedload(SchoolRequest.created_by))
    return page_of(found, SchoolRequest.created_at, SchoolRequest.id, cursor)


def steps_of(row: SchoolRequest) -> list[SchoolRequestStep]:
    """What was done with it, in order, with who did it."""
    found = (
        select(SchoolRequestStep)
        .where(
            SchoolRequestStep.district_id == row.district_id, SchoolRequestStep.school_request_id == row.id
        )
        .options(joinedload(SchoolRequestStep.person))
        .order_by(SchoolRequestStep.taken_at, SchoolRequestStep.id)
    )
    return list(db.session.scalars(found))


def names_at(row: SchoolRequest, day: date) -> list[str]:
    """The names of those at whom it waits; none for the bureau, which answers as a section."""
    level = LEVEL_AT.get(row.state)
    if level == "school":
        found = clusters.principals_of(row.district_id, [row.school_id], day)
        return [person.name for person in found.values()]
    return [person.name for person in _of_cluster(row.cluster, day)] if level == "cluster" else []


def _of_cluster(cluster, day: date) -> list:
    lead = clusters.lead_principal(cluster, day)
    found = [lead] if lead else []
    if cluster.profile != "directing":
        found += clusters.people_with_role(cluster, "liaison", day)
    return found


def people_at(row: SchoolRequest, level: str, day: date) -> list:
    """The keys of those whom a level consists of."""
    if level == "school":
        return [p.id for p in clusters.principals_of(row.district_id, [row.school_id], day).values()]
    if level == "cluster":
        return [p.id for p in _of_cluster(clusters.cluster_by_id(row.district_id, row.cluster_id), day)]
    return people.holders_of(row.district_id, {row.office}, day)
