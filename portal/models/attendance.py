"""Who was there: what the two sides say differently about a lesson, and guesses at a school's code of the day."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, one, one_of, ref


class SessionDispute(Tenant, Versioned, db.Model):
    """The teacher says ``claim``, the receiving school has registered something else. Both settle it."""

    WORKFLOW = "session_dispute"

    session_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    home_school_id: Mapped[uuid.UUID]
    claim: Mapped[str] = mapped_column(Code())
    reason: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(Code(), default="open")
    state_note: Mapped[str] = mapped_column(String(300), default="")

    session = one("VisitingSession", "SessionDispute", "session_id")
    person = one("Person", "SessionDispute", "person_id")

    __table_args__ = (
        ref("session_id", "visiting_session", ondelete="CASCADE"),
        ref("person_id", "person"),
        ref("school_id", "school"),
        ref("home_school_id", "school"),
        one_of("claim", ("given", "missed")),
        one_of("state", ("open", "kept", "settled", "withdrawn")),
        Index(
            "dispute_already_open",
            "district_id",
            "session_id",
            unique=True,
            sqlite_where=db.text("state IN ('open', 'kept')"),
            postgresql_where=db.text("state IN ('open', 'kept')"),
        ),
        Index("ix_session_dispute_school", "district_id", "school_id", "state"),
        Index("ix_session_dispute_home", "district_id", "home_school_id", "state"),
        Index("ix_session_dispute_person", "district_id", "person_id", "state"),
    )

    @property
    def access_schools(self):
        """Both schools."""
        return frozenset([self.school_id, self.home_school_id])


class CodeGuesses(Tenant, db.Model):
    """How many wrong codes somebody has entered on a day."""

    person_id: Mapped[uuid.UUID]
    day: Mapped[date]
    wrong: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        ref("person_id", "person"),
        UniqueConstraint("district_id", "person_id", "day", name="guesses_once"),
        CheckConstraint("wrong >= 0", name="guesses_counted"),
    )
