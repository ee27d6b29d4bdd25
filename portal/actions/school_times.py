"""Bell times of a school, and the minutes on the road to others."""

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy import and_, delete, select

from portal.actions import audit, bell_moves
from portal.actions.errors import Refused
from portal.actions.visiting_dates import hold, remake
from portal.domain import timetable
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import BellPeriod, BusyHour, School, Term, TravelTime, VisitingLesson, VisitingSession
from portal.queries import lesson_checks, schools, terms, visiting


def set_bells(
    actor, school: School, rows: list[tuple[int, int, int]], *, now: datetime, seen: str | None = None
) -> int:
    """Set the periods of a school, (number, begin, end) in minutes after midnight: how many lessons moved.

    Lessons follow the bells from tomorrow on, those too that an absence has moved into another period.
    Refused when a period ends before it begins or overlaps the one before, when a period with lessons would
    go, when a lesson would meet another, and when the bells are no longer those that were ``seen``
    (``visiting.times_mark``).
    """
    _refuse_disorder(rows)
    hold(school.district_id, [school.id], [])
    old = visiting.bells_of(school.district_id, [school.id]).get(school.id, {})
    new = {number: (starts, ends) for number, starts, ends in rows}
    if old == new:
        return 0
    if seen is not None and seen != visiting.times_mark(old):
        raise Refused(
            N_("作息时间刚被别人改过，现在是：%(now)s。下面是您填的，核对后再保存一次，就以您的为准"),
            field="starts-1",
            now=_said(old),
        )
    moved = _follow(actor, school, old, new, now)
    db.session.execute(
        delete(BellPeriod).where(
            BellPeriod.district_id == school.district_id, BellPeriod.school_id == school.id
        )
    )
    db.session.add_all(
        BellPeriod(
            district_id=school.district_id, school_id=school.id, number=number, starts=starts, ends=ends
        )
        for number, (starts, ends) in new.items()
    )
    audit.record(actor, "school.bells", school, {"bells": (_said(old), _said(new))})
    return moved


def set_ways(actor, school: School, there: dict, back: dict, *, seen: str | None = None) -> None:
    """Set the minutes from a school to others and back, by their keys; None forgets a way.

    A way back that is not given is as long as the way there. Refused when the ways are no longer those that
    were ``seen`` (``visiting.times_mark``).
    """
    old_there, old_back = visiting.ways_of(school)
    if seen is not None and seen != visiting.times_mark((old_there, old_back)):
        raise Refused(
            N_("路程刚被别人改过。下面是您填的，核对后再保存一次，就以您的为准"),
            field=f"to-{next(iter(there), '')}",
        )
    names = {row.id: row.name for row in schools.with_id_in(school.district_id, {*there, *back})}
    changes = {}
    for old, new, outward in ((old_there, there, True), (old_back, back, False)):
        for other_id, minutes in new.items():
            if old.get(other_id) == minutes or other_id == school.id or other_id not in names:
                continue
            ends = (school.id, other_id) if outward else (other_id, school.id)
            _set_way(school.district_id, *ends, minutes)
            way = (school.name, names[other_id]) if outward else (names[other_id], school.name)
            changes["—".join(way)] = (old.get(other_id), minutes)
    if changes:
        audit.record(actor, "school.ways", school, changes)


def _refuse_disorder(rows) -> None:
    last = 0
    for number, starts, ends in rows:
        if starts >= ends:
            raise Refused(
                N_("第%(number)s节的结束时间要在开始时间之后"), field=f"ends-{number}", number=number
            )
        if starts < last:
            raise Refused(N_("第%(number)s节开始得比上一节结束还早"), field=f"starts-{number}", number=number)
        last = ends


