"""Mentoring pairs (青蓝结对, 三带): who sees which, their rhythm, and what only the two may read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.cadence import Cadence, cadence_of, next_contact
from portal.domain.mentors import mentor_title
from portal.extensions import db
from portal.models import Employment, MentoringPair, PersonTitle, School, Term, WorkRecord
from portal.queries.paging import Page, page_of
from portal.queries.people import open_on


def by_id(district_id, pair_id) -> MentoringPair | None:
    """One mentoring pair."""
    return db.session.get(MentoringPair, (district_id, pair_id))


def visible_to(actor: Actor):
    """The pairs that ``mentoring.view`` shows this person, as a select."""
    found = select(MentoringPair).where(MentoringPair.district_id == actor.district_id)
    if actor.offices:
        return found
    return found.where(or_(_own(actor), MentoringPair.cluster_id.in_(actor.oversees)))


def _own(actor: Actor):
    return or_(MentoringPair.mentor_id == actor.person_id, MentoringPair.mentee_id == actor.person_id)


def matching(
    actor: Actor, *, cluster_id=None, state: str = "", kind: str = "", school_id=None, mine: bool = False
):
    """The pairs in sight that fit, with people and schools, as a select."""
    found = visible_to(actor).options(
        joinedload(MentoringPair.mentor),
        joinedload(MentoringPair.mentee),
        joinedload(MentoringPair.mentee_school),
        joinedload(MentoringPair.cluster),
    )
    for column, value in (
        (MentoringPair.cluster_id, cluster_id),
        (MentoringPair.state, state),
        (MentoringPair.kind, kind),
    ):
        if value:
            found = found.where(column == value)
    if school_id:
        staff = select(Employment.person_id).where(
            Employment.district_id == actor.district_id,
            Employment.school_id == school_id,
            Employment.ends_on.is_(None),
        )
        found = found.where(
            or_(MentoringPair.mentee_school_id == school_id, MentoringPair.mentor_id.in_(staff))
        )
    return found.where(_own(actor)) if mine else found


def pair_page(actor: Actor, *, cursor: str | None = None, **filters) -> Page:
    """One page of the pairs that fit, the latest first."""
    return page_of(matching(actor, **filters), MentoringPair.starts_on, MentoringPair.id, cursor)


def all_matching(actor: Actor, **filters) -> list[MentoringPair]:
    """Every pair that fits, for an export."""
    found = matching(actor, **filters)
    return list(db.session.scalars(found.order_by(MentoringPair.starts_on.desc(), MentoringPair.id.desc())))


def is_open_between(district_id, mentor_id, mentee_id) -> bool:
    """Whether the two are a pair that is proposed or under way."""
    found = select(MentoringPair.id).where(
        MentoringPair.district_id == district_id,
        MentoringPair.mentor_id == mentor_id,
        MentoringPair.mentee_id == mentee_id,
        MentoringPair.state.in_(("proposed", "active")),
    )
    return db.session.scalar(found.limit(1)) is not None


def own_pairs(actor: Actor) -> list[MentoringPair]:
    """The pairs under way in which the person is mentor or mentee."""
    return list(
        db.session.scalars(
            select(MentoringPair)
            .where(
                MentoringPair.district_id == actor.district_id, MentoringPair.state == "active", _own(actor)
            )
            .options(joinedload(MentoringPair.mentor), joinedload(MentoringPair.mentee))
            .order_by(MentoringPair.starts_on, MentoringPair.id)
        )
    )


def record_counts(district_id, pair_ids: Iterable) -> dict:
    """Pair -> (number of records, day of the latest). Counts and days are no content."""
    rows = db.session.execute(
        select(WorkRecord.mentoring_pair_id, func.count(), func.max(WorkRecord.happened_on))
        .where(WorkRecord.district_id == district_id, WorkRecord.mentoring_pair_id.in_(list(pair_ids)))
        .group_by(WorkRecord.mentoring_pair_id)
    )
    return {pair_id: (count, last) for pair_id, count, last in rows}


def kind_counts(pair: MentoringPair) -> list[tuple[str, int, int]]:
    """(kind, records, periods) of a pair, the most frequent kind first."""
    rows = db.session.execute(
        select(WorkRecord.kind, func.count(), func.coalesce(func.sum(WorkRecord.periods), 0))
        .where(WorkRecord.district_id == pair.district_id, WorkRecord.mentoring_pair_id == pair.id)
        .group_by(WorkRecord.kind)
        .order_by(func.count().desc(), WorkRecord.kind)
    )
    return [tuple(row) for row in rows]


def records_of(pair: MentoringPair, limit: int = 200) -> list[WorkRecord]:
    """The records of a pair with their writers, newest first. Only for whom ``mentoring.read_records`` allows."""
    return list(
        db.session.scalars(
            select(WorkRecord)
            .where(WorkRecord.district_id == pair.district_id, WorkRecord.mentoring_pair_id == pair.id)
            .options(joinedload(WorkRecord.person))
            .order_by(WorkRecord.happened_on.desc(), WorkRecord.id.desc())
            .limit(limit)
        )
    )


def cadence(pair: MentoringPair, today: date, term: Term | None) -> Cadence:
    """How the pair stands with its rhythm today."""
    days = db.session.scalars(
        select(WorkRecord.happened_on)
        .where(WorkRecord.district_id == pair.district_id, WorkRecord.mentoring_pair_id == pair.id)
        .distinct()
    )
    span = (term.first_day, term.last_day) if term else None
    return cadence_of(pair.every_weeks, pair.starts_on, pair.ends_on, days, today, span)


def due_days(pairs: Iterable[MentoringPair], counts: dict, term: Term | None) -> dict:
    """Pair -> day of the next contact, for pairs under way. ``counts`` from ``record_counts``."""
    return {
        pair.id: next_contact(
            pair.every_weeks,
            pair.starts_on,
            pair.ends_on,
            counts.get(pair.id, (0, None))[1],
            term.first_day if term else None,
        )
        for pair in pairs
        if pair.state == "active"
    }


@dataclass(frozen=True)
class DueContact:
    """A pair of one's own and the day by which the next contact is agreed."""

    pair: MentoringPair
    due: date


