"""A school pair through its years: who is sent, needs, what was given, counts, reviews, renewal, summary (W2)."""

from portal.actions import audit, pairing
from portal.actions.errors import Conflict, Refused
from portal.actions.steps import expect_version
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.pairing_rules import cycle_ends
from portal.domain.words import N_
from portal.extensions import db
from portal.models import (
    CycleSummary,
    PairingCount,
    PairingNeed,
    PairingPlanLine,
    PairingRenewal,
    PairingReview,
    SchoolPairing,
    SupportDetail,
    WorkRecord,
)
from portal.queries import pairing_cycle

SIDES = {"pairing.agree_donor": "donor", "pairing.agree_beneficiary": "beneficiary"}


def plan(actor, row: SchoolPairing, lines: list[dict], *, expected, now) -> None:
    """Keep whom the schools intend to send, to which post, for what (S3-14).

    Consent was given to another plan, so both principals are asked again.
    """
    expect_version(row, expected)
    if row.state != "proposed":
        raise Refused(N_("双方同意以后不能直接修改，请先退回或结束"))
    old = [_plain(each) for each in pairing_cycle.plan_of(row)]
    new = [{**line, "school_id": str(line["school_id"])} for line in lines]
    if old == new:
        return
    if any(line["school_id"] not in row.access_schools for line in lines):
        raise Refused(N_("请从列出的选项里选择"))
    for each in pairing_cycle.plan_of(row):
        db.session.delete(each)
    db.session.flush()  # the old positions are free before the new ones are taken
    for position, line in enumerate(lines, 1):
        db.session.add(
            PairingPlanLine(district_id=row.district_id, pairing_id=row.id, position=position, **line)
        )
    told = ([line["who"] for line in old], [line["who"] for line in new])
    audit.record(actor, "school_pairing.plan", row, {"who": told})
    row.updated_at = now  # the plan belongs to the pair: its version moves with it
    pairing.ask_again(actor, row, now)


def _plain(each: PairingPlanLine) -> dict:
    return {
        "school_id": str(each.school_id),
        "who": each.who,
        "post": each.post,
        "content": each.content,
    }


def add_need(actor, row: SchoolPairing, *, school_id, topic, text, now) -> PairingNeed:
    """Keep what one of the two schools needs (S4-59)."""
    if school_id not in row.access_schools:
        raise Refused(N_("请从列出的选项里选择"), field="school")
    need = PairingNeed(
        district_id=row.district_id,
        pairing_id=row.id,
        school_id=school_id,
        topic=topic,
        text=text,
        found_on=local_day(now),
        created_by_id=actor.person_id,
    )
    db.session.add(need)
    audit.record(actor, "school_pairing.need", row, {"need": (None, text)})
    return need


def drop_need(actor, need: PairingNeed, *, expected, now) -> None:
    """That a need is none any more, or is one again."""
    expect_version(need, expected)
    need.dropped_on = None if need.dropped_on else local_day(now)
    change = (need.text, None) if need.dropped_on else (None, need.text)
    audit.record(actor, "school_pairing.drop_need", need.pairing, {"need": change})


def count(actor, row: SchoolPairing, *, kind, day, number, now) -> PairingCount:
    """Keep a number of a day; a second one of that day replaces the first. Never a name (S4-16, S4-35)."""
    if day > local_day(now):
        raise Refused(N_("日期不能晚于今天"), field="day")
    found = next(
        (each for each in pairing_cycle.counts_of(row) if (each.kind, each.day) == (kind, day)), None
    )
    old = found.number if found else None
    if found is None:
        found = PairingCount(
            district_id=row.district_id,
            pairing_id=row.id,
            kind=kind,
            day=day,
            created_by_id=actor.person_id,
        )
        db.session.add(found)
    found.number = number
    audit.record(actor, "school_pairing.count", row, {"count_kind": (None, kind), "quantity": (old, number)})
    return found


def detail(actor, record: WorkRecord, *, giver_id, need_id, item, worth) -> None:
    """Say of a record of a school pair which school gave, for which need, what thing of what worth (S4-14)."""
    row = record.school_pairing
    need = pairing_cycle.need_by_id(record.district_id, need_id) if need_id else None
    if giver_id not in row.access_schools or (need_id and (need is None or need.pairing_id != row.id)):
        raise Refused(N_("请从列出的选项里选择"), field="need" if need_id else "giver")
    found = pairing_cycle.details_of(record.district_id, [record.id]).get(record.id)
    if found is None:
        found = SupportDetail(district_id=record.district_id, record_id=record.id)
        db.session.add(found)
    found.giver_id, found.need_id, found.item, found.worth = giver_id, need_id, item, worth


def review(actor, row: SchoolPairing, school_id, year: str, *, expected, now, **values) -> PairingReview:
    """Write what one school says of a school year; the other side's principal hears that it is there."""
    if row.state not in ("active", "closed"):
        raise Refused(N_("结对批准以后才能评议"), field="done")
    found = pairing_cycle.own_review(row, school_id, year)
    if found is not None:
        expect_version(found, expected)
        for name, value in values.items():
            setattr(found, name, value)
    else:
        found = PairingReview(
            district_id=row.district_id,
            pairing_id=row.id,
            school_id=school_id,
            year=year,
            created_by_id=actor.person_id,
            written_on=local_day(now),
            **values,
        )
        db.session.add(found)
        pairing.tell_principals(actor, row, "pairing_reviewed", now, who=actor.name)
    audit.record(actor, "school_pairing.review", row, {"year": (None, year)})
    return found


