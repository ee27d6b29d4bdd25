"""How pairs go through their time: dates, checks, the private word, renewals, overdue pairs, coverage."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.domain.access import Actor, can
from portal.domain.mentoring_checks import check_due
from portal.extensions import db
from portal.models import (
    Cluster,
    Employment,
    MentoringPair,
    MentoringRenewal,
    PairDate,
    PairFit,
    PairReview,
    Person,
    School,
    Term,
)
from portal.queries import clusters, mentoring
from portal.queries.mentoring import DueContact


def renewal_by_id(district_id, renewal_id) -> MentoringRenewal | None:
    """One renewal."""
    return db.session.get(MentoringRenewal, (district_id, renewal_id))


def fit_by_id(district_id, fit_id) -> PairFit | None:
    """What somebody said about whether a pairing suits."""
    return db.session.get(PairFit, (district_id, fit_id))


def dates_of(pair: MentoringPair) -> list[PairDate]:
    """The days on which the two agreed to meet."""
    found = select(PairDate).where(PairDate.district_id == pair.district_id, PairDate.pair_id == pair.id)
    return list(db.session.scalars(found.order_by(PairDate.day, PairDate.id)))


def reviews_of(pair: MentoringPair) -> list[PairReview]:
    """What the two wrote at checks, oldest first. The words only for whom ``mentoring.read_records`` allows."""
    return list(
        db.session.scalars(
            select(PairReview)
            .where(PairReview.district_id == pair.district_id, PairReview.pair_id == pair.id)
            .options(joinedload(PairReview.person))
            .order_by(PairReview.round, PairReview.kind.desc(), PairReview.id)
        )
    )


def renewals_of(pair: MentoringPair) -> list[MentoringRenewal]:
    """Every renewal of a pair, oldest first."""
    found = select(MentoringRenewal).where(
        MentoringRenewal.district_id == pair.district_id, MentoringRenewal.pair_id == pair.id
    )
    return list(db.session.scalars(found.order_by(MentoringRenewal.id)))


def round_of(pair: MentoringPair) -> int:
    """In which agreed time a pair is: 1, and one more after each renewal."""
    settled = db.session.scalar(
        select(func.count()).where(
            MentoringRenewal.district_id == pair.district_id,
            MentoringRenewal.pair_id == pair.id,
            MentoringRenewal.settled_on.is_not(None),
        )
    )
    return settled + 1


def round_starts(pair: MentoringPair) -> date:
    """The first day of the agreed time under way: after the end that the last renewal replaced."""
    last = db.session.scalar(
        select(func.max(MentoringRenewal.old_ends_on)).where(
            MentoringRenewal.district_id == pair.district_id,
            MentoringRenewal.pair_id == pair.id,
            MentoringRenewal.settled_on.is_not(None),
        )
    )
    return last or pair.starts_on


def check_of(pair: MentoringPair, today: date) -> tuple[str, date] | None:
    """The check that is due for a pair under way: ``midterm`` or ``final`` with its day; None for now."""
    return check_due(round_starts(pair), pair.ends_on, today) if pair.state == "active" else None


def own_review(pair: MentoringPair, person_id, kind: str) -> PairReview | None:
    """What a person wrote at a check of the time under way."""
    return db.session.scalar(
        select(PairReview).where(
            PairReview.district_id == pair.district_id,
            PairReview.pair_id == pair.id,
            PairReview.person_id == person_id,
            PairReview.kind == kind,
            PairReview.round == round_of(pair),
        )
    )


def own_fit(pair: MentoringPair, person_id) -> PairFit | None:
    """What a person said about whether this pairing suits."""
    return db.session.scalar(
        select(PairFit).where(
            PairFit.district_id == pair.district_id,
            PairFit.pair_id == pair.id,
            PairFit.person_id == person_id,
        )
    )


def fits_for(actor: Actor) -> list[PairFit]:
    """Words about pairs under way that ask this person, who arranges pairs, to do something; not yet seen to."""
    if not actor.leads and not actor.principal_of:
        return []
    rows = db.session.scalars(
        select(PairFit)
        .join(
            MentoringPair,
            (MentoringPair.district_id == PairFit.district_id) & (MentoringPair.id == PairFit.pair_id),
        )
        .where(
            PairFit.district_id == actor.district_id,
            PairFit.answer != "well",
            PairFit.seen_at.is_(None),
            MentoringPair.state == "active",
            MentoringPair.cluster_id.in_(actor.leads | actor.manages),
        )
        .options(joinedload(PairFit.pair), joinedload(PairFit.person))
        .order_by(PairFit.id)
    )
    return [row for row in rows if can(actor, "fit.answer", row)]


def overdue(actor: Actor, cluster: Cluster, today: date, term: Term | None) -> list[DueContact]:
    """Pairs of a cluster whose next contact is late, the latest first: names and days, never what was written."""
    rows = list(
        db.session.scalars(
            mentoring.matching(actor, cluster_id=cluster.id, state="active").order_by(MentoringPair.id)
        )
    )
    days = mentoring.due_days(rows, mentoring.record_counts(actor.district_id, [r.id for r in rows]), term)
    late = [DueContact(row, days[row.id]) for row in rows if days[row.id] and days[row.id] < today]
    return sorted(late, key=lambda each: (each.due, str(each.pair.id)))


@dataclass(frozen=True)
class Uncovered:
    """Somebody without a pair: the person, the home school, and why the person stands on the list."""

    person: Person
    school: School
    title: tuple[str, str | None] | None = None
    since: date | None = None


@dataclass(frozen=True)
class Coverage:
    """Titled urban teachers, how many of them have a mentee, and who has none; novices without a mentor.

    ``novices`` is None where nobody said until which year somebody is a novice; ``unknown`` counts teachers
    whose first day at work is not in the records.
    """

    titled: int
    paired: int
    alone: list[Uncovered]
    novices: list[Uncovered] | None
    unknown: int = 0


def coverage(cluster: Cluster, day: date, novice_years: int | None, subject: str = "") -> Coverage:
    """Who of a cluster has no pair on a day (S4-37): by title in town, and by years of service."""
    members = [m.school_id for m in clusters.members_on(cluster, day)]
    rows = db.session.execute(
        select(Person, School)
        .join(
            Employment,
            (Employment.district_id == Person.district_id) & (Employment.person_id == Person.id),
        )
        .join(School, (School.district_id == Employment.district_id) & (School.id == Employment.school_id))
        .where(
            Person.district_id == cluster.district_id,
            Employment.school_id.in_(members),
            Employment.ends_on.is_(None),
            or_(Employment.post_kind.is_(None), Employment.post_kind == "teaching"),
        )
        .options(selectinload(Person.titles))
        .order_by(School.name, Person.pinyin, Person.id)
    ).all()
    if subject:
        rows = [row for row in rows if subject in row[0].subjects]
    mentors, mentees = _paired(cluster.district_id, day)
    titles = mentoring.titles_of(cluster.district_id, [person.id for person, _ in rows], day)
    urban = [(p, s) for p, s in rows if s.location == "urban" and p.id in titles]
    alone = [Uncovered(p, s, titles[p.id]) for p, s in urban if p.id not in mentors]
    if novice_years is None:
        return Coverage(len(urban), len(urban) - len(alone), alone, None)
    since = {person.id: _work_started(person) for person, _ in rows}
    first = date(day.year - novice_years, day.month, min(day.day, 28))
    novices = [
        Uncovered(p, s, None, since[p.id])
        for p, s in rows
        if since[p.id] and since[p.id] > first and p.id not in mentees
    ]
    unknown = sum(day is None for day in since.values())
    return Coverage(len(urban), len(urban) - len(alone), alone, novices, unknown)


def _paired(district_id, day: date) -> tuple[set, set]:
    """Mentors and mentees of pairs that are proposed, or under way on a day."""
    rows = db.session.execute(
        select(MentoringPair.mentor_id, MentoringPair.mentee_id).where(
            MentoringPair.district_id == district_id,
            MentoringPair.state.in_(("proposed", "active")),
            or_(MentoringPair.ends_on.is_(None), MentoringPair.ends_on >= day),
        )
    ).all()
    return {row[0] for row in rows}, {row[1] for row in rows if row[1]}


def _work_started(person: Person) -> date | None:
    try:
        return date.fromisoformat((person.facts or {}).get("work_started_on") or "")
    except ValueError:
        return None


def checks_due(actor: Actor, today: date):
    """(pair, kind, day) of each check of one's pairs that is due and not written by oneself."""
    for pair in mentoring.own_pairs(actor):
        check = check_of(pair, today)
        if check and own_review(pair, actor.person_id, check[0]) is None:
            yield pair, *check


def renewals_waiting(actor: Actor) -> list[MentoringRenewal]:
    """Renewals that wait for this person's word."""
    rows = db.session.scalars(
        select(MentoringRenewal)
        .join(
            MentoringPair,
            (MentoringPair.district_id == MentoringRenewal.district_id)
            & (MentoringPair.id == MentoringRenewal.pair_id),
        )
        .where(
            MentoringRenewal.district_id == actor.district_id,
            MentoringRenewal.settled_on.is_(None),
            MentoringRenewal.withdrawn_on.is_(None),
            MentoringPair.state == "active",
            or_(
                (MentoringPair.mentor_id == actor.person_id) & MentoringRenewal.mentor_agreed.is_(False),
                (MentoringPair.mentee_id == actor.person_id) & MentoringRenewal.mentee_agreed.is_(False),
            ),
        )
        .order_by(MentoringRenewal.id)
    )
    return list(rows)
