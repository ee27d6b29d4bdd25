"""What the pages of an import show: pages of its problems and effects, the mapping of one sheet."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _

from portal import roster_words
from portal.actions.roster import choices_of
from portal.domain.roster import SheetReading
from portal.domain.roster_columns import Column, SheetChoice
from portal.domain.roster_fields import IGNORE
from portal.domain.roster_plan import RosterPlan
from portal.domain.roster_problems import SKIPPED
from portal.domain.roster_sheets import KIND, KINDS, TEACHERS
from portal.domain.words import N_

PAGE = 50
VIEWS = ("problems", "changes", "columns")
# How sure the meaning of a column is: (kind of tag, message id).
SURENESS = {
    "exact": ("done", N_("有把握")),
    "synonym": ("done", N_("有把握")),
    "pattern": ("wait", N_("按列名推断")),
    "values": ("wait", N_("按内容推断")),
    "user": ("info", N_("您选的")),
    "serial": ("plain", N_("序号")),
    "duplicate": ("open", N_("与%(column)s列重复")),
    "unknown": ("open", N_("不认识")),
}


@dataclass(frozen=True)
class Slice:
    """One page of a list that is whole in memory."""

    rows: list
    words: str
    newer: str | None
    older: str | None


def slice_of(rows, made) -> Slice:
    """The page of rows that the address asks for (`page`, from 1)."""
    rows, asked = list(rows), request.args.get("page", "1")
    last = max(1, -(-len(rows) // PAGE))
    number = min(max(int(asked) if asked.isdecimal() and len(asked) < 6 else 1, 1), last)
    shown = rows[(number - 1) * PAGE : number * PAGE]
    words = _("第 %(number)s 页，共 %(last)s 页", number=number, last=last) if last > 1 else ""

    def address(page: int) -> str:
        query = {**request.args.to_dict(), "page": page}
        return url_for("admin.roster", import_id=made.id, **query)

    return Slice(
        shown,
        words,
        address(number - 1) if number > 1 else None,
        address(number + 1) if number < last else None,
    )


def view_of(plan: RosterPlan) -> str:
    """The part of the preview to show: the one asked for, else where the user is needed first."""
    asked = request.args.get("view", "")
    if asked in VIEWS:
        return asked
    known = any(sheet.kind for sheet in plan.reading.sheets)
    if not known or any(found.code == "column_missing" for found in plan.errors):
        return "columns"
    return "problems" if plan.errors or plan.questions or plan.unknown_schools else "changes"


def asked_kind() -> str:
    """Which problems the address asks for: error, warning, or "" for all."""
    kind = request.args.get("kind", "")
    return kind if kind in ("error", "warning") else ""


def problems_of(problems, made) -> Slice:
    """The problems that the address asks for (`kind` error or warning), in words."""
    kind = asked_kind()
    chosen = [found for found in problems if not kind or found.kind == kind]
    page = slice_of(chosen, made)
    rows = [
        {
            "sheet": found.sheet,
            "place": found.cell or (_("第%(row)s行", row=found.row) if found.row else _("整张表")),
            "kind": found.kind,
            "value": found.value,
            "words": found.message.text(_),
        }
        for found in page.rows
    ]
    return Slice(rows, page.words, page.newer, page.older)


def groups_of(plan: RosterPlan) -> list[tuple[str, str, int]]:
    """The effects by kind with their number: (key, words, number), without empty ones."""
    counts = plan.counts
    groups = [
        ("new", _("新增"), counts["new"]),
        ("moved", _("调入"), counts["moved"]),
        ("changed", _("变更"), counts["changed"]),
        ("schools", _("学校"), counts["schools"]),
        ("missing", _("未列入名册"), counts["missing"]),
    ]
    return [group for group in groups if group[2]]


def changes_of(plan: RosterPlan, made, groups) -> tuple[str, Slice]:
    """The effects of one kind (`show`), field by field."""
    keys = [key for key, _words, _number in groups]
    asked = request.args.get("show", "")
    show = asked if asked in keys else (keys[0] if keys else "")
    if show == "schools":
        rows = [*_school_rows(plan)]
    elif show == "missing":
        rows = [
            {"name": each.name, "school": each.school_name, "place": "", "lines": []} for each in plan.missing
        ]
    else:
        rows = [*plan.of_kind(show)]
    page = slice_of(rows, made)
    shown = [row if isinstance(row, dict) else _person_row(row) for row in page.rows]
    return show, Slice(shown, page.words, page.newer, page.older)


def _person_row(plan) -> dict:
    row = plan.row or plan.lines[0].row
    facts = {key: pair for key, pair in plan.facts.items() if plan.key or key != "name"}
    lines = [(name, old, new) for name, old, new in roster_words.person_lines(facts, _) if old or new]
    if plan.moves_from is not None:
        lines.insert(0, (_("学校"), plan.moves_from or _("已离开"), plan.school_name))
    for line in plan.lines:
        title, what, changed = roster_words.line_words(line, _)
        lines.append((title, _("已登记") if line.key else "", f"{what} {changed}".rstrip()))
    return {
        "name": plan.name,
        "school": plan.school_name,
        "place": _("%(sheet)s 第%(row)s行", sheet=row.sheet, row=row.row),
        "lines": lines,
    }


def _school_rows(plan: RosterPlan):
    for each in plan.schools:
        yield {
            "name": each.name,
            "school": _("新学校") if each.key is None else "",
            "place": "",
            "lines": roster_words.school_lines(each, _),
        }
    for each in plan.staffing:
        yield {
            "name": each.school_name,
            "school": each.subject,
            "place": "",
            "lines": roster_words.staffing_words(each.facts, _),
        }


def sheet_of(plan: RosterPlan) -> int:
    """The sheet whose columns are shown: the one asked for, else the first that was read."""
    sheets, asked = plan.reading.sheets, request.args.get("sheet", "")
    if asked.isdecimal() and len(asked) < 3 and int(asked) < len(sheets):
        return int(asked)
    return next((number for number, sheet in enumerate(sheets) if sheet.kind), 0)


@dataclass(frozen=True)
class Mapping:
    """One sheet's mapping as a form: `columns` are (column, tag kind, words, options, chosen)."""

    number: int
    sheet: SheetReading
    reason: str
    choice: SheetChoice
    kinds: list
    columns: list
    header_row: int | None


