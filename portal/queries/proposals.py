"""What a proposal is made from, and the proposals that were made."""

import uuid
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.domain import timetable
from portal.domain.access import Actor, can
from portal.domain.plan_checker import check_timetable
from portal.domain.planning_problem import Bell, Demand, PlanRow, PlanTeacher, Problem
from portal.extensions import db
from portal.models import (
    BusyHour,
    Cluster,
    LessonDemand,
    Person,
    PlanProposal,
    ProposedLesson,
    School,
    SubjectStaffing,
    TeacherLimit,
    Term,
    VisitingLesson,
    VisitingSession,
)
from portal.queries import clusters, limits, people, schools, visiting


def by_id(district_id, proposal_id) -> PlanProposal | None:
    """One proposal."""
    return db.session.get(PlanProposal, (district_id, proposal_id))


def demand_by_id(district_id, demand_id) -> LessonDemand | None:
    """One demand."""
    return db.session.get(LessonDemand, (district_id, demand_id))


def visible_to(actor: Actor):
    """The proposals that ``proposal.view`` shows this person, as a select."""
    found = select(PlanProposal).where(PlanProposal.district_id == actor.district_id)
    return found if actor.offices else found.where(PlanProposal.cluster_id.in_(actor.oversees))


def proposals_of(actor: Actor, cluster: Cluster, term: Term) -> list[PlanProposal]:
    """The newest proposals of a cluster and term in sight, twenty at most."""
    found = visible_to(actor).where(PlanProposal.cluster_id == cluster.id, PlanProposal.term_id == term.id)
    newest = found.order_by(PlanProposal.created_at.desc(), PlanProposal.id.desc()).limit(20)
    return list(db.session.scalars(newest.options(joinedload(PlanProposal.person))))


def demands_of(district_id, term_id, school_ids: Iterable) -> list[LessonDemand]:
    """What the classes of these schools need, by school, class and subject."""
    return list(
        db.session.scalars(
            select(LessonDemand)
            .join(LessonDemand.school)
            .where(
                LessonDemand.district_id == district_id,
                LessonDemand.term_id == term_id,
                LessonDemand.school_id.in_(list(school_ids)),
            )
            .options(joinedload(LessonDemand.school))
            .order_by(School.name, LessonDemand.class_name, LessonDemand.subject, LessonDemand.id)
        )
    )


def staffing_of(school: School) -> list[SubjectStaffing]:
    """Need and staff of a school by subject, as its roster says, the largest gap first."""
    rows = db.session.scalars(
        select(SubjectStaffing).where(
            SubjectStaffing.district_id == school.district_id, SubjectStaffing.school_id == school.id
        )
    )
    return sorted(rows, key=lambda row: ((row.actual or 0) - (row.need or 0), row.subject))


@dataclass(frozen=True)
class Facts:
    """The problem of a cluster and term from a week on, and the rows behind its names."""

    problem: Problem
    schools: dict[str, School]
    demands: list[LessonDemand]


def facts_of(cluster: Cluster, term: Term, day: date, movable: Set = frozenset()) -> Facts:
    """Everything that a proposal for the cluster is computed from, as it stands; a handful of queries.

    Who may be sent are the teachers of the member schools for whom free half-days or visiting days were
    entered: nobody is planned away from home unasked. Lessons that stand are kept where they are, but for
    the ``movable`` ones.
    """
    members = {m.school_id: m.school for m in clusters.members_on(cluster, max(day, term.first_day))}
    names = {key: school.name for key, school in members.items()}
    demands = demands_of(cluster.district_id, term.id, members)
    teachers = _teachers(cluster.district_id, term, set(names.values()))
    rows = _rows(cluster.district_id, term, members, teachers, visiting.week_from(term, day), movable)
    problem = Problem(
        bells=tuple(
            Bell(names[school_id], number, *times)
            for school_id, periods in sorted(
                visiting.bells_of(cluster.district_id, members).items(), key=lambda item: str(item[0])
            )
            for number, times in periods.items()
        ),
        travel=visiting.ways_by_name(cluster.district_id, members),
        teachers=tuple(teachers),
        rows=tuple(rows),
        demands=tuple(
            Demand(
                str(each.id),
                each.school.name,
                visiting.classes_of(each.class_name),
                each.subject,
                each.periods,
                each.daily,
            )
            for each in demands
        ),
    )
    return Facts(problem, {school.name: school for school in members.values()}, demands)


