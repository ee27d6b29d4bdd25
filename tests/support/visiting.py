"""A world for the visiting timetable: bells and ways of three schools, and the forms that schedule lessons."""

from datetime import date

import sqlalchemy as sa

from portal.extensions import db
from portal.models import BellPeriod, CalendarDay, TravelTime, VisitingLesson, VisitingSession

TOWN = ((510, 550), (560, 600), (620, 660), (670, 710), (870, 910))
VILLAGE = ((490, 530), (540, 580), (610, 650), (660, 700), (850, 890))
LESSON = {
    "kind": "circuit_teaching",
    "subject": "音乐",
    "class_name": "三（1）班",
    "weekday": "2",
    "period": "1",
    "weeks": "",
    "from_day": "2025-11-19",
}


def ring_bells(world) -> None:
    """麟峰 rings at other times than 拱辰 and 南郊; half an hour lies between 麟峰 and 拱辰."""
    for school, times in ((world.linfeng, TOWN), (world.gongchen, VILLAGE), (world.nanjiao, VILLAGE)):
        for number, (starts, ends) in enumerate(times, 1):
            db.session.add(
                BellPeriod(
                    district_id=world.east.id, school_id=school.id, number=number, starts=starts, ends=ends
                )
            )
    for origin, target in ((world.linfeng, world.gongchen), (world.gongchen, world.linfeng)):
        db.session.add(
            TravelTime(
                district_id=world.east.id, from_school_id=origin.id, to_school_id=target.id, minutes=30
            )
        )
    db.session.commit()


def unusual(world, day: date, kind: str, follows: int | None = None, note: str = "") -> None:
    """An unusual day of the district."""
    db.session.add(
        CalendarDay(
            district_id=world.east.id, day=day, kind=kind, follows_weekday=follows, note=note, source="local"
        )
    )
    db.session.commit()


def the_lesson() -> VisitingLesson:
    """The one lesson."""
    return db.session.scalars(sa.select(VisitingLesson)).one()


def dates(lesson, *states) -> list[str]:
    """The days of a lesson's sessions, as 11-18."""
    rows = db.session.scalars(
        sa.select(VisitingSession)
        .where(VisitingSession.lesson_id == lesson.id)
        .order_by(VisitingSession.held_on)
        .execution_options(populate_existing=True)
    )
    return [f"{row.held_on:%m-%d}" for row in rows if not states or row.state in states]


def session_on(day: date, **facts) -> VisitingSession:
    """The session of a day."""
    return db.session.scalars(
        sa.select(VisitingSession).filter_by(held_on=day, **facts).execution_options(populate_existing=True)
    ).one()
