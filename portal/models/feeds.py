"""Calendar feeds: secret addresses under which phones and Outlook read somebody's lessons."""

import uuid
from datetime import UTC, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Tenant, one, ref


class CalendarFeed(Tenant, db.Model):
    """One address, given to one device or calendar. It carries a key; only the key's hash is stored.

    ``person_id`` is who holds it; with a school it shows that school's lessons for as long as the holder
    manages the school, and without one the holder's own.
    """

    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID | None]
    name: Mapped[str] = mapped_column(String(40), default="")
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    ended_at: Mapped[datetime | None]

    person = one("Person", "CalendarFeed", "person_id")
    school = one("School", "CalendarFeed", "school_id")

    __table_args__ = (
        ref("person_id", "person"),
        ref("school_id", "school"),
        Index("ix_calendar_feed_person", "district_id", "person_id"),
    )

    @property
    def access_schools(self):
        """Nobody's by school: an address is its holder's alone."""
        return frozenset()
