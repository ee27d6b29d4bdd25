"""The term calendar of a district: terms, holidays and swapped workdays (调休)."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain import calendar
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, one_of

DAY_KINDS = ("holiday", "swapped", "local_off")


class Term(Tenant, Versioned, db.Model):
    """A term; its week numbers are derived from the Monday of week one."""

    code: Mapped[str] = mapped_column(Code())
    first_day: Mapped[date]
    last_day: Mapped[date]
    week_one_monday: Mapped[date]

    __table_args__ = (
        UniqueConstraint("district_id", "code", name="term_code_taken"),
        CheckConstraint("last_day > first_day", name="dates_in_order"),
        # Week 1 may begin after the first day: the days before it are the preparation week.
        CheckConstraint("week_one_monday < last_day", name="week_one_inside"),
    )

    @property
    def value(self) -> calendar.Term:
        """The same term as a value for the functions of ``portal.domain.calendar``."""
        return calendar.Term(
            code=self.code,
            first_day=self.first_day,
            last_day=self.last_day,
            week_one_monday=self.week_one_monday,
        )


class CalendarDay(Tenant, Versioned, db.Model):
    """A day that differs from its weekday: a holiday, a day off here, or a swapped workday.

    ``follows_weekday`` (1 Monday ... 7 Sunday) says whose lessons a swapped workday teaches.
    ``source`` is ``national`` for imported official dates and ``local`` for a district's own.
    """

    day: Mapped[date]
    kind: Mapped[str] = mapped_column(Code())
    follows_weekday: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(120), default="")
    source: Mapped[str] = mapped_column(Code(), default="national")

    __table_args__ = (
        UniqueConstraint("district_id", "day", name="day_taken"),
        one_of("kind", DAY_KINDS),
        one_of("source", ("national", "local")),
        CheckConstraint("follows_weekday BETWEEN 1 AND 7", name="weekday_known"),
        CheckConstraint("kind = 'swapped' OR follows_weekday IS NULL", name="only_swapped_follows"),
        Index("ix_calendar_day_day", "district_id", "day"),
    )

    @property
    def is_workday(self) -> bool:
        """A swapped workday: lessons on a day that is usually free."""
        return self.kind == "swapped"

    @property
    def needs_weekday(self) -> bool:
        """A swapped workday of which nobody has said yet whose lessons it teaches."""
        return self.is_workday and self.follows_weekday is None
