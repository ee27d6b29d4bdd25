"""Visiting teachers (走教): bell times, the weekly timetable and its dated sessions."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref

SESSION_STATES = ("planned", "given", "missed", "substituted", "cancelled")
VISITING_FORMS = (
    "circuit_teaching",
    "cross_school_lessons",
    "backbone_circuit",
    "scarce_subject_circuit",
    "stage_bridge",
)


class BellPeriod(Tenant, db.Model):
    """A school's period: number and clock times in minutes after midnight."""

    school_id: Mapped[uuid.UUID]
    number: Mapped[int]
    starts: Mapped[int]
    ends: Mapped[int]

    __table_args__ = (
        ref("school_id", "school"),
        UniqueConstraint("district_id", "school_id", "number", name="period_once"),
        CheckConstraint("starts < ends AND starts >= 0 AND ends <= 1440", name="times_in_order"),
        CheckConstraint("number BETWEEN 1 AND 15", name="number_sane"),
    )


class TravelTime(Tenant, db.Model):
    """Minutes on the road from one school to another; a missing row means unknown, not zero."""

    from_school_id: Mapped[uuid.UUID]
    to_school_id: Mapped[uuid.UUID]
    minutes: Mapped[int]

    __table_args__ = (
        ref("from_school_id", "school"),
        ref("to_school_id", "school"),
        UniqueConstraint("district_id", "from_school_id", "to_school_id", name="way_once"),
        CheckConstraint("minutes BETWEEN 0 AND 600", name="minutes_sane"),
        CheckConstraint("from_school_id <> to_school_id", name="schools_differ"),
    )


class VisitingLesson(Tenant, Versioned, db.Model):
    """A lesson of the weekly timetable that a teacher gives at another school (or, for the clash check, at home).

    ``weeks`` is written as in the timetable workbook: empty, 单, 双 or 3-12.
    """

    WORKFLOW = "visiting_lesson"

    term_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    home_school_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    form: Mapped[str] = mapped_column(Code(), default="circuit_teaching")
    subject: Mapped[str] = mapped_column(String(40))
    class_name: Mapped[str] = mapped_column(String(40))
    weekday: Mapped[int]
    period: Mapped[int]
    starts: Mapped[int]
    ends: Mapped[int]
    weeks: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[str] = mapped_column(Code(), default="planned")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    locked: Mapped[bool] = mapped_column(default=False)  # plans leave it where it is

    person = one("Person", "VisitingLesson", "person_id")
    school = one("School", "VisitingLesson", "school_id")
    home_school = one("School", "VisitingLesson", "home_school_id")
    term = one("Term", "VisitingLesson", "term_id")
    sessions = many("VisitingSession", "lesson_id", "VisitingSession.held_on, VisitingSession.id")

    __table_args__ = (
        ref("term_id", "term"),
        ref("person_id", "person"),
        ref("home_school_id", "school"),
        ref("school_id", "school"),
        one_of("state", ("planned", "running", "ended")),
        one_of("form", VISITING_FORMS),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday_known"),
        CheckConstraint("starts < ends", name="times_in_order"),
        Index("ix_visiting_lesson_person", "district_id", "term_id", "person_id"),
        Index("ix_visiting_lesson_school", "district_id", "term_id", "school_id"),
        Index("ix_visiting_lesson_home", "district_id", "term_id", "home_school_id"),
    )

    @property
    def access_schools(self):
        return frozenset([self.school_id, self.home_school_id])


class VisitingSession(Tenant, Versioned, db.Model):
    """A dated lesson of a visiting teacher. The database books neither a teacher nor a class twice."""

    WORKFLOW = "visiting_session"

    lesson_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    class_name: Mapped[str] = mapped_column(String(40))
    held_on: Mapped[date]
    starts: Mapped[int]
    ends: Mapped[int]
    state: Mapped[str] = mapped_column(Code(), default="planned")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    substitute_id: Mapped[uuid.UUID | None]
    confirmed_by_id: Mapped[uuid.UUID | None]
    # What the teacher says happened; it counts once the receiving school has confirmed it.
    reported: Mapped[str | None] = mapped_column(Code())
    reported_note: Mapped[str] = mapped_column(String(300), default="")

    lesson = one("VisitingLesson", "VisitingSession", "lesson_id")
    person = one("Person", "VisitingSession", "person_id")
    school = one("School", "VisitingSession", "school_id")
    substitute = one("Person", "VisitingSession", "substitute_id")
    confirmed_by = one("Person", "VisitingSession", "confirmed_by_id")

    __table_args__ = (
        ref("lesson_id", "visiting_lesson", ondelete="CASCADE"),
        ref("person_id", "person"),
        ref("school_id", "school"),
        ref("substitute_id", "person"),
        ref("confirmed_by_id", "person"),
        one_of("state", SESSION_STATES),
        one_of("reported", ("given", "missed")),
        CheckConstraint("state <> 'substituted' OR substitute_id IS NOT NULL", name="substitute_named"),
        Index(
            "teacher_booked_twice",
            "district_id",
            "person_id",
            "held_on",
            "starts",
            unique=True,
            sqlite_where=db.text("state <> 'cancelled'"),
            postgresql_where=db.text("state <> 'cancelled'"),
        ),
        Index(
            "class_booked_twice",
            "district_id",
            "school_id",
            "class_name",
            "held_on",
            "starts",
            unique=True,
            sqlite_where=db.text("state <> 'cancelled'"),
            postgresql_where=db.text("state <> 'cancelled'"),
        ),
        Index("ix_visiting_session_school", "district_id", "school_id", "held_on"),
        Index("ix_visiting_session_lesson", "district_id", "lesson_id", "held_on"),
        Index("ix_visiting_session_day", "district_id", "held_on"),
    )

    @property
    def access_people(self):
        """The teacher, and whoever stands in."""
        return frozenset(key for key in (self.person_id, self.substitute_id) if key)

    @property
    def access_schools(self):
        """Both schools see a session: the one that receives it and the teacher's own."""
        return frozenset([self.school_id, self.lesson.home_school_id])