def _follow(actor, school: School, old: dict, bells: dict, now: datetime) -> int:
    """Give the lessons at the school their new times and dates."""
    today = local_day(now)
    lessons = _lessons_at(school, today)
    for lesson in lessons:
        if lesson.period not in bells:
            raise Refused(
                N_("第%(number)s节还有课，不能去掉"),
                field=f"starts-{lesson.period}",
                number=lesson.period,
            )
    _move_hours(school, bells, today)
    hold(school.district_id, [], {lesson.person_id for lesson in lessons})
    by_hand = bell_moves.moved_by_hand(school, lessons, old, bells, today)
    changed, touched = defaultdict(list), _lessons_of(school, by_hand)
    for lesson in lessons:
        if (lesson.starts, lesson.ends) != bells[lesson.period]:
            lesson.starts, lesson.ends = bells[lesson.period]
            changed[lesson.term_id].append(lesson)
        elif lesson.id in touched:
            changed[lesson.term_id].append(lesson)
    for term_id, group in changed.items():
        term = terms.by_id(school.district_id, term_id)
        for lesson in group:
            _refuse_overlap(actor, lesson, term, school.name, today)
    if changed:
        bell_moves.refuse_meetings(actor, school, lessons, bells, by_hand, today)
    for term_id, group in changed.items():
        remake(terms.by_id(school.district_id, term_id), group, now, by_hand)
    return sum(map(len, changed.values()))


def _lessons_of(school: School, sessions) -> set:
    """The weekly lessons to which dated ones belong."""
    return set(
        db.session.scalars(
            select(VisitingSession.lesson_id).where(
                VisitingSession.district_id == school.district_id, VisitingSession.id.in_(list(sessions))
            )
        )
    )


def _lessons_at(school: School, today: date) -> list[VisitingLesson]:
    return list(
        db.session.scalars(
            select(VisitingLesson)
            .join(VisitingLesson.term)
            .where(
                VisitingLesson.district_id == school.district_id,
                VisitingLesson.school_id == school.id,
                VisitingLesson.state.in_(visiting.IN_FORCE),
                Term.last_day >= today,
            )
            .order_by(VisitingLesson.id)
        )
    )


def _move_hours(school: School, bells: dict, today: date) -> None:
    """Give the hours that are taken otherwise their new times."""
    hours = db.session.scalars(
        select(BusyHour)
        .join(Term, and_(Term.district_id == BusyHour.district_id, Term.id == BusyHour.term_id))
        .where(
            BusyHour.district_id == school.district_id,
            BusyHour.school_id == school.id,
            Term.last_day >= today,
        )
        .order_by(BusyHour.period)
    )
    for hour in hours:
        if hour.period not in bells:
            raise Refused(
                N_("第%(number)s节登记了占用的时间，不能去掉"),
                field=f"starts-{hour.period}",
                number=hour.period,
            )
        hour.starts, hour.ends = bells[hour.period]


def _refuse_overlap(actor, lesson: VisitingLesson, term: Term, school_name: str, today: date) -> None:
    """Two lessons at one time are refused; a way that is too short now is shown in the timetable."""
    for conflict in lesson_checks.conflicts_of(actor, lesson, term, school_name, today):
        if conflict.kind in ("teacher", "class"):
            raise Refused(
                N_("按新的作息会有冲突，请先调整这节课：%(reason)s"),
                field=f"starts-{lesson.period}",
                reason=conflict.message,
            )


def _said(bells: dict) -> str:
    clock = timetable.format_clock
    return " ".join(f"{number}. {clock(starts)}-{clock(ends)}" for number, (starts, ends) in bells.items())


def _set_way(district_id, from_id, to_id, minutes: int | None) -> None:
    row = db.session.scalar(
        select(TravelTime).where(
            TravelTime.district_id == district_id,
            TravelTime.from_school_id == from_id,
            TravelTime.to_school_id == to_id,
        )
    )
    if minutes is None:
        if row is not None:
            db.session.delete(row)
    elif row is None:
        db.session.add(
            TravelTime(district_id=district_id, from_school_id=from_id, to_school_id=to_id, minutes=minutes)
        )
    else:
        row.minutes = minutes
