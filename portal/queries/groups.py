"""Committees and groups with their members on a day; the duty table; responsibility letters."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.domain.access import Actor
from portal.domain.groups import POSTS
from portal.extensions import db
from portal.models import Cluster, ClusterGroup, DutyTurn, GroupMember, ResponsibilityLetter, School
from portal.models.groups import GROUP_KINDS
from portal.queries.paging import Page, page_of
from portal.queries.people import open_on


def by_id(district_id, group_id) -> ClusterGroup | None:
    """One group."""
    return db.session.get(ClusterGroup, (district_id, group_id))


def member_by_id(district_id, member_id) -> GroupMember | None:
    """One member's time in a group."""
    return db.session.get(GroupMember, (district_id, member_id))


def duty_by_id(district_id, duty_id) -> DutyTurn | None:
    """One turn of duty."""
    return db.session.get(DutyTurn, (district_id, duty_id))


def letter_by_id(district_id, letter_id) -> ResponsibilityLetter | None:
    """One responsibility letter."""
    return db.session.get(ResponsibilityLetter, (district_id, letter_id))


def visible_to(actor: Actor):
    """The groups that ``group.view`` shows this person, as a select."""
    found = select(ClusterGroup).where(ClusterGroup.district_id == actor.district_id)
    if actor.offices:
        return found
    mine = (
        select(GroupMember.id)
        .where(
            GroupMember.district_id == ClusterGroup.district_id,
            GroupMember.group_id == ClusterGroup.id,
            GroupMember.person_id == actor.person_id,
        )
        .exists()
    )
    return found.where(
        or_(
            ClusterGroup.cluster_id.is_(None),
            ClusterGroup.cluster_id.in_(actor.belongs_to | actor.oversees),
            mine,
        )
    )


@dataclass(frozen=True)
class GroupLine:
    """A group as lists and the annex show it: with the members of a day, by post and in their order."""

    group: ClusterGroup
    members: list[GroupMember]

    def holding(self, post: str) -> list[GroupMember]:
        """Who holds a post."""
        return [row for row in self.members if row.post == post]


def lines_of(actor: Actor, day: date, *, cluster: Cluster | None = None, kind: str = "") -> list[GroupLine]:
    """The groups of a cluster, or of the district itself, that are there on a day; two queries."""
    found = visible_to(actor).where(
        ClusterGroup.cluster_id == cluster.id if cluster else ClusterGroup.cluster_id.is_(None)
    )
    return _lines(found.where(ClusterGroup.kind == kind) if kind else found, day)


def lines_in(cluster: Cluster, day: date) -> list[GroupLine]:
    """The groups of a cluster on a day, for its documents."""
    of_cluster = ClusterGroup.district_id == cluster.district_id, ClusterGroup.cluster_id == cluster.id
    return _lines(select(ClusterGroup).where(*of_cluster), day)


def _lines(found, day: date) -> list[GroupLine]:
    found = found.where(open_on(ClusterGroup, day))
    rows = list(db.session.scalars(found.options(joinedload(ClusterGroup.cluster))))
    by_group = members_on(rows[0].district_id, [row.id for row in rows], day) if rows else {}
    rows.sort(key=lambda row: (GROUP_KINDS.index(row.kind), row.subject, row.name, str(row.id)))
    return [GroupLine(row, by_group.get(row.id, [])) for row in rows]


def former(actor: Actor, day: date, *, cluster: Cluster | None = None) -> list[ClusterGroup]:
    """The groups that ended before a day, the last one first."""
    found = visible_to(actor).where(
        ClusterGroup.cluster_id == cluster.id if cluster else ClusterGroup.cluster_id.is_(None),
        ClusterGroup.ends_on < day,
    )
    return list(db.session.scalars(found.order_by(ClusterGroup.ends_on.desc(), ClusterGroup.id).limit(100)))


def members_on(district_id, group_ids: Iterable, day: date) -> dict:
    """Group -> its members on a day, the heads first."""
    rows = db.session.scalars(
        select(GroupMember)
        .where(GroupMember.district_id == district_id, GroupMember.group_id.in_(list(group_ids)))
        .where(open_on(GroupMember, day))
        .options(joinedload(GroupMember.person), joinedload(GroupMember.school))
    )
    found: dict = {}
    for row in sorted(rows, key=in_order):
        found.setdefault(row.group_id, []).append(row)
    return found


