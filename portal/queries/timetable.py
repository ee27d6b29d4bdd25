"""A week of the visiting timetable as pages show it: whose, its dated lessons, its days, bells and ways."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, union

from portal.domain import calendar, timetable
from portal.domain.access import Actor, can
from portal.domain.calendar import SwapDay
from portal.extensions import db
from portal.models import (
    BusyHour,
    Cluster,
    Membership,
    Person,
    School,
    Term,
    VisitingLesson,
    VisitingSession,
)
from portal.queries import (
    absent_teachers,
    clusters,
    lesson_checks,
    limits,
    people,
    schools,
    terms,
    visiting,
    week_lines,
)
from portal.queries.absent_teachers import Away
from portal.queries.timetable_choices import members_of
from portal.queries.week_lines import LessonLine, SessionLine


@dataclass(frozen=True)
class Scope:
    """Whose week is shown: of a teacher, a class, a school or a cluster."""

    kind: str
    person: Person | None = None
    school: School | None = None
    class_name: str = ""
    cluster: Cluster | None = None


@dataclass(frozen=True)
class WeekView:
    """One week: its lessons that have a date, those of the pattern without one, and what they need.

    ``ghosts`` are lessons that this week leaves out by their own pattern, or that have not begun;
    ``bells`` school -> number -> times; ``ways`` of a teacher's week: minutes by school names; ``conflicts`` of
    the pattern; ``hours`` are those of the teacher or class that are taken otherwise; ``home`` is whose bells
    stand first: the teacher's own school, or the one that is shown. ``away``: lesson -> the absence it falls into.
    """

    scope: Scope
    term: Term
    number: int
    days: tuple[date, ...]
    unusual: dict[date, SwapDay]
    sessions: list[SessionLine]
    lessons: list[LessonLine]
    ghosts: list[LessonLine]
    bells: dict
    ways: timetable.Travel
    conflicts: tuple[timetable.Conflict, ...]
    home: School | None = None
    hours: tuple[BusyHour, ...] = ()
    away: dict[UUID, Away] = field(default_factory=dict)


def asked_scope(
    actor: Actor, term: Term, *, teacher_id=None, school_id=None, class_name="", cluster_id=None
) -> Scope | None:
    """The scope that an address asks for, the narrowest first; None when it asks for nothing in sight."""
    if teacher_id:
        person = people.person_by_id(actor.district_id, teacher_id)
        seen = person and (can(actor, "limit.view", person) or _has_lessons(actor, term, teacher_id))
        return Scope("teacher", person=person) if seen else None
    if school_id:
        school = schools.by_id(actor.district_id, school_id)
        if school is None or not can(actor, "school.view", school):
            return None
        return Scope("class" if class_name else "school", school=school, class_name=class_name)
    if cluster_id:
        cluster = clusters.cluster_by_id(actor.district_id, cluster_id)
        return Scope("cluster", cluster=cluster) if cluster and can(actor, "cluster.view", cluster) else None
    return None


def own_scope(actor: Actor, term: Term) -> Scope | None:
    """What a person sees first: the own week, the own school's, else the first cluster in sight."""
    if _has_lessons(actor, term, actor.person_id):
        return Scope("teacher", person=people.person_by_id(actor.district_id, actor.person_id))
    school_id = min(actor.manages_schools or actor.works_at, default=None, key=str)
    if school_id:
        return Scope("school", school=schools.by_id(actor.district_id, school_id))
    mine = clusters.own_clusters(actor) or clusters.all_clusters(actor)
    busy = _clusters_with_visits(term)
    mine = sorted(mine, key=lambda cluster: cluster.id not in busy)
    return Scope("cluster", cluster=mine[0]) if mine else None


def _clusters_with_visits(term: Term) -> set:
    """The clusters whose schools receive visiting teachers in the term."""
    return set(
        db.session.scalars(
            select(Membership.cluster_id)
            .where(
                Membership.district_id == term.district_id,
                Membership.ends_on.is_(None),
                Membership.school_id.in_(
                    select(VisitingLesson.school_id).where(
                        VisitingLesson.district_id == term.district_id,
                        VisitingLesson.term_id == term.id,
                        VisitingLesson.state == "running",
                        VisitingLesson.school_id != VisitingLesson.home_school_id,
                    )
                ),
            )
            .distinct()
        )
    )


def _has_lessons(actor: Actor, term: Term, person_id) -> bool:
    """Whether a teacher has lessons in the term, or stood in for somebody, that the person may see."""
    lessons = visiting.lessons_visible_to(actor).where(
        VisitingLesson.term_id == term.id, VisitingLesson.person_id == person_id
    )
    if db.session.scalar(lessons.with_only_columns(VisitingLesson.id).limit(1)):
        return True
    stood_in = visiting.sessions_visible_to(actor).where(
        VisitingSession.substitute_id == person_id, VisitingLesson.term_id == term.id
    )
    return db.session.scalar(stood_in.with_only_columns(VisitingSession.id).limit(1)) is not None


