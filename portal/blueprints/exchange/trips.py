"""Visits in a group: 影子培训 at a school (S4-33), delegations that a secondee arranged (S4-08)."""

from flask_babel import gettext as _

from portal.actions import secondment_work as work
from portal.auth import actor, can, now, requires
from portal.blueprints.exchange import bp
from portal.blueprints.exchange.secondment_forms import TripForm
from portal.queries import schools, secondment_work, secondments
from portal.web import go, history_of, render, saved


@bp.get("/secondments/trips")
@requires("secondment.list")
def trip_list():
    """The visits in sight with people and person-days."""
    return render("exchange/trips.html", trips=secondment_work.trips(actor()))


def _form(trip=None) -> TripForm:
    who = actor()
    at = (
        schools.open_schools(who.district_id)
        if who.offices
        else schools.with_id_in(who.district_id, who.manages_schools)
    )
    if trip is not None and trip.school_id not in {school.id for school in at}:
        at = [*at, trip.school]
    away = secondments.all_matching(who, state="away")
    return TripForm(schools=at, secondments=away, trip=trip, obj=trip)


@bp.route("/secondments/trips/new", methods=["GET", "POST"])
@requires("study_trip.create")
def trip_new():
    """Enter a visit."""
    form = _form()
    if form.validate_on_submit():
        made = saved(form, lambda: work.save_trip(actor(), None, form.trip_values, now=now()))
        if made:
            return go("exchange.trip", _("已登记"), study_trip_id=made.id)
    return render("exchange/trip_form.html", form=form, trip=None)


@bp.get("/secondments/trips/<uuid:study_trip_id>")
@requires("study_trip.view", secondment_work.trip_by_id, name="trip")
def trip(trip):
    """One visit."""
    return render(
        "exchange/trip.html", trip=trip, may_edit=can("study_trip.edit", trip), history=history_of(trip)
    )


@bp.route("/secondments/trips/<uuid:study_trip_id>/edit", methods=["GET", "POST"])
@requires("study_trip.edit", secondment_work.trip_by_id, name="trip")
def trip_edit(trip):
    """Change a visit."""
    form = _form(trip)
    if form.validate_on_submit() and saved(
        form,
        lambda: work.save_trip(actor(), trip, form.trip_values, expected=form.expected_version, now=now()),
        trip,
        *TripForm.NAMES,
    ):
        return go("exchange.trip", _("已保存"), study_trip_id=trip.id)
    return render("exchange/trip_form.html", form=form, trip=trip)
