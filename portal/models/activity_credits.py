"""Who is named with an activity beside those who took part: guests from outside, and what a contest came to."""

import uuid

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, one, one_of, ref

CREDIT_KINDS = ("guest", "result")
#: What one activity can name of each kind.
MOST_CREDITS = 100


class ActivityCredit(Tenant, db.Model):
    """A guest expert by name with title and unit (S1-72), or a result: who, from where, what was reached (S4-38).

    Both are words: naming somebody here gives nobody an account or a right.
    """

    activity_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code())
    name: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(80), default="")
    about: Mapped[str] = mapped_column(String(80), default="")

    activity = one("Activity", "ActivityCredit", "activity_id")

    __table_args__ = (
        ref("activity_id", "activity", ondelete="CASCADE"),
        one_of("kind", CREDIT_KINDS),
        CheckConstraint("name <> ''", name="credit_has_name"),
        UniqueConstraint("district_id", "activity_id", "kind", "name", "unit", "about", name="credited_once"),
    )
