"""Members of a cluster as of any day: joining, leaving, passing on the lead."""

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import clusters as actions
from portal.auth import actor, requires, today
from portal.blueprints.clusters import bp
from portal.blueprints.clusters.forms import JoinForm, LeadForm, LeaveForm
from portal.blueprints.clusters.routes import when
from portal.documents.tables import table_workbook
from portal.domain.schemes import load_scheme
from portal.forms import as_uuid, asked_day
from portal.queries import clusters, schools, terms
from portal.web import commit, go, read_version, render, saved, send_workbook


@bp.get("/<uuid:cluster_id>/members")
@requires("cluster.view", clusters.cluster_by_id)
def members(cluster):
    """Who belonged to the cluster on a day, and how that came about."""
    day = asked_day(request.args.get("on"), today())
    rows = clusters.memberships_of(cluster)
    inside = clusters.members_on(cluster, day)
    ids = [m.school_id for m in inside]
    return render(
        "clusters/members.html",
        fragments=("member_list",),
        cluster=cluster,
        scheme=load_scheme(cluster.scheme_code),
        day=day,
        members=inside,
        stays=clusters.stays(rows),
        principals=clusters.principals_of(cluster.district_id, ids, day),
        planned=[m for m in rows if m.starts_on > today()],
        movements=clusters.movements(rows),
        heads=clusters.principals_over_time(cluster.district_id, {m.school_id for m in rows}),
        roles=clusters.roles_in(cluster),
        terms=terms.all_terms(cluster.district_id),
        uncounted=schools.without_main(cluster.district_id, ids, day),
    )


@bp.get("/<uuid:cluster_id>/members.xlsx")
@requires("cluster.view", clusters.cluster_by_id)
def member_export(cluster):
    """The members of a day and every movement as a workbook."""
    day, rows = asked_day(request.args.get("on"), today()), clusters.memberships_of(cluster)
    inside, stays = clusters.members_on(cluster, day), clusters.stays(rows)
    heads = clusters.principals_of(cluster.district_id, [m.school_id for m in inside], day)
    head = [_("学校"), _("身份"), _("所属中心校"), _("主片区"), _("校长"), _("加入日期"), _("退出日期")]
    lines = [
        [
            m.school.name,
            _(labels.CLUSTER_ROLE[m.role]),
            m.school.parent.name if m.school.parent else "",
            _("是") if m.is_main else _("否"),
            heads[m.school_id].name if m.school_id in heads else "",
            *stays[m.id],
        ]
        for m in inside
    ]
    moves = [[m.day, m.school.name, _(labels.CAUSE[m.kind])] for m in clusters.movements(rows)]
    title = _("%(name)s成员校", name=cluster.name)
    more = (_("成员变动"), [_("日期"), _("学校"), _("变动")], moves)
    return send_workbook(table_workbook(title, head, lines, more), f"{title}-{day:%Y%m%d}.xlsx")


def _schools_besides(cluster):
    """Running schools that are not in the cluster now or later."""
    inside = {m.school_id for m in clusters.memberships_of(cluster) if m.ends_on is None}
    running = schools.open_schools(cluster.district_id)
    return [s for s in running if s.id not in inside]


@bp.route("/<uuid:cluster_id>/members/new", methods=["GET", "POST"])
@requires("cluster.edit", clusters.cluster_by_id)
def join(cluster):
    """A school joins, with its sub-schools where wanted."""
    others = _schools_besides(cluster)
    inside = schools.clusters_of(cluster.district_id, [s.id for s in others], today())
    form = JoinForm(schools=others, clusters_of=inside, since=today())
    if form.validate_on_submit():
        chosen = as_uuid(form.school.data)
        joining = [s for s in others if s.id == chosen]
        if form.with_below.data:
            joining += [s for s in others if s.parent_id == chosen]
        values = {**form.values("since", "is_main"), "expected": form.expected_version}
        if saved(form, lambda: actions.join(actor(), cluster, joining, when=when(form), **values), cluster):
            return go("clusters.members", _("已登记加入"), cluster_id=cluster.id)
    return render("clusters/join_form.html", form=form, cluster=cluster)


@bp.route("/<uuid:cluster_id>/lead", methods=["GET", "POST"])
@requires("cluster.edit", clusters.cluster_by_id)
def lead(cluster):
    """Another school takes the lead from a day on."""
    running = schools.open_schools(cluster.district_id)
    current = clusters.lead_school(cluster, today())
    mine = {m.school_id for m in clusters.members_on(cluster, today())}
    running.sort(key=lambda s: s.id not in mine)
    form = LeadForm(schools=[s for s in running if s != current], since=today())
    if form.validate_on_submit():
        chosen = as_uuid(form.school.data)
        school = next(s for s in running if s.id == chosen)
        values = {"since": form.since.data, "expected": form.expected_version}
        if saved(
            form, lambda: actions.change_lead(actor(), cluster, school, when=when(form), **values), cluster
        ):
            return go("clusters.members", _("领衔学校已更换"), cluster_id=cluster.id)
    return render("clusters/lead_form.html", form=form, cluster=cluster, current=current)


@bp.route("/memberships/<uuid:membership_id>/end", methods=["GET", "POST"])
@requires("cluster.edit", clusters.membership_by_id)
def leave(membership):
    """A school leaves with a last day."""
    cluster, form = membership.cluster, LeaveForm(last_day=today())
    if form.validate_on_submit():
        values = {**form.values("last_day", "reason"), "expected": form.expected_version}
        if saved(
            form, lambda: actions.leave(actor(), cluster, membership, when=when(form), **values), cluster
        ):
            return go("clusters.members", _("已登记退出"), cluster_id=cluster.id)
    return render("clusters/leave_form.html", form=form, cluster=cluster, membership=membership)


@bp.post("/memberships/<uuid:membership_id>/cancel")
@requires("cluster.edit", clusters.membership_by_id)
def cancel(membership):
    """Take back what has not begun."""
    cluster = membership.cluster
    actions.cancel_planned(actor(), cluster, membership, expected=read_version(), when=when())
    commit()
    return go("clusters.members", _("已取消"), cluster_id=cluster.id)


@bp.post("/memberships/<uuid:membership_id>/main")
@requires("cluster.edit", clusters.membership_by_id)
def main(membership):
    """Count a school here from today on."""
    cluster = membership.cluster
    actions.make_main(actor(), cluster, membership, expected=read_version(), when=when())
    commit()
    return go("clusters.members", _("已设为主片区"), cluster_id=cluster.id)
