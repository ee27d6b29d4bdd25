"""Schools of the district: list, export, page, facts, closing."""

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import schools as actions
from portal.auth import actor, can, requires, today
from portal.blueprints.clusters import bp
from portal.blueprints.clusters.forms import CloseSchoolForm, SchoolFactsForm, SchoolForm
from portal.documents.tables import table_workbook
from portal.forms import as_uuid, clean_line
from portal.queries import clusters, schools
from portal.web import commit, go, history_of, read_version, render, saved, send_workbook


def _filters() -> dict:
    asked = request.args
    short = {
        name: clean_line(asked.get(name, ""))[:32]
        for name in ("kind", "location", "weak", "public", "closed")
    }
    return {
        **short,
        "name": clean_line(asked.get("name", ""))[:80],
        "cluster_id": as_uuid(asked.get("cluster")),
    }


@bp.get("/schools/")
@requires("cluster.list")
def school_list():
    """Schools in sight by name, with filters in the address."""
    who, filters = actor(), _filters()
    page = schools.school_page(who, today(), cursor=request.args.get("at"), **filters)
    ids = [school.id for school in page.rows]
    return render(
        "clusters/schools.html",
        fragments=("school_list",),
        page=page,
        asked=request.args,
        words=filters["name"],
        inside=schools.clusters_of(who.district_id, ids, today()),
        staff=clusters.staff_counts(who.district_id, ids),
        clusters=clusters.all_clusters(who),
    )


@bp.get("/schools.xlsx")
@requires("cluster.list")
def school_export():
    """The same list as a workbook."""
    who = actor()
    rows = schools.all_matching(who, today(), **_filters())
    ids = [school.id for school in rows]
    inside = schools.clusters_of(who.district_id, ids, today())
    staff = clusters.staff_counts(who.district_id, ids)
    yes = {True: _("是"), False: _("否")}
    head = [
        _("校名"),
        _("学校类别"),
        _("城乡"),
        _("公办"),
        _("薄弱学校"),
        _("所属中心校"),
        _("片区"),
        _("片区身份"),
    ]
    head += [_("核定编制（人）"), _("在职（人）"), _("专任教师人均周课时（节）"), _("停办日期")]
    cells = []
    for s in rows:
        member = next(iter(inside.get(s.id, [])), None)
        kinds = [
            _(labels.SCHOOL_KIND[s.kind]),
            _(labels.LOCATION[s.location]),
            yes[s.is_public],
            yes[s.is_weak],
        ]
        where = [s.parent.name if s.parent else "", member.cluster.name if member else ""]
        part = _(labels.CLUSTER_ROLE[member.role]) if member else ""
        counts = [s.authorised_posts, staff.get(s.id, 0), s.average_periods, s.closed_on]
        cells.append([s.name, *kinds, *where, part, *counts])
    return send_workbook(table_workbook(_("学校"), head, cells), _("学校") + f"-{today():%Y%m%d}.xlsx")


@bp.get("/schools/<uuid:school_id>")
@requires("school.view", schools.by_id)
def school(school):
    """One school: facts, membership over time, sub-schools."""
    principals = clusters.principals_over_time(school.district_id, [school.id])
    return render(
        "clusters/school.html",
        school=school,
        memberships=schools.memberships_of(school),
        below=schools.sub_schools(school),
        people=schools.people_on_staff(school),
        principal=clusters.principals_of(school.district_id, [school.id], today()).get(school.id),
        principals=principals,
        history=history_of(school),
    )


@bp.route("/schools/new", methods=["GET", "POST"])
@requires("school.create")
def school_new():
    """Add a school."""
    form = SchoolForm(centres=schools.possible_centres(actor().district_id))
    if form.validate_on_submit():
        made = saved(form, lambda: actions.create(actor(), **form.facts))
        if made:
            return go("clusters.school", _("学校已登记"), school_id=made.id)
    return render("clusters/school_form.html", form=form, school=None)


@bp.route("/schools/<uuid:school_id>/edit", methods=["GET", "POST"])
@requires("school.edit", schools.by_id)
def school_edit(school):
    """Change the facts: all of them for the bureau, its own for the school."""
    if can("school.define", school):
        centres = schools.possible_centres(school.district_id, besides=school.id)
        form = SchoolForm(obj=school, centres=centres, parent=str(school.parent_id or ""))
    else:
        form = SchoolFactsForm(obj=school)
    if form.validate_on_submit():
        values = {**form.facts, "expected": form.expected_version}
        shown = [
            name for name in ("name", "authorised_posts", "actual_staff", "average_periods") if name in form
        ]
        if saved(form, lambda: actions.edit(actor(), school, **values), school, *shown):
            return go("clusters.school", _("已保存"), school_id=school.id)
    return render("clusters/school_form.html", form=form, school=school)


@bp.route("/schools/<uuid:school_id>/close", methods=["GET", "POST"])
@requires("school.define", schools.by_id)
def school_close(school):
    """Close a school."""
    form = CloseSchoolForm(on=today())
    if form.validate_on_submit():
        values = {**form.values("on", "reason"), "expected": form.expected_version}
        if saved(form, lambda: actions.close(actor(), school, **values), school):
            return go("clusters.school", _("已登记停办"), school_id=school.id)
    return render("clusters/school_close.html", form=form, school=school)


@bp.post("/schools/<uuid:school_id>/reopen")
@requires("school.define", schools.by_id)
def school_reopen(school):
    """Open a closed school again."""
    actions.reopen(actor(), school, expected=read_version())
    commit()
    return go("clusters.school", _("学校已恢复"), school_id=school.id)
