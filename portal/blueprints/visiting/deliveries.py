"""One delivery, from its publication to its confirmation."""

from flask import request
from flask_babel import gettext as _

from portal.actions import deliveries as actions
from portal.actions import signups as signup_actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.forms_deliveries import DeliveryForm, InviteForm, length_words, service_form
from portal.domain import deliveries as rules
from portal.domain.masks import masked_phone
from portal.forms import as_uuid
from portal.queries import deliveries, schools, signups, volunteers
from portal.web import commit, go, history_of, read_step, render, saved, steps_for

SHOWN = ("title", "subject", "starts_on", "ends_on", "rhythm", "wanted", "audience", "details")


@bp.route("/deliveries/new", methods=["GET", "POST"])
@requires("delivery.create")
def delivery_new():
    """Ask for people, or announce what one's school brings; with an offer in the address, in answer to it."""
    who, asked = actor(), request.args
    offer = deliveries.offer_by_id(who.district_id, as_uuid(asked.get("offer")))
    offer = offer if offer and can("offer.invite", offer) else None
    form = DeliveryForm(schools=schools.open_schools(who.district_id), **_first_values(who, offer, asked))
    if form.validate_on_submit():
        made = saved(form, lambda: _publish(form.delivery_values, offer))
        if made:
            return go("visiting.delivery", _("已发布"), delivery_id=made.id)
    return render("visiting/delivery_form.html", form=form, delivery=None, offer=offer)


def _publish(values: dict, offer):
    made = actions.publish(actor(), values, now=now())
    if offer:
        signup_actions.invite(actor(), made, offer.person, offer=offer, now=now())
    return made


def _first_values(who, offer, asked) -> dict:
    """What the form begins with: one's own school on the side that fits."""
    mine = [school.id for school in schools.with_id_in(who.district_id, who.manages_schools)]
    own = str(mine[0]) if mine else ""
    if asked.get("bring"):
        return {"kind": "rural_delivery", "from_school": own}
    first = {"kind": "volunteer_service", "school": own}
    if offer:
        first |= {"kind": offer.kind, "title": offer.subject, "subject": offer.subject, "rhythm": offer.times}
        first |= {"stage": offer.stage or ""}
    return first


@bp.get("/deliveries/<uuid:delivery_id>")
@requires("delivery.view", deliveries.by_id)
def delivery(delivery):
    """One delivery: who comes, what waits, what was confirmed."""
    return delivery_page(delivery)


def delivery_page(delivery, *, form=None, invite_form=None, revealed=None):
    """The page of a delivery; ``revealed``: (sign-up, phone number) that was asked for."""
    who, rows = actor(), signups.signups_of(delivery)
    may_edit, live = can("delivery.edit", delivery), delivery.state in ("open", "filled")
    taken = [row for row in rows if row.state == "taken"]
    may_confirm = can("delivery.confirm", delivery) and delivery.state in ("open", "filled", "held")
    shown = rows if may_edit else [r for r in rows if r.state == "taken" or r.person_id == who.person_id]
    kept = [v for v in volunteers.all_in_sight(who) if can("volunteer.edit", v) or v.is_open]
    return render(
        "visiting/delivery.html",
        delivery=delivery,
        rows=shown,
        taken=taken,
        waiting_count=sum(row.state == "waiting" for row in rows),
        own=next((row for row in rows if row.person_id == who.person_id), None),
        may_edit=may_edit,
        may_join=live and can("delivery.join", delivery) and delivery.school_id not in who.works_at,
        steps=_steps(delivery, taken),
        row_steps={row.id: _row_steps(row) if live else [] for row in shown},
        kept=kept if live and can("volunteer.list") else [],
        phones={row.id: masked_phone(row.person.phone) for row in rows if can("signup.reveal", row)},
        revealed=revealed or (None, ""),
        confirm_form=_confirm_form(delivery, taken, form) if may_confirm and taken else None,
        invite_form=invite_form or InviteForm(formdata=None, volunteers=volunteers.all_in_sight(who)),
        hours=rules.hours_text,
        today=today(),
        history=history_of(delivery),
        form=form or invite_form,
    )


def _steps(delivery, taken) -> list:
    """The steps that make sense now: nothing is held before its day, or by nobody."""
    steps = [step for step in steps_for(delivery) if step.key != "hold" or taken]
    ready = delivery.starts_on <= today() and not can("delivery.confirm", delivery)
    full = len(taken) >= delivery.wanted
    return [s for s in steps if (s.key != "hold" or ready) and not (s.key == "reopen" and full)]


def _row_steps(row) -> list:
    steps = steps_for(row)
    has_own = any(step.key == "withdraw" for step in steps)
    return [step for step in steps if step.key != "release" or not has_own]


def _confirm_form(delivery, taken, form):
    """The form of the receiving school, once the day has come."""
    if form is not None or delivery.starts_on > today():
        return form
    day = delivery.held_on or min(delivery.ends_on or delivery.starts_on, today())
    values = {"held_on": day, "audience_count": delivery.audience_count, "thanks": delivery.thanks}
    for row in taken:
        minutes = row.minutes if row.minutes is not None else None if delivery.ends_on else delivery.minutes
        values[f"came_{row.id.hex}"] = row.came is not False
        values[f"hours_{row.id.hex}"] = length_words(minutes) if minutes else ""
        values[f"periods_{row.id.hex}"] = row.periods
    return service_form(taken, formdata=None, **values)


@bp.route("/deliveries/<uuid:delivery_id>/edit", methods=["GET", "POST"])
@requires("delivery.edit", deliveries.by_id)
def delivery_edit(delivery):
    """Change what nobody has held yet."""
    form = DeliveryForm(schools=schools.open_schools(delivery.district_id), delivery=delivery)
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.edit(
            actor(), delivery, form.delivery_values, expected=form.expected_version, now=now()
        ),
        delivery,
        *SHOWN,
    ):
        return go("visiting.delivery", _("已保存"), delivery_id=delivery.id)
    return render("visiting/delivery_form.html", form=form, delivery=delivery, offer=None)


@bp.post("/deliveries/<uuid:delivery_id>/step")
@requires("delivery.view", deliveries.by_id)
def delivery_step(delivery):
    """Hold, close, open again, correct or cancel."""
    step = read_step("delivery")
    actions.take(actor(), delivery, step.action, note=step.note, expected=step.expected, now=now())
    commit()
    return go("visiting.delivery", _("已办理"), delivery_id=delivery.id)


@bp.post("/deliveries/<uuid:delivery_id>/confirm")
@requires("delivery.confirm", deliveries.by_id)
def delivery_confirm(delivery):
    """The receiving school says who came, for how long, and how many listened."""
    taken = [row for row in signups.signups_of(delivery) if row.state == "taken"]
    form = service_form(taken)
    if form.validate_on_submit() and saved(form, lambda: _confirm(delivery, taken, form), delivery):
        return go("visiting.delivery", _("已确认，参加的人会收到通知"), delivery_id=delivery.id)
    return delivery_page(delivery, form=form)


def _confirm(delivery, taken, form):
    services = [
        actions.Service(
            row.id,
            form[f"came_{row.id.hex}"].data,
            form[f"hours_{row.id.hex}"].minutes,
            form[f"periods_{row.id.hex}"].data,
        )
        for row in taken
        if row.id.hex in request.form.getlist("people")  # who was on the page that was sent
    ]
    values = form.values("held_on", "audience_count", "thanks")
    actions.confirm(actor(), delivery, services, **values, expected=form.expected_version, now=now())
    return True
