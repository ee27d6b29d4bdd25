"""Weekly lessons of visiting teachers: putting them into the timetable, changing and stopping them (W7b)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.actions import audit, notices
from portal.actions.errors import Refused
from portal.actions.steps import expect_version, take_step
from portal.actions.visiting_dates import (
    follow_calendar,
    hold,
    make,
    refuse_conflicts,
    refuse_taken,
    remake,
)
from portal.domain import timetable
from portal.domain.access import can
from portal.domain.ids import uuid7
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Person, Term, VisitingLesson
from portal.queries import clusters, lesson_checks, people, schools, terms, visiting

__all__ = ["Saved", "edit", "end", "follow_calendar", "lock", "schedule", "start"]


@dataclass(frozen=True)
class Saved:
    """A saved lesson, how many dated sessions lie ahead of it, and what is worth a look (messages)."""

    lesson: VisitingLesson
    dates: int = 0
    warnings: tuple = ()


def schedule(
    actor,
    person: Person,
    values: dict,
    *,
    from_day: date,
    draft: bool = False,
    now,
    kind: str = "lesson_scheduled",
) -> Saved:
    """Put a lesson into the timetable and its sessions into the calendar, from a day of its term on.

    A draft stays out of the calendar until it is started. ``kind`` is the notice that those concerned get.
    Refused with the reasons where the teacher or the class is taken or the way is longer than the gap, and for
    schools that are not the actor's.
    """
    district = person.district_id
    hold(district, [values["school_id"]], [person.id])
    term = _term(district, from_day)
    home_id = people.home_school_ids(district, [person.id]).get(person.id)
    if home_id is None:
        raise Refused(N_("这位教师现在没有任职学校"), field="person")
    starts, ends = _bell(district, values["school_id"], values["period"])
    lesson = VisitingLesson(
        district_id=district,
        id=uuid7(),
        term_id=term.id,
        person_id=person.id,
        home_school_id=home_id,
        starts=starts,
        ends=ends,
        state="planned",
        **values,
    )
    if not can(actor, "lesson.edit", lesson):
        raise Refused(N_("只能排本校教师的课，或到本校来上的课"), field="person")
    warnings = refuse_conflicts(actor, lesson, term, from_day)
    db.session.add(lesson)
    db.session.flush()  # the audit entry and the sessions need the row
    audit.record(actor, "visiting_lesson.create", lesson, _told({}, _facts(lesson)))
    if draft:
        return Saved(lesson, 0, warnings)
    take_step(actor, lesson, "start")
    dates = make(actor, lesson, term, max(from_day, term.first_day))
    _tell(actor, lesson, kind, now, who=actor.name)
    return Saved(lesson, dates, warnings)


def start(actor, lesson: VisitingLesson, *, expected, now) -> Saved:
    """Begin a draft: from today, or from the first day of its term."""
    expect_version(lesson, expected)
    hold(lesson.district_id, [lesson.school_id], [lesson.person_id])
    term, today = terms.by_id(lesson.district_id, lesson.term_id), local_day(now)
    take_step(actor, lesson, "start")
    warnings = refuse_conflicts(actor, lesson, term, today)
    dates = make(actor, lesson, term, max(today, term.first_day))
    _tell(actor, lesson, "lesson_scheduled", now, who=actor.name)
    return Saved(lesson, dates, warnings)


def edit(actor, lesson: VisitingLesson, values: dict, *, expected, now) -> Saved:
    """Change a lesson from tomorrow on; what has been taught stays as it was."""
    expect_version(lesson, expected)
    if lesson.state == "ended":
        raise Refused(N_("这门课已经停止"))
    today = local_day(now)
    hold(lesson.district_id, {lesson.school_id, values["school_id"]}, [lesson.person_id])
    past = [session for session in visiting.sessions_of(lesson) if session.held_on <= today]
    if past and values["subject"] != lesson.subject:
        raise Refused(N_("已经上过课，学科不能改；请停止这门课，另排一门"), field="subject")
    if past and values["school_id"] != lesson.school_id:
        raise Refused(N_("已经上过课，学校不能改；请停止这门课，另排一门"), field="school")
    starts, ends = _bell(lesson.district_id, values["school_id"], values["period"])
    term = terms.by_id(lesson.district_id, lesson.term_id)
    before = _facts(lesson)
    had = lesson_checks.conflicts_of(actor, lesson, term, before["school"], today)
    audit.changes_of(lesson, {**values, "starts": starts, "ends": ends})
    if not can(actor, "lesson.edit", lesson):
        raise Refused(N_("只能排本校教师的课，或到本校来上的课"), field="school")
    warnings = refuse_conflicts(actor, lesson, term, today, had)
    told = _told(before, _facts(lesson))
    if not told:
        return Saved(lesson, 0, warnings)
    audit.record(actor, "visiting_lesson.edit", lesson, told)
    if lesson.state == "running":
        _remake(actor, lesson, term, now)
        _tell(actor, lesson, "lesson_changed", now, who=actor.name)
    return Saved(lesson, 0, warnings)


def lock(actor, lesson: VisitingLesson, *, locked: bool, expected) -> None:
    """Say that plans leave a lesson where it is, or no longer."""
    expect_version(lesson, expected)
    if lesson.state == "ended":
        raise Refused(N_("这门课已经停止"))
    if audit.changes_of(lesson, {"locked": locked}):
        audit.record(actor, "visiting_lesson.lock" if locked else "visiting_lesson.unlock", lesson)


def lock_all(actor, lessons: Iterable[VisitingLesson], *, locked: bool) -> int:
    """Lock or unlock the visits among these that are the actor's to schedule: how many changed."""
    changed = [
        lesson
        for lesson in lessons
        if lesson.locked != locked
        and lesson.state != "ended"
        and lesson.school_id != lesson.home_school_id
        and can(actor, "lesson.edit", lesson)
    ]
    for lesson in changed:
        lock(actor, lesson, locked=locked, expected=None)
    return len(changed)


