"""Guests and results of an activity, by name (S1-72, S4-38)."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.actions import activity_credits as actions
from portal.auth import actor, now, requires
from portal.blueprints.plans import bp
from portal.forms import LineField, PortalForm
from portal.queries import activities, activity_credits
from portal.web import commit, go, render, saved


class GuestForm(PortalForm):
    """Who came from outside."""

    name = LineField(_l("姓名"), longest=60, needed=True)
    unit = LineField(_l("单位"), longest=80)
    about = LineField(_l("职称或职务"), longest=80)


class ResultForm(PortalForm):
    """Who reached what."""

    name = LineField(_l("获奖或展示的人（组）"), longest=60, needed=True)
    unit = LineField(_l("学校"), longest=80)
    about = LineField(_l("结果"), longest=80, needed=True)


@bp.route("/activities/<uuid:activity_id>/guests", methods=["GET", "POST"])
@requires("activity.edit", activities.by_id)
def activity_guests(activity):
    """The guests of an activity, and the form for another."""
    return _page(activity, "guest", GuestForm())


@bp.route("/activities/<uuid:activity_id>/results", methods=["GET", "POST"])
@requires("activity.edit", activities.by_id)
def activity_results(activity):
    """What an activity came to, and the form for another result."""
    return _page(activity, "result", ResultForm())


def _page(activity, kind: str, form):
    address = f"plans.activity_{kind}s"
    if form.validate_on_submit():
        values = form.values("name", "unit", "about")
        if saved(form, lambda: actions.name_one(actor(), activity, kind, **values, now=now())):
            return go(address, _("已登记：%(name)s", name=form.name.data), activity_id=activity.id)
    return render(
        "plans/activity_credits.html",
        form=form,
        activity=activity,
        kind=kind,
        address=address,
        lines=activity_credits.of_kind(activity, kind),
    )


@bp.post("/activities/<uuid:activity_id>/named/<uuid:credit>/remove")
@requires("activity.edit", activities.by_id)
def activity_credit_remove(activity, credit):
    """Take one off."""
    name = actions.take_off(actor(), activity, credit, now=now())
    commit()
    return go("plans.activity", _("已移出：%(name)s", name=name), activity_id=activity.id, _anchor="credits")
