"""Timetables that were uploaded or pasted."""

from sqlalchemy import select

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Person, TimetableImport

SHOWN = 20


def by_id(district_id, import_id) -> TimetableImport | None:
    """One import."""
    return db.session.get(TimetableImport, (district_id, import_id))


def visible_to(actor: Actor):
    """The imports that ``timetable_import.view`` shows this person, as a select: the own ones."""
    return select(TimetableImport).where(
        TimetableImport.district_id == actor.district_id, TimetableImport.person_id == actor.person_id
    )


def newest(actor: Actor) -> list[TimetableImport]:
    """One's own imports, the newest first, as many as a page shows."""
    found = visible_to(actor).order_by(TimetableImport.created_at.desc(), TimetableImport.id.desc())
    return list(db.session.scalars(found.limit(SHOWN)))


def names_of(plan) -> dict:
    """Person -> name, of everybody in what an import would write."""
    ids = {row.idea.person_id for row in plan.rows} | {h.person_id for h in plan.hours if h.person_id}
    ids |= set(plan.limits)
    rows = db.session.execute(
        select(Person.id, Person.name).where(Person.district_id == plan.term.district_id, Person.id.in_(ids))
    )
    return {key: name for key, name in rows}
