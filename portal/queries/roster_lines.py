"""The rows of 经历, 聘期 and 情形 against the lines that the portal keeps of the same people."""

from dataclasses import replace

from portal.domain.roster import RosterReading
from portal.domain.roster_plan import LinePlan
from portal.domain.roster_problems import Problem
from portal.domain.roster_rows import AppointmentRow, ConditionRow, PersonRow, ServiceRow
from portal.domain.sheets import plain
from portal.queries.roster_known import KnownLines, lines_of, people_named, people_with_staff_no
from portal.queries.roster_people import May, Target
from portal.queries.roster_places import at_cell

LONGEST_APPROVAL = 60
#: Facts that may change; the others tell one line from another.
FACTS = {
    "services": {
        "places": "place",
        "ends_on": "ends_on",
        "transfer": "personnel_transfer",
        "approval_no": "approval_no",
    },
    "appointments": {"ends_on": "ends_on"},
    "conditions": {"ends_on": "ends_on", "months": "months"},
}
KINDS = tuple(FACTS)


def add_lines(
    reading: RosterReading, district_id, scope: frozenset, targets: list[Target], may: May
) -> list[Problem]:
    """Give each target its lines to add or change; people of the scope outside the file become targets.

    Answers the problems of rows that stay out: nobody or several fit, or a text is too long.
    """
    rows = [(kind, row) for kind in KINDS for row in getattr(reading, kind)]
    if not rows:
        return []
    finder = _Finder(reading, district_id, scope, targets, may, [row for _, row in rows])
    placed = [(kind, row, target) for kind, row in rows if (target := finder.target_of(kind, row))]
    known = lines_of(district_id, {target.key for _, _, target in placed if target.key})
    unused = _Unused(known)
    for kind, row, target in placed:
        row = _completed(row, target)
        before = unused.take(kind, target.key, row)
        stated = {
            name: (_value(before, column), getattr(row, name))
            for name, column in FACTS[kind].items()
            if getattr(row, name) not in (None, ())
        }
        facts = {name: pair for name, pair in stated.items() if _same(pair[0]) != _same(pair[1])}
        if before is None or facts:
            target.lines.append(LinePlan(kind, row, before.id if before else None, facts))
    return finder.problems


class _Finder:
    """Whom a row names: by 工号, else by 姓名; first in the file, then among the people of the scope."""

    def __init__(self, reading, district_id, scope, targets, may, rows) -> None:
        self._reading, self._targets, self._may = reading, targets, may
        self.problems: list[Problem] = []
        self._listed = {id(target) for target in targets}
        self._by_staff = {t.row.staff_no: t for t in targets if t.row and t.row.staff_no}
        self._by_name: dict[str, list[Target]] = {}
        for target in targets:
            self._by_name.setdefault(target.name, []).append(target)
        taken = {target.key for target in targets}
        numbers = {row.staff_no for row in rows if row.staff_no} - set(self._by_staff)
        names = {row.name for row in rows if row.name and not row.staff_no} - set(self._by_name)
        found = people_with_staff_no(district_id, numbers) | people_named(district_id, names)
        for known in found.values():
            if known.post is None or known.post.school_id not in scope or known.person.id in taken:
                continue
            target = Target(known, known.person.name, known.school_name)
            self._by_name.setdefault(known.person.name, []).append(target)
            if known.person.staff_no:
                self._by_staff[known.person.staff_no] = target

    def target_of(self, kind: str, row: PersonRow) -> Target | None:
        """The person, or None after telling why not."""
        fitting = (
            [self._by_staff[row.staff_no]]
            if row.staff_no in self._by_staff
            else self._by_name.get(row.name, [])
            if row.staff_no is None
            else []
        )
        key = "staff_no" if row.staff_no else "name"
        if kind == "services" and len(row.approval_no or "") > LONGEST_APPROVAL:
            return self._refuse(row, "approval_no", "text_too_long", limit=LONGEST_APPROVAL)
        if len(fitting) != 1:
            return self._refuse(row, key, "person_ambiguous" if fitting else "person_not_found")
        target = fitting[0]
        if target.known and not self._may("person.edit", target.known.person):
            return self._refuse(row, key, "edit_not_allowed")
        if id(target) not in self._listed:
            self._listed.add(id(target))
            self._targets.append(target)
        return target

    def _refuse(self, row: PersonRow, key: str, code: str, **params) -> None:
        value = (row.staff_no or row.name or "") if key in ("staff_no", "name") else ""
        self.problems.append(at_cell(self._reading, row, key, code, value=value, **params))


class _Unused:
    """Known lines that no row of the file has named yet."""

    def __init__(self, known: KnownLines) -> None:
        self._lines: dict[tuple, list] = {}
        for kind in KINDS:
            for person_id, lines in getattr(known, kind).items():
                for line in lines:
                    self._lines.setdefault((kind, person_id, _identity(kind, line)), []).append(line)

    def take(self, kind: str, person_id, row: PersonRow):
        """The line that a row means, each only once; None for a new one."""
        lines = self._lines.get((kind, person_id, _identity(kind, row)), [])
        return lines.pop(0) if lines else None


def _identity(kind: str, line) -> tuple:
    """What tells one line of a person from another; rows of the file and of the database alike."""
    if kind == "services":
        return line.kind, plain(line.organisation), line.starts_on
    if kind == "appointments":
        return plain(line.school_name), line.starts_on
    return line.condition, line.relation, line.starts_on


def _completed(row: PersonRow, target: Target) -> ServiceRow | AppointmentRow | ConditionRow:
    """A 聘期 without a school is one at the present school, under its name of today."""
    if isinstance(row, AppointmentRow) and not row.school_name:
        return replace(row, school_name=target.school_name)
    return row


def _value(line, column: str):
    return getattr(line, column) if line is not None else None


def _same(value):
    """Lists without their order; no text is an empty one."""
    if isinstance(value, list | tuple):
        return sorted(value)
    return value or None if isinstance(value, str) else value
