"""Proposing, agreeing, approving and ending school pairs (W2)."""

from portal.actions import audit, notices
from portal.actions.errors import Conflict, Refused
from portal.actions.steps import expect_version, take_step
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import SchoolPairing
from portal.queries import clusters, pairing, schools

SIDES = {"agree_donor": "donor", "agree_beneficiary": "beneficiary"}


def propose(
    actor, *, donor_id, beneficiary_id, starts_on, ends_on, goals, contents, frequency, now
) -> SchoolPairing:
    """Propose a pair and ask both principals. A principal who proposes has agreed for the own school.

    The cluster is the one to which both schools belong on the first day, if there is one.
    """
    row = SchoolPairing(
        district_id=actor.district_id,
        donor_id=donor_id,
        beneficiary_id=beneficiary_id,
        cluster_id=pairing.common_cluster_id(actor.district_id, donor_id, beneficiary_id, starts_on),
        starts_on=starts_on,
        ends_on=ends_on,
        goals=goals,
        contents=contents,
        frequency=frequency,
        created_by_id=actor.person_id,
    )
    _check(actor, row)
    db.session.add(row)
    db.session.flush()  # the audit entry and the messages need the key
    db.session.refresh(row)  # the schools' names
    changes = {"donor": (None, row.donor.name), "beneficiary": (None, row.beneficiary.name)}
    audit.record(actor, "school_pairing.create", row, changes)
    _agree_for_own_school(actor, row)
    _ask_principals(actor, row, now)
    return row


def edit(actor, row: SchoolPairing, *, expected, now, **values) -> None:
    """Change a proposal. Consent was given to another text, so both sides are asked again."""
    expect_version(row, expected)
    if row.state != "proposed":
        raise Refused(N_("双方同意以后不能直接修改，请先退回或结束"))
    changes = audit.changes_of(row, values)
    if not changes:
        return
    row.cluster_id = pairing.common_cluster_id(
        row.district_id, row.donor_id, row.beneficiary_id, row.starts_on
    )
    _check(actor, row)
    audit.record(actor, "school_pairing.edit", row, _named(actor, changes))
    ask_again(actor, row, now)


def take(actor, row: SchoolPairing, action: str, *, note: str, expected, now) -> None:
    """Agree for one side, approve, return, withdraw or close. With both consents the pair is agreed."""
    side = SIDES.get(action)
    if side:
        if getattr(row, f"{side}_agreed_by_id"):
            raise Conflict(row)
        take_step(actor, row, action, note=note, expected=expected)
        setattr(row, f"{side}_agreed_by_id", actor.person_id)
        _settle(actor, row)
        return
    take_step(actor, row, action, note=note, expected=expected)
    if action == "return":
        ask_again(actor, row, now)
    kind = {"approve": "pair_started", "return": "pair_returned", "close": "pair_ended"}.get(action)
    if kind:
        tell_principals(actor, row, kind, now)


def _settle(actor, row: SchoolPairing) -> None:
    """Both principals have agreed: the pair waits for the bureau."""
    if row.donor_agreed_by_id and row.beneficiary_agreed_by_id:
        take_step(actor, row, "agreed")


def _agree_for_own_school(actor, row: SchoolPairing) -> None:
    for action, side in SIDES.items():
        if can(actor, f"pairing.{action}", row):
            take_step(actor, row, action)
            setattr(row, f"{side}_agreed_by_id", actor.person_id)
    _settle(actor, row)


def ask_again(actor, row: SchoolPairing, now) -> None:
    """The text has changed: whoever agreed to another one is asked anew."""
    if row.donor_agreed_by_id or row.beneficiary_agreed_by_id:
        row.donor_agreed_by_id = row.beneficiary_agreed_by_id = None
        audit.record(actor, "school_pairing.reset_agreement", row)
    _agree_for_own_school(actor, row)
    _ask_principals(actor, row, now)


def _check(actor, row: SchoolPairing) -> None:
    """Who proposes acts for one of the schools, and the same pair is not open already."""
    if row.donor_id == row.beneficiary_id:
        raise Refused(N_("支援学校和受援学校不能是同一所"), field="beneficiary")
    if row.ends_on <= row.starts_on:
        raise Refused(N_("结束日期要在开始日期之后"), field="ends_on")
    known = {school.id for school in schools.with_id_in(row.district_id, [row.donor_id, row.beneficiary_id])}
    if known != {row.donor_id, row.beneficiary_id}:
        raise Refused(N_("请从列出的选项里选择"), field="donor")
    if not can(actor, "pairing.edit", row):
        raise Refused(N_("只能为自己的学校提出结对"), field="donor")
    if pairing.open_twin(
        row.id, row.district_id, row.donor_id, row.beneficiary_id, row.starts_on, row.ends_on
    ):
        raise Refused(N_("这两所学校这段时间已经结对"), field="beneficiary")


def _named(actor, changes: dict) -> dict:
    """The changes with schools by name."""
    ids = {key for name in ("donor_id", "beneficiary_id") for key in changes.get(name, ())}
    names = {s.id: s.name for s in schools.with_id_in(actor.district_id, ids)} if ids else {}
    return {
        name.removesuffix("_id"): (names.get(old, old), names.get(new, new))
        for name, (old, new) in changes.items()
    }


def _ask_principals(actor, row: SchoolPairing, now) -> None:
    if row.state == "proposed":
        waiting = [s for s in SIDES.values() if not getattr(row, f"{s}_agreed_by_id")]
        tell_principals(actor, row, "pair_proposed", now, sides=waiting, who=actor.name)


def tell_principals(actor, row: SchoolPairing, kind: str, now, *, sides=("donor", "beneficiary"), **words):
    """Tell the principals of both schools, or of the sides named, besides the one who acts."""
    schools_asked = [getattr(row, f"{side}_id") for side in sides]
    principals = clusters.principals_of(row.district_id, schools_asked, local_day(now))
    names = {s.id: s.name for s in schools.with_id_in(row.district_id, [row.donor_id, row.beneficiary_id])}
    notices.tell(
        [
            *(person.id for person in principals.values()),
            row.created_by_id if kind != "pair_proposed" else None,
        ],
        kind,
        district_id=row.district_id,
        link=f"/pairing/schools/{row.id}",
        now=now,
        besides=actor.person_id,
        what=f"{names[row.donor_id]}—{names[row.beneficiary_id]}",
        **words,
    )


def refuse_unless_begun(row: SchoolPairing, kind: str) -> None:
    """Raise unless work for the pair may be recorded now. Visits come before the plan (S4-59)."""
    if kind == "visit" and row.state in ("proposed", "agreed"):
        return
    if row.state not in ("active", "closed"):
        raise Refused(N_("结对批准以后才能登记帮扶"), field="link")
