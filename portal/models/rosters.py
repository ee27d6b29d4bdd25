"""Rosters that wait for their confirmation, and what they tell beyond the facts of a person."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, one, one_of, ref
from portal.vault import SealedBytes, SealedText

IMPORT_STATES = ("previewed", "applied", "cancelled")


class RosterImport(Tenant, db.Model):
    """An uploaded roster between its preview and the confirmation, with the user's column mapping.

    The file holds identity and phone numbers, so it is sealed and goes when the import is over.
    ``person_id`` is empty for the command, ``cluster_id`` and ``school_id`` for a whole district.
    """

    person_id: Mapped[uuid.UUID | None]
    cluster_id: Mapped[uuid.UUID | None]
    school_id: Mapped[uuid.UUID | None]
    filename: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = deferred(mapped_column(SealedBytes))
    mapping: Mapped[dict] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(Code(), default="previewed")
    outcome: Mapped[dict] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]

    person = one("Person", "RosterImport", "person_id")
    cluster = one("Cluster", "RosterImport", "cluster_id")
    school = one("School", "RosterImport", "school_id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        ref("person_id", "person"),
        ref("cluster_id", "cluster"),
        ref("school_id", "school"),
        one_of("state", IMPORT_STATES),
        CheckConstraint("state = 'previewed' OR content IS NULL", name="file_goes_with_the_end"),
        CheckConstraint("state <> 'applied' OR applied_at IS NOT NULL", name="applied_has_moment"),
        Index("ix_roster_import_person", "district_id", "person_id", "created_at", "id"),
        Index("ix_roster_import_state", "district_id", "state", "created_at"),
    )


class AppointmentPeriod(Tenant, db.Model):
    """A 聘期: first and last day of an appointment at a school, which may lie outside the district."""

    person_id: Mapped[uuid.UUID]
    school_name: Mapped[str] = mapped_column(String(80), default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    __table_args__ = (
        ref("person_id", "person"),
        Index("ix_appointment_period_person", "district_id", "person_id", "starts_on"),
    )


class PersonCondition(Tenant, db.Model):
    """A 情形 such as 产假, of the person or of the relation named; what it is stays sealed."""

    person_id: Mapped[uuid.UUID]
    condition: Mapped[str] = mapped_column(SealedText())
    relation: Mapped[str | None] = mapped_column(SealedText())
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    months: Mapped[float | None]

    __table_args__ = (
        ref("person_id", "person"),
        Index("ix_person_condition_person", "district_id", "person_id"),
    )


class SubjectStaffing(Tenant, db.Model):
    """How many teachers of a subject a school needs and has, as its roster or the school says.

    ``minimum`` is the number below which the subject may not fall (S1-34); None is not set.
    """

    school_id: Mapped[uuid.UUID]
    subject: Mapped[str] = mapped_column(String(40))
    need: Mapped[int | None]
    actual: Mapped[int | None]
    minimum: Mapped[int | None]

    __table_args__ = (
        ref("school_id", "school"),
        UniqueConstraint("district_id", "school_id", "subject", name="subject_staffing_once"),
    )
