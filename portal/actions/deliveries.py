"""Deliveries and calls for help: published, changed, held, confirmed by the school that receives (S2-03, S4-15)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from portal.actions import audit
from portal.actions.delivery_rows import hold_row, main_cluster_id, tell_people, tell_schools
from portal.actions.errors import NotAllowed, Refused
from portal.actions.signups import refuse_busy, settle_places
from portal.actions.steps import expect_version, take_step
from portal.domain.access import can
from portal.domain.deliveries import VISITS, duration_text
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Delivery
from portal.queries import schools, signups

# Words of the history for columns whose name alone says too little there.
TOLD_AS = {"kind": "delivery_kind", "starts": "time", "minutes": "hours"}
# What says when people have to be there.
WHEN = ("starts_on", "ends_on", "time", "hours", "rhythm")


@dataclass(frozen=True)
class Service:
    """What the receiving school says about one person: whether they came, minutes and periods given."""

    signup_id: UUID
    came: bool
    minutes: int | None = None
    periods: int | None = None


def publish(actor, values: dict, *, now) -> Delivery:
    """Ask for people at one's school, or bring something to another school, or both for the bureau."""
    delivery = Delivery(district_id=actor.district_id, created_by_id=actor.person_id, **values)
    _check(actor, delivery, local_day(now))
    delivery.cluster_id = main_cluster_id(actor.district_id, delivery.school_id, local_day(now))
    db.session.add(delivery)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "delivery.create", delivery, _told({}, _facts(delivery)))
    return delivery


def edit(actor, delivery: Delivery, values: dict, *, expected, now) -> None:
    """Change what nobody has held yet. Whoever signed up is told when day or time moved.

    Refused where somebody who has a place would have a lesson or another delivery then, and for a new day
    that is over.
    """
    hold_row(delivery)
    expect_version(delivery, expected)
    if delivery.state not in ("open", "filled"):
        raise Refused(N_("已经开展或取消，不能再修改"))
    rows = [row for row in signups.signups_of(delivery) if row.state in ("invited", "waiting", "taken")]
    if rows and values["school_id"] != delivery.school_id:
        raise Refused(N_("已经有人报名，学校不能改；请取消后另发一条"), field="school")
    taken = [row for row in rows if row.state == "taken"]
    if values["wanted"] < len(taken):
        raise Refused(N_("已经排上 %(count)s 人，人数不能更少"), field="wanted", count=len(taken))
    before, days, was_full = _facts(delivery), _days(delivery), len(taken) >= delivery.wanted
    with db.session.no_autoflush:  # the rules speak before the constraints do
        audit.changes_of(delivery, values)
        _check(actor, delivery, local_day(now), moved=_days(delivery) != days)
        told = _told(before, _facts(delivery))
        if told.keys() & set(WHEN):
            for row in taken:
                refuse_busy(delivery, row, field="starts_clock", named=True)
    if not told:
        return
    _move_together(taken, delivery.wanted)
    audit.record(actor, "delivery.edit", delivery, told)
    settle_places(actor, delivery, was_full=was_full, now=now)
    if told.keys() & set(WHEN):
        tell_people(actor, delivery, rows, "delivery_changed", now, who=actor.name)


def take(actor, delivery: Delivery, action: str, *, note: str = "", expected, now) -> None:
    """Hold, close, open again, correct or cancel."""
    hold_row(delivery)
    expect_version(delivery, expected)
    rows = signups.signups_of(delivery)
    taken = [row for row in rows if row.state == "taken"]
    if action == "hold":
        _hold(actor, delivery, taken, local_day(now))
    if action == "reopen" and len(taken) >= delivery.wanted:
        raise Refused(N_("名额已满；还要人，请先把需要人数改大"))
    take_step(actor, delivery, action, note=note)
    if action == "hold":
        tell_schools(actor, delivery, "delivery_held", now, [delivery.school_id])
    if action == "cancel":
        live = [row for row in rows if row.state in ("invited", "waiting", "taken")]
        tell_people(actor, delivery, live, "delivery_cancelled", now)


def _hold(actor, delivery: Delivery, taken, today: date) -> None:
    """Whether somebody may say that it has been held: the schools, and who has a place."""
    if not can(actor, "delivery.hold", delivery):
        raise NotAllowed("delivery.hold")
    has_place = actor.person_id in {row.person_id for row in taken}
    if not has_place and not actor.manages_schools & delivery.access_schools:
        raise Refused(N_("还没有排上名额"))
    if delivery.starts_on > today:
        raise Refused(N_("还没有到日期"))
    if not taken:
        raise Refused(N_("还没有人排上名额"))
    if delivery.state in ("open", "filled"):
        delivery.held_on = min(delivery.ends_on or delivery.starts_on, today)


