"""The term summary (学期总结): sections that people write, and the snapshot that signing freezes."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.schemes import load_scheme
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref

# The offices of a bureau by the words of the schemes (E5 五: 督导室).
OFFICE_OF_WORD = {"基础教育科": "basic_education", "人事科": "personnel", "督导室": "supervision"}
SUMMARY_STATES = ("drafting", "signed", "submitted", "accepted")


class TermSummary(Tenant, Versioned, db.Model):
    """The summary of one cluster and term. ``edition`` counts the signed versions."""

    WORKFLOW = "term_summary"

    cluster_id: Mapped[uuid.UUID]
    term_id: Mapped[uuid.UUID]
    form: Mapped[str] = mapped_column(Code(), default="short")
    edition: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(Code(), default="drafting")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    snapshot_id: Mapped[uuid.UUID | None]

    cluster = one("Cluster", "TermSummary", "cluster_id")
    term = one("Term", "TermSummary", "term_id")
    sections = many("SummarySection", "summary_id", "SummarySection.position")
    snapshot = relationship(
        "SummarySnapshot",
        primaryjoin="and_(foreign(TermSummary.snapshot_id) == SummarySnapshot.id,"
        " TermSummary.district_id == SummarySnapshot.district_id)",
        viewonly=True,
    )
    snapshots = many("SummarySnapshot", "summary_id", "SummarySnapshot.edition")
    consents = many("SummaryConsent", "summary_id", "SummaryConsent.id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("term_id", "term"),
        UniqueConstraint("district_id", "cluster_id", "term_id", name="summary_once"),
        one_of("state", SUMMARY_STATES),
        CheckConstraint("state = 'drafting' OR snapshot_id IS NOT NULL", name="signed_has_snapshot"),
    )

    @property
    def receiving_office(self) -> str:
        """The bureau office to which the cluster's scheme sends its summaries."""
        word = load_scheme(self.cluster.scheme_code).summary.office
        return OFFICE_OF_WORD.get(word, "basic_education")


class SummarySection(Tenant, Versioned, db.Model):
    """The narrative of one section, edited apart from the others."""

    summary_id: Mapped[uuid.UUID]
    key: Mapped[str] = mapped_column(Code())
    position: Mapped[int]
    text: Mapped[str] = mapped_column(default="")
    is_done: Mapped[bool] = mapped_column(default=False)
    edited_by_id: Mapped[uuid.UUID | None]

    summary = one("TermSummary", "SummarySection", "summary_id")
    edited_by = one("Person", "SummarySection", "edited_by_id")

    __table_args__ = (
        ref("summary_id", "term_summary", ondelete="CASCADE"),
        ref("edited_by_id", "person"),
        UniqueConstraint("district_id", "summary_id", "key", name="section_once"),
    )

    @property
    def access_clusters(self):
        return frozenset([self.summary.cluster_id])


class SummarySnapshot(Tenant, db.Model):
    """What was signed, frozen: figures, sentences, narrative, names. Never changed afterwards."""

    summary_id: Mapped[uuid.UUID]
    edition: Mapped[int]
    content: Mapped[dict]
    content_hash: Mapped[str] = mapped_column(String(64))
    signed_by_id: Mapped[uuid.UUID]
    signed_at: Mapped[datetime]

    summary = one("TermSummary", "SummarySnapshot", "summary_id")
    signed_by = one("Person", "SummarySnapshot", "signed_by_id")

    __table_args__ = (
        # The other direction of this pair of keys stays in the application: two tables that point at
        # each other cannot be created in one order. signed_has_snapshot keeps what matters.
        ref("summary_id", "term_summary"),
        ref("signed_by_id", "person"),
        UniqueConstraint("district_id", "summary_id", "edition", name="edition_once"),
        Index("ix_summary_snapshot_summary", "district_id", "summary_id"),
    )

    @property
    def access_clusters(self):
        return frozenset([self.summary.cluster_id])


class SummaryConsent(Tenant, db.Model):
    """A member school's agreement with the text of an edition, where the scheme asks for it (equal profile).

    It goes away when the text changes: it was given to the words that stood there.
    """

    summary_id: Mapped[uuid.UUID]
    edition: Mapped[int]
    school_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    agreed_at: Mapped[datetime]

    school = one("School", "SummaryConsent", "school_id")
    person = one("Person", "SummaryConsent", "person_id")

    __table_args__ = (
        ref("summary_id", "term_summary", ondelete="CASCADE"),
        ref("school_id", "school"),
        ref("person_id", "person"),
        UniqueConstraint("district_id", "summary_id", "edition", "school_id", name="consent_once"),
    )