def ask_renewal(actor, row: SchoolPairing, *, ends_on, changes, now) -> PairingRenewal:
    """Ask that a pair goes on for another year; a principal who asks has agreed for the own school (S4-20)."""
    if row.state != "active":
        raise Refused(N_("结对中才能续期"), field="ends_on")
    if ends_on <= row.ends_on:
        raise Refused(N_("要晚于现在的结束日期"), field="ends_on")
    rules = pairing_cycle.rules_of(row)
    last = cycle_ends(rules, row.starts_on)
    if last and ends_on > last:
        raise Refused(
            N_("一个周期 %(years)s 年，到 %(day)s 为止：请先写周期总结，再重新结对"),
            field="ends_on",
            years=rules.cycle_years,
            day=last.isoformat(),
        )
    asked = PairingRenewal(
        district_id=row.district_id,
        pairing_id=row.id,
        old_ends_on=row.ends_on,
        ends_on=ends_on,
        changes=changes,
        created_by_id=actor.person_id,
    )
    db.session.add(asked)
    db.session.flush()  # a second open one breaks its constraint here
    audit.record(actor, "school_pairing.ask_renewal", row, {"ends_on": (row.ends_on, ends_on)})
    _agree(actor, asked, now)
    pairing.tell_principals(actor, row, "renewal_asked", now, who=actor.name)
    return asked


def agree_renewal(actor, asked: PairingRenewal, *, expected, now) -> None:
    """Agree for the own school; with both, the bureau is asked."""
    _expect_open(asked, expected)
    if not _agree(actor, asked, now):
        raise Conflict(asked)


def approve_renewal(actor, asked: PairingRenewal, *, expected, now) -> None:
    """The bureau approves: the pair goes on to its new end."""
    _expect_open(asked, expected)
    if not (asked.donor_agreed_by_id and asked.beneficiary_agreed_by_id):
        raise Conflict(asked)
    row = asked.pairing
    asked.approved_by_id, asked.settled_on = actor.person_id, local_day(now)
    changes = audit.changes_of(row, {"ends_on": asked.ends_on})
    audit.record(actor, "school_pairing.renew", row, changes)
    pairing.tell_principals(actor, row, "pair_renewed", now)


def withdraw_renewal(actor, asked: PairingRenewal, *, expected, now) -> None:
    """Take it back or say no: the pair ends on its day."""
    _expect_open(asked, expected)
    asked.withdrawn_on = local_day(now)
    audit.record(actor, "school_pairing.withdraw_renewal", asked.pairing, {"ends_on": (asked.ends_on, None)})


def _expect_open(asked: PairingRenewal, expected) -> None:
    expect_version(asked, expected)
    if asked.settled_on or asked.withdrawn_on or asked.pairing.state != "active":
        raise Conflict(asked)


def _agree(actor, asked: PairingRenewal, now) -> bool:
    row, given = asked.pairing, False
    for permission, side in SIDES.items():
        if can(actor, permission, row) and getattr(asked, f"{side}_agreed_by_id") is None:
            setattr(asked, f"{side}_agreed_by_id", actor.person_id)
            given = True
    if given:
        audit.record(actor, "school_pairing.agree_renewal", row)
    return given


def sum_up(actor, row: SchoolPairing, *, last_day, achieved, lessons, commended, now) -> CycleSummary:
    """Write what the time of a pair brought, with its counts as they stand (S4-21)."""
    if row.state not in ("active", "closed"):
        raise Refused(N_("结对批准以后才能总结"), field="achieved")
    if last_day <= row.starts_on or last_day > max(row.ends_on, local_day(now)):
        raise Refused(N_("请填写结对期间的一天"), field="last_day")
    figures = figures_of(row, row.starts_on, last_day)
    found = next((each for each in pairing_cycle.summaries_of(row) if each.last_day == last_day), None)
    if found is None:
        found = CycleSummary(
            district_id=row.district_id,
            pairing_id=row.id,
            first_day=row.starts_on,
            last_day=last_day,
            created_by_id=actor.person_id,
        )
        db.session.add(found)
    found.achieved, found.lessons, found.commended = achieved, lessons, commended
    found.figures, found.written_on = figures, local_day(now)
    audit.record(actor, "school_pairing.sum_up", row, {"ends_on": (None, last_day)})
    return found


def figures_of(row: SchoolPairing, first, last) -> dict:
    """The counts of a pair in a time: records, periods, pieces, yuan, and needs that were answered."""
    given = pairing_cycle.given_in([row], first, last)
    needs = [line for line in pairing_cycle.needs_of(row) if line.need.dropped_on is None]
    return {
        "records": sum(each.records for each in given),
        "periods": sum(each.periods for each in given),
        "pieces": sum(each.pieces for each in given),
        "worth": sum(each.worth for each in given),
        "needs": len(needs),
        "answered": sum(bool(line.answers) for line in needs),
    }
