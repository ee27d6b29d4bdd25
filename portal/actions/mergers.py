"""A school becomes part of another one: its posts go on there, its memberships end, what was before stays."""

from datetime import date

from portal.actions import audit, clusters, notices, people
from portal.actions.clusters import DAY, When
from portal.actions.errors import Refused
from portal.actions.steps import expect_version
from portal.domain.words import N_
from portal.extensions import db
from portal.models import School
from portal.queries import clusters as cluster_queries
from portal.queries import schools


def merge(actor, school: School, into: School, *, last_day: date, reason: str, expected, when: When) -> int:
    """End a school with its last day and let its people work at ``into`` from the next one; how many people.

    Its sub-schools come under ``into``, or under the centre of ``into``. Refused while it leads a cluster or has a
    membership that has not begun, for a day that is not over, and where somebody came to it after that day.
    """
    clusters.hold_structure(school.district_id)
    db.session.refresh(school)
    expect_version(school, expected)
    _check(school, into, last_day, when)
    for membership in schools.memberships_after(school, last_day):
        _leave(actor, membership, into, last_day, when)
    moving = db.session.scalars(schools.staff_of(school)).all()
    for person in moving:
        _move(actor, person, into, last_day + DAY, when)
    for below in schools.sub_schools(school):
        below.parent_id = into.parent_id or into.id
        audit.record(actor, "school.edit", below, {"parent": (school.name, (into.parent or into).name)})
    school.closed_on = last_day
    told = {"school": (school.name, into.name), "note": (None, reason)}
    audit.record(actor, "school.merge", school, {"closed_on": (None, last_day), **told})
    audit.record(actor, "school.absorb", into, {"starts_on": (None, last_day + DAY), **told})
    principals = cluster_queries.principals_of(into.district_id, [into.id], when.today)
    notices.tell(
        [person.id for person in principals.values()],
        "school_merged",
        district_id=into.district_id,
        link=f"/clusters/schools/{into.id}",
        now=when.now,
        besides=actor.person_id,
        what=school.name,
        day=(last_day + DAY).isoformat(),
    )
    return len(moving)


def _check(school: School, into: School, last_day: date, when: When) -> None:
    if school.closed_on is not None:
        raise Refused(N_("这所学校已经停办"))
    if into.id == school.id or into.closed_on is not None:
        raise Refused(N_("请从列出的选项里选择"), field="into")
    if into.parent_id == school.id:
        raise Refused(N_("%(school)s是它的所属学校，请先改变中心校"), field="into", school=into.name)
    if last_day >= when.today:
        raise Refused(N_("教职工从第二天起在新学校，日期要在今天以前"), field="last_day")


def _leave(actor, membership, into: School, last_day: date, when: When) -> None:
    cluster = membership.cluster
    if membership.role == "lead":
        raise Refused(N_("请先更换%(cluster)s的领衔学校"), field="last_day", cluster=cluster.name)
    if membership.starts_on > last_day:
        raise Refused(N_("那天以后它才加入%(cluster)s，请先取消"), field="last_day", cluster=cluster.name)
    clusters.leave(actor, cluster, membership, last_day=last_day, reason=into.name, expected=None, when=when)


def _move(actor, person, into: School, since: date, when: When) -> None:
    try:
        people.move(actor, person, into, since=since, today=when.today, expected=None)
    except Refused as refused:
        raise Refused(N_("%(name)s在那天以后才来校"), field="last_day", name=person.name) from refused
