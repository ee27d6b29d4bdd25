"""Writing many lessons at once, all or none: one entry of the history each, one message for each person."""

from collections import Counter, defaultdict
from datetime import date

from portal.actions import audit, notices
from portal.actions.limits import said
from portal.domain import timetable
from portal.domain.ids import uuid7
from portal.domain.moments import local_day
from portal.extensions import db
from portal.models import BusyHour, Term, VisitingLesson, VisitingSession
from portal.queries import clusters, people
from portal.queries.timetable_rows import HourRow, Row, dates_of

LESSON = ("district_id", "id", "term_id", "person_id", "home_school_id", "school_id", "subject", "class_name")
TIMES = ("weekday", "period", "starts", "ends", "weeks")


def write(actor, rows: list[Row], hours: list[HourRow], term: Term, *, from_day: date, now) -> int:
    """Make lessons with their dates, and taken hours; how many dates. The caller has judged them under ``hold``."""
    lessons = {row.number: _lesson(row) for row in rows}
    taken = [_hour(hour, term) for hour in hours]
    db.session.add_all([*lessons.values(), *taken])
    db.session.flush()  # the entries and the dates name the rows
    done = [("visiting_lesson.create", lessons[row.number], _told(row)) for row in rows]
    done += [("busy_hour.create", hour, {"times": (None, said(hour))}) for hour in taken]
    audit.record_all(actor, term.district_id, done)
    dates = [
        VisitingSession(
            district_id=term.district_id,
            lesson_id=row.idea.id,
            person_id=row.idea.person_id,
            school_id=row.idea.school_id,
            class_name=row.idea.class_name,
            held_on=day,
            starts=row.idea.starts,
            ends=row.idea.ends,
        )
        for row, days in dates_of(rows, term, max(from_day, term.first_day))
        for day in days
    ]
    db.session.add_all(dates)
    db.session.flush()  # a double booking that the database finds is met here, not at the end
    _tell(actor, rows, now)
    return len(dates)


def _lesson(row: Row) -> VisitingLesson:
    facts = {name: getattr(row.idea, name) for name in (*LESSON, *TIMES)}
    return VisitingLesson(form=row.form, state="running", **facts)


def _hour(hour: HourRow, term: Term) -> BusyHour:
    names = ("school_id", "person_id", "class_name", "subject", *TIMES)
    return BusyHour(
        district_id=term.district_id,
        id=uuid7(),
        term_id=term.id,
        **{name: getattr(hour, name) for name in names},
    )


def _told(row: Row) -> dict:
    """What a history tells of a new lesson."""
    idea, clock = row.idea, timetable.format_clock
    facts = {
        "school": row.school,
        "form": row.form,
        "subject": idea.subject,
        "class_name": idea.class_name,
        "weekday": idea.weekday,
        "period": idea.period,
        "time": f"{clock(idea.starts)}-{clock(idea.ends)}",
        "weeks": idea.weeks,
        "state": "running",
    }
    return {name: (None, value) for name, value in facts.items() if value != ""}


def _tell(actor, rows: list[Row], now) -> None:
    """One message for each visiting teacher and for each principal of a school that sends or receives."""
    visits = [row for row in rows if row.idea.school_id != row.idea.home_school_id]
    if not visits:
        return
    district = visits[0].idea.district_id
    names = {key: people.person_by_id(district, key).name for key in {row.idea.person_id for row in visits}}
    by_teacher = Counter((row.idea.person_id, row.school) for row in visits)
    for (person_id, school), count in by_teacher.items():
        what = f"{names[person_id]} {school} ×{count}"
        _message(actor, [person_id], what, f"/visiting/?teacher={person_id}", district, now)
    at: dict = defaultdict(list)
    for row in visits:
        for key in (row.idea.school_id, row.idea.home_school_id):
            at[key].append(row)
    heads = clusters.principals_of(district, list(at), local_day(now))
    for key, found in at.items():
        if key in heads:
            who = sorted({names[row.idea.person_id] for row in found})
            what = f"{'、'.join(who[:5])}{'…' if len(who) > 5 else ''} ×{len(found)}"
            _message(actor, [heads[key].id], what, f"/visiting/?school={key}", district, now)


def _message(actor, whom: list, what: str, link: str, district, now) -> None:
    notices.tell(
        whom,
        "lesson_scheduled",
        district_id=district,
        link=link,
        now=now,
        besides=actor.person_id,
        who=actor.name,
        what=what,
    )
