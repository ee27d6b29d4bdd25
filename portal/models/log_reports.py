"""Reports and portfolios that people compile of their own logs, records and service (S1-47, S1-48)."""

import uuid

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref

REPORT_KINDS = ("report", "portfolio")
ENTRY_SOURCES = ("log", "record", "service")


class LogReport(Tenant, Versioned, db.Model):
    """A report being compiled: a title, an opening, entries, a closing; the PDF made of it last."""

    person_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code(), default="report")
    title: Mapped[str] = mapped_column(String(120))
    opening: Mapped[str] = mapped_column(default="")
    closing: Mapped[str] = mapped_column(default="")
    made_from: Mapped[str | None] = mapped_column(String(64))
    file_id: Mapped[uuid.UUID | None]

    person = one("Person", "LogReport", "person_id")
    file = one("StoredFile", "LogReport", "file_id")
    entries = many("LogReportEntry", "report_id", "LogReportEntry.position, LogReportEntry.id")

    __table_args__ = (
        ref("person_id", "person"),
        ref("file_id", "stored_file"),
        one_of("kind", REPORT_KINDS),
        Index("ix_log_report_person", "district_id", "person_id", "created_at"),
    )


class LogReportEntry(Tenant, Versioned, db.Model):
    """One entry: a copy of what its source said, to be edited without touching the source."""

    report_id: Mapped[uuid.UUID]
    position: Mapped[int]
    source: Mapped[str] = mapped_column(Code())
    source_id: Mapped[uuid.UUID]
    heading: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(default="")

    report = one("LogReport", "LogReportEntry", "report_id")

    __table_args__ = (
        ref("report_id", "log_report", ondelete="CASCADE"),
        one_of("source", ENTRY_SOURCES),
        Index("ix_log_report_entry_report", "district_id", "report_id", "position"),
    )

    @property
    def access_people(self):
        """An entry is its report's."""
        return self.report.access_people
