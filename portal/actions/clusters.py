"""Clusters: founding and describing them, schools joining and leaving, the lead passing on.

Membership is dated. Nothing here changes what was before the day of the event, and terms that are over
keep their members unless a correction with its reason says otherwise.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from portal.actions import audit, notices
from portal.actions.errors import Refused
from portal.actions.steps import expect_version
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, District, Membership, School
from portal.queries import clusters, schools, terms

DAY = timedelta(days=1)


@dataclass(frozen=True)
class When:
    """The clock of one event: ``now`` and ``today``, and the reason when it corrects a term that is over."""

    now: datetime
    today: date
    correction: str = ""


def found(actor, *, lead: School | None, members: list[School], since: date, when: When, **facts) -> Cluster:
    """Begin a cluster with its lead (a township zone may do without) and its members, since a day.

    ``facts``: name, kind, scheme_code, profile, is_supervision_zone, aims.
    """
    hold_structure(actor.district_id)
    _refuse_taken(actor.district_id, facts["name"])
    cluster = Cluster(district_id=actor.district_id, **facts)
    db.session.add(cluster)
    db.session.flush()  # memberships and the audit entry need the key
    audit.record(
        actor,
        "cluster.create",
        cluster,
        {"cluster_name": (None, cluster.name), "starts_on": (None, since)}
        | ({"lead_school": (None, lead.name)} if lead else {}),
    )
    for school in [*([lead] if lead else []), *(m for m in members if m is not lead)]:
        _refuse_closed(school, since)
        is_main = clusters.main_cluster_besides(cluster, school.id, since) is None
        _begin(cluster, school, "lead" if school is lead else "member", since, is_main=is_main)
        _tell(cluster, [school], "school_leads" if school is lead else "school_joined", since, actor, when)
    return cluster


def edit(actor, cluster: Cluster, *, expected, **values) -> None:
    """Change name, kind, scheme, profile or the supervision flag."""
    hold_structure(cluster.district_id)
    expect_version(cluster, expected)
    if values["name"] != cluster.name:
        _refuse_taken(cluster.district_id, values["name"])
    changes = audit.changes_of(cluster, values)
    if changes:
        for plain, clear in (("name", "cluster_name"), ("kind", "cluster_kind")):
            if plain in changes:
                changes[clear] = changes.pop(plain)
        audit.record(actor, "cluster.edit", cluster, changes)


def describe(actor, cluster: Cluster, aims: str, *, expected) -> None:
    """Set the cluster's aims, in the words of its lead."""
    expect_version(cluster, expected)
    changes = audit.changes_of(cluster, {"aims": aims})
    if changes:
        audit.record(actor, "cluster.describe", cluster, changes)


def join(
    actor, cluster: Cluster, schools: list[School], *, since: date, is_main: bool, expected, when: When
) -> None:
    """Let schools join as members from a day on."""
    _open(cluster, expected)
    _refuse_past(cluster, since, when)
    rows = clusters.memberships_of(cluster)
    for school in schools:
        _refuse_closed(school, since)
        _refuse_overlap(rows, school, since)
        other = clusters.main_cluster_besides(cluster, school.id, since) if is_main else None
        if other:
            raise Refused(
                N_("%(school)s的主片区是%(cluster)s，一所学校同一时间只有一个主片区"),
                field="is_main",
                school=school.name,
                cluster=other.name,
            )
        _begin(cluster, school, "member", since, is_main=is_main)
    for school in schools:
        changes = {"school": (None, school.name), "starts_on": (None, since), "is_main": (None, is_main)}
        _record(actor, "cluster.join", cluster, changes, when)
    _tell(cluster, schools, "school_joined", since, actor, when)


def leave(
    actor, cluster: Cluster, membership: Membership, *, last_day: date, reason: str, expected, when: When
) -> None:
    """End a school's membership with a last day. A lead school passes the lead on first."""
    _open(cluster, expected)
    if membership.role == "lead":
        raise Refused(N_("领衔学校退出之前，请先更换领衔学校"))
    if membership.ends_on is not None and membership.ends_on <= last_day:
        raise Refused(N_("这所学校到那时已经退出"), field="last_day")
    if last_day < membership.starts_on:
        raise Refused(
            N_("最后一天要在加入之后（%(day)s 加入）"), field="last_day", day=membership.starts_on.isoformat()
        )
    _refuse_past(cluster, last_day + DAY, when, field="last_day")
    rows = clusters.memberships_of(cluster)
    if any(r.school_id == membership.school_id and r.starts_on > membership.starts_on for r in rows):
        raise Refused(N_("这所学校之后还有安排，请先取消那一次安排"), field="last_day")
    membership.ends_on = last_day
    changes = {"school": (membership.school.name, None), "ends_on": (None, last_day), "note": (None, reason)}
    _record(actor, "cluster.leave", cluster, changes, when)
    _tell(cluster, [membership.school], "school_left", last_day + DAY, actor, when)


