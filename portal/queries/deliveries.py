"""Deliveries and offers of time: what a person sees, what looks for people, what waits for one's schools."""

from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.domain.access import Actor
from portal.domain.deliveries import VISITS
from portal.extensions import db
from portal.models import Delivery, DeliverySignup, OfferSchool, TeachingOffer, Term
from portal.models.deliveries import LIVE_SIGNUPS
from portal.queries.paging import Page, page_of

# Sign-ups that still lead somewhere.
LIVE = LIVE_SIGNUPS
MOST = 30


def by_id(district_id, delivery_id) -> Delivery | None:
    """One delivery."""
    return db.session.get(Delivery, (district_id, delivery_id))


def offer_by_id(district_id, offer_id) -> TeachingOffer | None:
    """One offer."""
    return db.session.get(TeachingOffer, (district_id, offer_id))


def in_sight(model, actor: Actor):
    """What belongs to a cluster that somebody follows or works in, or is shown to the whole district."""
    return or_(model.cluster_id.in_(actor.belongs_to | actor.oversees), model.is_open.is_(True))


def _takes_part(actor: Actor):
    """The condition that the person has a place on a delivery, waits for one, or is asked to come."""
    return (
        select(DeliverySignup.id)
        .where(
            DeliverySignup.district_id == Delivery.district_id,
            DeliverySignup.delivery_id == Delivery.id,
            DeliverySignup.person_id == actor.person_id,
            DeliverySignup.state.in_(LIVE),
        )
        .exists()
    )


def visible_to(actor: Actor):
    """The deliveries that ``delivery.view`` shows this person, as a select."""
    found = select(Delivery).where(Delivery.district_id == actor.district_id)
    if actor.offices:
        return found
    at = actor.works_at
    return found.where(
        or_(
            in_sight(Delivery, actor),
            Delivery.school_id.in_(at),
            Delivery.from_school_id.in_(at),
            _takes_part(actor),
        )
    )


def offers_visible_to(actor: Actor):
    """The offers that ``offer.view`` shows this person, as a select."""
    found = select(TeachingOffer).where(TeachingOffer.district_id == actor.district_id)
    if actor.offices:
        return found
    return found.where(or_(TeachingOffer.person_id == actor.person_id, in_sight(TeachingOffer, actor)))


# The board


def matching(
    actor: Actor,
    *,
    kind: str = "",
    subject: str = "",
    stage: str = "",
    state: str = "",
    school_id=None,
    since: date | None = None,
    term: Term | None = None,
    mine: str = "",
):
    """The deliveries in sight that fit, with their schools, as a select.

    ``since`` leaves out what is over by then; ``mine`` is ``schools`` (one's own, either side) or ``me``.
    """
    found = visible_to(actor).options(joinedload(Delivery.school), joinedload(Delivery.from_school))
    for column, value in (
        (Delivery.kind, kind),
        (Delivery.subject, subject),
        (Delivery.stage, stage),
        (Delivery.state, state),
        (Delivery.school_id, school_id),
    ):
        if value:
            found = found.where(column == value)
    if since is not None:
        found = found.where(func.coalesce(Delivery.ends_on, Delivery.starts_on) >= since)
    if term is not None:
        found = found.where(
            Delivery.starts_on <= term.last_day,
            func.coalesce(Delivery.ends_on, Delivery.starts_on) >= term.first_day,
        )
    if mine == "schools":
        at = actor.works_at
        found = found.where(or_(Delivery.school_id.in_(at), Delivery.from_school_id.in_(at)))
    elif mine == "me":
        found = found.where(_takes_part(actor))
    return found


def delivery_page(actor: Actor, *, cursor: str | None = None, **filters) -> Page:
    """One page of the deliveries in sight, the latest first, filtered."""
    return page_of(matching(actor, **filters), Delivery.starts_on, Delivery.id, cursor)


def all_matching(actor: Actor, **filters) -> list[Delivery]:
    """The same list whole, for an export."""
    found = matching(actor, **filters)
    return list(db.session.scalars(found.order_by(Delivery.starts_on.desc(), Delivery.id.desc())))


def needs(actor: Actor, *, since: date, limit: int = MOST, **filters) -> list[Delivery]:
    """What still looks for people, the next first."""
    found = matching(actor, since=since, state="open", **filters)
    return list(db.session.scalars(found.order_by(Delivery.starts_on, Delivery.id).limit(limit)))


def needs_count(actor: Actor, since: date) -> int:
    """How many deliveries in sight still look for people."""
    found = visible_to(actor).where(
        Delivery.state == "open", func.coalesce(Delivery.ends_on, Delivery.starts_on) >= since
    )
    return db.session.scalar(
        select(func.count()).select_from(found.with_only_columns(Delivery.id).subquery())
    )


