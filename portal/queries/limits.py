"""What binds teachers in a term, and the hours of teachers and classes that are taken beside lessons."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, case, distinct, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain import timetable
from portal.domain.access import Actor
from portal.extensions import db
from portal.models import BusyHour, Employment, Person, School, TeacherLimit, Term, VisitingLesson
from portal.queries import staff
from portal.queries.lesson_sight import sees
from portal.queries.paging import Page, page_by_text

IN_FORCE = ("planned", "running")


@dataclass(frozen=True)
class Load:
    """What the weekly pattern asks of a teacher: lessons at home and away, weekdays with a visit, limits."""

    person: Person
    home: str
    at_home: int
    away: int
    days: int
    limit: TeacherLimit | None

    @property
    def is_over(self) -> bool:
        """Whether the pattern, odd and even weeks together, may be more than a limit allows."""
        bound = self.limit
        if bound is None:
            return False
        over_week = bound.week_periods is not None and self.at_home + self.away > bound.week_periods
        return over_week or (bound.visit_days is not None and self.days > bound.visit_days)


def limit_of(person: Person, term: Term) -> TeacherLimit | None:
    """What binds one teacher in a term, when anything was set."""
    return db.session.scalar(
        select(TeacherLimit).where(
            TeacherLimit.district_id == person.district_id,
            TeacherLimit.term_id == term.id,
            TeacherLimit.person_id == person.id,
        )
    )


def limits_of(district_id, term_id, person_ids: Iterable) -> dict[str, timetable.TeacherLimits]:
    """Teacher's key as text -> what binds them, as the rules take it; nobody without limits.

    Columns are read, not objects, so that what another writer has just committed is seen after a lock.
    """
    rows = db.session.execute(
        select(
            TeacherLimit.person_id,
            TeacherLimit.week_periods,
            TeacherLimit.visit_days,
            TeacherLimit.half_days,
            School.name,
        )
        .join(
            Employment,
            and_(
                Employment.district_id == TeacherLimit.district_id,
                Employment.person_id == TeacherLimit.person_id,
                Employment.ends_on.is_(None),
            ),
        )
        .join(School, and_(School.district_id == Employment.district_id, School.id == Employment.school_id))
        .where(
            TeacherLimit.district_id == district_id,
            TeacherLimit.term_id == term_id,
            TeacherLimit.person_id.in_(set(person_ids)),
        )
    )
    return {
        str(person_id): timetable.TeacherLimits(home, periods, days, timetable.parse_half_days(halves or ""))
        for person_id, periods, days, halves, home in rows
    }


def load_page(actor: Actor, term: Term, *, cursor: str | None = None, school_id=None) -> Page:
    """The teachers in sight who visit, or are bound, in a term, by pinyin: a page of ``Load``."""
    visits = exists().where(
        VisitingLesson.district_id == Person.district_id,
        VisitingLesson.term_id == term.id,
        VisitingLesson.person_id == Person.id,
        VisitingLesson.state.in_(IN_FORCE),
        VisitingLesson.school_id != VisitingLesson.home_school_id,
    )
    bound = exists().where(
        TeacherLimit.district_id == Person.district_id,
        TeacherLimit.term_id == term.id,
        TeacherLimit.person_id == Person.id,
    )
    found = staff.visible_to(actor).where(or_(visits, bound))
    if school_id:
        found = found.where(
            exists().where(
                Employment.district_id == Person.district_id,
                Employment.person_id == Person.id,
                Employment.ends_on.is_(None),
                Employment.school_id == school_id,
            )
        )
    page = page_by_text(found, Person.pinyin, Person.id, cursor)
    return Page(_loads(page.rows, term), page.newer, page.older)


def _loads(people: list[Person], term: Term) -> list[Load]:
    ids = [person.id for person in people]
    away = VisitingLesson.school_id != VisitingLesson.home_school_id
    counts = {
        row.person_id: row
        for row in db.session.execute(
            select(
                VisitingLesson.person_id,
                func.sum(case((away, 0), else_=1)).label("home"),
                func.sum(case((away, 1), else_=0)).label("away"),
                func.count(distinct(case((away, VisitingLesson.weekday)))).label("days"),
            )
            .where(
                VisitingLesson.district_id == term.district_id,
                VisitingLesson.term_id == term.id,
                VisitingLesson.person_id.in_(ids),
                VisitingLesson.state.in_(IN_FORCE),
            )
            .group_by(VisitingLesson.person_id)
        )
    }
    bounds = {
        row.person_id: row
        for row in db.session.scalars(
            select(TeacherLimit).where(
                TeacherLimit.district_id == term.district_id,
                TeacherLimit.term_id == term.id,
                TeacherLimit.person_id.in_(ids),
            )
        )
    }
    homes = dict(
        db.session.execute(
            select(Employment.person_id, School.name)
            .join(
                School, and_(School.district_id == Employment.district_id, School.id == Employment.school_id)
            )
            .where(
                Employment.district_id == term.district_id,
                Employment.person_id.in_(ids),
                Employment.ends_on.is_(None),
            )
        ).all()
    )
    return [
        Load(
            person,
            homes.get(person.id, ""),
            counts[person.id].home if person.id in counts else 0,
            counts[person.id].away if person.id in counts else 0,
            counts[person.id].days if person.id in counts else 0,
            bounds.get(person.id),
        )
        for person in people
    ]


# Hours that are taken otherwise


def busy_hour_by_id(district_id, hour_id) -> BusyHour | None:
    """One taken hour."""
    return db.session.get(BusyHour, (district_id, hour_id))


def busy_hours_of(school: School, term: Term) -> list[BusyHour]:
    """The taken hours of a school, by time."""
    return list(
        db.session.scalars(
            select(BusyHour)
            .where(
                BusyHour.district_id == school.district_id,
                BusyHour.term_id == term.id,
                BusyHour.school_id == school.id,
            )
            .options(joinedload(BusyHour.person))
            .order_by(BusyHour.weekday, BusyHour.starts, BusyHour.id)
        )
    )


def hours_in(actor: Actor, term: Term, week: int, *, person=None, school=None, class_name: str = "") -> tuple:
    """The taken hours of a teacher, or of a class, in one week that the person may see, as lessons are seen.

    None for a whole school or cluster.
    """
    if person is None and not class_name:
        return ()
    found = select(BusyHour).where(BusyHour.district_id == term.district_id, BusyHour.term_id == term.id)
    if person is not None:
        found = found.where(BusyHour.person_id == person.id)
    else:
        found = found.where(
            BusyHour.school_id == school.id, BusyHour.class_name.contains(class_name, autoescape=True)
        )
    rows = db.session.scalars(
        found.options(joinedload(BusyHour.school)).order_by(BusyHour.weekday, BusyHour.starts, BusyHour.id)
    )
    return tuple(
        row
        for row in rows
        if sees(actor, row)
        and timetable.Weeks.parse(row.weeks).includes(week)
        and (person is not None or class_name in row.class_name.split("；"))
    )


def as_value(hour, school_name: str, from_week: int = 1) -> timetable.Lesson | None:
    """A taken hour as a value of the domain: of a class without a teacher, or of a teacher without a class."""
    weeks = timetable.Weeks.parse(hour.weeks)
    if weeks.last is not None and weeks.last < from_week:
        return None
    return timetable.Lesson(
        row=str(hour.id),
        teacher=str(hour.person_id) if hour.person_id else None,
        school=school_name,
        classes=tuple(part for part in hour.class_name.split("；") if part),
        subject=hour.subject,
        weekday=hour.weekday,
        period=hour.period,
        start=hour.starts,
        end=hour.ends,
        weeks=timetable.Weeks(max(weeks.first, from_week), weeks.last, weeks.parity),
    )
