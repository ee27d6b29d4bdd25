"""Mentoring pairs as they are pasted from a spreadsheet or read from one: columns by their heads, faults by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.sheets import Sheet, plain
from portal.domain.words import N_, Message, message

COLUMNS = ("导师", "导师学校", "徒弟", "徒弟学校", "学科", "间隔周数", "开始日期", "结束日期", "目标")
#: Other words that people write at the head of a column.
ALSO = {
    "师傅": "导师",
    "师父": "导师",
    "指导教师": "导师",
    "学员": "徒弟",
    "青年教师": "徒弟",
    "师傅学校": "导师学校",
    "频次": "间隔周数",
    "每几周一次": "间隔周数",
}
MOST_ROWS = 300
#: So many known heads make the first line a header.
HEADER_FROM = 2


@dataclass(frozen=True)
class PairRow:
    """One row: its number as people count, the names with their schools, and what was agreed."""

    number: int
    mentor: str
    mentor_school: str
    mentee: str
    mentee_school: str
    subject: str = ""
    every_weeks: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    goals: str = ""
    faults: tuple[Message, ...] = ()


def text_of_sheet(sheet: Sheet) -> str:
    """A sheet as it would be pasted: tabs between columns, a line a row."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerows([_said(cell) for cell in row] for row in sheet.rows)
    return out.getvalue()


def _said(cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def read_pairs(text: str) -> list[PairRow]:
    """The rows of a pasted list; rows without any word are passed over.

    Without a header the columns are those of ``COLUMNS`` in their order.
    """
    rows = [
        [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=None), delimiter="\t")
    ]
    heads, found = list(COLUMNS), []
    for number, row in enumerate(rows, 1):
        if not any(row):
            continue
        if not found and (known := _header(row)):
            heads = known
            continue
        found.append(_row(number, dict(zip(heads, row, strict=False))))
    return found


def _header(row: Sequence[str]) -> list[str]:
    heads = [ALSO.get(plain(cell), plain(cell)) for cell in row]
    return heads if sum(head in COLUMNS for head in heads) >= HEADER_FROM else []


def _row(number: int, cells: dict[str, str]) -> PairRow:
    faults: list[Message] = []
    mentor, mentee = cells.get("导师", ""), cells.get("徒弟", "")
    if not mentor:
        faults.append(message(N_("没有写导师")))
    if not mentee:
        faults.append(message(N_("没有写徒弟")))
    weeks = _weeks(cells.get("间隔周数", ""), faults)
    starts = _day(cells.get("开始日期", ""), faults)
    ends = _day(cells.get("结束日期", ""), faults)
    if starts and ends and ends < starts:
        faults.append(message(N_("结束日期要在开始日期之后")))
    return PairRow(
        number,
        mentor[:60],
        cells.get("导师学校", "")[:60],
        mentee[:60],
        cells.get("徒弟学校", "")[:60],
        cells.get("学科", "")[:40],
        weeks,
        starts,
        ends,
        cells.get("目标", "")[:5000],
        tuple(faults),
    )


def _weeks(text: str, faults: list[Message]) -> int | None:
    if not text:
        return None
    digits = text.removesuffix("周")
    if digits.isdecimal() and 1 <= int(digits) <= 26:
        return int(digits)
    faults.append(message(N_("间隔周数要在 1 到 26 之间")))
    return None


def _day(text: str, faults: list[Message]) -> date | None:
    if not text:
        return None
    parts = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    try:
        year, month, day = (int(part) for part in parts.split("-"))
        found = date(year, month, day)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2100:
        faults.append(message(N_("日期请写成 2025-09-01 的样子")))
        return None
    return found


def doubles(rows: Iterable[PairRow]) -> frozenset[int]:
    """Numbers of rows that name the same two as a row before them."""
    seen, found = set(), set()
    for row in rows:
        names = (row.mentor, row.mentor_school, row.mentee, row.mentee_school)
        if names in seen:
            found.add(row.number)
        seen.add(names)
    return frozenset(found)
