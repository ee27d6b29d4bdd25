"""Roles of a person: named and ended with dates."""

from flask_babel import gettext as _

from portal import labels
from portal.actions import roles as actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.admin import bp
from portal.blueprints.admin.forms import EndRoleForm, RoleForm
from portal.domain.predicates import CHOSEN_BY_PRINCIPAL
from portal.forms import as_uuid
from portal.queries import clusters, schools, staff
from portal.queries import people as people_queries
from portal.web import go, render, saved


@bp.route("/people/<uuid:person_id>/roles/new", methods=["GET", "POST"])
@requires("role.begin", people_queries.person_by_id)
def role_new(person):
    """Give a person a role: any for the bureau, the own school's office for a principal."""
    who = actor()
    if can("district.manage"):
        offered = {
            "roles": [code for code in labels.ROLE if code not in ("teacher", "lead")],
            "schools": schools.open_schools(who.district_id),
            "clusters": clusters.all_clusters(who),
        }
    else:
        offered = {
            "roles": [code for code in labels.ROLE if code in CHOSEN_BY_PRINCIPAL],
            "schools": schools.with_id_in(who.district_id, who.principal_of),
        }
    post = staff.present_post(person)
    form = RoleForm(since=today(), school=str(post.school_id) if post else "", **offered)
    if form.validate_on_submit():
        values = {
            **form.values("role", "since"),
            "office": form.office.data or None,
            "school": next((s for s in offered["schools"] if str(s.id) == form.school.data), None),
            "cluster": clusters.cluster_by_id(who.district_id, as_uuid(form.cluster.data))
            if form.cluster.data
            else None,
        }
        if saved(form, lambda: actions.begin(who, person, now=now(), **values)):
            return go("admin.person", _("已任职"), person_id=person.id, _anchor="roles")
    return render("admin/role_form.html", form=form, person=person, is_wide=can("district.manage"))


@bp.route("/roles/<uuid:role_id>/end", methods=["GET", "POST"])
@requires("role.end", staff.role_by_id)
def role_end(role):
    """End a role with its last day."""
    person, form = role.person, EndRoleForm(last_day=today())
    if form.validate_on_submit():
        day = form.last_day.data
        if saved(form, lambda: actions.end(actor(), role, last_day=day, today=today())):
            return go("admin.person", _("已登记卸任"), person_id=person.id, _anchor="roles")
    return render("admin/role_end.html", form=form, person=person, assignment=role)
