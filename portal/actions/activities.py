"""Planning joint activities and keeping who took part."""

from dataclasses import dataclass

from portal.actions import audit
from portal.actions.activity_signups import tell_concerned
from portal.actions.errors import Refused
from portal.actions.steps import expect_version, take_step
from portal.domain.moments import local_day
from portal.domain.name_lists import read_names
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Activity, ActivityParticipant, Cluster
from portal.queries import activities, activity_work, clusters, group_activities, groups, terms

# What the history calls the fields that hold a key.
NAMED = {"host_school_id": "activity_host", "group_id": "activity_group"}


def plan(actor, cluster: Cluster | None, *, host_school_id, starts_at, group_id=None, **values) -> Activity:
    """Plan an activity of the cluster, hosted by one of its schools on that day, and held by a group or by none.

    Without a cluster it is the whole district's (S4-19): any of its schools may be the host, or none.
    """
    day, cluster_id = local_day(starts_at), cluster.id if cluster else None
    _check_host(actor.district_id, cluster, host_school_id, day)
    _check_group(actor.district_id, cluster_id, group_id, day)
    activity = Activity(
        district_id=actor.district_id,
        cluster_id=cluster_id,
        term_id=_term_id(actor, day),
        host_school_id=host_school_id,
        group_id=group_id,
        starts_at=starts_at,
        created_by_id=actor.person_id,
        **values,
    )
    db.session.add(activity)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "activity.create", activity, {"theme": (None, activity.theme)})
    return activity


def edit(actor, activity: Activity, *, expected, **values) -> None:
    """Change an activity that is not in the archive."""
    expect_version(activity, expected)
    if activity.state in ("closed", "cancelled"):
        raise Refused(N_("活动已归档或取消，要先重新打开"))
    day = local_day(values["starts_at"])
    if values["starts_at"] != activity.starts_at and activity_work.enrolment_of(activity):
        raise Refused(N_("已经开放报名：改时间请用“改期”，报名的人会收到通知"), field="starts_on")
    _check_host(activity.district_id, activity.cluster, values["host_school_id"], day)
    if values.get("group_id") != activity.group_id:
        _check_group(activity.district_id, activity.cluster_id, values.get("group_id"), day)
    changes = audit.changes_of(activity, {**values, "term_id": _term_id(activity, day)})
    changes.pop("term_id", None)
    if changes:
        audit.record(actor, "activity.edit", activity, _by_name(activity.district_id, changes))


@dataclass(frozen=True)
class Added:
    """What came of a pasted list of names: how many are new, and the lines that name nobody or several."""

    count: int
    unknown: tuple[str, ...]


def add_participants(actor, activity: Activity, text: str, *, now) -> Added:
    """Register the people of a pasted list: one per line, or separated by commas or tabs; 姓名 or 姓名（学校）.

    Only staff of the schools that may come are found: those of its clusters, or all when it is open.
    Who is there already is not counted twice.
    """
    if activity.state in ("closed", "cancelled"):
        raise Refused(N_("活动已归档或取消，要先重新打开"), field="names")
    entries = read_names(text)
    members = activity_work.may_send(activity)
    staff: dict = {}
    for person, school in activities.staff_named(
        activity.district_id, {entry.name for entry in entries if entry.name}, members
    ):
        staff.setdefault(person.name, []).append((person, school))
    present = {row.person_id for row in activity.participants}
    unknown, names = [], []
    for entry in entries:
        fitting = [
            (person, school)
            for person, school in staff.get(entry.name, [])
            if not entry.school or entry.school == school.name
        ]
        if len(fitting) != 1:
            unknown.append(entry.line)
            continue
        person, school = fitting[0]
        if person.id not in present:
            present.add(person.id)
            names.append(person.name)
            db.session.add(
                ActivityParticipant(
                    district_id=activity.district_id,
                    activity_id=activity.id,
                    person_id=person.id,
                    school_id=school.id,
                )
            )
    if names:
        activity.updated_at = now  # participants belong to the activity: its version moves with them
        audit.record(actor, "activity.participants", activity, {"joined": (None, "、".join(names))})
    return Added(len(names), tuple(unknown))


def remove_participant(actor, activity: Activity, person_id, *, now) -> str:
    """Take a person off the list; returns the name."""
    row = next((row for row in activity.participants if row.person_id == person_id), None)
    if row is None or activity.state in ("closed", "cancelled"):
        raise Refused(N_("名单里没有这位教师，或活动已归档"))
    name = row.person.name
    db.session.delete(row)
    activity.updated_at = now
    audit.record(actor, "activity.participants", activity, {"joined": (name, None)})
    return name


def take(actor, activity: Activity, action: str, *, note: str, expected, now) -> None:
    """Hold, close, cancel or reopen. An activity is held once it has begun, and closed with a summary."""
    if action == "hold" and activity.starts_at > now:
        raise Refused(N_("活动还没有开始"))
    if action == "close" and not activity.summary:
        raise Refused(N_("归档之前请先写小结"))
    take_step(actor, activity, action, note=note, expected=expected)
    if action == "cancel":
        tell_concerned(actor, activity, "activity_cancelled", now)


def _check_host(district_id, cluster: Cluster | None, school_id, day) -> None:
    if cluster is None:
        if school_id and clusters.school_by_id(district_id, school_id) is None:
            raise Refused(N_("请选择一所学校"), field="host_school")
    elif school_id not in {m.school_id for m in clusters.members_on(cluster, day)}:
        raise Refused(N_("承办学校当天不在这个片区"), field="host_school")


def _check_group(district_id, cluster_id, group_id, day) -> None:
    offered = group_activities.in_force(district_id, cluster_id, day)
    if group_id and group_id not in {group.id for group in offered}:
        raise Refused(N_("这一天小组还没有成立或已经结束"), field="group")


def _by_name(district_id, changes: dict) -> dict:
    """Schools and groups by their names instead of their keys."""
    named = dict(changes)
    for field, find in (("host_school_id", clusters.school_by_id), ("group_id", groups.by_id)):
        if field in named:
            keys = named.pop(field)
            named[NAMED[field]] = tuple(find(district_id, key).name if key else None for key in keys)
    return named


def _term_id(obj, day):
    term = terms.term_of_day(obj.district_id, day)
    if term is None:
        raise Refused(N_("还没有学期，请先由区教育局设置校历"), field="starts_on")
    return term.id
