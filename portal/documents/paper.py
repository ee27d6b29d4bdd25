"""An official paper: its data, its HTML in the form of GB/T 9704, and its PDF.

A `SummaryDocument` is plain data; nothing here reads a database or a clock, so the same document
always gives the same bytes. The paper is Chinese whatever the reader's language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from portal.documents import fontset
from portal.documents.charts import Chart, chart_svg
from portal.documents.renderer import DEFAULT_LIMITS, Limits, render_pdf

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"

ALIGNMENTS = ("left", "center", "right")


@dataclass(frozen=True)
class Table:
    """A table of texts. `align` has one of left, center, right for each column, or is empty.

    room: for a table that is filled in by hand, the lines that each row is high at least; it is kept on one page.
    widths: how wide the columns are beside each other, where their texts do not say it.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    room: tuple[int, ...] = ()
    widths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if any(len(row) != len(self.head) for row in (*self.rows, self.foot or self.head)):
            raise ValueError(f"table {self.caption}: every row needs {len(self.head)} cells")
        if self.room and len(self.room) != len(self.rows):
            raise ValueError(f"table {self.caption}: room for each row")
        if self.align and len(self.align) != len(self.head):
            raise ValueError(f"table {self.caption}: one alignment for each column")
        if any(align not in ALIGNMENTS for align in self.align):
            raise ValueError(f"table {self.caption}: alignments are {', '.join(ALIGNMENTS)}")


@dataclass(frozen=True)
class Section:
    """One part. The heading comes without its number; 一、 二、 are added in order.

    paragraphs: sentences that were computed; narrative: what a person wrote (see `blocks`).
    """

    heading: str
    paragraphs: tuple[str, ...] = ()
    narrative: str = ""
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True)
class Annex:
    """What follows the signature on pages of its own; a part without a heading has none."""

    title: str
    parts: tuple[Section, ...]


@dataclass(frozen=True)
class SummaryDocument:
    """A term summary as it is printed.

    title_lines: the title, broken where its sense breaks; status: a line under it while the text
    is not final; recipient without the colon; issuer and seal_note, for example 麟峰小学片区领导小组
    and （麟峰小学代章）; date: when it was signed, None leaves room for it; signatory: 签发人 of a
    report to a superior; draft marks every page; version counts issues from 1; attachments are
    named above the signature, annexes printed behind it.
    """

    title_lines: tuple[str, ...]
    recipient: str
    sections: tuple[Section, ...]
    issuer: str
    seal_note: str | None = None
    date: date | None = None
    signatory: str | None = None
    draft: bool = True
    version: int = 1
    attachments: tuple[str, ...] = ()
    status: str = ""
    annexes: tuple[Annex, ...] = ()


@dataclass(frozen=True)
class Block:
    """A piece of narrative: kind `heading` (（一）), `paragraph` or `item`; `lead`, its opening in 楷体;
    `pieces`, (text, strong) in order."""

    kind: str
    lead: str
    pieces: tuple[tuple[str, bool], ...]


