"""Roles: named and ended with dates. The lead principal needs none: it follows from membership."""

from datetime import date, datetime, timedelta

from portal.actions import audit, notices
from portal.actions.clusters import hold_structure
from portal.actions.errors import NotAllowed, Refused
from portal.domain.access import can
from portal.domain.predicates import CHOSEN_BY_PRINCIPAL
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, Person, RoleAssignment, School
from portal.queries import clusters, staff

DAY = timedelta(days=1)
OF_SCHOOL = ("principal", "office", "representative")
OF_CLUSTER = ("liaison", "assigned_leader")


def begin(
    actor,
    person: Person,
    *,
    role: str,
    since: date,
    now: datetime,
    office: str | None = None,
    school: School | None = None,
    cluster: Cluster | None = None,
) -> RoleAssignment:
    """Give a person a role from a day on: for a bureau office, a school or a cluster.

    A principal may name people of the own school for its office or as teacher representative, and nothing else.
    """
    hold_structure(person.district_id)
    office = office if role == "bureau" else None
    school = school if role in OF_SCHOOL else None
    cluster = cluster if role in OF_CLUSTER else None
    _check_scope(role, office, school, cluster)
    if not can(actor, "district.manage"):
        _check_own_office(actor, person, role, school)
    _refuse_overlap(person, role, office, school, cluster, since)
    _refuse_both_sides(person, role, school, since)
    assignment = RoleAssignment(
        district_id=person.district_id,
        person_id=person.id,
        role=role,
        office=office,
        school_id=school.id if school else None,
        cluster_id=cluster.id if cluster else None,
        starts_on=since,
    )
    db.session.add(assignment)
    place = (school or cluster or clusters.district(person.district_id)).name
    changes = {"role": (None, role), "starts_on": (None, since)}
    changes |= {"office": (None, office)} if office else {"title": (None, place)}
    audit.record(actor, "person.begin_role", person, changes)
    db.session.expire(person, ["roles"])
    notices.tell(
        [person.id],
        "role_begun",
        district_id=person.district_id,
        link="/account/",
        now=now,
        besides=actor.person_id,
        day=since.isoformat(),
        what=place,
    )
    return assignment


def end(actor, assignment: RoleAssignment, *, last_day: date, today: date) -> None:
    """End a role with its last day. One that has not begun yet is taken back."""
    hold_structure(assignment.district_id)
    person = assignment.person
    changes = {"role": (assignment.role, None), "ends_on": (assignment.ends_on, last_day)}
    if assignment.starts_on > today:
        changes["ends_on"] = (None, None)
        db.session.delete(assignment)
    elif last_day < assignment.starts_on:
        raise Refused(N_("最后一天要在开始之后"), field="last_day")
    elif assignment.ends_on is not None and assignment.ends_on <= last_day:
        raise Refused(N_("到那时已经卸任"), field="last_day")
    else:
        assignment.ends_on = last_day
    audit.record(actor, "person.end_role", person, changes)
    db.session.expire(person, ["roles"])


def end_at_school(person: Person, school_id, last_day: date) -> list[RoleAssignment]:
    """End what a person is at a school when the person leaves it; returns what was ended."""
    ended = []
    for row in staff.roles_of(person):
        if row.school_id != school_id or (row.ends_on is not None and row.ends_on <= last_day):
            continue
        if row.starts_on > last_day:
            db.session.delete(row)
        else:
            row.ends_on = last_day
        ended.append(row)
    return ended


def _check_scope(role: str, office, school, cluster) -> None:
    if role == "bureau" and not office:
        raise Refused(N_("请选择科室"), field="office")
    if role in OF_SCHOOL and school is None:
        raise Refused(N_("请选择学校"), field="school")
    if role in OF_CLUSTER and cluster is None:
        raise Refused(N_("请选择片区"), field="cluster")


def _check_own_office(actor, person: Person, role: str, school: School | None) -> None:
    if role not in CHOSEN_BY_PRINCIPAL or school is None or school.id not in actor.principal_of:
        raise NotAllowed("role.begin")
    _refuse_stranger(person, school)


def _refuse_stranger(person: Person, school: School) -> None:
    post = staff.present_post(person)
    if post is None or post.school_id != school.id:
        raise Refused(N_("只能从本校教职工里选"), field="role")


def _refuse_both_sides(person: Person, role: str, school: School | None, since: date) -> None:
    """Who speaks for the teachers of a school works there and does not lead it (S1-49)."""
    if role not in OF_SCHOOL:
        return
    if role == "representative":
        _refuse_stranger(person, school)
    for row in staff.roles_of(person):
        at_once = row.school_id == school.id and (row.ends_on is None or row.ends_on >= since)
        if at_once and row.role != role and "representative" in (role, row.role):
            raise Refused(N_("教师代表不能同时担任本校校长或在教务处"), field="role")


def _refuse_overlap(person: Person, role: str, office, school, cluster, since: date) -> None:
    scope = (office, school.id if school else None, cluster.id if cluster else None)
    for row in staff.roles_of(person):
        same = row.role == role and (row.office, row.school_id, row.cluster_id) == scope
        if same and (row.ends_on is None or row.ends_on >= since):
            raise Refused(N_("这项任职已经有了，时间不能重叠"), field="since")
    if role != "principal":
        return
    for row in staff.principal_rows(person.district_id, school.id):
        if row.ends_on is None or row.ends_on >= since:
            raise Refused(
                N_("%(name)s那时还是%(school)s校长，请先办理卸任"),
                field="since",
                name=row.person.name,
                school=school.name,
            )
