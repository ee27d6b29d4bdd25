"""School pairs through their years: plan, needs, counts, reviews, renewals, what waits in August (W2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.calendar import school_year_of
from portal.domain.pairing_rules import PairingRules, rules_for
from portal.domain.schemes import due_day, load_scheme
from portal.domain.words import N_
from portal.extensions import db
from portal.models import (
    Cluster,
    CycleSummary,
    Employment,
    MentoringPair,
    PairingCount,
    PairingNeed,
    PairingPlanLine,
    PairingRenewal,
    PairingReview,
    SchoolPairing,
    SupportDetail,
    WorkRecord,
)
from portal.queries import schools, terms

# How long before its day something is asked for on the home page, and how long it stays there.
BEFORE, AFTER = timedelta(days=31), timedelta(days=31)


def need_by_id(district_id, need_id) -> PairingNeed | None:
    """One need."""
    return db.session.get(PairingNeed, (district_id, need_id))


def renewal_by_id(district_id, renewal_id) -> PairingRenewal | None:
    """One renewal."""
    return db.session.get(PairingRenewal, (district_id, renewal_id))


def cluster_of(row: SchoolPairing) -> Cluster | None:
    """The cluster whose scheme goes for a pair: its own, else the donor's main one."""
    if row.cluster_id:
        return row.cluster
    found = schools.clusters_of(row.district_id, [row.donor_id], row.starts_on).get(row.donor_id)
    return found[0].cluster if found else None


def rules_of(row: SchoolPairing) -> PairingRules:
    """What the scheme asks of a pair of these two schools."""
    cluster = cluster_of(row)
    scheme = load_scheme(cluster.scheme_code) if cluster else None
    return rules_for(scheme, frozenset([row.donor.kind, row.beneficiary.kind]))


def _of(model, row: SchoolPairing, *order, **options):
    found = select(model).where(model.district_id == row.district_id, model.pairing_id == row.id)
    return list(db.session.scalars(found.options(*options.get("load", ())).order_by(*order, model.id)))


def plan_of(row: SchoolPairing) -> list[PairingPlanLine]:
    """Whom the schools intend to send, in the order of the plan."""
    return _of(PairingPlanLine, row, PairingPlanLine.position, load=[joinedload(PairingPlanLine.school)])


@dataclass(frozen=True)
class NeedLine:
    """A need with the number of records that answered it and the day of the last one."""

    need: PairingNeed
    answers: int
    last: date | None

    @property
    def is_open(self) -> bool:
        """Kept, and nothing has been done for it yet."""
        return not self.answers and self.need.dropped_on is None


def needs_of(row: SchoolPairing) -> list[NeedLine]:
    """What the two schools need, and what was done for it."""
    rows = _of(PairingNeed, row, PairingNeed.found_on, load=[joinedload(PairingNeed.school)])
    return _answered(row.district_id, rows)


def _answered(district_id, rows: list[PairingNeed]) -> list[NeedLine]:
    answers = {
        need_id: (count, last)
        for need_id, count, last in db.session.execute(
            select(SupportDetail.need_id, func.count(), func.max(WorkRecord.happened_on))
            .join(
                WorkRecord,
                and_(
                    WorkRecord.district_id == SupportDetail.district_id,
                    WorkRecord.id == SupportDetail.record_id,
                ),
            )
            .where(
                SupportDetail.district_id == district_id,
                SupportDetail.need_id.in_([row.id for row in rows]),
            )
            .group_by(SupportDetail.need_id)
        )
    }
    return [NeedLine(row, *answers.get(row.id, (0, None))) for row in rows]


def visits_of(row: SchoolPairing) -> int:
    """How many visits of a pair are recorded, before and after its approval. S4-59."""
    return db.session.scalar(
        select(func.count()).where(
            WorkRecord.district_id == row.district_id,
            WorkRecord.school_pairing_id == row.id,
            WorkRecord.kind == "visit",
        )
    )


def counts_of(row: SchoolPairing) -> list[PairingCount]:
    """Every count of a pair, the newest first."""
    return sorted(_of(PairingCount, row), key=lambda each: (-each.day.toordinal(), each.kind))


def reviews_of(row: SchoolPairing) -> list[PairingReview]:
    """The yearly reviews of a pair, the newest year first."""
    return _of(PairingReview, row, PairingReview.year.desc(), load=[joinedload(PairingReview.school)])


def own_review(row: SchoolPairing, school_id, year: str) -> PairingReview | None:
    """What one school wrote about a school year."""
    found = [each for each in reviews_of(row) if (each.school_id, each.year) == (school_id, year)]
    return found[0] if found else None


