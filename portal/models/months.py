"""A month of visiting lessons between two schools: closed by both, figures kept, corrections beside them."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, one, one_of, ref
from portal.models.visiting import SESSION_STATES

CORRECTED_STATES = tuple(state for state in SESSION_STATES if state != "planned")


class VisitingMonth(Tenant, Versioned, db.Model):
    """A calendar month (its first day) of what one school's teachers gave at another school.

    The receiving school checks it, the teachers' own school closes it; each by somebody else.
    """

    WORKFLOW = "visiting_month"

    school_id: Mapped[uuid.UUID]
    home_school_id: Mapped[uuid.UUID]
    month: Mapped[date]
    state: Mapped[str] = mapped_column(Code(), default="open")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    checked_by_id: Mapped[uuid.UUID | None]
    closed_by_id: Mapped[uuid.UUID | None]
    checked_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    school = one("School", "VisitingMonth", "school_id")
    home_school = one("School", "VisitingMonth", "home_school_id")
    checked_by = one("Person", "VisitingMonth", "checked_by_id")
    closed_by = one("Person", "VisitingMonth", "closed_by_id")

    __table_args__ = (
        ref("school_id", "school"),
        ref("home_school_id", "school"),
        ref("checked_by_id", "person"),
        ref("closed_by_id", "person"),
        one_of("state", ("open", "checked", "closed")),
        UniqueConstraint("district_id", "school_id", "home_school_id", "month", name="month_once"),
        CheckConstraint("school_id <> home_school_id", name="month_schools_differ"),
        CheckConstraint("state = 'open' OR checked_by_id IS NOT NULL", name="checked_by_somebody"),
        CheckConstraint("state <> 'closed' OR closed_by_id IS NOT NULL", name="closed_by_somebody"),
        CheckConstraint("closed_by_id <> checked_by_id", name="closed_by_another"),
        Index("ix_visiting_month_home", "district_id", "home_school_id", "month"),
        Index("ix_visiting_month_state", "district_id", "state", "month"),
    )

    @property
    def access_schools(self):
        """Both schools."""
        return frozenset([self.school_id, self.home_school_id])


class MonthFigure(Tenant, db.Model):
    """What one person's month came to when it was closed. Rows are written once and never change."""

    month_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    planned: Mapped[int]
    given: Mapped[int]
    missed: Mapped[int]
    substituted: Mapped[int]
    cancelled: Mapped[int]
    stood_in: Mapped[int]
    corrected: Mapped[int]

    __table_args__ = (
        ref("month_id", "visiting_month"),
        ref("person_id", "person"),
        UniqueConstraint("district_id", "month_id", "person_id", name="figure_once"),
        CheckConstraint("planned = 0", name="closed_is_settled"),
        Index("ix_month_figure_person", "district_id", "person_id"),
    )


class MonthCorrection(Tenant, db.Model):
    """A lesson of a closed month, put right afterwards: old and new, who, when and why.

    The closed month keeps its figures; what changed counts in ``counted_in``, the month of the entry.
    """

    session_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    home_school_id: Mapped[uuid.UUID]
    month: Mapped[date]
    counted_in: Mapped[date]
    old_state: Mapped[str] = mapped_column(Code())
    new_state: Mapped[str] = mapped_column(Code())
    old_substitute_id: Mapped[uuid.UUID | None]
    new_substitute_id: Mapped[uuid.UUID | None]
    reason: Mapped[str] = mapped_column(String(300))
    made_by_id: Mapped[uuid.UUID]
    made_at: Mapped[datetime]

    session = one("VisitingSession", "MonthCorrection", "session_id")
    person = one("Person", "MonthCorrection", "person_id")
    old_substitute = one("Person", "MonthCorrection", "old_substitute_id")
    new_substitute = one("Person", "MonthCorrection", "new_substitute_id")
    made_by = one("Person", "MonthCorrection", "made_by_id")

    __table_args__ = (
        ref("session_id", "visiting_session"),
        ref("person_id", "person"),
        ref("school_id", "school"),
        ref("home_school_id", "school"),
        ref("old_substitute_id", "person"),
        ref("new_substitute_id", "person"),
        ref("made_by_id", "person"),
        one_of("old_state", SESSION_STATES),
        one_of("new_state", CORRECTED_STATES),
        CheckConstraint("counted_in > month", name="counted_later"),
        CheckConstraint("reason <> ''", name="correction_has_reason"),
        Index("ix_month_correction_school", "district_id", "school_id", "counted_in"),
        Index("ix_month_correction_home", "district_id", "home_school_id", "counted_in"),
        Index("ix_month_correction_session", "district_id", "session_id"),
    )


class HomePeriods(Tenant, Versioned, db.Model):
    """The periods that a visiting teacher gave at the own school in a month, as that school says."""

    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    month: Mapped[date]
    periods: Mapped[int]
    stated_by_id: Mapped[uuid.UUID]

    person = one("Person", "HomePeriods", "person_id")
    stated_by = one("Person", "HomePeriods", "stated_by_id")

    __table_args__ = (
        ref("person_id", "person"),
        ref("school_id", "school"),
        ref("stated_by_id", "person"),
        UniqueConstraint("district_id", "person_id", "school_id", "month", name="home_periods_once"),
        CheckConstraint("periods BETWEEN 0 AND 300", name="home_periods_sane"),
    )
