"""The rows of a roster's table: which are data, and what their cells say."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from portal.domain.roster_columns import Column, Layout
from portal.domain.roster_fields import Field
from portal.domain.roster_problems import Problem, Skipped, masked, problem, warning, without_numbers
from portal.domain.roster_values import WARNING
from portal.domain.sheets import Sheet, cell_name, cell_text, column_letters, is_blank, plain
from portal.domain.words import message

LONGEST_SHOWN = 60

_TOTAL = re.compile(r"(合计|总计|小计|共计|总共|本页合计|本页小计|累计|汇总)[:(（]?.*")
_COUNT = re.compile(r"共?计?\d+(人|名|位)")
_SIGNATURE = re.compile(
    r"(填表|制表|填报|审核|审批|复核|经办|联系|负责|校长|园长|单位|主管)(人|单位|学校|日期|时间|领导|签名|签字|盖章|电话|负责人)*"
    r"(\([^()]*\))?:.*|.*\((盖章|公章|签名|签字|签章)\).*|(日期|年月日|联系电话|电话|时间)(:.*)?|盖章.*|公章.*"
)
_DATE_LINE = re.compile(r"(\d{4})?年\d*月\d*日?")
_NOTE = re.compile(r"(注|备注|说明|填表说明|注意|附)\d*[:：.、].*")
_LONGEST_MATCHED = 200
_EXAMPLE = re.compile(r"示例|例:|\(例\)|样例")


@dataclass
class TableRow:
    """One row of data: `values` by field key (absent: no such column)."""

    index: int
    values: dict[str, object] = field(default_factory=dict)
    extras: dict[str, str] = field(default_factory=dict)
    faults: set[str] = field(default_factory=set)

    @property
    def faulty(self) -> bool:
        """Whether the row stays out; `faults` names the fields that are wrong."""
        return bool(self.faults)

    @property
    def number(self) -> int:
        """The row as the spreadsheet numbers it."""
        return self.index + 1


class Table:
    """The body of one table, read cell by cell; problems and passed-over rows are collected beside it."""

    def __init__(self, sheet: Sheet, layout: Layout) -> None:
        self.sheet = sheet
        self.layout = layout
        self.kind = layout.kind
        self.at = layout.of
        self.problems: list[Problem] = []
        self.skipped: list[Skipped] = []
        self.rows: list[TableRow] = []
        #: Cells merged sideways: below the header they are remarks, not data.
        self.banners = {origin for (row, column), origin in sheet.filled.items() if column != origin[1]}

    def read(self, *, fallback_school: str | None = None) -> None:
        """Read every row after the header.

        `fallback_school` stands in for a missing column 学校 of the sheet 教师.
        """
        self._note_title()
        self._note_columns()
        indices = self._data_rows()
        missing = self._missing_columns(fallback_school)
        filled = self._fill_schools(indices)
        for index in indices:
            row = TableRow(index)
            for column in self.layout.columns:
                if column.field:
                    self._read_cell(row, self.kind.field(column.field), column.index)
                elif column.is_kept and (text := cell_text(self.sheet.down(index, column.index))):
                    row.extras[_label(column)] = text
            if index in filled:
                row.values["school_name"] = filled[index]
            elif fallback_school and "school_name" not in self.at:
                row.values["school_name"] = fallback_school
            self._require(row, missing)
            self.rows.append(row)

    def fault(self, row: TableRow, code: str, key: str, **params: object) -> None:
        """An error at the row's cell of that column: the row stays out."""
        row.faults.add(key)
        self.problems.append(problem(code, **self._where(row.index, key), **params))

    def doubt(self, row: TableRow, code: str, key: str, **params: object) -> None:
        """A warning at the row's cell of that column."""
        self.problems.append(warning(code, **self._where(row.index, key), **params))

    def _where(self, index: int, key: str) -> dict:
        where = {"sheet": self.sheet.name, "row": index + 1, "field": key}
        if key in self.at:
            text = cell_text(self.sheet.rows[index][self.at[key]])[:LONGEST_SHOWN]
            where["value"] = masked(text) if self.kind.field(key).sensitive else without_numbers(text)
            where["cell"] = cell_name(index, self.at[key])
        return where

    def _read_cell(self, row: TableRow, column: Field, index: int) -> None:
        cell = self.sheet.down(row.index, index)
        reading = column.read(cell)
        value = column.blank if reading.value is None and reading.code is None else reading.value
        row.values[column.key] = value
        if reading.code is None:
            return
        params = dict(reading.params)
        if reading.code == "choice_unknown":
            params |= {"column": message(column.header), "choices": column.choices}
        if reading.severity == WARNING:
            self.doubt(row, reading.code, column.key, **params)
            if reading.value is None and not column.sensitive:
                # What could not be read is kept as it was written.
                row.extras[column.header] = cell_text(cell)
        else:
            self.fault(row, reading.code, column.key, **params)

    def _require(self, row: TableRow, missing: list[Field]) -> None:
        """Needed facts; a cell that is faulty already is not also empty."""
        row.faults.update(column.key for column in missing)
        for column in self.kind.fields:
            if column.needed and column.key not in row.faults and row.values.get(column.key) is None:
                self.fault(row, "empty", column.key, column=message(column.header))

    def _missing_columns(self, fallback_school: str | None) -> list[Field]:
        missing = [
            column
            for column in self.kind.fields
            if column.needed
            and column.key not in self.at
            and not (column.key == "school_name" and fallback_school)
        ]
        for column in missing:
            self.problems.append(
                problem(
                    "column_missing",
                    sheet=self.sheet.name,
                    row=self.layout.last + 1,
                    field=column.key,
                    column=message(column.header),
                )
            )
        return missing

    def _fill_schools(self, indices: list[int]) -> dict[int, str]:
        """Schools written once above their teachers without merging (as in CSV): row -> school.

        Only where most rows have none; one forgotten school is a fault of its row.
        """
        if "school_name" not in self.at or self.kind.key != "teachers":
            return {}
        column = self.at["school_name"]
        blank = {index for index in indices if is_blank(self.sheet.down(index, column))}
        if len(blank) * 2 <= len(indices) or not indices or indices[0] in blank:
            return {}
        filled: dict[int, str] = {}
        groups: list[list[int]] = []
        school = ""
        for index in indices:
            if index not in blank:
                school = cell_text(self.sheet.down(index, column))
                groups.append([])
            else:
                filled[index] = school
                groups[-1].append(index)
        for group in filter(None, groups):
            self.problems.append(
                warning(
                    "school_filled_down",
                    sheet=self.sheet.name,
                    row=group[0] + 1,
                    cell=cell_name(group[0], column),
                    field="school_name",
                    school=filled[group[0]],
                    count=len(group),
                )
            )
        return filled

    def _note_title(self) -> None:
        for index in range(self.layout.first):
            text = next((cell_text(cell) for cell in self.sheet.rows[index] if not is_blank(cell)), "")
            if text:
                self.skipped.append(
                    Skipped(self.sheet.name, index + 1, "title", without_numbers(text)[:LONGEST_SHOWN])
                )

    def _note_columns(self) -> None:
        for column in self.layout.columns:
            if not column.is_kept:
                continue
            where = {
                "sheet": self.sheet.name,
                "row": self.layout.last + 1,
                "cell": cell_name(self.layout.last, column.index),
                "value": column.header[:LONGEST_SHOWN],
            }
            if column.how == "unknown":
                self.problems.append(warning("column_unknown", **where))
            else:
                self.problems.append(warning("column_twice", column=column_letters(column.same_as), **where))

    def _data_rows(self) -> list[int]:
        """Indices of the rows that hold data; all others are noted with their reason."""
        passed: list[Skipped] = []
        indices: list[int] = []
        for index in range(self.layout.last + 1, len(self.sheet.rows)):
            reason = self._reason(index)
            if reason is None:
                self.skipped += passed
                passed = []
                indices.append(index)
            else:
                texts = (cell_text(cell) for cell in self.sheet.rows[index] if not is_blank(cell))
                text = "" if reason == "blank" else "  ".join(dict.fromkeys(texts))
                passed.append(
                    Skipped(self.sheet.name, index + 1, reason, without_numbers(text)[:LONGEST_SHOWN])
                )
        # Blank rows below the last line of data are no news.
        self.skipped += [skip for skip in passed if skip.reason != "blank"]
        return indices

    def _reason(self, index: int) -> str | None:
        """Why a row is no data: a key of `SKIPPED`, or None."""
        if self._is_person(index):
            return "example" if self._is_example(index, self._own(index, first=3)) else None
        own = self._own(index)
        if not own:
            return "blank"
        serial = {column.index for column in self.layout.columns if column.how == "serial"}
        if set(own) <= serial and all(text.isdigit() for text in own.values()):
            return "numbered"
        checks: tuple[tuple[str, Callable[[int, dict[int, str]], bool]], ...] = (
            ("header", self._is_header),
            ("numbering", self._is_numbering),
            ("example", self._is_example),
            ("total", self._is_total),
            ("signature", self._is_signature),
            ("note", self._is_note),
        )
        return next((reason for reason, check in checks if check(index, own)), None)

    def _own(self, index: int, *, first: int | None = None) -> dict[int, str]:
        """column -> text of the cells (the first few of them) that were written in this row itself."""
        own: dict[int, str] = {}
        for column in range(self.sheet.width):
            if not is_blank(cell := self.sheet.own(index, column)):
                own[column] = plain(cell[:_LONGEST_MATCHED] if isinstance(cell, str) else cell)
                if len(own) == first:
                    break
        return own

    def _is_header(self, index: int, own: dict[int, str]) -> bool:
        header = {column: plain(self.sheet.rows[self.layout.last][column]) for column in own}
        return len(own) > 1 and own == header

    def _is_numbering(self, _index: int, own: dict[int, str]) -> bool:
        texts = list(own.values())
        return len(texts) >= 4 and texts == [str(number) for number in range(1, len(texts) + 1)]

    def _is_example(self, _index: int, own: dict[int, str]) -> bool:
        return any(_EXAMPLE.search(text) for text in list(own.values())[:3])

    def _is_person(self, index: int) -> bool:
        """A row with a readable sex is a person, whatever else it says in the margin."""
        if "sex" not in self.at:
            return False
        return self.kind.field("sex").read(self.sheet.down(index, self.at["sex"])).value is not None

    def _is_total(self, _index: int, own: dict[int, str]) -> bool:
        name = own.get(self.at.get("name", -1), "")
        first = next(iter(own.values()))
        return bool(_TOTAL.fullmatch(first) or _TOTAL.fullmatch(name) or _COUNT.fullmatch(name))

    def _is_signature(self, _index: int, own: dict[int, str]) -> bool:
        remark = self.at.get("remark")
        return any(_SIGNATURE.fullmatch(text) for column, text in own.items() if column != remark)

    def _is_note(self, index: int, own: dict[int, str]) -> bool:
        if len(own) > 2:
            return False
        column, text = next(iter(own.items()))
        if _NOTE.fullmatch(text):
            return True
        return len(own) == 1 and bool(
            (index, column) in self.banners or len(text) > 12 or _DATE_LINE.fullmatch(text)
        )


def _label(column: Column) -> str:
    return column.header or column.letters
