"""Shared resources: what a person may see, search by words, versions and use."""

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.resources import missing_rules, words_of
from portal.extensions import db
from portal.models import Attachment, Cluster, Resource, ResourceFile, ResourceUse, School
from portal.queries import clusters
from portal.queries.paging import Page, page_of
from portal.queries.people import escaped


def by_id(district_id, resource_id) -> Resource | None:
    """One resource; a removed one too, since it can be put back."""
    return db.session.get(Resource, (district_id, resource_id))


def visible_to(actor: Actor):
    """The resources that ``resource.view`` shows this person, as a select; removed ones left out."""
    found = select(Resource).where(Resource.district_id == actor.district_id, Resource.removed_at.is_(None))
    if actor.offices:
        return found
    mine = actor.belongs_to | actor.oversees
    return found.where(or_(Resource.cluster_id.in_(mine), Resource.is_open.is_(True)))


def matching(actor: Actor, *, words: str = "", cluster_id=None, kind: str = "", subject: str = ""):
    """The resources in sight that fit; every word occurs in title, subject, details or the name of a version."""
    found = visible_to(actor)
    for column, value in (
        (Resource.cluster_id, cluster_id),
        (Resource.kind, kind),
        (Resource.subject, subject),
    ):
        if value:
            found = found.where(column == value)
    for word in words_of(words):
        like = f"%{escaped(word)}%"
        texts = (Resource.title, Resource.subject, Resource.grade, Resource.details)
        named = exists().where(
            ResourceFile.district_id == Resource.district_id,
            ResourceFile.resource_id == Resource.id,
            Attachment.district_id == ResourceFile.district_id,
            Attachment.id == ResourceFile.attachment_id,
            Attachment.removed_at.is_(None),
            Attachment.name.ilike(like, escape="\\"),
        )
        found = found.where(or_(*(text.ilike(like, escape="\\") for text in texts), named))
    return found.options(
        joinedload(Resource.cluster), joinedload(Resource.school), joinedload(Resource.created_by)
    )


def resource_page(actor: Actor, cursor: str | None = None, **filters) -> Page:
    """One page of what fits, newest first."""
    return page_of(matching(actor, **filters), Resource.created_at, Resource.id, cursor)


def all_matching(actor: Actor, **filters) -> list[Resource]:
    """Everything that fits, newest first, at most as much as a workbook is good for."""
    found = matching(actor, **filters).order_by(Resource.created_at.desc(), Resource.id.desc()).limit(5_000)
    return list(db.session.scalars(found))


def subjects(actor: Actor) -> list[str]:
    """The subjects of what is in sight, for the filter."""
    mine = visible_to(actor).with_only_columns(Resource.subject).where(Resource.subject != "").distinct()
    return sorted(db.session.scalars(mine))


def uses(district_id, resource_ids) -> dict:
    """Resource -> {kind of use: how often}; each person counts once a day."""
    rows = db.session.execute(
        select(ResourceUse.resource_id, ResourceUse.kind, func.count())
        .where(ResourceUse.district_id == district_id, ResourceUse.resource_id.in_(resource_ids))
        .group_by(ResourceUse.resource_id, ResourceUse.kind)
    )
    found: dict = {}
    for resource_id, kind, count in rows:
        found.setdefault(resource_id, {})[kind] = count
    return found


def use_by_school(resource: Resource) -> list[tuple[str, dict]]:
    """(school, {kind: how often}) for each school whose people used it, by name; the bureau's are under ""."""
    rows = db.session.execute(
        select(School.name, ResourceUse.kind, func.count())
        .select_from(ResourceUse)
        .outerjoin(
            School, and_(School.district_id == ResourceUse.district_id, School.id == ResourceUse.school_id)
        )
        .where(ResourceUse.district_id == resource.district_id, ResourceUse.resource_id == resource.id)
        .group_by(School.name, ResourceUse.kind)
    )
    found: dict = {}
    for name, kind, count in rows:
        found.setdefault(name or "", {})[kind] = count
    return sorted(found.items())


def use_of(resource: Resource, person_id, kind: str, day) -> ResourceUse | None:
    """That somebody used it on a day."""
    return db.session.scalars(
        select(ResourceUse).filter_by(
            district_id=resource.district_id,
            resource_id=resource.id,
            person_id=person_id,
            kind=kind,
            used_on=day,
        )
    ).first()


def versions_of(resource: Resource) -> list[ResourceFile]:
    """Its versions, the newest first; removed ones can be put back and are among them."""
    return list(
        db.session.scalars(
            select(ResourceFile)
            .join(ResourceFile.attachment)
            .where(
                ResourceFile.district_id == resource.district_id,
                ResourceFile.resource_id == resource.id,
                Attachment.purged_at.is_(None),
            )
            .options(joinedload(ResourceFile.attachment).joinedload(Attachment.person))
            .order_by(ResourceFile.number.desc())
        )
    )


def current_version(resource: Resource) -> ResourceFile | None:
    """The newest version that is not removed."""
    return next((row for row in versions_of(resource) if not row.attachment.removed_at), None)


def last_number(resource: Resource) -> int:
    """The number of the newest version, removed or not; 0 without any."""
    return (
        db.session.scalar(
            select(func.max(ResourceFile.number)).where(
                ResourceFile.district_id == resource.district_id, ResourceFile.resource_id == resource.id
            )
        )
        or 0
    )


def rules_to_come(cluster: Cluster) -> list[str]:
    """Which of the five rule documents the cluster does not have yet (S4-49)."""
    present = db.session.scalars(
        select(Resource.rule).where(
            Resource.district_id == cluster.district_id,
            Resource.cluster_id == cluster.id,
            Resource.kind == "rule",
            Resource.removed_at.is_(None),
        )
    )
    return missing_rules(present)


def schools_that_share(actor: Actor, cluster: Cluster, day) -> list[School]:
    """The members of a cluster for which the person may bring something: where one works or whom one manages."""
    mine = actor.works_at | actor.manages_schools
    return [m.school for m in clusters.members_on(cluster, day) if m.school_id in mine]
