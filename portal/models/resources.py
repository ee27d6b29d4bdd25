"""What a cluster shares: lesson material, papers, links, rules, and what joint tests showed (S0-17, S3-23, S4-49)."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.resources import KINDS, RULES, USES
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref


class Resource(Tenant, Versioned, db.Model):
    """A shared resource of a cluster. ``school_id`` is the school that brought it and keeps it.

    A joint test carries its day, grade and the schools that took part, and no word about a pupil.
    """

    cluster_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code())
    rule: Mapped[str | None] = mapped_column(Code())
    title: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(40), default="")
    grade: Mapped[str] = mapped_column(String(40), default="")
    held_on: Mapped[date | None]
    details: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(String(500), default="")
    is_open: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[uuid.UUID]
    removed_at: Mapped[datetime | None]

    cluster = one("Cluster", "Resource", "cluster_id")
    school = one("School", "Resource", "school_id")
    created_by = one("Person", "Resource", "created_by_id")
    files = many("ResourceFile", "resource_id", "ResourceFile.number")
    schools = many("ResourceSchool", "resource_id", "ResourceSchool.id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("school_id", "school"),
        ref("created_by_id", "person"),
        one_of("kind", KINDS),
        one_of("rule", RULES),
        CheckConstraint("(kind = 'rule') = (rule IS NOT NULL)", name="rule_says_which"),
        CheckConstraint("kind <> 'link' OR url <> ''", name="link_has_address"),
        CheckConstraint("kind <> 'joint_test' OR held_on IS NOT NULL", name="test_has_day"),
        Index("ix_resource_cluster", "district_id", "cluster_id", "created_at", "id"),
    )

    @property
    def takes_files(self) -> bool:
        """A resource that was removed keeps its versions as they are."""
        return self.removed_at is None


class ResourceSchool(Tenant, db.Model):
    """A school that took part in a joint test."""

    resource_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]

    school = one("School", "ResourceSchool", "school_id")

    __table_args__ = (
        ref("resource_id", "resource", ondelete="CASCADE"),
        ref("school_id", "school"),
        UniqueConstraint("district_id", "resource_id", "school_id", name="resource_school_once"),
    )


class ResourceUse(Tenant, db.Model):
    """That somebody fetched a resource or used it, counted once a day, with the school of that day."""

    resource_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID | None]
    kind: Mapped[str] = mapped_column(Code())
    used_on: Mapped[date]

    school = one("School", "ResourceUse", "school_id")

    __table_args__ = (
        ref("resource_id", "resource", ondelete="CASCADE"),
        ref("person_id", "person"),
        ref("school_id", "school"),
        one_of("kind", USES),
        UniqueConstraint("district_id", "resource_id", "person_id", "kind", "used_on", name="use_once_a_day"),
    )
