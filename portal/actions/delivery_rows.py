"""What the actions on deliveries share: their row is written by one at a time, and who is told of a change."""

from datetime import date

from sqlalchemy import select

from portal.actions import notices
from portal.domain.moments import local_day
from portal.extensions import db
from portal.models import Delivery
from portal.queries import clusters, people, schools, volunteers


def hold_row(delivery: Delivery) -> None:
    """Let writers of one delivery stand in line, and read it as the one before left it."""
    db.session.execute(
        select(Delivery)
        .where(Delivery.district_id == delivery.district_id, Delivery.id == delivery.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def main_cluster_id(district_id, school_id, day: date):
    """The main cluster of a school on a day; None when it belongs to none."""
    rows = schools.clusters_of(district_id, [school_id], day).get(school_id, []) if school_id else []
    return rows[0].cluster_id if rows else None


def what_of(delivery: Delivery) -> str:
    """A delivery in a message: school, title and day."""
    school = schools.by_id(delivery.district_id, delivery.school_id)
    return f"{school.name} {delivery.title}（{delivery.starts_on.isoformat()}）"


def tell_people(actor, delivery: Delivery, rows, kind: str, now, **words) -> None:
    """Tell who signed up; for somebody without an account whoever entered them."""
    found = []
    for row in rows:
        volunteer = volunteers.of_person(row.district_id, row.person_id) if row.is_guest else None
        found.append(volunteer.created_by_id if volunteer else row.person_id)
    _tell(actor, delivery, found, kind, now, words)


def tell_schools(actor, delivery: Delivery, kind: str, now, school_ids=None, **words) -> None:
    """Tell whoever published it, and the principals of its schools."""
    sides = list(delivery.access_schools) if school_ids is None else school_ids
    principals = clusters.principals_of(delivery.district_id, sides, local_day(now))
    publisher = people.person_by_id(delivery.district_id, delivery.created_by_id)
    found = [publisher.id, *(person.id for person in principals.values())]
    _tell(actor, delivery, found, kind, now, words)


def _tell(actor, delivery: Delivery, people_ids, kind: str, now, words: dict) -> None:
    notices.tell(
        people_ids,
        kind,
        district_id=delivery.district_id,
        link=f"/visiting/deliveries/{delivery.id}",
        now=now,
        besides=actor.person_id,
        what=what_of(delivery),
        **words,
    )
