"""What waits in pairs: checks and renewals of one's own, a private word for who arranges, plans in August."""

from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.words import N_
from portal.extensions import db
from portal.models import MentoringPair, SchoolPairing
from portal.queries import mentoring_cycle, pairing_cycle

CHECKS = {"midterm": N_("填写中期检查：%(a)s—%(b)s"), "final": N_("填写期满评价：%(a)s—%(b)s")}


def waiting(actor: Actor, today: date):
    """(kind, sentence, endpoint, target, due, words) of each thing that waits for this person."""
    yield from _pairings(actor)
    yield from _mentoring(actor)
    if actor.works_at:
        for pair, kind, day in mentoring_cycle.checks_due(actor, today):
            target = {"pair_id": pair.id, "kind": kind}
            yield N_("师徒结对"), CHECKS[kind], "pairing.pair_review", target, day, _names(pair)
        for renewal in mentoring_cycle.renewals_waiting(actor):
            pair = renewal.pair
            what = N_("同意结对续期：%(a)s—%(b)s")
            yield N_("师徒结对"), what, "pairing.pair", {"pair_id": pair.id}, None, _names(pair)
    for fit in mentoring_cycle.fits_for(actor):
        words = {"name": fit.person.name}
        yield N_("师徒结对"), N_("听听%(name)s说的话"), "pairing.fit_word", {"fit_id": fit.id}, None, words
    yield from pairing_cycle.waiting(actor, today)


def _names(pair) -> dict:
    return {"a": pair.mentor.name, "b": pair.mentee.name if pair.mentee else pair.mentee_name}


def _pairings(actor: Actor):
    """School pairs that wait for one's consent, or for the bureau's approval."""
    waits = []
    if actor.principal_of:
        waits.append(
            and_(
                SchoolPairing.state == "proposed",
                or_(
                    and_(
                        SchoolPairing.donor_id.in_(actor.principal_of),
                        SchoolPairing.donor_agreed_by_id.is_(None),
                    ),
                    and_(
                        SchoolPairing.beneficiary_id.in_(actor.principal_of),
                        SchoolPairing.beneficiary_agreed_by_id.is_(None),
                    ),
                ),
            )
        )
    if "basic_education" in actor.offices:
        waits.append(SchoolPairing.state == "agreed")
    if not waits:
        return
    rows = db.session.scalars(
        select(SchoolPairing)
        .where(SchoolPairing.district_id == actor.district_id, or_(*waits))
        .options(joinedload(SchoolPairing.donor), joinedload(SchoolPairing.beneficiary))
        .order_by(SchoolPairing.starts_on, SchoolPairing.id)
        .limit(30)
    )
    for pairing in rows:
        what = N_("批准结对：%(a)s—%(b)s") if pairing.state == "agreed" else N_("确认结对：%(a)s—%(b)s")
        words = {"a": pairing.donor.name, "b": pairing.beneficiary.name}
        yield N_("学校结对"), what, "pairing.school_pair", {"pairing_id": pairing.id}, None, words


def _mentoring(actor: Actor):
    """Mentoring pairs that wait for one's word."""
    rows = db.session.scalars(
        select(MentoringPair)
        .where(
            MentoringPair.district_id == actor.district_id,
            MentoringPair.state == "proposed",
            or_(
                and_(MentoringPair.mentor_id == actor.person_id, MentoringPair.mentor_accepted.is_(False)),
                and_(MentoringPair.mentee_id == actor.person_id, MentoringPair.mentee_accepted.is_(False)),
            ),
        )
        .options(joinedload(MentoringPair.mentor), joinedload(MentoringPair.mentee))
        .order_by(MentoringPair.starts_on, MentoringPair.id)
    )
    for pair in rows:
        words = {"a": pair.mentor.name, "b": pair.mentee.name if pair.mentee else pair.mentee_name}
        what = N_("确认结对：%(a)s—%(b)s")
        yield N_("师徒结对"), what, "pairing.pair", {"pair_id": pair.id}, None, words
