"""The facts of a term's secondments, and who may be named behind its figures. Of records only day and number."""

from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from portal.domain import term_facts
from portal.domain.access import Actor, can
from portal.domain.secondments import five_items, heard_enough
from portal.extensions import db
from portal.models import Secondment, WorkRecord
from portal.queries import secondment_work

BEGAN = ("arrived", "active", "finished", "evaluated", "followed_up", "ended_early")


def facts(district_id, sent, first: date, last: date) -> tuple[term_facts.SecondmentFact, ...]:
    """Those who were away between two days; ``sent`` says whose movements count here."""
    rows = list(
        db.session.scalars(
            select(Secondment)
            .where(
                Secondment.district_id == district_id,
                Secondment.state.in_(BEGAN),
                Secondment.arrived_on <= last,
                Secondment.ends_on >= first,
                # A host outside the district is no school, so only the sending one can count.
                sent.counts(Secondment.home_school_id, Secondment.host_school_id),
            )
            .options(joinedload(Secondment.programme), joinedload(Secondment.batch))
            .order_by(Secondment.arrived_on, Secondment.id)
        )
    )
    if not rows:
        return ()
    there, heard = secondment_work.facts_of(rows, last), _heard(rows)
    return tuple(
        term_facts.SecondmentFact(
            row.id,
            row.person_id,
            row.arrived_on,
            row.ends_on,
            tuple(heard.get(row.id, ())),
            heard_enough(there[row.id], row.programme.targets, last),
            all(five_items(there[row.id]).values()),
        )
        for row in rows
    )


def _heard(rows: list[Secondment]) -> dict:
    found: dict = {}
    for key, *record in db.session.execute(
        select(Secondment.id, WorkRecord.id, WorkRecord.happened_on, func.coalesce(WorkRecord.periods, 1))
        .join(WorkRecord, _in_time())
        .where(Secondment.district_id == rows[0].district_id, Secondment.id.in_([row.id for row in rows]))
        .order_by(WorkRecord.happened_on, WorkRecord.id)
    ):
        found.setdefault(key, []).append(tuple(record))
    return found


def _in_time():
    return and_(
        WorkRecord.district_id == Secondment.district_id,
        WorkRecord.person_id == Secondment.person_id,
        WorkRecord.kind == "observation",
        WorkRecord.happened_on.between(Secondment.arrived_on, Secondment.ends_on),
    )


def of_records(actor: Actor, records: list[WorkRecord]) -> dict:
    """Record of a lesson heard -> its secondment, for those that the reader may open."""
    if not records:
        return {}
    pairs = db.session.execute(
        select(WorkRecord.id, Secondment)
        .join(Secondment, _in_time())
        .where(
            WorkRecord.district_id == actor.district_id,
            WorkRecord.id.in_([record.id for record in records]),
            Secondment.state.in_(BEGAN),
        )
    )
    return {key: secondment for key, secondment in pairs if can(actor, "secondment.view", secondment)}


def page_of(record: WorkRecord, seen: dict) -> tuple[str, dict] | None:
    """Where a lesson heard leads: to its secondment, where that may be seen."""
    secondment = seen.get(record.id)
    return ("exchange.secondment", {"secondment_id": secondment.id}) if secondment else None
