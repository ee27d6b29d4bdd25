"""The term plan of a cluster (学期计划): its items and parts, who agreed, and the editions that were set."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.term_plans import PHASES
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref

PLAN_STATES = ("drafting", "agreed", "submitted", "accepted")
ITEM_STATES = ("open", "done", "dropped")


class TermPlan(Tenant, Versioned, db.Model):
    """The plan of one cluster and term. ``edition`` counts the versions that were set; each stays readable.

    ``submitted_on`` is the day of the first submission: the scheme's due date is held against it.
    """

    WORKFLOW = "term_plan"

    cluster_id: Mapped[uuid.UUID]
    term_id: Mapped[uuid.UUID]
    strengths: Mapped[str] = mapped_column(default="")
    weaknesses: Mapped[str] = mapped_column(default="")
    goals: Mapped[str] = mapped_column(default="")
    lessons: Mapped[str] = mapped_column(default="")
    meeting_id: Mapped[uuid.UUID | None]
    edition: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(Code(), default="drafting")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    submitted_on: Mapped[date | None]
    created_by_id: Mapped[uuid.UUID]

    cluster = one("Cluster", "TermPlan", "cluster_id")
    term = one("Term", "TermPlan", "term_id")
    meeting = one("Meeting", "TermPlan", "meeting_id")
    items = many("PlanItem", "plan_id", "PlanItem.position, PlanItem.id")
    parts = many("PlanPart", "plan_id", "PlanPart.id")
    consents = many("PlanConsent", "plan_id", "PlanConsent.id")
    editions = many("PlanEdition", "plan_id", "PlanEdition.edition.desc()")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("term_id", "term"),
        ref("meeting_id", "meeting"),
        ref("created_by_id", "person"),
        UniqueConstraint("district_id", "cluster_id", "term_id", name="term_plan_once"),
        one_of("state", PLAN_STATES),
        CheckConstraint(
            "state NOT IN ('submitted', 'accepted') OR submitted_on IS NOT NULL", name="submitted_has_day"
        ),
    )


class PlanItem(Tenant, Versioned, db.Model):
    """One thing that the plan sets out to do: owner, measure, due date, and how its result is told.

    With a ``counter`` the progress is counted from the records; without one its owner says that it is done.
    """

    WORKFLOW = "plan_item"

    plan_id: Mapped[uuid.UUID]
    position: Mapped[int] = mapped_column(default=0)
    phase: Mapped[str] = mapped_column(Code(), default="during")
    text: Mapped[str] = mapped_column(String(200))
    measure: Mapped[str] = mapped_column(default="")
    criteria: Mapped[str] = mapped_column(default="")
    school_id: Mapped[uuid.UUID | None]
    group_id: Mapped[uuid.UUID | None]
    person_id: Mapped[uuid.UUID | None]
    due_on: Mapped[date | None]
    counter: Mapped[str] = mapped_column(Code(60), default="")
    target: Mapped[int | None]
    result: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(Code(), default="open")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    carried_from: Mapped[str] = mapped_column(String(120), default="")

    plan = one("TermPlan", "PlanItem", "plan_id")
    school = one("School", "PlanItem", "school_id")
    group = one("ClusterGroup", "PlanItem", "group_id")
    person = one("Person", "PlanItem", "person_id")

    __table_args__ = (
        ref("plan_id", "term_plan", ondelete="CASCADE"),
        ref("school_id", "school"),
        ref("group_id", "cluster_group"),
        ref("person_id", "person"),
        one_of("phase", PHASES),
        one_of("state", ITEM_STATES),
        CheckConstraint(
            "(school_id IS NULL OR group_id IS NULL) AND (school_id IS NULL OR person_id IS NULL)"
            " AND (group_id IS NULL OR person_id IS NULL)",
            name="one_owner",
        ),
        CheckConstraint("target BETWEEN 1 AND 100000", name="target_sane"),
        CheckConstraint("counter <> '' OR target IS NULL", name="target_of_counter"),
        Index("ix_plan_item_plan", "district_id", "plan_id", "position"),
        Index("ix_plan_item_school", "district_id", "school_id", "state", "due_on"),
    )

    @property
    def access_clusters(self):
        return frozenset([self.plan.cluster_id])

    def heads_on(self, day: date) -> frozenset:
        """Who answers for it on a day: the person named, or whoever leads the group that is named."""
        if self.person_id:
            return frozenset([self.person_id])
        return self.group.heads_on(day) if self.group_id else frozenset()

    @property
    def owner(self) -> str:
        """Who answers for it, by name; empty for the whole cluster."""
        named = self.school or self.group or self.person
        return named.name if named else ""


class PlanPart(Tenant, Versioned, db.Model):
    """A working group's own part of the plan (E7: groups make group plans)."""

    plan_id: Mapped[uuid.UUID]
    group_id: Mapped[uuid.UUID]
    text: Mapped[str] = mapped_column(default="")
    edited_by_id: Mapped[uuid.UUID | None]

    plan = one("TermPlan", "PlanPart", "plan_id")
    group = one("ClusterGroup", "PlanPart", "group_id")
    edited_by = one("Person", "PlanPart", "edited_by_id")

    __table_args__ = (
        ref("plan_id", "term_plan", ondelete="CASCADE"),
        ref("group_id", "cluster_group"),
        ref("edited_by_id", "person"),
        UniqueConstraint("district_id", "plan_id", "group_id", name="plan_part_once"),
    )

    @property
    def access_clusters(self):
        return frozenset([self.plan.cluster_id])


class PlanConsent(Tenant, db.Model):
    """A member school's agreement with the plan as it stands (equal profile). It goes when the words change."""

    plan_id: Mapped[uuid.UUID]
    edition: Mapped[int]
    school_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    agreed_at: Mapped[datetime]

    school = one("School", "PlanConsent", "school_id")
    person = one("Person", "PlanConsent", "person_id")

    __table_args__ = (
        ref("plan_id", "term_plan", ondelete="CASCADE"),
        ref("school_id", "school"),
        ref("person_id", "person"),
        UniqueConstraint("district_id", "plan_id", "edition", "school_id", name="plan_consent_once"),
    )


class PlanEdition(Tenant, db.Model):
    """The plan as it was set, frozen. Never changed afterwards."""

    plan_id: Mapped[uuid.UUID]
    edition: Mapped[int]
    content: Mapped[dict]
    content_hash: Mapped[str] = mapped_column(String(64))
    set_by_id: Mapped[uuid.UUID]
    set_at: Mapped[datetime]

    set_by = one("Person", "PlanEdition", "set_by_id")

    __table_args__ = (
        ref("plan_id", "term_plan"),
        ref("set_by_id", "person"),
        UniqueConstraint("district_id", "plan_id", "edition", name="plan_edition_once"),
    )
