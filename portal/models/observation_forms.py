"""Forms for observed lessons: templates in editions, what teachers suggest about them, and the filled sheets."""

import uuid
from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Tenant, Versioned, one, ref


class ObservationTemplate(Tenant, Versioned, db.Model):
    """A form for observed lessons, of a cluster or (without one) of the whole district. S1-78."""

    cluster_id: Mapped[uuid.UUID | None]
    name: Mapped[str] = mapped_column(String(60))
    edition: Mapped[int] = mapped_column(default=1)
    retired_on: Mapped[date | None]
    created_by_id: Mapped[uuid.UUID]

    cluster = one("Cluster", "ObservationTemplate", "cluster_id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("created_by_id", "person"),
        Index("ix_observation_template_cluster", "district_id", "cluster_id", "name"),
    )


class TemplateEdition(Tenant, db.Model):
    """The items of a template as they stood: never changed, so that old sheets stay readable.

    ``items`` are dicts with ``text``, ``kind`` (rating, text) and for ratings ``most``.
    """

    template_id: Mapped[uuid.UUID]
    number: Mapped[int]
    items: Mapped[list] = mapped_column(default=list)
    person_id: Mapped[uuid.UUID]
    made_at: Mapped[datetime]

    template = one("ObservationTemplate", "TemplateEdition", "template_id")

    __table_args__ = (
        ref("template_id", "observation_template", ondelete="CASCADE"),
        ref("person_id", "person"),
        UniqueConstraint("district_id", "template_id", "number", name="form_edition_once"),
    )


class TemplateSuggestion(Tenant, db.Model):
    """What a teacher suggests about a template: for its writer and for those who edit the template. S1-78."""

    template_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    text: Mapped[str] = mapped_column(String(500))
    made_at: Mapped[datetime]

    template = one("ObservationTemplate", "TemplateSuggestion", "template_id")
    person = one("Person", "TemplateSuggestion", "person_id")

    __table_args__ = (
        ref("template_id", "observation_template", ondelete="CASCADE"),
        ref("person_id", "person"),
        Index("ix_template_suggestion_template", "district_id", "template_id", "made_at"),
    )


class ObservationSheet(Tenant, Versioned, db.Model):
    """A template filled in for one recorded lesson: item number -> rating or words. Read by who reads the record."""

    record_id: Mapped[uuid.UUID]
    edition_id: Mapped[uuid.UUID]
    answers: Mapped[dict] = mapped_column(default=dict)

    record = one("WorkRecord", "ObservationSheet", "record_id")
    edition = one("TemplateEdition", "ObservationSheet", "edition_id")

    __table_args__ = (
        ref("record_id", "work_record", ondelete="CASCADE"),
        ref("edition_id", "template_edition"),
        UniqueConstraint("district_id", "record_id", name="one_sheet_a_record"),
    )
