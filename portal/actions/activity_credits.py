"""Guests and results of an activity are named, and taken off again."""

from portal.actions import audit
from portal.actions.errors import Refused
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Activity, ActivityCredit
from portal.models.activity_credits import MOST_CREDITS
from portal.queries import activity_credits


def name_one(
    actor, activity: Activity, kind: str, *, name: str, unit: str, about: str, now
) -> ActivityCredit:
    """Name a guest (S1-72), or once the activity was held who reached what (S4-38)."""
    _check_open(activity)
    if kind == "result" and activity.state != "held":
        raise Refused(N_("活动开展以后登记结果"), field="name")
    if len(activity_credits.of_kind(activity, kind)) >= MOST_CREDITS:
        raise Refused(N_("最多登记 %(count)s 条"), count=MOST_CREDITS)
    row = ActivityCredit(
        district_id=activity.district_id,
        activity_id=activity.id,
        kind=kind,
        name=name,
        unit=unit,
        about=about,
    )
    db.session.add(row)
    _record(actor, activity, kind, None, row, now)
    return row


def take_off(actor, activity: Activity, key, *, now) -> str:
    """Take a line off; returns its name."""
    row = activity_credits.by_id(activity, key)
    if row is None:
        raise Refused(N_("这一条已经移出"))
    _check_open(activity)
    name = row.name
    _record(actor, activity, row.kind, row, None, now)
    db.session.delete(row)
    return name


def _check_open(activity: Activity) -> None:
    if not activity.takes_files:
        raise Refused(N_("活动已归档或取消，要先重新打开"))


def _record(actor, activity: Activity, kind: str, old, new, now) -> None:
    """It belongs to the activity, whose version moves with it."""
    activity.updated_at = now
    said = [" ".join(filter(None, (row.name, row.unit, row.about))) if row else None for row in (old, new)]
    audit.record(actor, f"activity.{kind}", activity, {f"credit_{kind}": tuple(said)})
