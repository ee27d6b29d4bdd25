"""Checks half way and at the end, the private word, dates and renewals of mentoring pairs (W3)."""

from portal.actions import audit, mentoring, notices
from portal.actions.errors import Conflict, Refused
from portal.actions.steps import expect_version, take_step
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, MentoringPair, MentoringRenewal, PairFit, PairReview
from portal.queries import clusters, mentoring_cycle, people


def review(actor, pair: MentoringPair, kind: str, *, expected, now, **values) -> PairReview:
    """Write what one thinks half way or at the end; the other side hears that it is there."""
    if pair.state not in ("active", "finished"):
        raise Refused(N_("双方接受以后才能填写"), field="progress")
    found = mentoring_cycle.own_review(pair, actor.person_id, kind)
    if found is not None:
        expect_version(found, expected)
        for name, value in values.items():
            setattr(found, name, value)
    else:
        found = PairReview(
            district_id=pair.district_id,
            pair_id=pair.id,
            person_id=actor.person_id,
            kind=kind,
            round=mentoring_cycle.round_of(pair),
            written_on=local_day(now),
            **values,
        )
        db.session.add(found)
        mentoring.tell(actor, pair, "pair_reviewed", now, who=actor.name)
    db.session.flush()  # the audit entry needs the key
    # What was written stays out of the trail: it is for the two alone.
    audit.record(actor, f"mentoring_pair.{kind}", pair)
    return found


def say_fit(actor, pair: MentoringPair, *, answer: str, text: str, expected, now) -> PairFit:
    """Say whether the pairing suits. Who arranges pairs hears of a wish to talk or to change; nobody else does."""
    if pair.state != "active":
        raise Refused(N_("结对中才需要填写"), field="answer")
    found = mentoring_cycle.own_fit(pair, actor.person_id)
    if found is None:
        home = people.home_school_ids(pair.district_id, [actor.person_id]).get(actor.person_id)
        found = PairFit(
            district_id=pair.district_id, pair_id=pair.id, person_id=actor.person_id, school_id=home
        )
        db.session.add(found)
    else:
        expect_version(found, expected)
    if (found.answer, found.text) != (answer, text):
        found.answer, found.text, found.seen_at = answer, text, None
    found.answered_on = local_day(now)
    db.session.flush()  # who arranges is asked of the row, and the message needs its key
    audit.record(actor, "pair_fit.say", found)
    if answer != "well":
        notices.tell(
            arrangers(found, local_day(now)),
            "pair_fit",
            district_id=pair.district_id,
            link=f"/pairing/fit/{found.id}",
            now=now,
            besides=actor.person_id,
            who=actor.name,
        )
    return found


def arrangers(fit: PairFit, day) -> list:
    """Who may read a private word: the lead principal, among equal partners the writer's own principal.

    Never one of the pair.
    """
    cluster = clusters.cluster_by_id(fit.district_id, fit.pair.cluster_id)
    if _is_equal(cluster):
        heads = (
            clusters.principals_of(fit.district_id, [fit.school_id], day).values() if fit.school_id else ()
        )
    else:
        lead = clusters.lead_principal(cluster, day)
        heads = [lead] if lead else ()
    return [head.id for head in heads if head.id not in fit.pair.access_people]


def _is_equal(cluster: Cluster) -> bool:
    return cluster.profile == "equal"


def see_to(actor, fit: PairFit, *, now) -> None:
    """That somebody has seen to it: talked, or found that all may stay as it is."""
    if fit.seen_at is None:
        fit.seen_at = now
        audit.record(actor, "pair_fit.see_to", fit)


def rematch(actor, pair: MentoringPair, fit: PairFit, *, expected, now) -> None:
    """End a pair because one of the two asked for another pairing. No reason is kept, for nobody failed."""
    if fit.pair_id != pair.id or fit.answer != "change":
        raise Refused(N_("没有人提出换搭配"))
    take_step(actor, pair, "rematch", expected=expected)
    fit.seen_at = now
    mentoring.tell(actor, pair, "pair_rearranged", now)


def ask_renewal(actor, pair: MentoringPair, *, ends_on, goals, now) -> MentoringRenewal:
    """Ask that a pair goes on; who asks and is one of the two has agreed."""
    if pair.state != "active":
        raise Refused(N_("结对中才能续期"), field="ends_on")
    if pair.ends_on is None:
        raise Refused(N_("这一对没有结束日期，不需要续期"), field="ends_on")
    if ends_on <= pair.ends_on:
        raise Refused(N_("要晚于现在的结束日期"), field="ends_on")
    row = MentoringRenewal(
        district_id=pair.district_id,
        pair_id=pair.id,
        person_id=actor.person_id,
        old_ends_on=pair.ends_on,
        ends_on=ends_on,
        goals=goals,
    )
    db.session.add(row)
    db.session.flush()  # a second open one breaks its constraint here, and the audit entry needs the key
    audit.record(actor, "mentoring_pair.ask_renewal", pair, {"ends_on": (pair.ends_on, ends_on)})
    _agree(actor, row, now)
    if row.settled_on is None:
        mentoring.tell(actor, pair, "renewal_asked", now, who=actor.name)
    return row


def agree_renewal(actor, row: MentoringRenewal, *, expected, now) -> None:
    """Agree for one's side; with both words the pair goes on with its new end and goals."""
    expect_version(row, expected)
    if row.settled_on or row.withdrawn_on or row.pair.state != "active":
        raise Conflict(row)
    if not _agree(actor, row, now):
        raise Conflict(row)


def withdraw_renewal(actor, row: MentoringRenewal, *, expected, now) -> None:
    """Take a renewal back, or say no to it: the pair ends on its day as agreed."""
    expect_version(row, expected)
    if row.settled_on or row.withdrawn_on:
        raise Conflict(row)
    row.withdrawn_on = local_day(now)
    audit.record(actor, "mentoring_pair.withdraw_renewal", row.pair, {"ends_on": (row.ends_on, None)})


def _agree(actor, row: MentoringRenewal, now) -> bool:
    """Take the words that this person may give; whether one was new."""
    pair, given = row.pair, False
    for side in ("mentor", "mentee"):
        if can(actor, f"mentoring.accept_{side}", pair) and not getattr(row, f"{side}_agreed"):
            setattr(row, f"{side}_agreed", True)
            given = True
    if given:
        audit.record(actor, "mentoring_pair.agree_renewal", pair)
    if row.mentor_agreed and (row.mentee_agreed or pair.mentee_id is None):
        row.settled_on = local_day(now)
        changes = audit.changes_of(pair, {"ends_on": row.ends_on, "goals": row.goals or pair.goals})
        audit.record(actor, "mentoring_pair.renew", pair, changes)
        mentoring.tell(actor, pair, "pair_renewed", now)
    return given
