"""Committees, working groups and experts with dated members; the duty table; responsibility letters."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.groups import HEADS, POSTS
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref

GROUP_KINDS = ("leading", "guidance", "working", "subject", "think_tank", "experts")
LETTER_STATES = ("drafted", "signed")


class ClusterGroup(Tenant, Versioned, db.Model):
    """A committee or group (领导小组, 指导小组, 工作小组, 教研大组, 智囊团). Without a cluster it is the district's."""

    cluster_id: Mapped[uuid.UUID | None]
    kind: Mapped[str] = mapped_column(Code())
    name: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(40), default="")
    duties: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    created_by_id: Mapped[uuid.UUID]

    cluster = one("Cluster", "ClusterGroup", "cluster_id")
    created_by = one("Person", "ClusterGroup", "created_by_id")
    members = many("GroupMember", "group_id", "GroupMember.starts_on, GroupMember.id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("created_by_id", "person"),
        one_of("kind", GROUP_KINDS),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
        Index("ix_cluster_group_cluster", "district_id", "cluster_id", "kind", "name"),
    )

    @property
    def access_people(self):
        """Everybody who ever was in it may see it."""
        return frozenset(row.person_id for row in self.members if row.person_id)

    def heads_on(self, day: date) -> frozenset:
        """The people who lead it on a day."""
        return frozenset(
            row.person_id for row in self.members if row.person_id and row.post in HEADS and row.is_in(day)
        )


class GroupMember(Tenant, Versioned, db.Model):
    """Somebody's time in a group: one of the district's people, or an outside expert by name."""

    group_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID | None]
    school_id: Mapped[uuid.UUID | None]
    name: Mapped[str] = mapped_column(String(40), default="")
    organisation: Mapped[str] = mapped_column(String(80), default="")
    post: Mapped[str] = mapped_column(Code(), default="member")
    duty: Mapped[str] = mapped_column(String(120), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    group = one("ClusterGroup", "GroupMember", "group_id")
    person = one("Person", "GroupMember", "person_id")
    school = one("School", "GroupMember", "school_id")

    __table_args__ = (
        ref("group_id", "cluster_group", ondelete="CASCADE"),
        ref("person_id", "person"),
        ref("school_id", "school"),
        one_of("post", POSTS),
        CheckConstraint("(person_id IS NULL) <> (name = '')", name="somebody"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
        Index(
            "group_member_already_open",
            "district_id",
            "group_id",
            "person_id",
            unique=True,
            sqlite_where=db.text("ends_on IS NULL"),
            postgresql_where=db.text("ends_on IS NULL"),
        ),
        Index("ix_group_member_person", "district_id", "person_id"),
    )

    @property
    def access_clusters(self):
        return self.group.access_clusters

    @property
    def access_schools(self):
        """Nobody's own record: a member belongs to the group."""
        return frozenset()

    @property
    def shown_name(self) -> str:
        """The name as it is printed."""
        return self.person.name if self.person_id else self.name

    @property
    def comes_from(self) -> str:
        """School or organisation at the time of joining."""
        return self.school.name if self.school_id else self.organisation

    def is_in(self, day: date) -> bool:
        """Whether this time covers a day; both ends count."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class DutyTurn(Tenant, Versioned, db.Model):
    """One turn of a cluster's duty table (值周、轮值): a school, from a day to a day, with what it does."""

    cluster_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    task: Mapped[str] = mapped_column(String(120), default="")

    cluster = one("Cluster", "DutyTurn", "cluster_id")
    school = one("School", "DutyTurn", "school_id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("school_id", "school"),
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        Index("duty_turn_once", "district_id", "cluster_id", "starts_on", "school_id", "task", unique=True),
    )


class ResponsibilityLetter(Tenant, Versioned, db.Model):
    """A target responsibility letter (责任状) of a school: its targets, signed by its principal."""

    WORKFLOW = "responsibility_letter"

    cluster_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    title: Mapped[str] = mapped_column(String(80))
    targets: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    result: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(Code(), default="drafted")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    signed_on: Mapped[date | None]
    signed_by_id: Mapped[uuid.UUID | None]
    created_by_id: Mapped[uuid.UUID]

    cluster = one("Cluster", "ResponsibilityLetter", "cluster_id")
    school = one("School", "ResponsibilityLetter", "school_id")
    signed_by = one("Person", "ResponsibilityLetter", "signed_by_id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("school_id", "school"),
        ref("signed_by_id", "person"),
        ref("created_by_id", "person"),
        one_of("state", LETTER_STATES),
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("(state = 'signed') = (signed_by_id IS NOT NULL)", name="signed_by_someone"),
        Index("ix_responsibility_letter_school", "district_id", "school_id", "starts_on"),
        Index("ix_responsibility_letter_cluster", "district_id", "cluster_id", "starts_on"),
    )
