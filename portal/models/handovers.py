"""Handovers of a post with their signatures, and what a posting is to reach with how far it did."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain import handovers as rules
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref

HANDOVER_STATES = ("open", "signed", "cancelled")


class OfPosting:
    """A row that belongs to a posting: of its two schools."""

    @property
    def access_schools(self):
        """The school that sends and the one that receives."""
        return self.posting.access_schools


class Handover(OfPosting, Tenant, Versioned, db.Model):
    """What one person hands over to another at the beginning or the end of a posting. S1-45.

    ``at_home`` is the school that sends, else the host. ``number`` counts the sheets of the same phase and
    place: what both have signed is never changed, a further sheet says what is different.
    """

    WORKFLOW = "handover"

    posting_id: Mapped[uuid.UUID]
    phase: Mapped[str] = mapped_column(Code())
    at_home: Mapped[bool]
    number: Mapped[int] = mapped_column(default=1)
    giver_id: Mapped[uuid.UUID]
    taker_id: Mapped[uuid.UUID]
    classes: Mapped[str] = mapped_column(default="")
    progress: Mapped[str] = mapped_column(default="")
    materials: Mapped[str] = mapped_column(default="")
    pupils: Mapped[str] = mapped_column(default="")
    issues: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(Code(), default="open")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    created_by_id: Mapped[uuid.UUID]

    posting = one("Posting", "Handover", "posting_id")
    giver = one("Person", "Handover", "giver_id")
    taker = one("Person", "Handover", "taker_id")
    signatures = many("HandoverSignature", "handover_id", "HandoverSignature.signed_at, HandoverSignature.id")

    __table_args__ = (
        ref("posting_id", "posting"),
        ref("giver_id", "person"),
        ref("taker_id", "person"),
        ref("created_by_id", "person"),
        one_of("phase", rules.PHASES),
        one_of("state", HANDOVER_STATES),
        CheckConstraint("giver_id <> taker_id", name="handed_to_another"),
        CheckConstraint("number >= 1", name="number_sane"),
        UniqueConstraint("district_id", "posting_id", "phase", "at_home", "number", name="handover_once"),
        Index("ix_handover_giver", "district_id", "giver_id", "state"),
        Index("ix_handover_taker", "district_id", "taker_id", "state"),
    )

    @property
    def access_people(self):
        """Who gives and who takes."""
        return frozenset([self.giver_id, self.taker_id])

    @property
    def due_on(self) -> date | None:
        """By when both should have signed."""
        return rules.due_on(self.phase, self.posting.starts_on, self.posting.ends_on)


class HandoverSignature(Tenant, db.Model):
    """That one of the two has signed: when, and under which account."""

    handover_id: Mapped[uuid.UUID]
    side: Mapped[str] = mapped_column(Code())
    person_id: Mapped[uuid.UUID]
    account_id: Mapped[uuid.UUID]
    signed_at: Mapped[datetime]

    person = one("Person", "HandoverSignature", "person_id")
    account = one("Account", "HandoverSignature", "account_id")

    __table_args__ = (
        ref("handover_id", "handover"),
        ref("person_id", "person"),
        ref("account_id", "account"),
        one_of("side", rules.SIDES),
        UniqueConstraint("district_id", "handover_id", "side", name="signed_once"),
    )


class PostingResult(OfPosting, Tenant, Versioned, db.Model):
    """What a posting is to reach (成效标准), written beforehand, and how far it was reached. S1-70."""

    posting_id: Mapped[uuid.UUID]
    criteria: Mapped[str]
    reached: Mapped[str | None] = mapped_column(Code())
    judgement: Mapped[str] = mapped_column(default="")
    judged_by_id: Mapped[uuid.UUID | None]
    judged_on: Mapped[date | None]

    posting = one("Posting", "PostingResult", "posting_id")
    judged_by = one("Person", "PostingResult", "judged_by_id")

    __table_args__ = (
        ref("posting_id", "posting"),
        ref("judged_by_id", "person"),
        one_of("reached", rules.REACHED),
        UniqueConstraint("district_id", "posting_id", name="result_once"),
        CheckConstraint(
            "reached IS NULL OR (judged_by_id IS NOT NULL AND judged_on IS NOT NULL)",
            name="judged_by_someone",
        ),
    )

    @property
    def access_people(self):
        """Who is away."""
        return self.posting.access_people
