"""Committees and groups of a cluster and of the district, with their members over time."""

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import groups as actions
from portal.auth import actor, now, requires, today
from portal.blueprints.clusters import bp
from portal.blueprints.clusters.forms_groups import GroupForm, MemberForm, NewMemberForm
from portal.documents.tables import table_workbook
from portal.forms import asked_day
from portal.queries import clusters, group_activities, group_summaries, groups, people, terms
from portal.web import commit, go, history_of, read_version, render, saved, send_workbook


@bp.get("/groups")
@requires("group.list")
def group_index():
    """The district's own committees, and the way to those of each cluster in sight."""
    who, day = actor(), asked_day(request.args.get("on"), today())
    mine = clusters.all_clusters(who)
    return render(
        "clusters/group_index.html",
        fragments=("group_list",),
        day=day,
        lines=groups.lines_of(who, day),
        former=groups.former(who, day),
        clusters=mine,
        counts=groups.counts_of(who, [cluster.id for cluster in mine], day),
    )


@bp.get("/<uuid:cluster_id>/groups")
@requires("cluster.view", clusters.cluster_by_id)
def cluster_groups(cluster):
    """The groups of a cluster on a day, with their members."""
    who, day = actor(), asked_day(request.args.get("on"), today())
    kind = request.args.get("kind", "")
    return render(
        "clusters/groups.html",
        fragments=("group_list",),
        cluster=cluster,
        day=day,
        kind=kind,
        lines=groups.lines_of(who, day, cluster=cluster, kind=kind if kind in labels.GROUP_KIND else ""),
        former=groups.former(who, day, cluster=cluster),
        terms=terms.all_terms(cluster.district_id),
    )


@bp.get("/<uuid:cluster_id>/groups.xlsx")
@requires("cluster.view", clusters.cluster_by_id)
def group_export(cluster):
    """The members of all groups of a cluster on a day, as a workbook."""
    day = asked_day(request.args.get("on"), today())
    head = [
        _("小组"),
        _("类别"),
        _("小组职务"),
        _("姓名"),
        _("单位"),
        _("分工"),
        _("从哪天起"),
        _("到哪天止"),
    ]
    rows = [
        [
            line.group.name,
            _(labels.GROUP_KIND[line.group.kind]),
            _(labels.GROUP_POST[row.post]),
            row.shown_name,
            row.comes_from,
            row.duty,
            row.starts_on,
            row.ends_on,
        ]
        for line in groups.lines_of(actor(), day, cluster=cluster)
        for row in line.members
    ]
    title = _("%(name)s工作组织名单", name=cluster.name)
    return send_workbook(table_workbook(title, head, rows), f"{title} {day.isoformat()}.xlsx")


@bp.route("/<uuid:cluster_id>/groups/new", methods=["GET", "POST"])
@requires("group.create", clusters.cluster_by_id)
def group_new(cluster):
    """Form a group of a cluster."""
    return _new_page(cluster)


@bp.route("/groups/new", methods=["GET", "POST"])
@requires("district.manage")
def district_group_new():
    """Form a committee of the district (S4-17, S4-42)."""
    return _new_page(None)


def _new_page(cluster):
    form = GroupForm(starts_on=today(), kind="working" if cluster else "guidance")
    if form.validate_on_submit():
        made = saved(form, lambda: actions.form(actor(), cluster, form.group_values))
        if made:
            return go("clusters.group", _("小组已建立，请登记成员"), group_id=made.id)
    return render("clusters/group_form.html", form=form, cluster=cluster, group=None)


@bp.get("/groups/<uuid:group_id>")
@requires("group.view", groups.by_id)
def group(group):
    """One group: duties, who is in it, who was."""
    return _group_page(group, NewMemberForm(starts_on=max(today(), group.starts_on)))


def _group_page(group, form):
    rows = groups.members_of(group)
    return render(
        "clusters/group.html",
        form=form,
        group=group,
        present=[row for row in rows if row.ends_on is None or row.ends_on >= today()],
        past=[row for row in rows if row.ends_on is not None and row.ends_on < today()],
        history=history_of(group),
        summaries=group_summaries.of_group(group),
        activities=group_activities.of_group(actor(), group),
        term=terms.current_term(group.district_id, today()),
    )


@bp.route("/groups/<uuid:group_id>/edit", methods=["GET", "POST"])
@requires("group.edit", groups.by_id)
def group_edit(group):
    """Change a group, or end it."""
    form = GroupForm(obj=group)
    fields = ("kind", "name", "subject", "starts_on", "ends_on", "duties")
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.edit(actor(), group, form.group_values, expected=form.expected_version),
        group,
        *fields,
    ):
        return go("clusters.group", _("已保存"), group_id=group.id)
    return render("clusters/group_form.html", form=form, cluster=group.cluster, group=group)


@bp.post("/groups/<uuid:group_id>/members")
@requires("group.edit", groups.by_id)
def group_join(group):
    """Somebody joins."""
    form, who = NewMemberForm(), actor()
    if form.validate_on_submit():
        person = None
        if form.person.data:
            person = people.resolve_person(who, form.person.data, form.chosen_person)
            if person is None:
                form.add_error("person", _("没有找到这位教师，或有同名的人：请写成“姓名（学校）”"))
                return _group_page(group, form)
        if saved(form, lambda: actions.join(who, group, person, form.new_values, now=now())):
            return go("clusters.group", _("已登记"), group_id=group.id, _anchor="members")
        group = groups.by_id(who.district_id, group.id)
    return _group_page(group, form)


@bp.route("/group-members/<uuid:group_member_id>/edit", methods=["GET", "POST"])
@requires("group.edit", groups.member_by_id)
def group_member_edit(group_member):
    """Correct somebody's post, duty or days, or end the time in the group."""
    form = MemberForm(obj=group_member)
    fields = ("post", "duty", "starts_on", "ends_on")
    if form.validate_on_submit():
        values = {"expected": form.expected_version, "now": now()}
        act = lambda: actions.edit_member(actor(), group_member, form.member_values, **values)  # noqa: E731
        if saved(form, act, group_member, *fields):
            return go("clusters.group", _("已保存"), group_id=group_member.group_id, _anchor="members")
    return render("clusters/group_member.html", form=form, row=group_member, group=group_member.group)


@bp.post("/group-members/<uuid:group_member_id>/remove")
@requires("group.edit", groups.member_by_id)
def group_member_remove(group_member):
    """Take back what was entered by mistake."""
    key = group_member.group_id
    name = actions.remove(actor(), group_member, expected=read_version(), now=now())
    commit()
    return go("clusters.group", _("已从名单移出：%(name)s", name=name), group_id=key, _anchor="members")
