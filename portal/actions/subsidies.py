"""The monthly list of subsidies: tiers, amounts by decision, checked by the school, accepted by the bureau (W12).

Nothing is paid here. The list says who has earned what by which rule, for the office that pays.
"""

from datetime import date

from sqlalchemy import delete, select

from portal.actions import audit, notices
from portal.actions.errors import Conflict, NotAllowed, Refused
from portal.actions.steps import expect_version, take_step
from portal.actions.visiting_dates import hold
from portal.domain import subsidy
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.domain.workload import first_of, last_of, month_code
from portal.extensions import db
from portal.models import (
    District,
    Person,
    School,
    SubsidyItem,
    SubsidyList,
    SubsidyTier,
)
from portal.queries import clusters, people, subsidies

CHANGED = N_("名单在您打开以后有改动，请看最新的名单再办理")
TOLD = {"return": "subsidy_returned", "accept": "subsidy_accepted"}


def begin(actor, school: School, month: date, *, now, seen: str = "") -> SubsidyList:
    """The school has checked a month that has no list yet: make it and take the step. ``seen`` is as in ``step``."""
    sheet = _sheet(school, month)
    step(actor, sheet, "check", note="", expected=None, now=now, seen=seen)
    return sheet


def step(actor, sheet: SubsidyList, action: str, *, note: str, expected, now, seen: str = "") -> None:
    """Check, take back, accept or return a list. Checking writes down what was computed, with its reasons.

    ``seen`` is the mark of what the page showed as computed: nobody answers for another list.
    """
    hold(sheet.district_id, [sheet.school_id], [])
    db.session.refresh(sheet)
    expect_version(sheet, expected)
    if action == "check" and sheet.state == "drafting" and can(actor, "subsidy.check", sheet):
        _write_down(actor, sheet, local_day(now), seen)
        sheet.checked_by_id, sheet.checked_at = actor.person_id, now
    if action == "accept" and can(actor, "subsidy.accept", sheet):
        _refuse_undecided(sheet)
        sheet.accepted_by_id, sheet.accepted_at = actor.person_id, now
    take_step(actor, sheet, action, note=note)
    if action in TOLD:
        _tell(actor, sheet, TOLD[action], now)
    if action == "check":
        _tell_bureau(actor, sheet, now)


def propose(
    actor, school: School, month: date, person: Person, *, amount: int, ground: str, now
) -> SubsidyItem:
    """The school asks for an amount by decision, with its reason (S1-13); the bureau decides."""
    if not ground:
        raise Refused(N_("请写明理由"), field="ground")
    if person.id == actor.person_id:
        raise Refused(N_("您本人的补助，请由本校另一位负责人提出"), field="person")
    if first_of(month) > local_day(now):
        raise Refused(N_("还没有到这个月"), field="month")
    sheet = _sheet(school, month)
    if sheet.state != "drafting":
        raise Refused(N_("名单已经核对；先收回再改"))
    item = SubsidyItem(
        district_id=school.district_id,
        list_id=sheet.id,
        person_id=person.id,
        kind="discretionary",
        state="proposed",
        outcome="met",
        amount=amount,
        ground=ground[:300],
        proposed_by_id=actor.person_id,
    )
    db.session.add(item)
    told = {"person": (None, person.name), "amount": (None, amount), "ground": (None, ground)}
    audit.record(actor, "subsidy_list.propose", sheet, told)
    return item


def remove(actor, item: SubsidyItem, *, expected) -> None:
    """Take an amount by decision off a list that is still being drafted."""
    hold(item.district_id, [item.sheet.school_id], [])
    expect_version(item, expected)
    if item.kind != "discretionary" or item.sheet.state != "drafting":
        raise Refused(N_("名单已经核对；先收回再改"))
    audit.record(actor, "subsidy_list.remove", item.sheet, {"person": (item.person.name, None)})
    db.session.delete(item)


def decide(actor, item: SubsidyItem, action: str, *, note: str, expected, now) -> None:
    """The bureau approves or declines an amount by decision, on a list that the school has checked."""
    hold(item.district_id, [item.sheet.school_id], [])
    expect_version(item, expected)
    if not can(actor, "subsidy.accept", item):
        raise NotAllowed("subsidy.accept")
    if item.sheet.state != "checked":
        raise Refused(N_("学校核对以后才审定"))
    if item.proposed_by_id == actor.person_id:
        raise Refused(N_("自己提出的由别人审定"))
    item.decided_by_id = actor.person_id
    take_step(actor, item, action, note=note)


