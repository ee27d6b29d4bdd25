"""Clusters: the list, the page of one, founding, describing and ending it."""

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import clusters as actions
from portal.auth import actor, now, requires, today
from portal.blueprints.clusters import bp
from portal.blueprints.clusters.forms import AimsForm, ClusterForm, LeaveForm, NewClusterForm
from portal.documents.tables import table_workbook
from portal.domain.figures import meeting_target
from portal.domain.schemes import load_scheme
from portal.forms import clean_line
from portal.queries import clusters, meetings, schools, terms
from portal.queries.term_counts import term_counts
from portal.web import go, history_of, render, saved, send_workbook


def when(form=None) -> actions.When:
    """The clock of an event, with the reason that a correction gives."""
    return actions.When(now(), today(), form.correction.data if form is not None else "")


def _lines(term):
    """The clusters that the filters in the address leave."""
    kind, closed = clean_line(request.args.get("kind", ""))[:32], request.args.get("closed") == "yes"
    return clusters.cluster_lines(actor(), today(), term, kind=kind, closed=closed)


@bp.get("/")
@requires("cluster.list")
def index():
    """The clusters in sight, one's own first."""
    who = actor()
    term = terms.current_term(who.district_id, today())
    own = clusters.own_clusters(who)
    return render(
        "clusters/index.html",
        fragments=("cluster_list",),
        lines=_lines(term),
        own=own[0] if len(own) == 1 else None,
        term=term,
        asked=request.args,
    )


@bp.get("/list.xlsx")
@requires("cluster.list")
def cluster_export():
    """The same list as a workbook."""
    head = [_("片区"), _("片区类别"), _("管理方式"), _("领衔学校"), _("负责人"), _("学校（所）")]
    head += [_("教职工（人）"), _("已有例会纪要的月份"), _("缺例会的月份"), _("撤销日期")]
    cells = []
    for line in _lines(terms.current_term(actor().district_id, today())):
        row, leader = line.cluster, line.leader
        kinds = [_(labels.CLUSTER_KIND[row.kind]), _(labels.PROFILE[row.profile])]
        led = [line.lead.name if line.lead else "", leader.name if leader else ""]
        months = [
            " ".join(f"{m.year}-{m.month:02}" for m in line.months if m.state == state)
            for state in ("ok", "gap")
        ]
        cells.append([row.name, *kinds, *led, line.schools, line.staff, *months, row.closed_on])
    return send_workbook(table_workbook(_("片区"), head, cells), _("片区") + f"-{today():%Y%m%d}.xlsx")


@bp.route("/new", methods=["GET", "POST"])
@requires("cluster.create")
def cluster_new():
    """Found a cluster."""
    running = schools.open_schools(actor().district_id)
    inside = schools.clusters_of(actor().district_id, [s.id for s in running], today())
    form = NewClusterForm(schools=running, clusters_of=inside, since=today())
    if form.validate_on_submit():
        values = {**form.cluster_values, **form.chosen(running), **form.values("since", "aims")}
        cluster = saved(form, lambda: actions.found(actor(), when=when(), **values))
        if cluster:
            return go("clusters.detail", _("片区已建立"), cluster_id=cluster.id)
    return render("clusters/cluster_form.html", form=form, cluster=None)


@bp.get("/<uuid:cluster_id>")
@requires("cluster.view", clusters.cluster_by_id)
def detail(cluster):
    """One cluster: its members and leading group, and how the term goes."""
    day = min(today(), cluster.closed_on) if cluster.closed_on else today()
    members = clusters.members_on(cluster, day)
    ids = [m.school_id for m in members]
    term = terms.current_term(cluster.district_id, day)
    scheme = load_scheme(cluster.scheme_code)
    return render(
        "clusters/detail.html",
        cluster=cluster,
        scheme=scheme,
        members=members,
        groups=clusters.under_centre(members),
        principals=clusters.principals_of(cluster.district_id, ids, day),
        staff=clusters.staff_counts(cluster.district_id, ids),
        liaisons=clusters.people_with_role(cluster, "liaison", day),
        assigned=clusters.people_with_role(cluster, "assigned_leader", day),
        term=term,
        months=meetings.months(cluster, term, day) if term else [],
        counts=term_counts(cluster, term) if term else None,
        target=meeting_target(scheme, term.value) if term else None,
        history=history_of(cluster),
    )


@bp.route("/<uuid:cluster_id>/edit", methods=["GET", "POST"])
@requires("cluster.edit", clusters.cluster_by_id)
def cluster_edit(cluster):
    """Change name, kind, scheme and profile."""
    form = ClusterForm(obj=cluster)
    if form.validate_on_submit():
        values = {**form.cluster_values, "expected": form.expected_version}
        if saved(form, lambda: actions.edit(actor(), cluster, **values), cluster, "name"):
            return go("clusters.detail", _("已保存"), cluster_id=cluster.id)
    return render("clusters/cluster_form.html", form=form, cluster=cluster)


@bp.route("/<uuid:cluster_id>/aims", methods=["GET", "POST"])
@requires("cluster.describe", clusters.cluster_by_id)
def aims(cluster):
    """Write the cluster's aims."""
    form = AimsForm(obj=cluster)
    if form.validate_on_submit():
        text, expected = form.aims.data, form.expected_version
        if saved(form, lambda: actions.describe(actor(), cluster, text, expected=expected), cluster, "aims"):
            return go("clusters.detail", _("工作目标已保存"), cluster_id=cluster.id)
    return render("clusters/aims_form.html", form=form, cluster=cluster)


@bp.route("/<uuid:cluster_id>/close", methods=["GET", "POST"])
@requires("cluster.edit", clusters.cluster_by_id)
def cluster_close(cluster):
    """End a cluster with its memberships."""
    form = LeaveForm(last_day=today())
    if form.validate_on_submit():
        values = {**form.values("last_day", "reason"), "expected": form.expected_version}
        if saved(form, lambda: actions.close(actor(), cluster, when=when(form), **values), cluster):
            return go("clusters.detail", _("片区已撤销，过去的记录都还在"), cluster_id=cluster.id)
    return render("clusters/close_form.html", form=form, cluster=cluster)
