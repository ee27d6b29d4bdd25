"""Forms for observed lessons: templates in sight, their editions, filled sheets, suggestions."""

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import (
    ObservationSheet,
    ObservationTemplate,
    TemplateEdition,
    TemplateSuggestion,
    WorkRecord,
)


def by_id(district_id, template_id) -> ObservationTemplate | None:
    """One template."""
    return db.session.get(ObservationTemplate, (district_id, template_id))


def visible_to(actor: Actor):
    """The templates that ``template.view`` shows this person, as a select."""
    found = select(ObservationTemplate).where(ObservationTemplate.district_id == actor.district_id)
    if actor.offices:
        return found
    return found.where(
        or_(
            ObservationTemplate.cluster_id.is_(None),
            ObservationTemplate.cluster_id.in_(actor.belongs_to | actor.oversees),
        )
    )


def all_templates(actor: Actor) -> list[ObservationTemplate]:
    """Every template in sight, those in use first, the district's before the clusters'."""
    found = visible_to(actor).options(joinedload(ObservationTemplate.cluster))
    rows = list(db.session.scalars(found.order_by(ObservationTemplate.name, ObservationTemplate.id)))
    return sorted(rows, key=lambda row: (row.retired_on is not None, row.cluster_id is not None))


def in_use(actor: Actor, record: WorkRecord | None = None) -> list[ObservationTemplate]:
    """The templates that may be filled in: in use, of the district or of the record's cluster (or one's own)."""
    rows = [row for row in all_templates(actor) if row.retired_on is None]
    if record is not None and record.mentoring_pair_id:
        own = {record.mentoring_pair.cluster_id}
    else:
        own = actor.belongs_to | actor.oversees
    return [row for row in rows if row.cluster_id is None or row.cluster_id in own]


def editions_of(template: ObservationTemplate) -> list[TemplateEdition]:
    """The editions of a template, the newest first."""
    return list(
        db.session.scalars(
            select(TemplateEdition)
            .where(
                TemplateEdition.district_id == template.district_id,
                TemplateEdition.template_id == template.id,
            )
            .order_by(TemplateEdition.number.desc())
        )
    )


def present_edition(template: ObservationTemplate) -> TemplateEdition:
    """The edition in use."""
    return db.session.scalars(
        select(TemplateEdition).where(
            TemplateEdition.district_id == template.district_id,
            TemplateEdition.template_id == template.id,
            TemplateEdition.number == template.edition,
        )
    ).one()


def sheet_of(record: WorkRecord) -> ObservationSheet | None:
    """The filled sheet of a record, with its edition and template."""
    return db.session.scalar(
        select(ObservationSheet)
        .where(ObservationSheet.district_id == record.district_id, ObservationSheet.record_id == record.id)
        .options(joinedload(ObservationSheet.edition).joinedload(TemplateEdition.template))
    )


def with_sheet(district_id, record_ids) -> set:
    """Which of these records have a filled sheet."""
    return set(
        db.session.scalars(
            select(ObservationSheet.record_id).where(
                ObservationSheet.district_id == district_id, ObservationSheet.record_id.in_(list(record_ids))
            )
        )
    )


def suggestions_for(template: ObservationTemplate, person_id=None) -> list[TemplateSuggestion]:
    """What was suggested about a template, the newest first; with a person only that person's own."""
    found = select(TemplateSuggestion).where(
        TemplateSuggestion.district_id == template.district_id,
        TemplateSuggestion.template_id == template.id,
    )
    if person_id:
        found = found.where(TemplateSuggestion.person_id == person_id)
    found = found.options(joinedload(TemplateSuggestion.person))
    return list(db.session.scalars(found.order_by(TemplateSuggestion.made_at.desc(), TemplateSuggestion.id)))
