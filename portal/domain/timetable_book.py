"""The visiting timetable workbook (走教课表): rows of plain cells become a planning problem.

Nothing is guessed: a row that cannot be understood is a fault at its sheet and row (`课表!12`) and
stays out of everything else. Columns and sheets that nobody knows are named, and stay in the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from portal.domain import timetable_cells as cells
from portal.domain.planning_problem import Bell, Demand, PlanRow, PlanTeacher, Problem
from portal.domain.sheets import Workbook, plain
from portal.domain.timetable import EVERY_WEEK, Lesson, TeacherLimits
from portal.domain.timetable_cells import Names, Unreadable
from portal.domain.timetable_tables import (
    BELLS,
    DEMANDS,
    LESSONS,
    NAME,
    SHEETS,
    TEACHERS,
    UNCOVERED,
    WAYS,
    SheetTable,
    find_table,
)
from portal.domain.words import N_, Message, message

LAST_WEEKDAY = 5


@dataclass(frozen=True)
class Fault:
    """A row that cannot be understood, with everything that is wrong with it."""

    sheet: str
    row: int
    reasons: tuple[Message, ...]

    @property
    def key(self) -> str:
        """`课表!12`."""
        return f"{self.sheet}!{self.row}"

    @property
    def message(self) -> Message:
        """All reasons as one enumeration."""
        return message("%(reasons)s", reasons=self.reasons)


@dataclass(frozen=True)
class TimetableBook:
    """A workbook as read: the rows that are understood, the faults, and where the tables are."""

    workbook: Workbook
    problem: Problem
    faults: tuple[Fault, ...]
    tables: dict[str, SheetTable]

    @property
    def unknown_columns(self) -> tuple[tuple[str, str], ...]:
        """(sheet, header) of each column that is kept without being understood."""
        return tuple((title, header) for title, table in self.tables.items() for header in table.unknown)

    @property
    def unknown_sheets(self) -> tuple[str, ...]:
        """Sheets that are kept without being read."""
        known = {*SHEETS, UNCOVERED}
        return tuple(sheet.name for sheet in self.workbook.sheets if plain(sheet.name) not in known)


def read_timetable(workbook: Workbook) -> TimetableBook:
    """Everything a workbook says, with each fault at its place; never raises for what stands in cells."""
    return _Reader(workbook).read()


class _Reader:
    """Reads sheet after sheet, since later ones name what earlier ones define."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self.names = Names()
        self.faults: list[Fault] = []
        self.tables: dict[str, SheetTable] = {}
        self.bells: dict[tuple[str, str], Bell | None] = {}
        self.schools: set[str] = set()
        self.teachers: dict[str, PlanTeacher] = {}
        self.teacher_keys: set[str] = set()
        self.keys_by_name: dict[str, str] = {}

    def read(self) -> TimetableBook:
        """All five sheets in the order in which they depend on each other."""
        for title in SHEETS:
            self._find(title)
        self._each(BELLS, self._bell)
        travel: dict[tuple[str, str], int] = {}
        self._each(WAYS, partial(self._way, travel))
        self._each(TEACHERS, self._teacher)
        names = Counter(each.name for each in self.teachers.values())
        self.keys_by_name = {each.name: key for key, each in self.teachers.items() if names[each.name] == 1}
        rows: list[PlanRow] = []
        self._each(LESSONS, partial(self._lesson, rows))
        demands: dict[tuple, Demand] = {}
        self._each(DEMANDS, partial(self._demand, demands))
        problem = Problem(
            bells=tuple(bell for bell in self.bells.values() if bell),
            travel=travel,
            teachers=tuple(self.teachers.values()),
            rows=tuple(rows),
            demands=tuple(demands.values()),
        )
        order = {title: index for index, title in enumerate(SHEETS)}
        self.faults.sort(key=lambda fault: (order[fault.sheet], fault.row))
        return TimetableBook(self.workbook, problem, tuple(self.faults), self.tables)

    def _find(self, title: str) -> None:
        found = find_table(self.workbook, title)
        if isinstance(found, SheetTable):
            self.tables[title] = found
        elif found:
            row, reason = found
            self.faults.append(Fault(title, row, (reason,)))

    def _each(self, title: str, read: Callable[[_Row], None]) -> None:
        table = self.tables.get(title)
        if table is None:
            return
        for index in table.data_rows():
            row = _Row(table, index)
            read(row)
            if row.reasons:
                self.faults.append(Fault(title, index + 1, tuple(row.reasons)))

    def _bell(self, row: _Row) -> None:
        school = row.needed("学校", self.names)
        period = row.needed("节次", cells.read_period)
        start = row.needed("开始", cells.read_clock)
        end = row.needed("结束", cells.read_clock)
        if school is not None:
            self.schools.add(school)
        if school is None or period is None:
            return
        key = (school, str(period))
        if key in self.bells:
            row.fault(N_("%(school)s第%(period)s节写了两次"), school=school, period=period)
            return
        self.bells[key] = None  # a broken bell is one fault, not one for each lesson of it
        if start is None or end is None:
            return
        if end <= start:
            row.fault(N_("结束不晚于开始"))
            return
        self.bells[key] = Bell(school, period, start, end)

    def _way(self, travel: dict[tuple[str, str], int], row: _Row) -> None:
        origin, destination = self._school(row, "甲校"), self._school(row, "乙校")
        minutes = row.needed("分钟", partial(cells.read_count, most=24 * 60))
        if origin is None or destination is None or minutes is None:
            return
        if origin == destination:
            row.fault(N_("甲校和乙校是同一所学校"))
        elif (origin, destination) in travel:
            row.fault(N_("%(origin)s到%(destination)s的路程写了两次"), origin=origin, destination=destination)
        else:
            travel[origin, destination] = minutes

    def _teacher(self, row: _Row) -> None:
        key = row.needed("工号", self.names)
        home = self._school(row, "本校")
        week = row.optional("周课时上限", cells.read_count)
        days = row.optional("每周走教日上限", cells.read_count)
        half_days = row.optional("可用半天", cells.read_half_days)
        subjects = row.optional("学科", partial(cells.read_names, self.names)) or ()
        if key is None:
            return
        if key in self.teacher_keys:
            row.fault(N_("工号%(key)s写了两次"), key=key)
            return
        self.teacher_keys.add(key)
        if not row.reasons:
            limits = TeacherLimits(home, week, days, half_days)
            name = row.optional("姓名", self.names) or ""
            self.teachers[key] = PlanTeacher(key, name, frozenset(subjects), limits)

    def _lesson(self, rows: list[PlanRow], row: _Row) -> None:
        column, _cell = row.table.teacher(row.index)
        teacher = row.optional(column, self.names)
        if column == NAME and teacher not in self.teacher_keys:
            teacher = self.keys_by_name.get(teacher, teacher)
        if teacher is not None and teacher not in self.teacher_keys:
            row.fault(N_("工作表“教师”里没有工号%(key)s"), key=teacher)
        school = self._school(row, "学校")
        classes = row.optional("班级", partial(cells.read_names, self.names)) or ()
        subject = row.optional("学科", self.names) or ""
        weekday = row.needed("星期", partial(cells.read_weekday, last=LAST_WEEKDAY))
        period = row.needed("节次", cells.read_period)
        locked = row.optional("锁定", cells.read_yes_no) or False
        weeks = row.weeks("周次")
        if teacher is None and not classes and not row.reasons:
            row.fault(N_("工号和班级都是空的"))
        bell = self._period(row, school, period)
        if row.reasons or bell is None:
            return
        lesson = Lesson(
            row=row.index + 1,
            teacher=teacher,
            school=school,
            classes=classes,
            subject=subject,
            weekday=weekday,
            period=bell.period,
            start=bell.start,
            end=bell.end,
            weeks=weeks,
        )
        rows.append(PlanRow(lesson, locked))

    def _demand(self, demands: dict[tuple, Demand], row: _Row) -> None:
        school = self._school(row, "学校")
        classes = row.needed("班级", partial(cells.read_names, self.names))
        subject = row.needed("学科", self.names)
        periods = row.needed("周课时", cells.read_count)
        daily = row.optional("每天最多", cells.read_count)
        if school is None or not classes or subject is None:
            return
        key = (school, frozenset(classes), subject)
        if key in demands:
            row.fault(N_("与第%(row)s行是同一个需求"), row=demands[key].row)
            return
        broken = bool(row.reasons)
        demands[key] = Demand(
            row=row.index + 1,
            school=school,
            classes=classes,
            subject=subject,
            periods=0 if broken else periods,
            daily=1 if daily is None else daily,
        )

    def _school(self, row: _Row, column: str) -> str | None:
        school = row.needed(column, self.names)
        if school is not None and school not in self.schools:
            row.fault(N_("工作表“节次”里没有学校%(school)s"), school=school)
            return None
        return school

    def _period(self, row: _Row, school: str | None, period: int | str | None) -> Bell | None:
        if school is None or period is None:
            return None
        key = (school, str(period))
        if key not in self.bells:
            row.fault(N_("%(school)s没有第%(period)s节"), school=school, period=period)
            return None
        return self.bells[key]


