"""Reflection logs (反思日志) and the comments on them."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref

REFLECTION_KINDS = ("lesson", "observation", "training", "study", "exchange", "other")
VISIBILITIES = ("own", "mentor", "school", "cluster")
REFLECTION_STATES = ("draft", "submitted")


class Reflection(Tenant, Versioned, db.Model):
    """A log of experience, problem and solution; one of the three is enough to submit it.

    ``school_id`` and ``cluster_id`` are the writer's at the time of writing: who may read it
    does not change when the writer moves on.
    """

    WORKFLOW = "reflection"

    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID | None]
    cluster_id: Mapped[uuid.UUID | None]
    term_id: Mapped[uuid.UUID | None]
    kind: Mapped[str] = mapped_column(Code(), default="lesson")
    title: Mapped[str] = mapped_column(String(120), default="")
    happened_on: Mapped[date]
    experience: Mapped[str] = mapped_column(default="")
    problem: Mapped[str] = mapped_column(default="")
    solution: Mapped[str] = mapped_column(default="")
    visibility: Mapped[str] = mapped_column(Code(), default="own")
    state: Mapped[str] = mapped_column(Code(), default="draft")
    submitted_at: Mapped[datetime | None]
    activity_id: Mapped[uuid.UUID | None]
    mentoring_pair_id: Mapped[uuid.UUID | None]
    posting_id: Mapped[uuid.UUID | None]
    session_id: Mapped[uuid.UUID | None]
    once_key: Mapped[str | None] = mapped_column(String(64))

    person = one("Person", "Reflection", "person_id")
    school = one("School", "Reflection", "school_id")
    activity = one("Activity", "Reflection", "activity_id")
    mentoring_pair = one("MentoringPair", "Reflection", "mentoring_pair_id")
    comments = many(
        "ReflectionComment", "reflection_id", "ReflectionComment.created_at, ReflectionComment.id"
    )

    __table_args__ = (
        ref("person_id", "person"),
        ref("school_id", "school"),
        ref("cluster_id", "cluster"),
        ref("term_id", "term"),
        ref("activity_id", "activity"),
        ref("mentoring_pair_id", "mentoring_pair"),
        ref("posting_id", "posting"),
        ref("session_id", "visiting_session"),
        one_of("kind", REFLECTION_KINDS),
        one_of("visibility", VISIBILITIES),
        one_of("state", REFLECTION_STATES),
        CheckConstraint(
            "state = 'draft' OR experience <> '' OR problem <> '' OR solution <> ''",
            name="submitted_has_text",
        ),
        CheckConstraint("state = 'draft' OR submitted_at IS NOT NULL", name="submitted_has_time"),
        Index("reflection_sent_twice", "district_id", "person_id", "once_key", unique=True),
        Index("ix_reflection_person", "district_id", "person_id", "happened_on", "id"),
        Index("ix_reflection_cluster", "district_id", "cluster_id", "state", "happened_on", "id"),
        Index("ix_reflection_school", "district_id", "school_id", "state", "happened_on", "id"),
    )


class ReflectionComment(Tenant, db.Model):
    """A reader's words under a log."""

    reflection_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    text: Mapped[str] = mapped_column(String(2000))
    created_at: Mapped[datetime]

    person = one("Person", "ReflectionComment", "person_id")

    __table_args__ = (
        ref("reflection_id", "reflection", ondelete="CASCADE"),
        ref("person_id", "person"),
        Index("ix_reflection_comment_reflection", "district_id", "reflection_id", "created_at"),
    )
