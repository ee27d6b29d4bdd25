"""Opening, writing and signing what is handed over for a posting (S1-45)."""

from sqlalchemy import delete, select

from portal.actions import audit, notices
from portal.actions.errors import Refused
from portal.actions.steps import expect_version, take_step
from portal.domain import handovers as rules
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Handover, HandoverSignature, Person, Posting
from portal.queries import clusters, handovers


def open_sheet(
    actor, posting: Posting, phase: str, at_home: bool, other: Person, items: dict, *, now
) -> Handover:
    """Begin a sheet between the person of a posting and somebody of the school where the work lies.

    Refused while one of the same phase and place is open: then that one is written on. What both have signed
    stays; the further sheet says what is different.
    """
    # In line with others who open one: the number is the next.
    db.session.execute(
        select(Posting.id)
        .where(Posting.district_id == posting.district_id, Posting.id == posting.id)
        .with_for_update(key_share=True)
    )
    if not rules.may_open(phase, posting.state):
        raise Refused(N_("现在还不到这一步，或安排已经取消"), field="which")
    if other.id == posting.person_id:
        raise Refused(N_("交接的另一方不能是本人"), field="person")
    last = handovers.last_of(posting, phase, at_home)
    if last is not None and last.state == "open":
        raise Refused(N_("这份交接单已经开了，请在原来那份上写"), field="which")
    giver, taker = rules.parties(phase, at_home, posting.person, other)
    row = Handover(
        district_id=posting.district_id,
        posting_id=posting.id,
        phase=phase,
        at_home=at_home,
        number=last.number + 1 if last else 1,
        giver_id=giver.id,
        taker_id=taker.id,
        created_by_id=actor.person_id,
        **items,
    )
    db.session.add(row)
    db.session.flush()  # the audit entry and the messages need the key
    written = {name: (None, text) for name, text in items.items() if text}
    audit.record(
        actor,
        "handover.create",
        row,
        {"hands_over": (None, giver.name), "takes_over": (None, taker.name), **written},
    )
    _tell(actor, row, [giver.id, taker.id], "handover_opened", now, who=actor.name)
    return row


def edit(actor, row: Handover, items: dict, *, expected, now) -> None:
    """Write on a sheet. Who has signed it signed other words, and is asked again."""
    _hold(row)
    expect_version(row, expected)
    if row.state != "open":
        raise Refused(N_("双方签字以后不再修改；有变化请另开一份补充"))
    changes = audit.changes_of(row, items)
    if not changes:
        return
    signed = [each.person_id for each in handovers.signatures_of(row)]
    if signed:
        db.session.execute(
            delete(HandoverSignature).where(
                HandoverSignature.district_id == row.district_id, HandoverSignature.handover_id == row.id
            )
        )
    audit.record(actor, "handover.edit_signed" if signed else "handover.edit", row, changes)
    _tell(actor, row, signed, "handover_changed", now, who=actor.name)


def sign(actor, row: Handover, *, expected, now) -> None:
    """Sign for oneself, once; with the second signature the sheet is closed.

    Two who sign at the same moment wait for each other here, so that both signatures stand. A signature that
    is there already is not given again.
    """
    _hold(row)
    side = "giver" if actor.person_id == row.giver_id else "taker"
    signed = {each.side: each.person_id for each in handovers.signatures_of(row)}
    if signed.get(side) == actor.person_id:
        return
    expect_version(row, expected)
    if not any(getattr(row, name) for name in rules.ITEMS):
        raise Refused(N_("先写交接的内容，再签字"))
    take_step(actor, row, "sign", then="complete" if signed else "")
    db.session.add(
        HandoverSignature(
            district_id=row.district_id,
            handover_id=row.id,
            side=side,
            person_id=actor.person_id,
            account_id=actor.account_id,
            signed_at=now,
        )
    )
    if row.state == "signed":
        heads = clusters.principals_of(row.district_id, list(row.access_schools), local_day(now))
        told = [*row.access_people, *(head.id for head in heads.values())]
        _tell(actor, row, told, "handover_signed", now)
    else:
        _tell(actor, row, row.access_people, "handover_waiting", now, who=actor.name)


def cancel(actor, row: Handover, *, note: str, expected, now) -> None:
    """Call off a sheet that was opened for the wrong people or place; both are told."""
    _hold(row)
    take_step(actor, row, "cancel", note=note, expected=expected)
    _tell(actor, row, row.access_people, "handover_cancelled", now)


def _hold(row: Handover) -> None:
    """Take the sheet's row, as it is now, before anybody else writes on it."""
    key = (row.district_id, row.id)
    db.session.get(Handover, key, with_for_update=True, populate_existing=True)


def _tell(actor, row: Handover, people, kind: str, now, **words) -> None:
    notices.tell(
        people,
        kind,
        district_id=row.district_id,
        link=f"/exchange/handovers/{row.id}",
        now=now,
        besides=actor.person_id,
        what=f"{row.giver.name}—{row.taker.name}",
        **words,
    )
