"""A plan as sheets: 课表 completed, 未满足 added, everything else as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal.domain.planning_problem import Added, Demand, Plan, Shortfall
from portal.domain.sheets import Cell, Sheet, cell_text, plain
from portal.domain.timetable_book import TimetableBook
from portal.domain.timetable_tables import LESSONS, SHEETS, TEACHERS, UNCOVERED, SheetTable
from portal.domain.words import N_, Message, message

UNCOVERED_COLUMNS = (N_("学校"), N_("班级"), N_("学科"), N_("未排课时"), N_("原因"))
VISIT, NOT_LOCKED = "走教", "否"


@dataclass(frozen=True)
class PlannedSheet:
    """A sheet to write; `header` is the row of its table's header, where it has one."""

    sheet: Sheet
    header: int | None


def planned_sheets(book: TimetableBook, plan: Plan) -> tuple[PlannedSheet, ...]:
    """All sheets of the workbook in their order; 未满足 stands last, a former one goes."""
    sheets = []
    tables = {table.sheet.name: table for table in book.tables.values()}
    for sheet in book.workbook.sheets:
        table = tables.get(sheet.name)
        if plain(sheet.name) == UNCOVERED:
            continue
        if table and table.title == LESSONS:
            sheet = completed(book, plan)
        sheets.append(PlannedSheet(sheet, table.header if table else None))
    sheets.append(PlannedSheet(Sheet(UNCOVERED, _uncovered_rows(book.problem.demands, plan)), 0))
    return tuple(sheets)


def completed(book: TimetableBook, plan: Plan) -> Sheet:
    """Sheet 课表 with the plan: moved rows in their places, dropped ones gone, new ones after the last.

    A moved row keeps its cells in columns that the format does not know. Ranges merged in the table's
    body fall apart into their cells, each with the value.
    """
    table = _with_all_columns(book.tables[LESSONS])
    numbers = _numbers(book)
    demands = book.problem.demands
    moved = {each.replaces: each for each in plan.added if each.replaces is not None}
    dropped = set(plan.dropped)
    last = max((row.lesson.row for row in book.problem.rows), default=table.header + 1)
    rows: list[list[Cell]] = []
    for number, cells in enumerate(table.sheet.rows, start=1):
        if number in moved:
            rows.append(_filled(table, cells, moved[number], demands, numbers))
        elif number not in dropped:
            rows.append(cells)
        if number == last:
            empty: list[Cell] = [None] * table.sheet.width
            rows += [
                _filled(table, empty, each, demands, numbers) for each in plan.added if each.replaces is None
            ]
    above = {place: origin for place, origin in table.sheet.filled.items() if place[0] <= table.header}
    return Sheet(table.sheet.name, rows, above, table.sheet.visible)


def _filled(
    table: SheetTable,
    cells: list[Cell],
    each: Added,
    demands: tuple[Demand, ...],
    numbers: dict[str, Cell],
) -> list[Cell]:
    """A row of 课表 that says what the plan adds."""
    demand = demands[each.demand]
    values: dict[str, Cell] = {
        "工号": numbers.get(each.teacher, each.teacher),
        "学校": demand.school,
        "班级": ";".join(demand.classes),
        "学科": demand.subject,
        "星期": each.weekday,
        "节次": each.period,
        "类型": VISIT,
        "锁定": NOT_LOCKED,
        "周次": None,
    }
    row = list(cells)
    for column, value in values.items():
        row[table.columns[column]] = value
    return row


def _with_all_columns(table: SheetTable) -> SheetTable:
    """The table with every column of the format, since the new rows need them."""
    missing = [column for column in SHEETS[LESSONS][0] if column not in table.columns]
    if not missing:
        return table
    width = table.sheet.width
    rows = [
        [*row, *(missing if index == table.header else [None] * len(missing))]
        for index, row in enumerate(table.sheet.rows)
    ]
    columns = table.columns | {column: width + index for index, column in enumerate(missing)}
    return replace(table, sheet=replace(table.sheet, rows=rows), columns=columns)


def _numbers(book: TimetableBook) -> dict[str, Cell]:
    """工号 -> the cell as it stands in 教师: a number stays a number."""
    table = book.tables[TEACHERS]
    cells = (table.cell(index, "工号") for index in table.data_rows())
    return {cell_text(cell): cell for cell in cells if cell is not None}


def _uncovered_rows(demands: tuple[Demand, ...], plan: Plan) -> list[list[Cell]]:
    rows: list[list[Cell]] = [list(UNCOVERED_COLUMNS)]
    for shortfall in plan.uncovered:
        demand = demands[shortfall.demand]
        rows.append(
            [
                demand.school,
                ";".join(demand.classes),
                demand.subject,
                shortfall.missing,
                str(why_uncovered(shortfall)),
            ]
        )
    return rows


def why_uncovered(shortfall: Shortfall) -> Message:
    """Reasons and what would help, as one text."""
    parts = [*shortfall.reasons]
    parts += [
        message(N_("若%(change)s，可补上%(periods)s节"), change=each.change, periods=each.periods)
        for each in shortfall.unlocks
    ]
    template = "；".join(f"%(part{index})s" for index in range(len(parts)))
    return Message(template, tuple((f"part{index}", part) for index, part in enumerate(parts)))
