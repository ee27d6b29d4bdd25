"""The visiting timetable workbook as a file: read within limits, written with a plan in it.

What is not the plan's business goes through unchanged: other sheets, other columns, merged ranges,
hidden sheets. Formulas become the values that they had, and formats those of the portal.
"""

from __future__ import annotations

import io
from datetime import date, datetime

import xlsxwriter

from portal.documents.spreadsheets import read_workbook
from portal.documents.tables import AS_WRITTEN
from portal.domain.planning_problem import Plan
from portal.domain.sheets import Cell, Sheet
from portal.domain.timetable_book import TimetableBook, read_timetable
from portal.domain.timetable_plan import PlannedSheet, planned_sheets

#: A timetable of a large district; a roster's limit would be too small.
MAX_ROWS = 60_000
_NARROWEST, _WIDEST = 8, 40


def read_timetable_file(data: bytes, filename: str) -> TimetableBook:
    """A workbook's timetable with its faults. Raises `WorkbookProblem` when the file cannot be read."""
    return read_timetable(read_workbook(data, filename, max_rows=MAX_ROWS))


def planned_workbook(book: TimetableBook, plan: Plan) -> bytes:
    """The workbook with 课表 completed and the sheet 未满足; the same plan gives the same bytes."""
    buffer = io.BytesIO()
    target = xlsxwriter.Workbook(buffer, AS_WRITTEN)
    # Without a fixed moment the same plan would be another file each time.
    target.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - the format knows no zones
    formats = _Formats(target)
    for planned in planned_sheets(book, plan):
        _write(target, planned, formats)
    target.close()
    return buffer.getvalue()


class _Formats:
    """The cell formats of the whole workbook."""

    def __init__(self, target: xlsxwriter.Workbook) -> None:
        self.head = target.add_format({"bold": True, "bg_color": "#E7F1F2", "bottom": 1, "valign": "top"})
        self.text = target.add_format({"num_format": "@", "valign": "top"})
        self.day = target.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        self.moment = target.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self.plain = target.add_format({"valign": "top"})


def _write(target: xlsxwriter.Workbook, planned: PlannedSheet, formats: _Formats) -> None:
    page = target.add_worksheet(planned.sheet.name)
    if not planned.sheet.visible:
        page.hide()
    for row, cells in enumerate(planned.sheet.rows):
        for column, cell in enumerate(cells):
            if (row, column) not in planned.sheet.filled:
                _write_cell(page, row, column, cell, formats, is_head=row == planned.header)
    for (top, left), (bottom, right) in _merged(planned.sheet).items():
        value = planned.sheet.rows[top][left]
        page.merge_range(top, left, bottom, right, "", formats.plain)
        _write_cell(page, top, left, value, formats, is_head=top == planned.header)
    for column in range(planned.sheet.width):
        page.set_column(column, column, _width(planned.sheet, column))
    if planned.header is not None:
        page.freeze_panes(planned.header + 1, 0)


def _write_cell(page, row: int, column: int, cell: Cell, formats: _Formats, *, is_head: bool) -> None:
    """A cell of its own type; words stay words, also when they look like a formula."""
    if cell is None:
        return
    if isinstance(cell, bool):
        page.write_boolean(row, column, cell)
    elif isinstance(cell, datetime):
        page.write_datetime(row, column, cell, formats.moment)
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, formats.day)
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell, formats.plain)
    else:
        page.write_string(row, column, cell, formats.head if is_head else formats.text)


def _merged(sheet: Sheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Top left -> bottom right of each merged range."""
    ranges: dict[tuple[int, int], tuple[int, int]] = {}
    for (row, column), origin in sheet.filled.items():
        bottom, right = ranges.get(origin, origin)
        ranges[origin] = (max(bottom, row), max(right, column))
    return ranges


def _width(sheet: Sheet, column: int) -> int:
    """Characters that the first rows need; a Chinese one counts twice."""
    texts = (str(row[column]) for row in sheet.rows[:200] if row[column] is not None)
    longest = max((sum(2 if ord(ch) > 0x2E7F else 1 for ch in text[:200]) for text in texts), default=0)
    return min(max(longest + 2, _NARROWEST), _WIDEST)