def offers(
    actor: Actor,
    *,
    since: date,
    kind: str = "",
    subject: str = "",
    stage: str = "",
    school_id=None,
    limit: int = MOST,
) -> list[TeachingOffer]:
    """Who has time from a day on, the newest first. ``school_id``: who would go there."""
    found = offers_visible_to(actor).where(
        TeachingOffer.state == "open",
        or_(TeachingOffer.ends_on.is_(None), TeachingOffer.ends_on >= since),
    )
    for column, value in (
        (TeachingOffer.kind, kind),
        (TeachingOffer.subject, subject),
        (TeachingOffer.stage, stage),
    ):
        if value:
            found = found.where(column == value)
    if school_id:
        named = select(OfferSchool.id).where(
            OfferSchool.district_id == TeachingOffer.district_id, OfferSchool.offer_id == TeachingOffer.id
        )
        found = found.where(or_(~named.exists(), named.where(OfferSchool.school_id == school_id).exists()))
    return list(
        db.session.scalars(
            found.options(
                joinedload(TeachingOffer.person),
                joinedload(TeachingOffer.school),
                selectinload(TeachingOffer.schools).joinedload(OfferSchool.school),
            )
            .order_by(TeachingOffer.created_at.desc(), TeachingOffer.id.desc())
            .limit(limit)
        )
    )


def visits(actor: Actor, term: Term, limit: int = 8) -> list[Delivery]:
    """The 送教 of a term, the latest first, without those that were called off."""
    found = matching(actor, term=term).where(Delivery.kind.in_(VISITS), Delivery.state != "cancelled")
    return list(
        db.session.scalars(found.order_by(Delivery.starts_on.desc(), Delivery.id.desc()).limit(limit))
    )


def subjects(actor: Actor) -> list[str]:
    """The subjects that deliveries and offers in sight name: the choices of a filter."""
    asked = visible_to(actor).with_only_columns(Delivery.subject).distinct()
    offered = offers_visible_to(actor).with_only_columns(TeachingOffer.subject).distinct()
    return sorted({word for found in (asked, offered) for word in db.session.scalars(found) if word})


def open_to_invite(actor: Actor, since: date) -> list[Delivery]:
    """The deliveries of one's own schools that still look for people."""
    found = matching(actor, since=since, state="open", mine="" if actor.offices else "schools")
    return list(db.session.scalars(found.order_by(Delivery.starts_on, Delivery.id).limit(MOST)))


def waiting_here(actor: Actor, today: date) -> list[Delivery]:
    """Deliveries of one's schools, or for the bureau one's own, that somebody waits for.

    Sign-ups to decide, services to confirm, and what is over and was neither held nor called off.
    """
    if not actor.manages_schools and not actor.offices:
        return []
    own = and_("basic_education" in actor.offices, Delivery.created_by_id == actor.person_id)
    asks = (
        select(DeliverySignup.id)
        .where(
            DeliverySignup.district_id == Delivery.district_id,
            DeliverySignup.delivery_id == Delivery.id,
            DeliverySignup.state == "waiting",
        )
        .exists()
    )
    at = actor.manages_schools
    return list(
        db.session.scalars(
            select(Delivery)
            .where(
                Delivery.district_id == actor.district_id,
                or_(
                    and_(
                        or_(Delivery.school_id.in_(at), Delivery.from_school_id.in_(at), own),
                        Delivery.state.in_(("open", "filled")),
                        Delivery.direct.is_(False),
                        asks,
                    ),
                    and_(Delivery.school_id.in_(at), Delivery.state == "held"),
                    and_(
                        or_(Delivery.school_id.in_(at), Delivery.from_school_id.in_(at)),
                        Delivery.state.in_(("open", "filled")),
                        func.coalesce(Delivery.ends_on, Delivery.starts_on) < today,
                    ),
                ),
            )
            .options(joinedload(Delivery.school))
            .order_by(Delivery.starts_on, Delivery.id)
            .limit(MOST)
        )
    )


def my_places(actor: Actor, today: date, last: date) -> list[tuple[Delivery, str]]:
    """(delivery, state of the sign-up) of those that the person is asked to join, or takes part in.

    Up to a day ``last``; also those that are over and of which nobody has said that they were held.
    """
    rows = db.session.execute(
        select(Delivery, DeliverySignup.state)
        .join(
            DeliverySignup,
            and_(
                DeliverySignup.district_id == Delivery.district_id,
                DeliverySignup.delivery_id == Delivery.id,
                DeliverySignup.person_id == actor.person_id,
            ),
        )
        .where(
            Delivery.district_id == actor.district_id,
            Delivery.state.in_(("open", "filled")),
            or_(
                and_(
                    DeliverySignup.state == "invited",
                    func.coalesce(Delivery.ends_on, Delivery.starts_on) >= today,
                ),
                and_(DeliverySignup.state == "taken", Delivery.starts_on <= last),
            ),
        )
        .options(joinedload(Delivery.school))
        .order_by(Delivery.starts_on, Delivery.id)
        .limit(MOST)
    )
    return [(delivery, state) for delivery, state in rows]
