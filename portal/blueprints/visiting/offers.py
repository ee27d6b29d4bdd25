"""Offers of time: who can come, what for, when and where; invited to a call for help."""

from flask import request
from flask_babel import gettext as _

from portal.actions import offers as actions
from portal.actions import signups as signup_actions
from portal.actions.errors import Refused
from portal.auth import actor, can, now, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.forms_deliveries import OfferForm
from portal.domain.words import N_
from portal.forms import as_uuid
from portal.queries import deliveries, pairing, people, volunteers
from portal.web import commit, go, history_of, read_step, render, saved

SHOWN = ("subject", "starts_on", "ends_on", "times", "details")


def _people() -> list:
    """For whom somebody may offer: oneself when at a school, and the volunteers in one's hand."""
    who = actor()
    mine = [(who.person_id, _("本人"))] if who.works_at else []
    kept = [v for v in volunteers.all_in_sight(who) if can("volunteer.edit", v)]
    return mine + [(v.person_id, _("%(name)s（志愿者）", name=v.person.name)) for v in kept]


@bp.route("/offers/new", methods=["GET", "POST"])
@requires("offer.create")
def offer_new():
    """Say when somebody has time."""
    who, listed = actor(), _people()
    form = OfferForm(
        schools=pairing.schools_in_sight(who),
        people=listed,
        person=request.args.get("person", ""),
        kind="volunteer_service",
        starts_on=today(),
    )
    if listed and form.validate_on_submit():
        person = people.person_by_id(who.district_id, as_uuid(form.person.data))
        values = form.offer_values
        made = saved(form, lambda: actions.offer(who, person, values, form.school_ids, now=now()))
        if made:
            return go("visiting.offer", _("已登记"), offer_id=made.id)
    return render("visiting/offer_form.html", form=form, offer=None, has_people=bool(listed))


@bp.get("/offers/<uuid:offer_id>")
@requires("offer.view", deliveries.offer_by_id)
def offer(offer):
    """One offer, with the calls for help that it could answer."""
    who = actor()
    return render(
        "visiting/offer.html",
        offer=offer,
        calls=deliveries.open_to_invite(who, today()) if can("offer.invite", offer) else [],
        history=history_of(offer),
    )


@bp.route("/offers/<uuid:offer_id>/edit", methods=["GET", "POST"])
@requires("offer.edit", deliveries.offer_by_id)
def offer_edit(offer):
    """Change an offer."""
    listed = [(offer.person_id, offer.person.name)]
    in_sight = {school.id: school for school in pairing.schools_in_sight(actor())}
    known = {row.school_id: row.school for row in offer.schools} | in_sight
    form = OfferForm(schools=known.values(), people=listed, offer=offer, person=str(offer.person_id))
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.edit(
            actor(), offer, form.offer_values, form.school_ids, expected=form.expected_version
        ),
        offer,
        *SHOWN,
    ):
        return go("visiting.offer", _("已保存"), offer_id=offer.id)
    return render("visiting/offer_form.html", form=form, offer=offer, has_people=True)


@bp.post("/offers/<uuid:offer_id>/step")
@requires("offer.view", deliveries.offer_by_id)
def offer_step(offer):
    """Take it off the board, or put it there again."""
    step = read_step("teaching_offer")
    actions.take(actor(), offer, step.action, note=step.note, expected=step.expected)
    commit()
    return go("visiting.offer", _("已办理"), offer_id=offer.id)


@bp.post("/offers/<uuid:offer_id>/invite")
@requires("offer.invite", deliveries.offer_by_id)
def offer_invite(offer):
    """Ask the person to one of one's own calls for help."""
    chosen = deliveries.by_id(offer.district_id, as_uuid(request.form.get("delivery")))
    if chosen is None or not can("delivery.view", chosen):
        raise Refused(N_("请从列出的选项里选择"), field="delivery")
    signup_actions.invite(actor(), chosen, offer.person, offer=offer, now=now())
    commit()
    return go("visiting.delivery", _("已邀请，等答复"), delivery_id=chosen.id)
