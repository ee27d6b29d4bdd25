"""Where the tables of the visiting timetable workbook stand in their sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from portal.domain.sheets import Cell, Sheet, Workbook, is_blank, plain
from portal.domain.words import N_, Message, message

BELLS, WAYS, TEACHERS, LESSONS, DEMANDS = N_("节次"), N_("路程"), N_("教师"), N_("课表"), N_("需求")
UNCOVERED = N_("未满足")

#: Sheet -> its columns in the order of the format, and those without which a row says nothing.
SHEETS: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {
    BELLS: ((N_("学校"), N_("节次"), N_("开始"), N_("结束")), frozenset(("学校", "节次", "开始", "结束"))),
    WAYS: ((N_("甲校"), N_("乙校"), N_("分钟")), frozenset(("甲校", "乙校", "分钟"))),
    TEACHERS: (
        (
            N_("工号"),
            N_("姓名"),
            N_("本校"),
            N_("学科"),
            N_("周课时上限"),
            N_("每周走教日上限"),
            N_("可用半天"),
        ),
        frozenset(("工号", "本校")),
    ),
    LESSONS: (
        (
            N_("工号"),
            N_("学校"),
            N_("班级"),
            N_("学科"),
            N_("星期"),
            N_("节次"),
            N_("类型"),
            N_("锁定"),
            N_("周次"),
        ),
        frozenset(("工号", "学校", "班级", "星期", "节次")),
    ),
    DEMANDS: (
        (N_("学校"), N_("班级"), N_("学科"), N_("周课时"), N_("每天最多")),
        frozenset(("学校", "班级", "学科", "周课时")),
    ),
}
#: Sheets that may be absent: no way is known, nothing is asked for.
OPTIONAL = frozenset((WAYS, DEMANDS))
#: What schools write over the column of teachers in 课表; a name stands there where 工号 is empty or missing.
TEACHER_NAMES = frozenset(
    ("教师", "姓名", "教师姓名", "任课教师", "任教教师", "授课教师", "任课老师", "老师")
)
NAME = N_("教师")
HEADER_WITHIN = 30

_HINT = re.compile(r"[(\[].*?[)\]]|[*:]")
_BELOW = re.compile(
    r"(合计|总计|小计|共计|填表|制表|填报|审核|审批|复核|经办|负责人|校长|主管|盖章|公章|日期|时间|注|备注|说明|附)"
    r".*"
)


@dataclass(frozen=True)
class SheetTable:
    """A table in a sheet: `header` is its header's row from 0, `columns` its known columns."""

    title: str
    sheet: Sheet
    header: int
    columns: dict[str, int]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headers of columns that the format does not know."""
        known = set(self.columns.values())
        return tuple(
            str(cell)[:60]
            for index, cell in enumerate(self.sheet.rows[self.header])
            if index not in known and not is_blank(cell)
        )

    def cell(self, row: int, column: str) -> Cell:
        """A cell of a known column; None when it is blank or the column is not there."""
        index = self.columns.get(column)
        if index is None:
            return None
        cell = self.sheet.down(row, index) if self.sheet.filled else self.sheet.rows[row][index]
        return None if is_blank(cell) else cell

    def teacher(self, row: int) -> tuple[str, Cell]:
        """The column of 课表 that says who teaches a row, and what stands there."""
        number = self.cell(row, "工号")
        if number is not None or NAME not in self.columns:
            return "工号", number
        return NAME, self.cell(row, NAME)

    def data_rows(self) -> Iterator[int]:
        """Rows from 0 that hold data: not the blank ones, nor signatures and notes below the table."""
        known = list(self.columns.values())
        for index in range(self.header + 1, len(self.sheet.rows)):
            row = self.sheet.rows[index]
            if not all(is_blank(row[column]) for column in known) and not self._is_margin(index):
                yield index

    def _is_margin(self, index: int) -> bool:
        row = self.sheet.rows[index]
        present = sum(self.cell(index, column) is not None for column in SHEETS[self.title][1])
        if present * 2 > len(SHEETS[self.title][1]):
            return False
        texts = [plain(cell[:60] if isinstance(cell, str) else cell) for cell in row if not is_blank(cell)]
        return any(_BELOW.fullmatch(text) for text in texts)


def find_table(workbook: Workbook, title: str) -> SheetTable | tuple[int, Message] | None:
    """The table of a sheet; else what is missing with the row it is missed in; None: it may be absent."""
    sheet = next((each for each in workbook.sheets if plain(each.name) == title), None)
    if sheet is None:
        return None if title in OPTIONAL else (1, message(N_("没有工作表“%(sheet)s”"), sheet=message(title)))
    columns, needed = SHEETS[title]
    best: tuple[int, dict[str, int]] = (0, {})
    for index, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        found: dict[str, int] = {}
        for place, cell in enumerate(row):
            name = _header(cell)
            if name in columns:
                found.setdefault(name, place)
            elif title == LESSONS and name in TEACHER_NAMES:
                found.setdefault(NAME, place)
        if len(found) > len(best[1]):
            best = index, found
    header, found = best
    there = set(found) | ({"工号"} if title == LESSONS and NAME in found else set())
    missing = tuple(message(name) for name in columns if name in needed - there)
    if missing:
        return header + 1, message(N_("缺少列：%(columns)s"), columns=missing)
    return SheetTable(title, sheet, header, found)


def _header(cell: Cell) -> str:
    """A header for comparing: without spaces, marks and hints in brackets."""
    return _HINT.sub("", plain(cell)) if isinstance(cell, str) and len(cell) <= 60 else ""
