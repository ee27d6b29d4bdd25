"""Roster workbooks for tests."""

import io

import xlsxwriter

HEAD = ["工号", "姓名", "性别", "出生日期", "学校", "任教学科", "入本校日期", "手机"]


def workbook(**sheets) -> bytes:
    """An xlsx file with the given sheets: name -> rows of cells, text and numbers only."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                if cell is not None:
                    sheet.write(y, x, cell)
    book.close()
    return buffer.getvalue()


def teachers(*rows, head=None) -> bytes:
    """A roster of one sheet 教师 under HEAD (or another head)."""
    return workbook(教师=[head or HEAD, *rows])
