"""The lessons of the term before, as they would be in a term: which fit, which are there, what stands against the
others."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor, can
from portal.domain.ids import uuid7
from portal.domain.words import N_, Message, message
from portal.extensions import db
from portal.models import Term, VisitingLesson
from portal.queries import people, timetable_rows, visiting
from portal.queries.lesson_ideas import Idea
from portal.queries.timetable_rows import Row

#: Lessons that one page takes over; a school's whole timetable comes from a workbook.
MOST = 300


@dataclass(frozen=True)
class Candidate:
    """A lesson of the former term: its new ``row`` where there can be one, what stands against it, what to know."""

    lesson: VisitingLesson
    row: Row | None
    is_known: bool = False
    reasons: tuple[Message, ...] = ()
    warnings: tuple[Message, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether it can be taken over as it is."""
        return self.row is not None and not self.is_known and not self.reasons


def term_before(term: Term) -> Term | None:
    """The term before another one."""
    return db.session.scalar(
        select(Term)
        .where(Term.district_id == term.district_id, Term.last_day < term.first_day)
        .order_by(Term.first_day.desc())
        .limit(1)
    )


def candidates(
    actor: Actor, term: Term, before: Term, day: date, *, person_id=None, school_id=None
) -> list[Candidate]:
    """The lessons of a teacher, or at and from a school, in the term before, for people who may schedule them.

    All that are new are judged together, as if they were taken over together.
    """
    lessons = _lessons(actor, before, person_id, school_id)
    homes = people.home_school_ids(term.district_id, {lesson.person_id for lesson in lessons})
    bells = visiting.bells_of(term.district_id, {lesson.school_id for lesson in lessons})
    known = timetable_rows.known_lessons(term, {lesson.person_id for lesson in lessons})
    found, seen = [], set()
    for lesson in lessons:
        number = len(found) + 1
        row, reason = _row(actor, lesson, number, term, homes, bells)
        if row is not None and row.identity in seen:
            continue
        if row is not None:
            seen.add(row.identity)
        is_known = row is not None and row.identity in known
        found.append(Candidate(lesson, row, is_known, (reason,) if reason else ()))
    return _judged(actor, found, term, day)


def _lessons(actor: Actor, before: Term, person_id, school_id) -> list[VisitingLesson]:
    found = visiting.lessons_visible_to(actor).where(VisitingLesson.term_id == before.id)
    if person_id:
        found = found.where(VisitingLesson.person_id == person_id)
    else:
        found = found.where(
            (VisitingLesson.school_id == school_id) | (VisitingLesson.home_school_id == school_id)
        )
    return list(
        db.session.scalars(
            found.options(joinedload(VisitingLesson.person), joinedload(VisitingLesson.school))
            .order_by(VisitingLesson.weekday, VisitingLesson.starts, VisitingLesson.id)
            .limit(MOST)
        )
    )


def _row(actor, lesson, number: int, term: Term, homes: dict, bells: dict):
    """(the lesson as a row of the new term, None), or (None, why there is none)."""
    home, times = homes.get(lesson.person_id), bells.get(lesson.school_id, {}).get(lesson.period)
    if home is None:
        return None, message(N_("这位教师现在没有任职学校"))
    if times is None:
        words = N_("%(school)s没有登记第%(period)s节的作息时间")
        return None, message(words, school=lesson.school.name, period=lesson.period)
    idea = Idea(
        district_id=term.district_id,
        id=uuid7(),
        term_id=term.id,
        person_id=lesson.person_id,
        home_school_id=home,
        school_id=lesson.school_id,
        subject=lesson.subject,
        class_name=lesson.class_name,
        weekday=lesson.weekday,
        period=lesson.period,
        starts=times[0],
        ends=times[1],
        weeks=lesson.weeks,
    )
    if not can(actor, "lesson.edit", idea):
        return None, message(N_("只能排本校教师的课，或到本校来上的课"))
    return Row(number, idea, lesson.school.name, lesson.form), None


def _judged(actor: Actor, found: list[Candidate], term: Term, day: date) -> list[Candidate]:
    rows = [each.row for each in found if each.row is not None and not each.is_known]
    hard: dict = {}
    soft: dict = {}
    for finding in timetable_rows.judge(actor, rows, [], term, day, ""):
        (hard if finding.hard else soft).setdefault(finding.row, []).append(finding.message)
    return [
        replace(
            each,
            reasons=(*each.reasons, *hard.get(each.row.number, ())),
            warnings=tuple(soft.get(each.row.number, ())),
        )
        if each.row is not None
        else each
        for each in found
    ]