def cancel_planned(actor, cluster: Cluster, membership: Membership, *, expected, when: When) -> None:
    """Take back a joining or a change of lead that has not begun yet."""
    _open(cluster, expected)
    if membership.starts_on <= when.today:
        raise Refused(N_("已经开始的成员关系不能取消，请登记退出"))
    rows = clusters.memberships_of(cluster)
    if membership.role == "lead":
        old = next((r for r in rows if r.role == "lead" and r.ends_on == membership.starts_on - DAY), None)
        changes = {"lead_school": (membership.school.name, old.school.name if old else None)}
        _take_back(rows, [membership, *([_next(rows, old)] if old else [])])
        action = "cluster.cancel_lead"
    elif _before(rows, membership):
        raise Refused(N_("这是更换领衔学校的一部分，请取消更换领衔学校"))
    else:
        changes = {"school": (membership.school.name, None)}
        _take_back(rows, [membership])
        action = "cluster.cancel_join"
    _record(actor, action, cluster, {**changes, "starts_on": (membership.starts_on, None)}, when)


def change_lead(actor, cluster: Cluster, school: School, *, since: date, expected, when: When) -> None:
    """Pass the lead to another school from a day on; the old lead stays as a member."""
    _open(cluster, expected)
    _refuse_past(cluster, since, when)
    _refuse_closed(school, since)
    rows = clusters.memberships_of(cluster)
    if any(row.role == "lead" and row.starts_on > since for row in rows):
        raise Refused(N_("之后已经安排过更换领衔学校，新的日期要在那之后"), field="since")
    old = next((row for row in rows if row.role == "lead" and _in_force(row, since)), None)
    if old and old.school_id == school.id:
        raise Refused(N_("这所学校已经是领衔学校"), field="school")
    own = next((row for row in rows if row.school_id == school.id and _in_force(row, since)), None)
    if own is None:
        _refuse_overlap(rows, school, since)
    if old:
        _split(cluster, old, since, "member")
    # The old lead has to have ended before the new one begins: one open lead, says the index.
    db.session.flush()
    if own:
        _split(cluster, own, since, "lead")
    else:
        is_main = clusters.main_cluster_besides(cluster, school.id, since) is None
        _begin(cluster, school, "lead", since, is_main=is_main)
    changes = {"lead_school": (old.school.name if old else None, school.name), "starts_on": (None, since)}
    _record(actor, "cluster.change_lead", cluster, changes, when)
    _tell(cluster, [school], "school_leads", since, actor, when)


def make_main(actor, cluster: Cluster, membership: Membership, *, expected, when: When) -> None:
    """Count a school in this cluster from today on, and nowhere else: it has one main cluster at a time (S0-17).

    A term counts a school where it counted last, so what is settled within a term holds for the whole of it.
    """
    _open(cluster, expected)
    db.session.refresh(membership)  # somebody else may have settled it while we waited
    if membership.is_main:
        raise Refused(N_("这已经是它的主片区"))
    if not _in_force(membership, when.today):
        raise Refused(N_("这所学校今天不在这个片区"))
    rows = [
        *schools.memberships_from(membership.school, when.today, is_main=True),
        *schools.memberships_from(membership.school, when.today, is_main=False, cluster_id=cluster.id),
    ]
    for row in rows:
        _count(row, when.today, is_main=row.cluster_id == cluster.id)
    changes = {"school": (None, membership.school.name), "starts_on": (None, when.today)}
    for each in {row.cluster_id: row.cluster for row in rows}.values():
        _record(
            actor, "cluster.main", each, {**changes, "is_main": (each is not cluster, each is cluster)}, when
        )


def _count(row: Membership, since: date, *, is_main: bool) -> None:
    """Let a membership count, or count no more, from a day on; what was before that day stays as it was."""
    if row.starts_on >= since:
        row.is_main = is_main
        return
    until, row.ends_on = row.ends_on, since - DAY
    db.session.flush()  # the open row must have ended before its successor begins
    _begin(row.cluster, row.school, row.role, since, is_main=is_main, until=until)


def close(actor, cluster: Cluster, *, last_day: date, reason: str, expected, when: When) -> None:
    """End a cluster: its memberships end with it, and it leaves the lists of today."""
    _open(cluster, expected)
    _refuse_past(cluster, last_day + DAY, when, field="last_day")
    for row in clusters.memberships_of(cluster):
        if row.starts_on > last_day:
            raise Refused(N_("有学校在那之后才加入，请先取消那一次安排"), field="last_day")
        if row.ends_on is None or row.ends_on > last_day:
            row.ends_on = last_day
    cluster.closed_on = last_day
    _record(actor, "cluster.close", cluster, {"closed_on": (None, last_day), "note": (None, reason)}, when)


