"""The term summary as an official document, made of the plain data of `portal.domain.summary_content`.

The data are what was frozen when the lead principal signed, or the draft of today. Nothing is
computed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from portal.documents import paper
from portal.documents.charts import Chart
from portal.documents.renderer import DEFAULT_LIMITS, Limits
from portal.domain import summary_content

TITLE_SIGNS = 20  # characters of the 22 pt title that fit one line


def summary_pdf(content: Mapping, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return the PDF of a summary's content. DocumentFailed when the limits do not allow it."""
    return paper.paper_pdf(document_of(content), limits=limits)


def summary_html(content: Mapping) -> str:
    """Return the document's HTML. Every text is escaped; a character that no face has is 〓."""
    return paper.paper_html(document_of(content))


def document_of(content: Mapping) -> paper.SummaryDocument:
    """Return the paper of a summary's content."""
    return paper.SummaryDocument(
        title_lines=tuple(title_lines(content["title"])),
        status=summary_content.status_line(content),
        recipient=content["recipient"],
        sections=tuple(_section(section) for section in content["sections"]),
        issuer=content["issuer"],
        seal_note=summary_content.seal_note(content),
        date=date.fromisoformat(content["signed_on"]) if content["signed_on"] else None,
        signatory=content["signatory"] or None,
        draft=content["is_draft"],
        version=content["edition"],
        attachments=tuple(annex["title"] for annex in content.get("annexes", ())),
        annexes=tuple(_annex(annex) for annex in content.get("annexes", ())),
    )


def _annex(annex: Mapping) -> paper.Annex:
    return paper.Annex(
        annex["title"],
        tuple(
            paper.Section(
                heading=part["heading"],
                narrative=part["text"],
                tables=tuple(_table(table) for table in part["tables"]),
            )
            for part in annex["parts"]
        ),
    )


def _section(section: Mapping) -> paper.Section:
    computed = "".join(words for sentence in section["sentences"] for words, _ in sentence)
    return paper.Section(
        heading=section["title"],
        paragraphs=(computed,) if computed else (),
        narrative=section["text"],
        tables=tuple(_table(table) for table in section["tables"]),
        charts=tuple(
            Chart(
                chart["title"],
                "bar",
                tuple(word for word, _ in chart["bars"]),
                tuple(value for _, value in chart["bars"]),
                chart["unit"],
            )
            for chart in section["charts"]
        ),
    )


def _table(table: Mapping) -> paper.Table:
    return paper.Table(
        caption=table["title"],
        head=tuple(map(str, table["columns"])),
        rows=tuple(tuple(map(str, row)) for row in table["rows"]),
        foot=tuple(map(str, table["foot"])),
    )


def title_lines(title: str) -> list[str]:
    """Return a title in at most two lines; a long one breaks behind the school year, else halfway."""
    if len(title) <= TITLE_SIGNS:
        return [title]
    place = title.find("学年") + len("学年")
    if place < len("学年") or len(title) - place < 4:
        place = (len(title) + 1) // 2
    return [title[:place], title[place:]]
