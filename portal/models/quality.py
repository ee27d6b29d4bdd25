"""Quality analysis of a common test: one record, its four steps (S4-36). No word about a single pupil."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.quality import STEPS
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref


class QualityAnalysis(Tenant, Versioned, db.Model):
    """What a cluster's schools survey, analyse, discuss and improve together: a subject, a grade, a term.

    ``resource`` is the joint test that it follows, where there was one. Where it stands follows from its steps;
    what is to be improved are lines of the register of problems that name it.
    """

    cluster_id: Mapped[uuid.UUID]
    term_id: Mapped[uuid.UUID]
    resource_id: Mapped[uuid.UUID | None]
    title: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(40))
    grade: Mapped[str] = mapped_column(String(40))
    created_by_id: Mapped[uuid.UUID]

    cluster = one("Cluster", "QualityAnalysis", "cluster_id")
    term = one("Term", "QualityAnalysis", "term_id")
    resource = one("Resource", "QualityAnalysis", "resource_id")
    created_by = one("Person", "QualityAnalysis", "created_by_id")
    steps = many("QualityStep", "analysis_id", "QualityStep.id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("term_id", "term"),
        ref("resource_id", "resource"),
        ref("created_by_id", "person"),
        UniqueConstraint("district_id", "resource_id", "subject", "grade", name="test_analysed_once"),
        Index("ix_quality_analysis_term", "district_id", "term_id", "cluster_id", "created_at", "id"),
    )


class QualityStep(Tenant, Versioned, db.Model):
    """One of the four steps: when, who took part, what came of it, and where it was talked about."""

    analysis_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code())
    held_on: Mapped[date]
    who: Mapped[str] = mapped_column(String(200))
    text: Mapped[str]
    meeting_id: Mapped[uuid.UUID | None]
    activity_id: Mapped[uuid.UUID | None]
    created_by_id: Mapped[uuid.UUID]

    analysis = one("QualityAnalysis", "QualityStep", "analysis_id")
    meeting = one("Meeting", "QualityStep", "meeting_id")
    activity = one("Activity", "QualityStep", "activity_id")
    created_by = one("Person", "QualityStep", "created_by_id")

    __table_args__ = (
        ref("analysis_id", "quality_analysis", ondelete="CASCADE"),
        ref("meeting_id", "meeting"),
        ref("activity_id", "activity"),
        ref("created_by_id", "person"),
        one_of("kind", STEPS),
        CheckConstraint("meeting_id IS NULL OR activity_id IS NULL", name="talked_in_one_place"),
        UniqueConstraint("district_id", "analysis_id", "kind", name="quality_step_once"),
    )

    @property
    def access_clusters(self):
        """The clusters of the analysis."""
        return self.analysis.access_clusters
