"""A roster (名册): a workbook in, teachers and schools out, with every problem at its cell.

A row with an error stays out and the rest can be loaded; a warning keeps nothing out. Of a person who
stands in the roster twice the first row counts. docs/roster-format.md tells the whole format.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.domain.roster_columns import Column, Layout, SheetChoice, find_layout
from portal.domain.roster_problems import Problem, Skipped, problem, warning
from portal.domain.roster_rows import (
    AppointmentRow,
    ConditionRow,
    Row,
    SchoolRow,
    ServiceRow,
    SubjectStaffingRow,
    TeacherRow,
    typed,
)
from portal.domain.roster_sheets import (
    APPOINTMENTS,
    CONDITIONS,
    SCHOOLS,
    SERVICES,
    SUBJECT_STAFFING,
    TEACHERS,
)
from portal.domain.roster_tables import Table, TableRow
from portal.domain.sheets import Sheet, Workbook, cell_name, cell_text, is_blank, plain

#: A roster for the coming term is filled in before the term begins, so its newcomers join a little later.
JOINING_SOON = timedelta(days=62)
WORKING_AGES = range(16, 76)

_NOTES_SHEET = re.compile("(填表|填写|填报|使用|导入)?(说明|须知)|(数据)?字典|代码表|下拉.*")
_UNIT = re.compile(
    r"(?:填报|填表|上报|报送)?(?:单位|学校)(?:名称)?[:：]\s*([^\s(（:：]{2,40}?)\s*(?:[(（]|\s|$)"
)
_SCHOOL_NAME = re.compile(r".{1,30}(小学|中学|学校|幼儿园|小|中|幼|一校|分校|校区|教学点)")


@dataclass(frozen=True)
class SheetReading:
    """How one sheet was understood. Header rows count from 1; without `kind` the sheet was not read."""

    name: str
    kind: str | None
    header_rows: tuple[int, int] | None = None
    columns: tuple[Column, ...] = ()
    rows: int = 0

    @property
    def fields(self) -> frozenset[str]:
        """The keys of the facts that this sheet speaks of."""
        return frozenset(column.field for column in self.columns if column.field)


@dataclass(frozen=True)
class LeftOut:
    """A row of the sheet 教师 that stays out: enough to know whom it speaks of."""

    sheet: str
    row: int
    staff_no: str | None
    name: str | None
    school_name: str | None


@dataclass(frozen=True)
class RosterReading:
    """All that a workbook says. `left_out` are the teachers' rows with an error."""

    filename: str
    sheets: tuple[SheetReading, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    teachers: tuple[TeacherRow, ...] = ()
    schools: tuple[SchoolRow, ...] = ()
    subject_staffing: tuple[SubjectStaffingRow, ...] = ()
    services: tuple[ServiceRow, ...] = ()
    appointments: tuple[AppointmentRow, ...] = ()
    conditions: tuple[ConditionRow, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep rows out."""
        return tuple(found for found in self.problems if found.is_error)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that keep nothing out."""
        return tuple(found for found in self.problems if not found.is_error)

    @property
    def mapping(self) -> dict[str, dict[int, str]]:
        """Sheet name -> column index -> field key, as it was used."""
        return {
            sheet.name: {column.index: column.field for column in sheet.columns if column.field}
            for sheet in self.sheets
        }

    def fields_of(self, kind: str) -> frozenset[str]:
        """The facts that the sheets of a kind speak of."""
        return frozenset().union(*(sheet.fields for sheet in self.sheets if sheet.kind == kind))


@dataclass
class _Found:
    """What is gathered sheet by sheet."""

    sheets: list[SheetReading] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def read_roster(
    workbook: Workbook,
    *,
    today: date,
    choices: Mapping[str, SheetChoice] | None = None,
    default_school: str | None = None,
) -> RosterReading:
    """Read a roster; `choices` (by sheet name) overrule what was found by meaning.

    `default_school` is the school of a sheet of teachers without such a column; else the sheet's own
    name or the line 填报单位 above the table serves, with a warning.
    """
    found = _Found()
    for sheet in workbook.sheets:
        _read_sheet(sheet, (choices or {}).get(sheet.name, SheetChoice()), default_school, found)
    if not found.tables:
        first = workbook.sheets[0].name if workbook.sheets else ""
        found.problems.append(problem("no_table", sheet=first))
    of = {
        kind: [table for table in found.tables if table.kind.key == kind]
        for kind in (TEACHERS, SCHOOLS, SUBJECT_STAFFING, SERVICES, APPOINTMENTS, CONDITIONS)
    }
    for table in of[TEACHERS]:
        _check_teachers(table, today)
    _check_persons_twice(of[TEACHERS])
    _check_twice(of[SCHOOLS], ("school_name",), "school_twice")
    _check_twice(of[SUBJECT_STAFFING], ("school_name", "subject"), "subject_twice")
    _check_listed(of[TEACHERS] + of[SUBJECT_STAFFING], of[SCHOOLS])
    persons = of[SERVICES] + of[APPOINTMENTS] + of[CONDITIONS]
    _check_persons_known(persons, of[TEACHERS])
    for table in persons:
        _check_order(table)
    problems = found.problems + [item for table in found.tables for item in table.problems]
    order = {sheet.name: number for number, sheet in enumerate(workbook.sheets)}
    return RosterReading(
        filename=workbook.filename,
        sheets=tuple(found.sheets),
        problems=tuple(sorted(problems, key=lambda item: (order.get(item.sheet, -1), item.row or 0))),
        skipped=tuple(found.skipped + [item for table in found.tables for item in table.skipped]),
        left_out=tuple(_left_out(of[TEACHERS])),
        **{kind: tuple(_loadable(tables)) for kind, tables in of.items()},
    )


def _read_sheet(sheet: Sheet, choice: SheetChoice, default_school: str | None, found: _Found) -> None:
    layout = None
    if not sheet.visible:
        reason = "hidden"
    elif not any(not is_blank(cell) for row in sheet.rows for cell in row):
        reason = "empty"
    elif choice.kind is None and _NOTES_SHEET.fullmatch(plain(sheet.name)):
        reason = "note"
    else:
        reason = "unrecognised"
        layout = find_layout(sheet, choice)
    if layout is None:
        found.sheets.append(SheetReading(sheet.name, None))
        found.skipped.append(Skipped(sheet.name, None, reason))
        return
    table = Table(sheet, layout)
    school = None
    if layout.kind.key == TEACHERS and "school_name" not in layout.of:
        school = default_school or _assumed_school(sheet, layout, table)
    table.read(fallback_school=school)
    found.tables.append(table)
    found.sheets.append(
        SheetReading(
            sheet.name, layout.kind.key, (layout.first + 1, layout.last + 1), layout.columns, len(table.rows)
        )
    )


def _assumed_school(sheet: Sheet, layout: Layout, table: Table) -> str | None:
    """The school that a roster of one school names outside its table, with a warning where it was found."""
    if _SCHOOL_NAME.fullmatch(cell_text(sheet.name)):
        table.problems.append(warning("school_assumed", sheet=sheet.name, school=cell_text(sheet.name)))
        return cell_text(sheet.name)
    for row in range(layout.first):
        for column, cell in enumerate(sheet.rows[row]):
            match = _UNIT.search(str(cell)[:200]) if isinstance(cell, str) else None
            if match and (row, column) not in sheet.filled:
                table.problems.append(
                    warning(
                        "school_assumed",
                        sheet=sheet.name,
                        row=row + 1,
                        cell=cell_name(row, column),
                        field="school_name",
                        school=match[1],
                    )
                )
                return match[1]
    return None


def _loadable(tables: Iterable[Table]) -> Iterable[Row]:
    return (
        typed(table.kind.key, table.sheet.name, row)
        for table in tables
        for row in table.rows
        if not row.faulty
    )


def _left_out(tables: Iterable[Table]) -> Iterable[LeftOut]:
    return (
        LeftOut(
            table.sheet.name,
            row.number,
            row.values.get("staff_no"),
            row.values.get("name"),
            row.values.get("school_name"),
        )
        for table in tables
        for row in table.rows
        if row.faulty
    )


def _check_teachers(table: Table, today: date) -> None:
    """Dates against today and each other, and the identity number against what it repeats."""
    for row in table.rows:
        born, joined = row.values.get("born_on"), row.values.get("joined_on")
        if born and born > today:
            table.fault(row, "born_in_future", "born_on")
        elif born and (age := _age(born, today)) not in WORKING_AGES:
            table.doubt(row, "born_unlikely", "born_on", age=age)
        if joined and joined > today + JOINING_SOON:
            table.fault(row, "joined_in_future", "joined_on")
        elif joined and joined > today:
            table.doubt(row, "joined_soon", "joined_on")
        if joined and born and joined <= born:
            table.fault(row, "joined_before_born", "joined_on")


def _check_identity(table: Table, row: TableRow) -> None:
    """Doubts where birth or sex contradict the identity number; a row that stays out raises none."""
    number, born = row.values.get("identity_no"), row.values.get("born_on")
    if not number or len(number) != 18:
        return
    # A birth date given as a month stands for its first day, so the day is compared only when it is another.
    digits = born.strftime("%Y%m%d") if born else ""
    if (born and number[6:12] != digits[:6]) or (born and born.day != 1 and number[6:14] != digits):
        table.doubt(row, "identity_born_differs", "born_on")
    if (row.values.get("sex") == "male") != (int(number[16]) % 2 == 1):
        table.doubt(row, "identity_sex_differs", "sex")


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _check_persons_twice(tables: Iterable[Table]) -> None:
    """The same 工号 or identity number, or the same name at a school without 工号 to tell two people apart.

    The first row counts and the second is the fault; where the first has a fault itself, the second loads.
    """
    staff: dict[str, TableRow] = {}
    identities: dict[str, TableRow] = {}
    names: dict[tuple[str, str], TableRow] = {}
    for table in tables:
        for row in table.rows:
            name, school = row.values.get("name"), row.values.get("school_name")
            number, identity = row.values.get("staff_no"), row.values.get("identity_no")
            same = names.get((name, plain(school))) if name and school else None
            if identity and identity in identities:
                _twice(table, row, identities[identity], "person_twice", "name")
            elif number and number in staff:
                code = "person_twice" if staff[number].values.get("name") == name else "staff_no_twice"
                _twice(table, row, staff[number], code, "staff_no")
            elif same and not (number and same.values.get("staff_no")):
                other = same.values.get("identity_no")
                differ = identity and other and identity != other
                alike = (
                    not differ
                    and row.values.get("born_on") == same.values.get("born_on")
                    and row.values.get("born_on")
                )
                _twice(table, row, same, "person_twice" if alike else "same_name", "name")
            if not row.faulty:
                _check_identity(table, row)
                if number:
                    staff.setdefault(number, row)
                if identity:
                    identities.setdefault(identity, row)
                if name and school:
                    names.setdefault((name, plain(school)), row)


def _twice(table: Table, row: TableRow, first: TableRow, code: str, key: str) -> None:
    table.fault(row, code, key, first=first.number)


def _check_twice(tables: Iterable[Table], keys: tuple[str, ...], code: str) -> None:
    seen: dict[tuple[str, ...], TableRow] = {}
    for table in tables:
        for row in table.rows:
            key = tuple(plain(row.values.get(name)) for name in keys)
            if row.faulty or not all(key):
                continue
            if key in seen:
                table.fault(row, code, keys[-1], first=seen[key].number)
            else:
                seen[key] = row


def _check_listed(tables: Iterable[Table], schools: list[Table]) -> None:
    """A school that the sheet 学校 does not list is named once: often it is a slip of the pen."""
    listed = {plain(row.values.get("school_name")) for table in schools for row in table.rows}
    if not listed:
        return
    for table in tables:
        for row in table.rows:
            name = plain(row.values.get("school_name"))
            if name and name not in listed and not row.faulty and "school_name" in table.at:
                table.doubt(row, "school_unlisted", "school_name")
                listed.add(name)


def _check_persons_known(tables: Iterable[Table], teachers: list[Table]) -> None:
    """Rows of 经历, 聘期 and 情形 name somebody; who is not in this workbook may be known to the portal."""
    numbers = {row.values.get("staff_no") for table in teachers for row in table.rows}
    names: dict[object, int] = {}
    for table in teachers:
        for row in table.rows:
            names[row.values.get("name")] = names.get(row.values.get("name"), 0) + 1
    for table in tables:
        for row in table.rows:
            number, name = row.values.get("staff_no"), row.values.get("name")
            if number is None and name is None:
                table.fault(row, "person_unnamed", "staff_no")
            elif number is None and names.get(name, 0) > 1:
                table.fault(row, "person_ambiguous", "name")
            elif teachers and (number not in numbers if number else name not in names):
                table.doubt(row, "person_unknown", "staff_no" if number else "name")


def _check_order(table: Table) -> None:
    for row in table.rows:
        start, end = row.values.get("starts_on"), row.values.get("ends_on")
        if start and end and end < start:
            table.fault(row, "ends_before_start", "ends_on")
