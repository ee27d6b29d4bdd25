"""What the classes of a school need from visiting teachers, beside what the roster says about its staff."""

from portal.actions import proposals as actions
from portal.auth import actor, may_on, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.forms_proposals import DemandForm
from portal.queries import proposals, schools, terms, visiting
from portal.web import commit, go, read_version, render, saved


@bp.route("/schools/<uuid:school_id>/demands", methods=["GET", "POST"])
@requires("school.demands", schools.by_id)
def demands(school):
    """The list of a term, the form for another, and the staffing of the school's roster."""
    form, term = DemandForm(), terms.current_term(actor().district_id, today())
    if term is not None and form.validate_on_submit():
        values = {name: form[name].data for name in ("class_name", "subject", "periods", "daily")}
        if saved(form, lambda: actions.ask_for(actor(), school, term, values)):
            return go("visiting.demands", school_id=school.id)
    return render(
        "visiting/demands.html",
        form=form,
        school=school,
        term=term,
        demands=proposals.demands_of(school.district_id, term.id, [school.id]) if term else [],
        staffing=proposals.staffing_of(school),
        has_bells=bool(visiting.bells_of(school.district_id, [school.id])),
    )


@bp.post("/demands/<uuid:demand_id>/remove")
@requires("demand.edit", proposals.demand_by_id)
def demand_remove(demand):
    """A class needs it no more."""
    school = schools.by_id(demand.district_id, demand.school_id)
    may_on("school.demands", school)
    actions.withdraw(actor(), demand, expected=read_version())
    commit()
    return go("visiting.demands", school_id=school.id)
