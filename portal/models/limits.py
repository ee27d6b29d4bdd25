"""What binds a timetable beside its lessons: limits of a teacher, hours that are taken otherwise, and
workbooks that wait for their confirmation."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, one, one_of, ref
from portal.vault import SealedBytes

SOURCES = ("file", "paste")
IMPORT_STATES = ("previewed", "applied", "cancelled")


class TeacherLimit(Tenant, Versioned, db.Model):
    """What binds a teacher in one term. Empty is no limit; a limit that is reached is kept, not exceeded.

    ``half_days`` are those on which the teacher can go to other schools, as the timetable workbook writes
    them (周一上;周四下); empty is all of them. Lessons at the own school are not bound by them.
    """

    term_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    week_periods: Mapped[int | None]
    visit_days: Mapped[int | None]
    half_days: Mapped[str | None] = mapped_column(String(80))

    person = one("Person", "TeacherLimit", "person_id")
    term = one("Term", "TeacherLimit", "term_id")

    __table_args__ = (
        ref("term_id", "term"),
        ref("person_id", "person"),
        UniqueConstraint("district_id", "term_id", "person_id", name="teacher_limit_once"),
        CheckConstraint("week_periods BETWEEN 0 AND 60", name="week_periods_sane"),
        CheckConstraint("visit_days BETWEEN 0 AND 7", name="visit_days_sane"),
        Index("ix_teacher_limit_person", "district_id", "person_id"),
    )


class BusyHour(Tenant, db.Model):
    """An hour of every week in which a teacher (教研, 值班) or a class (a lesson without a teacher named here)
    is taken. Nobody is visited, nothing is dated or counted: it only stands in the way of lessons."""

    term_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID | None]
    class_name: Mapped[str] = mapped_column(String(40), default="")
    subject: Mapped[str] = mapped_column(String(40), default="")
    weekday: Mapped[int]
    period: Mapped[int]
    starts: Mapped[int]
    ends: Mapped[int]
    weeks: Mapped[str] = mapped_column(String(20), default="")

    person = one("Person", "BusyHour", "person_id")
    school = one("School", "BusyHour", "school_id")

    __table_args__ = (
        ref("term_id", "term"),
        ref("school_id", "school"),
        ref("person_id", "person"),
        CheckConstraint("(person_id IS NULL) <> (class_name = '')", name="teacher_or_class"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday_known"),
        CheckConstraint("starts < ends AND starts >= 0 AND ends <= 1440", name="times_in_order"),
        Index("ix_busy_hour_school", "district_id", "term_id", "school_id"),
        Index("ix_busy_hour_person", "district_id", "term_id", "person_id"),
    )


class TimetableImport(Tenant, db.Model):
    """A timetable workbook, or rows that were pasted, between the preview and the confirmation.

    It is sealed, since it names people, and goes when the import is over.
    """

    person_id: Mapped[uuid.UUID]
    term_id: Mapped[uuid.UUID]
    source: Mapped[str] = mapped_column(Code())
    filename: Mapped[str] = mapped_column(String(200), default="")
    content: Mapped[bytes | None] = deferred(mapped_column(SealedBytes))
    state: Mapped[str] = mapped_column(Code(), default="previewed")
    outcome: Mapped[dict] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]

    term = one("Term", "TimetableImport", "term_id")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        ref("person_id", "person"),
        ref("term_id", "term"),
        one_of("source", SOURCES),
        one_of("state", IMPORT_STATES),
        CheckConstraint("state = 'previewed' OR content IS NULL", name="file_goes_with_the_end"),
        CheckConstraint("state <> 'applied' OR applied_at IS NOT NULL", name="applied_has_moment"),
        Index("ix_timetable_import_person", "district_id", "person_id", "created_at", "id"),
    )
