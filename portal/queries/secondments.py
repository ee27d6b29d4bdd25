"""Secondments: programmes, who is in sight, the experts' ranking, and the lists of the programme office."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.domain.access import Actor, can
from portal.domain.secondments import Ranked, rank
from portal.extensions import db
from portal.models import (
    Secondment,
    SecondmentBatch,
    SecondmentExpert,
    SecondmentProgramme,
    SecondmentScore,
)
from portal.models.secondments import OVER, PLACED
from portal.queries.paging import Page, page_of

AWAY = ("assigned", "arrived", "active", "finished", "evaluated")
CHOOSING = ("nominated", "returned", "screened", "candidate", "placing")
# Whose case goes on.
GOING = (*CHOOSING, *AWAY)


def by_id(district_id, secondment_id) -> Secondment | None:
    """One secondment."""
    return db.session.get(Secondment, (district_id, secondment_id))


def programme_by_id(district_id, programme_id) -> SecondmentProgramme | None:
    """One programme."""
    return db.session.get(SecondmentProgramme, (district_id, programme_id))


def batch_by_id(district_id, batch_id) -> SecondmentBatch | None:
    """One batch."""
    return db.session.get(SecondmentBatch, (district_id, batch_id))


def expert_by_id(district_id, expert_id) -> SecondmentExpert | None:
    """One member of an expert group."""
    return db.session.get(SecondmentExpert, (district_id, expert_id))


def of_posting(posting) -> Secondment | None:
    """The secondment that stands on a posting, if one does."""
    return db.session.scalar(
        select(Secondment).where(
            Secondment.district_id == posting.district_id, Secondment.posting_id == posting.id
        )
    )


def programmes(district_id) -> list[SecondmentProgramme]:
    """The programmes of the district, the latest first."""
    return list(
        db.session.scalars(
            select(SecondmentProgramme)
            .where(SecondmentProgramme.district_id == district_id)
            .order_by(SecondmentProgramme.starts_on.desc(), SecondmentProgramme.id.desc())
        )
    )


def visible_to(actor: Actor):
    """The secondments that ``secondment.view`` shows this person, as a select."""
    found = select(Secondment).where(Secondment.district_id == actor.district_id)
    if actor.offices:
        return found
    at = actor.manages_schools
    mine = select(SecondmentExpert.programme_id).where(
        SecondmentExpert.district_id == actor.district_id, SecondmentExpert.person_id == actor.person_id
    )
    return found.where(
        or_(
            Secondment.person_id == actor.person_id,
            Secondment.home_school_id.in_(at),
            Secondment.host_school_id.in_(at),
            Secondment.programme_id.in_(mine)
            & Secondment.state.in_(("screened", "candidate"))
            & Secondment.home_school_id.not_in(actor.works_at | at),
        )
    )


def matching(actor: Actor, *, programme_id=None, batch_id=None, state="", form="", school_id=None, way=""):
    """The secondments in sight that fit, with what a line shows, as a select.

    ``state`` is a state, ``away`` for everybody who is assigned or away, ``open`` for every case that goes on.
    ``way``: ``out`` or ``in``, as seen from ``school_id`` or the schools that the person manages.
    """
    found = visible_to(actor).options(
        joinedload(Secondment.person),
        joinedload(Secondment.home_school),
        joinedload(Secondment.host_school),
        joinedload(Secondment.batch),
        joinedload(Secondment.programme).selectinload(SecondmentProgramme.experts),
    )
    states = {"away": AWAY, "open": GOING}.get(state, (state,))
    for column, value in (
        (Secondment.programme_id, programme_id),
        (Secondment.batch_id, batch_id),
        (Secondment.form, form),
    ):
        if value:
            found = found.where(column == value)
    if state:
        found = found.where(Secondment.state.in_(states))
    at = [school_id] if school_id else actor.manages_schools
    if school_id or (way and at):
        out, come = Secondment.home_school_id.in_(at), Secondment.host_school_id.in_(at)
        found = found.where({"out": out, "in": come}.get(way, or_(out, come)))
    return found


def secondment_page(actor: Actor, *, cursor: str | None = None, **filters) -> Page:
    """One page of those in sight, the newest first."""
    return page_of(matching(actor, **filters), Secondment.created_at, Secondment.id, cursor)


def all_matching(actor: Actor, **filters) -> list[Secondment]:
    """The same list whole."""
    found = matching(actor, **filters).order_by(Secondment.created_at.desc(), Secondment.id.desc())
    return list(db.session.scalars(found))


def of_programme(actor: Actor, programme: SecondmentProgramme) -> list[Secondment]:
    """Everybody of a programme in sight."""
    return all_matching(actor, programme_id=programme.id)


def mine(actor: Actor) -> list[Secondment]:
    """The person's own secondments, the newest first."""
    found = (
        select(Secondment)
        .where(Secondment.district_id == actor.district_id, Secondment.person_id == actor.person_id)
        .options(joinedload(Secondment.host_school), joinedload(Secondment.programme))
    )
    return list(db.session.scalars(found.order_by(Secondment.created_at.desc(), Secondment.id.desc())))


