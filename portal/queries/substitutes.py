"""Who could stand in for dated lessons, and when a class could have them instead: facts for the rules of
``portal.domain.substitution`` and ``portal.domain.repair``."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select

from portal.domain import calendar, repair, substitution, timetable
from portal.domain.substitution import Candidate, Hour, Need
from portal.extensions import db
from portal.models import (
    AbsentSession,
    BusyHour,
    Employment,
    Person,
    School,
    VisitingLesson,
    VisitingSession,
)
from portal.queries import absences, limits, signups, terms, visiting
from portal.queries.people import open_on
from portal.queries.visiting import IN_FORCE

# How many free slots a page offers.
SHOWN_SLOTS = 12


@dataclass(frozen=True)
class Outlook:
    """What can be done about one lesson that an absence leaves."""

    cover: AbsentSession
    need: Need
    suggestions: tuple[substitution.Suggestion, ...]
    unsuited: tuple
    slots: tuple[repair.Slot, ...]


def need_of(session: VisitingSession) -> Need:
    """A dated lesson as the rules read it; schools by their names, as ways are."""
    hour = Hour(session.held_on, session.starts, session.ends, session.school.name)
    return Need(session.id, hour, session.lesson.subject, session.person_id)


class Staff:
    """The people who may be asked for some dated lessons, with everything that decides, in a few queries."""

    def __init__(self, sessions: list[VisitingSession], day: date, also: Iterable = ()):
        self.sessions = sessions
        self.district_id = sessions[0].district_id
        self.term = sessions[0].lesson.term
        days = [session.held_on for session in sessions]
        self.first = min(days) - timedelta(days=min(days).weekday())
        self.last = max(days) + timedelta(days=6 - max(days).weekday())
        self.of_school = self._of_schools(day)
        teachers = {session.person_id for session in sessions}
        self.ids = {*also, *teachers, *(key for found in self.of_school.values() for key in found)}
        self.candidates = self._candidates(day)
        self.ways = visiting.ways_by_name(self.district_id, self._school_ids())

    def asked_for(self, session: VisitingSession) -> list[Candidate]:
        """The people of both schools, and who teaches at the receiving one as a visitor."""
        keys = self.of_school[session.school_id] | self.of_school[session.lesson.home_school_id]
        return [self.candidates[key] for key in keys if key in self.candidates and key != session.person_id]

    def _of_schools(self, day: date) -> dict:
        """School -> who works there or visits it every week."""
        at = {key for s in self.sessions for key in (s.school_id, s.lesson.home_school_id)}
        found: dict = defaultdict(set)
        staff = select(Employment.school_id, Employment.person_id).where(
            Employment.district_id == self.district_id,
            Employment.school_id.in_(at),
            open_on(Employment, day),
            or_(Employment.post_kind.is_(None), Employment.post_kind == "teaching"),
        )
        visitors = select(VisitingLesson.school_id, VisitingLesson.person_id).where(
            VisitingLesson.district_id == self.district_id,
            VisitingLesson.term_id == self.term.id,
            VisitingLesson.school_id.in_(at),
            VisitingLesson.state == "running",
        )
        for rows in (staff, visitors):
            for school_id, person_id in db.session.execute(rows):
                found[school_id].add(person_id)
        return found

    def _candidates(self, day: date) -> dict:
        rows = db.session.execute(
            select(Person.id, Person.name, Person.subjects, School.name)
            .join(
                Employment,
                and_(Employment.district_id == Person.district_id, Employment.person_id == Person.id),
            )
            .join(
                School, and_(School.district_id == Employment.district_id, School.id == Employment.school_id)
            )
            .where(Person.district_id == self.district_id, Person.id.in_(self.ids), open_on(Employment, day))
        ).all()
        away = absences.away(self.district_id, self.ids, self.first, self.last)
        busy, counts = busy_hours(self.district_id, self.ids, self.first, self.last), self._stand_ins()
        other = taken_hours(self.term, self.first, self.last, self.ids)
        add_deliveries(other, self.district_id, self.ids, self.first, self.last)
        taught, bound = self._taught(), limits.limits_of(self.district_id, self.term.id, self.ids)
        return {
            key: Candidate(
                key=key,
                name=name,
                home=home,
                subjects=frozenset(subjects or ()) | taught.get(key, frozenset()),
                busy=tuple(busy[key]),
                taken=tuple(other[key]),
                away=tuple(away[key]),
                stand_ins=counts.get(key, 0),
                is_listed=key in taught,
                limits=bound.get(str(key)),
            )
            for key, name, subjects, home in rows
        }

    def _taught(self) -> dict:
        """Person -> subjects of the timetable; who has none in it has no timetable here."""
        found: dict = defaultdict(frozenset)
        for key, subject in db.session.execute(
            select(VisitingLesson.person_id, VisitingLesson.subject).where(
                VisitingLesson.district_id == self.district_id,
                VisitingLesson.term_id == self.term.id,
                VisitingLesson.state.in_(IN_FORCE),
                VisitingLesson.person_id.in_(self.ids),
            )
        ):
            found[key] |= {subject}
        return dict(found)

    def _stand_ins(self) -> dict:
        return dict(
            db.session.execute(
                select(VisitingSession.substitute_id, func.count())
                .where(
                    VisitingSession.district_id == self.district_id,
                    VisitingSession.substitute_id.in_(self.ids),
                    VisitingSession.state == "substituted",
                    VisitingSession.held_on.between(self.term.first_day, self.term.last_day),
                )
                .group_by(VisitingSession.substitute_id)
            ).all()
        )

    def _school_ids(self):
        names = {each.home for each in self.candidates.values()}
        names |= {hour.school for each in self.candidates.values() for hour in (*each.busy, *each.taken)}
        names |= {session.school.name for session in self.sessions}
        return db.session.scalars(
            select(School.id).where(School.district_id == self.district_id, School.name.in_(names))
        ).all()


def busy_hours(district_id, person_ids, first: date, last: date, besides=()) -> dict:
    """Person -> the dated lessons that book them, own ones and those stood in for; ``besides`` do not count."""
    keys = set(person_ids)
    found: dict = defaultdict(list)
    rows = db.session.execute(
        select(
            VisitingSession.id,
            VisitingSession.person_id,
            VisitingSession.substitute_id,
            VisitingSession.held_on,
            VisitingSession.starts,
            VisitingSession.ends,
            School.name,
        )
        .join(
            School,
            and_(School.district_id == VisitingSession.district_id, School.id == VisitingSession.school_id),
        )
        .where(
            VisitingSession.district_id == district_id,
            VisitingSession.held_on.between(first, last),
            VisitingSession.state != "cancelled",
            or_(VisitingSession.person_id.in_(keys), VisitingSession.substitute_id.in_(keys)),
        )
        .order_by(VisitingSession.held_on, VisitingSession.starts, VisitingSession.id)
    )
    for session_id, person_id, substitute_id, day, starts, ends, school in rows:
        if session_id not in besides:
            for key in {person_id, substitute_id} & keys:
                found[key].append(Hour(day, starts, ends, school))
    return found


def taken_hours(term, first: date, last: date, person_ids=(), school_ids=()) -> dict:
    """Person, or (school, class) -> the dated hours that are taken every week (教研, a lesson of the own school)."""
    found: dict = defaultdict(list)
    rows = db.session.execute(
        select(BusyHour, School.name)
        .join(School, and_(School.district_id == BusyHour.district_id, School.id == BusyHour.school_id))
        .where(
            BusyHour.district_id == term.district_id,
            BusyHour.term_id == term.id,
            or_(BusyHour.person_id.in_(set(person_ids)), BusyHour.school_id.in_(set(school_ids))),
        )
        .order_by(BusyHour.id)
    ).all()
    swaps = terms.swap_days(term.district_id, first, last) if rows else {}
    for row, school in rows:
        value = limits.as_value(row, school)
        keys = [row.person_id] if row.person_id else [(row.school_id, name) for name in value.classes]
        for day in timetable.sessions(value, term.value, swaps, first_day=first, last_day=last):
            for key in keys:
                found[key].append(Hour(day, row.starts, row.ends, school))
    return found


def add_deliveries(found: dict, district_id, person_ids, first: date, last: date) -> None:
    """Add to dated hours those at which people have a place in a delivery."""
    for key, row in signups.places_at(district_id, first, last, person_ids):
        found[key].append(Hour(row.starts_on, row.starts, row.starts + row.minutes, row.school.name))


def outlooks(covers: list[AbsentSession], today: date) -> list[Outlook]:
    """What can be done about lessons that wait, in their order."""
    return [each for group in _by_term(covers) for each in _outlooks(group, today)]


def _by_term(covers: list[AbsentSession]) -> list[list[AbsentSession]]:
    groups: dict = defaultdict(list)
    for cover in covers:
        groups[cover.session.lesson.term_id].append(cover)
    return list(groups.values())


def _outlooks(covers: list[AbsentSession], today: date) -> list[Outlook]:
    staff = Staff([cover.session for cover in covers], today)
    slots = slots_of(covers, staff, today)
    found = []
    for cover in covers:
        need, people = need_of(cover.session), staff.asked_for(cover.session)
        found.append(
            Outlook(
                cover,
                need,
                substitution.suggestions(need, people, staff.ways),
                substitution.unsuited(need, people, staff.ways),
                slots[cover.id],
            )
        )
    return found


def plan(covers: list[AbsentSession], today: date) -> dict:
    """Line -> what the plan with the fewest moves does about it (``repair.Fix``)."""
    return {key: fix for group in _by_term(covers) for key, fix in _plan(group, today).items()}


def _plan(covers: list[AbsentSession], today: date) -> dict:
    staff = Staff([cover.session for cover in covers], today)
    slots = slots_of(covers, staff, today)
    options = [
        repair.Options(
            need := need_of(cover.session),
            substitution.suggestions(need, staff.asked_for(cover.session), staff.ways),
            slots[cover.id],
            _without(staff.candidates.get(cover.session.person_id), need, cover.session),
            visiting.classes_of(cover.session.class_name),
        )
        for cover in covers
    ]
    by_session = {fix.need.key: fix for fix in repair.repair(options, staff.ways)}
    return {cover.id: by_session[cover.session_id] for cover in covers}


def suggestion_for(session: VisitingSession, person_id, today: date):
    """(candidate, obstacle) of one person for one lesson; (None, None) for somebody without a school."""
    staff = Staff([session], today, also=[person_id])
    candidate = staff.candidates.get(person_id)
    if candidate is None:
        return None, None
    return candidate, substitution.obstacle(need_of(session), candidate, staff.ways)


def slots_of(covers: list[AbsentSession], staff: Staff, today: date) -> dict:
    """Line -> the free times of teacher and class in the weeks of the lesson, the nearest first.

    Known are the timetables of the portal: a lesson of the class that stands in none is not seen.
    """
    term = staff.term
    first, last = max(today + timedelta(days=1), term.first_day), term.last_day
    if first > last:
        return {cover.id: () for cover in covers}
    swaps = terms.swap_days(staff.district_id, first, last)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    days = [day for day in days if calendar.teaching_weekday(day, swaps) is not None]
    bells = visiting.bells_of(staff.district_id, {cover.session.school_id for cover in covers})
    teachers = {cover.session.person_id for cover in covers}
    busy = busy_hours(staff.district_id, teachers, first - timedelta(days=7), last)
    gone = absences.away(staff.district_id, teachers, first, last)
    classes = _class_hours(covers, first, last)
    at = {cover.session.school_id for cover in covers}
    other = taken_hours(term, first, last, teachers, at)
    add_deliveries(other, staff.district_id, teachers, first, last)
    found = {}
    for cover in covers:
        session, need = cover.session, need_of(cover.session)
        known = staff.candidates.get(session.person_id)
        teacher = replace(
            known or Candidate(session.person_id, session.person.name, ""),
            busy=tuple(hour for hour in busy[session.person_id] if hour != need.hour),
            taken=tuple(other[session.person_id]),
            away=tuple(gone[session.person_id]),
        )
        names = visiting.classes_of(session.class_name)
        class_busy = classes[cover.id] + [hour for name in names for hour in other[session.school_id, name]]
        found[cover.id] = repair.free_slots(
            need,
            teacher,
            class_busy,
            _days_of(session, days, term),
            bells.get(session.school_id, {}),
            staff.ways,
        )[:SHOWN_SLOTS]
    return found


def _days_of(session: VisitingSession, days: list[date], term) -> list[date]:
    """The days in the span of weeks in which the lesson runs; odd and even do not matter for a single time."""
    weeks = timetable.Weeks.parse(session.lesson.weeks)
    span = timetable.Weeks(weeks.first, weeks.last)
    return [day for day in days if (week := calendar.week_number(term.value, day)) and span.includes(week)]


def _class_hours(covers: list[AbsentSession], first: date, last: date) -> dict:
    """Line -> the dated lessons of its classes, by what the timetable knows; its own does not count."""
    rows = db.session.execute(
        select(
            VisitingSession.id,
            VisitingSession.school_id,
            VisitingSession.class_name,
            VisitingSession.held_on,
            VisitingSession.starts,
            VisitingSession.ends,
        ).where(
            VisitingSession.district_id == covers[0].session.district_id,
            VisitingSession.school_id.in_({cover.session.school_id for cover in covers}),
            VisitingSession.held_on.between(first, last),
            VisitingSession.state != "cancelled",
        )
    ).all()
    found: dict = {}
    for cover in covers:
        own, name = cover.session, cover.session.school.name
        mine = set(visiting.classes_of(own.class_name))
        found[cover.id] = [
            Hour(row.held_on, row.starts, row.ends, name)
            for row in rows
            if row.school_id == own.school_id
            and row.id != own.id
            and mine & set(visiting.classes_of(row.class_name))
        ]
    return found


def _without(teacher: Candidate | None, need: Need, session: VisitingSession) -> Candidate:
    """The teacher without the lesson that may move."""
    known = teacher or Candidate(session.person_id, session.person.name, "")
    return replace(known, busy=tuple(hour for hour in known.busy if hour != need.hour))
