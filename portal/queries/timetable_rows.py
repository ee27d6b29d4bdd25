"""Many lessons at once, from a workbook, a paste or last term: which are there already, what stands against
the others."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import and_, or_, select

from portal.domain import timetable
from portal.domain.access import Actor
from portal.domain.words import N_, Message, message
from portal.extensions import db
from portal.models import BusyHour, School, Term, VisitingLesson, VisitingSession
from portal.queries import limits, terms, visiting
from portal.queries.lesson_checks import FACTS
from portal.queries.lesson_ideas import Idea
from portal.queries.lesson_sight import told
from portal.queries.visiting import IN_FORCE, as_value, classes_of, week_from

#: Nobody reads more findings than these; a table that was pasted in a thousand times has millions.
MOST = 500


@dataclass(frozen=True)
class Row:
    """One lesson to be, its number in the list that it comes from, and its school's name."""

    number: int
    idea: Idea
    school: str
    form: str = "circuit_teaching"

    @property
    def identity(self) -> tuple:
        """What makes two lessons of a term the same."""
        idea = self.idea
        classes = frozenset(classes_of(idea.class_name))
        return idea.person_id, idea.school_id, classes, idea.subject, idea.weekday, idea.period, idea.weeks


@dataclass(frozen=True)
class HourRow:
    """One taken hour to be: of a teacher or of a class."""

    number: int
    school_id: object
    school: str
    person_id: object
    class_name: str
    subject: str
    weekday: int
    period: int
    starts: int
    ends: int
    weeks: str

    id = 0

    @property
    def identity(self) -> tuple:
        """What makes two taken hours of a term the same."""
        names = ("school_id", "person_id", "class_name", "subject", "weekday", "period", "weeks")
        return tuple(getattr(self, name) for name in names)


@dataclass(frozen=True)
class Finding:
    """Something about one row, or (``row`` 0) about the whole; a hard one keeps everything from being written."""

    sheet: str
    row: int
    message: Message
    hard: bool = True


def known_lessons(term: Term, person_ids: set) -> set:
    """The identities of the lessons in force of teachers."""
    rows = db.session.execute(
        select(*(getattr(VisitingLesson, name) for name in FACTS)).where(
            VisitingLesson.district_id == term.district_id,
            VisitingLesson.term_id == term.id,
            VisitingLesson.person_id.in_(person_ids),
            VisitingLesson.state.in_(IN_FORCE),
        )
    )
    return {
        (
            row.person_id,
            row.school_id,
            frozenset(classes_of(row.class_name)),
            row.subject,
            row.weekday,
            row.period,
            row.weeks,
        )
        for row in rows
    }


def known_hours(term: Term, school_ids: set) -> set:
    """The identities of the taken hours of schools."""
    rows = db.session.execute(
        select(
            BusyHour.school_id,
            BusyHour.person_id,
            BusyHour.class_name,
            BusyHour.subject,
            BusyHour.weekday,
            BusyHour.period,
            BusyHour.weeks,
        ).where(
            BusyHour.district_id == term.district_id,
            BusyHour.term_id == term.id,
            BusyHour.school_id.in_(school_ids),
        )
    )
    return {tuple(row) for row in rows}


def judge(
    actor: Actor,
    rows: list[Row],
    hours: list[HourRow],
    term: Term,
    day: date,
    sheet: str,
    *,
    ways: dict | None = None,
    bounds: dict | None = None,
) -> list[Finding]:
    """What stands against rows, among themselves and with what is there from a day on.

    ``ways`` and ``bounds`` are those that come with the rows and count besides the registered ones.
    """
    if not rows and not hours:
        return []
    first = week_from(term, day)
    mine = [_value(row.number, as_value(row.idea, row.school, first)) for row in rows]
    mine += [_value(hour.number, limits.as_value(hour, hour.school, first)) for hour in hours]
    people = {row.idea.person_id for row in rows} | {hour.person_id for hour in hours if hour.person_id}
    at = {row.idea.school_id for row in rows} | {hour.school_id for hour in hours}
    named = {name for row in rows for name in classes_of(row.idea.class_name)}
    theirs, schools = _there(actor, term, people, at, first, named)
    travel = {**(ways or {}), **visiting.ways_by_name(term.district_id, at | schools)}
    bound = {**limits.limits_of(term.district_id, term.id, people), **(bounds or {})}
    values = [value for value in (*mine, *theirs) if value is not None]
    found = []
    for conflict in timetable.conflicts(values, travel, bound, most=20 * MOST):
        numbers = [row for row in conflict.rows if isinstance(row, int)]
        if numbers:
            words = _with_others(conflict, numbers)
            found.append(Finding(sheet, numbers[-1], words, conflict.kind != "travel_unknown"))
    taken = [] if any(each.hard for each in found) else _taken(rows, term, day, sheet)
    return [*found, *taken][:MOST]


