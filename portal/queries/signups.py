"""Sign-ups for deliveries: places, who waits, one's own services, and what confirmed services come to."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.deliveries import VISITS, Served
from portal.extensions import db
from portal.models import Delivery, DeliverySignup
from portal.queries.deliveries import LIVE, MOST, in_sight
from portal.queries.deliveries import visible_to as deliveries_visible_to


def by_id(district_id, signup_id) -> DeliverySignup | None:
    """One sign-up."""
    return db.session.get(DeliverySignup, (district_id, signup_id))


def visible_to(actor: Actor):
    """The sign-ups that ``signup.view`` shows this person, as a select joined to their deliveries."""
    found = (
        select(DeliverySignup).join(*_to_delivery()).where(DeliverySignup.district_id == actor.district_id)
    )
    if actor.offices:
        return found
    at = actor.works_at
    return found.where(
        or_(
            DeliverySignup.person_id == actor.person_id,
            in_sight(Delivery, actor),
            Delivery.school_id.in_(at),
            Delivery.from_school_id.in_(at),
        )
    )


def _to_delivery():
    """What a select of sign-ups is joined on to reach their deliveries."""
    return (
        Delivery,
        and_(Delivery.district_id == DeliverySignup.district_id, Delivery.id == DeliverySignup.delivery_id),
    )


def signups_of(delivery: Delivery) -> list[DeliverySignup]:
    """Who signed up for a delivery, in order: places first, then those who wait, then the others."""
    rows = db.session.scalars(
        select(DeliverySignup)
        .where(DeliverySignup.district_id == delivery.district_id, DeliverySignup.delivery_id == delivery.id)
        .options(joinedload(DeliverySignup.person), joinedload(DeliverySignup.home_school))
    )
    order = {
        state: rank for rank, state in enumerate(("taken", "waiting", "invited", "declined", "withdrawn"))
    }
    return sorted(rows, key=lambda row: (order[row.state], row.place or 0, row.signed_at, str(row.id)))


def signup_of(delivery: Delivery, person_id) -> DeliverySignup | None:
    """Somebody's sign-up for a delivery, in whatever state."""
    return db.session.scalar(
        select(DeliverySignup).where(
            DeliverySignup.district_id == delivery.district_id,
            DeliverySignup.delivery_id == delivery.id,
            DeliverySignup.person_id == person_id,
        )
    )


def taken_places(delivery: Delivery) -> set[int]:
    """The places that somebody has, read anew from the database."""
    return set(
        db.session.scalars(
            select(DeliverySignup.place).where(
                DeliverySignup.district_id == delivery.district_id,
                DeliverySignup.delivery_id == delivery.id,
                DeliverySignup.place.is_not(None),
            )
        )
    )


def counts(district_id, delivery_ids, state: str = "taken") -> dict:
    """Delivery -> how many sign-ups are in a state."""
    rows = db.session.execute(
        select(DeliverySignup.delivery_id, func.count())
        .where(
            DeliverySignup.district_id == district_id,
            DeliverySignup.delivery_id.in_(delivery_ids),
            DeliverySignup.state == state,
        )
        .group_by(DeliverySignup.delivery_id)
    )
    return dict(rows.all())


def names_on(district_id, delivery_ids) -> dict:
    """Delivery -> the names of who has a place, in the order of places."""
    rows = db.session.scalars(
        select(DeliverySignup)
        .where(
            DeliverySignup.district_id == district_id,
            DeliverySignup.delivery_id.in_(delivery_ids),
            DeliverySignup.state == "taken",
        )
        .options(joinedload(DeliverySignup.person))
        .order_by(DeliverySignup.place)
    )
    found: dict = {}
    for row in rows:
        found.setdefault(row.delivery_id, []).append(row.person.name)
    return found


def own_signups(actor: Actor, delivery_ids) -> dict:
    """Delivery -> the person's own sign-up, where there is one."""
    rows = db.session.scalars(
        select(DeliverySignup).where(
            DeliverySignup.district_id == actor.district_id,
            DeliverySignup.person_id == actor.person_id,
            DeliverySignup.delivery_id.in_(delivery_ids),
        )
    )
    return {row.delivery_id: row for row in rows}


