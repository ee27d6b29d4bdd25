"""What waits about handovers: one's own signature, sheets that are late or missing, results to judge."""

from datetime import date, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.domain.access import Actor
from portal.domain.handovers import ENDED, is_late
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Handover, Posting, PostingResult

KIND = N_("岗位交接")
SOON = timedelta(days=14)


def waiting(actor: Actor, today: date):
    """(kind, sentence, endpoint, target, due, words) of each thing that waits for this person."""
    yield from _sheets(actor, today)
    if actor.manages_schools:
        yield from _missing(actor, today)
    if actor.principal_of:
        yield from _results(actor)


def _sheets(actor: Actor, today: date):
    """What the person has to sign; and, for the school that sends, what is late between others."""
    mine = or_(Handover.giver_id == actor.person_id, Handover.taker_id == actor.person_id)
    of_home = Posting.home_school_id.in_(actor.manages_schools)
    rows = db.session.scalars(
        select(Handover)
        .join(Handover.posting)
        .where(
            Handover.district_id == actor.district_id,
            Handover.state == "open",
            Posting.state != "cancelled",
            or_(mine, of_home) if actor.manages_schools else mine,
        )
        .options(
            joinedload(Handover.posting),
            joinedload(Handover.giver),
            joinedload(Handover.taker),
            selectinload(Handover.signatures),
        )
        .order_by(Posting.starts_on.desc(), Handover.id)
        .limit(50)
    )
    for row in rows:
        target = {"handover_id": row.id}
        words = {"what": f"{row.giver.name}—{row.taker.name}"}
        if actor.person_id in row.access_people:
            if all(each.person_id != actor.person_id for each in row.signatures):
                yield KIND, N_("签交接单：%(what)s"), "exchange.handover", target, row.due_on, words
        elif is_late(row.due_on, today):
            yield KIND, N_("催签交接单：%(what)s"), "exchange.handover", target, row.due_on, words


def _missing(actor: Actor, today: date):
    """Postings from one's school that begin or end within two weeks and have no sheet for it."""
    soon = today + SOON
    begins = and_(Posting.state == "planned", Posting.starts_on <= soon, ~_sheet("start"))
    ends = and_(Posting.state == "active", Posting.ends_on <= soon, ~_sheet("end"))
    rows = db.session.scalars(
        select(Posting)
        .where(
            Posting.district_id == actor.district_id,
            Posting.home_school_id.in_(actor.manages_schools),
            Posting.person_id != actor.person_id,
            or_(begins, ends),
        )
        .options(joinedload(Posting.person), joinedload(Posting.host_school))
        .order_by(Posting.starts_on, Posting.id)
        .limit(20)
    )
    for row in rows:
        words = {"what": f"{row.person.name}（{row.host_school.name}）"}
        due = row.starts_on if row.state == "planned" else row.ends_on
        yield KIND, N_("开交接单：%(what)s"), "exchange.posting", {"posting_id": row.id}, due, words


def _sheet(phase: str):
    return (
        select(Handover.id)
        .where(
            Handover.district_id == Posting.district_id,
            Handover.posting_id == Posting.id,
            Handover.phase == phase,
            Handover.state != "cancelled",
        )
        .exists()
    )


def _results(actor: Actor):
    """Postings to one's school that are over, with criteria that nobody has judged."""
    rows = db.session.scalars(
        select(Posting)
        .join(
            PostingResult,
            and_(PostingResult.district_id == Posting.district_id, PostingResult.posting_id == Posting.id),
        )
        .where(
            Posting.district_id == actor.district_id,
            Posting.host_school_id.in_(actor.principal_of),
            Posting.person_id != actor.person_id,
            Posting.state.in_(ENDED),
            PostingResult.criteria != "",
            PostingResult.reached.is_(None),
        )
        .options(joinedload(Posting.person))
        .order_by(Posting.ends_on, Posting.id)
        .limit(20)
    )
    for row in rows:
        target, words = {"posting_id": row.id}, {"what": row.person.name}
        yield N_("交流"), N_("评定成效：%(what)s"), "exchange.posting", target, None, words
