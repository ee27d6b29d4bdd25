"""Telling people that something concerns them."""

from datetime import datetime

from sqlalchemy import update

from portal.extensions import db
from portal.models import Notification


def tell(people, kind: str, *, district_id, link: str, now: datetime, besides=None, **words) -> None:
    """Leave one message for each person id; ``besides`` (the one who acted) is left out."""
    for person_id in sorted({p for p in people if p and p != besides}, key=str):
        db.session.add(
            Notification(
                district_id=district_id,
                person_id=person_id,
                kind=kind,
                words=words,
                link=link,
                created_at=now,
            )
        )


def mark_all_read(actor, now: datetime) -> None:
    """Everything that waits for this person has been seen."""
    db.session.execute(
        update(Notification)
        .where(
            Notification.district_id == actor.district_id,
            Notification.person_id == actor.person_id,
            Notification.read_at.is_(None),
        )
        .values(read_at=now)
    )
