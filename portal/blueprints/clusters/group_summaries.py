"""The summary that a group writes of a term, for the cluster's summary to collect (S4-57)."""

from flask import abort, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.actions import group_summaries as actions
from portal.auth import actor, now, requires, today
from portal.blueprints.clusters import bp
from portal.forms import PortalForm, ProseField
from portal.queries import group_activities, group_summaries, groups, summaries, terms
from portal.web import go, render, saved


class GroupSummaryForm(PortalForm):
    """What a group did in a term."""

    text = ProseField(_l("小组学期总结"), longest=5000)


def _term(group):
    """The term that the address names, else the one under way."""
    code = request.args.get("term", "")[:32]
    found = terms.by_code(group.district_id, code) if code else terms.current_term(group.district_id, today())
    return found or abort(404)


@bp.route("/groups/<uuid:group_id>/summary", methods=["GET", "POST"])
@requires("group.plan", groups.by_id)
def group_summary(group):
    """Write the group's summary of a term."""
    if group.cluster_id is None:
        abort(404)
    term = _term(group)
    row = group_summaries.of(group, term)
    form = GroupSummaryForm(obj=row)

    def act():
        values = {"expected": form.expected_version, "now": now()}
        return actions.write(actor(), group, term, form.text.data, **values)

    if form.validate_on_submit() and saved(form, act, row, *(("text",) if row else ())):
        return go("clusters.group", _("已保存"), group_id=group.id, _anchor="summaries")
    collected = summaries.of_cluster(group.cluster, term)
    signed = collected is not None and collected.state != "drafting"
    return render(
        "clusters/group_summary.html",
        form=form,
        group=group,
        term=term,
        row=row,
        signed=signed,
        activities=group_activities.of_group(actor(), group, term),
    )
