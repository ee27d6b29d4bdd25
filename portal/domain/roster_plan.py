"""What an import would write: people, their lines and schools, fact by fact, and what stands in its way.

Made by reading alone; the confirmation carries out exactly this or, when it is no longer what the user
saw (`digest`), nothing.
"""

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from portal.domain.roster import RosterReading
from portal.domain.roster_problems import Problem
from portal.domain.roster_rows import Row, TeacherRow

#: Facts under the roster's names: columns of the person, of the present post, and the other facts.
PERSON_FACTS = (
    "name",
    "sex",
    "born_on",
    "staff_no",
    "stage",
    "subjects",
    "professional_title",
    "post_grade",
    "retires_on",
    "competent",
    "phone",
    "remark",
)
POST_FACTS = {
    "post_kind": "post_kind",
    "cadre_level": "cadre_level",
    "established": "on_establishment",
    "joined_on": "starts_on",
}
OTHER_FACTS = (
    "work_started_on",
    "delayed_retirement",
    "intended_post_kind",
    "on_duty",
    "teaching_now",
    "certificate_ok",
    "education_ok",
    "role_facts",
    "applied",
    "recommended",
    "needed",
)
SEALED_FACTS = frozenset(("phone", "remark", "competent", "extras"))

Facts = Mapping[str, tuple[object, object]]


@dataclass(frozen=True)
class LinePlan:
    """A row of 经历, 聘期 or 情形 to add (`key` None) or to change."""

    kind: str
    row: Row
    key: Hashable | None
    facts: Facts


@dataclass(frozen=True)
class PersonPlan:
    """What happens to one person: `key` None is somebody new.

    `moves_from` is the school that a known person leaves; "" is a return after leaving, None no move.
    `row` is None when only lines of other sheets speak of the person. `person` is the known person
    itself, for whoever carries the plan out.
    """

    key: Hashable | None
    name: str
    school_name: str
    row: TeacherRow | None = None
    facts: Facts = field(default_factory=dict)
    moves_from: str | None = None
    lines: tuple[LinePlan, ...] = ()
    person: object = field(default=None, compare=False, repr=False)

    @property
    def kind(self) -> str:
        """'new', 'moved' or 'changed'."""
        if self.key is None:
            return "new"
        return "moved" if self.moves_from is not None else "changed"


@dataclass(frozen=True)
class SchoolPlan:
    """A school to add (`key` None) or whose facts change; facts under the columns' names, `parent` by name."""

    key: Hashable | None
    name: str
    facts: Facts
    row: Row | None = None


@dataclass(frozen=True)
class StaffingPlan:
    """Need and number of a subject's teachers at a school, to add (`key` None) or to change."""

    school_name: str
    subject: str
    key: Hashable | None
    facts: Facts


@dataclass(frozen=True)
class Question:
    """A row whose person may be one at another school. `choice` is 'new', 'move' or, undecided, ''.

    `fallback` is what happens undecided: 'new', 'move' or 'out' (the row stays out).
    """

    sheet: str
    row: int
    name: str
    school_name: str
    other_school: str
    same_birth: bool
    may_move: bool
    fallback: str
    choice: str = ""

    @property
    def id(self) -> str:
        """Names the row in the stored decisions."""
        return f"{self.sheet}!{self.row}"


@dataclass(frozen=True)
class Known:
    """Somebody whom the portal knows, as a list shows it."""

    key: Hashable
    name: str
    school_name: str


@dataclass(frozen=True)
class RosterPlan:
    """The whole effect of a roster on what is known now."""

    reading: RosterReading
    problems: tuple[Problem, ...] = ()
    schools: tuple[SchoolPlan, ...] = ()
    people: tuple[PersonPlan, ...] = ()
    staffing: tuple[StaffingPlan, ...] = ()
    questions: tuple[Question, ...] = ()
    missing: tuple[Known, ...] = ()
    unchanged: tuple[TeacherRow, ...] = ()
    left_out: int = 0
    unknown_schools: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it would write nothing."""
        return not (self.schools or self.people or self.staffing)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep rows out."""
        return tuple(found for found in self.problems if found.is_error)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that keep nothing out."""
        return tuple(found for found in self.problems if not found.is_error)

    def of_kind(self, kind: str) -> tuple[PersonPlan, ...]:
        """The people who are 'new', 'moved' or 'changed'."""
        return tuple(plan for plan in self.people if plan.kind == kind)

    @property
    def counts(self) -> dict[str, int]:
        """The figures of the preview and of the outcome."""
        return {
            "new": len(self.of_kind("new")),
            "moved": len(self.of_kind("moved")),
            "changed": len(self.of_kind("changed")),
            "unchanged": len(self.unchanged),
            "missing": len(self.missing),
            "left_out": self.left_out,
            "schools": len(
                {plan.name for plan in self.schools} | {plan.school_name for plan in self.staffing}
            ),
            "errors": len(self.errors),
            "warnings": len(self.warnings),
        }

    @property
    def digest(self) -> str:
        """Differs when what would be written differs; the same file on the same facts gives the same."""
        parts = [*self.schools, *self.people, *self.staffing]
        return hashlib.sha256("\n".join(map(_said, parts)).encode()).hexdigest()[:32]


def _said(plan: SchoolPlan | PersonPlan | StaffingPlan) -> str:
    lines = [(line.kind, str(line.key), _facts(line.facts)) for line in getattr(plan, "lines", ())]
    named = getattr(plan, "name", "") or getattr(plan, "subject", "")
    return repr(
        (
            type(plan).__name__,
            str(plan.key),
            named,
            getattr(plan, "school_name", ""),
            getattr(plan, "moves_from", None),
            _facts(plan.facts),
            lines,
        )
    )


def _facts(facts: Facts) -> list:
    return [(name, repr(old), repr(new)) for name, (old, new) in sorted(facts.items())]
