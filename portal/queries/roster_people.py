"""The teachers of a roster against those the portal knows: new, changed, moved, missing, or in question."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from portal.domain.roster import RosterReading
from portal.domain.roster_differences import different_facts, facts_of, teacher_differences
from portal.domain.roster_plan import Known, PersonPlan, Question
from portal.domain.roster_problems import WARNING, Problem, without_identity
from portal.domain.roster_rows import TeacherRow
from portal.domain.roster_sheets import KIND, TEACHERS
from portal.domain.sheets import plain
from portal.models import Person
from portal.queries.roster_known import (
    KnownPerson,
    extras_of,
    people_at,
    people_named,
    people_with_staff_no,
)
from portal.queries.roster_places import Places, at_cell

May = Callable[[str, object], bool]


@dataclass
class Target:
    """A person whom rows of the roster speak of, and what they say. `known` is None for somebody new."""

    known: KnownPerson | None
    name: str
    school_name: str
    row: TeacherRow | None = None
    facts: dict = field(default_factory=dict)
    moves_from: str | None = None
    lines: list = field(default_factory=list)

    @property
    def key(self):
        """The person's id, or None."""
        return self.known.person.id if self.known else None

    @property
    def plan(self) -> PersonPlan:
        """What happens to the person."""
        return PersonPlan(
            self.key,
            self.name,
            self.school_name,
            self.row,
            self.facts,
            self.moves_from,
            tuple(self.lines),
            self.known.person if self.known else None,
        )


