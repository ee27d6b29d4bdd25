"""Compiling one's logs, records and service into a report or a portfolio (S1-47, S1-48)."""

from sqlalchemy import delete as delete_rows
from sqlalchemy import func, select, update

from portal.actions import audit
from portal.actions.errors import Refused
from portal.actions.steps import expect_version
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Job, LogReport, LogReportEntry, StoredFile
from portal.queries import log_reports

MOST_ENTRIES = 300


def create(actor, *, kind: str, title: str, chosen: list) -> LogReport:
    """Begin a report with copies of the chosen sources, the oldest first."""
    if not chosen:
        raise Refused(N_("请至少选一项"), field="chosen")
    report = LogReport(
        district_id=actor.district_id,
        person_id=actor.person_id,
        kind=kind,
        title=title,
    )
    db.session.add(report)
    db.session.flush()  # entries point at it
    _add(report, chosen)
    audit.record(actor, "log_report.compile", report, {"number": (None, len(chosen))})
    return report


def add(actor, report: LogReport, chosen: list) -> int:
    """Put more sources at the end; what is in the report already is left out. How many came."""
    known = {(each.source, each.source_id) for each in log_reports.entries_of(report)}
    fresh = [each for each in chosen if (each.source, each.key) not in known]
    if not fresh:
        raise Refused(N_("请至少选一项还没有放进去的"), field="chosen")
    _add(report, fresh)
    return len(fresh)


def edit(actor, report: LogReport, values: dict, *, expected) -> None:
    """Correct title, opening and closing."""
    expect_version(report, expected)
    audit.changes_of(report, values)


def edit_entry(actor, entry: LogReportEntry, values: dict, *, expected) -> None:
    """Correct an entry; its source stays as it is."""
    expect_version(entry, expected)
    audit.changes_of(entry, values)


def move(actor, entry: LogReportEntry, up: bool) -> None:
    """Put an entry one place up or down; at an end it stays."""
    rows = log_reports.entries_of(entry.report)
    place = next(number for number, each in enumerate(rows) if each.id == entry.id)
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    for number, each in enumerate(rows, start=1):
        if each.position != number:
            each.position = number


def remove(actor, entry: LogReportEntry) -> None:
    """Take an entry out of its report; its source stays."""
    db.session.delete(entry)


def delete(actor, report: LogReport, *, expected) -> None:
    """Throw a report away with the document made of it. Logs and records stay."""
    expect_version(report, expected)
    audit.record(actor, "log_report.delete", report)
    file_id = report.file_id
    db.session.execute(
        delete_rows(LogReportEntry).where(
            LogReportEntry.district_id == report.district_id, LogReportEntry.report_id == report.id
        )
    )
    db.session.delete(report)
    db.session.flush()  # the report points at its file
    if file_id:
        forget_file(actor.district_id, file_id)


def forget_file(district_id, file_id) -> None:
    """Delete a document that nothing prints any more."""
    db.session.execute(
        update(Job).where(Job.district_id == district_id, Job.file_id == file_id).values(file_id=None)
    )
    db.session.execute(
        delete_rows(StoredFile).where(StoredFile.district_id == district_id, StoredFile.id == file_id)
    )


def _add(report: LogReport, chosen: list) -> None:
    last = db.session.scalar(
        select(func.max(LogReportEntry.position)).where(
            LogReportEntry.district_id == report.district_id, LogReportEntry.report_id == report.id
        )
    )
    if (last or 0) + len(chosen) > MOST_ENTRIES:
        raise Refused(N_("一份最多 %(most)s 项"), field="chosen", most=MOST_ENTRIES)
    for number, source in enumerate(chosen, start=(last or 0) + 1):
        db.session.add(
            LogReportEntry(
                district_id=report.district_id,
                report_id=report.id,
                position=number,
                source=source.source,
                source_id=source.key,
                heading=_heading(source),
                text=source.text,
            )
        )


def _heading(source) -> str:
    day = source.day
    words = f"{day.year}年{day.month}月{day.day}日" if day else ""
    return f"{words} {source.title}".strip()[:160]