def own_services(actor: Actor, limit: int = MOST) -> list[DeliverySignup]:
    """The person's own places, confirmed or still to be, the latest first; who did not come is left out."""
    return list(
        db.session.scalars(
            select(DeliverySignup)
            .join(*_to_delivery())
            .where(
                DeliverySignup.district_id == actor.district_id,
                DeliverySignup.person_id == actor.person_id,
                DeliverySignup.state.in_(LIVE),
                or_(DeliverySignup.came.is_(None), DeliverySignup.came.is_(True)),
                Delivery.state != "cancelled",
            )
            .options(joinedload(DeliverySignup.delivery).joinedload(Delivery.school))
            .order_by(Delivery.starts_on.desc(), Delivery.id)
            .limit(limit)
        )
    )


def places_at(
    district_id, first: date, last: date, people: Iterable, starts: int = 0, ends: int = 1440, besides=None
) -> list[tuple]:
    """(person, delivery) of the places that people have on single days between two, within a stretch of the day.

    Stretches of days, and deliveries of unknown time, bind no hour.
    """
    found = (
        select(DeliverySignup.person_id, Delivery)
        .join(*_to_delivery())
        .where(
            Delivery.district_id == district_id,
            Delivery.starts_on.between(first, last),
            Delivery.ends_on.is_(None),
            Delivery.state.in_(("open", "filled")),
            Delivery.starts < ends,
            Delivery.starts + Delivery.minutes > starts,
            DeliverySignup.person_id.in_(set(people)),
            DeliverySignup.state == "taken",
        )
    )
    if besides is not None:
        found = found.where(Delivery.id != besides)
    found = found.options(joinedload(Delivery.school)).order_by(
        Delivery.starts_on, Delivery.starts, Delivery.id
    )
    return db.session.execute(found).all()


def place_at(
    district_id, days: Iterable[date], people: Iterable, *, starts: int, ends: int, besides=None
) -> Delivery | None:
    """The first delivery that has a place of one of these people at that time of one of the days."""
    days = set(days)
    if not days:
        return None
    rows = places_at(district_id, min(days), max(days), people, starts, ends, besides)
    return next((delivery for _person, delivery in rows if delivery.starts_on in days), None)


# Figures


def served(found) -> list[Served]:
    """The confirmed services of a select of sign-ups that is joined to deliveries."""
    rows = db.session.execute(
        found.where(Delivery.state == "confirmed", DeliverySignup.came.is_(True)).with_only_columns(
            DeliverySignup.delivery_id,
            DeliverySignup.person_id,
            Delivery.held_on,
            Delivery.kind,
            DeliverySignup.minutes,
            DeliverySignup.periods,
            DeliverySignup.is_volunteer,
        )
    )
    return [Served(row[0], row[1], row[2], row[3], row[4] or 0, row[5] or 0, row[6]) for row in rows]


def served_between(actor: Actor, first: date, last: date) -> list[Served]:
    """The confirmed services in sight of a stretch of days."""
    return served(visible_to(actor).where(Delivery.held_on.between(first, last)))


def served_in_district(district_id, first: date, last: date) -> list[Served]:
    """All confirmed services of the district in a stretch of days."""
    found = (
        select(DeliverySignup)
        .join(*_to_delivery())
        .where(DeliverySignup.district_id == district_id, Delivery.held_on.between(first, last))
    )
    return served(found)


def audience_between(actor: Actor, first: date, last: date) -> int:
    """How many people listened to the confirmed 送教 in sight (人次)."""
    found = deliveries_visible_to(actor).where(
        Delivery.state == "confirmed", Delivery.kind.in_(VISITS), Delivery.held_on.between(first, last)
    )
    column = func.coalesce(func.sum(Delivery.audience_count), 0)
    return db.session.scalar(found.with_only_columns(column))


def summed(district_id, delivery_ids) -> dict:
    """Delivery -> (minutes, periods) of everybody who came."""
    rows = db.session.execute(
        select(DeliverySignup.delivery_id, func.sum(DeliverySignup.minutes), func.sum(DeliverySignup.periods))
        .where(
            DeliverySignup.district_id == district_id,
            DeliverySignup.delivery_id.in_(delivery_ids),
            DeliverySignup.came.is_(True),
        )
        .group_by(DeliverySignup.delivery_id)
    )
    return {key: (minutes or 0, periods or 0) for key, minutes, periods in rows}


def own_minutes(actor: Actor) -> int:
    """How long the person has served, as far as it is confirmed."""
    found = (
        select(DeliverySignup)
        .join(*_to_delivery())
        .where(DeliverySignup.district_id == actor.district_id, DeliverySignup.person_id == actor.person_id)
    )
    return sum(each.minutes for each in served(found))
