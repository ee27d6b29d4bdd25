"""Inspections and the register of problems that they and others find."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain import supervision as rules
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, one, one_of, ref


class Inspection(Tenant, Versioned, db.Model):
    """A visit that looks at a school, or without one at the whole cluster; ``findings`` are lines of text."""

    WORKFLOW = "inspection"

    cluster_id: Mapped[uuid.UUID]
    term_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID | None]
    created_by_id: Mapped[uuid.UUID]
    body: Mapped[str] = mapped_column(Code())
    held_on: Mapped[date]
    title: Mapped[str] = mapped_column(String(120))
    inspectors: Mapped[str] = mapped_column(String(200), default="")
    findings: Mapped[str] = mapped_column(default="")
    advice: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(Code(), default="drafting")
    state_note: Mapped[str] = mapped_column(String(300), default="")

    cluster = one("Cluster", "Inspection", "cluster_id")
    term = one("Term", "Inspection", "term_id")
    school = one("School", "Inspection", "school_id")
    created_by = one("Person", "Inspection", "created_by_id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("term_id", "term"),
        ref("school_id", "school"),
        ref("created_by_id", "person"),
        one_of("body", rules.BODIES),
        one_of("state", rules.INSPECTION_STATES),
        Index("ix_inspection_term", "district_id", "term_id", "cluster_id", "held_on"),
    )

    @property
    def is_public(self) -> bool:
        """Whether the schools concerned know it."""
        return self.state == "published"

    @property
    def lines(self) -> list[str]:
        """The findings, one after the other."""
        return rules.findings_of(self.findings)


class Problem(Tenant, Versioned, db.Model):
    """A line of the register (问题清单): whose it is, by when, how far. Open ones go on through the terms.

    ``finding`` is the number, from 0, of the finding of ``inspection`` that it was made of; ``analysis`` the quality
    analysis whose measure it is.
    """

    WORKFLOW = "problem"

    cluster_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID | None]
    owner_id: Mapped[uuid.UUID | None]
    inspection_id: Mapped[uuid.UUID | None]
    finding: Mapped[int | None]
    analysis_id: Mapped[uuid.UUID | None]
    created_by_id: Mapped[uuid.UUID]
    category: Mapped[str] = mapped_column(Code())
    text: Mapped[str] = mapped_column(String(300))
    found_on: Mapped[date]
    due_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(Code(), default="open")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    closed_by_id: Mapped[uuid.UUID | None]
    closed_on: Mapped[date | None]
    confirmed_by_id: Mapped[uuid.UUID | None]
    confirmed_on: Mapped[date | None]

    cluster = one("Cluster", "Problem", "cluster_id")
    school = one("School", "Problem", "school_id")
    owner = one("Person", "Problem", "owner_id")
    inspection = one("Inspection", "Problem", "inspection_id")
    analysis = one("QualityAnalysis", "Problem", "analysis_id")
    created_by = one("Person", "Problem", "created_by_id")
    closed_by = one("Person", "Problem", "closed_by_id")
    confirmed_by = one("Person", "Problem", "confirmed_by_id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("school_id", "school"),
        ref("owner_id", "person"),
        ref("inspection_id", "inspection"),
        ref("analysis_id", "quality_analysis"),
        ref("created_by_id", "person"),
        ref("closed_by_id", "person"),
        ref("confirmed_by_id", "person"),
        one_of("category", rules.CATEGORIES),
        one_of("state", rules.PROBLEM_STATES),
        UniqueConstraint("district_id", "inspection_id", "finding", name="finding_once"),
        CheckConstraint("due_on IS NULL OR due_on >= found_on", name="due_after_found"),
        CheckConstraint("(inspection_id IS NULL) = (finding IS NULL)", name="finding_of_inspection"),
        CheckConstraint("inspection_id IS NULL OR analysis_id IS NULL", name="found_in_one_place"),
        CheckConstraint("state <> 'confirmed' OR confirmed_on IS NOT NULL", name="confirmed_has_day"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR owner_id IS NULL OR confirmed_by_id <> owner_id",
            name="confirmed_by_another",
        ),
        Index("ix_problem_cluster", "district_id", "cluster_id", "state", "due_on"),
        Index("ix_problem_school", "district_id", "school_id", "state"),
        Index("ix_problem_analysis", "district_id", "analysis_id"),
        Index("ix_problem_owner", "district_id", "owner_id", "state"),
    )

    @property
    def access_people(self):
        """Who answers for it."""
        return frozenset([self.owner_id]) if self.owner_id else frozenset()
