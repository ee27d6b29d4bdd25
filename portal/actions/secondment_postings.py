"""The posting on which a secondment inside the district stands: made with the host's consent, carried along.

A host outside the district has no posting, since no school of the district receives anybody.
"""

from portal.actions import audit
from portal.actions.errors import Refused
from portal.actions.steps import take_step
from portal.domain.exchange import facts_of
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Posting
from portal.queries import exchange


def refuse_overlap(secondment) -> None:
    """Refused when the person is elsewhere in that time. A planned posting to the same host is no other place."""
    with db.session.no_autoflush:
        other = exchange.overlapping(
            secondment.district_id,
            secondment.person_id,
            secondment.starts_on,
            secondment.ends_on,
            secondment.posting_id,
        )
    if other is not None and not _fits(other, secondment):
        raise Refused(N_("这位教师这段时间已有别的安排，时间不能重叠"), field="starts_on")


def _fits(posting: Posting, secondment) -> bool:
    return (
        posting.state == "planned"
        and posting.host_school_id == secondment.host_school_id
        and posting.form == secondment.form
    )


def begin(actor, secondment) -> None:
    """Make the posting, or take the one that was planned before: the same person stands in no second list."""
    refuse_overlap(secondment)
    found = exchange.overlapping(
        secondment.district_id, secondment.person_id, secondment.starts_on, secondment.ends_on
    )
    facts = facts_of(secondment.form)
    posting = found or Posting(
        district_id=secondment.district_id,
        person_id=secondment.person_id,
        home_school_id=secondment.home_school_id,
        host_school_id=secondment.host_school_id,
        form=secondment.form,
        starts_on=secondment.starts_on,
        ends_on=secondment.ends_on,
        personnel_transfer=facts.transfer,
        counts_towards_quota=facts.quota,
        duties=secondment.host_post,
        created_by_id=actor.person_id,
    )
    if found is None:
        db.session.add(posting)
        db.session.flush()  # the secondment and the audit entry need the key
        audit.record(actor, "posting.create", posting, {"starts_on": (None, posting.starts_on)})
    else:
        posting.starts_on, posting.ends_on = secondment.starts_on, secondment.ends_on
    secondment.posting_id = posting.id


def arrive(actor, secondment) -> None:
    """The posting counts from the same day."""
    posting = _posting(secondment)
    if posting:
        posting.arrived_on = secondment.arrived_on
        take_step(actor, posting, "follow_arrival")


def complete(actor, secondment) -> None:
    """The time is over."""
    posting = _posting(secondment)
    if posting:
        take_step(actor, posting, "follow_end")


def end_early(actor, secondment, note: str) -> None:
    """The time ended before its day."""
    posting = _posting(secondment)
    if posting:
        posting.ends_on = max(secondment.ends_on, posting.starts_on)
        take_step(actor, posting, "follow_early_end", note=note)


def cancel(actor, secondment, note: str) -> None:
    """Nobody goes after all."""
    posting = _posting(secondment)
    if posting:
        take_step(actor, posting, "follow_cancel", note=note)


def _posting(secondment) -> Posting | None:
    if secondment.posting_id is None:
        return None
    return exchange.by_id(secondment.district_id, secondment.posting_id)
