"""Visits of a month, settled or not: 林晓岚 of 麟峰小学 teaches at 拱辰中心小学."""

from datetime import date

import sqlalchemy as sa

from portal.extensions import db
from portal.models import VisitingLesson, VisitingMonth, VisitingSession

OCTOBER, NOVEMBER = date(2025, 10, 1), date(2025, 11, 1)


def visits(world, days, *, state="given", teacher=None, home=None, host=None, starts=490, minutes=40) -> list:
    """Dated lessons on these days, each with a confirmation when it is settled."""
    teacher, home, host = teacher or world.teacher, home or world.linfeng, host or world.gongchen
    base = {"district_id": world.east.id, "person_id": teacher.id, "school_id": host.id}
    at = {"class_name": f"三（{starts}）班", "starts": starts, "ends": starts + minutes}
    lesson = VisitingLesson(
        **base, **at, home_school_id=home.id, term_id=world.term.id, subject="音乐", weekday=2, period=1
    )
    lesson.state = "ended"
    db.session.add(lesson)
    db.session.flush()
    confirmed = world.principal.id if state != "planned" and home is not host else None
    made = [
        VisitingSession(
            **base, **at, lesson_id=lesson.id, held_on=day, state=state, confirmed_by_id=confirmed
        )
        for day in days
    ]
    db.session.add_all(made)
    db.session.commit()
    return made


def close(world, month=OCTOBER, *, host="principal", home="lead", as_) -> VisitingMonth:
    """Close the month of 麟峰小学 at 拱辰中心小学 through the pages of both schools."""
    code = f"{month:%Y-%m}"
    data = {"home": str(world.linfeng.id), "month": code}
    first = as_(host).post(f"/visiting/schools/{world.gongchen.id}/months", data=data)
    assert first.status_code == 303, first.get_data(as_text=True)
    row = the_month(month)
    data = {"action": "close", "version": row.version}
    second = as_(home).post(f"/visiting/months/{row.id}/step", data=data)
    assert second.status_code == 303, second.get_data(as_text=True)
    return the_month(month)


def the_month(month=OCTOBER) -> VisitingMonth:
    """The one month of that date."""
    return db.session.scalars(
        sa.select(VisitingMonth).filter_by(month=month).execution_options(populate_existing=True)
    ).one()
