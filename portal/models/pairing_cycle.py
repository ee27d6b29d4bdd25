"""What belongs to school pairs beside the proposal: who is sent, needs, what was given, counts, reviews, renewals."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, one, one_of, ref

NEED_TOPICS = ("teaching", "research", "management", "home_school", "facilities", "pupils", "other")
COUNT_KINDS = ("class_pairs", "pupil_pairs", "children_visits", "children_works")
WISHES = ("renew", "adjust", "close")


class OfPairing:
    """A row that belongs to a school pair: seen and kept by whom the pair is."""

    @property
    def access_clusters(self):
        """The pair's cluster."""
        return self.pairing.access_clusters

    @property
    def access_schools(self):
        """Both schools."""
        return self.pairing.access_schools

    @property
    def access_people(self):
        """Nobody's own: the row is of two schools."""
        return frozenset()


class PairingPlanLine(OfPairing, Tenant, db.Model):
    """Whom a school intends to send in the plan of a pair, to which post, for what. S3-14."""

    pairing_id: Mapped[uuid.UUID]
    position: Mapped[int]
    school_id: Mapped[uuid.UUID]
    who: Mapped[str] = mapped_column(String(40))
    post: Mapped[str] = mapped_column(String(60), default="")
    content: Mapped[str] = mapped_column(String(200), default="")

    pairing = one("SchoolPairing", "PairingPlanLine", "pairing_id")
    school = one("School", "PairingPlanLine", "school_id")

    __table_args__ = (
        ref("pairing_id", "school_pairing", ondelete="CASCADE"),
        ref("school_id", "school"),
        UniqueConstraint("district_id", "pairing_id", "position", name="plan_line_once"),
    )


class PairingNeed(OfPairing, Tenant, Versioned, db.Model):
    """What one school of a pair needs, as visits and talks found it. Answered by records of support. S4-59."""

    pairing_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    topic: Mapped[str] = mapped_column(Code())
    text: Mapped[str] = mapped_column(String(300))
    found_on: Mapped[date]
    dropped_on: Mapped[date | None]
    created_by_id: Mapped[uuid.UUID]

    pairing = one("SchoolPairing", "PairingNeed", "pairing_id")
    school = one("School", "PairingNeed", "school_id")

    __table_args__ = (
        ref("pairing_id", "school_pairing"),
        ref("school_id", "school"),
        ref("created_by_id", "person"),
        one_of("topic", NEED_TOPICS),
        Index("ix_pairing_need_pairing", "district_id", "pairing_id", "found_on"),
    )


class SupportDetail(Tenant, Versioned, db.Model):
    """Of a record of a school pair: which school gave, the need that it answers, the thing and its worth in yuan."""

    record_id: Mapped[uuid.UUID]
    giver_id: Mapped[uuid.UUID]
    need_id: Mapped[uuid.UUID | None]
    item: Mapped[str] = mapped_column(String(80), default="")
    worth: Mapped[int | None]

    record = one("WorkRecord", "SupportDetail", "record_id")
    giver = one("School", "SupportDetail", "giver_id")
    need = one("PairingNeed", "SupportDetail", "need_id")

    __table_args__ = (
        ref("record_id", "work_record", ondelete="CASCADE"),
        ref("giver_id", "school"),
        ref("need_id", "pairing_need"),
        UniqueConstraint("district_id", "record_id", name="one_detail_a_record"),
        CheckConstraint("worth BETWEEN 0 AND 100000000", name="worth_sane"),
        Index("ix_support_detail_need", "district_id", "need_id"),
    )


