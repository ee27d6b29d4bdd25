"""Signing up for a delivery: places are given once, whoever waits moves up, withdrawal frees the place."""

from portal.actions import audit
from portal.actions.delivery_rows import hold_row, tell_people, tell_schools
from portal.actions.errors import Refused
from portal.actions.steps import expect_version, take_step
from portal.domain import deliveries as rules
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.words import N_, Message, message
from portal.extensions import db
from portal.models import Delivery, DeliverySignup, Person, TeachingOffer
from portal.queries import people, signups, visiting, volunteers


def join(actor, delivery: Delivery, person: Person | None = None, *, now) -> DeliverySignup:
    """Sign up oneself, or a volunteer whom one's school or the bureau keeps.

    With direct sign-up a free place is taken at once; otherwise, and when all are taken, the person waits.
    """
    hold_row(delivery)
    person_id = person.id if person else actor.person_id
    row = _row_for(actor, delivery, person_id, now)
    if person_id != actor.person_id and not can(actor, "signup.answer", row):
        raise Refused(N_("只能替本校登记的志愿者报名"), field="person")
    _refuse_closed(delivery, local_day(now))
    if row.state in signups.LIVE and row.version:
        raise Refused(N_("这一位已经报过名"), field="person")
    if row.state == "declined":
        raise Refused(N_("学校这次没有排上您，有疑问请直接联系学校"), field="person")
    refuse_busy(delivery, row)
    if row.version:
        row.signed_at = now
        take_step(actor, row, "again")
    else:
        _add(actor, row, "delivery_signup.create")
    if delivery.direct and _free(delivery):
        _seat(actor, delivery, row, "seat")
    tell_schools(actor, delivery, "delivery_joined", now, who=_name(row))
    return row


def invite(actor, delivery: Delivery, person: Person, *, offer: TeachingOffer | None = None, now):
    """Ask somebody to come: a teacher answers on the page, a volunteer through the school that keeps the entry."""
    if not can(actor, "delivery.edit", delivery):
        raise Refused(N_("只能邀请到本校发布的安排"), field="delivery")
    hold_row(delivery)
    row = _row_for(actor, delivery, person.id, now)
    _refuse_closed(delivery, local_day(now))
    if row.state in signups.LIVE and row.version:
        raise Refused(N_("这一位已经报过名"), field="person")
    row.offer_id = offer.id if offer else row.offer_id
    if row.version:
        row.signed_at = now
        take_step(actor, row, "invite")
    else:
        row.state = "invited"
        _add(actor, row, "delivery_signup.invite")
    tell_people(actor, delivery, [row], "delivery_invited", now, who=actor.name)
    return row


def take(actor, row: DeliverySignup, action: str, *, note: str = "", expected, now) -> None:
    """Accept, agree, withdraw, decline or take a place back, as long as nothing has been held."""
    delivery = row.delivery
    hold_row(delivery)
    expect_version(row, expected)
    if delivery.state not in ("open", "filled"):
        raise Refused(N_("已经开展或取消，不能再改名单"))
    was_full = not _free(delivery)
    if action in ("accept", "agree"):
        if was_full:
            raise Refused(N_("名额已满"))
        refuse_busy(delivery, row)
        _seat(actor, delivery, row, action)
        if action == "agree":
            tell_schools(actor, delivery, "delivery_agreed", now, who=_name(row))
        else:
            tell_people(actor, delivery, [row], "delivery_seated", now)
        return
    with db.session.no_autoflush:  # state and place change together
        row.place = None
        take_step(actor, row, action, note=note)
    db.session.flush()  # the place is free for the next one
    settle_places(actor, delivery, was_full=was_full, now=now)
    if action == "withdraw":
        tell_schools(actor, delivery, "delivery_left", now, who=_name(row))
    else:
        tell_people(actor, delivery, [row], "delivery_declined", now)


def reveal_phone(actor, row: DeliverySignup) -> str:
    """The phone number of who signed up, for the schools concerned; that somebody looked is on record."""
    if row.state not in signups.LIVE and not actor.offices:
        raise Refused(N_("已经退出，电话不再显示"))
    audit.record(actor, "delivery_signup.reveal", row, {"phone": (None, None)})
    return row.person.phone or ""


