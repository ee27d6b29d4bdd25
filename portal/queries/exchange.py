"""Postings: which a person may see, where they lead, and what overlaps."""

from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Membership, Posting, School, Term
from portal.queries.paging import Page, page_of
from portal.queries.people import open_on

DIRECTIONS = ("urban_urban", "urban_rural", "rural_urban", "rural_rural")


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


def _filtered(
    actor: Actor, *, form="", state="", direction="", way="", term: Term | None = None, volunteer=""
):
    found = visible_to(actor).options(
        joinedload(Posting.person), joinedload(Posting.home_school), joinedload(Posting.host_school)
    )
    if form:
        found = found.where(Posting.form == form)
    if state:
        found = found.where(Posting.state == state)
    if volunteer:
        found = found.where(Posting.is_volunteer.is_(True))
    if term is not None:
        found = found.where(
            Posting.starts_on <= term.last_day,
            or_(Posting.ends_on.is_(None), Posting.ends_on >= term.first_day),
        )
    if way == "out":
        found = found.where(Posting.home_school_id.in_(actor.manages_schools))
    elif way == "in":
        found = found.where(Posting.host_school_id.in_(actor.manages_schools))
    if direction in DIRECTIONS:
        home, host = direction.split("_")
        found = found.where(_lies(Posting.home_school_id, home), _lies(Posting.host_school_id, host))
    return found


def _lies(column, location: str):
    return (
        select(School.id)
        .where(School.district_id == Posting.district_id, School.id == column, School.location == location)
        .exists()
    )


def posting_page(actor: Actor, *, cursor: str | None = None, **filters) -> Page:
    """One page of the postings in sight, the latest beginning first, filtered."""
    return page_of(_filtered(actor, **filters), Posting.starts_on, Posting.id, cursor)


def all_matching(actor: Actor, **filters) -> list[Posting]:
    """The same list whole, for an export."""
    return list(
        db.session.scalars(
            _filtered(actor, **filters).order_by(Posting.starts_on.desc(), Posting.id.desc()).limit(5000)
        )
    )


def direction_of(posting: Posting) -> str:
    """From where to where, computed from both schools (C0, B2): ``urban_rural`` and its like."""
    return f"{posting.home_school.location}_{posting.host_school.location}"


def overlapping(posting: Posting) -> Posting | None:
    """Another posting of the same person at the same time that is not cancelled."""
    return db.session.scalar(
        select(Posting)
        .where(
            Posting.district_id == posting.district_id,
            Posting.person_id == posting.person_id,
            Posting.id != posting.id,
            Posting.state.in_(("planned", "active")),
            or_(Posting.ends_on.is_(None), Posting.ends_on >= posting.starts_on),
            Posting.starts_on <= (posting.ends_on or date.max),
        )
        .limit(1)
    )


def hosts_for(actor: Actor) -> list[School]:
    """The schools that a posting may lead to: all of the district that are open."""
    return list(
        db.session.scalars(
            select(School)
            .where(School.district_id == actor.district_id, School.closed_on.is_(None))
            .order_by(School.name, School.id)
        )
    )


def in_one_cluster(district_id, one_id, other_id, day: date) -> bool:
    """Whether two schools belong to one cluster on a day."""
    mine = Membership.__table__.alias()
    return bool(
        db.session.scalar(
            select(Membership.id)
            .join(
                mine,
                and_(
                    mine.c.district_id == Membership.district_id, mine.c.cluster_id == Membership.cluster_id
                ),
            )
            .where(Membership.district_id == district_id, Membership.school_id == one_id)
            .where(mine.c.school_id == other_id, mine.c.starts_on <= day)
            .where(or_(mine.c.ends_on.is_(None), mine.c.ends_on >= day))
            .where(open_on(Membership, day))
            .limit(1)
        )
    )
