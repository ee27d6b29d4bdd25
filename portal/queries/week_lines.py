"""The lessons of a week as its page shows them: plain rows of few columns, since a week has hundreds of them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Row, select

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Person, School, VisitingLesson, VisitingSession

LESSON = (
    VisitingLesson.id,
    VisitingLesson.person_id,
    VisitingLesson.home_school_id,
    VisitingLesson.school_id,
    VisitingLesson.subject,
    VisitingLesson.class_name,
    VisitingLesson.weekday,
    VisitingLesson.period,
    VisitingLesson.starts,
    VisitingLesson.ends,
    VisitingLesson.weeks,
    VisitingLesson.state,
    VisitingLesson.locked,
)
SESSION = (
    VisitingSession.id,
    VisitingSession.lesson_id,
    VisitingSession.person_id,
    VisitingSession.school_id,
    VisitingSession.substitute_id,
    VisitingSession.confirmed_by_id,
    VisitingSession.class_name,
    VisitingSession.held_on,
    VisitingSession.starts,
    VisitingSession.ends,
    VisitingSession.state,
    VisitingSession.state_note,
    VisitingSession.reported,
)


@dataclass(slots=True, eq=False)
class LessonLine:
    """A weekly lesson with its teacher (key and name) and schools; the facts of access are those of the model."""

    district_id: UUID
    person: Row
    school: School
    home_school: School
    id: UUID
    person_id: UUID
    home_school_id: UUID
    school_id: UUID
    subject: str
    class_name: str
    weekday: int
    period: int
    starts: int
    ends: int
    weeks: str
    state: str
    locked: bool

    @property
    def access_schools(self) -> frozenset:
        """As ``VisitingLesson`` says it."""
        return frozenset([self.school_id, self.home_school_id])

    @property
    def access_people(self) -> frozenset:
        """As ``VisitingLesson`` says it."""
        return frozenset([self.person_id])

    @property
    def access_clusters(self) -> frozenset:
        """As ``VisitingLesson`` says it."""
        return frozenset()


@dataclass(slots=True, eq=False)
class SessionLine:
    """A dated lesson with its weekly one, its school, its teacher and who stands in (key and name)."""

    lesson: LessonLine
    person: Row
    school: School
    substitute: Row | None
    id: UUID
    lesson_id: UUID
    person_id: UUID
    school_id: UUID
    substitute_id: UUID | None
    confirmed_by_id: UUID | None
    class_name: str
    held_on: date
    starts: int
    ends: int
    state: str
    state_note: str
    reported: str | None


def read(actor: Actor, sessions, lessons) -> tuple[list[SessionLine], list[LessonLine]]:
    """The rows of two selects, of dated and of weekly lessons in sight, each with what it names read once."""
    # Put in order here: asked for it, SQLite would read by the day, and so the whole district, to save the sorting.
    dated = sorted(
        db.session.execute(sessions.with_only_columns(*SESSION)),
        key=lambda row: (row.held_on, row.starts, row.id),
    )
    weekly = sorted(
        db.session.execute(lessons.with_only_columns(*LESSON)),
        key=lambda row: (row.weekday, row.starts, row.id),
    )
    # A dated lesson may have left the weekly pattern that is shown, or belong to somebody else's.
    missing = {row.lesson_id for row in dated} - {row.id for row in weekly}
    named = _by_key(actor, VisitingLesson, missing, *LESSON)
    rows = (*dated, *weekly, *named.values())
    people_ids = {row.person_id for row in rows} | {row.substitute_id for row in dated} - {None}
    people = _by_key(actor, Person, people_ids, Person.id, Person.name)
    school_ids = {row.school_id for row in rows} | {row.home_school_id for row in (*weekly, *named.values())}
    places = _schools(actor, school_ids)

    def line(row) -> LessonLine:
        at = places[row.school_id], places[row.home_school_id]
        return LessonLine(actor.district_id, people[row.person_id], *at, *row)

    shown = [line(row) for row in weekly]
    by_key = {row.id: row for row in shown} | {key: line(row) for key, row in named.items()}
    return [
        SessionLine(
            by_key[row.lesson_id],
            people[row.person_id],
            places[row.school_id],
            people.get(row.substitute_id),
            *row,
        )
        for row in dated
    ], shown


def _schools(actor: Actor, keys: set) -> dict:
    found = select(School).where(School.district_id == actor.district_id, School.id.in_(keys))
    return {school.id: school for school in db.session.scalars(found)} if keys else {}


def _by_key(actor: Actor, model, keys: set, *columns) -> dict:
    """Key -> row of these columns."""
    if not keys:
        return {}
    found = select(*columns).where(model.district_id == actor.district_id, model.id.in_(keys))
    return {row.id: row for row in db.session.execute(found)}
