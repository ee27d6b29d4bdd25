"""Requests for instruction and reports of schools, and what each level did with them (S4-11)."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain import school_requests as rules
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref


class SchoolRequest(Tenant, Versioned, db.Model):
    """One request (请示) or report (报告) of a school.

    ``level`` is the highest level that has had it (of a report, the one that it was written to); ``office`` the
    section of the bureau that it concerns; ``waits_since`` the day on which it came to where it stands.
    """

    WORKFLOW = "school_request"

    cluster_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    created_by_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code())
    office: Mapped[str] = mapped_column(Code())
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str]
    level: Mapped[str] = mapped_column(Code())
    waits_since: Mapped[date]
    state: Mapped[str] = mapped_column(Code())
    state_note: Mapped[str] = mapped_column(String(300), default="")

    cluster = one("Cluster", "SchoolRequest", "cluster_id")
    school = one("School", "SchoolRequest", "school_id")
    created_by = one("Person", "SchoolRequest", "created_by_id")
    steps = many("SchoolRequestStep", "school_request_id", "SchoolRequestStep.id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("school_id", "school"),
        ref("created_by_id", "person"),
        one_of("kind", rules.KINDS),
        one_of("office", rules.OFFICES),
        one_of("level", rules.LEVELS),
        one_of("state", rules.STATES),
        CheckConstraint("(kind = 'report') = (state = 'reported')", name="report_is_reported"),
        CheckConstraint("state <> 'at_bureau' OR level = 'bureau'", name="bureau_has_had_it"),
        Index("ix_school_request_cluster", "district_id", "cluster_id", "created_at", "id"),
        Index("ix_school_request_school", "district_id", "school_id", "state"),
        Index("ix_school_request_writer", "district_id", "created_by_id", "state"),
    )

    @property
    def waits_at(self) -> str | None:
        """The level at which it waits, or None."""
        return rules.LEVEL_AT.get(self.state)

    @property
    def seen_by_levels(self) -> tuple[str, ...]:
        """The levels that see it."""
        return rules.levels_that_see(self.kind, self.level)


class SchoolRequestStep(Tenant, db.Model):
    """What one person did with a request, with the opinion. Written once, never changed."""

    school_request_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    action: Mapped[str] = mapped_column(Code())
    text: Mapped[str] = mapped_column(String(300), default="")
    taken_at: Mapped[datetime]

    person = one("Person", "SchoolRequestStep", "person_id")

    __table_args__ = (
        ref("school_request_id", "school_request"),
        ref("person_id", "person"),
        one_of("action", rules.ACTIONS),
        Index("ix_school_request_step_request", "district_id", "school_request_id"),
    )
