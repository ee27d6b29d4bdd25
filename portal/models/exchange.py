"""Postings: a person's time at another school (交流, 支教, 挂职 ...)."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, one, one_of, ref

POSTING_STATES = ("planned", "active", "completed", "ended_early", "cancelled")


class Posting(Tenant, Versioned, db.Model):
    """An exchange or support posting. Movements count from arrival, that is in state ``active`` and after."""

    WORKFLOW = "posting"

    person_id: Mapped[uuid.UUID]
    form: Mapped[str] = mapped_column(Code())
    home_school_id: Mapped[uuid.UUID]
    host_school_id: Mapped[uuid.UUID]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    arrived_on: Mapped[date | None]
    subject: Mapped[str] = mapped_column(String(40), default="")
    weekly_periods: Mapped[int | None]
    personnel_transfer: Mapped[bool] = mapped_column(default=False)
    is_volunteer: Mapped[bool] = mapped_column(default=False)
    counts_towards_quota: Mapped[bool] = mapped_column(default=True)
    approval_no: Mapped[str] = mapped_column(String(60), default="")
    duties: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(Code(), default="planned")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    created_by_id: Mapped[uuid.UUID]

    person = one("Person", "Posting", "person_id")
    home_school = one("School", "Posting", "home_school_id")
    host_school = one("School", "Posting", "host_school_id")
    result = relationship(
        "PostingResult",
        foreign_keys="[PostingResult.district_id, PostingResult.posting_id]",
        viewonly=True,
        uselist=False,
    )

    __table_args__ = (
        ref("person_id", "person"),
        ref("home_school_id", "school"),
        ref("host_school_id", "school"),
        ref("created_by_id", "person"),
        one_of("state", POSTING_STATES),
        CheckConstraint("home_school_id <> host_school_id", name="host_is_another"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("weekly_periods BETWEEN 0 AND 40", name="periods_sane"),
        CheckConstraint(
            "state NOT IN ('active', 'completed') OR arrived_on IS NOT NULL", name="active_has_arrived"
        ),
        Index("ix_posting_home", "district_id", "home_school_id", "starts_on", "id"),
        Index("ix_posting_host", "district_id", "host_school_id", "starts_on", "id"),
        # Few are under way, whenever they began and wherever they lead.
        Index("ix_posting_state", "district_id", "state", "home_school_id", "host_school_id"),
        Index("ix_posting_person", "district_id", "person_id"),
    )

    @property
    def access_schools(self):
        return frozenset([self.home_school_id, self.host_school_id])

    @property
    def criteria(self) -> str:
        """What the posting is to reach, as it was written beforehand."""
        return self.result.criteria if self.result else ""


class ServiceRecord(Tenant, db.Model):
    """A line of a teacher's history as a roster gives it (经历); the places may lie outside the district."""

    person_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code())
    organisation: Mapped[str] = mapped_column(String(120), default="")
    place: Mapped[list] = mapped_column(default=list)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    personnel_transfer: Mapped[bool | None]
    approval_no: Mapped[str] = mapped_column(String(60), default="")

    __table_args__ = (
        ref("person_id", "person"),
        Index("ix_service_record_person", "district_id", "person_id", "starts_on"),
    )
