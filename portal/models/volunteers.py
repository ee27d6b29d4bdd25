"""Volunteers without a post, programmes of the district with their targets, certificates of service."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.deliveries import TARGETS
from portal.extensions import db
from portal.models.base import Tenant, Versioned, many, one, one_of, ref


class Volunteer(Tenant, Versioned, db.Model):
    """A person without a post in any school who serves (S4-43): entered by a school or the bureau, no account.

    The phone number stands, sealed, with the person. ``school_id`` is the school that keeps the entry; the
    bureau's own entries have none and are open to every school's managers.
    """

    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID | None]
    cluster_id: Mapped[uuid.UUID | None]
    background: Mapped[str] = mapped_column(String(80), default="")
    created_by_id: Mapped[uuid.UUID]

    person = one("Person", "Volunteer", "person_id")
    school = one("School", "Volunteer", "school_id")

    __table_args__ = (
        ref("person_id", "person"),
        ref("school_id", "school"),
        ref("cluster_id", "cluster"),
        ref("created_by_id", "person"),
        UniqueConstraint("district_id", "person_id", name="volunteer_once"),
        Index("ix_volunteer_cluster", "district_id", "cluster_id"),
    )

    @property
    def is_open(self):
        """Entries of the bureau serve the whole district."""
        return self.school_id is None


class Programme(Tenant, Versioned, db.Model):
    """A programme of the district over some years, such as 百名志愿者支教 (S4-43)."""

    name: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(300), default="")

    targets = many("ProgrammeTarget", "programme_id", "ProgrammeTarget.kind")

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        UniqueConstraint("district_id", "name", name="programme_name_taken"),
    )


class ProgrammeTarget(Tenant, db.Model):
    """A number that the bureau has set for a programme; what stands against it is computed."""

    programme_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(String(32))
    target: Mapped[int]

    __table_args__ = (
        ref("programme_id", "programme", ondelete="CASCADE"),
        one_of("kind", TARGETS),
        UniqueConstraint("district_id", "programme_id", "kind", name="target_once"),
        CheckConstraint("target BETWEEN 1 AND 1000000", name="target_sane"),
    )


class ServiceCertificate(Tenant, db.Model):
    """What a school certifies about somebody's confirmed service in a term, frozen, under its own number.

    The same content is certified once; after a correction the next certificate gets a number of its own.
    """

    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    term_id: Mapped[uuid.UUID]
    year: Mapped[int]
    number: Mapped[int]
    content: Mapped[dict]
    content_hash: Mapped[str] = mapped_column(String(64))
    issued_on: Mapped[date]
    issued_by_id: Mapped[uuid.UUID]
    file_id: Mapped[uuid.UUID | None]

    person = one("Person", "ServiceCertificate", "person_id")
    school = one("School", "ServiceCertificate", "school_id")
    term = one("Term", "ServiceCertificate", "term_id")
    issued_by = one("Person", "ServiceCertificate", "issued_by_id")
    file = one("StoredFile", "ServiceCertificate", "file_id")

    __table_args__ = (
        ref("person_id", "person"),
        ref("school_id", "school"),
        ref("term_id", "term"),
        ref("issued_by_id", "person"),
        ref("file_id", "stored_file"),
        UniqueConstraint("district_id", "school_id", "year", "number", name="certificate_number_once"),
        UniqueConstraint(
            "district_id", "person_id", "school_id", "term_id", "content_hash", name="certified_once"
        ),
        CheckConstraint("number > 0", name="number_positive"),
    )