class PairingCount(OfPairing, Tenant, Versioned, db.Model):
    """Pairs of classes and of pupils, children's visits and works: numbers of a day, never a name. S4-16, S4-35."""

    pairing_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code())
    day: Mapped[date]
    number: Mapped[int]
    created_by_id: Mapped[uuid.UUID]

    pairing = one("SchoolPairing", "PairingCount", "pairing_id")

    __table_args__ = (
        ref("pairing_id", "school_pairing"),
        ref("created_by_id", "person"),
        one_of("kind", COUNT_KINDS),
        UniqueConstraint("district_id", "pairing_id", "kind", "day", name="counted_once_a_day"),
        CheckConstraint("number BETWEEN 0 AND 100000", name="number_sane"),
    )


class PairingReview(OfPairing, Tenant, Versioned, db.Model):
    """What one school of a pair says of a school year (``2025-2026``): done, problems, how to go on. W2."""

    pairing_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    year: Mapped[str] = mapped_column(String(9))
    done: Mapped[str]
    problems: Mapped[str] = mapped_column(default="")
    wish: Mapped[str] = mapped_column(Code())
    created_by_id: Mapped[uuid.UUID]
    written_on: Mapped[date]

    pairing = one("SchoolPairing", "PairingReview", "pairing_id")
    school = one("School", "PairingReview", "school_id")

    __table_args__ = (
        ref("pairing_id", "school_pairing"),
        ref("school_id", "school"),
        ref("created_by_id", "person"),
        one_of("wish", WISHES),
        UniqueConstraint("district_id", "pairing_id", "school_id", "year", name="pairing_reviewed_once"),
    )


class PairingRenewal(OfPairing, Tenant, Versioned, db.Model):
    """That a pair goes on for another year of its cycle: agreed by both principals, approved by the bureau. S4-20."""

    pairing_id: Mapped[uuid.UUID]
    old_ends_on: Mapped[date]
    ends_on: Mapped[date]
    changes: Mapped[str] = mapped_column(default="")
    created_by_id: Mapped[uuid.UUID]
    donor_agreed_by_id: Mapped[uuid.UUID | None]
    beneficiary_agreed_by_id: Mapped[uuid.UUID | None]
    approved_by_id: Mapped[uuid.UUID | None]
    settled_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]

    pairing = one("SchoolPairing", "PairingRenewal", "pairing_id")

    __table_args__ = (
        ref("pairing_id", "school_pairing"),
        ref("created_by_id", "person"),
        ref("donor_agreed_by_id", "person"),
        ref("beneficiary_agreed_by_id", "person"),
        ref("approved_by_id", "person"),
        CheckConstraint("ends_on > old_ends_on", name="goes_on_longer"),
        CheckConstraint(
            "settled_on IS NULL OR (donor_agreed_by_id IS NOT NULL AND beneficiary_agreed_by_id IS NOT NULL"
            " AND approved_by_id IS NOT NULL)",
            name="renewed_by_all",
        ),
        Index(
            "pairing_renewal_open",
            "district_id",
            "pairing_id",
            unique=True,
            sqlite_where=db.text("settled_on IS NULL AND withdrawn_on IS NULL"),
            postgresql_where=db.text("settled_on IS NULL AND withdrawn_on IS NULL"),
        ),
    )


class CycleSummary(OfPairing, Tenant, Versioned, db.Model):
    """What a cycle of a pair brought: the counts of its time, words, and who deserves thanks. S4-21."""

    pairing_id: Mapped[uuid.UUID]
    first_day: Mapped[date]
    last_day: Mapped[date]
    achieved: Mapped[str]
    lessons: Mapped[str] = mapped_column(default="")
    commended: Mapped[str] = mapped_column(String(300), default="")
    figures: Mapped[dict] = mapped_column(default=dict)
    created_by_id: Mapped[uuid.UUID]
    written_on: Mapped[date]

    pairing = one("SchoolPairing", "CycleSummary", "pairing_id")

    __table_args__ = (
        ref("pairing_id", "school_pairing"),
        ref("created_by_id", "person"),
        CheckConstraint("last_day > first_day", name="dates_in_order"),
        UniqueConstraint("district_id", "pairing_id", "last_day", name="cycle_summed_once"),
    )