def set_tiers(actor, basis: str, tiers: list[subsidy.Tier], *, seen: list[subsidy.Tier]) -> None:
    """Replace the district's table. ``seen`` is what the person based the change on; lists that have been
    checked keep their amounts."""
    lock = select(District.id).where(District.id == actor.district_id).with_for_update()
    db.session.execute(lock)
    known_basis, known = subsidies.tiers_of(actor.district_id)
    if known != seen:
        raise Conflict()
    if (basis, tiers) == (known_basis, known):
        return
    district = db.session.get(District, actor.district_id)
    db.session.execute(delete(SubsidyTier).where(SubsidyTier.district_id == actor.district_id))
    for tier in tiers:
        row = {"basis": basis, "from_value": tier.from_value, "amount": tier.amount}
        db.session.add(SubsidyTier(district_id=actor.district_id, **row))
    told = {"tiers": (_said(known), _said(tiers))}
    audit.record(actor, "district.tiers", district, told, district_id=district.id)


def _said(tiers) -> list[str]:
    return [f"{tier.from_value}+ {tier.amount}" for tier in tiers]


def _sheet(school: School, month: date) -> SubsidyList:
    """The list of a school and month, made when there is none."""
    hold(school.district_id, [school.id], [])
    sheet = subsidies.of_school(school, month)
    if sheet is None:
        sheet = SubsidyList(
            district_id=school.district_id, school_id=school.id, month=first_of(month), state="drafting"
        )
        db.session.add(sheet)
        db.session.flush()  # its lines and its history need the key
    return sheet


def _write_down(actor, sheet: SubsidyList, today: date, seen: str) -> None:
    """Compute the lines anew and keep them. Refused while the month cannot be final, or when they have changed."""
    if today <= last_of(sheet.month):
        raise Refused(N_("这个月还没有结束"))
    found = subsidies.candidates(sheet.school, sheet.month, today)
    waiting = {pair.school.name for pair in subsidies.open_pairs(sheet.school, sheet.month)}
    waiting |= {name for each in found for name in each.open_schools}  # also where they only stood in
    if waiting:
        raise Refused(N_("%(schools)s的走教课时还没有关账"), schools="、".join(sorted(waiting)))
    db.session.execute(
        delete(SubsidyItem).where(
            SubsidyItem.district_id == sheet.district_id,
            SubsidyItem.list_id == sheet.id,
            SubsidyItem.kind != "discretionary",
        )
    )
    if seen and seen != subsidies.mark_of(found):
        raise Refused(CHANGED)
    people = {each.person.id for each in found} | set(_discretionary(sheet))
    if not people:
        raise Refused(N_("这个月没有可以列入名单的教师"))
    if actor.person_id in people:
        raise Refused(N_("名单里有您本人，请由本校另一位负责人核对"))
    for each in found:
        db.session.add(_item(sheet, each))
    db.session.flush()
    db.session.expire(sheet, ["items"])


def _item(sheet: SubsidyList, each: subsidies.Candidate) -> SubsidyItem:
    return SubsidyItem(
        district_id=sheet.district_id,
        list_id=sheet.id,
        person_id=each.person.id,
        kind=each.kind,
        state="computed",
        outcome=each.judgement.outcome,
        reasons=[{"text": reason.template, "words": _plain(reason)} for reason in each.reasons],
        host_names=list(each.host_names),
        own_periods=each.own_periods,
        visited_periods=each.visited_periods,
        own_average=each.own_average,
        days=each.days,
        amount=each.award.amount,
    )


def _plain(reason) -> dict:
    return {name: value if isinstance(value, int) else str(value) for name, value in reason.params}


def _discretionary(sheet: SubsidyList) -> list:
    return db.session.scalars(
        select(SubsidyItem.person_id).where(
            SubsidyItem.district_id == sheet.district_id,
            SubsidyItem.list_id == sheet.id,
            SubsidyItem.kind == "discretionary",
        )
    ).all()


def _refuse_undecided(sheet: SubsidyList) -> None:
    waiting = sum(item.state == "proposed" for item in subsidies.items_of(sheet))
    if waiting:
        raise Refused(N_("还有 %(count)s 笔酌情补助没有审定"), count=waiting)


def _tell(actor, sheet: SubsidyList, kind: str, now) -> None:
    principals = clusters.principals_of(sheet.district_id, [sheet.school_id], local_day(now))
    heads = [principal.id for principal in principals.values()]
    notices.tell([*heads, sheet.checked_by_id], kind, **_words(actor, sheet, now))


def _tell_bureau(actor, sheet: SubsidyList, now) -> None:
    holders = people.holders_of(sheet.district_id, {"personnel"}, local_day(now))
    notices.tell(holders, "subsidy_checked", **_words(actor, sheet, now))


def _words(actor, sheet: SubsidyList, now) -> dict:
    month = month_code(sheet.month)
    return {
        "district_id": sheet.district_id,
        "link": f"/visiting/schools/{sheet.school_id}/subsidies?month={month}",
        "now": now,
        "besides": actor.person_id,
        "what": f"{sheet.school.name} {month}",
    }
