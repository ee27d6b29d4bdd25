"""A visiting teacher's month: periods at home and away with the averages of the schools, for one or for many."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain import subsidy, workload
from portal.domain.workload import Figure
from portal.extensions import db
from portal.models import (
    Employment,
    HomePeriods,
    MonthCorrection,
    MonthFigure,
    Person,
    School,
    VisitingLesson,
    VisitingMonth,
    VisitingSession,
)
from portal.queries import months
from portal.queries.people import open_on


@dataclass
class PersonMonth:
    """One person's month as seen from the own school: figures by receiving school, and what they are judged by.

    ``source`` says where the periods at home come from: stated by the school, timetable, or "" for unknown.
    ``is_over`` is false while the month lasts. ``open_schools`` are receiving schools whose month is not closed yet.
    """

    person: Person
    home: School
    month: date
    days: int
    own_periods: int | None
    source: str
    figures: dict[UUID, Figure] = field(default_factory=dict)
    schools: dict[UUID, School] = field(default_factory=dict)
    open_schools: list[School] = field(default_factory=list)
    is_over: bool = True

    @property
    def load(self) -> subsidy.Workload:
        """What the two conditions compare (S1-12)."""
        visits = tuple(
            subsidy.Visit(key, self.schools[key].name, figure.periods, self.schools[key].average_periods)
            for key, figure in sorted(self.figures.items(), key=lambda item: self.schools[item[0]].name)
        )
        return subsidy.Workload(
            self.home.name, self.own_periods, self.home.average_periods, visits, self.days
        )

    @property
    def judgement(self) -> subsidy.Judgement:
        """Both conditions with their reasons."""
        return subsidy.judge_circuit(self.load, is_over=self.is_over)


def of_school(home: School, month: date, today: date) -> list[PersonMonth]:
    """The school's own teachers who taught at other schools in a month, by name.

    Who only stood in at another school belongs to the list of the school that employs the person.
    """
    people = _senders(home, month)
    return of_people(home, people, month, today)


def of_people(home: School, people: dict[UUID, Person], month: date, today: date) -> list[PersonMonth]:
    """The months of these people, whose own school is ``home``, by name."""
    month = workload.first_of(month)
    figures, unclosed = _figures(home.district_id, set(people), month)
    keys = {host for own in figures.values() for host in own}
    schools = {
        row.id: row
        for row in db.session.scalars(
            select(School).where(School.district_id == home.district_id, School.id.in_(keys))
        )
    }
    stated = stated_periods(home, month)
    timetable = timetable_periods(home, people, month, today)
    days = months.teaching_days(home.district_id, month)
    found = []
    for key in sorted(people, key=lambda key: (people[key].pinyin, str(key))):
        own = {host: figure for host, figure in figures[key].items() if host != home.id}
        if not own:
            continue
        periods, source = timetable.get(key), "timetable" if key in timetable else ""
        if key in stated:
            periods, source = stated[key].periods, "stated"
        still_open = sorted((schools[host] for host in unclosed[key] if host in own), key=lambda s: s.name)
        facts = (people[key], home, month, days, periods, source, own, schools, still_open)
        found.append(PersonMonth(*facts, is_over=today > workload.last_of(month)))
    return found


def homes_of(district_id, person_id, month: date) -> list[School]:
    """The schools for which a person visited in a month; the present one of a person who only stood in."""
    first, last = workload.first_of(month), workload.last_of(month)
    rows = db.session.scalars(
        select(School)
        .where(
            School.district_id == district_id,
            School.id.in_(
                select(VisitingLesson.home_school_id)
                .join(VisitingSession.lesson)
                .where(
                    VisitingSession.district_id == district_id,
                    VisitingSession.person_id == person_id,
                    VisitingSession.held_on.between(first, last),
                )
            ),
        )
        .order_by(School.name, School.id)
    ).all()
    return list(rows) or list(
        db.session.scalars(
            select(School)
            .join(
                Employment,
                and_(Employment.district_id == School.district_id, Employment.school_id == School.id),
            )
            .where(School.district_id == district_id, Employment.person_id == person_id)
            .where(open_on(Employment, last))
        )
    )


def stated_periods(school: School, month: date) -> dict[UUID, HomePeriods]:
    """Person -> the periods at home that the school has stated."""
    rows = db.session.scalars(
        select(HomePeriods)
        .where(
            HomePeriods.district_id == school.district_id,
            HomePeriods.school_id == school.id,
            HomePeriods.month == workload.first_of(month),
        )
        .options(joinedload(HomePeriods.stated_by))
        .execution_options(populate_existing=True)
    )
    return {row.person_id: row for row in rows}


def timetable_periods(school: School, people: Iterable, month: date, today: date) -> dict[UUID, int]:
    """Person -> periods at home by the timetable, up to today; nobody without lessons at home in it.

    Lessons at home stand in the timetable for its conflicts; nobody confirms them one by one.
    """
    first, last = workload.first_of(month), min(workload.last_of(month), today)
    rows = db.session.execute(
        select(VisitingSession.person_id, func.count())
        .join(VisitingSession.lesson)
        .where(
            VisitingSession.district_id == school.district_id,
            VisitingSession.school_id == school.id,
            VisitingLesson.home_school_id == school.id,
            VisitingSession.person_id.in_(list(people)),
            VisitingSession.held_on.between(first, last),
            VisitingSession.state.in_(("planned", "given")),
        )
        .group_by(VisitingSession.person_id)
    )
    return {person: count for person, count in rows}


def _senders(home: School, month: date) -> dict[UUID, Person]:
    """Who visits for a school in a month, and who of its staff stood in elsewhere."""
    between = VisitingSession.held_on.between(workload.first_of(month), workload.last_of(month))
    visits = (
        select(VisitingSession.person_id)
        .join(VisitingSession.lesson)
        .where(
            VisitingSession.district_id == home.district_id,
            between,
            VisitingLesson.home_school_id == home.id,
            VisitingLesson.school_id != home.id,
        )
    )
    stood_in = [
        each.with_only_columns(person).where(Employment.school_id == home.id)
        for person, each in _stand_ins(home.district_id, month)
    ]
    corrected = select(MonthCorrection.person_id).where(
        MonthCorrection.district_id == home.district_id,
        MonthCorrection.home_school_id == home.id,
        MonthCorrection.counted_in == workload.first_of(month),
    )
    rows = db.session.scalars(
        select(Person).where(
            Person.district_id == home.district_id,
            or_(*(Person.id.in_(found) for found in (visits, corrected, *stood_in))),
        )
    )
    return {row.id: row for row in rows}


def stand_in_schools(district_id, month: date) -> list:
    """Selects of the schools whose staff stood in elsewhere in a month, or of whom a correction in it says so."""
    return [each.with_only_columns(Employment.school_id) for _person, each in _stand_ins(district_id, month)]


def _stand_ins(district_id, month: date):
    """(column of the person, select joined to the employment) of stand-ins at other schools than their own.

    A correction that is entered in this month names them too: who stood in, and who did not after all.
    """
    first, last = workload.first_of(month), workload.last_of(month)
    at = VisitingSession.substitute_id
    yield (
        at,
        _employed(at, VisitingSession, last)
        .join(VisitingSession.lesson)
        .where(
            VisitingSession.district_id == district_id,
            VisitingSession.held_on.between(first, last),
            VisitingLesson.home_school_id != VisitingLesson.school_id,
        ),
    )
    for at in (MonthCorrection.old_substitute_id, MonthCorrection.new_substitute_id):
        entered = _employed(at, MonthCorrection, last)
        yield (
            at,
            entered.where(MonthCorrection.district_id == district_id, MonthCorrection.counted_in == first),
        )


def _employed(person, model, day: date):
    """The rows of a model whose person is employed that day at another school than the row's."""
    return (
        select(person)
        .join(Employment, and_(Employment.district_id == model.district_id, Employment.person_id == person))
        .where(Employment.school_id != model.school_id)
        .where(open_on(Employment, day))
    )


