"""What a roster would change: pure comparison of what is known with what its rows say.

A fact of which the roster has no column, or an empty cell, is not a difference: a roster never erases
by silence. Where an empty cell has a meaning (no 称号, 申请交流 否) the reading has put that value there.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, fields

from portal.domain.roster import LeftOut
from portal.domain.roster_problems import Problem, problem
from portal.domain.roster_rows import Row, TeacherRow
from portal.domain.sheets import plain

_NOT_FACTS = frozenset(("sheet", "row", "extras"))


@dataclass(frozen=True)
class Change:
    """One known thing and what the roster says otherwise: field -> (known, in the roster)."""

    key: Hashable
    row: Row
    facts: Mapping[str, tuple[object, object]]


@dataclass(frozen=True)
class RosterDifference:
    """The effect of a roster: rows to add, things to change, rows that change nothing.

    `missing` are keys known at the roster's schools that no row names, not even one left out; they are
    told, never removed. `problems` are rows that cannot be told apart from several known persons.
    """

    new: tuple[Row, ...] = ()
    changed: tuple[Change, ...] = ()
    unchanged: tuple[Hashable, ...] = ()
    missing: tuple[Hashable, ...] = ()
    problems: tuple[Problem, ...] = ()
    #: key -> row, for every row that was found, changed or not.
    found: Mapping[Hashable, Row] = field(default_factory=dict, compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether the roster changes nothing."""
        return not self.new and not self.changed


def facts_of(row: Row, spoken: frozenset[str]) -> dict[str, object]:
    """The facts that a row states: those with a column whose cell says something."""
    facts = {item.name: getattr(row, item.name) for item in fields(row) if item.name not in _NOT_FACTS}
    return {name: value for name, value in facts.items() if name in spoken and value is not None}


def teacher_differences(
    existing: Mapping[Hashable, Mapping[str, object]],
    rows: Iterable[TeacherRow],
    *,
    spoken: frozenset[str],
    left_out: Iterable[LeftOut] = (),
) -> RosterDifference:
    """Compare teachers; `existing` maps any key to facts under `TeacherRow`'s names.

    `spoken` are the facts that the roster has columns for (`RosterReading.fields_of`), 姓名, 性别 and 学校
    are always spoken of. A person is found by 工号, else by identity number, else by name and school.
    """
    spoken |= {"name", "sex", "school_name"}
    index = _Index(existing)
    new, changed, unchanged, problems = [], [], [], []
    rows_found: dict[Hashable, Row] = {}
    seen: set[Hashable] = set()
    schools = set()
    for row in rows:
        schools.add(plain(row.school_name))
        keys = index.find(row.staff_no, row.identity_no, row.name, row.school_name) - seen
        if len(keys) > 1:
            problems.append(
                problem(
                    "known_several",
                    sheet=row.sheet,
                    row=row.row,
                    field="name",
                    value=row.name,
                    count=len(keys),
                )
            )
            seen |= keys
            continue
        if not keys:
            new.append(row)
            continue
        key = keys.pop()
        seen.add(key)
        rows_found[key] = row
        different = different_facts(existing[key], facts_of(row, spoken))
        if different:
            changed.append(Change(key, row, different))
        else:
            unchanged.append(key)
    for person in left_out:
        schools.add(plain(person.school_name))
        seen |= index.find(person.staff_no, None, person.name, person.school_name)
    missing = (
        key
        for key, facts in existing.items()
        if key not in seen and plain(facts.get("school_name")) in schools
    )
    return RosterDifference(
        tuple(new), tuple(changed), tuple(unchanged), tuple(missing), tuple(problems), rows_found
    )


def differences(
    existing: Mapping[tuple[str, ...], Mapping[str, object]],
    rows: Iterable[Row],
    *,
    by: tuple[str, ...],
    spoken: frozenset[str],
) -> RosterDifference:
    """Compare rows of the other sheets, found by the values of the fields `by` (a school by its name)."""
    known = {tuple(plain(part) for part in key): key for key in existing}
    new, changed, unchanged = [], [], []
    for row in rows:
        key = known.pop(tuple(plain(getattr(row, name)) for name in by), None)
        if key is None:
            new.append(row)
        elif different := different_facts(existing[key], facts_of(row, spoken)):
            changed.append(Change(key, row, different))
        else:
            unchanged.append(key)
    return RosterDifference(tuple(new), tuple(changed), tuple(unchanged), tuple(known.values()))


class _Index:
    """Known teachers by what may name them."""

    def __init__(self, existing: Mapping[Hashable, Mapping[str, object]]) -> None:
        self._existing = existing
        self._staff: dict[object, Hashable] = {}
        self._identity: dict[object, Hashable] = {}
        self._names: dict[tuple[object, str], set[Hashable]] = defaultdict(set)
        for key, facts in existing.items():
            if facts.get("staff_no"):
                self._staff[facts["staff_no"]] = key
            if facts.get("identity_no"):
                self._identity[facts["identity_no"]] = key
            self._names[facts.get("name"), plain(facts.get("school_name"))].add(key)

    def find(
        self, staff_no: str | None, identity_no: str | None, name: str | None, school_name: str | None
    ) -> set[Hashable]:
        """The keys that a row may mean: none, one, or several that it cannot tell apart."""
        if staff_no and staff_no in self._staff:
            return {self._staff[staff_no]}
        if identity_no and identity_no in self._identity:
            return {self._identity[identity_no]}
        found = self._names.get((name, plain(school_name)), set())
        # With another 工号 or identity number it is another person of the same name.
        return {
            key
            for key in found
            if not (staff_no and self._existing[key].get("staff_no"))
            and not (identity_no and self._existing[key].get("identity_no"))
        }


def different_facts(
    known: Mapping[str, object], stated: Mapping[str, object]
) -> dict[str, tuple[object, object]]:
    """field -> (known, stated), for the stated facts that are known otherwise or not at all."""
    return {
        name: (known.get(name), value)
        for name, value in stated.items()
        if _comparable(name, known.get(name)) != _comparable(name, value)
    }


def _comparable(name: str, value: object) -> object:
    """Lists are compared without order, none being the same as an empty one; schools as people read them."""
    if isinstance(value, list | tuple | set | frozenset):
        return sorted(repr(tuple(item) if isinstance(item, list) else item) for item in value) or None
    return plain(value) if name == "school_name" else value
