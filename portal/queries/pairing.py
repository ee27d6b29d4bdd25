"""School pairs (结对帮扶): who sees which, how many schools a donor helps, and what was done for them."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Cluster, Membership, School, SchoolPairing, WorkRecord
from portal.queries import schools
from portal.queries.paging import Page, page_of
from portal.queries.people import open_on

OPEN_STATES = ("proposed", "agreed", "active")


def by_id(district_id, pairing_id) -> SchoolPairing | None:
    """One school pair."""
    return db.session.get(SchoolPairing, (district_id, pairing_id))


def visible_to(actor: Actor):
    """The school pairs that ``pairing.view`` shows this person, as a select."""
    found = select(SchoolPairing).where(SchoolPairing.district_id == actor.district_id)
    if actor.offices:
        return found
    return found.where(
        or_(
            SchoolPairing.donor_id.in_(actor.works_at),
            SchoolPairing.beneficiary_id.in_(actor.works_at),
            SchoolPairing.cluster_id.in_(actor.oversees),
        )
    )


def matching(actor: Actor, *, cluster_id=None, state: str = "", school_id=None, mine: bool = False):
    """The pairs in sight that fit, with their schools and cluster, as a select."""
    found = visible_to(actor).options(
        joinedload(SchoolPairing.donor),
        joinedload(SchoolPairing.beneficiary),
        joinedload(SchoolPairing.cluster),
    )
    if cluster_id:
        found = found.where(SchoolPairing.cluster_id == cluster_id)
    if state:
        found = found.where(SchoolPairing.state == state)
    if school_id:
        found = found.where(
            or_(SchoolPairing.donor_id == school_id, SchoolPairing.beneficiary_id == school_id)
        )
    if mine:
        found = found.where(
            or_(SchoolPairing.donor_id.in_(actor.works_at), SchoolPairing.beneficiary_id.in_(actor.works_at))
        )
    return found


def pairing_page(actor: Actor, *, cursor: str | None = None, **filters) -> Page:
    """One page of the pairs that fit, the latest first."""
    return page_of(matching(actor, **filters), SchoolPairing.starts_on, SchoolPairing.id, cursor)


def all_matching(actor: Actor, **filters) -> list[SchoolPairing]:
    """Every pair that fits, for an export."""
    found = matching(actor, **filters)
    return list(db.session.scalars(found.order_by(SchoolPairing.starts_on.desc(), SchoolPairing.id.desc())))


def record_counts(district_id, pairing_ids: Iterable) -> dict:
    """Pair -> (number of records, day of the latest)."""
    rows = db.session.execute(
        select(WorkRecord.school_pairing_id, func.count(), func.max(WorkRecord.happened_on))
        .where(WorkRecord.district_id == district_id, WorkRecord.school_pairing_id.in_(list(pairing_ids)))
        .group_by(WorkRecord.school_pairing_id)
    )
    return {pairing_id: (count, last) for pairing_id, count, last in rows}


def kind_counts(pairing: SchoolPairing) -> list[tuple[str, int, int, int]]:
    """(kind, records, periods, pieces given) of a pair, the most frequent kind first."""
    rows = db.session.execute(
        select(
            WorkRecord.kind,
            func.count(),
            func.coalesce(func.sum(WorkRecord.periods), 0),
            func.coalesce(func.sum(WorkRecord.quantity), 0),
        )
        .where(WorkRecord.district_id == pairing.district_id, WorkRecord.school_pairing_id == pairing.id)
        .group_by(WorkRecord.kind)
        .order_by(func.count().desc(), WorkRecord.kind)
    )
    return [tuple(row) for row in rows]


def records_of(pairing: SchoolPairing, limit: int = 200) -> list[WorkRecord]:
    """What was done for the pair, with the writers, newest first."""
    return list(
        db.session.scalars(
            select(WorkRecord)
            .where(WorkRecord.district_id == pairing.district_id, WorkRecord.school_pairing_id == pairing.id)
            .options(joinedload(WorkRecord.person))
            .order_by(WorkRecord.happened_on.desc(), WorkRecord.id.desc())
            .limit(limit)
        )
    )


def beneficiaries_beside(pairing: SchoolPairing) -> list[School]:
    """The other schools that the donor helps in the same time."""
    return list(
        db.session.scalars(
            select(School)
            .where(
                School.district_id == pairing.district_id,
                School.id != pairing.beneficiary_id,
                School.id.in_(
                    select(SchoolPairing.beneficiary_id).where(
                        SchoolPairing.district_id == pairing.district_id,
                        SchoolPairing.donor_id == pairing.donor_id,
                        SchoolPairing.state.in_(OPEN_STATES),
                        SchoolPairing.starts_on <= pairing.ends_on,
                        SchoolPairing.ends_on >= pairing.starts_on,
                    )
                ),
            )
            .order_by(School.name, School.id)
        )
    )


def open_twin(pairing_id, district_id, donor_id, beneficiary_id, first: date, last: date) -> bool:
    """Whether the same two schools already have a pair of that direction in the time."""
    found = select(SchoolPairing.id).where(
        SchoolPairing.district_id == district_id,
        SchoolPairing.donor_id == donor_id,
        SchoolPairing.beneficiary_id == beneficiary_id,
        SchoolPairing.state.in_(OPEN_STATES),
        SchoolPairing.starts_on <= last,
        SchoolPairing.ends_on >= first,
    )
    if pairing_id:
        found = found.where(SchoolPairing.id != pairing_id)
    return db.session.scalar(found.limit(1)) is not None


def common_cluster_id(district_id, donor_id, beneficiary_id, day: date):
    """The cluster to which both schools belong on a day, their main one first; None without any."""
    rows = db.session.execute(
        select(Membership.cluster_id, Membership.school_id, Membership.is_main)
        .join(
            Cluster, (Cluster.district_id == Membership.district_id) & (Cluster.id == Membership.cluster_id)
        )
        .where(
            Membership.district_id == district_id,
            Membership.school_id.in_([donor_id, beneficiary_id]),
            Cluster.closed_on.is_(None),
        )
        .where(open_on(Membership, day))
    ).all()
    donor = {row.cluster_id: row.is_main for row in rows if row.school_id == donor_id}
    other = {row.cluster_id: row.is_main for row in rows if row.school_id == beneficiary_id}
    shared = sorted(donor.keys() & other.keys(), key=lambda key: (not donor[key], not other[key], str(key)))
    return shared[0] if shared else None


def between(district_id, school_a, school_b) -> SchoolPairing | None:
    """The running pair of two schools, in either direction."""
    if not school_a or not school_b:
        return None
    return db.session.scalar(
        select(SchoolPairing)
        .where(
            SchoolPairing.district_id == district_id,
            SchoolPairing.donor_id.in_([school_a, school_b]),
            SchoolPairing.beneficiary_id.in_([school_a, school_b]),
            SchoolPairing.state == "active",
        )
        .options(joinedload(SchoolPairing.donor), joinedload(SchoolPairing.beneficiary))
        .order_by(SchoolPairing.starts_on.desc(), SchoolPairing.id)
        .limit(1)
    )


def schools_in_sight(actor: Actor) -> list[School]:
    """The running schools that a person may see, by name: the choices of a filter."""
    found = schools.visible_to(actor).where(School.closed_on.is_(None))
    return list(db.session.scalars(found.order_by(School.name, School.id)))
