"""Reflection logs (反思日志), the comments on them, whom a comment names, and the mentor's private note."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.log_templates import KINDS as REFLECTION_KINDS
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref
from portal.vault import SealedText

VISIBILITIES = ("own", "mentor", "school", "cluster")
REFLECTION_STATES = ("draft", "submitted")


class Reflection(Tenant, Versioned, db.Model):
    """A log of experience, problem and solution, with optional parts; one part is enough to submit it.

    ``school_id`` and ``cluster_id`` are the writer's at the time of writing: who may read it
    does not change when the writer moves on. ``lines`` are those of a personal summary:
    ``{area, text, quantity, unit}``.
    """

    WORKFLOW = "reflection"

    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID | None]
    cluster_id: Mapped[uuid.UUID | None]
    term_id: Mapped[uuid.UUID | None]
    kind: Mapped[str] = mapped_column(Code(), default="lesson")
    title: Mapped[str] = mapped_column(String(120), default="")
    subject: Mapped[str] = mapped_column(String(40), default="")
    theme: Mapped[str] = mapped_column(String(40), default="")
    happened_on: Mapped[date]
    observation: Mapped[str] = mapped_column(default="")
    experience: Mapped[str] = mapped_column(default="")
    feelings: Mapped[str] = mapped_column(default="")
    problem: Mapped[str] = mapped_column(default="")
    solution: Mapped[str] = mapped_column(default="")
    plan: Mapped[str] = mapped_column(default="")
    lines: Mapped[list] = mapped_column(default=list)
    visibility: Mapped[str] = mapped_column(Code(), default="own")
    state: Mapped[str] = mapped_column(Code(), default="draft")
    submitted_at: Mapped[datetime | None]
    activity_id: Mapped[uuid.UUID | None]
    mentoring_pair_id: Mapped[uuid.UUID | None]
    posting_id: Mapped[uuid.UUID | None]
    session_id: Mapped[uuid.UUID | None]
    record_id: Mapped[uuid.UUID | None]
    once_key: Mapped[str | None] = mapped_column(String(64))

    person = one("Person", "Reflection", "person_id")
    school = one("School", "Reflection", "school_id")
    cluster = one("Cluster", "Reflection", "cluster_id")
    activity = one("Activity", "Reflection", "activity_id")
    mentoring_pair = one("MentoringPair", "Reflection", "mentoring_pair_id")
    posting = one("Posting", "Reflection", "posting_id")
    session = one("VisitingSession", "Reflection", "session_id")
    record = one("WorkRecord", "Reflection", "record_id")
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
        ref("record_id", "work_record"),
        one_of("kind", REFLECTION_KINDS),
        one_of("visibility", VISIBILITIES),
        one_of("state", REFLECTION_STATES),
        CheckConstraint(
            "state = 'draft' OR experience <> '' OR problem <> '' OR solution <> ''"
            " OR observation <> '' OR feelings <> '' OR plan <> ''",
            name="submitted_has_text",
        ),
        CheckConstraint("state = 'draft' OR submitted_at IS NOT NULL", name="submitted_has_time"),
        Index("reflection_sent_twice", "district_id", "person_id", "once_key", unique=True),
        Index("ix_reflection_person", "district_id", "person_id", "happened_on", "id"),
        Index("ix_reflection_cluster", "district_id", "cluster_id", "state", "happened_on", "id"),
        Index("ix_reflection_school", "district_id", "school_id", "state", "happened_on", "id"),
        Index("ix_reflection_record", "district_id", "record_id"),
        Index("ix_reflection_term", "district_id", "cluster_id", "term_id", "state", "school_id"),
    )


class ReflectionComment(Tenant, db.Model):
    """A reader's words under a log. A withdrawn one keeps its place and loses its words."""

    reflection_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    text: Mapped[str] = mapped_column(String(2000))
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    person = one("Person", "ReflectionComment", "person_id")
    reflection = one("Reflection", "ReflectionComment", "reflection_id")

    __table_args__ = (
        ref("reflection_id", "reflection", ondelete="CASCADE"),
        ref("person_id", "person"),
        Index("ix_reflection_comment_reflection", "district_id", "reflection_id", "created_at"),
    )


class CommentMention(Tenant, db.Model):
    """Whom a comment names with @, so that each is told once."""

    comment_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]

    person = one("Person", "CommentMention", "person_id")

    __table_args__ = (
        ref("comment_id", "reflection_comment", ondelete="CASCADE"),
        ref("person_id", "person"),
        Index("mentioned_once", "district_id", "comment_id", "person_id", unique=True),
    )


class MentorNote(Tenant, Versioned, db.Model):
    """What a mentor keeps about a mentee's log, for nobody else's eyes; sealed."""

    reflection_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    text: Mapped[str] = mapped_column(SealedText(), default="")

    __table_args__ = (
        ref("reflection_id", "reflection", ondelete="CASCADE"),
        ref("person_id", "person"),
        Index("one_note_a_mentor", "district_id", "reflection_id", "person_id", unique=True),
    )
