"""Activities that groups hold: which groups may hold one, and what a group held (S1-71)."""

from datetime import date

from sqlalchemy import select

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Activity, Cluster, ClusterGroup, Term
from portal.models.groups import GROUP_KINDS
from portal.queries import activities
from portal.queries.people import open_on

#: A page shows the newest of a group; the list of activities has them all.
MOST = 50


def in_force(district_id, cluster_id, day: date) -> list[ClusterGroup]:
    """The groups of a cluster, or of the district itself (None), that are there on a day, by kind and name."""
    rows = db.session.scalars(
        select(ClusterGroup).where(
            ClusterGroup.district_id == district_id,
            ClusterGroup.cluster_id == cluster_id if cluster_id else ClusterGroup.cluster_id.is_(None),
            open_on(ClusterGroup, day),
        )
    )
    return sorted(rows, key=lambda row: (GROUP_KINDS.index(row.kind), row.subject, row.name, str(row.id)))


def offered(activity: Activity, day: date) -> list[ClusterGroup]:
    """The groups that the form of an activity offers: those of its day, and the one that holds it."""
    found = in_force(activity.district_id, activity.cluster_id, day)
    if activity.group_id and activity.group_id not in {group.id for group in found}:
        found.append(activity.held_by)
    return found


def of_group(actor: Actor, group: ClusterGroup, term: Term | None = None) -> list[Activity]:
    """The activities of a group that the person may see, the newest first; of one term when one is given."""
    found = activities.visible_to(actor).where(Activity.group_id == group.id, _of_body(group))
    if term:
        found = found.where(Activity.term_id == term.id)
    return list(db.session.scalars(found.order_by(Activity.starts_at.desc(), Activity.id).limit(MOST)))


def held_in(cluster: Cluster, term: Term) -> dict:
    """Group -> the activities that it held in a term of its cluster, by time; for the cluster's documents."""
    rows = db.session.scalars(
        select(Activity)
        .where(
            Activity.district_id == cluster.district_id,
            Activity.cluster_id == cluster.id,
            Activity.term_id == term.id,
            Activity.group_id.is_not(None),
            Activity.state.in_(("held", "closed")),
        )
        .order_by(Activity.starts_at, Activity.id)
    )
    found: dict = {}
    for row in rows:
        found.setdefault(row.group_id, []).append(row)
    return found


def _of_body(group: ClusterGroup):
    # Said besides the group, so that the index of the cluster finds them.
    return Activity.cluster_id == group.cluster_id if group.cluster_id else Activity.cluster_id.is_(None)