def _with_others(conflict, numbers: list[int]) -> Message:
    """The reason, with the other rows of the list that it names."""
    others = tuple(str(number) for number in numbers[:-1][:10])
    if not others:
        return conflict.message
    return message(N_("%(reason)s（与第%(rows)s行）"), reason=conflict.message, rows=others)


def _value(number: int, value):
    return None if value is None else replace(value, row=number)


def _there(actor: Actor, term: Term, people: set, at: set, first: int, named: set) -> tuple[list, set]:
    """The lessons and taken hours that are there, of these teachers or at these schools, and their schools.

    ``named``: the classes of the rows, which the person has written.
    """
    found, schools = [], set()
    for model, read in ((VisitingLesson, as_value), (BusyHour, limits.as_value)):
        columns = [getattr(model, name) for name in FACTS]
        columns += [model.home_school_id] if model is VisitingLesson else []
        rows = (
            select(*columns, School.name.label("school_name"))
            .join(School, and_(School.district_id == model.district_id, School.id == model.school_id))
            .where(
                model.district_id == term.district_id,
                model.term_id == term.id,
                or_(model.person_id.in_(people), model.school_id.in_(at)),
            )
        )
        if model is VisitingLesson:
            rows = rows.where(VisitingLesson.state.in_(IN_FORCE))
        for row in db.session.execute(rows):
            found.append(told(actor, row, read(row, row.school_name, first), named))
            schools.add(row.school_id)
    return found, schools


def _taken(rows: list[Row], term: Term, day: date, sheet: str) -> list[Finding]:
    """Rows one of whose dates is taken by a lesson that was moved there or that somebody stands in for."""
    booked = _booked({row.idea.person_id for row in rows}, {row.idea.school_id for row in rows}, term, day)
    found = []
    for row, days in dates_of(rows, term, day):
        idea, classes = row.idea, set(classes_of(row.idea.class_name))
        for held_on in days:
            for other in booked[held_on]:
                meets = other.starts < idea.ends and other.ends > idea.starts
                same = idea.person_id in (other.person_id, other.substitute_id) or (
                    other.school_id == idea.school_id and classes & set(classes_of(other.class_name))
                )
                if meets and same:
                    words = message(N_("%(day)s 这个时间已有安排"), day=held_on.isoformat())
                    found.append(Finding(sheet, row.number, words))
                    break
    return found


def dates_of(rows: Iterable[Row], term: Term, day: date) -> list[tuple]:
    """(row, its dates) from a day on, by one reading of the calendar."""
    swaps = terms.swap_days(term.district_id, term.first_day, term.last_day)
    return [
        (row, timetable.sessions(as_value(row.idea, ""), term.value, swaps, first_day=day)) for row in rows
    ]


def _booked(people: set, at: set, term: Term, day: date) -> dict:
    found = defaultdict(list)
    rows = db.session.execute(
        select(
            VisitingSession.held_on,
            VisitingSession.starts,
            VisitingSession.ends,
            VisitingSession.person_id,
            VisitingSession.substitute_id,
            VisitingSession.school_id,
            VisitingSession.class_name,
        ).where(
            VisitingSession.district_id == term.district_id,
            VisitingSession.held_on.between(day, term.last_day),
            VisitingSession.state != "cancelled",
            or_(
                VisitingSession.person_id.in_(people),
                VisitingSession.substitute_id.in_(people),
                VisitingSession.school_id.in_(at),
            ),
        )
    )
    for row in rows:
        found[row.held_on].append(row)
    return found
