"""Messages to a person."""

from sqlalchemy import select

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Notification


def _mine(actor: Actor):
    return (Notification.district_id == actor.district_id) & (Notification.person_id == actor.person_id)


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
