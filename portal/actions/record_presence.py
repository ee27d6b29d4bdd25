"""Write once: a record that belongs to an activity is also its writer's presence there (S1-68).

Nobody is listed twice, and what the organiser had listed stays when the record goes.
"""

from sqlalchemy import select

from portal.actions import audit
from portal.domain.moments import local_day
from portal.extensions import db
from portal.models import Activity, ActivityParticipant, RecordPresence, WorkRecord
from portal.queries import activities, clusters


def keep(actor, record: WorkRecord, *, now) -> None:
    """Bring the attendance in line with the activity of a record, after it was written or changed."""
    found = _presence(record)
    if found is not None and found.activity_id != record.activity_id:
        _take_back(actor, record, found, now)
        found = None
    if record.activity_id and found is None:
        _join(actor, record, now)


def forget(actor, record: WorkRecord, *, now) -> None:
    """The record goes; so does the presence that came with it."""
    found = _presence(record)
    if found is not None:
        _take_back(actor, record, found, now)


def _presence(record: WorkRecord) -> RecordPresence | None:
    return db.session.scalar(
        select(RecordPresence).where(
            RecordPresence.district_id == record.district_id, RecordPresence.record_id == record.id
        )
    )


def _row(record: WorkRecord, activity_id) -> ActivityParticipant | None:
    return db.session.scalar(
        select(ActivityParticipant).where(
            ActivityParticipant.district_id == record.district_id,
            ActivityParticipant.activity_id == activity_id,
            ActivityParticipant.person_id == record.person_id,
        )
    )


def _join(actor, record: WorkRecord, now) -> None:
    """List the writer where an activity has begun, is not closed, and is one of the own cluster's or the district's."""
    activity = activities.by_id(record.district_id, record.activity_id)
    members = {record.school_id}
    if activity.cluster_id:
        members = {m.school_id for m in clusters.members_on(activity.cluster, local_day(activity.starts_at))}
    if activity.state not in ("planned", "held") or activity.starts_at > now:
        return
    if record.school_id not in members or _row(record, activity.id) is not None:
        return
    keys = {"district_id": record.district_id, "activity_id": activity.id, "person_id": record.person_id}
    db.session.add(ActivityParticipant(school_id=record.school_id, **keys))
    db.session.add(RecordPresence(record_id=record.id, **keys))
    _tell(actor, activity, (None, actor.name), now)


def _take_back(actor, record: WorkRecord, found: RecordPresence, now) -> None:
    """Off the list again, unless another record of the same person speaks for the presence."""
    other = db.session.scalar(
        select(WorkRecord)
        .where(
            WorkRecord.district_id == record.district_id,
            WorkRecord.person_id == record.person_id,
            WorkRecord.activity_id == found.activity_id,
            WorkRecord.id != record.id,
        )
        .order_by(WorkRecord.id)
        .limit(1)
    )
    if other is not None:
        found.record_id = other.id
        return
    activity = activities.by_id(record.district_id, found.activity_id)
    row = _row(record, found.activity_id)
    db.session.delete(found)
    if row is not None and activity.state in ("planned", "held"):
        db.session.delete(row)
        _tell(actor, activity, (actor.name, None), now)


def _tell(actor, activity: Activity, change: tuple, now) -> None:
    activity.updated_at = now  # participants belong to the activity: its version moves with them
    audit.record(actor, "activity.participants", activity, {"joined": change})
    db.session.flush()  # the next look at the list sees it
    db.session.expire(activity, ["participants"])