@dataclass
class Teachers:
    """The teachers of a roster, compared. Rows that cannot be used are told and left out."""

    reading: RosterReading
    places: Places
    district_id: object
    may: May
    today: date
    decisions: Mapping[str, str]
    targets: list[Target] = field(default_factory=list)
    missing: list[Known] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: int = 0

    def compare(self) -> None:
        """Find out about every row."""
        rows, left_out = self._rows()
        # An identity number tells rows of one file apart; it is not kept, so it is no difference either.
        self._spoken = self.reading.fields_of(TEACHERS) - {"identity_no"} | {"name", "sex", "school_name"}
        known = people_at(self.district_id, self.places.known_ids())
        numbers = {row.staff_no for row in rows if row.staff_no}
        numbers -= {each.person.staff_no for each in known.values()}
        known |= people_with_staff_no(self.district_id, numbers)
        found = teacher_differences(
            {key: each.facts for key, each in known.items()}, rows, spoken=self._spoken, left_out=left_out
        )
        for item in found.problems:
            row = next(row for row in rows if (row.sheet, row.row) == (item.sheet, item.row))
            self._leave_out(row, "name", "known_several", count=dict(item.message.params)["count"])
        changes = {change.key: dict(change.facts) for change in found.changed}
        for key, row in found.found.items():
            self._found(known[key], row, changes.get(key, {}))
        moved = self._newcomers(found.new, set(found.found))
        self.missing = sorted(
            (
                Known(key, known[key].person.name, known[key].school_name or "")
                for key in found.missing
                if key not in moved
            ),
            key=lambda each: (each.school_name, each.name, str(each.key)),
        )

    def _rows(self) -> tuple[list[TeacherRow], list]:
        """The rows of schools that the import may touch, under the schools' own names; and the others."""
        self.left_out = len(self.reading.left_out)
        rows, left_out = [], []
        for row in self.reading.teachers:
            own = self.places.name_of(row.school_name)
            if own is None:
                self.left_out += 1
            else:
                rows.append(replace(row, school_name=own))
        for person in self.reading.left_out:
            own = self.places.name_of(person.school_name)
            left_out.append(replace(person, school_name=own) if own else person)
        return rows, left_out

    def _found(self, known: KnownPerson, row: TeacherRow, facts: dict) -> None:
        facts.pop("school_name", None)
        target = Target(known, row.name, row.school_name, row, facts)
        if plain(known.school_name) != plain(row.school_name):
            if known.person.name != row.name:
                self._leave_out(row, "staff_no", "staff_no_other_person")
                return
            target.moves_from = known.school_name or ""
            if not self._may_move(target, "staff_no", "staff_no_elsewhere"):
                return
        self._add_extras(target)
        if (facts and target.moves_from is None) and not self.may("person.edit", known.person):
            self._leave_out(row, "name", "edit_not_allowed")
            return
        self.targets.append(target)

    def _may_move(self, target: Target, key: str, elsewhere: str) -> bool:
        """Whether the person may come from the other school on that day; else it is told and left out."""
        row, known = target.row, target.known
        start, last = (known.post.starts_on, None) if known.post else (None, known.last_day)
        if not self.may("person.move", known.person):
            in_sight = self.may("person.edit", known.person)
            code = "move_not_allowed" if in_sight else elsewhere
            self._leave_out(row, key, code, **({"school": target.moves_from} if in_sight else {}))
        elif row.joined_on is None and known.post:
            self._leave_out(row, "joined_on", "move_without_date", school=target.moves_from)
        elif row.joined_on is None and last:
            self._leave_out(row, "joined_on", "return_without_date")
        elif row.joined_on and row.joined_on > self.today:
            # Lists read "present" off the open post, so nobody moves ahead of the day (see actions.people).
            self._leave_out(row, "joined_on", "move_in_future")
        elif row.joined_on and start and row.joined_on <= start:
            self._leave_out(row, "joined_on", "move_too_early", school=target.moves_from, day=start)
        elif row.joined_on and last and row.joined_on <= last:
            self._leave_out(row, "joined_on", "return_too_early", day=last)
        else:
            return True
        return False

    def _newcomers(self, rows, taken: set) -> set:
        """New people, and those who may be known at another school; returns the keys of who moves."""
        by_name: dict[str, list[KnownPerson]] = {}
        for known in people_named(self.district_id, {row.name for row in rows}).values():
            if known.person.id not in taken:
                by_name.setdefault(known.person.name, []).append(known)
        moved: set = set()
        for row in rows:
            candidates = [
                k for k in by_name.get(row.name, ()) if k.person.id not in moved and _may_be(k, row)
            ]
            sure = [known for known in candidates if _same_birth(known, row)]
            one = sure[0] if len(sure) == 1 else candidates[0] if len(candidates) == 1 else None
            if one is None or not self._ask(row, one):
                self._new(row)
            elif any(target.known is one for target in self.targets):
                moved.add(one.person.id)
        return moved

    def _new(self, row: TeacherRow) -> None:
        stated = {key: value for key, value in facts_of(row, self._spoken).items() if key != "school_name"}
        facts = {key: (None, value) for key, value in stated.items() if value != ()}
        target = Target(None, row.name, row.school_name, row, facts)
        self._add_extras(target)
        self.targets.append(target)

    def _ask(self, row: TeacherRow, known: KnownPerson) -> bool:
        """Decide about somebody known elsewhere; True when the row is dealt with, False for somebody new."""
        same, may = _same_birth(known, row), self.may("person.move", known.person)
        if not same and not may:
            return False  # a namesake at a school that is none of this user's business
        fallback = ("move" if may else "out") if same else "new"
        question = Question(
            row.sheet,
            row.row,
            row.name,
            row.school_name,
            known.school_name or "" if may else "",
            same,
            may,
            fallback,
        )
        choice = self.decisions.get(question.id, "")
        question = replace(question, choice=choice if choice == "new" or (choice == "move" and may) else "")
        self.questions.append(question)
        answer = question.choice or fallback
        if answer == "out":
            self._leave_out(row, "name", "person_elsewhere")
        elif answer == "new" and not question.choice and known.school_name:
            self.problems.append(
                at_cell(
                    self.reading, row, "name", "same_name_elsewhere", kind=WARNING, school=known.school_name
                )
            )
        elif answer == "move":
            self._move(row, known)
        return answer != "new"

    def _move(self, row: TeacherRow, known: KnownPerson) -> None:
        facts = different_facts(known.facts, facts_of(row, self._spoken))
        facts.pop("school_name", None)
        target = Target(known, row.name, row.school_name, row, facts, known.school_name or "")
        if self._may_move(target, "name", "person_elsewhere"):
            self._add_extras(target)
            self.targets.append(target)

    def _add_extras(self, target: Target) -> None:
        """What unknown columns say; a word that could not be read goes when its cell can be read now."""
        before = extras_of(target.known.person) if target.known else {}
        headers = {field.header for field in KIND[TEACHERS].fields if getattr(target.row, field.key, None)}
        after = {key: text for key, text in before.items() if key not in headers}
        after |= {key: without_identity(text) for key, text in target.row.extras.items()}
        if before != after:
            target.facts["extras"] = (before or None, after)

    def _leave_out(self, row: TeacherRow, key: str, code: str, **params) -> None:
        self.left_out += 1
        params = {
            name: value.isoformat() if isinstance(value, date) else value for name, value in params.items()
        }
        value = {"name": row.name, "staff_no": row.staff_no or ""}.get(key, "")
        self.problems.append(at_cell(self.reading, row, key, code, value=value, **params))


def _may_be(known: KnownPerson, row: TeacherRow) -> bool:
    """Whether nothing speaks against a row and somebody of that name being one person."""
    person: Person = known.person
    if plain(known.school_name) == plain(row.school_name):
        return False  # the comparison has told them apart already
    if person.staff_no and row.staff_no and person.staff_no != row.staff_no:
        return False
    if person.sex and person.sex != row.sex:
        return False
    return not (person.born_on and row.born_on) or _same_birth(known, row)


def _same_birth(known: KnownPerson, row: TeacherRow) -> bool:
    """The same birth date, as far as both are exact: a month alone is its first day."""
    a, b = known.person.born_on, row.born_on
    if not a or not b:
        return False
    return a == b or ((a.year, a.month) == (b.year, b.month) and 1 in (a.day, b.day))