def renewals_of(row: SchoolPairing) -> list[PairingRenewal]:
    """Every renewal of a pair, oldest first."""
    return _of(PairingRenewal, row)


def open_renewal(row: SchoolPairing) -> PairingRenewal | None:
    """The renewal that waits for somebody."""
    return next((each for each in renewals_of(row) if not each.settled_on and not each.withdrawn_on), None)


def summaries_of(row: SchoolPairing) -> list[CycleSummary]:
    """What was written at the end of cycles."""
    return _of(CycleSummary, row, CycleSummary.last_day)


def year_name(day: date) -> str:
    """The school year of a day, such as ``2025-2026``."""
    year = school_year_of(day)
    return f"{year.first_day.year}-{year.last_day.year}"


def details_of(district_id, record_ids: Iterable) -> dict:
    """Record -> which school gave, for which need, what thing."""
    rows = db.session.scalars(
        select(SupportDetail)
        .where(SupportDetail.district_id == district_id, SupportDetail.record_id.in_(list(record_ids)))
        .options(joinedload(SupportDetail.giver), joinedload(SupportDetail.need))
    )
    return {row.record_id: row for row in rows}


@dataclass
class Given:
    """What one school gave to another: records, periods, pieces, worth in yuan, and records by kind."""

    giver: object
    receiver: object
    records: int = 0
    periods: int = 0
    pieces: int = 0
    worth: int = 0
    kinds: dict | None = None

    def add(self, record: WorkRecord, detail: SupportDetail | None) -> None:
        """Count one record."""
        self.records += 1
        self.periods += record.periods or 0
        self.pieces += record.quantity or 0
        self.worth += (detail.worth or 0) if detail else 0
        self.kinds = self.kinds or {}
        self.kinds[record.kind] = self.kinds.get(record.kind, 0) + 1


def given_in(pairings: list[SchoolPairing], first: date, last: date) -> list[Given]:
    """Who gave what to whom in a time, over these pairs: each record once, the most first.

    The giver is the school that the record names, else the writer's, else the donor.
    """
    by_id = {row.id: row for row in pairings}
    if not by_id:
        return []
    district_id = pairings[0].district_id
    records = list(
        db.session.scalars(
            select(WorkRecord).where(
                WorkRecord.district_id == district_id,
                WorkRecord.school_pairing_id.in_(list(by_id)),
                WorkRecord.happened_on.between(first, last),
            )
        )
    )
    details = details_of(district_id, [record.id for record in records])
    found: dict = {}
    for record in records:
        row, detail = by_id[record.school_pairing_id], details.get(record.id)
        giver_id = detail.giver_id if detail else record.school_id
        back = giver_id == row.beneficiary_id
        giver, receiver = (row.beneficiary, row.donor) if back else (row.donor, row.beneficiary)
        found.setdefault((giver.id, receiver.id), Given(giver, receiver)).add(record, detail)
    return sorted(found.values(), key=lambda each: (-each.records, each.giver.name, each.receiver.name))


def open_needs(pairings: list[SchoolPairing]) -> list[NeedLine]:
    """Needs of these pairs for which nothing has been done, the oldest first."""
    if not pairings:
        return []
    rows = list(
        db.session.scalars(
            select(PairingNeed)
            .where(
                PairingNeed.district_id == pairings[0].district_id,
                PairingNeed.pairing_id.in_([row.id for row in pairings]),
                PairingNeed.dropped_on.is_(None),
            )
            .options(joinedload(PairingNeed.school), joinedload(PairingNeed.pairing))
            .order_by(PairingNeed.found_on, PairingNeed.id)
        )
    )
    return [line for line in _answered(pairings[0].district_id, rows) if line.is_open]


def waiting(actor: Actor, today: date):
    """(kind, sentence, endpoint, target, due, words): reviews, renewals, plans in August."""
    yield from _plans_due(actor, today)
    if actor.manages_schools:
        yield from _reviews_due(actor, today)
    for row in _renewals_waiting(actor):
        words = {"a": row.pairing.donor.name, "b": row.pairing.beneficiary.name}
        agreed = row.donor_agreed_by_id and row.beneficiary_agreed_by_id
        what = N_("批准结对续期：%(a)s—%(b)s") if agreed else N_("同意结对续期：%(a)s—%(b)s")
        yield N_("学校结对"), what, "pairing.school_pair", {"pairing_id": row.pairing_id}, None, words


