"""The templates of papers (文书模板) as official pages, each made of its data and of what the portal knows."""

from __future__ import annotations

from collections.abc import Mapping

from portal.documents import paper
from portal.documents.renderer import DEFAULT_LIMITS, Limits
from portal.documents.summary import title_lines
from portal.domain.document_templates import BLANK, TEMPLATES, filled
from portal.domain.template_parts import Part, Sheet


def template_pdf(content: Mapping, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return the PDF of a template's content. DocumentFailed when the limits do not allow it."""
    return paper.paper_pdf(template_document(content), limits=limits)


def template_document(content: Mapping) -> paper.SummaryDocument:
    """Return the paper: whom and when it is for under the title, its sections, room for seal and date."""
    template = TEMPLATES[content["template"]]
    about = "　".join(words for words in (content["cluster"], content["term"]) if words)
    issuer = content["bureau"] if template.issuer == "bureau" else content["school"] or BLANK
    return paper.SummaryDocument(
        title_lines=tuple(title_lines(template.title)),
        status=f"（{about}）" if about else "",
        recipient="",
        sections=tuple(_section(part, content) for part in template.parts),
        issuer=issuer,
        seal_note="（盖章）",
        date=None,
        draft=False,
    )


def _section(part: Part, content: Mapping) -> paper.Section:
    return paper.Section(
        part.heading,
        narrative=filled(part.text, content),
        tables=tuple(_table(sheet, content) for sheet in part.sheets),
    )


def _table(sheet: Sheet, content: Mapping) -> paper.Table:
    return paper.Table(
        caption=sheet.caption,
        head=sheet.head,
        rows=tuple(tuple(filled(cell, content) for cell in row) for row in sheet.rows),
        align=("left",) * len(sheet.head),
        widths=(1, 3) if len(sheet.head) == 2 else (),
        room=sheet.heights or (1,) * len(sheet.rows),
    )
