"""A school becomes part of another one."""

from datetime import timedelta

from flask_babel import gettext as _

from portal.actions import mergers as actions
from portal.auth import actor, requires, today
from portal.blueprints.clusters import bp
from portal.blueprints.clusters.forms import MergeForm
from portal.blueprints.clusters.routes import when
from portal.forms import as_uuid
from portal.queries import mergers, schools
from portal.web import go, render, saved


@bp.route("/schools/<uuid:school_id>/merge", methods=["GET", "POST"])
@requires("school.define", schools.by_id)
def school_merge(school):
    """Its people, sub-schools and memberships with it; what goes on with other schools is shown before."""
    others = [each for each in schools.open_schools(school.district_id) if each.id != school.id]
    inside = schools.clusters_of(school.district_id, [each.id for each in others], today())
    form = MergeForm(schools=others, clusters_of=inside, last_day=today() - timedelta(days=1))
    if form.validate_on_submit():
        into = next(each for each in others if each.id == as_uuid(form.into.data))
        values = {**form.values("last_day", "reason"), "expected": form.expected_version}
        moved = saved(
            form, lambda: (actions.merge(actor(), school, into, when=when(form), **values),), school
        )
        if moved:
            words = _("已并入%(school)s，教职工 %(count)s 人", school=into.name, count=moved[0])
            return go("clusters.school", words, school_id=into.id)
    return render(
        "clusters/school_merge.html",
        form=form,
        school=school,
        people=schools.people_on_staff(school),
        below=schools.sub_schools(school, closed=False),
        inside=schools.clusters_of(school.district_id, [school.id], today()).get(school.id, []),
        under_way=mergers.under_way(school),
    )
