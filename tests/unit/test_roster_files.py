"""Files that are no honest workbook: a clear sentence each, in bounded time, and never another exception."""

import io
import random
import struct
import time
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from portal.documents import spreadsheets
from portal.documents.spreadsheets import read_workbook
from portal.domain.roster import RosterReading, read_roster
from portal.domain.sheets import WorkbookProblem

ROSTERS = Path(__file__).parents[1] / "fixtures" / "rosters"
SAMPLE = (ROSTERS / "roster-messy.xlsx").read_bytes()
XLS = (ROSTERS / "one-school.xls").read_bytes()
TODAY = date(2026, 3, 2)
HEADER = ["学校", "姓名", "性别"]


def xlsx(fill) -> bytes:
    """A workbook with one sheet 教师 that `fill` writes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"strings_to_formulas": False})
    fill(book.add_worksheet("教师"), book)
    book.close()
    return buffer.getvalue()


def zipped(**entries: bytes) -> bytes:
    """A zip file of entries named with __ for / and _x for the ending .xml."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_x", ".xml"), content)
    return buffer.getvalue()


def with_sheet(content: bytes) -> bytes:
    """The sample with the XML of its sheet replaced."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SAMPLE)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            new.writestr(entry.filename, content if "sheet1" in entry.filename else old.read(entry))
    return buffer.getvalue()


def sheet_xml(cells: str) -> bytes:
    """A worksheet with these rows."""
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    ).encode()


def lying_zip() -> bytes:
    """The sample whose sheet unpacks to 300 MB, with a table of contents that says 1,000 bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(b"\x00" * 1_000_000) for _ in range(300)) + packer.flush()
    data = with_sheet(b"?")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
        names = [(item.filename, archive.read(item)) for item in archive.infolist() if item is not entry]
    out, directory = bytearray(), bytearray()
    parts = [(name, text, zlib.crc32(text), 0, len(text)) for name, text in names]
    parts.append((entry.filename, packed, 0, 8, 1_000))
    for name, body, crc, method, size in parts:
        raw, start = name.encode(), len(out)
        shared = struct.pack("<HHHHHIIIHH", 20, 0, method, 0, 33, crc, len(body), size, len(raw), 0)
        out += b"PK\x03\x04" + shared + raw + body
        directory += (
            b"PK\x01\x02" + struct.pack("<H", 20) + shared + struct.pack("<HHHII", 0, 0, 0, 0, start) + raw
        )
    end = struct.pack("<HHHHIIH", 0, 0, len(parts), len(parts), len(directory), len(out), 0)
    return bytes(out + directory + b"PK\x05\x06" + end)


def many_rows(sheet, _book) -> None:
    for row in range(20_001):
        sheet.write(row, 0, "三合小学")


def many_columns(sheet, _book) -> None:
    sheet.write_row(0, 0, ["列"] * 201)


def many_cells(sheet, _book) -> None:
    sheet.write_row(0, 0, HEADER)
    sheet.write(19_000, 150, "x")


def shared_text(sheet, _book) -> None:
    for row in range(60):
        sheet.write_row(row, 0, ["同" * 4_000] * 100)


def merged_text(sheet, _book) -> None:
    sheet.write(6_000, 0, "x")
    sheet.merge_range(0, 0, 5_999, 0, "同" * 4_000)


def many_merges(sheet, _book) -> None:
    sheet.write(19_000, 19, "x")
    for column in range(11):
        sheet.merge_range(0, column, 18_999, column, "x")


