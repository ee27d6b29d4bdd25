"""A compiled report or portfolio as an official page, made of plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.documents import paper
from portal.documents.renderer import DEFAULT_LIMITS, Limits, render_pdf
from portal.domain.light_text import Block, blocks

TEMPLATE = "documents/log_report.html"
PARTS = (("log", "教学反思与学习"), ("record", "工作记录"), ("service", "服务经历"))


@dataclass(frozen=True)
class Entry:
    """One entry with its heading."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Part:
    """A part of a report; without a heading its entries stand alone."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class LogReportDocument:
    """What is printed. `issuer` is the writer, `seal_note` the school in brackets."""

    title: str
    opening: tuple[Block, ...]
    parts: tuple[Part, ...]
    closing: tuple[Block, ...]
    issuer: str
    seal_note: str | None
    date: date


def log_report_pdf(content: Mapping, day: date, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return the PDF of a report's content. DocumentFailed when the limits do not allow it."""
    return render_pdf(log_report_html(content, day), limits=limits)


def log_report_html(content: Mapping, day: date) -> str:
    """Return the document's HTML. Every text is escaped; a character that no face has is 〓."""
    return paper.html_of(TEMPLATE, document_of(content, day))


def document_of(content: Mapping, day: date) -> LogReportDocument:
    """Return the document of a report's content: a portfolio by kind of entry, a report in the writer's order."""
    entries = [(each["source"], Entry(each["heading"], blocks(each["text"]))) for each in content["entries"]]
    if content["kind"] == "portfolio":
        parts = [(words, [entry for of, entry in entries if of == source]) for source, words in PARTS]
    else:
        parts = [("", [entry for _, entry in entries])]
    return LogReportDocument(
        title=content["title"],
        opening=blocks(content["opening"]),
        parts=tuple(Part(words, tuple(found)) for words, found in parts if found),
        closing=blocks(content["closing"]),
        issuer=content["person"],
        seal_note=f"（{content['school']}）" if content["school"] else None,
        date=day,
    )
