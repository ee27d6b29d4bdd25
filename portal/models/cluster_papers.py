"""What a cluster and the bureau publish: the term's summaries of working groups, circulars as they were issued."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Tenant, Versioned, one, ref


class GroupSummary(Tenant, Versioned, db.Model):
    """What a working or subject group did in a term, in its leader's words (E7: groups sum up before term end)."""

    group_id: Mapped[uuid.UUID]
    term_id: Mapped[uuid.UUID]
    text: Mapped[str] = mapped_column(default="")
    edited_by_id: Mapped[uuid.UUID | None]

    group = one("ClusterGroup", "GroupSummary", "group_id")
    term = one("Term", "GroupSummary", "term_id")
    edited_by = one("Person", "GroupSummary", "edited_by_id")

    __table_args__ = (
        ref("group_id", "cluster_group"),
        ref("term_id", "term"),
        ref("edited_by_id", "person"),
        UniqueConstraint("district_id", "group_id", "term_id", name="group_summary_once"),
    )

    @property
    def access_clusters(self):
        return frozenset([self.group.cluster_id]) if self.group.cluster_id else frozenset()


class CircularEdition(Tenant, db.Model):
    """A circular (通报) as it was issued: number, day, figures. Never changed; what comes later is another edition."""

    term_id: Mapped[uuid.UUID]
    edition: Mapped[int]
    number: Mapped[str] = mapped_column(String(60))
    issued_on: Mapped[date]
    opening: Mapped[str] = mapped_column(default="")
    content: Mapped[dict]
    content_hash: Mapped[str] = mapped_column(String(64))
    issued_by_id: Mapped[uuid.UUID]
    issued_at: Mapped[datetime]

    term = one("Term", "CircularEdition", "term_id")
    issued_by = one("Person", "CircularEdition", "issued_by_id")

    __table_args__ = (
        ref("term_id", "term"),
        ref("issued_by_id", "person"),
        UniqueConstraint("district_id", "term_id", "edition", name="circular_edition_once"),
        UniqueConstraint("district_id", "number", name="circular_number_once"),
        CheckConstraint("number <> ''", name="circular_has_number"),
    )
