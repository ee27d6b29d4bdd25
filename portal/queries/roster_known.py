"""What the portal knows of the people and schools that a roster speaks of, under the roster's names."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload, selectinload, undefer_group

from portal.domain.roster_plan import OTHER_FACTS, PERSON_FACTS, POST_FACTS
from portal.extensions import db
from portal.models import (
    AppointmentPeriod,
    Employment,
    Person,
    PersonCondition,
    PersonTitle,
    School,
    ServiceRecord,
    SubjectStaffing,
)

AT_ONCE = 2_000  # values in one IN: both engines take them, whatever the size of the roster


@dataclass(frozen=True)
class KnownPerson:
    """A person with the present post, if any, and all facts under the names of `TeacherRow`."""

    person: Person
    post: Employment | None
    facts: dict

    @property
    def school_name(self) -> str | None:
        """The present home school."""
        return self.facts["school_name"]

    @property
    def last_day(self):
        """The last day of the last post that has ended."""
        return max((e.ends_on for e in self.person.employments if e.ends_on), default=None)


@dataclass
class KnownLines:
    """Lines of 经历, 聘期 and 情形 by person."""

    services: dict = field(default_factory=dict)
    appointments: dict = field(default_factory=dict)
    conditions: dict = field(default_factory=dict)

    def everything(self) -> list[list]:
        """The rows of each person and kind."""
        return [*self.services.values(), *self.appointments.values(), *self.conditions.values()]


def people_at(district_id, school_ids: Iterable) -> dict:
    """Person id -> who has this as the present home school."""
    found = _people(district_id).join(
        Employment, and_(Employment.district_id == Person.district_id, Employment.person_id == Person.id)
    )
    return _known(
        found.where(Employment.ends_on.is_(None), Employment.school_id.in_(part))
        for part in _parts(school_ids)
    )


def people_with_staff_no(district_id, numbers: Iterable[str]) -> dict:
    """Person id -> who has one of these staff numbers, wherever in the district."""
    return _known(_people(district_id).where(Person.staff_no.in_(part)) for part in _parts(numbers))


def people_named(district_id, names: Iterable[str]) -> dict:
    """Person id -> who bears one of these names, wherever in the district."""
    return _known(_people(district_id).where(Person.name.in_(part)) for part in _parts(names))


def lines_of(district_id, person_ids: Iterable) -> KnownLines:
    """The lines of these people."""
    lines = KnownLines()
    for model, by_person in (
        (ServiceRecord, lines.services),
        (AppointmentPeriod, lines.appointments),
        (PersonCondition, lines.conditions),
    ):
        for part in _parts(person_ids):
            rows = db.session.scalars(
                select(model)
                .where(model.district_id == district_id, model.person_id.in_(part))
                .order_by(model.person_id, model.id)
            )
            for row in rows:
                by_person.setdefault(row.person_id, []).append(row)
    return lines


def staffing_of(district_id, school_ids: Iterable) -> dict:
    """(school id, subject) -> the row of 学科编制."""
    rows: dict = {}
    for part in _parts(school_ids):
        found = db.session.scalars(
            select(SubjectStaffing).where(
                SubjectStaffing.district_id == district_id, SubjectStaffing.school_id.in_(part)
            )
        )
        rows |= {(row.school_id, row.subject): row for row in found}
    return rows


def all_schools(district_id) -> list[School]:
    """Every school of the district, closed ones too, with its centre school."""
    found = select(School).where(School.district_id == district_id).options(joinedload(School.parent))
    return list(db.session.scalars(found.order_by(School.name, School.id)))


def open_titles(person: Person) -> list[PersonTitle]:
    """The honours that a person holds now."""
    return [title for title in person.titles if title.ends_on is None]


def extras_of(person: Person) -> dict[str, str]:
    """What earlier rosters told of a person in columns that nobody knows."""
    return json.loads(person.extras) if person.extras else {}


def _people(district_id):
    return (
        select(Person)
        .where(Person.district_id == district_id)
        .options(
            selectinload(Person.employments).joinedload(Employment.school),
            selectinload(Person.roles),
            selectinload(Person.titles),
            undefer_group("roster"),
        )
        .order_by(Person.id)
    )


def _known(statements) -> dict:
    return {
        person.id: _known_person(person)
        for statement in statements
        for person in db.session.scalars(statement).unique()
    }


def _known_person(person: Person) -> KnownPerson:
    post = next((e for e in person.employments if e.ends_on is None), None)
    facts = {name: getattr(person, name) for name in PERSON_FACTS}
    facts["competent"] = {"yes": True, "no": False}.get(person.competent)
    facts |= {name: getattr(post, column) if post else None for name, column in POST_FACTS.items()}
    facts |= {name: person.facts.get(name) for name in OTHER_FACTS}
    facts["work_started_on"] = _day(facts["work_started_on"])
    facts["honours"] = [(title.kind, title.level) for title in open_titles(person)]
    facts["school_name"] = post.school.name if post else None
    return KnownPerson(person, post, facts)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _parts(values: Iterable) -> Iterable[list]:
    listed = sorted(set(values), key=str)
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
