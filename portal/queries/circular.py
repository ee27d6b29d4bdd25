"""The clusters that a circular lists."""

from sqlalchemy import select

from portal.extensions import db
from portal.models import Cluster


def all_clusters(district_id) -> list[Cluster]:
    """Every open cluster of the district by name: a circular is told to all of them."""
    return list(
        db.session.scalars(
            select(Cluster)
            .where(Cluster.district_id == district_id, Cluster.closed_on.is_(None))
            .order_by(Cluster.name, Cluster.id)
        )
    )
