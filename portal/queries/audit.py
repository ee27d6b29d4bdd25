"""The history of one object, from the audit trail."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.extensions import db
from portal.models import AuditEntry


@dataclass(frozen=True)
class HistoryLine:
    """One line of a history: when, who (None for the system), what, and field -> (old, new)."""

    at: object
    who: str | None
    action: str
    changes: tuple


def history(obj, limit: int = 50) -> list[HistoryLine]:
    """What was done to an object, newest first."""
    entries = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.district_id == getattr(obj, "district_id", obj.id),  # a district is its own
            AuditEntry.object_kind == obj.__tablename__,
            AuditEntry.object_id == obj.id,
        )
        .options(joinedload(AuditEntry.actor), selectinload(AuditEntry.values))
        .order_by(AuditEntry.number.desc())
        .limit(limit)
    )
    return [
        HistoryLine(
            at=entry.at,
            who=entry.actor.name if entry.actor else None,
            action=entry.action,
            changes=tuple((v.field, v.old, v.new) for v in entry.values),
        )
        for entry in entries
    ]