BAD_FILES = {
    "empty": (b"", "a.xlsx", "empty_file"),
    "over_ten_megabytes": (b"PK" + b"0" * (10 * 1024 * 1024), "a.xlsx", "too_many_bytes"),
    "program": (b"MZ\x90\x00", "a.exe", "wrong_type"),
    "macros": (SAMPLE, "a.xlsm", "wrong_type"),
    "no_ending": (SAMPLE, "roster", "wrong_type"),
    "picture_named_xlsx": (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "a.xlsx", "broken"),
    "workbook_named_csv": (SAMPLE, "a.csv", "wrong_type"),
    "xls_named_csv": (XLS, "a.csv", "wrong_type"),
    "web_page_named_xls": ("<html><table><tr><td>姓名".encode(), "a.xls", "web_page"),
    "word_file": (zipped(word__document_x=b"<a/>"), "a.xlsx", "other_zip"),
    "half_a_file": (SAMPLE[:5000], "a.xlsx", "broken"),
    "half_an_xls": (XLS[:2000], "a.xls", "broken"),
    "no_sheets": (zipped(xl__workbook_x=b"<workbook/>"), "a.xlsx", "broken"),
    "encrypted": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "a.xlsx",
        "encrypted",
    ),
    "bomb": (zipped(xl__workbook_x=b"<a/>", xl__b=b"\0" * 150_000_000), "a.xlsx", "unpacks_too_large"),
    "dense_bomb": (zipped(xl__workbook_x=b"<a/>", xl__b=b"\0" * 20_000_000), "a.xlsx", "unpacks_too_large"),
    "many_entries": (zipped(**{f"e{n}": b"" for n in range(2001)}), "a.xlsx", "unpacks_too_large"),
    "lying_bomb": (lying_zip(), "a.xlsx", None),
    "far_corner": (
        with_sheet(
            sheet_xml(
                '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
            )
        ),
        "a.xlsx",
        None,
    ),
    "billion_laughs": (
        with_sheet(
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "'
            + b"lol" * 100
            + b'">'
            + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 100) for n in range(8))
            + b']><worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&i;</t></is></c></row>'
            + b"</sheetData></worksheet>"
        ),
        "a.xlsx",
        None,
    ),
    "rows": (xlsx(many_rows), "a.xlsx", "too_many_rows"),
    "columns": (xlsx(many_columns), "a.xlsx", "too_many_columns"),
    "cells": (xlsx(many_cells), "a.xlsx", "too_many_cells"),
    "shared_text": (xlsx(shared_text), "a.xlsx", "too_much_text"),
    "merged_text": (xlsx(merged_text), "a.xlsx", "too_many_merges"),
    "many_merges": (xlsx(many_merges), "a.xlsx", "too_many_merges"),
    "nothing_in_it": (xlsx(lambda sheet, book: None), "a.xlsx", "no_cells"),
    "binary_csv": (b"a,b\x00c\n", "a.csv", "wrong_type"),
    "unknown_encoding": (b"\x80\xff\xff\xff,\xff", "a.csv", "encoding"),
    "blank_csv": (b" \n\n", "a.csv", "no_cells"),
    "long_csv": ("姓名\n".encode() * 20_001, "a.csv", "too_many_rows"),
    "wide_csv": (b"x," * 200, "a.csv", "too_many_columns"),
    "long_cell": (b"x" * 40_000, "a.csv", "long_text"),
    "endless_field": (b'"' + b"x" * 200_000, "a.csv", "broken"),
}


@pytest.mark.promise(25)
@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file_is_refused_with_a_sentence_in_time(name):
    data, filename, code = BAD_FILES[name]
    started = time.monotonic()
    with pytest.raises(WorkbookProblem) as caught:
        read_workbook(data, filename)
    assert time.monotonic() - started < spreadsheets.SECONDS
    assert code in (None, caught.value.code)
    assert "%(" not in str(caught.value)


def test_path_in_the_file_name_is_no_path():
    assert read_workbook(SAMPLE, "../../etc/名册.xlsx").filename == "名册.xlsx"
    with pytest.raises(WorkbookProblem):
        read_workbook(SAMPLE, "a.xlsx\x00.exe")


def test_workbook_values_keep_their_types_and_texts_stay_texts():
    day = datetime(2016, 9, 1)  # noqa: DTZ001 - a cell has no zone

    def fill(sheet, book):
        sheet.write_row(0, 0, [*HEADER, "入本校日期", "备注", "胜任"])
        sheet.write_row(1, 0, ["三合小学", "张三", "男"])
        sheet.write_datetime(1, 3, day, book.add_format({"num_format": "yyyy年m月"}))
        sheet.write_string(1, 4, "=1+1")
        sheet.write_boolean(1, 5, True)
        sheet.write_formula(2, 0, '="三合"&"小学"', None, "三合小学")
        sheet.write_string(2, 1, "李四")
        sheet.write_string(2, 2, "女")
        sheet.write_number(2, 3, 42614)
        sheet.write_string(2, 4, "@SUM(A1)")
        sheet.merge_range(3, 0, 4, 0, "古城小学")
        sheet.write_row(3, 1, ["王五", "男", 201609, "-2", 1.5])
        sheet.write_row(4, 1, ["赵六", "男", 2016.9, "+3"])

    book = read_workbook(xlsx(fill), "a.xlsx")
    (sheet,) = book.sheets
    assert sheet.rows == [
        [*HEADER, "入本校日期", "备注", "胜任"],
        ["三合小学", "张三", "男", date(2016, 9, 1), "=1+1", True],
        ["三合小学", "李四", "女", 42614, "@SUM(A1)", None],
        ["古城小学", "王五", "男", 201609, "-2", 1.5],
        ["古城小学", "赵六", "男", 2016.9, "+3", None],
    ]
    assert dict(sheet.filled) == {(4, 0): (3, 0)}
    assert [type(cell) for cell in sheet.rows[2]][3:] == [int, str, type(None)]
    teachers = read_roster(book, today=TODAY).teachers
    assert [(row.school_name, row.name, row.joined_on, row.remark) for row in teachers] == [
        ("三合小学", "张三", date(2016, 9, 1), "=1+1"),
        ("三合小学", "李四", date(2016, 9, 1), "@SUM(A1)"),
        ("古城小学", "王五", date(2016, 9, 1), "-2"),
        ("古城小学", "赵六", date(2016, 9, 1), "+3"),
    ]


