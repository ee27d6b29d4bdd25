"""Background work: the row is the truth, the queue only wakes the worker. Files that people may fetch."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, one, one_of, ref

JOB_STATES = ("queued", "running", "done", "failed")


class StoredFile(Tenant, db.Model):
    """Bytes that were uploaded or made, under a generated key; the name is only for the download.

    A document of a term summary names it, and the hash of the content that it was made from: the
    same content is made once.
    """

    name: Mapped[str] = mapped_column(String(200))
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    owner_id: Mapped[uuid.UUID]
    created_at: Mapped[datetime]
    summary_id: Mapped[uuid.UUID | None]
    made_from: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))

    summary = one("TermSummary", "StoredFile", "summary_id")

    __table_args__ = (
        ref("owner_id", "person"),
        ref("summary_id", "term_summary"),
        Index("file_made_once", "district_id", "summary_id", "made_from", unique=True),
    )

    @property
    def access_people(self):
        return frozenset([self.owner_id])

    @property
    def access_clusters(self):
        """A summary's document is for those who may see the summary; any other file for its owner."""
        return self.summary.access_clusters if self.summary_id else frozenset()


class Job(Tenant, db.Model):
    """A piece of long work with visible progress; ``message`` is a message id with ``words``.

    ``beat_at`` is written again and again while a process works on it: a running job whose beat is
    old has lost its process.
    """

    kind: Mapped[str] = mapped_column(Code())
    params: Mapped[dict] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(Code(), default="queued")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(String(300), default="")
    words: Mapped[dict] = mapped_column(default=dict)
    tries: Mapped[int] = mapped_column(default=0)
    person_id: Mapped[uuid.UUID]
    file_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    person = one("Person", "Job", "person_id")
    file = one("StoredFile", "Job", "file_id")

    __table_args__ = (
        ref("person_id", "person"),
        ref("file_id", "stored_file"),
        one_of("state", JOB_STATES),
        CheckConstraint("state <> 'done' OR ended_at IS NOT NULL", name="done_has_end"),
        Index("ix_job_person", "district_id", "person_id", "created_at"),
        CheckConstraint("state <> 'running' OR beat_at IS NOT NULL", name="running_has_beat"),
        # The worker looks across districts, at the few jobs that are not over.
        Index(
            "ix_job_open",
            "state",
            "created_at",
            sqlite_where=db.text("state IN ('queued', 'running')"),
            postgresql_where=db.text("state IN ('queued', 'running')"),
        ),
    )
