"""Guests and results of an activity."""

from sqlalchemy import select

from portal.extensions import db
from portal.models import Activity, ActivityCredit


def by_id(activity: Activity, key) -> ActivityCredit | None:
    """One line of this activity, and of no other."""
    found = db.session.get(ActivityCredit, (activity.district_id, key))
    return found if found is not None and found.activity_id == activity.id else None


def of_kind(activity: Activity, kind: str) -> list[ActivityCredit]:
    """The lines of one kind in the order in which they were entered."""
    return list(
        db.session.scalars(
            select(ActivityCredit)
            .filter_by(district_id=activity.district_id, activity_id=activity.id, kind=kind)
            .order_by(ActivityCredit.id)
        )
    )
