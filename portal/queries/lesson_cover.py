"""Whether both timetables stay covered (S3-30): who teaches a subject at the two schools of a visit, and who of
them is away or teaching at its time."""

from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from portal.domain.timetable import NOON
from portal.extensions import db
from portal.models import Employment, Person, School, VisitingLesson
from portal.queries.visiting import IN_FORCE


@dataclass(frozen=True)
class Cover:
    """A school at the time of a visit: teachers of the subject with a post there, of them those who teach at
    another school that half-day, and those who have a lesson at this school just then.

    ``own`` says whether it is the school that the teacher leaves.
    """

    school: str
    own: bool
    teachers: int
    away: int
    teaching: int

    @property
    def left(self) -> int:
        """Teachers of the subject who are at the school and have no lesson."""
        return self.teachers - self.away - self.teaching


def cover_of(lesson, own_school: School, school: School) -> tuple[Cover, ...]:
    """Both schools of a visit at its time, the visit included; nothing for a lesson at home."""
    if own_school.id == school.id:
        return ()
    staff = _staff(lesson, [own_school.id, school.id])
    people = {person_id for found in staff.values() for person_id in found}
    away, teaching = _elsewhere(lesson, people)
    found = []
    for place in (own_school, school):
        at = staff[place.id]
        gone = {key for key in at if away.get(key, set()) - {place.id}}
        busy = {key for key in at - gone if place.id in teaching.get(key, set())}
        found.append(Cover(place.name, place.id == own_school.id, len(at), len(gone), len(busy)))
    return tuple(found)


def _staff(lesson, school_ids: list) -> dict:
    """School -> its teachers of the subject, by what their roster says; the visiting teacher is one of them."""
    rows = db.session.execute(
        select(Employment.school_id, Employment.person_id, Person.subjects)
        .join(Person, and_(Person.district_id == Employment.district_id, Person.id == Employment.person_id))
        .where(
            Employment.district_id == lesson.district_id,
            Employment.school_id.in_(school_ids),
            Employment.ends_on.is_(None),
            or_(Employment.post_kind.is_(None), Employment.post_kind == "teaching"),
        )
    )
    found: dict = {key: set() for key in school_ids}
    for school_id, person_id, subjects in rows:
        if lesson.subject in (subjects or ()) or person_id == lesson.person_id:
            found[school_id].add(person_id)
    return found


def _elsewhere(lesson, people: set) -> tuple[dict, dict]:
    """Person -> schools taught at that half-day; person -> schools taught at that very time."""
    half: dict = {lesson.person_id: {lesson.school_id}}
    then: dict = {}
    rows = db.session.execute(
        select(
            VisitingLesson.person_id, VisitingLesson.school_id, VisitingLesson.starts, VisitingLesson.ends
        ).where(
            VisitingLesson.district_id == lesson.district_id,
            VisitingLesson.term_id == lesson.term_id,
            VisitingLesson.weekday == lesson.weekday,
            VisitingLesson.person_id.in_(people),
            VisitingLesson.state.in_(IN_FORCE),
            VisitingLesson.id != lesson.id,
        )
    )
    for person_id, school_id, starts, ends in rows:
        if (starts < NOON) == (lesson.starts < NOON):
            half.setdefault(person_id, set()).add(school_id)
        if starts < lesson.ends and ends > lesson.starts:
            then.setdefault(person_id, set()).add(school_id)
    return half, then
