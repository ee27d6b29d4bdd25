"""Shared resources: the list with search, one of them, brought, changed, removed and put back (S0-17, S1-79)."""

from flask import abort, flash, request, url_for
from flask_babel import gettext as _

from portal import formats, labels
from portal.actions import resources as actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.resources import bp
from portal.blueprints.resources.forms import NewResourceForm, ResourceForm
from portal.blueprints.resources.versions import look_at_one
from portal.documents.tables import table_workbook
from portal.domain.moments import local_day
from portal.forms import as_uuid, clean_line
from portal.queries import clusters, quality, resources
from portal.uploads import with_files
from portal.web import commit, go, history_of, read_version, render, saved, send_workbook


def _asked() -> dict:
    """The filters of the address."""
    asked = request.args
    return {
        "words": clean_line(asked.get("q", ""))[:60],
        "cluster_id": as_uuid(asked.get("cluster")),
        "kind": asked.get("kind", "")[:32],
        "subject": clean_line(asked.get("subject", ""))[:40],
    }


@bp.get("/")
@requires("resource.list")
def index():
    """The resources in sight, with search and filters in the address."""
    who, own = actor(), clusters.own_clusters(actor())
    page = resources.resource_page(who, request.args.get("at"), **_asked())
    return render(
        "resources/index.html",
        fragments=("resource_list",),
        page=page,
        asked=request.args,
        uses=resources.uses(who.district_id, [row.id for row in page.rows]),
        subjects=[("", _("全部")), *((name, name) for name in resources.subjects(who))],
        clusters=clusters.all_clusters(who),
        may_share=[cluster for cluster in own if can("resource.create", cluster)],
        rules=[(cluster, _rule_words(cluster)) for cluster in own],
    )


def _rule_words(cluster) -> str:
    """The rule documents that a cluster does not have yet, as words."""
    return formats.names([_(labels.RESOURCE_RULE[rule]) for rule in resources.rules_to_come(cluster)])


@bp.get("/export.xlsx")
@requires("resource.list")
def export():
    """What the list shows, as a workbook."""
    rows = resources.all_matching(actor(), **_asked())
    uses = resources.uses(actor().district_id, [row.id for row in rows])
    head = [
        _("名称"),
        _("类别"),
        _("学科"),
        _("年级"),
        _("片区"),
        _("提供学校"),
        _("提供人"),
        _("日期"),
        _("下载"),
        _("用过"),
    ]
    lines = [
        (
            row.title,
            _(labels.RESOURCE_KIND[row.kind]),
            row.subject,
            row.grade,
            row.cluster.name,
            row.school.name,
            row.created_by.name,
            row.held_on or local_day(row.created_at),
            uses.get(row.id, {}).get("download", 0),
            uses.get(row.id, {}).get("used", 0),
        )
        for row in rows
    ]
    return send_workbook(table_workbook(_("共享资源"), head, lines), _("共享资源") + ".xlsx")


def _kinds(cluster, present: str = "") -> list[str]:
    """The kinds that this person may choose; the present one stays possible."""
    may_define = can("resource.define", cluster)
    return [k for k in labels.RESOURCE_KIND if may_define or k == present or k not in actions.LAID_DOWN]


@bp.route("/clusters/<uuid:cluster_id>/new", methods=["GET", "POST"])
@requires("resource.create", clusters.cluster_by_id)
@with_files
def resource_new(cluster):
    """Share something with a cluster."""
    members = [m.school for m in clusters.members_on(cluster, today())]
    own = resources.schools_that_share(actor(), cluster, today())
    form = NewResourceForm(members=members, kinds=_kinds(cluster), own=own, kind=request.args.get("kind"))
    if form.validate_on_submit():
        ok, file = look_at_one(form)
        values = {**form.resource_values, **form.values("notify"), "school_id": as_uuid(form.school.data)}
        made = ok and saved(
            form, lambda: actions.share(actor(), cluster, file=file, now=now(), today=today(), **values)
        )
        if made:
            return go("resources.resource", _("已共享"), resource_id=made.id)
    return render("resources/form.html", form=form, cluster=cluster, resource=None)


@bp.get("/<uuid:resource_id>")
@requires("resource.view", resources.by_id)
def resource(resource):
    """One resource with its versions and use."""
    may_edit = can("resource.edit", resource)
    if resource.removed_at and not may_edit:
        abort(404)
    versions = resources.versions_of(resource)
    return render(
        "resources/detail.html",
        resource=resource,
        may_edit=may_edit,
        versions=[row for row in versions if not row.attachment.removed_at],
        removed=[row for row in versions if row.attachment.removed_at],
        uses=resources.use_by_school(resource),
        used_today=resources.use_of(resource, actor().person_id, "used", today()),
        history=history_of(resource),
        analyses=quality.of_test(actor(), resource) if resource.kind == "joint_test" else [],
        may_analyse=can("quality.create", resource.cluster) and not resource.removed_at,
        day=formats.full_day,
    )


@bp.route("/<uuid:resource_id>/edit", methods=["GET", "POST"])
@requires("resource.edit", resources.by_id)
def resource_edit(resource):
    """Change what is said about it."""
    members = [m.school for m in clusters.members_on(resource.cluster, resource.held_on or today())]
    form = ResourceForm(
        obj=resource,
        members=members,
        kinds=_kinds(resource.cluster, resource.kind),
        rule=resource.rule or "",
        schools=[str(row.school_id) for row in resource.schools],
    )

    def act():
        values = {**form.resource_values, "expected": form.expected_version, "today": today()}
        return actions.edit(actor(), resource, **values)

    if form.validate_on_submit() and saved(form, act, resource, "title", "subject", "details"):
        return go("resources.resource", _("已保存"), resource_id=resource.id)
    return render("resources/form.html", form=form, cluster=resource.cluster, resource=resource)


@bp.post("/<uuid:resource_id>/remove")
@requires("resource.edit", resources.by_id)
def resource_remove(resource):
    """Take it out of the list; the next page offers to put it back."""
    actions.remove(actor(), resource, expected=read_version(), now=now())
    commit()
    back = url_for("resources.resource_restore", resource_id=resource.id)
    flash((_("已移除：%(name)s", name=resource.title), back), "undo")
    return go("resources.index")


@bp.post("/<uuid:resource_id>/restore")
@requires("resource.edit", resources.by_id)
def resource_restore(resource):
    """Put it back."""
    actions.restore(actor(), resource)
    commit()
    return go("resources.resource", _("已恢复：%(name)s", name=resource.title), resource_id=resource.id)