def mapping_of(plan: RosterPlan, made, number: int) -> Mapping | None:
    """The form for one sheet of the file; None when the file has none."""
    if not plan.reading.sheets:
        return None
    sheet = plan.reading.sheets[number]
    choice = choices_of(made.mapping).get(sheet.name, SheetChoice())
    reason = next((s.reason for s in plan.reading.skipped if s.sheet == sheet.name and s.row is None), "")
    kinds = [("", _("自动识别")), *((kind.key, _(kind.title)) for kind in KINDS), (IGNORE, _("不导入"))]
    return Mapping(
        number,
        sheet,
        _(SKIPPED[reason]) if reason and sheet.kind is None else "",
        choice,
        kinds,
        [_column(sheet, column, choice.columns.get(column.index, "")) for column in sheet.columns],
        sheet.header_rows[1] if sheet.header_rows else None,
    )


def _column(sheet: SheetReading, column: Column, chosen: str):
    kind, words = SURENESS[column.how]
    letters = next((c.letters for c in sheet.columns if c.index == column.same_as), "")
    fields = KIND[sheet.kind].fields
    found = next((_(field.header) for field in fields if field.key == column.field), "")
    if chosen:
        automatic = _("自动识别")
    elif found:
        automatic = _("自动：%(column)s", column=found)
    else:
        automatic = _("自动：不导入") if column.how == "serial" else _("自动：原样保留")
    options = [("", automatic), (IGNORE, _("不导入")), *((field.key, _(field.header)) for field in fields)]
    return column, kind, _(words, column=letters) if column.how == "duplicate" else _(words), options, chosen


def lacks_school(plan: RosterPlan) -> bool:
    """Whether a sheet of teachers names no school, so that the user may."""
    return any(sheet.kind == TEACHERS and "school_name" not in sheet.fields for sheet in plan.reading.sheets)


def sheet_choice(plan_sheets: int) -> tuple[int, SheetChoice]:
    """What the posted form says about a sheet; (-1, …) when it names none of the file's."""
    asked = request.form
    number = asked.get("sheet", "")
    row = asked.get("header_row", "")
    columns = {
        int(name[1:]): value[:40]
        for name, value in asked.items()
        if name[:1] == "c" and name[1:].isdecimal() and len(name) < 5 and value
    }
    inside = number.isdecimal() and len(number) < 3 and int(number) < plan_sheets
    kind = asked.get("kind", "")
    return int(number) if inside else -1, SheetChoice(
        kind=kind if kind in KIND or kind == IGNORE else None,
        header_row=int(row) if row.isdecimal() and len(row) < 6 and int(row) else None,
        columns=columns,
    )
