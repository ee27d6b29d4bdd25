"""The opinion box of a school, and the collection of a term (S1-49)."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain import opinions as rules
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, one, one_of, ref


class Opinion(Tenant, Versioned, db.Model):
    """What a teacher put into the box of the own school.

    Without a name (``created_by_id``) nothing here or elsewhere tells who wrote it: the key is random and the
    moments are the day's, see ``portal.actions.opinions.put``.
    """

    WORKFLOW = "opinion"

    school_id: Mapped[uuid.UUID]
    term_id: Mapped[uuid.UUID]
    created_by_id: Mapped[uuid.UUID | None]
    topic: Mapped[str] = mapped_column(Code())
    text: Mapped[str]
    written_on: Mapped[date]
    state: Mapped[str] = mapped_column(Code(), default="open")

    school = one("School", "Opinion", "school_id")
    term = one("Term", "Opinion", "term_id")
    created_by = one("Person", "Opinion", "created_by_id")

    __table_args__ = (
        ref("school_id", "school"),
        ref("term_id", "term"),
        ref("created_by_id", "person"),
        one_of("topic", rules.TOPICS),
        one_of("state", rules.STATES),
        CheckConstraint("state <> 'withdrawn' OR created_by_id IS NOT NULL", name="withdrawn_by_someone"),
        Index("ix_opinion_school", "district_id", "school_id", "term_id", "state", "written_on", "id"),
        Index("ix_opinion_writer", "district_id", "created_by_id", "term_id"),
    )


class OpinionDigest(Tenant, Versioned, db.Model):
    """What the representative collected from the opinions of a term, and the principal's answer."""

    WORKFLOW = "opinion_digest"

    school_id: Mapped[uuid.UUID]
    term_id: Mapped[uuid.UUID]
    created_by_id: Mapped[uuid.UUID]
    text: Mapped[str]
    submitted_on: Mapped[date | None]
    reply: Mapped[str] = mapped_column(default="")
    replied_by_id: Mapped[uuid.UUID | None]
    replied_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(Code(), default="drafting")

    school = one("School", "OpinionDigest", "school_id")
    term = one("Term", "OpinionDigest", "term_id")
    created_by = one("Person", "OpinionDigest", "created_by_id")
    replied_by = one("Person", "OpinionDigest", "replied_by_id")

    __table_args__ = (
        ref("school_id", "school"),
        ref("term_id", "term"),
        ref("created_by_id", "person"),
        ref("replied_by_id", "person"),
        one_of("state", rules.DIGEST_STATES),
        CheckConstraint("state = 'drafting' OR submitted_on IS NOT NULL", name="submitted_has_day"),
        CheckConstraint("(state = 'answered') = (reply <> '')", name="answered_has_reply"),
        CheckConstraint("(reply <> '') = (replied_by_id IS NOT NULL)", name="reply_by_someone"),
        UniqueConstraint("district_id", "school_id", "term_id", name="one_digest_a_term"),
    )