class _Row:
    """One row while it is read; what is wrong with it gathers in `reasons`."""

    def __init__(self, table: SheetTable, index: int) -> None:
        self.table = table
        self.index = index
        self.reasons: list[Message] = []

    def fault(self, template: str, **params: object) -> None:
        """Note what is wrong."""
        self.reasons.append(message(template, **params))

    def needed(self, column: str, read: Callable) -> object:
        """The value of a cell that must say something; None after a fault."""
        value = self.optional(column, read)
        if value is None and not self._noted(column):
            self.fault(N_("“%(column)s”是空的"), column=message(column))
        return value

    def optional(self, column: str, read: Callable) -> object:
        """The value of a cell, None when it is empty or, with a fault, unreadable."""
        cell = self.table.cell(self.index, column)
        if cell is None:
            return None
        try:
            return read(cell)
        except Unreadable:
            self.fault(N_("“%(column)s”看不懂：%(value)s"), column=message(column), value=cells.shown(cell))
            return None

    def weeks(self, column: str) -> object:
        """The weeks of a lesson; an empty cell is every week."""
        cell = self.table.cell(self.index, column)
        return self.optional(column, cells.read_weeks) if cell is not None else EVERY_WEEK

    def _noted(self, column: str) -> bool:
        return any(dict(reason.params).get("column") == message(column) for reason in self.reasons)