def _figures(district_id, people: set, month: date) -> tuple[dict, dict]:
    """person -> receiving school -> figure, all sending schools together; and person -> schools not closed."""
    frozen, closed = _closed(district_id, people, month)
    figures: dict = defaultdict(lambda: defaultdict(Figure))
    unclosed: dict = defaultdict(set)
    for (host, _home), own in frozen.items():
        for person, figure in own.items():
            figures[person][host] += figure
    for key, outcomes, corrections in _live(district_id, people, month, closed):
        for person, figure in workload.figures(outcomes, corrections).items():
            if person in people:
                figures[person][key[0]] += figure
                if outcomes:
                    unclosed[person].add(key[0])
    return figures, unclosed


def _closed(district_id, people: Iterable, month: date) -> tuple[dict, set]:
    rows = db.session.execute(
        select(VisitingMonth.school_id, VisitingMonth.home_school_id, MonthFigure)
        .join(
            MonthFigure,
            and_(
                MonthFigure.district_id == VisitingMonth.district_id,
                MonthFigure.month_id == VisitingMonth.id,
            ),
        )
        .where(
            VisitingMonth.district_id == district_id,
            VisitingMonth.month == month,
            VisitingMonth.state == "closed",
            MonthFigure.person_id.in_(list(people)),
        )
    )
    found: dict = defaultdict(dict)
    for host, home, row in rows:
        found[host, home][row.person_id] = months.as_figure(row)
    closed = db.session.execute(
        select(VisitingMonth.school_id, VisitingMonth.home_school_id).where(
            VisitingMonth.district_id == district_id,
            VisitingMonth.month == month,
            VisitingMonth.state == "closed",
        )
    )
    return found, {(host, home) for host, home in closed}


def _live(district_id, people: set, month: date, closed: set):
    """(pair, outcomes, corrections) of the pairs that are not closed."""
    where = or_(VisitingSession.person_id.in_(people), VisitingSession.substitute_id.in_(people))
    outcomes, _unsettled = months.outcomes_of(district_id, month, where)
    entered = defaultdict(list)
    for row in db.session.scalars(
        select(MonthCorrection).where(
            MonthCorrection.district_id == district_id,
            MonthCorrection.counted_in == month,
            or_(
                MonthCorrection.person_id.in_(people),
                MonthCorrection.old_substitute_id.in_(people),
                MonthCorrection.new_substitute_id.in_(people),
            ),
        )
    ):
        entered[row.school_id, row.home_school_id].append(months.as_correction(row))
    for key in {*outcomes, *entered} - closed:
        yield key, outcomes.get(key, []), entered.get(key, [])
