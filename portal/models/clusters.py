"""Districts, schools, clusters and who belonged to which, when."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.ids import uuid7
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref

SCHOOL_KINDS = ("kindergarten", "primary", "junior", "nine_year", "senior", "teaching_point", "external")
CLUSTER_KINDS = ("zone", "school_district", "alliance_zone", "team_cluster", "pairing_group", "township_zone")
PROFILES = ("directing", "convenor", "equal")


class District(Versioned, db.Model):
    """The root of every tenant: one education bureau and all that is below it."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(Code(), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    bureau_name: Mapped[str] = mapped_column(String(80))
    modules_off: Mapped[list] = mapped_column(default=list)


class School(Tenant, Versioned, db.Model):
    """A school site. A sub-school names its centre school as parent (一般校 of a 中心校)."""

    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(Code(), default="primary")
    is_public: Mapped[bool] = mapped_column(default=True)
    location: Mapped[str] = mapped_column(Code(), default="urban")
    is_weak: Mapped[bool] = mapped_column(default=False)
    is_standard: Mapped[bool] = mapped_column(default=False)
    model_level: Mapped[str | None] = mapped_column(Code())
    remoteness: Mapped[int | None]
    authorised_posts: Mapped[int | None]
    actual_staff: Mapped[int | None]
    average_periods: Mapped[int | None]
    parent_id: Mapped[uuid.UUID | None]
    closed_on: Mapped[date | None]

    parent = one("School", "School", "parent_id", remote_side="[School.district_id, School.id]")
    memberships = many("Membership", "school_id", "Membership.starts_on, Membership.id")

    __table_args__ = (
        ref("parent_id", "school"),
        UniqueConstraint("district_id", "name", name="school_name_taken"),
        one_of("kind", SCHOOL_KINDS),
        one_of("location", ("urban", "rural")),
        CheckConstraint("parent_id <> id", name="parent_differs"),
    )

    @property
    def access_schools(self):
        return frozenset([self.id])

    @property
    def access_clusters(self):
        return frozenset(m.cluster_id for m in self.memberships)


class Cluster(Tenant, Versioned, db.Model):
    """A lead school and its members. The profile says what its lead may do to other schools' records."""

    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(Code(), default="zone")
    scheme_code: Mapped[str] = mapped_column(Code(), default="D0")
    profile: Mapped[str] = mapped_column(Code(), default="directing")
    is_supervision_zone: Mapped[bool] = mapped_column(default=False)
    aims: Mapped[str] = mapped_column(default="")
    closed_on: Mapped[date | None]

    memberships = many("Membership", "cluster_id", "Membership.starts_on, Membership.id")

    __table_args__ = (
        UniqueConstraint("district_id", "name", name="cluster_name_taken"),
        one_of("kind", CLUSTER_KINDS),
        one_of("profile", PROFILES),
    )

    @property
    def access_clusters(self):
        return frozenset([self.id])


class Membership(Tenant, db.Model):
    """A school's time in a cluster. Rows end, they are never rewritten: past terms keep their members."""

    cluster_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    role: Mapped[str] = mapped_column(Code(), default="member")
    is_main: Mapped[bool] = mapped_column(default=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    cluster = one("Cluster", "Membership", "cluster_id")
    school = one("School", "Membership", "school_id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("school_id", "school"),
        one_of("role", ("lead", "member")),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
        Index(
            "membership_already_open",
            "district_id",
            "cluster_id",
            "school_id",
            unique=True,
            sqlite_where=db.text("ends_on IS NULL"),
            postgresql_where=db.text("ends_on IS NULL"),
        ),
        Index(
            "cluster_has_lead",
            "district_id",
            "cluster_id",
            unique=True,
            sqlite_where=db.text("ends_on IS NULL AND role = 'lead'"),
            postgresql_where=db.text("ends_on IS NULL AND role = 'lead'"),
        ),
        Index("ix_membership_school", "district_id", "school_id", "starts_on"),
    )

    @property
    def is_lead(self) -> bool:
        """Whether the school leads the cluster in this time."""
        return self.role == "lead"
