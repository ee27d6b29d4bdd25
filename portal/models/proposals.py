"""What classes need from visiting teachers, and proposals of a timetable that covers it."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref

PROPOSAL_STATES = ("computing", "proposed", "cancelled", "discarded")


class LessonDemand(Tenant, Versioned, db.Model):
    """Periods a week of a subject that a class needs from a visiting teacher in one term."""

    term_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    class_name: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    periods: Mapped[int]
    daily: Mapped[int] = mapped_column(default=1)

    school = one("School", "LessonDemand", "school_id")
    term = one("Term", "LessonDemand", "term_id")

    __table_args__ = (
        ref("term_id", "term"),
        ref("school_id", "school"),
        UniqueConstraint(
            "district_id", "term_id", "school_id", "class_name", "subject", name="lesson_demand_once"
        ),
        CheckConstraint("periods BETWEEN 1 AND 20", name="periods_sane"),
        CheckConstraint("daily BETWEEN 1 AND 4", name="daily_sane"),
    )


class PlanProposal(Tenant, Versioned, db.Model):
    """One computed proposal for a cluster and term: from which facts it was made, and what it comes to.

    ``fingerprint`` is the hash of everything it was computed from; with ``seed``, ``iterations`` and
    ``planner`` it can be computed again. ``uncovered`` holds what is missing, with reasons as packed messages.
    """

    WORKFLOW = "plan_proposal"

    cluster_id: Mapped[uuid.UUID]
    term_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    first_day: Mapped[date]
    # Whether lessons that stand, and are not locked, may be given other places or teachers.
    adjusts: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(Code(), default="computing")
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    planner: Mapped[int] = mapped_column(default=0)
    seed: Mapped[int]
    iterations: Mapped[int] = mapped_column(default=0)
    covered: Mapped[int] = mapped_column(default=0)
    wanted: Mapped[int] = mapped_column(default=0)
    travel_days: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int] = mapped_column(default=0)
    uncovered: Mapped[list] = mapped_column(default=list)
    computed_at: Mapped[datetime | None]

    cluster = one("Cluster", "PlanProposal", "cluster_id")
    term = one("Term", "PlanProposal", "term_id")
    person = one("Person", "PlanProposal", "person_id")
    lessons = many("ProposedLesson", "proposal_id", "ProposedLesson.weekday, ProposedLesson.starts")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("term_id", "term"),
        ref("person_id", "person"),
        one_of("state", PROPOSAL_STATES),
        Index("ix_plan_proposal_cluster", "district_id", "cluster_id", "created_at"),
    )

    @property
    def access_people(self):
        """Nobody's own: a proposal belongs to its cluster."""
        return frozenset()


class ProposedLesson(Tenant, db.Model):
    """One lesson of a proposal; ``lesson_id`` names the weekly lesson that it became.

    ``replaces_id`` names the lesson that it is moved from. Where ``is_drop``, that lesson ends without another:
    the row repeats where it was, and ``lesson_id`` is set once it has ended.
    """

    proposal_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    class_name: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    weekday: Mapped[int]
    period: Mapped[int]
    starts: Mapped[int]
    ends: Mapped[int]
    lesson_id: Mapped[uuid.UUID | None]
    replaces_id: Mapped[uuid.UUID | None]
    is_drop: Mapped[bool] = mapped_column(default=False)

    person = one("Person", "ProposedLesson", "person_id")
    school = one("School", "ProposedLesson", "school_id")
    replaces = one("VisitingLesson", "ProposedLesson", "replaces_id")

    __table_args__ = (
        ref("proposal_id", "plan_proposal", ondelete="CASCADE"),
        ref("person_id", "person"),
        ref("school_id", "school"),
        ref("lesson_id", "visiting_lesson"),
        ref("replaces_id", "visiting_lesson"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday_known"),
        CheckConstraint("NOT is_drop OR replaces_id IS NOT NULL", name="drop_names_its_lesson"),
        CheckConstraint("starts < ends", name="times_in_order"),
        Index("ix_proposed_lesson_proposal", "district_id", "proposal_id"),
    )
