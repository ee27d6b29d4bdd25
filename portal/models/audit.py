"""The audit trail: append-only, one hash chain a district; personal values lie beside it."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, many, one, ref


class AuditHead(db.Model):
    """The last link of a district's chain; locking it puts the writers in line."""

    district_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("district.id"), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default="")


class AuditEntry(Tenant, db.Model):
    """Who did what to which object, when. ``hash`` covers all of it and the entry before."""

    number: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID | None]
    action: Mapped[str] = mapped_column(Code(64))
    object_kind: Mapped[str] = mapped_column(Code(64))
    object_id: Mapped[uuid.UUID]
    values_hash: Mapped[str] = mapped_column(String(64), default="")
    previous_hash: Mapped[str] = mapped_column(String(64), default="")
    hash: Mapped[str] = mapped_column(String(64))

    actor = one("Person", "AuditEntry", "actor_id")
    values = many("AuditValue", "entry_id", "AuditValue.field")

    __table_args__ = (
        ref("actor_id", "person"),
        UniqueConstraint("district_id", "number", name="audit_number_once"),
        Index("ix_audit_entry_object", "district_id", "object_kind", "object_id", "number"),
    )


class AuditValue(Tenant, db.Model):
    """Old and new value of one field, and the salt of its hash: erased when their time is over."""

    entry_id: Mapped[uuid.UUID]
    field: Mapped[str] = mapped_column(String(60))
    old: Mapped[str | None]
    new: Mapped[str | None]
    salt: Mapped[str] = mapped_column(String(32))

    __table_args__ = (
        ref("entry_id", "audit_entry"),
        Index("ix_audit_value_entry", "district_id", "entry_id"),
    )
