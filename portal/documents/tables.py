"""A list as an Excel workbook: what the page showed, ready to sort, filter and print."""

import io
from collections.abc import Iterable, Sequence
from datetime import date

import xlsxwriter

NARROWEST, WIDEST = 8, 48
# Rows of a list that go into one workbook: more than any district has, few enough for one answer.
MOST_EXPORTED = 20_000
# What people wrote stays text in every workbook that is sent out: no formula, no link, no guessed number.
AS_WRITTEN = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def table_workbook(title: str, columns: Sequence[str], rows: Iterable[Sequence], *more: tuple) -> bytes:
    """A sheet with a frozen head and a filter. Words are written as text, so that no cell is a formula.

    Cells may be text, whole or decimal numbers, dates, booleans (as text) or None. ``more`` are further
    sheets, each (title, columns, rows).
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, AS_WRITTEN)
    for each in ((title, columns, rows), *more):
        _sheet(book, *each)
    book.close()
    return buffer.getvalue()


def _sheet(book, title: str, columns: Sequence[str], rows: Iterable[Sequence]) -> None:
    rows = [list(row) for row in rows]
    head = book.add_format(
        {"bold": True, "bg_color": "#E7F1F2", "bottom": 1, "text_wrap": True, "valign": "top"}
    )
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
    sheet = book.add_worksheet(_sheet_name(title))
    for x, words in enumerate(columns):
        sheet.write_string(0, x, str(words), head)
        sheet.set_column(x, x, _width([words, *(row[x] for row in rows)]), text)
    for y, row in enumerate(rows, start=1):
        for x, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, date):
                sheet.write_datetime(y, x, value, day)
            elif isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(y, x, value)
            else:
                sheet.write_string(y, x, str(value), text)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L" + title.replace("&", "&&")[:100] + "&R&P / &N")


def _sheet_name(title: str) -> str:
    """What Excel accepts as a sheet's name: 31 characters without []:*?/\\ and quotes at the ends."""
    return "".join(ch for ch in title if ch not in "[]:*?/\\")[:31].strip("'") or "1"


def _width(values) -> int:
    """Characters that the longest value needs; a Chinese one counts twice."""
    longest = max(sum(2 if ord(ch) > 0x2E7F else 1 for ch in str(value or "")) for value in values)
    return min(max(longest + 2, NARROWEST), WIDEST)
