"""The schools of a roster: which known ones its names mean, and what its sheets say of them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from portal.domain import roster_choices
from portal.domain.roster import RosterReading
from portal.domain.roster_plan import SchoolPlan, StaffingPlan
from portal.domain.roster_problems import ERROR, WARNING, Problem, problem
from portal.domain.roster_rows import Row, SchoolRow
from portal.domain.roster_schools import SchoolMatch, match_school
from portal.domain.roster_sheets import KIND, SCHOOLS, SUBJECT_STAFFING, TEACHERS
from portal.domain.sheets import cell_name, plain
from portal.domain.words import message
from portal.models import School
from portal.queries.roster_known import staffing_of

# Facts that the school keeps itself; the others are set by the bureau (see actions.schools).
OWN_FACTS = ("authorised_posts", "actual_staff", "average_periods")
LONGEST_SUBJECT = 40
_KINDS = {
    "幼儿园": "kindergarten",
    "九年一贯制": "nine_year",
    "九年一贯制学校": "nine_year",
    "教学点": "teaching_point",
}
_BY_STAGES = {
    frozenset(["kindergarten"]): "kindergarten",
    frozenset(["primary"]): "primary",
    frozenset(["junior"]): "junior",
    frozenset(["primary", "junior"]): "nine_year",
    frozenset(["senior"]): "senior",
}
_TIERS = {word: number for number, word in enumerate("一二三四五六", start=1)}


def at_cell(reading: RosterReading, row: Row, key: str, code: str, *, kind: str = ERROR, **params) -> Problem:
    """A problem at the cell of a row where the field `key` stands, or at the row without such a column."""
    sheet = next(sheet for sheet in reading.sheets if sheet.name == row.sheet)
    index = next((column.index for column in sheet.columns if column.field == key), None)
    where = {} if index is None else {"cell": cell_name(row.row - 1, index)}
    return problem(code, sheet=row.sheet, kind=kind, row=row.row, field=key, **where, **params)


@dataclass
class Places:
    """Every school name of a roster and what it means. `create` lets unknown ones be new schools."""

    reading: RosterReading
    district: str
    schools: list[School]
    scope: frozenset
    create: bool = False
    names: dict[str, str] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._by_name = {school.name: school for school in self.schools}
        self._spelt: dict[str, tuple[str, str]] = {}
        for kind in (TEACHERS, SCHOOLS, SUBJECT_STAFFING):
            groups: dict[tuple[str, str], list[Row]] = {}
            for row in getattr(self.reading, kind):
                groups.setdefault((row.sheet, plain(row.school_name)), []).append(row)
            for (_, name), rows in groups.items():
                self._place(name, rows)

    def name_of(self, text: str | None) -> str | None:
        """The school's own name, or None when it is not one that this import may touch."""
        return self.names.get(plain(text))

    def known(self, name: str) -> School | None:
        """The school of that (own) name; None for a new one."""
        return self._by_name.get(name)

    def known_ids(self) -> list:
        """The known schools that the roster names."""
        return [self._by_name[name].id for name in set(self.names.values()) if name in self._by_name]

    def _place(self, name: str, rows: list[Row]) -> None:
        first = rows[0]
        if name not in self._spelt:
            self._spelt[name] = self._judge(first.school_name)
        code, own = self._spelt[name]
        if code in ("known", "matched", "new"):
            if name not in self.names and code == "matched":
                self._tell(first, "school_matched", kind=WARNING, school=own)
            if name not in self.names and code == "new":
                self.new.append(own)
            self.names[name] = own
        else:
            self._tell(first, code, value=first.school_name, school=own, count=len(rows))

    def _judge(self, text: str) -> tuple[str, str]:
        """(code, name): known, matched or new with the school's own name, else what is wrong with it."""
        found = self._match(text, lambda s: s.closed_on is None and s.id in self.scope)
        if found:
            return ("known" if found.exact else "matched"), found.name
        found = self._match(text, lambda s: s.closed_on is None)
        if found:
            return "school_outside", text
        if self._match(text, lambda s: s.closed_on is not None):
            return "school_closed", text
        self.unknown.append(text)
        return ("new" if self.create else "school_unknown"), text

    def _match(self, text: str, among: Callable[[School], bool]) -> SchoolMatch | None:
        known = [(school.id, school.name) for school in self.schools if among(school)]
        return match_school(text, known, district=self.district)

    def _tell(self, row: Row, code: str, *, kind: str = ERROR, **params) -> None:
        self.problems.append(at_cell(self.reading, row, "school_name", code, kind=kind, **params))


def plan_schools(places: Places, may: Callable[[str, School], bool]) -> list[SchoolPlan]:
    """Schools to add and facts to change; `may(permission, school)` says who sets which fact."""
    rows: dict[str, SchoolRow] = {}
    for row in places.reading.schools:
        own = places.name_of(row.school_name)
        if own:
            rows.setdefault(own, row)
            if row.cluster or row.cluster_role:
                key = "cluster" if row.cluster else "cluster_role"
                places.problems.append(at_cell(places.reading, row, key, "membership_kept", kind=WARNING))
    plans = [
        SchoolPlan(None, name, _facts_of_new(places, name, rows.get(name)), rows.get(name))
        for name in places.new
    ]
    for name, row in rows.items():
        school = places.known(name)
        if school is not None:
            facts = _changes(places, school, row, may)
            if facts:
                plans.append(SchoolPlan(school.id, name, facts, row))
    return plans


