"""Compiled reports: one's own, what they may be made of, and the plain data that their document prints."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.log_templates import AREAS, lines_by_area, parts_of
from portal.extensions import db
from portal.models import LogReport, LogReportEntry, Posting, Reflection, Term, WorkRecord
from portal.models import ServiceCertificate as Certificate
from portal.queries.paging import Page, page_of
from portal.queries.people import escaped

MOST = 200


def by_id(district_id, report_id) -> LogReport | None:
    """One report."""
    return db.session.get(LogReport, (district_id, report_id))


def entry_by_id(district_id, entry_id) -> LogReportEntry | None:
    """One entry of a report."""
    return db.session.get(LogReportEntry, (district_id, entry_id))


def visible_to(actor: Actor):
    """The reports that ``report.view`` shows: one's own."""
    return select(LogReport).where(
        LogReport.district_id == actor.district_id, LogReport.person_id == actor.person_id
    )


def report_page(actor: Actor, *, cursor: str | None = None) -> Page:
    """One page of one's own reports, the newest first."""
    return page_of(visible_to(actor), LogReport.created_at, LogReport.id, cursor, size=20)


def entries_of(report: LogReport) -> list[LogReportEntry]:
    """The entries in their order."""
    return list(
        db.session.scalars(
            select(LogReportEntry)
            .where(LogReportEntry.district_id == report.district_id, LogReportEntry.report_id == report.id)
            .order_by(LogReportEntry.position, LogReportEntry.id)
        )
    )


def entry_counts(district_id, report_ids) -> dict:
    """Report -> number of its entries."""
    rows = db.session.execute(
        select(LogReportEntry.report_id, func.count())
        .where(LogReportEntry.district_id == district_id, LogReportEntry.report_id.in_(list(report_ids)))
        .group_by(LogReportEntry.report_id)
    )
    return {key: count for key, count in rows}


@dataclass(frozen=True)
class Source:
    """Something of one's own that may become an entry. ``kind`` is a code of its table, for its word."""

    source: str
    key: object
    day: date | None
    kind: str
    title: str
    text: str
    is_draft: bool = False

    @property
    def value(self) -> str:
        """How a form names it: ``log:<key>``."""
        return f"{self.source}:{self.key}"


def sources(
    actor: Actor,
    *,
    words: dict,
    term: Term | None = None,
    kind: str = "",
    q: str = "",
    services: bool = False,
) -> list[Source]:
    """What a person may compile: own logs and records, for a portfolio own service too; the oldest first.

    ``words`` are the words of record kinds. Only what the person wrote: comments of others are never part of it.
    """
    found = [*_logs(actor, term, kind, q)]
    if not kind:
        found += _records(actor, term, q, words)
    if services and not kind and not q:
        found += [*_postings(actor), *_certificates(actor)]
    return sorted(found, key=lambda each: (each.day or date.min, str(each.key)))


def source_values(actor: Actor, values, words: dict) -> list[Source]:
    """The sources that a form names, those of others left out."""
    wanted = set(values)
    keys = {each.partition(":")[2] for each in wanted}
    every = [
        *_logs(actor, None, "", "", keys),
        *_records(actor, None, "", words, keys),
        *_postings(actor),
        *_certificates(actor),
    ]
    fitting = [each for each in every if each.value in wanted]
    return sorted(fitting, key=lambda each: (each.day or date.min, str(each.key)))


def _logs(actor: Actor, term, kind: str, q: str, keys=None):
    found = select(Reflection).where(
        Reflection.district_id == actor.district_id, Reflection.person_id == actor.person_id
    )
    if term:
        found = found.where(Reflection.term_id == term.id)
    if kind:
        found = found.where(Reflection.kind == kind)
    if q:
        like = f"%{escaped(q)}%"
        columns = [Reflection.title, Reflection.theme, Reflection.subject]
        columns += [getattr(Reflection, name) for name in ("experience", "problem", "solution")]
        found = found.where(or_(*(column.like(like, escape="\\") for column in columns)))
    rows = db.session.scalars(
        found.order_by(Reflection.happened_on.desc(), Reflection.id.desc()).limit(MOST * 5)
    )
    for log in rows:
        if keys is None or str(log.id) in keys:
            yield Source(
                "log", log.id, log.happened_on, log.kind, log.title, log_text(log), log.state == "draft"
            )


def log_text(log: Reflection) -> str:
    """The writer's own words of a log, each part under its word; the document's language is Chinese."""
    parts = [
        f"# {part.label}\n{getattr(log, part.name)}" for part in parts_of(log.kind) if getattr(log, part.name)
    ]
    if log.lines:
        parts.insert(
            0, "\n".join(_line(area, line) for area, lines in lines_by_area(log.lines) for line in lines)
        )
    return "\n\n".join(parts)


def _line(area: str, line: dict) -> str:
    number = "" if line["quantity"] is None else f" {line['quantity']}{line['unit']}"
    return f"- {AREAS[area]}：{line['text']}{number}"


def _records(actor: Actor, term, q: str, words: dict, keys=None):
    found = select(WorkRecord).where(
        WorkRecord.district_id == actor.district_id, WorkRecord.person_id == actor.person_id
    )
    if term:
        found = found.where(WorkRecord.happened_on.between(term.first_day, term.last_day))
    if q:
        like = f"%{escaped(q)}%"
        found = found.where(
            or_(WorkRecord.line.like(like, escape="\\"), WorkRecord.body.like(like, escape="\\"))
        )
    rows = db.session.scalars(
        found.order_by(WorkRecord.happened_on.desc(), WorkRecord.id.desc()).limit(MOST * 5)
    )
    for row in rows:
        if keys is None or str(row.id) in keys:
            text = "\n".join(part for part in (row.line, row.body) if part)
            yield Source("record", row.id, row.happened_on, row.kind, words.get(row.kind, row.kind), text)


def _postings(actor: Actor):
    rows = db.session.scalars(
        select(Posting)
        .where(
            Posting.district_id == actor.district_id,
            Posting.person_id == actor.person_id,
            Posting.state.in_(("active", "completed", "ended_early")),
        )
        .options(joinedload(Posting.host_school), joinedload(Posting.home_school))
        .order_by(Posting.starts_on, Posting.id)
    )
    for row in rows:
        until = f"至{_day(row.ends_on)}" if row.ends_on else "起"
        text = f"{_day(row.starts_on)}{until}，从{row.home_school.name}到{row.host_school.name}"
        if row.subject:
            text += f"，任教{row.subject}"
        yield Source("service", row.id, row.starts_on, "posting", row.host_school.name, f"{text}。")


def _certificates(actor: Actor):
    rows = db.session.scalars(
        select(Certificate)
        .where(Certificate.district_id == actor.district_id, Certificate.person_id == actor.person_id)
        .order_by(Certificate.issued_on, Certificate.id)
    )
    for row in rows:
        content = row.content
        text = "\n".join(f"- {each['day']} {each['title']}" for each in content["services"])
        yield Source("service", row.id, row.issued_on, "certificate", content["school"], text)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def content_of(report: LogReport, school: str) -> dict:
    """What the document of a report prints, as plain data."""
    return {
        "title": report.title,
        "person": report.person.name,
        "school": school,
        "kind": report.kind,
        "opening": report.opening,
        "closing": report.closing,
        "entries": [
            {"source": each.source, "heading": each.heading, "text": each.text} for each in entries_of(report)
        ],
    }
