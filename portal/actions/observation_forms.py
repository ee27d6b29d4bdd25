"""Templates for observed lessons in editions, sheets filled in by them, and what teachers suggest (S1-78)."""

from portal.actions import audit
from portal.actions.errors import Refused
from portal.actions.steps import expect_version
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.observation import MOST_ITEMS, fill, items_of
from portal.domain.words import N_
from portal.extensions import db
from portal.models import (
    Cluster,
    ObservationSheet,
    ObservationTemplate,
    TemplateEdition,
    TemplateSuggestion,
    WorkRecord,
)
from portal.queries import observation_forms


def create(actor, cluster: Cluster | None, *, name: str, text: str, now) -> ObservationTemplate:
    """A template of a cluster, or of the district (None), with its first edition."""
    items = _items(text)
    row = ObservationTemplate(
        district_id=actor.district_id,
        cluster_id=cluster.id if cluster else None,
        name=name,
        created_by_id=actor.person_id,
    )
    db.session.add(row)
    db.session.flush()  # the edition needs the key
    _add_edition(actor, row, items, now)
    audit.record(actor, "observation_template.create", row, {"name": (None, name)})
    return row


def edit(actor, row: ObservationTemplate, *, name: str, text: str, expected, now) -> None:
    """Rename it; changed items are a new edition, and sheets filled in before keep theirs."""
    expect_version(row, expected)
    items = _items(text)
    changes = audit.changes_of(row, {"name": name})
    if list(items) != observation_forms.present_edition(row).items:
        changes["edition"] = (row.edition, row.edition + 1)
        row.edition += 1
        _add_edition(actor, row, items, now)
    if changes:
        audit.record(actor, "observation_template.edit", row, changes)


def retire(actor, row: ObservationTemplate, *, expected, now) -> None:
    """Offer it no more, or again; filled sheets stay."""
    expect_version(row, expected)
    row.retired_on = None if row.retired_on else local_day(now)
    action = "retire" if row.retired_on else "reuse"
    audit.record(actor, f"observation_template.{action}", row)


def suggest(actor, row: ObservationTemplate, text: str, *, now) -> TemplateSuggestion:
    """Say what should be different in a template."""
    made = TemplateSuggestion(
        district_id=row.district_id, template_id=row.id, person_id=actor.person_id, text=text, made_at=now
    )
    db.session.add(made)
    audit.record(actor, "observation_template.suggest", row)
    return made


def fill_sheet(actor, record: WorkRecord, edition_id, given: dict[int, str], *, expected) -> ObservationSheet:
    """Fill in, or change, the sheet of one's own record of an observed lesson.

    Refused for what does not fit an item, with the number of the item; for a template out of sight.
    """
    sheet = observation_forms.sheet_of(record)
    edition = db.session.get(TemplateEdition, (record.district_id, edition_id))
    if edition is None or not can(actor, "template.view", edition.template):
        raise Refused(N_("请从列出的选项里选择"))
    if sheet is not None and sheet.edition_id != edition.id:
        raise Refused(N_("这节课已经用另一张表填过"))
    filled = fill(edition.items, given)
    if filled.faults:
        texts = "、".join(edition.items[number]["text"] for number in filled.faults)
        raise Refused(N_("请检查：%(items)s"), items=texts)
    if not filled.answers:
        raise Refused(N_("至少填一项"))
    if sheet is None:
        sheet = ObservationSheet(
            district_id=record.district_id, record_id=record.id, edition_id=edition.id, answers=filled.answers
        )
        db.session.add(sheet)
    else:
        expect_version(sheet, expected)
        sheet.answers = filled.answers
    # The words are for those who read the record; the trail says only that there is a sheet.
    audit.record(actor, "record.sheet", record)
    return sheet


def _items(text: str) -> tuple[dict, ...]:
    found = items_of(text)
    if found.faults:
        lines = "、".join(str(number) for number in found.faults)
        raise Refused(
            N_("第 %(lines)s 行：请写上满分，例如“课堂效果：10”；每行最多 80 字"), field="items", lines=lines
        )
    if not found.items:
        raise Refused(N_("至少写一项"), field="items")
    if len(found.items) > MOST_ITEMS:
        raise Refused(N_("最多 %(most)s 项"), field="items", most=MOST_ITEMS)
    return found.items


def _add_edition(actor, row: ObservationTemplate, items, now) -> None:
    db.session.add(
        TemplateEdition(
            district_id=row.district_id,
            template_id=row.id,
            number=row.edition,
            items=list(items),
            person_id=actor.person_id,
            made_at=now,
        )
    )