def settle_places(actor, delivery: Delivery, *, was_full: bool, now) -> None:
    """After places came free: with direct sign-up whoever waits moves up; the board says whether one is left."""
    if delivery.direct and delivery.state in ("open", "filled"):
        waiting = {row.id: row for row in signups.signups_of(delivery) if row.state == "waiting"}
        for key in rules.line((row.signed_at, row.id) for row in waiting.values()):
            if not _free(delivery):
                break
            if _clash(delivery, waiting[key].person_id):
                continue  # the time has changed, or the week of the one who waits: the place goes to the next
            _seat(actor, delivery, waiting[key], "seat")
            tell_people(actor, delivery, [waiting[key]], "delivery_seated", now)
    free = _free(delivery)
    if free and was_full and delivery.state == "filled":
        take_step(actor, delivery, "free_up")
    if not free and delivery.state == "open":
        take_step(actor, delivery, "fill_up")


def _seat(actor, delivery: Delivery, row: DeliverySignup, action: str) -> None:
    """Give a place. Two at once stand in line at the delivery's row, and the database gives a place once."""
    place = rules.first_free(delivery.wanted, signups.taken_places(delivery))
    if place is None:
        raise Refused(N_("名额已满"))
    with db.session.no_autoflush:  # state and place change together
        row.place = place
        take_step(actor, row, action)
    db.session.flush()  # the next place is counted in the database
    if delivery.state == "open" and not _free(delivery):
        take_step(actor, delivery, "fill_up")


def _free(delivery: Delivery) -> bool:
    return rules.first_free(delivery.wanted, signups.taken_places(delivery)) is not None


def _row_for(actor, delivery: Delivery, person_id, now) -> DeliverySignup:
    """The person's row on the delivery, or a new one that is not added yet."""
    row = signups.signup_of(delivery, person_id)
    if row is not None:
        return row
    home_id = people.home_school_ids(delivery.district_id, [person_id]).get(person_id)
    if home_id == delivery.school_id:
        raise Refused(N_("本校教师不用报名"), field="person")
    volunteer = volunteers.of_person(delivery.district_id, person_id) if home_id is None else None
    if home_id is None and volunteer is None:
        raise Refused(N_("只有在校教师和登记过的志愿者可以报名"), field="person")
    return DeliverySignup(
        district_id=delivery.district_id,
        delivery_id=delivery.id,
        person_id=person_id,
        home_school_id=home_id or volunteer.school_id or _acting_school(actor, delivery),
        is_guest=volunteer is not None,
        is_volunteer=rules.is_volunteer(delivery.kind, volunteer is not None),
        state="waiting",
        signed_at=now,
        created_by_id=actor.person_id,
    )


def _acting_school(actor, delivery: Delivery):
    """For whom somebody signs up a volunteer of the whole district: one of the delivery's schools first."""
    mine = actor.manages_schools
    return min(mine & delivery.access_schools or mine, default=None, key=str)


def _add(actor, row: DeliverySignup, action: str) -> None:
    db.session.add(row)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, action, row, {"person": (None, _name(row))})


def _name(row: DeliverySignup) -> str:
    return people.person_by_id(row.district_id, row.person_id).name


def _refuse_closed(delivery: Delivery, today) -> None:
    if delivery.state not in ("open", "filled") or (delivery.ends_on or delivery.starts_on) < today:
        raise Refused(N_("已经结束，不能再报名"))
    if delivery.state == "filled" and _free(delivery):
        raise Refused(N_("报名已经截止"))


def refuse_busy(delivery: Delivery, row: DeliverySignup, *, field: str = "", named: bool = False) -> None:
    """Refuse when the person has a lesson or another delivery at that time of a single day.

    ``named`` for a page that is about several people: the reason begins with the name.
    """
    reason = _clash(delivery, row.person_id)
    if reason is not None and named:
        reason = message(N_("%(name)s：%(reason)s"), name=_name(row), reason=reason)
    if reason is not None:
        raise Refused(reason.template, field=field, **dict(reason.params))


def _clash(delivery: Delivery, person_id) -> Message | None:
    """What somebody has at the time of a delivery on a single day, as a sentence."""
    if delivery.ends_on or delivery.starts is None or delivery.minutes is None:
        return None
    span = {"starts": delivery.starts, "ends": delivery.starts + delivery.minutes}
    days, district_id = [delivery.starts_on], delivery.district_id
    other = signups.place_at(district_id, days, [person_id], **span, besides=delivery.id)
    if other:
        words = N_("这个时间已报了%(school)s的%(title)s")
        return message(words, school=other.school.name, title=other.title)
    found = visiting.taken(district_id, days, people=[person_id], **span, besides=None)
    if found:
        return message(N_("这个时间在%(school)s有课，请先调课"), school=found[1].school.name)
    return None
