"""Absences of teachers, the dated lessons that they leave, and who is asked to stand in."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.substitution import Span
from portal.domain.timetable import AFTERNOON, MORNING
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref
from portal.vault import SealedText

ABSENCE_KINDS = ("sick", "personal", "official_travel", "training", "other")
ASK_STATES = ("open", "accepted", "declined", "lapsed", "released")


class Absence(Tenant, Versioned, db.Model):
    """A time in which a teacher cannot teach, from a half-day to a half-day, both included.

    The reason in the teacher's words is sealed; the kind is the own school's business.
    """

    WORKFLOW = "absence"

    person_id: Mapped[uuid.UUID]
    home_school_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code(), default="sick")
    first_day: Mapped[date]
    first_half: Mapped[str] = mapped_column(Code(2), default=MORNING)
    last_day: Mapped[date]
    last_half: Mapped[str] = mapped_column(Code(2), default=AFTERNOON)
    reason: Mapped[str | None] = mapped_column(SealedText())
    state: Mapped[str] = mapped_column(Code(), default="open")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    created_by_id: Mapped[uuid.UUID]

    person = one("Person", "Absence", "person_id")
    home_school = one("School", "Absence", "home_school_id")
    created_by = one("Person", "Absence", "created_by_id")
    covers = many("AbsentSession", "absence_id", "AbsentSession.id")

    __table_args__ = (
        ref("person_id", "person"),
        ref("home_school_id", "school"),
        ref("created_by_id", "person"),
        one_of("kind", ABSENCE_KINDS),
        one_of("state", ("open", "withdrawn")),
        one_of("first_half", (MORNING, AFTERNOON)),
        one_of("last_half", (MORNING, AFTERNOON)),
        CheckConstraint(
            "first_day < last_day OR (first_day = last_day AND first_half <= last_half)",
            name="dates_in_order",
        ),
        Index("ix_absence_person", "district_id", "person_id", "first_day"),
        Index("ix_absence_school", "district_id", "home_school_id", "first_day"),
    )

    @property
    def span(self) -> Span:
        """The time away as a value of the domain."""
        return Span(self.first_day, self.first_half, self.last_day, self.last_half)

    @property
    def access_schools(self):
        """The own school, and every school that loses a lesson."""
        return frozenset([self.home_school_id, *(cover.school_id for cover in self.covers)])


class AbsentSession(Tenant, db.Model):
    """A dated lesson that an absence leaves, and what was arranged for it.

    ``outcome`` is empty while nothing is final. A lesson that moved stays at its old place, cancelled, and
    ``moved_to_id`` is the one at the new place.
    """

    absence_id: Mapped[uuid.UUID]
    session_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    home_school_id: Mapped[uuid.UUID]
    outcome: Mapped[str | None] = mapped_column(Code())
    moved_to_id: Mapped[uuid.UUID | None]
    arranged_by_id: Mapped[uuid.UUID | None]

    absence = one("Absence", "AbsentSession", "absence_id")
    session = one("VisitingSession", "AbsentSession", "session_id")
    moved_to = one("VisitingSession", "AbsentSession", "moved_to_id")
    school = one("School", "AbsentSession", "school_id")
    arranged_by = one("Person", "AbsentSession", "arranged_by_id")

    __table_args__ = (
        ref("absence_id", "absence", ondelete="CASCADE"),
        ref("session_id", "visiting_session", ondelete="CASCADE"),
        ref("moved_to_id", "visiting_session", ondelete="CASCADE"),
        ref("school_id", "school"),
        ref("home_school_id", "school"),
        ref("arranged_by_id", "person"),
        UniqueConstraint("district_id", "absence_id", "session_id", name="absent_session_once"),
        one_of("outcome", ("covered", "moved", "cancelled")),
        CheckConstraint("(outcome = 'moved') = (moved_to_id IS NOT NULL)", name="moved_somewhere"),
        Index("ix_absent_session_session", "district_id", "session_id"),
        Index("ix_absent_session_moved_to", "district_id", "moved_to_id"),
        Index("ix_absent_session_school", "district_id", "school_id", "outcome"),
    )

    @property
    def access_people(self):
        """The teacher who is away."""
        return frozenset([self.absence.person_id])

    @property
    def access_schools(self):
        """The school that receives the lesson, and the teacher's own."""
        return frozenset([self.school_id, self.home_school_id])


class SubstituteAsk(Tenant, Versioned, db.Model):
    """Somebody is asked to stand in for one dated lesson. The first who accepts has it."""

    WORKFLOW = "substitute_ask"

    cover_id: Mapped[uuid.UUID]
    session_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    asked_by_id: Mapped[uuid.UUID]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(Code(), default="open")
    state_note: Mapped[str] = mapped_column(String(300), default="")

    cover = one("AbsentSession", "SubstituteAsk", "cover_id")
    session = one("VisitingSession", "SubstituteAsk", "session_id")
    person = one("Person", "SubstituteAsk", "person_id")
    asked_by = one("Person", "SubstituteAsk", "asked_by_id")

    __table_args__ = (
        ref("cover_id", "absent_session", ondelete="CASCADE"),
        ref("session_id", "visiting_session", ondelete="CASCADE"),
        ref("person_id", "person"),
        ref("asked_by_id", "person"),
        one_of("state", ASK_STATES),
        Index(
            "already_asked",
            "district_id",
            "session_id",
            "person_id",
            unique=True,
            sqlite_where=db.text("state = 'open'"),
            postgresql_where=db.text("state = 'open'"),
        ),
        Index(
            "one_stands_in",
            "district_id",
            "session_id",
            unique=True,
            sqlite_where=db.text("state = 'accepted'"),
            postgresql_where=db.text("state = 'accepted'"),
        ),
        Index("ix_substitute_ask_person", "district_id", "person_id", "state"),
        Index("ix_substitute_ask_cover", "district_id", "cover_id"),
    )

    @property
    def access_schools(self):
        """Both schools of the lesson."""
        return self.cover.access_schools