def end(actor, lesson: VisitingLesson, *, note: str, expected, now, told: bool = True) -> None:
    """Stop a lesson; its planned sessions after today are taken out of the calendar.

    ``told`` is False where those concerned hear of the lesson that takes its place.
    """
    take_step(actor, lesson, "end", note=note, expected=expected)
    term = terms.by_id(lesson.district_id, lesson.term_id)
    remake(term, [lesson], now)
    if told:
        _tell(actor, lesson, "lesson_ended", now)


def _remake(actor, lesson: VisitingLesson, term: Term, now) -> None:
    """Make the coming sessions anew; refused where the teacher or class has another on one of the dates."""
    today = local_day(now)
    days = timetable.sessions(
        visiting.as_value(lesson, ""),
        term.value,
        terms.swap_days(term.district_id, term.first_day, term.last_day),
        first_day=max(today, term.first_day),
    )
    refuse_taken(actor, lesson, [day for day in days if day > today])
    remake(term, [lesson], now)


def _term(district_id, day: date) -> Term:
    """The term that a day belongs to. Refused without one, and after the last one."""
    term = terms.term_of_day(district_id, day)
    if term is None:
        raise Refused(N_("还没有学期，请先由区教育局设置校历"), field="from_day")
    if day > term.last_day:
        raise Refused(N_("这一天在最后一个学期之后，请先由区教育局设置下学期的校历"), field="from_day")
    return term


def _bell(district_id, school_id, period: int) -> tuple[int, int]:
    """When a period of a school begins and ends; the clock counts, never the number (S1-12)."""
    bells = visiting.bells_of(district_id, [school_id]).get(school_id, {})
    if period not in bells:
        school = schools.by_id(district_id, school_id)
        if school is None:
            raise Refused(N_("请从列出的选项里选择"), field="school")
        raise Refused(
            N_("%(school)s没有登记第%(period)s节的作息时间"),
            field="period",
            school=school.name,
            period=period,
        )
    return bells[period]


def _facts(lesson: VisitingLesson) -> dict:
    """What a history tells of a lesson."""
    clock = timetable.format_clock
    school = schools.by_id(lesson.district_id, lesson.school_id)
    return {
        "school": school.name,
        "form": lesson.form,
        "subject": lesson.subject,
        "class_name": lesson.class_name,
        "weekday": lesson.weekday,
        "period": lesson.period,
        "time": f"{clock(lesson.starts)}-{clock(lesson.ends)}",
        "weeks": lesson.weeks,
    }


def _told(before: dict, after: dict) -> dict:
    """Field -> (old, new) of what differs."""
    return {
        name: (before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value and (before or value != "")
    }


def _tell(actor, lesson: VisitingLesson, kind: str, now, **words) -> None:
    """Tell the teacher and the principals of both schools. A lesson at home is the home school's own affair."""
    if lesson.school_id == lesson.home_school_id:
        return
    district = lesson.district_id
    principals = clusters.principals_of(district, [lesson.school_id, lesson.home_school_id], local_day(now))
    person = people.person_by_id(district, lesson.person_id)
    school = schools.by_id(district, lesson.school_id)
    notices.tell(
        [lesson.person_id, *(principal.id for principal in principals.values())],
        kind,
        district_id=district,
        link=f"/visiting/lessons/{lesson.id}",
        now=now,
        besides=actor.person_id,
        what=f"{person.name} {school.name}{lesson.class_name}{lesson.subject}",
        **words,
    )
