"""Workbooks from untrusted files: xlsx and xls through calamine, CSV in UTF-8, UTF-16 or GB18030.

A file is judged by its first bytes and, for xlsx, by its table of contents before anything is
unpacked. Parsing happens in a child process with limits on memory and time
(`spreadsheets_child.py`), so that no file can stop or swell the portal.
"""

import csv
import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path

from portal.documents.untrusted import (
    BROKEN_ZIP,
    OLE,
    LimitHit,
    is_protected_office,
    read_in_child,
    unpacks_too_large,
)
from portal.domain.sheets import GB18030_CHANGES, Cell, Sheet, Workbook, WorkbookProblem
from portal.domain.words import N_, message

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_SHEETS = 50
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELLS = 1_000_000
MAX_TEXT = 20_000_000
MAX_CELL_TEXT = 4_000
MAX_MERGED_CELLS = 200_000
SECONDS = 20

_CHILD = Path(__file__).with_name("spreadsheets_child.py")

_REASONS = {
    "empty_file": N_("文件是空的"),
    "too_many_bytes": N_("文件有 %(size)s MB，最多 %(limit)s MB"),
    "wrong_type": N_("不能读取这种文件，请用 .xlsx、.xls 或 .csv"),
    "web_page": N_("这个文件其实是网页或 XML，不是表格；请用表格软件打开后另存为 .xlsx"),
    "other_zip": N_("这个文件不是 Excel 工作簿；请用表格软件打开后另存为 .xlsx"),
    "encrypted": N_("文件有密码，请取消密码后再上传"),
    "broken": N_("文件已损坏，不能读取；请用表格软件打开后另存为 .xlsx 再试"),
    "unpacks_too_large": N_("文件展开后太大，不能读取"),
    "too_large": N_("表格太大，不能读取：最多 %(rows)s 行 %(columns)s 列"),
    "too_many_sheets": N_("工作簿有 %(count)s 张工作表，最多 %(limit)s 张"),
    "too_many_rows": N_("工作表“%(sheet)s”有 %(count)s 行，最多 %(limit)s 行"),
    "too_many_columns": N_("工作表“%(sheet)s”有 %(count)s 列，最多 %(limit)s 列"),
    "too_many_cells": N_("工作簿的单元格太多，最多 %(limit)s 个"),
    "too_much_text": N_("工作簿的文字太多，最多 %(limit)s 字"),
    "too_many_merges": N_("工作表“%(sheet)s”的合并单元格太多，请取消合并后再试"),
    "long_text": N_("工作表“%(sheet)s”第 %(row)s 行有超过 %(limit)s 字的单元格"),
    "no_cells": N_("工作簿里没有内容"),
    "encoding": N_("看不出文字编码，请把 CSV 存为 UTF-8"),
}


def read_workbook(data: bytes, filename: str, *, max_rows: int = MAX_ROWS) -> Workbook:
    """The sheets of a file, with the values its formulas had when it was saved.

    Merged ranges are filled. `max_rows` binds each sheet. Raises `WorkbookProblem` for any file that
    is not such a workbook or exceeds a limit, within a bounded time; never another exception.
    """
    _check_size(data)
    kind = _kind(data, filename)
    sheets = _csv_sheets(data, filename, max_rows) if kind == "csv" else _parsed_sheets(data, max_rows)
    if not any(sheet.rows for sheet in sheets):
        raise _problem("no_cells")
    return Workbook(Path(filename).name, kind, sheets)


def _problem(code: str, **params: object) -> WorkbookProblem:
    return WorkbookProblem(code, message(_REASONS[code], **params))