def hold_structure(district_id) -> None:
    """Let the changes of a district's structure come one after the other, so that checks stay true."""
    # NO KEY UPDATE: rows that name the district may still be written meanwhile. SQLite has one writer anyway.
    db.session.execute(select(District.id).where(District.id == district_id).with_for_update(key_share=True))


def _open(cluster: Cluster, expected) -> None:
    hold_structure(cluster.district_id)
    db.session.refresh(cluster)
    expect_version(cluster, expected)
    if cluster.closed_on is not None:
        raise Refused(N_("这个片区已经撤销"))


def _refuse_taken(district_id, name: str) -> None:
    if any(cluster.district_id == district_id for cluster in clusters.cluster_by_name(name)):
        raise Refused(N_("本区已有同名片区"), field="name")


def _refuse_past(cluster: Cluster, changed_from: date, when: When, *, field: str = "since") -> None:
    last = terms.last_complete_term(cluster.district_id, when.today)
    if last is None or changed_from > last.last_day:
        return
    if not when.correction:
        raise Refused(
            N_("%(day)s 及以前属于已结束的学期，成员照旧；确实登记错了，请写明更正理由"),
            field="correction",
            day=last.last_day.isoformat(),
        )
    signed = clusters.signed_term_after(cluster, changed_from)
    if signed:
        raise Refused(N_("%(term)s 的总结已经签署，那时的成员不能再改"), field=field, term=signed.code)


def _refuse_closed(school: School, since: date) -> None:
    if school.closed_on is not None and school.closed_on <= since:
        raise Refused(N_("%(school)s那时已经停办"), field="school", school=school.name)


def _refuse_overlap(rows: list[Membership], school: School, since: date) -> None:
    for row in rows:
        if row.school_id == school.id and (row.ends_on is None or row.ends_on >= since):
            raise Refused(
                N_("%(school)s从 %(day)s 起已经在这个片区，时间不能重叠"),
                field="school",
                school=school.name,
                day=row.starts_on.isoformat(),
            )


def _in_force(row: Membership, day: date) -> bool:
    return row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)


def _before(rows: list[Membership], row: Membership) -> Membership | None:
    """The membership of the same school that ends on the day before this one begins."""
    return next((r for r in rows if r.school_id == row.school_id and r.ends_on == row.starts_on - DAY), None)


def _next(rows: list[Membership], row: Membership) -> Membership | None:
    """The membership of the same school that begins on the day after this one ends."""
    return next(
        (
            r
            for r in rows
            if r.school_id == row.school_id and row.ends_on and r.starts_on == row.ends_on + DAY
        ),
        None,
    )


def _take_back(rows: list[Membership], planned: list[Membership | None]) -> None:
    """Delete planned memberships and let what they followed go on as long as they would have."""
    going_on = [(_before(rows, row), row.ends_on) for row in planned if row]
    for row in planned:
        if row:
            db.session.delete(row)
    db.session.flush()  # the planned rows have to be gone before the earlier ones are open again
    for row, until in going_on:
        if row:
            row.ends_on = until


def _begin(cluster: Cluster, school: School, role: str, since: date, *, is_main: bool, until=None) -> None:
    db.session.add(
        Membership(
            district_id=cluster.district_id,
            cluster_id=cluster.id,
            school_id=school.id,
            role=role,
            is_main=is_main,
            starts_on=since,
            ends_on=until,
        )
    )


def _split(cluster: Cluster, row: Membership, since: date, role: str) -> None:
    """Give a membership another role from a day on; what was before that day stays as it was."""
    if row.starts_on == since:
        row.role = role
        return
    until, row.ends_on = row.ends_on, since - DAY
    db.session.flush()  # the open row must have ended before its successor begins
    _begin(cluster, row.school, role, since, is_main=row.is_main, until=until)


def _record(actor, action: str, cluster: Cluster, changes: dict, when: When) -> None:
    if when.correction:
        changes = {**changes, "correction": (None, when.correction)}
    cluster.updated_at = when.now
    flag_modified(cluster, "updated_at")  # members belong to the cluster: its version moves with them
    audit.record(actor, action, cluster, changes)
    db.session.expire(cluster, ["memberships"])


def _tell(cluster: Cluster, schools: list[School], kind: str, day: date, actor, when: When) -> None:
    principals = clusters.principals_of(cluster.district_id, [s.id for s in schools], when.today)
    notices.tell(
        [person.id for person in principals.values()],
        kind,
        district_id=cluster.district_id,
        link=f"/clusters/{cluster.id}/members",
        now=when.now,
        besides=actor.person_id,
        what=cluster.name,
        day=day.isoformat(),
    )
