"""A lesson as it is being written, before it is saved: what stands against it, where it would fit, who is left."""

import uuid
from dataclasses import dataclass
from datetime import date

from portal.domain import timetable
from portal.domain.access import Actor, can
from portal.domain.free_slots import FreeSlot
from portal.domain.ids import uuid7
from portal.models import Person, Term, VisitingLesson
from portal.queries import lesson_checks, people, schools, terms, visiting
from portal.queries.lesson_cover import Cover, cover_of


@dataclass(frozen=True)
class Idea:
    """A lesson that nobody has saved; by the names of a stored one. ``id`` is that of the one being changed."""

    district_id: uuid.UUID
    id: uuid.UUID
    term_id: uuid.UUID
    person_id: uuid.UUID
    home_school_id: uuid.UUID
    school_id: uuid.UUID
    subject: str
    class_name: str
    weekday: int
    period: int
    starts: int
    ends: int
    weeks: str

    access_clusters: frozenset = frozenset()
    access_people: frozenset = frozenset()

    @property
    def access_schools(self) -> frozenset:
        """As of a stored lesson: the two schools."""
        return frozenset([self.school_id, self.home_school_id])


@dataclass(frozen=True)
class Outlook:
    """What is known about an idea. ``conflicts`` are in the way, ``unknown`` only say what nobody registered."""

    idea: Idea
    conflicts: tuple[timetable.Conflict, ...]
    unknown: tuple[timetable.Conflict, ...]
    slots: tuple[FreeSlot, ...]
    cover: tuple[Cover, ...]


def idea_of(person: Person, values: dict, day: date, lesson: VisitingLesson | None = None) -> Idea | None:
    """The lesson that ``values`` would make or change; None without a term, a home school or such a period."""
    district = person.district_id
    term = terms.by_id(district, lesson.term_id) if lesson else terms.term_of_day(district, day)
    home = lesson.home_school_id if lesson else people.home_school_ids(district, [person.id]).get(person.id)
    times = visiting.bells_of(district, [values["school_id"]]).get(values["school_id"], {})
    times = times.get(values["period"])
    if term is None or home is None or times is None:
        return None
    facts = {
        name: values[name] for name in ("school_id", "class_name", "weekday", "period", "weeks", "subject")
    }
    return Idea(
        district_id=district,
        id=lesson.id if lesson else uuid7(),
        term_id=term.id,
        person_id=person.id,
        home_school_id=home,
        starts=times[0],
        ends=times[1],
        **facts,
    )


def outlook(actor: Actor, idea: Idea, day: date) -> Outlook | None:
    """What can be said about an idea; None for people who may not schedule it."""
    if not can(actor, "lesson.edit", idea):
        return None
    term: Term = terms.by_id(idea.district_id, idea.term_id)
    found = {school.id: school for school in schools.with_id_in(idea.district_id, idea.access_schools)}
    school, own = found[idea.school_id], found[idea.home_school_id]
    near = lesson_checks.around(actor, idea, term, school.name, day)
    conflicts = near.conflicts
    return Outlook(
        idea,
        tuple(conflict for conflict in conflicts if conflict.kind != "travel_unknown"),
        tuple(conflict for conflict in conflicts if conflict.kind == "travel_unknown"),
        lesson_checks.slots_for(idea, near, term, day) if conflicts else (),
        cover_of(idea, own, school),
    )
