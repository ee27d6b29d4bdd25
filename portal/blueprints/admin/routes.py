"""The front page of administration, and the district."""

from flask_babel import gettext as _

from portal.actions import terms as actions
from portal.auth import actor, requires, today
from portal.blueprints.admin import bp
from portal.blueprints.admin.forms import DistrictForm
from portal.queries import clusters, staff, terms
from portal.web import go, history_of, render, saved


@bp.get("/")
@requires("person.list")
def index():
    """What this person looks after, with what is still missing."""
    who = actor()
    term = terms.current_term(who.district_id, today())
    days = terms.unusual_days(who.district_id, term.first_day, term.last_day) if term else []
    return render(
        "admin/index.html",
        district=clusters.district(who.district_id),
        term=term,
        open_swaps=[d for d in days if d.needs_weekday],
        people=staff.number_matching(who, today()),
        without=staff.number_matching(who, today(), account="no"),
    )


@bp.route("/district", methods=["GET", "POST"])
@requires("district.manage")
def district():
    """The names of the district and its bureau."""
    found = clusters.district(actor().district_id)
    form = DistrictForm(obj=found)
    if form.validate_on_submit():
        values = {**form.values("name", "bureau_name"), "expected": form.expected_version}
        if saved(form, lambda: actions.edit_district(actor(), found, **values), found, "name", "bureau_name"):
            return go("admin.index", _("已保存"))
    return render("admin/district.html", form=form, district=found, history=history_of(found))