def test_xlsx_and_xls_are_told_apart_by_their_bytes():
    assert read_workbook(SAMPLE, "a.xls").kind == "xlsx"
    assert read_workbook(XLS, "a.xlsx").kind == "xls"


def mutated(seed: int) -> tuple[bytes, str]:
    """A workbook with one kind of damage: bytes flipped or cut, XML or cells changed."""
    chance = random.Random(seed)
    how = seed % 5
    if how == 0:
        data, name = bytearray(chance.choice((SAMPLE, XLS))), chance.choice(("a.xlsx", "a.xls"))
        for _ in range(chance.randint(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        return bytes(data), name
    if how == 1:
        data = chance.choice((SAMPLE, XLS))
        cut = chance.randrange(1, len(data))
        return chance.choice(
            (data[:cut], data[cut:], data[:cut] + data[-chance.randrange(1, 400) :])
        ), "a.xlsx"
    if how == 2:
        with zipfile.ZipFile(io.BytesIO(SAMPLE)) as archive:
            content = bytearray(archive.read("xl/worksheets/sheet1.xml"))
        for _ in range(chance.randint(1, 60)):
            place = chance.randrange(len(content))
            content[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        return with_sheet(bytes(content)), "a.xlsx"
    if how == 3:
        text = _as_csv(chance)
        data = bytearray(text.encode(chance.choice(("utf-8", "gb18030", "utf-16"))))
        for _ in range(chance.randint(0, 5)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        return bytes(data), "a.csv"
    return xlsx(lambda sheet, book: _scrambled(sheet, book, chance)), "a.xlsx"


ODD = (
    "",
    None,
    "  ",
    "男",
    "\u202e女",
    "9" * 400,
    "2016.13",
    -1,
    1e300,
    0.1,
    "=A1",
    "\x07",
    "𬭎" * 50,
    "合计",
    "填表人：",
    "序号",
    "姓名",
    "9999-99-99",
    True,
    44444.5,
    "；；；",
    "(((((",
    "注：",
    "%(x)s %s {0}",
    "1900-01-00",
    "'; DROP TABLE person; --",
)


def _rows(chance: random.Random) -> list[list]:
    rows = [list(row) for row in read_workbook(SAMPLE, "a.xlsx").sheets[0].rows]
    for _ in range(chance.randint(1, 80)):
        row = chance.choice(rows)
        row[chance.randrange(len(row))] = chance.choice(ODD)
    chance.shuffle(rows) if chance.random() < 0.2 else None
    return rows


def _as_csv(chance: random.Random) -> str:
    return "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in _rows(chance))


def _scrambled(sheet, book, chance: random.Random) -> None:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(_rows(chance)):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(number, column, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
            elif cell is not None:
                sheet.write(number, column, cell)
    for band in range(chance.randint(0, 4)):
        top, left = band * 10 + chance.randrange(4), chance.randrange(12)
        bottom, right = top + chance.randint(1, 5), left + chance.randint(0, 2)
        sheet.merge_range(top, left, bottom, right, chance.choice(("x", "三合小学")))


@pytest.mark.promise(25)
@pytest.mark.parametrize("block", range(8))
def test_two_hundred_mutated_workbooks_give_a_sentence_or_a_reading(block):
    sentences, read = [], 0
    for seed in range(block * 25, block * 25 + 25):
        data, name = mutated(seed)
        try:
            reading = read_roster(read_workbook(data, name), today=TODAY)
        except WorkbookProblem as found:
            sentences.append(str(found))
            continue
        read += 1
        _assert_consistent(reading)
    assert all(sentences)
    assert len(sentences) > 0
    assert read == 25 - len(sentences) > 0


def _assert_consistent(reading: RosterReading) -> None:
    """Each row is loaded or left out, each fault names a cell or a sheet, and each loaded fact is whole."""
    loaded = {(row.sheet, row.row) for row in reading.teachers}
    left_out = {(row.sheet, row.row) for row in reading.left_out}
    assert not loaded & left_out
    assert len(loaded) == len(reading.teachers)
    assert len(loaded) + len(left_out) == sum(
        sheet.rows for sheet in reading.sheets if sheet.kind == "teachers"
    )
    for found in reading.problems:
        assert str(found.message)
        if found.is_error and found.cell and found.field:
            assert (found.sheet, found.row) not in loaded
    for row in reading.teachers:
        assert row.name
        assert row.school_name
        assert row.sex in ("male", "female")
        assert all(
            day is None or isinstance(day, date) for day in (row.born_on, row.joined_on, row.work_started_on)
        )
        assert row.joined_on is None or row.joined_on.year < 2027