def _plans_due(actor: Actor, today: date):
    """Schools without a pair for the year whose scheme asks for a plan at about this time. S3-14: every August."""
    if not actor.principal_of:
        return
    term = terms.current_term(actor.district_id, today)
    if term is None:
        return
    found = schools.clusters_of(actor.district_id, actor.principal_of, term.first_day)
    for school in schools.with_id_in(actor.district_id, actor.principal_of):
        cluster = found[school.id][0].cluster if found.get(school.id) else None
        day = due_day(load_scheme(cluster.scheme_code), "pairing_plan", term) if cluster else None
        if day and day - BEFORE <= today <= day + AFTER and not _is_paired(school, term.first_day):
            words = {"name": school.name}
            yield N_("学校结对"), N_("商定%(name)s的结对帮扶方案"), "pairing.school_pair_new", {}, day, words


def _is_paired(school, day: date) -> bool:
    found = select(SchoolPairing.id).where(
        SchoolPairing.district_id == school.district_id,
        or_(SchoolPairing.donor_id == school.id, SchoolPairing.beneficiary_id == school.id),
        SchoolPairing.state.in_(("proposed", "agreed", "active")),
        SchoolPairing.ends_on > day,
    )
    return db.session.scalar(found.limit(1)) is not None


def _reviews_due(actor: Actor, today: date):
    rows = db.session.scalars(
        select(SchoolPairing)
        .where(
            SchoolPairing.district_id == actor.district_id,
            SchoolPairing.state == "active",
            SchoolPairing.ends_on <= today + BEFORE,
            or_(
                SchoolPairing.donor_id.in_(actor.manages_schools),
                SchoolPairing.beneficiary_id.in_(actor.manages_schools),
            ),
        )
        .options(joinedload(SchoolPairing.donor), joinedload(SchoolPairing.beneficiary))
        .order_by(SchoolPairing.ends_on, SchoolPairing.id)
    )
    for row in rows:
        year = year_name(row.ends_on)
        done = {each.school_id for each in reviews_of(row) if each.year == year}
        if actor.manages_schools & row.access_schools - done:
            words = {"a": row.donor.name, "b": row.beneficiary.name}
            target = {"pairing_id": row.id}
            what = N_("填写年度评议：%(a)s—%(b)s")
            yield N_("学校结对"), what, "pairing.school_review", target, row.ends_on, words


def _renewals_waiting(actor: Actor) -> list[PairingRenewal]:
    waits = []
    if actor.principal_of:
        waits.append(
            and_(SchoolPairing.donor_id.in_(actor.principal_of), PairingRenewal.donor_agreed_by_id.is_(None))
        )
        waits.append(
            and_(
                SchoolPairing.beneficiary_id.in_(actor.principal_of),
                PairingRenewal.beneficiary_agreed_by_id.is_(None),
            )
        )
    if "basic_education" in actor.offices:
        waits.append(
            and_(
                PairingRenewal.donor_agreed_by_id.is_not(None),
                PairingRenewal.beneficiary_agreed_by_id.is_not(None),
            )
        )
    if not waits:
        return []
    return list(
        db.session.scalars(
            select(PairingRenewal)
            .join(
                SchoolPairing,
                and_(
                    SchoolPairing.district_id == PairingRenewal.district_id,
                    SchoolPairing.id == PairingRenewal.pairing_id,
                ),
            )
            .where(
                PairingRenewal.district_id == actor.district_id,
                PairingRenewal.settled_on.is_(None),
                PairingRenewal.withdrawn_on.is_(None),
                SchoolPairing.state == "active",
                or_(*waits),
            )
            .order_by(PairingRenewal.id)
        )
    )


def mentoring_between(row: SchoolPairing) -> tuple[int, int]:
    """(records, periods) of mentoring pairs between the two schools in the pair's time: counts, never words.

    They are records of the teachers; here they are shown beside the schools' own and added to nothing.
    """
    both = [row.donor_id, row.beneficiary_id]
    staff = select(Employment.person_id).where(
        Employment.district_id == row.district_id,
        Employment.school_id.in_(both),
        Employment.ends_on.is_(None),
    )
    own = select(Employment.person_id).where(
        Employment.district_id == row.district_id,
        Employment.school_id == MentoringPair.mentee_school_id,
        Employment.ends_on.is_(None),
    )
    return tuple(
        db.session.execute(
            select(func.count(), func.coalesce(func.sum(WorkRecord.periods), 0))
            .select_from(WorkRecord)
            .join(
                MentoringPair,
                and_(
                    MentoringPair.district_id == WorkRecord.district_id,
                    MentoringPair.id == WorkRecord.mentoring_pair_id,
                ),
            )
            .where(
                WorkRecord.district_id == row.district_id,
                WorkRecord.happened_on.between(row.starts_on, row.ends_on),
                MentoringPair.mentee_school_id.in_(both),
                MentoringPair.mentor_id.in_(staff),
                MentoringPair.mentor_id.not_in(own),
            )
        ).one()
    )
