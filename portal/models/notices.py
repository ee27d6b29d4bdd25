"""Messages to people: something happened that concerns them, with the link to it."""

import uuid
from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, one, ref


class Notification(Tenant, db.Model):
    """One message to one person. ``words`` are the values of the message's placeholders."""

    person_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code())
    words: Mapped[dict] = mapped_column(default=dict)
    link: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    person = one("Person", "Notification", "person_id")

    __table_args__ = (
        ref("person_id", "person"),
        Index("ix_notification_person", "district_id", "person_id", "created_at", "id"),
        # Counted on every page, and few among all that were ever told.
        Index(
            "ix_notification_unread",
            "district_id",
            "person_id",
            sqlite_where=db.text("read_at IS NULL"),
            postgresql_where=db.text("read_at IS NULL"),
        ),
    )
