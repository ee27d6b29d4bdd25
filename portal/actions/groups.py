"""Forming groups and keeping who is in them, dated; past members stay as they were."""

from portal.actions import audit, notices
from portal.actions.errors import Refused
from portal.actions.steps import expect_version
from portal.domain.groups import Span, overlapping
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, ClusterGroup, GroupMember, Person
from portal.queries import groups, people

# What the history calls the fields of a group.
FIELDS = {"kind": "group_kind", "name": "group_name"}


def form(actor, cluster: Cluster | None, values: dict) -> ClusterGroup:
    """Form a group of a cluster, or of the district (None). Refused when it ends before it begins."""
    _refuse_backwards(values)
    group = ClusterGroup(
        district_id=actor.district_id,
        cluster_id=cluster.id if cluster else None,
        created_by_id=actor.person_id,
        **values,
    )
    db.session.add(group)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "cluster_group.create", group, {"group_name": (None, group.name)})
    return group


def edit(actor, group: ClusterGroup, values: dict, *, expected) -> None:
    """Change a group. One that ends, ends for everybody who is still in it."""
    expect_version(group, expected)
    _refuse_backwards(values)
    rows = groups.members_of(group)
    if any(row.starts_on < values["starts_on"] for row in rows):
        raise Refused(N_("有成员在这一天以前就在小组里"), field="starts_on")
    last = values["ends_on"]
    if last and any(row.starts_on > last for row in rows):
        raise Refused(N_("有成员在这一天以后才加入，请先移出"), field="ends_on")
    changes = audit.changes_of(group, values)
    if changes:
        named = {FIELDS.get(field, field): each for field, each in changes.items()}
        audit.record(actor, "cluster_group.edit", group, named)
    if last:
        for row in rows:
            if row.ends_on is None or row.ends_on > last:
                row.ends_on = last


def join(actor, group: ClusterGroup, person: Person | None, values: dict, *, now) -> GroupMember:
    """Somebody takes a post in a group: one of the district's people, or (None) an outside expert by name.

    Refused when the time lies outside the group's, or meets another time of the same person in it.
    """
    home = people.home_school_ids(group.district_id, [person.id]).get(person.id) if person else None
    if person:
        values = {**values, "name": "", "organisation": ""}
    row = GroupMember(
        district_id=group.district_id,
        group_id=group.id,
        person_id=person.id if person else None,
        school_id=home,
        **values,
    )
    _refuse_time(group, row, person.name if person else values["name"])
    db.session.add(row)
    db.session.flush()  # the name is read back, and a second open time breaks its constraint here
    db.session.refresh(row)
    group.updated_at = now  # members belong to the group: its version moves with them
    audit.record(
        actor,
        "cluster_group.join",
        group,
        {
            "member": (None, row.shown_name),
            "post": (None, row.post),
            "starts_on": (None, row.starts_on.isoformat()),
        },
    )
    db.session.expire(group, ["members"])
    if person:
        notices.tell(
            [person.id],
            "group_joined",
            district_id=group.district_id,
            link=f"/clusters/groups/{group.id}",
            now=now,
            besides=actor.person_id,
            what=group.name,
        )
    return row


def edit_member(actor, row: GroupMember, values: dict, *, expected, now) -> None:
    """Correct a time in a group, or end it with its last day. Who takes another post ends and joins anew."""
    expect_version(row, expected)
    group = row.group
    before = {name: getattr(row, name) for name in values}
    changed = {name: (old, values[name]) for name, old in before.items() if old != values[name]}
    with db.session.no_autoflush:  # the rule looks at what is asked before it is written
        for name, value in values.items():
            setattr(row, name, value)
        try:
            _refuse_time(group, row, row.shown_name)
        except Refused:
            for name, value in before.items():
                setattr(row, name, value)
            raise
    if not changed:
        return
    group.updated_at = now
    told = {name: (_plain(old), _plain(new)) for name, (old, new) in changed.items()}
    audit.record(actor, "cluster_group.edit", group, {"member": (row.shown_name, row.shown_name), **told})


def remove(actor, row: GroupMember, *, expected, now) -> str:
    """Take back a time that was entered by mistake; the name. It stays in the history."""
    expect_version(row, expected)
    group, name = row.group, row.shown_name
    db.session.delete(row)
    group.updated_at = now
    audit.record(
        actor,
        "cluster_group.remove_member",
        group,
        {"member": (name, None), "starts_on": (row.starts_on.isoformat(), None)},
    )
    db.session.expire(group, ["members"])
    return name


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def _refuse_backwards(values: dict) -> None:
    if values["ends_on"] and values["ends_on"] < values["starts_on"]:
        raise Refused(N_("结束日期要在开始日期之后"), field="ends_on")


def _refuse_time(group: ClusterGroup, row: GroupMember, name: str) -> None:
    if row.ends_on and row.ends_on < row.starts_on:
        raise Refused(N_("结束日期要在开始日期之后"), field="ends_on")
    if row.starts_on < group.starts_on or (group.ends_on and row.starts_on > group.ends_on):
        raise Refused(N_("这一天小组还没有成立或已经结束"), field="starts_on")
    if group.ends_on and (row.ends_on is None or row.ends_on > group.ends_on):
        row.ends_on = group.ends_on
    others = [
        Span(each.starts_on, each.ends_on)
        for each in groups.members_of(group)
        if each.id != row.id and (each.person_id, each.name) == (row.person_id, row.name)
    ]
    clash = overlapping(Span(row.starts_on, row.ends_on), others)
    if clash:
        raise Refused(
            N_("%(name)s 从 %(day)s 起已经在这个小组，请先结束那一段"),
            field="starts_on",
            name=name,
            day=clash.first.isoformat(),
        )
