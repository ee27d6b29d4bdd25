"""Rows of sheet 课表 as they are pasted from a spreadsheet: columns with tabs between, with or without header."""

import csv
import io

from portal.domain.sheets import Sheet, plain
from portal.domain.timetable_tables import LESSONS, SHEETS, TEACHER_NAMES

COLUMNS = SHEETS[LESSONS][0]
#: So many known words make the first line a header.
HEADER_FROM = 3


def pasted_sheet(text: str) -> tuple[Sheet, int]:
    """The text as sheet 课表, and how many rows stand before the first pasted one.

    Without a header the columns are those of the format in their order; missing ones at the end are empty.
    """
    rows = [list(row) for row in csv.reader(io.StringIO(text, newline=None), delimiter="\t")]
    header = next((row for row in rows if any(cell.strip() for cell in row)), [])
    before = 0
    if sum(plain(cell) in {*COLUMNS, *TEACHER_NAMES} for cell in header) < HEADER_FROM:
        rows.insert(0, list(COLUMNS))
        before = 1
    width = max(len(row) for row in rows)
    filled = [[cell if cell.strip() else None for cell in row] + [None] * (width - len(row)) for row in rows]
    return Sheet(LESSONS, filled), before
