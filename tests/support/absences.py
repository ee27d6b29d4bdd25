"""Absences through the pages, for tests: entering one, and finding what came of it."""

from datetime import date

import sqlalchemy as sa

from portal.extensions import db
from portal.models import Absence, AbsentSession, Notification, SubstituteAsk, VisitingSession

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
