"""Sharing something with a cluster: brought, changed, given a new version, used, removed and put back."""

from portal.actions import attachments, audit, notices
from portal.actions.errors import Conflict, NotAllowed, Refused
from portal.actions.steps import expect_version
from portal.domain.access import can
from portal.domain.files import CheckedFile, UploadProblem
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, Resource, ResourceFile, ResourceSchool, ResourceUse
from portal.queries import clusters, people, resources

#: What binds a whole cluster or tells of all its schools is laid down by who runs it (S3-23, S4-49).
LAID_DOWN = ("rule", "joint_test")


def share(
    actor,
    cluster: Cluster,
    *,
    school_id,
    file: CheckedFile | None,
    notify: bool,
    schools,
    now,
    today,
    **values,
) -> Resource:
    """Share a file, an address or a text with a cluster. ``notify`` tells the principals of its schools."""
    if values["kind"] in LAID_DOWN and not can(actor, "resource.define", cluster):
        raise Refused(N_("制度和联考由片区负责人登记"), field="kind")
    offered = {school.id for school in resources.schools_that_share(actor, cluster, today)}
    if school_id not in offered:
        raise Refused(N_("请选择您所在的成员校"), field="school")
    _check(values, has_file=file is not None)
    made = Resource(
        district_id=cluster.district_id,
        cluster_id=cluster.id,
        school_id=school_id,
        created_by_id=actor.person_id,
        **values,
    )
    db.session.add(made)
    db.session.flush()  # its file and the audit entry need the key
    audit.record(actor, "resource.create", made, {"title": (None, made.title)})
    _keep_schools(made, cluster, schools, today)
    if file:
        _attach(actor, made, file, 1, "", now)
    if notify:
        _tell(actor, made, cluster, now, today)
    return made


def edit(actor, resource: Resource, *, expected, schools, today, **values) -> None:
    """Change what is said about a resource; its versions stay."""
    _refuse_removed(resource)
    expect_version(resource, expected)
    if values["kind"] in LAID_DOWN and values["kind"] != resource.kind:
        cluster = clusters.cluster_by_id(resource.district_id, resource.cluster_id)
        if not can(actor, "resource.define", cluster):
            raise Refused(N_("制度和联考由片区负责人登记"), field="kind")
    _check(values, has_file=resources.current_version(resource) is not None)
    changes = audit.changes_of(resource, values)
    _keep_schools(resource, resource.cluster, schools, today)
    if changes:
        audit.record(actor, "resource.edit", resource, changes)


def add_version(actor, resource: Resource, file: CheckedFile, note: str, *, now) -> ResourceFile:
    """Give a resource a new version; the old ones stay and can still be fetched.

    Two at once get two numbers: the second to write is refused by the database and asked to look again.
    """
    _refuse_removed(resource)
    return _attach(actor, resource, file, resources.last_number(resource) + 1, note, now)


def _attach(actor, resource: Resource, file: CheckedFile, number: int, note: str, now) -> ResourceFile:
    try:
        return attachments.attach(
            actor, "resource", resource, file, kind="file", now=now, number=number, note=note
        )
    except UploadProblem as problem:
        raise Refused(problem.reason.template, field="files", **dict(problem.reason.params)) from problem


def use(actor, resource: Resource, kind: str, *, today) -> None:
    """Count that the person fetched or used the resource, once a day, for the school of today."""
    _refuse_removed(resource)
    if resources.use_of(resource, actor.person_id, kind, today):
        return
    school_id = people.home_school_ids(actor.district_id, [actor.person_id]).get(actor.person_id)
    db.session.add(
        ResourceUse(
            district_id=resource.district_id,
            resource_id=resource.id,
            person_id=actor.person_id,
            school_id=school_id,
            kind=kind,
            used_on=today,
        )
    )


def remove(actor, resource: Resource, *, expected, now) -> None:
    """Take a resource out of the list; it can be put back."""
    expect_version(resource, expected)
    _refuse_removed(resource)
    resource.removed_at = now
    audit.record(actor, "resource.remove", resource, {"title": (resource.title, None)})


def restore(actor, resource: Resource) -> None:
    """Put a removed resource back."""
    if not can(actor, "resource.edit", resource):
        raise NotAllowed("resource.edit")
    if resource.removed_at is None:
        raise Conflict(resource)
    resource.removed_at = None
    audit.record(actor, "resource.restore", resource, {"title": (None, resource.title)})


def _check(values: dict, *, has_file: bool) -> None:
    if values["kind"] == "link" and not values["url"]:
        raise Refused(N_("网上资源请填写网址"), field="url")
    if values["url"] and not values["url"].lower().startswith(("http://", "https://")):
        raise Refused(N_("网址要以 http:// 或 https:// 开头"), field="url")
    if values["kind"] == "rule" and not values["rule"]:
        raise Refused(N_("请选择是哪一项制度"), field="rule")
    if values["kind"] == "joint_test" and not values["held_on"]:
        raise Refused(N_("请填写联考日期"), field="held_on")
    if not (has_file or values["url"] or values["details"]):
        raise Refused(N_("请选择一个文件，或填写网址、说明"), field="files")
    if values["kind"] != "rule":
        values["rule"] = None
    if values["kind"] != "joint_test":
        values["held_on"] = None


def _keep_schools(resource: Resource, cluster: Cluster, school_ids, today) -> None:
    """The schools that took part in a joint test; other kinds have none."""
    members = {m.school_id for m in clusters.members_on(cluster, resource.held_on or today)}
    wanted = set(school_ids) & members if resource.kind == "joint_test" else set()
    for row in list(resource.schools):
        if row.school_id not in wanted:
            db.session.delete(row)
    for school_id in sorted(wanted - {row.school_id for row in resource.schools}, key=str):
        db.session.add(
            ResourceSchool(district_id=resource.district_id, resource_id=resource.id, school_id=school_id)
        )


def _refuse_removed(resource: Resource) -> None:
    if resource.removed_at is not None:
        raise Refused(N_("资源已移除，要先恢复"))


def _tell(actor, resource: Resource, cluster: Cluster, now, today) -> None:
    schools = [m.school_id for m in clusters.members_on(cluster, today)]
    principals = clusters.principals_of(cluster.district_id, schools, today)
    notices.tell(
        [person.id for person in principals.values()],
        "resource_shared",
        district_id=resource.district_id,
        link=f"/resources/{resource.id}",
        now=now,
        besides=actor.person_id,
        who=actor.name,
        what=resource.title,
    )