def contacts_due(actor: Actor, term: Term | None) -> list[DueContact]:
    """One's pairs under way by the day of the next contact, the earliest first; two queries."""
    pairs = own_pairs(actor)
    if not pairs:
        return []
    days = due_days(pairs, record_counts(actor.district_id, [pair.id for pair in pairs]), term)
    found = [DueContact(pair, days[pair.id]) for pair in pairs if days[pair.id]]
    return sorted(found, key=lambda contact: (contact.due, str(contact.pair.id)))


def titles_of(district_id, person_ids: Iterable, day: date) -> dict:
    """Person -> highest (kind, level) that entitles to be a mentor on a day, for those who have one."""
    rows = db.session.execute(
        select(PersonTitle.person_id, PersonTitle.kind, PersonTitle.level)
        .where(PersonTitle.district_id == district_id, PersonTitle.person_id.in_(list(person_ids)))
        .where(open_on(PersonTitle, day))
    )
    held: dict = {}
    for person_id, kind, level in rows:
        held.setdefault(person_id, []).append((kind, level))
    best = {person_id: mentor_title(titles) for person_id, titles in held.items()}
    return {person_id: title for person_id, title in best.items() if title}


def home_schools(district_id, person_ids: Iterable) -> dict:
    """Person -> present home school."""
    rows = db.session.execute(
        select(Employment.person_id, School)
        .join(School, (School.district_id == Employment.district_id) & (School.id == Employment.school_id))
        .where(
            Employment.district_id == district_id,
            Employment.person_id.in_(list(person_ids)),
            Employment.ends_on.is_(None),
        )
    )
    return {person_id: school for person_id, school in rows}
