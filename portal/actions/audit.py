"""Writing the audit trail, in the same transaction as the change it tells of."""

import hashlib
import json
import secrets
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from portal.domain.ids import uuid7
from portal.extensions import db
from portal.models import AuditEntry, AuditHead, AuditValue


def record(
    actor, action: str, obj, changes: dict[str, tuple] | None = None, *, district_id=None
) -> AuditEntry:
    """Append one entry: ``actor`` did ``action`` to ``obj``; ``changes`` maps field -> (old, new).

    ``actor`` may be None for the system itself. Sealed fields must not be passed in plain: name the
    field and give None for both values.
    """
    district = district_id or obj.district_id
    return record_all(actor, district, [(action, obj, changes or {})])[0]


def record_all(actor, district_id, done) -> list[AuditEntry]:
    """Append one entry for each (action, object, changes), as ``record`` does, in a few statements."""
    head = _locked_head(district_id)
    number, previous, entries, values = head.number, head.hash, [], []
    for action, obj, changes in done:
        number += 1
        entry = AuditEntry(
            id=uuid7(),  # the values name it before it is written, and give its hash
            district_id=district_id,
            number=number,
            at=datetime.now(UTC),
            actor_id=getattr(actor, "person_id", None),
            action=action,
            object_kind=obj.__tablename__,
            object_id=obj.id,
            previous_hash=previous,
        )
        own = [
            AuditValue(
                district_id=district_id,
                entry_id=entry.id,
                field=field,
                old=_text(old),
                new=_text(new),
                salt=secrets.token_hex(16),
            )
            for field, (old, new) in sorted(changes.items())
        ]
        entry.values_hash = hash_of_values(own)
        entry.hash = previous = hash_of_entry(entry)
        entries.append(entry)
        values += own
    head.number, head.hash = number, previous
    db.session.add_all(entries)
    db.session.flush()  # values point at their entries
    db.session.add_all(values)
    return entries


def changes_of(obj, values: dict) -> dict[str, tuple]:
    """Set the attributes and return what changed, field -> (old, new)."""
    changed = {}
    for name, new in values.items():
        old = getattr(obj, name)
        if old != new:
            setattr(obj, name, new)
            changed[name] = (old, new)
    return changed


def hash_of_values(values) -> str:
    """The hash of an entry's salted values; it stays when the values are erased."""
    if not values:
        return ""
    listed = [[v.field, v.old, v.new, v.salt] for v in sorted(values, key=lambda v: v.field)]
    return _sha256(json.dumps(listed, ensure_ascii=False))


def hash_of_entry(entry: AuditEntry) -> str:
    """The hash that links an entry to the one before it."""
    fields = [
        str(entry.district_id),
        entry.number,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(entry.actor_id or ""),
        entry.action,
        entry.object_kind,
        str(entry.object_id),
        entry.values_hash,
        entry.previous_hash,
    ]
    return _sha256(json.dumps(fields, ensure_ascii=False))


def broken_links(district_id) -> list[str]:
    """What is wrong with a district's chain, in words; empty when it is whole.

    An erased value is not wrong: only values that are there are compared with their hash.
    """
    found, previous, number = [], "", 0
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.district_id == district_id).order_by(AuditEntry.number)
    )
    for entry in entries:
        number += 1
        if entry.number != number:
            found.append(f"entry {number} is missing")
            number = entry.number
        if entry.previous_hash != previous or entry.hash != hash_of_entry(entry):
            found.append(f"entry {entry.number} does not fit the chain")
        if entry.values and entry.values_hash != hash_of_values(entry.values):
            found.append(f"values of entry {entry.number} were changed")
        previous = entry.hash
    head = db.session.get(AuditHead, district_id)
    if head and (head.number, head.hash) != (number, previous):
        found.append("the end of the chain was cut off")
    return found


def _locked_head(district_id) -> AuditHead:
    # FOR UPDATE puts PostgreSQL's writers in line; SQLite has one writer anyway.
    found = db.session.get(AuditHead, district_id, with_for_update=True, populate_existing=True)
    if found is None:
        # Of two first writers one makes the row and the other waits for it.
        insert = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}[db.engine.dialect.name]
        row = insert(AuditHead).values(district_id=district_id, number=0, hash="")
        db.session.execute(row.on_conflict_do_nothing())
        found = db.session.get(AuditHead, district_id, with_for_update=True, populate_existing=True)
    return found


def _text(value) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple | dict | bool | int):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