def paper_pdf(document: SummaryDocument, *, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return the PDF of a paper. Raises DocumentFailed."""
    return render_pdf(paper_html(document), limits=limits)


def paper_html(document: SummaryDocument) -> str:
    """Return the complete HTML text that the PDF is made of; it refers to nothing outside."""
    return html_of("documents/summary.html", document)


def html_of(template: str, document) -> str:
    """Return the HTML text of a document, plain data, through an official template."""
    # A bureau that adds its own faces sees them in the next document.
    environment = _environment(fontset.fingerprint())
    return environment.get_template(template).render(document=printable(document))


def missing_characters(document: SummaryDocument) -> tuple[str, ...]:
    """Return the characters of a document that no face has; they would print as 〓."""
    return fontset.missing_characters("".join(texts_of(document)))


def printable(value):
    """Return a copy of a document (or part of one) in which every text can be printed."""
    if isinstance(value, str):
        return fontset.printable(value)
    if isinstance(value, tuple):
        return tuple(printable(item) for item in value)
    if is_dataclass(value):
        return type(value)(**{field.name: printable(getattr(value, field.name)) for field in fields(value)})
    return value


def texts_of(value) -> Iterator[str]:
    """Yield every text of a document or a part of one."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from texts_of(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts_of(getattr(value, field.name))


LEAD = re.compile(r"（[一二三四五六七八九十]{1,3}）[^。：；\n]{0,40}[。：]?")
HEADING = re.compile(r"#{1,6}\s+")
ITEM = re.compile(r"[-*•]\s+")
STRONG = re.compile(r"\*\*(.+?)\*\*")


def blocks(narrative: str) -> tuple[Block, ...]:
    """Return what a person wrote as paragraphs: each line is one, blank lines count for nothing.

    Light marks are understood: `## ` begins a heading (（一） is added, counted within the text),
    `- ` an item, `**words**` are set in 黑体. A paragraph that begins with （一） has its opening
    sentence in 楷体, as official papers do. Everything else is text, HTML included.
    """
    found = []
    headings = 0
    for raw in narrative.splitlines():
        words = raw.strip()
        if not words or set(words) <= set("-*_"):
            continue
        if mark := HEADING.match(words):
            headings += 1
            found.append(Block("heading", f"（{chinese_number(headings)}）" + words[mark.end() :], ()))
            continue
        kind = "paragraph"
        if mark := ITEM.match(words):
            kind, words = "item", words[mark.end() :]
        lead = ""
        if mark := LEAD.match(words):
            lead, words = mark.group(), words[mark.end() :]
        found.append(Block(kind, lead, _pieces(words)))
    return tuple(found)


def _pieces(words: str) -> tuple[tuple[str, bool], ...]:
    pieces = [(piece, index % 2 == 1) for index, piece in enumerate(STRONG.split(words))]
    return tuple(piece for piece in pieces if piece[0])


def chinese_number(value: int) -> str:
    """Return 1 to 99 in Chinese, as headings are numbered."""
    digits = "零一二三四五六七八九"
    if not 1 <= value <= 99:
        return str(value)
    tens, ones = divmod(value, 10)
    if not tens:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


def chinese_date(value: date | None) -> str:
    """Return a date as official papers write it; None leaves room for it."""
    return f"{value.year}年{value.month}月{value.day}日" if value else "　　年　　月　　日"


def width_in_signs(words: str) -> float:
    """Return the width of a text in full-width characters; digits and letters count half."""
    return sum(1 if ord(sign) > 0x2000 else 0.5 for sign in words)


def column_widths(table: Table) -> tuple[float, ...]:
    """Return each column's width in percent, by its longest text, none starved.

    A fixed layout needs them; WeasyPrint's automatic one takes half as long again.
    """
    lengths = list(table.widths)
    for index in range(0 if lengths else len(table.head)):
        texts = [row[index] for row in (table.head, *table.rows, *([table.foot] if table.foot else []))]
        lengths.append(min(16.0, max(3.0, *map(width_in_signs, texts))) + 1)
    return tuple(round(100 * length / sum(lengths), 2) for length in lengths)


def room_for(table: Table, row: int) -> float | None:
    """Return how high a row is at least, in points: whole lines of the page; None where none is asked for."""
    return 28.95 * table.room[row] if table.room else None


def alignment(table: Table, column: int) -> str:
    """Return a column's alignment; where the table names none, the first is left, others centred."""
    return table.align[column] if table.align else "left" if column == 0 else "center"


def sign_width(document: SummaryDocument) -> float:
    """Return the width in points that keeps issuer, seal note and date on a line each."""
    lines = (document.issuer, document.seal_note or "", chinese_date(document.date))
    return 16 * min(23.0, max(map(width_in_signs, lines))) + 2


@lru_cache(maxsize=8)
def _environment(_faces: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        blocks=blocks,
        chinese_number=chinese_number,
        chinese_date=chinese_date,
        column_widths=column_widths,
        alignment=alignment,
        room_for=room_for,
        sign_width=sign_width,
        chart_svg=chart_svg,
    )
    environment.globals["families"] = families()
    return environment


def families() -> dict[str, Markup]:
    """Return the CSS family list of each role: the bureau's own faces, then the shipped ones."""
    own = fontset.extra_families()
    roles = {
        "title": (fontset.OWN_TITLE, ("Portal Title", "Portal Fang")),
        "fang": (fontset.OWN_FANG, ("Portal Fang", "Portal Rare", "Portal Song")),
        "kai": (fontset.OWN_KAI, ("Portal Kai", "Portal Rare", "Portal Song")),
        "hei": (fontset.OWN_HEI, ("Portal Hei", "Portal Song")),
        "song": (fontset.OWN_SONG, ("Portal Song Latin", "Portal Song", "Portal Fang")),
    }
    lists = {}
    for role, (wanted, shipped) in roles.items():
        first = [name for name in wanted if name in own]
        names = dict.fromkeys([*first, *shipped, "Portal Rest", *own])
        quoted = ('"' + re.sub(r'["\\<>\n]', "", name) + '"' for name in names)
        lists[role] = Markup(", ".join(quoted))  # names of installed faces, quoted, without any quote inside
    return lists