def _check_size(data: bytes) -> None:
    if not data:
        raise _problem("empty_file")
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 1024 / 1024:.1f}"
        raise _problem("too_many_bytes", size=size, limit=MAX_BYTES // 1024 // 1024)


def _kind(data: bytes, filename: str) -> str:
    """What the file is by name and first bytes; a wrong .xls or .xlsx ending between the two is forgiven."""
    ending = Path(filename.replace("\x00", "")).suffix.lower()
    if ending not in (".xlsx", ".xls", ".csv"):
        raise _problem("wrong_type")
    if data.startswith(b"PK"):
        if ending == ".csv":
            raise _problem("wrong_type")
        _check_zip(data)
        return "xlsx"
    if data.startswith(OLE):
        if ending == ".csv":
            raise _problem("wrong_type")
        if is_protected_office(data):
            raise _problem("encrypted")
        return "xls"
    if (
        data.lstrip(b"\xef\xbb\xbf \t\r\n")[:200]
        .lower()
        .startswith((b"<html", b"<!doctype html", b"<table", b"<?xml"))
    ):
        raise _problem("web_page")
    if ending == ".csv":
        return "csv"
    raise _problem("broken")


def _check_zip(data: bytes) -> None:
    """Refuse what would unpack to too much, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except BROKEN_ZIP:
        raise _problem("broken") from None
    if any(entry.flag_bits & 1 for entry in entries):
        raise _problem("encrypted")
    if unpacks_too_large(entries, most=MAX_ENTRIES, size=MAX_UNPACKED):
        raise _problem("unpacks_too_large")
    if not any(entry.filename.replace("\\", "/").lower() == "xl/workbook.xml" for entry in entries):
        raise _problem("other_zip")


def _parsed_sheets(data: bytes, max_rows: int) -> tuple[Sheet, ...]:
    """The sheets as the child process reads them."""
    limits = {
        "sheets": MAX_SHEETS,
        "rows": max_rows,
        "columns": MAX_COLUMNS,
        "cells": MAX_CELLS,
        "text": MAX_TEXT,
        "seconds": SECONDS,
    }
    try:
        status, said = read_in_child(_CHILD, limits, data)
    except LimitHit:
        # An honest workbook within the limits on rows and columns needs a fraction of these.
        raise _problem("too_large", rows=max_rows, columns=MAX_COLUMNS) from None
    if status:
        raise _problem("broken")
    answer = json.loads(said)
    if "problem" in answer:
        raise _problem(answer["problem"], **answer["params"])
    return tuple(_sheet(found) for found in answer["sheets"])


def _sheet(found: dict) -> Sheet:
    rows = [[_value(cell) for cell in row] for row in found["rows"]]
    for number, row in enumerate(rows, start=1):
        _check_text(row, found["name"], number)
    return Sheet(found["name"], rows, _fill(rows, found["merged"], found["name"]), found["visible"])


def _value(cell: object) -> Cell:
    if isinstance(cell, list):
        kind, text = cell
        return datetime.fromisoformat(text) if kind == "datetime" else date.fromisoformat(text)
    return None if cell == "" else cell


def _check_text(row: list[Cell], sheet: str, number: int) -> None:
    if any(isinstance(cell, str) and len(cell) > MAX_CELL_TEXT for cell in row):
        raise _problem("long_text", sheet=sheet, row=number, limit=MAX_CELL_TEXT)


def _fill(rows: list[list[Cell]], merged: list, name: str) -> dict[tuple[int, int], tuple[int, int]]:
    """Write the value of each merged range into its cells; tells which cells were filled from where."""
    height, width = len(rows), len(rows[0]) if rows else 0
    filled: dict[tuple[int, int], tuple[int, int]] = {}
    area = text = 0
    for (top, left), (bottom, right) in merged:
        bottom, right = min(bottom, height - 1), min(right, width - 1)
        if top > bottom or left > right or rows[top][left] is None:
            continue
        cells = (bottom - top + 1) * (right - left + 1)
        area += cells
        text += cells * len(str(rows[top][left]))
        if area > MAX_MERGED_CELLS or text > MAX_TEXT:
            raise _problem("too_many_merges", sheet=name)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left) and rows[row][column] is None:
                    rows[row][column] = rows[top][left]
                    filled[row, column] = (top, left)
    return filled


def _csv_sheets(data: bytes, filename: str, max_rows: int) -> tuple[Sheet, ...]:
    """The one sheet of a CSV file, named as the file; every cell is text."""
    text = _decoded(data)
    if "\x00" in text:
        raise _problem("wrong_type")
    name = Path(filename).stem
    head = text[:20_000]
    separator = max(",\t;", key=lambda mark: head.count(mark))
    rows: list[list[Cell]] = []
    width = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append([cell if cell.strip() else None for cell in record])
            width = max(width, len(record))
            if len(rows) > max_rows + 1:
                raise _problem("too_many_rows", sheet=name, count=f"{max_rows}+", limit=max_rows)
            _check_text(rows[-1], name, len(rows))
    except csv.Error:
        raise _problem("broken") from None
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    if len(rows) > max_rows:
        raise _problem("too_many_rows", sheet=name, count=len(rows), limit=max_rows)
    if width > MAX_COLUMNS:
        raise _problem("too_many_columns", sheet=name, count=width, limit=MAX_COLUMNS)
    if len(rows) * width > MAX_CELLS:
        raise _problem("too_many_cells", limit=MAX_CELLS)
    return (Sheet(name, [row + [None] * (width - len(row)) for row in rows]),)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding).translate(GB18030_CHANGES)
        except UnicodeDecodeError:
            continue
    raise _problem("encoding")