def members_of(group: ClusterGroup) -> list[GroupMember]:
    """Everybody who is, was or will be in a group; heads first, then by the first day."""
    rows = db.session.scalars(
        select(GroupMember)
        .where(GroupMember.district_id == group.district_id, GroupMember.group_id == group.id)
        .options(joinedload(GroupMember.person), joinedload(GroupMember.school))
    )
    return sorted(rows, key=in_order)


def in_order(row: GroupMember) -> tuple:
    """Heads first, then by the first day and name."""
    return (POSTS.index(row.post), row.starts_on, row.person.pinyin if row.person_id else row.name, row.id)


def counts_of(actor: Actor, cluster_ids: Iterable, day: date) -> dict:
    """Cluster -> number of its groups on a day."""
    found = (
        visible_to(actor)
        .where(ClusterGroup.cluster_id.in_(list(cluster_ids)))
        .where(open_on(ClusterGroup, day))
        .with_only_columns(ClusterGroup.cluster_id, func.count(), maintain_column_froms=True)
        .group_by(ClusterGroup.cluster_id)
    )
    return {cluster_id: count for cluster_id, count in db.session.execute(found)}


def working_groups(cluster: Cluster, first: date, last: date) -> list[ClusterGroup]:
    """The groups of a cluster that are there between two days and make plans: all but advisers, by kind."""
    rows = db.session.scalars(
        select(ClusterGroup)
        .where(
            ClusterGroup.district_id == cluster.district_id,
            ClusterGroup.cluster_id == cluster.id,
            ClusterGroup.starts_on <= last,
            or_(ClusterGroup.ends_on.is_(None), ClusterGroup.ends_on >= first),
        )
        .options(selectinload(ClusterGroup.members).joinedload(GroupMember.person))
    )
    return sorted(rows, key=lambda row: (GROUP_KINDS.index(row.kind), row.subject, row.name, str(row.id)))


# The duty table


def turns_of(cluster: Cluster, first: date, last: date) -> list[DutyTurn]:
    """The turns of duty that touch the days between two days, in their order."""
    return list(
        db.session.scalars(
            select(DutyTurn)
            .where(
                DutyTurn.district_id == cluster.district_id,
                DutyTurn.cluster_id == cluster.id,
                DutyTurn.starts_on <= last,
                DutyTurn.ends_on >= first,
            )
            .options(joinedload(DutyTurn.school))
            .order_by(DutyTurn.starts_on, DutyTurn.id)
            .limit(400)
        )
    )


# Responsibility letters


def letters_visible_to(actor: Actor):
    """The letters that ``letter.view`` shows this person, as a select."""
    found = select(ResponsibilityLetter).where(ResponsibilityLetter.district_id == actor.district_id)
    if actor.offices:
        return found
    return found.where(ResponsibilityLetter.school_id.in_(actor.manages_schools | actor.led_schools))


def letter_page(
    actor: Actor, *, cluster_id=None, school_id=None, state: str = "", cursor: str | None = None
) -> Page:
    """One page of the letters in sight, the newest first, filtered."""
    return page_of(
        _letters(actor, cluster_id, school_id, state),
        ResponsibilityLetter.starts_on,
        ResponsibilityLetter.id,
        cursor,
    )


def all_letters(actor: Actor, *, cluster_id=None, school_id=None, state: str = "") -> list:
    """The same letters at once, for export."""
    found = _letters(actor, cluster_id, school_id, state)
    return list(db.session.scalars(found.order_by(ResponsibilityLetter.starts_on.desc()).limit(5000)))


def _letters(actor: Actor, cluster_id, school_id, state: str):
    found = letters_visible_to(actor).options(
        joinedload(ResponsibilityLetter.school),
        joinedload(ResponsibilityLetter.cluster),
        joinedload(ResponsibilityLetter.signed_by),
    )
    for column, value in (
        (ResponsibilityLetter.cluster_id, cluster_id),
        (ResponsibilityLetter.school_id, school_id),
        (ResponsibilityLetter.state, state),
    ):
        if value:
            found = found.where(column == value)
    return found


def letter_schools(actor: Actor) -> list[School]:
    """The schools that have a letter in sight, for the filter."""
    keys = letters_visible_to(actor).with_only_columns(ResponsibilityLetter.school_id)
    return list(
        db.session.scalars(
            select(School)
            .where(School.district_id == actor.district_id, School.id.in_(keys))
            .order_by(School.name)
        )
    )