def sendable(cluster: Cluster, term: Term, day: date) -> list[PlanTeacher]:
    """The teachers of the member schools who may be planned into other schools."""
    homes = {m.school.name for m in clusters.members_on(cluster, max(day, term.first_day))}
    return _teachers(cluster.district_id, term, homes)


def _teachers(district_id, term: Term, homes: set[str]) -> list[PlanTeacher]:
    """The teachers of these schools who may be sent, by key."""
    bound = list(
        db.session.scalars(
            select(Person)
            .join(
                TeacherLimit,
                (TeacherLimit.district_id == Person.district_id) & (TeacherLimit.person_id == Person.id),
            )
            .where(Person.district_id == district_id, TeacherLimit.term_id == term.id)
            .order_by(Person.id)
        )
    )
    found = limits.limits_of(district_id, term.id, [person.id for person in bound])
    return [
        PlanTeacher(str(person.id), person.name, frozenset(person.subjects), found[str(person.id)])
        for person in bound
        if str(person.id) in found and _may_be_sent(found[str(person.id)], homes)
    ]


def _may_be_sent(limit: timetable.TeacherLimits, homes: set[str]) -> bool:
    entered = limit.half_days is not None or limit.visit_days is not None
    return entered and limit.visit_days != 0 and limit.home_school in homes


def movable_lessons(cluster: Cluster, term: Term, first_day: date, today: date) -> frozenset:
    """Keys of the visits at the cluster's schools that a plan from a day on may move: those nobody locked.

    A lesson with dates before that day stays: it ends when it is moved, and these would be lost.
    """
    members = {m.school_id for m in clusters.members_on(cluster, max(first_day, term.first_day))}
    sooner = (
        select(VisitingSession.id)
        .where(
            VisitingSession.district_id == VisitingLesson.district_id,
            VisitingSession.lesson_id == VisitingLesson.id,
            VisitingSession.held_on > today,
            VisitingSession.held_on < first_day,
        )
        .exists()
    )
    return frozenset(
        db.session.scalars(
            select(VisitingLesson.id).where(
                VisitingLesson.district_id == cluster.district_id,
                VisitingLesson.term_id == term.id,
                VisitingLesson.school_id.in_(members),
                VisitingLesson.school_id != VisitingLesson.home_school_id,
                VisitingLesson.state == "running",
                VisitingLesson.locked.is_(False),
                ~sooner,
            )
        )
    )


def _rows(
    district_id, term: Term, members: dict, teachers: list[PlanTeacher], week: int, movable: Set
) -> list[PlanRow]:
    """The lessons and taken hours of these schools and teachers from a week on."""
    keys = [uuid.UUID(teacher.key) for teacher in teachers]
    found = []
    for model, value in ((VisitingLesson, visiting.as_value), (BusyHour, limits.as_value)):
        near = model.school_id.in_(list(members)) | model.person_id.in_(keys)
        query = (
            select(model)
            .join(model.school)
            .where(model.district_id == district_id, model.term_id == term.id, near)
            .options(joinedload(model.school))
            .order_by(model.id)
        )
        if model is VisitingLesson:
            query = query.where(VisitingLesson.state.in_(visiting.IN_FORCE))
        for row in db.session.scalars(query):
            lesson = value(row, row.school.name, week)
            if lesson is not None:
                found.append(PlanRow(lesson, locked=row.id not in movable))
    return found