def plan_staffing(places: Places, district_id) -> list[StaffingPlan]:
    """Rows of 学科编制 to add or change."""
    known = staffing_of(district_id, places.known_ids())
    plans = []
    for row in places.reading.subject_staffing:
        own = places.name_of(row.school_name)
        if own is None:
            continue
        if len(row.subject) > LONGEST_SUBJECT:
            places.problems.append(
                at_cell(places.reading, row, "subject", "text_too_long", limit=LONGEST_SUBJECT)
            )
            continue
        school = places.known(own)
        before = known.get((school.id, row.subject)) if school else None
        stated = {name: getattr(row, name) for name in ("need", "actual") if getattr(row, name) is not None}
        facts = {name: (getattr(before, name, None), value) for name, value in stated.items()}
        facts = {name: pair for name, pair in facts.items() if pair[0] != pair[1]}
        if facts or before is None:
            plans.append(StaffingPlan(own, row.subject, before.id if before else None, facts))
    return plans


def _facts_of_new(places: Places, name: str, row: SchoolRow | None) -> dict:
    stated = _stated(places, row) if row else {}
    stages = {
        teacher.stage for teacher in places.reading.teachers if places.name_of(teacher.school_name) == name
    }
    stated.setdefault("kind", _BY_STAGES.get(frozenset(stages - {None})) or _kind_by_name(name))
    parent = stated.pop("parent", None)
    if parent is not None and (centre := _centre(places, name, None, parent, row)):
        stated["parent"] = centre
    return {key: (None, value) for key, value in stated.items()}


def _kind_by_name(name: str) -> str:
    """A school needs a kind; without any word of it, its name tells."""
    if name.endswith(("幼儿园", "幼")):
        return "kindergarten"
    return "junior" if name.endswith(("初级中学", "中学", "中")) else "primary"


def _changes(places: Places, school: School, row: SchoolRow, may) -> dict:
    stated = _stated(places, row)
    parent = stated.pop("parent", None)
    facts = {
        key: (getattr(school, key), value) for key, value in stated.items() if getattr(school, key) != value
    }
    before = school.parent.name if school.parent else None
    if parent is not None and (centre := _centre(places, school.name, school, parent, row)) not in (
        None,
        before,
    ):
        facts["parent"] = (before, centre)
    if not may("school.define", school):
        kept = [key for key in facts if key not in OWN_FACTS or not may("school.edit", school)]
        if kept:
            headers = tuple(message(KIND[SCHOOLS].field(_COLUMN[key]).header) for key in kept)
            places.problems.append(
                at_cell(
                    places.reading, row, _COLUMN[kept[0]], "school_fact_kept", kind=WARNING, columns=headers
                )
            )
        facts = {key: pair for key, pair in facts.items() if key not in kept}
    return facts


_COLUMN = {
    "kind": "stage",
    "is_public": "ownership",
    "location": "location",
    "is_weak": "weak",
    "is_standard": "standard_school",
    "parent": "parent_school",
    "remoteness": "remoteness_tier",
    "authorised_posts": "staff_quota",
    "actual_staff": "staff_actual",
    "average_periods": "average_periods",
}


def _stated(places: Places, row: SchoolRow) -> dict:
    """What a row of 学校 says, as the school's columns hold it; what they cannot hold is told."""
    facts = {
        "kind": _kind(row.stage),
        "is_public": None if row.ownership is None else row.ownership == "public",
        "location": row.location,
        "is_weak": row.weak,
        "is_standard": row.standard_school,
        "parent": row.parent_school,
        "remoteness": _tier(row.remoteness_tier),
        "authorised_posts": row.staff_quota,
        "actual_staff": row.staff_actual,
        # Half a period more or less is no difference anywhere; .5 goes up.
        "average_periods": None if row.average_periods is None else int(row.average_periods + 0.5),
    }
    for key in ("kind", "remoteness"):
        if facts[key] is None and getattr(row, _COLUMN[key]):
            header = message(KIND[SCHOOLS].field(_COLUMN[key]).header)
            places.problems.append(
                at_cell(places.reading, row, _COLUMN[key], "value_kept", kind=WARNING, column=header)
            )
    if facts["average_periods"] is not None and facts["average_periods"] != row.average_periods:
        places.problems.append(
            at_cell(
                places.reading,
                row,
                "average_periods",
                "value_rounded",
                kind=WARNING,
                number=facts["average_periods"],
            )
        )
    return {key: value for key, value in facts.items() if value is not None}


def _kind(words: tuple[str, ...]) -> str | None:
    if len(words) == 1 and plain(words[0]) in _KINDS:
        return _KINDS[plain(words[0])]
    return _BY_STAGES.get(frozenset(roster_choices.STAGE.get(plain(word), word) for word in words))


def _tier(text: str | None) -> int | None:
    word = plain(text).rstrip("类级档等")
    if word.isascii() and word.isdigit() and len(word) == 1:
        return int(word)
    return _TIERS.get(word)


def _centre(places: Places, name: str, school: School | None, parent: str, row: SchoolRow) -> str | None:
    """The name of a fitting centre school: known and no sub-school, of a school without sub-schools."""
    found = match_school(
        parent,
        [(s.id, s.name) for s in places.schools if s.closed_on is None],
        district=places.district,
    )
    centre = places.known(found.name) if found else None
    below = school is not None and any(other.parent_id == school.id for other in places.schools)
    if centre is None or centre.parent_id is not None or centre.name == name or below:
        places.problems.append(
            at_cell(places.reading, row, "parent_school", "parent_kept", kind=WARNING, school=parent)
        )
        return None
    return centre.name
