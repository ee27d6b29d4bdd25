"""Postings: which a person may see, where they lead, and what overlaps."""

from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.exchange import SUPPORT
from portal.extensions import db
from portal.models import Membership, Posting, School, Term
from portal.queries.paging import Page, page_of
from portal.queries.people import open_on

DIRECTIONS = ("urban_urban", "urban_rural", "rural_urban", "rural_rural")
OPEN_STATES = ("planned", "active")


def by_id(district_id, posting_id) -> Posting | None:
    """One posting."""
    return db.session.get(Posting, (district_id, posting_id))


def visible_to(actor: Actor):
    """The postings that ``posting.view`` shows this person, as a select."""
    found = select(Posting).where(Posting.district_id == actor.district_id)
    if actor.offices:
        return found
    schools = actor.manages_schools | actor.led_schools
    return found.where(
        or_(
            Posting.person_id == actor.person_id,
            Posting.home_school_id.in_(schools),
            Posting.host_school_id.in_(schools),
        )
    )


def matching(
    actor: Actor,
    *,
    kind: str = "",
    form: str = "",
    state: str = "",
    direction: str = "",
    way: str = "",
    school_id=None,
    cluster_id=None,
    term: Term | None = None,
):
    """The postings in sight that fit, with their person and schools, as a select.

    ``kind`` is ``support`` or ``volunteer``. ``way`` is ``out`` or ``in``, seen from ``school_id`` or, without
    one, from the schools that the person manages. ``cluster_id`` asks for today's members, either side.
    """
    found = visible_to(actor).options(
        joinedload(Posting.person), joinedload(Posting.home_school), joinedload(Posting.host_school)
    )
    if kind == "support":
        found = found.where(Posting.form.in_(SUPPORT))
    elif kind == "volunteer":
        found = found.where(Posting.is_volunteer.is_(True))
    if form:
        found = found.where(Posting.form == form)
    if state:
        found = found.where(Posting.state == state)
    if direction in DIRECTIONS:
        home, host = direction.split("_")
        found = found.where(_lies(Posting.home_school_id, home), _lies(Posting.host_school_id, host))
    if term is not None:
        found = found.where(
            Posting.starts_on <= term.last_day,
            or_(Posting.ends_on.is_(None), Posting.ends_on >= term.first_day),
        )
    if cluster_id:
        found = found.where(_at(_members(actor, cluster_id), ""))
    if school_id or way:
        found = found.where(_at([school_id] if school_id else actor.manages_schools, way))
    return found


def _at(schools, way: str):
    """The condition that a posting leads out of these schools, in to them, or either."""
    out, come = Posting.home_school_id.in_(schools), Posting.host_school_id.in_(schools)
    return {"out": out, "in": come}.get(way, or_(out, come))


def _members(actor: Actor, cluster_id):
    return (
        select(Membership.school_id)
        .where(Membership.district_id == actor.district_id, Membership.cluster_id == cluster_id)
        .where(open_on(Membership, actor.day))
    )


def _lies(column, location: str):
    return (
        select(School.id)
        .where(School.district_id == Posting.district_id, School.id == column, School.location == location)
        .exists()
    )


def posting_page(actor: Actor, *, cursor: str | None = None, **filters) -> Page:
    """One page of the postings in sight, the latest beginning first, filtered."""
    return page_of(matching(actor, **filters), Posting.starts_on, Posting.id, cursor)


def all_matching(actor: Actor, **filters) -> list[Posting]:
    """The same list whole, for an export."""
    found = matching(actor, **filters)
    return list(db.session.scalars(found.order_by(Posting.starts_on.desc(), Posting.id.desc())))


def direction_of(posting: Posting) -> str:
    """From where to where, computed from both schools (C0, B2): ``urban_rural`` and its like."""
    return f"{posting.home_school.location}_{posting.host_school.location}"


def overlapping(
    district_id, person_id, starts_on: date, ends_on: date | None, besides=None
) -> Posting | None:
    """A posting of the person, planned or under way, that shares a day with these; not ``besides``."""
    found = select(Posting).where(
        Posting.district_id == district_id,
        Posting.person_id == person_id,
        Posting.state.in_(OPEN_STATES),
        and_(
            or_(Posting.ends_on.is_(None), Posting.ends_on >= starts_on),
            Posting.starts_on <= (ends_on or date.max),
        ),
    )
    if besides is not None:
        found = found.where(Posting.id != besides)
    return db.session.scalar(
        found.options(joinedload(Posting.host_school)).order_by(Posting.starts_on, Posting.id).limit(1)
    )
