"""Absences through the pages, for tests: entering one, and finding what came of it."""

from collections import defaultdict
from datetime import date, datetime

import sqlalchemy as sa

from portal.domain import substitution
from portal.domain.moments import SHANGHAI
from portal.domain.substitution import Hour
from portal.extensions import db
from portal.models import (
    Absence,
    AbsentSession,
    MovedSession,
    Notification,
    SubstituteAsk,
    VisitingLesson,
    VisitingSession,
)
from portal.queries.visiting import classes_of

AWAY = {
    "first_day": "2025-11-24",
    "first_half": "am",
    "last_day": "2025-11-28",
    "last_half": "pm",
    "kind": "sick",
}


def all_of(model, **facts) -> list:
    """The rows of a kind as the database has them now, oldest first."""
    found = sa.select(model).filter_by(**facts).order_by(model.id)
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def the_absence() -> Absence:
    """The newest absence."""
    return all_of(Absence)[-1]


def cover_on(day: date, **facts) -> AbsentSession:
    """The newest line about a lesson of that day."""
    lines = [line for line in all_of(AbsentSession, **facts) if line.session.held_on == day]
    return lines[-1]


def lesson_of(cover: AbsentSession) -> VisitingSession:
    """The lesson of a line as it is now."""
    db.session.refresh(cover.session)
    return cover.session


def asks() -> list[tuple[str, str]]:
    """Everybody who was asked, with what became of it."""
    return [(ask.person.name, ask.state) for ask in all_of(SubstituteAsk)]


def heard(person, *kinds) -> list[str]:
    """The kinds of messages that a person got, oldest first."""
    return [row.kind for row in all_of(Notification, person_id=person.id) if not kinds or row.kind in kinds]


def dated_lesson(
    world, teacher, school, day: date, starts: int, class_name: str, home=None
) -> VisitingSession:
    """A weekly lesson with one date, of forty minutes, as if it had been scheduled."""
    base = {"district_id": world.east.id, "person_id": teacher.id, "school_id": school.id}
    times = {"starts": starts, "ends": starts + 40, "class_name": class_name}
    lesson = VisitingLesson(
        **base,
        **times,
        term_id=world.term.id,
        home_school_id=(home or world.linfeng).id,
        subject="音乐",
        weekday=day.isoweekday(),
        period=1,
        state="running",
    )
    db.session.add(lesson)
    db.session.flush()
    session = VisitingSession(**base, **times, lesson_id=lesson.id, held_on=day)
    db.session.add(session)
    db.session.flush()
    return session


def left_lesson(world, session: VisitingSession) -> AbsentSession:
    """The teacher of a dated lesson is away that day, and the lesson waits."""
    absence = Absence(
        district_id=world.east.id,
        person_id=session.person_id,
        home_school_id=session.lesson.home_school_id,
        first_day=session.held_on,
        last_day=session.held_on,
        created_by_id=session.person_id,
    )
    db.session.add(absence)
    db.session.flush()
    cover = AbsentSession(
        district_id=world.east.id,
        absence_id=absence.id,
        session_id=session.id,
        school_id=session.school_id,
        home_school_id=session.lesson.home_school_id,
    )
    db.session.add(cover)
    db.session.flush()
    return cover


def asked(world, cover: AbsentSession, person) -> SubstituteAsk:
    """Somebody who has been asked."""
    made = SubstituteAsk(
        district_id=world.east.id,
        cover_id=cover.id,
        session_id=cover.session_id,
        person_id=person.id,
        asked_by_id=world.principal.id,
        asked_at=world.now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def clashes(first: date | None = None) -> list:
    """Who is in two places at once, and which class has two lessons: by the rules' own check, over all dates."""
    people, classes = defaultdict(list), defaultdict(list)
    for row in all_of(VisitingSession):
        if row.state != "cancelled" and (first is None or row.held_on >= first):
            hour = Hour(row.held_on, row.starts, row.ends, row.school.name)
            people[row.substitute_id if row.state == "substituted" else row.person_id].append(hour)
            for name in classes_of(row.class_name):
                classes[row.school_id, name].append(hour)
    return substitution.clashes(people) + substitution.clashes(classes)


def fill(add, base, word: str, *, lesson: VisitingLesson, asked_one) -> None:
    """For the populated world: the teacher of a weekly lesson is away next week, and somebody is asked."""
    day = date(2025, 11, 25)
    facts = {
        name: getattr(lesson, name) for name in ("person_id", "school_id", "class_name", "starts", "ends")
    }
    left = add("left", VisitingSession(**base, **facts, lesson_id=lesson.id, held_on=day))
    dated = {**facts, "lesson_id": lesson.id}
    off = add("off", VisitingSession(**base, **dated, held_on=date(2025, 12, 2), state="cancelled"))
    instead = add("instead", VisitingSession(**base, **dated, held_on=date(2025, 12, 3)))
    add("moved", MovedSession(**base, session_id=instead.id, origin_id=off.id, from_id=off.id))
    absence = add(
        "absence",
        Absence(
            **base,
            person_id=lesson.person_id,
            home_school_id=lesson.home_school_id,
            first_day=day,
            last_day=day,
            reason="隐情" + word,
            created_by_id=lesson.person_id,
        ),
    )
    cover = add(
        "cover",
        AbsentSession(
            **base,
            absence_id=absence.id,
            session_id=left.id,
            school_id=lesson.school_id,
            home_school_id=lesson.home_school_id,
        ),
    )
    at = datetime(2025, 11, 12, 9, tzinfo=SHANGHAI)
    who = {"person_id": asked_one.id, "asked_by_id": asked_one.id, "asked_at": at}
    add("ask", SubstituteAsk(**base, **who, cover_id=cover.id, session_id=left.id))
