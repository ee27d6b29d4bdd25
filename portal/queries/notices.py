"""Messages to a person."""

from sqlalchemy import func, select

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Notification


def _mine(actor: Actor):
    return (Notification.district_id == actor.district_id) & (Notification.person_id == actor.person_id)


def unread_count(actor: Actor) -> int:
    """How many messages the person has not seen."""
    return db.session.scalar(
        select(func.count()).select_from(Notification).where(_mine(actor), Notification.read_at.is_(None))
    )


def latest(actor: Actor, limit: int = 50) -> list[Notification]:
    """The newest messages."""
    return list(
        db.session.scalars(
            select(Notification)
            .where(_mine(actor))
            .order_by(Notification.created_at.desc(), Notification.id.desc())
            .limit(limit)
        )
    )
