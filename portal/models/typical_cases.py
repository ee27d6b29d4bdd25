"""Logs chosen as typical cases (典型经验) with their writers' consent, and what is asked of writers."""

import uuid
from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, one, one_of, ref

CASE_STATES = ("proposed", "selected", "declined", "withdrawn")


class TypicalCase(Tenant, Versioned, db.Model):
    """A log that a cluster wants to show as a typical case: in the writer's words, once the writer agrees.

    ``title`` and ``extract`` are what the summary will print; the writer agrees to exactly these.
    ``person_id`` is the writer.
    """

    WORKFLOW = "typical_case"

    reflection_id: Mapped[uuid.UUID]
    cluster_id: Mapped[uuid.UUID]
    term_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    title: Mapped[str] = mapped_column(String(120))
    extract: Mapped[str] = mapped_column(String(600))
    reason: Mapped[str] = mapped_column(String(300), default="")
    proposed_by_id: Mapped[uuid.UUID]
    state: Mapped[str] = mapped_column(Code(), default="proposed")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    answered_at: Mapped[datetime | None]

    reflection = one("Reflection", "TypicalCase", "reflection_id")
    cluster = one("Cluster", "TypicalCase", "cluster_id")
    term = one("Term", "TypicalCase", "term_id")
    person = one("Person", "TypicalCase", "person_id")
    proposed_by = one("Person", "TypicalCase", "proposed_by_id")

    __table_args__ = (
        ref("reflection_id", "reflection"),
        ref("cluster_id", "cluster"),
        ref("term_id", "term"),
        ref("person_id", "person"),
        ref("proposed_by_id", "person"),
        one_of("state", CASE_STATES),
        Index(
            "case_already_open",
            "district_id",
            "reflection_id",
            unique=True,
            sqlite_where=db.text("state IN ('proposed', 'selected')"),
            postgresql_where=db.text("state IN ('proposed', 'selected')"),
        ),
        Index("ix_typical_case_cluster", "district_id", "cluster_id", "term_id", "state"),
        Index("ix_typical_case_person", "district_id", "person_id", "state"),
    )


class LogCall(Tenant, Versioned, db.Model):
    """A cluster asks its teachers for logs of one kind by a day: nobody is owed anything that was not asked for."""

    cluster_id: Mapped[uuid.UUID]
    term_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code())
    words: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date]
    created_by_id: Mapped[uuid.UUID]
    closed_at: Mapped[datetime | None]

    cluster = one("Cluster", "LogCall", "cluster_id")
    term = one("Term", "LogCall", "term_id")
    created_by = one("Person", "LogCall", "created_by_id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("term_id", "term"),
        ref("created_by_id", "person"),
        Index("ix_log_call_cluster", "district_id", "cluster_id", "due_on"),
    )