@dataclass(frozen=True)
class Line:
    """A lesson of a proposal as its page shows it, with what now stands against it in the timetable."""

    lesson: ProposedLesson
    home: str
    is_mine: bool
    is_broken: bool


def lines_of(actor: Actor, proposal: PlanProposal, day: date) -> list[Line]:
    """The lessons of a proposal by teacher and time, each held against the timetable as it stands today."""
    lessons = list(
        db.session.scalars(
            select(ProposedLesson)
            .where(
                ProposedLesson.district_id == proposal.district_id,
                ProposedLesson.proposal_id == proposal.id,
            )
            .options(
                joinedload(ProposedLesson.person),
                joinedload(ProposedLesson.school),
                joinedload(ProposedLesson.replaces).joinedload(VisitingLesson.person),
            )
        )
    )
    lessons.sort(key=lambda row: (row.person.pinyin, str(row.person_id), row.weekday, row.starts))
    homes = people.home_school_ids(proposal.district_id, [row.person_id for row in lessons])
    names = {
        school.id: school.name for school in schools.with_id_in(proposal.district_id, set(homes.values()))
    }
    broken = broken_rows(proposal, [row for row in lessons if row.lesson_id is None], day)
    return [
        Line(
            row,
            names.get(homes.get(row.person_id), ""),
            may_adopt(actor, proposal, row, homes.get(row.person_id)),
            row.id in broken,
        )
        for row in lessons
    ]


def may_adopt(actor: Actor, proposal: PlanProposal, row: ProposedLesson, home_id) -> bool:
    """Whether the person may make this lesson real: as for any lesson, one of its two schools must be theirs."""
    if row.lesson_id is not None or proposal.state != "proposed":
        return False
    lesson = VisitingLesson(
        district_id=row.district_id, school_id=row.school_id, home_school_id=home_id, person_id=row.person_id
    )
    return can(actor, "lesson.edit", lesson) and (not row.replaces or can(actor, "lesson.edit", row.replaces))


def broken_rows(proposal: PlanProposal, open_rows: list[ProposedLesson], day: date) -> set:
    """Keys of the open lessons that no longer fit what stands in the timetable now.

    The independent checker reads the present timetable with all of them in it, and without the lessons that
    they are moved from. What has been locked, ended or moved by hand meanwhile can be moved no more.
    """
    if not open_rows:
        return set()
    facts = facts_of(proposal.cluster, proposal.term, day)
    standing = {row.lesson.row for row in facts.problem.rows}
    going = {str(row.replaces_id) for row in open_rows if row.replaces_id}
    lessons = [row.lesson for row in facts.problem.rows if row.lesson.row not in going]
    names = {school.id: name for name, school in facts.schools.items()}
    found = {row.id for row in open_rows if row.school_id not in names or _stays(row, standing)}
    known = {str(row.id): row.id for row in open_rows if row.id not in found and not row.is_drop}
    lessons += [
        timetable.Lesson(
            row=str(row.id),
            teacher=str(row.person_id),
            school=names[row.school_id],
            classes=visiting.classes_of(row.class_name),
            subject=row.subject,
            weekday=row.weekday,
            period=row.period,
            start=row.starts,
            end=row.ends,
        )
        for row in open_rows
        if str(row.id) in known
    ]
    for violation in check_timetable(facts.problem, lessons):
        found |= {known[name] for name in violation.rows if name in known}
    return found


def _stays(row: ProposedLesson, standing: Set) -> bool:
    """Whether the lesson that a row is moved from is no longer there to be moved."""
    return row.replaces_id is not None and (str(row.replaces_id) not in standing or row.replaces.locked)


def demand_total(district_id, term_id, school_ids: Iterable) -> int:
    """Periods a week that these schools ask for."""
    return (
        db.session.scalar(
            select(func.sum(LessonDemand.periods)).where(
                LessonDemand.district_id == district_id,
                LessonDemand.term_id == term_id,
                LessonDemand.school_id.in_(list(school_ids)),
            )
        )
        or 0
    )
