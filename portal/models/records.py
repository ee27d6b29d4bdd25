"""What a person has just done, written once: under the pair, the activity, the lesson and in the ledger."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, one, one_of, ref

RECORD_KINDS = (
    "observation",
    "lesson",
    "talk",
    "visit",
    "joint_preparation",
    "project_work",
    "activity",
    "support",
    "donation",
)


class WorkRecord(Tenant, Versioned, db.Model):
    """One line of work (记一笔), completed later or never.

    It counts wherever it is linked: a mentoring pair, a school pair, an activity, a visiting session.
    ``person_id`` wrote it; ``with_person_id`` is whom it was with, ``who`` names others who took part.
    Without a link to a pair only the writer sees it.
    """

    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID | None]
    kind: Mapped[str] = mapped_column(Code())
    happened_on: Mapped[date]
    line: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(default="")
    who: Mapped[str] = mapped_column(String(120), default="")
    periods: Mapped[int | None]
    quantity: Mapped[int | None]
    with_person_id: Mapped[uuid.UUID | None]
    place_school_id: Mapped[uuid.UUID | None]
    mentoring_pair_id: Mapped[uuid.UUID | None]
    school_pairing_id: Mapped[uuid.UUID | None]
    activity_id: Mapped[uuid.UUID | None]
    session_id: Mapped[uuid.UUID | None]
    once_key: Mapped[str | None] = mapped_column(String(64))

    person = one("Person", "WorkRecord", "person_id")
    with_person = one("Person", "WorkRecord", "with_person_id")
    place_school = one("School", "WorkRecord", "place_school_id")
    mentoring_pair = one("MentoringPair", "WorkRecord", "mentoring_pair_id")
    school_pairing = one("SchoolPairing", "WorkRecord", "school_pairing_id")
    activity = one("Activity", "WorkRecord", "activity_id")
    session = one("VisitingSession", "WorkRecord", "session_id")

    __table_args__ = (
        ref("person_id", "person"),
        ref("school_id", "school"),
        ref("with_person_id", "person"),
        ref("place_school_id", "school"),
        ref("mentoring_pair_id", "mentoring_pair"),
        ref("school_pairing_id", "school_pairing"),
        ref("activity_id", "activity"),
        ref("session_id", "visiting_session"),
        one_of("kind", RECORD_KINDS),
        CheckConstraint("periods >= 0 AND periods <= 20", name="periods_sane"),
        CheckConstraint("quantity >= 0", name="quantity_sane"),
        # A phone that sends twice after a lost connection writes one record.
        Index("record_sent_twice", "district_id", "person_id", "once_key", unique=True),
        Index("ix_work_record_person", "district_id", "person_id", "happened_on", "id"),
        Index("ix_work_record_pair", "district_id", "mentoring_pair_id", "happened_on", "id"),
        Index("ix_work_record_pairing", "district_id", "school_pairing_id", "happened_on", "id"),
    )

    @property
    def access_people(self):
        people = {self.person_id}
        if self.mentoring_pair_id:
            people |= self.mentoring_pair.access_people
        return frozenset(people)

    @property
    def access_schools(self):
        """A record of a school pair belongs to both schools; any other is its writer's own."""
        return self.school_pairing.access_schools if self.school_pairing_id else frozenset()

    @property
    def access_clusters(self):
        return self.school_pairing.access_clusters if self.school_pairing_id else frozenset()


class RemovedRecord(Tenant, db.Model):
    """The record that a person deleted last, so that it can be put back. The next deletion replaces it.

    The row itself is gone from ``work_record``: nothing counts or shows it any more.
    """

    person_id: Mapped[uuid.UUID]
    record_id: Mapped[uuid.UUID]
    values: Mapped[dict] = mapped_column(default=dict)
    removed_at: Mapped[datetime]

    __table_args__ = (
        ref("person_id", "person"),
        UniqueConstraint("district_id", "person_id", name="one_removed_record"),
    )
