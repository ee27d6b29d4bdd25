"""What stands against a lesson and where it would fit: the lessons, taken hours, ways and limits around it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, false, or_, select

from portal.domain import free_slots as rules
from portal.domain import timetable
from portal.domain.access import Actor
from portal.extensions import db
from portal.models import BusyHour, School, Term, VisitingLesson, VisitingSession
from portal.queries import limits, terms, visiting
from portal.queries.lesson_sight import told
from portal.queries.visiting import IN_FORCE, as_value, classes_of, week_from
from portal.queries.week_lines import LessonLine

# How many free times a page offers.
SHOWN = 6
FACTS = (
    "id",
    "person_id",
    "school_id",
    "subject",
    "class_name",
    "weekday",
    "period",
    "starts",
    "ends",
    "weeks",
)


@dataclass(frozen=True)
class Around:
    """What one lesson is judged by: itself, the others, minutes on the road by names, and limits.

    ``own`` is None when the lesson is over before the first week that counts.
    """

    own: timetable.Lesson | None
    others: tuple[timetable.Lesson, ...]
    ways: timetable.Travel
    limits: dict[str, timetable.TeacherLimits]

    @property
    def conflicts(self) -> tuple[timetable.Conflict, ...]:
        """What stands against the lesson."""
        if self.own is None:
            return ()
        return rules.stands_against(self.own, self.others, self.ways, self.limits)


def around(actor: Actor, lesson, term: Term, school_name: str, today: date) -> Around:
    """Everything that a lesson, stored or only thought of, is judged by from this week on.

    Of lessons that the person may not see, classes and subjects are left out.
    """
    first = week_from(term, today)
    own = as_value(lesson, school_name, first)
    rows, hours = _lessons_beside(lesson), _hours_beside(lesson)
    named = set(classes_of(lesson.class_name))
    others = [told(actor, row, as_value(row, row.school_name, first), named) for row in rows]
    others += [told(actor, row, limits.as_value(row, row.school_name, first), named) for row in hours]
    at = {lesson.school_id, *(row.school_id for row in rows), *(row.school_id for row in hours)}
    return Around(
        own,
        tuple(each for each in others if each is not None),
        visiting.ways_by_name(lesson.district_id, at),
        limits.limits_of(lesson.district_id, lesson.term_id, [lesson.person_id]),
    )


def conflicts_of(
    actor: Actor, lesson, term: Term, school_name: str, today: date
) -> tuple[timetable.Conflict, ...]:
    """What stands against a lesson from this week on: overlaps, ways too long or unknown, exceeded limits."""
    return around(actor, lesson, term, school_name, today).conflicts


def conflicts_in_week(
    actor: Actor, term: Term, lessons: list[LessonLine], week: int
) -> tuple[timetable.Conflict, ...]:
    """What is wrong in one week with lessons in force of a page, by everything that their teachers do.

    A page of a school or cluster shows visits only; a lesson at home can still be too near to one.
    """
    if not lessons:
        return ()
    people = {lesson.person_id for lesson in lessons}
    judged = [(lesson.school_id, as_value(lesson, lesson.school.name)) for lesson in lessons]
    shown = {value.row for _school, value in judged}
    for row, read in _beside(term, people, [lesson.id for lesson in lessons]):
        judged.append((row.school_id, told(actor, row, read(row, row.school_name))))
    judged = [(school, value) for school, value in judged if value.weeks.includes(week)]
    ways = visiting.ways_by_name(term.district_id, {school for school, _value in judged})
    limits_of = limits.limits_of(term.district_id, term.id, people)
    found = timetable.conflicts([value for _school, value in judged], ways, limits_of)
    return tuple(conflict for conflict in found if shown & set(conflict.rows))


def _beside(term: Term, people: set, shown: list) -> list[tuple]:
    """(row, how to read it) of the lessons in force of teachers that are not shown, and of their taken hours."""
    found = []
    for model, read in ((VisitingLesson, as_value), (BusyHour, limits.as_value)):
        rows = _facts(model).where(
            model.district_id == term.district_id, model.term_id == term.id, model.person_id.in_(people)
        )
        if model is VisitingLesson:
            rows = rows.where(VisitingLesson.state.in_(IN_FORCE), VisitingLesson.id.not_in(shown))
        found += [(row, read) for row in db.session.execute(rows)]
    return found


def slots_for(lesson, near: Around, term: Term, today: date) -> tuple[rules.FreeSlot, ...]:
    """The nearest times at which a lesson fits the week, and every one of its dates from tomorrow on.

    A date may be taken by a lesson that was moved there or that somebody stands in for.
    """
    if near.own is None:
        return ()
    bells = visiting.bells_of(lesson.district_id, [lesson.school_id]).get(lesson.school_id, {})
    found = rules.free_slots(near.own, near.others, bells, near.ways, near.limits)
    if not found:
        return ()
    booked, swaps = _booked(lesson, term, today), terms.swap_days(term.district_id, today, term.last_day)
    fitting = []
    for slot in found:
        if len(fitting) == SHOWN:
            break
        there = rules.moved(near.own, slot)
        days = timetable.sessions(there, term.value, swaps, first_day=today)
        if not any(starts < slot.end and ends > slot.start for day in days for starts, ends in booked[day]):
            fitting.append(slot)
    return tuple(fitting)


def _booked(lesson, term: Term, today: date) -> dict:
    """Day -> times at which the teacher or one of the classes has a dated lesson besides this one's."""
    rows = db.session.execute(
        select(
            VisitingSession.held_on,
            VisitingSession.starts,
            VisitingSession.ends,
            VisitingSession.class_name,
            or_(
                VisitingSession.person_id == lesson.person_id,
                VisitingSession.substitute_id == lesson.person_id,
            ).label("of_teacher"),
        ).where(
            VisitingSession.district_id == lesson.district_id,
            VisitingSession.held_on.between(today, term.last_day),
            VisitingSession.state != "cancelled",
            VisitingSession.lesson_id != lesson.id,
            or_(
                VisitingSession.person_id == lesson.person_id,
                VisitingSession.substitute_id == lesson.person_id,
                and_(VisitingSession.school_id == lesson.school_id, _has_class(VisitingSession, lesson)),
            ),
        )
    )
    found, classes = defaultdict(list), set(classes_of(lesson.class_name))
    for row in rows:
        if row.of_teacher or classes & set(classes_of(row.class_name)):
            found[row.held_on].append((row.starts, row.ends))
    return found


