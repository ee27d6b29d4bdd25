"""People, their work, titles and roles over time, their accounts and sessions."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from portal.domain.ids import uuid7
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref
from portal.vault import SealedText

ROLES = ("bureau", "liaison", "assigned_leader", "principal", "office", "representative")
OFFICES = ("basic_education", "personnel", "supervision")


class Person(Tenant, Versioned, db.Model):
    """Someone who works in the district. Facts without a history stand here, all others in dated rows.

    ``pinyin`` and ``initials`` serve the search by name; several readings of one name are
    separated by spaces (曾 is zeng, 单 is shan). ``extras`` is JSON: what rosters tell in columns that
    nobody knows, sealed because nobody knows what it is.
    """

    name: Mapped[str] = mapped_column(String(60))
    pinyin: Mapped[str] = mapped_column(String(400), default="")
    initials: Mapped[str] = mapped_column(String(120), default="")
    staff_no: Mapped[str | None] = mapped_column(String(40))
    sex: Mapped[str | None] = mapped_column(Code())
    born_on: Mapped[date | None]
    stage: Mapped[str | None] = mapped_column(Code())
    subjects: Mapped[list] = mapped_column(default=list)
    professional_title: Mapped[str | None] = mapped_column(Code())
    post_grade: Mapped[int | None]
    facts: Mapped[dict] = mapped_column(default=dict)
    competent: Mapped[str | None] = mapped_column(SealedText())
    phone: Mapped[str | None] = mapped_column(SealedText())
    remark: Mapped[str | None] = deferred(mapped_column(SealedText()), group="roster")
    extras: Mapped[str | None] = deferred(mapped_column(SealedText()), group="roster")
    retires_on: Mapped[date | None]

    employments = many("Employment", "person_id", "Employment.starts_on, Employment.id")
    titles = many("PersonTitle", "person_id", "PersonTitle.kind, PersonTitle.id")
    roles = many("RoleAssignment", "person_id", "RoleAssignment.starts_on, RoleAssignment.id")

    __table_args__ = (
        UniqueConstraint("district_id", "staff_no", name="staff_no_taken"),
        one_of("sex", ("male", "female")),
        Index("ix_person_name", "district_id", "name"),
    )

    @property
    def access_people(self):
        return frozenset([self.id])

    @property
    def access_schools(self):
        """The present home school; after leaving, the last one, which keeps the record."""
        present = [e.school_id for e in self.employments if e.ends_on is None]
        if present:
            return frozenset(present)
        last = max(self.employments, key=lambda e: (e.ends_on, e.id), default=None)
        return frozenset([last.school_id] if last else [])

    def roles_from(self, day: date | None) -> frozenset[str]:
        """The roles held on a day or to be held after it; without a day, every role ever held."""
        return frozenset(r.role for r in self.roles if day is None or r.ends_on is None or r.ends_on >= day)


class Employment(Tenant, db.Model):
    """A person's time at a home school, with the post held there."""

    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    post_kind: Mapped[str | None] = mapped_column(Code())
    cadre_level: Mapped[str] = mapped_column(Code(), default="none")
    on_establishment: Mapped[bool | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    person = one("Person", "Employment", "person_id")
    school = one("School", "Employment", "school_id")

    __table_args__ = (
        ref("person_id", "person"),
        ref("school_id", "school"),
        one_of("post_kind", ("teaching", "administrative", "support")),
        one_of("cadre_level", ("principal", "vice_principal", "middle", "none")),
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        Index(
            "home_school_already_open",
            "district_id",
            "person_id",
            unique=True,
            sqlite_where=db.text("ends_on IS NULL"),
            postgresql_where=db.text("ends_on IS NULL"),
        ),
        Index("ix_employment_school", "district_id", "school_id", "ends_on"),
    )


class PersonTitle(Tenant, db.Model):
    """An honour such as 骨干教师 with its level, held from a date on."""

    person_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code())
    level: Mapped[str | None] = mapped_column(Code())
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    __table_args__ = (
        ref("person_id", "person"),
        Index("ix_person_title_person", "district_id", "person_id"),
        UniqueConstraint("district_id", "person_id", "kind", "level", "starts_on", name="title_taken"),
    )


class RoleAssignment(Tenant, db.Model):
    """A role that a person holds from one date to another, for a school, a cluster or a bureau office.

    The lead principal has no row: that role follows from being principal of the lead school.
    """

    person_id: Mapped[uuid.UUID]
    role: Mapped[str] = mapped_column(Code())
    office: Mapped[str | None] = mapped_column(Code())
    school_id: Mapped[uuid.UUID | None]
    cluster_id: Mapped[uuid.UUID | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    person = one("Person", "RoleAssignment", "person_id")
    school = one("School", "RoleAssignment", "school_id")
    cluster = one("Cluster", "RoleAssignment", "cluster_id")

    __table_args__ = (
        ref("person_id", "person"),
        ref("school_id", "school"),
        ref("cluster_id", "cluster"),
        one_of("role", ROLES),
        one_of("office", OFFICES),
        CheckConstraint("role <> 'bureau' OR office IS NOT NULL", name="bureau_names_office"),
        CheckConstraint(
            "role NOT IN ('principal', 'office', 'representative') OR school_id IS NOT NULL",
            name="school_named",
        ),
        CheckConstraint(
            "role NOT IN ('liaison', 'assigned_leader') OR cluster_id IS NOT NULL", name="cluster_named"
        ),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
        Index(
            "school_has_principal",
            "district_id",
            "school_id",
            unique=True,
            sqlite_where=db.text("ends_on IS NULL AND role = 'principal'"),
            postgresql_where=db.text("ends_on IS NULL AND role = 'principal'"),
        ),
        Index("ix_role_assignment_person", "district_id", "person_id"),
    )


class Account(Tenant, Versioned, db.Model):
    """The login of a person. It is found by its name before the district is known, so names are global."""

    person_id: Mapped[uuid.UUID]
    username: Mapped[str] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str | None] = mapped_column(Code())
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str] = mapped_column(String(200), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)

    person = one("Person", "Account", "person_id")

    __table_args__ = (
        ref("person_id", "person"),
        UniqueConstraint("district_id", "person_id", name="person_has_account"),
    )

    @property
    def access_schools(self):
        """Whoever looks after the person looks after the account."""
        return self.person.access_schools

    def roles_from(self, day: date | None) -> frozenset[str]:
        """The roles of the account's person, see ``Person.roles_from``."""
        return self.person.roles_from(day)


class LoginSession(db.Model):
    """A login that is going on. The cookie carries its key; only the key's hash is stored."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    district_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("district.id"))
    account_id: Mapped[uuid.UUID]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    account = one("Account", "LoginSession", "account_id")

    __table_args__ = (ref("account_id", "account"),)