def week_view(actor: Actor, scope: Scope, term: Term, number: int) -> WeekView:
    """Everything that the page of one week shows."""
    monday = term.week_one_monday + timedelta(weeks=number - 1)
    sunday = monday + timedelta(days=6)
    schools_in = _schools_in(actor, scope)
    sessions, lessons = (
        [row for row in rows if _of_class(scope, row)]
        for rows in week_lines.read(
            actor,
            _sessions(actor, scope, term, schools_in, monday, sunday),
            _lessons(actor, scope, term, schools_in),
        )
    )
    unusual = terms.swap_days(term.district_id, monday, sunday)
    at = {row.school_id for row in (*sessions, *lessons)}
    at |= {lesson.home_school_id for lesson in lessons} if scope.kind == "teacher" else set()
    home = people.home_school(scope.person) if scope.person else scope.school
    at |= {home.id} if home else set()
    return WeekView(
        scope=scope,
        term=term,
        number=number,
        days=_days(term, monday, sessions, unusual),
        unusual=unusual,
        sessions=sessions,
        lessons=lessons,
        ghosts=_ghosts(lessons, number, {session.lesson_id for session in sessions}),
        bells=visiting.bells_of(term.district_id, at),
        ways=visiting.ways_by_name(term.district_id, at) if scope.person else {},
        conflicts=lesson_checks.conflicts_in_week(actor, term, lessons, number),
        home=home,
        hours=limits.hours_in(
            actor, term, number, person=scope.person, school=scope.school, class_name=scope.class_name
        ),
        away=absent_teachers.of_sessions(actor, sessions),
    )


def lessons_in(actor: Actor, scope: Scope, term: Term) -> list[VisitingLesson]:
    """The weekly lessons of a scope as rows that can be changed."""
    found = _lessons(actor, scope, term, _schools_in(actor, scope))
    found = db.session.scalars(
        found.order_by(VisitingLesson.weekday, VisitingLesson.starts, VisitingLesson.id)
    )
    return [row for row in found if _of_class(scope, row)]


def _sessions(actor: Actor, scope: Scope, term: Term, at: list, first: date, last: date):
    dated = VisitingSession.held_on.between(first, last)
    return visiting.sessions_visible_to(actor).where(_in_scope(actor, scope, term, at, dated))


def _lessons(actor: Actor, scope: Scope, term: Term, at: list):
    return visiting.lessons_visible_to(actor).where(
        VisitingLesson.state.in_(visiting.IN_FORCE), _in_scope(actor, scope, term, at)
    )


def _schools_in(actor: Actor, scope: Scope) -> list:
    if scope.cluster:
        return members_of(actor, [scope.cluster.id])
    return [scope.school.id] if scope.school else []


def _in_scope(actor: Actor, scope: Scope, term: Term, at: list, dated: ColumnElement | None = None):
    """The condition of a scope, for lessons, or with their days for ``dated`` ones.

    Schools and clusters show visits, to and from those ``at``; not lessons at home.
    """
    model = VisitingLesson if dated is None else VisitingSession
    when = VisitingLesson.term_id == term.id if dated is None else dated
    if scope.kind == "teacher":
        own = model.person_id == scope.person.id
        return when & (own if dated is None else or_(own, model.substitute_id == scope.person.id))
    if scope.kind == "class":
        return when & (model.school_id == scope.school.id)
    of_term = select(VisitingLesson.id).where(
        VisitingLesson.district_id == actor.district_id, VisitingLesson.term_id == term.id
    )
    sent = of_term.where(VisitingLesson.home_school_id.in_(at))
    received = of_term.where(VisitingLesson.school_id.in_(at))
    if dated is not None:
        in_week = select(VisitingSession.id).where(VisitingSession.district_id == actor.district_id, dated)
        sent = in_week.where(VisitingSession.lesson_id.in_(sent))
        received = in_week.where(VisitingSession.school_id.in_(at))
    # One select beside the other, each with its index and with its days, and the rows by their keys: of either-or,
    # or with the days outside, SQLite reads the week of the whole district.
    return (VisitingLesson.school_id != VisitingLesson.home_school_id) & model.id.in_(union(sent, received))


def _of_class(scope: Scope, row) -> bool:
    """A joint lesson belongs to each of its classes."""
    return scope.kind != "class" or scope.class_name in visiting.classes_of(row.class_name)


def _days(term: Term, monday: date, sessions, unusual) -> tuple[date, ...]:
    """Monday to Friday, and Saturday and Sunday when something is on; only days of the term."""
    busy = {session.held_on for session in sessions}
    days = (monday + timedelta(days=n) for n in range(7))
    return tuple(
        day
        for day in days
        if day in term.value
        and (day.isoweekday() <= 5 or day in busy or (day in unusual and unusual[day].is_workday))
    )


def _ghosts(lessons, number: int, dated: set) -> list[LessonLine]:
    """Lessons that this week leaves out, or that are still being planned."""
    return [
        lesson
        for lesson in lessons
        if lesson.id not in dated
        and (lesson.state == "planned" or not timetable.Weeks.parse(lesson.weeks).includes(number))
    ]


def week_of(term: Term, day: date) -> int:
    """The week of a term that a day lies in; the nearest one from outside the term."""
    inside = min(max(day, term.first_day), term.last_day)
    return calendar.week_number(term.value, inside)


def neighbours(school: School, day: date) -> list[School]:
    """The other schools of the clusters that a school belongs to on a day, by name."""
    found = {}
    for membership in school.memberships:
        if membership.starts_on <= day and (membership.ends_on is None or membership.ends_on >= day):
            cluster = clusters.cluster_by_id(school.district_id, membership.cluster_id)
            found |= {m.school_id: m.school for m in clusters.members_on(cluster, day)}
    found.pop(school.id, None)
    return sorted(found.values(), key=lambda other: (other.name, other.id))