def own_score(actor: Actor, secondment: Secondment) -> SecondmentScore | None:
    """What this expert gave this candidate."""
    return db.session.scalar(
        select(SecondmentScore).where(
            SecondmentScore.district_id == secondment.district_id,
            SecondmentScore.secondment_id == secondment.id,
            SecondmentScore.person_id == actor.person_id,
        )
    )


def ranking(programme: SecondmentProgramme) -> dict[object, Ranked]:
    """Place and mean of each candidate with a score, by the secondment's key (S4-02)."""
    rows = db.session.execute(
        select(SecondmentScore.secondment_id, SecondmentScore.score)
        .join(
            Secondment,
            (Secondment.district_id == SecondmentScore.district_id)
            & (Secondment.id == SecondmentScore.secondment_id),
        )
        .where(
            SecondmentScore.district_id == programme.district_id,
            Secondment.programme_id == programme.id,
            Secondment.state.not_in(("declined", "withdrawn", "nominated", "returned")),
        )
    )
    scores: dict = {}
    for key, score in rows:
        scores.setdefault(key, []).append(score)
    return {each.key: each for each in rank(scores)}


def to_score(actor: Actor, programme: SecondmentProgramme) -> list[Secondment]:
    """Whom this expert may score; those of the own school are not among them."""
    found = (
        select(Secondment)
        .where(
            Secondment.district_id == actor.district_id,
            Secondment.programme_id == programme.id,
            Secondment.state.in_(("screened", "candidate")),
        )
        .options(joinedload(Secondment.person), selectinload(Secondment.scores))
        .order_by(Secondment.id)
    )
    return [each for each in db.session.scalars(found) if can(actor, "secondment.score", each)]


def placed_in(batch: SecondmentBatch, besides=None) -> int:
    """How many people have a place in a batch."""
    found = select(func.count()).where(
        Secondment.district_id == batch.district_id,
        Secondment.batch_id == batch.id,
        Secondment.state.in_(PLACED),
    )
    return db.session.scalar(found.where(Secondment.id != besides) if besides else found)


def swap_partners(secondment: Secondment) -> list[Secondment]:
    """Those of the programme who may come in exchange: of another school, not paired yet (对岗互派, S4-28)."""
    found = (
        select(Secondment)
        .where(
            Secondment.district_id == secondment.district_id,
            Secondment.programme_id == secondment.programme_id,
            Secondment.id != secondment.id,
            Secondment.home_school_id != secondment.home_school_id,
            Secondment.state.not_in(OVER),
            or_(Secondment.counterpart_id.is_(None), Secondment.counterpart_id == secondment.id),
        )
        .options(joinedload(Secondment.person), joinedload(Secondment.home_school))
    )
    return list(db.session.scalars(found.order_by(Secondment.id)))
