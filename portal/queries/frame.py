"""What the frame of every page says. Its statements are made once: building one costs more than running it."""

from functools import cache

from sqlalchemy import bindparam, func, select

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Cluster, District, Notification


def district_name(district_id) -> str:
    """The name of the district."""
    return db.session.scalar(_district_name(), {"district": district_id}) or ""


@cache
def _district_name():
    return select(District.name).where(District.id == bindparam("district"))


def own_cluster_name(actor: Actor) -> str:
    """The name of the first of ``clusters.own_clusters``; empty for a person who has none."""
    ids = actor.runs | actor.manages | actor.belongs_to | actor.liaison_of | actor.assigned_to
    if not ids:
        return ""
    found = db.session.execute(_names(), {"district": actor.district_id, "ids": list(ids)}).all()
    # Of equals min() keeps the first, so that the order by name holds.
    first = min(found, key=lambda row: (row.id not in actor.runs, row.id not in actor.manages), default=None)
    return first.name if first else ""


@cache
def _names():
    return (
        select(Cluster.id, Cluster.name)
        .where(Cluster.district_id == bindparam("district"), Cluster.id.in_(bindparam("ids", expanding=True)))
        .order_by(Cluster.name, Cluster.id)
    )


def unread_count(actor: Actor) -> int:
    """How many messages the person has not seen."""
    return db.session.scalar(_unread(), {"district": actor.district_id, "person": actor.person_id})


@cache
def _unread():
    return (
        select(func.count())
        .select_from(Notification)
        .where(
            Notification.district_id == bindparam("district"),
            Notification.person_id == bindparam("person"),
            Notification.read_at.is_(None),
        )
    )