def _facts(model):
    """A select of what a value is made of, with the school's name.

    Columns are read, not objects, so that what another writer has just committed is seen after a lock.
    """
    columns = [getattr(model, name) for name in FACTS]
    columns += [model.home_school_id] if model is VisitingLesson else []
    return select(*columns, School.name.label("school_name")).join(
        School, and_(School.district_id == model.district_id, School.id == model.school_id)
    )


def _lessons_beside(lesson) -> list:
    """Rows of the other lessons in force of the teacher, or of the classes at their school."""
    return list(
        db.session.execute(
            _facts(VisitingLesson).where(
                VisitingLesson.district_id == lesson.district_id,
                VisitingLesson.term_id == lesson.term_id,
                VisitingLesson.state.in_(IN_FORCE),
                VisitingLesson.id != lesson.id,
                _concerned(VisitingLesson, lesson),
            )
        )
    )


def _hours_beside(lesson) -> list:
    """Rows of the taken hours of the teacher, or of the classes at their school."""
    return list(
        db.session.execute(
            _facts(BusyHour).where(
                BusyHour.district_id == lesson.district_id,
                BusyHour.term_id == lesson.term_id,
                _concerned(BusyHour, lesson),
            )
        )
    )


def _concerned(model, lesson):
    return or_(
        model.person_id == lesson.person_id,
        and_(model.school_id == lesson.school_id, _has_class(model, lesson)),
    )


def _has_class(model, lesson):
    """Rows that may be of one of the classes; a joint lesson names several, the rules look closer."""
    names = classes_of(lesson.class_name)
    return or_(false(), *(model.class_name.contains(name, autoescape=True) for name in names))
