"""Assessment: templates in editions, rounds, and the case of each person, group, school or cluster."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain import supervision as rules
from portal.extensions import db
from portal.models.attachments import OwnedFile, owned_by
from portal.models.base import Code, Tenant, Versioned, one, one_of, ref


class AssessmentTemplate(Tenant, Versioned, db.Model):
    """One edition of a template (S0-22). Editions of one template share ``family_id``; none is changed once made.

    ``items`` are dicts with ``text``, ``points`` (None where not set) and ``evidence``.
    """

    family_id: Mapped[uuid.UUID]
    number: Mapped[int] = mapped_column(default=1)
    level: Mapped[str] = mapped_column(Code())
    name: Mapped[str] = mapped_column(String(80))
    items: Mapped[list] = mapped_column(default=list)
    created_by_id: Mapped[uuid.UUID]

    created_by = one("Person", "AssessmentTemplate", "created_by_id")

    __table_args__ = (
        ref("created_by_id", "person"),
        one_of("level", rules.LEVELS),
        UniqueConstraint("district_id", "family_id", "number", name="assessment_edition_once"),
    )


class AssessmentRound(Tenant, Versioned, db.Model):
    """Who is assessed by which edition, for a term or its school year, until when.

    Persons are a school's (``school_id``), groups and schools a cluster's, clusters the district's.
    ``cluster_weight`` is the cluster's share of a school's result in percent; None where not set (S4-39).
    """

    WORKFLOW = "assessment_round"

    template_id: Mapped[uuid.UUID]
    term_id: Mapped[uuid.UUID]
    cluster_id: Mapped[uuid.UUID | None]
    school_id: Mapped[uuid.UUID | None]
    level: Mapped[str] = mapped_column(Code())
    span: Mapped[str] = mapped_column(Code(), default="term")
    title: Mapped[str] = mapped_column(String(120))
    due_on: Mapped[date]
    cluster_weight: Mapped[int | None]
    state: Mapped[str] = mapped_column(Code(), default="open")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    created_by_id: Mapped[uuid.UUID]

    template = one("AssessmentTemplate", "AssessmentRound", "template_id")
    term = one("Term", "AssessmentRound", "term_id")
    cluster = one("Cluster", "AssessmentRound", "cluster_id")
    school = one("School", "AssessmentRound", "school_id")
    created_by = one("Person", "AssessmentRound", "created_by_id")

    __table_args__ = (
        ref("template_id", "assessment_template"),
        ref("term_id", "term"),
        ref("cluster_id", "cluster"),
        ref("school_id", "school"),
        ref("created_by_id", "person"),
        one_of("level", rules.LEVELS),
        one_of("span", rules.SPANS),
        one_of("state", rules.ROUND_STATES),
        CheckConstraint("cluster_weight BETWEEN 0 AND 100", name="weight_sane"),
        Index("ix_assessment_round_term", "district_id", "term_id", "level"),
    )


class AssessmentCase(Tenant, Versioned, db.Model):
    """What one subject wrote about itself and was given for it.

    ``answers`` maps an item's number (as text, from 0) to ``{text, url}``, ``scores`` to ``{tenths, remark}``.
    ``subject_id`` is the key of whom or what is assessed, so that nobody stands twice in a round.
    """

    WORKFLOW = "assessment_case"

    round_id: Mapped[uuid.UUID]
    level: Mapped[str] = mapped_column(Code())
    subject_id: Mapped[uuid.UUID]
    cluster_id: Mapped[uuid.UUID | None]
    school_id: Mapped[uuid.UUID | None]
    group_id: Mapped[uuid.UUID | None]
    person_id: Mapped[uuid.UUID | None]
    answers: Mapped[dict] = mapped_column(default=dict)
    scores: Mapped[dict] = mapped_column(default=dict)
    verdict: Mapped[str] = mapped_column(String(500), default="")
    scored_by_id: Mapped[uuid.UUID | None]
    complaint: Mapped[str] = mapped_column(String(300), default="")
    reply: Mapped[str] = mapped_column(String(300), default="")
    replied_by_id: Mapped[uuid.UUID | None]
    published_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(Code(), default="open")
    state_note: Mapped[str] = mapped_column(String(300), default="")

    round = one("AssessmentRound", "AssessmentCase", "round_id")
    cluster = one("Cluster", "AssessmentCase", "cluster_id")
    school = one("School", "AssessmentCase", "school_id")
    group = one("ClusterGroup", "AssessmentCase", "group_id")
    person = one("Person", "AssessmentCase", "person_id")
    scored_by = one("Person", "AssessmentCase", "scored_by_id")
    replied_by = one("Person", "AssessmentCase", "replied_by_id")

    __table_args__ = (
        ref("round_id", "assessment_round"),
        ref("cluster_id", "cluster"),
        ref("school_id", "school"),
        ref("group_id", "cluster_group"),
        ref("person_id", "person"),
        ref("scored_by_id", "person"),
        ref("replied_by_id", "person"),
        one_of("level", rules.LEVELS),
        one_of("state", rules.CASE_STATES),
        CheckConstraint("level <> 'person' OR person_id IS NOT NULL", name="person_named"),
        CheckConstraint("level <> 'group' OR group_id IS NOT NULL", name="group_named"),
        CheckConstraint("level = 'cluster' OR level = 'group' OR school_id IS NOT NULL", name="school_named"),
        CheckConstraint("replied_by_id IS NULL OR replied_by_id <> scored_by_id", name="replied_by_another"),
        CheckConstraint("person_id IS NULL OR scored_by_id <> person_id", name="scored_by_another"),
        UniqueConstraint("district_id", "round_id", "subject_id", name="case_once"),
        Index("ix_assessment_case_person", "district_id", "person_id", "state"),
        Index("ix_assessment_case_school", "district_id", "school_id", "level", "state"),
        Index("ix_assessment_case_cluster", "district_id", "cluster_id", "level", "state"),
    )

    @property
    def is_public(self) -> bool:
        """Whether the result was told to those concerned."""
        return self.state in ("published", "complained")

    @property
    def takes_files(self) -> bool:
        """Evidence is added until it is handed in."""
        return self.state == "open"

    @property
    def title(self) -> str:
        """The round and whom it is about."""
        return f"{self.round.title} · {self.name}"

    @property
    def name(self) -> str:
        """The person, group, school or cluster that is assessed."""
        return {"person": self.person, "group": self.group, "school": self.school}.get(
            self.level, self.cluster
        ).name

    def heads_on(self, day: date) -> frozenset:
        """Who leads the group that is assessed."""
        return self.group.heads_on(day) if self.group_id else frozenset()


class AssessmentCaseFile(OwnedFile, db.Model):
    """A piece of evidence of a self-assessment."""

    OWNER, OWNER_COLUMN = "assessment_case", "case_id"
    VIEW, EDIT = "assessment_case.view", "assessment_case.write"
    KINDS = ("file",)

    case_id: Mapped[uuid.UUID]

    owner = one("AssessmentCase", "AssessmentCaseFile", "case_id")

    __table_args__ = owned_by("assessment_case_file", "case_id", "assessment_case", KINDS)