def confirm(
    actor,
    delivery: Delivery,
    services: list[Service],
    *,
    held_on: date,
    audience_count: int | None,
    thanks: str,
    expected,
    now,
) -> None:
    """The receiving school says who came, for how long, and how many listened; never about one's own hours."""
    hold_row(delivery)
    expect_version(delivery, expected)
    if not can(actor, "delivery.confirm", delivery):
        raise NotAllowed("delivery.confirm")
    today = local_day(now)
    taken = {row.id: row for row in signups.signups_of(delivery) if row.state == "taken"}
    if delivery.state in ("open", "filled"):
        _hold(actor, delivery, taken.values(), today)
        take_step(actor, delivery, "hold")
    _check_services(delivery, taken, services, held_on, audience_count, today)
    changes = audit.changes_of(
        delivery,
        {
            "held_on": held_on,
            "audience_count": audience_count,
            "thanks": thanks,
            "confirmed_by_id": actor.person_id,
        },
    )
    changes.pop("confirmed_by_id", None)
    for each in services:
        row = taken[each.signup_id]
        row.came = each.came
        row.minutes, row.periods = (each.minutes or 0, each.periods or 0) if each.came else (None, None)
    take_step(actor, delivery, "confirm")
    came = [row for row in taken.values() if row.came]
    changes["who"] = (None, "、".join(row.person.name for row in came))
    audit.record(actor, "delivery.record", delivery, changes)
    tell_people(actor, delivery, came, "delivery_confirmed", now)


def _check_services(delivery, taken, services, held_on: date, audience_count, today: date) -> None:
    if {each.signup_id for each in services} != set(taken):
        raise Refused(N_("参加的人有变动，请看最新名单再确认"))
    if not delivery.starts_on <= held_on <= today:
        raise Refused(N_("开展日期要在开始日期以后、今天以前"), field="held_on")
    if not any(each.came for each in services):
        raise Refused(N_("没有人来的，请取消这一项并写明理由"))
    for each in services:
        if each.came and not (each.minutes or each.periods):
            raise Refused(
                N_("请填写%(name)s的时长或节数"),
                field=f"hours_{each.signup_id.hex}",
                name=taken[each.signup_id].person.name,
            )
    if delivery.kind in VISITS and audience_count is None:
        raise Refused(N_("请填写到场人数"), field="audience_count")


def _days(delivery: Delivery) -> tuple:
    return delivery.starts_on, delivery.ends_on


def _check(actor, delivery: Delivery, today: date, *, moved: bool = True) -> None:
    """The rules of a delivery; one whose days stay (not ``moved``) may be over, to have its words put right."""
    wanted = {delivery.school_id, delivery.from_school_id} - {None}
    found = {school.id for school in schools.with_id_in(delivery.district_id, wanted)}
    if delivery.school_id not in found:
        raise Refused(N_("请从列出的选项里选择"), field="school")
    if delivery.from_school_id == delivery.school_id:
        raise Refused(N_("派出学校不能是接收学校"), field="from_school")
    if found != wanted:
        raise Refused(N_("请从列出的选项里选择"), field="from_school")
    if not (actor.offices or actor.manages_schools & found):
        raise Refused(N_("只能为本校发布，或由本校派出"), field="school")
    if delivery.ends_on and delivery.ends_on < delivery.starts_on:
        raise Refused(N_("结束日期要在开始日期之后"), field="ends_on")
    if moved and (delivery.ends_on or delivery.starts_on) < today:
        raise Refused(N_("日期不能在今天以前"), field="starts_on")


def _move_together(taken, wanted: int) -> None:
    """Give those beyond the last place one of the free ones below it."""
    free = [place for place in range(1, wanted + 1) if place not in {row.place for row in taken}]
    for row in taken:
        if row.place > wanted:
            row.place = free.pop(0)


def _facts(delivery: Delivery) -> dict:
    """What a history tells of a delivery."""
    names = {
        school.id: school.name
        for school in schools.with_id_in(
            delivery.district_id, {delivery.school_id, delivery.from_school_id} - {None}
        )
    }
    columns = "kind title subject stage starts_on ends_on starts minutes rhythm wanted direct audience is_open".split()
    facts = {TOLD_AS.get(name, name): getattr(delivery, name) for name in columns}
    if facts["time"] is not None:
        facts["time"] = f"{facts['time'] // 60}:{facts['time'] % 60:02d}"
    facts["school"], facts["from_school"] = names.get(delivery.school_id), names.get(delivery.from_school_id)
    facts["hours"] = facts["hours"] and duration_text(facts["hours"])
    return facts


def _told(before: dict, after: dict) -> dict:
    """Field -> (old, new) of what differs."""
    return {
        name: (before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value and (before or value not in ("", None))
    }
