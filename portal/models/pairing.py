"""School pairs (结对帮扶) and mentoring pairs (青蓝结对, 三带)."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref

PAIRING_STATES = ("proposed", "agreed", "active", "closed", "withdrawn")
MENTORING_KINDS = ("apprentice", "group", "project")
MENTORING_STATES = ("proposed", "active", "finished", "broken_off", "withdrawn")


class SchoolPairing(Tenant, Versioned, db.Model):
    """A donor school and the school it helps, for a school year within a cycle."""

    WORKFLOW = "school_pairing"

    cluster_id: Mapped[uuid.UUID | None]
    donor_id: Mapped[uuid.UUID]
    beneficiary_id: Mapped[uuid.UUID]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    goals: Mapped[str] = mapped_column(default="")
    contents: Mapped[str] = mapped_column(default="")
    frequency: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[str] = mapped_column(Code(), default="proposed")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    donor_agreed_by_id: Mapped[uuid.UUID | None]
    beneficiary_agreed_by_id: Mapped[uuid.UUID | None]
    created_by_id: Mapped[uuid.UUID]

    cluster = one("Cluster", "SchoolPairing", "cluster_id")
    donor = one("School", "SchoolPairing", "donor_id")
    beneficiary = one("School", "SchoolPairing", "beneficiary_id")
    donor_agreed_by = one("Person", "SchoolPairing", "donor_agreed_by_id")
    beneficiary_agreed_by = one("Person", "SchoolPairing", "beneficiary_agreed_by_id")
    records = many("WorkRecord", "school_pairing_id", "WorkRecord.happened_on.desc(), WorkRecord.id.desc()")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("donor_id", "school"),
        ref("beneficiary_id", "school"),
        ref("donor_agreed_by_id", "person"),
        ref("beneficiary_agreed_by_id", "person"),
        ref("created_by_id", "person"),
        one_of("state", PAIRING_STATES),
        CheckConstraint("donor_id <> beneficiary_id", name="pair_schools_differ"),
        CheckConstraint("ends_on > starts_on", name="dates_in_order"),
        CheckConstraint(
            "state NOT IN ('agreed', 'active') OR (donor_agreed_by_id IS NOT NULL"
            " AND beneficiary_agreed_by_id IS NOT NULL)",
            name="pair_agreed_by_both",
        ),
        Index("ix_school_pairing_cluster", "district_id", "cluster_id", "starts_on", "id"),
        Index("ix_school_pairing_donor", "district_id", "donor_id"),
        Index("ix_school_pairing_beneficiary", "district_id", "beneficiary_id"),
    )

    @property
    def access_schools(self):
        return frozenset([self.donor_id, self.beneficiary_id])


class MentoringPair(Tenant, Versioned, db.Model):
    """A mentor with a person, a group or a project (三带), with the agreed rhythm of contact."""

    WORKFLOW = "mentoring_pair"

    cluster_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code(), default="apprentice")
    mentor_id: Mapped[uuid.UUID]
    mentee_id: Mapped[uuid.UUID | None]
    mentee_name: Mapped[str] = mapped_column(String(120), default="")
    mentee_school_id: Mapped[uuid.UUID | None]
    subject: Mapped[str] = mapped_column(String(40), default="")
    goals: Mapped[str] = mapped_column(default="")
    every_weeks: Mapped[int] = mapped_column(default=4)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(Code(), default="proposed")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    mentor_accepted: Mapped[bool] = mapped_column(default=False)
    mentee_accepted: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[uuid.UUID]

    cluster = one("Cluster", "MentoringPair", "cluster_id")
    mentor = one("Person", "MentoringPair", "mentor_id")
    mentee = one("Person", "MentoringPair", "mentee_id")
    mentee_school = one("School", "MentoringPair", "mentee_school_id")
    records = many("WorkRecord", "mentoring_pair_id", "WorkRecord.happened_on.desc(), WorkRecord.id.desc()")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("mentor_id", "person"),
        ref("mentee_id", "person"),
        ref("mentee_school_id", "school"),
        ref("created_by_id", "person"),
        one_of("kind", MENTORING_KINDS),
        one_of("state", MENTORING_STATES),
        CheckConstraint("mentor_id <> mentee_id", name="mentor_is_another"),
        CheckConstraint("kind <> 'apprentice' OR mentee_id IS NOT NULL", name="mentee_named"),
        CheckConstraint("kind = 'apprentice' OR mentee_name <> ''", name="group_named"),
        CheckConstraint("every_weeks BETWEEN 1 AND 26", name="rhythm_sane"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint(
            "state <> 'active' OR (mentor_accepted AND (mentee_accepted OR mentee_id IS NULL))",
            name="pair_accepted_by_both",
        ),
        Index(
            "pair_already_open",
            "district_id",
            "mentor_id",
            "mentee_id",
            unique=True,
            sqlite_where=db.text("state IN ('proposed', 'active')"),
            postgresql_where=db.text("state IN ('proposed', 'active')"),
        ),
        Index("ix_mentoring_pair_cluster", "district_id", "cluster_id", "state", "id"),
        Index("ix_mentoring_pair_mentee", "district_id", "mentee_id"),
    )

    @property
    def access_people(self):
        return frozenset(p for p in (self.mentor_id, self.mentee_id) if p)
