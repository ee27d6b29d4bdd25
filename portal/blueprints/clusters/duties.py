"""The duty table of a cluster (值周、轮值), and responsibility letters (责任状)."""

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import duties as actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.clusters import bp
from portal.blueprints.clusters.forms_groups import LetterForm, NewLetterForm, RotationForm, TurnForm
from portal.documents.tables import table_workbook
from portal.forms import as_uuid
from portal.queries import clusters, groups, terms
from portal.web import commit, go, history_of, read_step, read_version, render, saved, send_workbook


def _term(cluster):
    """The term that the address names, else the one under way."""
    return terms.asked_for(cluster.district_id, request.args.get("term"), today())


@bp.get("/<uuid:cluster_id>/duties")
@requires("cluster.view", clusters.cluster_by_id)
def duty_table(cluster):
    """Whose turn it is, in the weeks of a term."""
    return _duty_page(cluster)


def _duty_page(cluster, form=None, rotation=None):
    term = _term(cluster)
    members = [m.school for m in clusters.members_on(cluster, today())]
    last = {"ends_on": term.last_day if term else None}
    failed = next((each for each in (form, rotation) if each is not None and each.errors), None)
    return render(
        "clusters/duties.html",
        fragments=("duty_list",),
        form=form or TurnForm(schools=members, starts_on=today(), formdata=None),
        rotation=rotation or RotationForm(starts_on=today(), formdata=None, **last),
        cluster=cluster,
        term=term,
        turns=groups.turns_of(cluster, term.first_day, term.last_day) if term else [],
        terms=terms.all_terms(cluster.district_id),
        status=422 if failed else None,
    )


@bp.post("/<uuid:cluster_id>/duties")
@requires("cluster.duties", clusters.cluster_by_id)
def duty_add(cluster):
    """One turn more."""
    form = TurnForm(schools=[m.school for m in clusters.members_on(cluster, today())])
    if form.validate_on_submit() and saved(
        form, lambda: actions.add_turn(actor(), cluster, form.turn_values)
    ):
        return go("clusters.duty_table", _("已登记"), cluster_id=cluster.id)
    return _duty_page(clusters.cluster_by_id(actor().district_id, cluster.id), form)


@bp.post("/<uuid:cluster_id>/duties/rotate")
@requires("cluster.duties", clusters.cluster_by_id)
def duty_rotate(cluster):
    """All members take turns from a day to a day."""
    form = RotationForm()
    if form.validate_on_submit():
        days = {"first": form.starts_on.data, "last": form.ends_on.data}
        act = lambda: actions.rotate(actor(), cluster, **days, **form.values("step", "task"))  # noqa: E731
        count = saved(form, act)
        if count:
            return go("clusters.duty_table", _("已排 %(count)s 轮", count=count), cluster_id=cluster.id)
    return _duty_page(clusters.cluster_by_id(actor().district_id, cluster.id), None, form)


@bp.post("/duties/<uuid:duty_id>/remove")
@requires("duty.edit", groups.duty_by_id)
def duty_remove(duty):
    """Take a turn off the table."""
    key = duty.cluster_id
    actions.remove_turn(actor(), duty, expected=read_version())
    commit()
    return go("clusters.duty_table", _("已删去"), cluster_id=key)


@bp.get("/<uuid:cluster_id>/duties.xlsx")
@requires("cluster.view", clusters.cluster_by_id)
def duty_export(cluster):
    """The same table as a workbook."""
    term = _term(cluster)
    turns = groups.turns_of(cluster, term.first_day, term.last_day) if term else []
    rows = [[each.starts_on, each.ends_on, each.school.name, each.task] for each in turns]
    title = _("%(name)s轮值表", name=cluster.name)
    head = [_("从哪天起"), _("到哪天止"), _("值班学校"), _("值班内容")]
    return send_workbook(table_workbook(title, head, rows), f"{title}.xlsx")


# Responsibility letters


def _letter_filters() -> dict:
    asked = request.args
    state = asked.get("state", "")
    return {
        "cluster_id": as_uuid(asked.get("cluster")),
        "school_id": as_uuid(asked.get("school")),
        "state": state if state in labels.STATE["responsibility_letter"] else "",
    }


@bp.get("/letters")
@requires("letter.list")
def letter_list():
    """Responsibility letters in sight, newest first, with filters in the address."""
    who = actor()
    return render(
        "clusters/letters.html",
        fragments=("letter_list",),
        page=groups.letter_page(who, cursor=request.args.get("at"), **_letter_filters()),
        asked=request.args,
        clusters=clusters.all_clusters(who),
        schools=groups.letter_schools(who),
        may_create=[c for c in clusters.all_clusters(who) if can("letter.create", c)],
    )


@bp.get("/letters.xlsx")
@requires("letter.list")
def letter_export():
    """The same list as a workbook."""
    head = [_("学校"), _("片区"), _("名称"), _("目标"), _("从哪天起"), _("到哪天止"), _("状态")]
    head += [_("签订人"), _("签订日期"), _("完成情况")]
    states = labels.STATE["responsibility_letter"]
    rows = [
        [
            row.school.name,
            row.cluster.name,
            row.title,
            row.targets,
            row.starts_on,
            row.ends_on,
            _(states[row.state]),
            row.signed_by.name if row.signed_by_id else "",
            row.signed_on,
            row.result,
        ]
        for row in groups.all_letters(actor(), **_letter_filters())
    ]
    title = _("目标责任书")
    return send_workbook(table_workbook(title, head, rows), f"{title}.xlsx")


@bp.route("/<uuid:cluster_id>/letters/new", methods=["GET", "POST"])
@requires("letter.create", clusters.cluster_by_id)
def letter_new(cluster):
    """Set the targets of a member."""
    members = [m.school for m in clusters.members_on(cluster, today())]
    form = NewLetterForm(schools=members, starts_on=today())
    if form.validate_on_submit():
        school = next(s for s in members if s.id == as_uuid(form.school.data))
        made = saved(
            form, lambda: actions.draft_letter(actor(), cluster, school, form.letter_values, now=now())
        )
        if made:
            return go("clusters.letter", _("已拟订，请校长签订"), letter_id=made.id)
    return render("clusters/letter_form.html", form=form, cluster=cluster, letter=None)


@bp.get("/letters/<uuid:letter_id>")
@requires("letter.view", groups.letter_by_id)
def letter(letter):
    """One letter with its targets and what came of them."""
    return render("clusters/letter.html", letter=letter, history=history_of(letter))


@bp.route("/letters/<uuid:letter_id>/edit", methods=["GET", "POST"])
@requires("letter.edit", groups.letter_by_id)
def letter_edit(letter):
    """Change targets before they are signed, and write what came of them."""
    form = LetterForm(obj=letter)
    fields = ("title", "targets", "starts_on", "ends_on", "result")
    if form.validate_on_submit():
        values = {"expected": form.expected_version, "now": now()}
        act = lambda: actions.edit_letter(actor(), letter, form.letter_values, **values)  # noqa: E731
        if saved(form, act, letter, *fields):
            return go("clusters.letter", _("已保存"), letter_id=letter.id)
    return render("clusters/letter_form.html", form=form, cluster=letter.cluster, letter=letter)


@bp.post("/letters/<uuid:letter_id>/step")
@requires("letter.view", groups.letter_by_id)
def letter_step(letter):
    """Sign, or draft anew."""
    step = read_step("responsibility_letter")
    actions.take_letter(actor(), letter, step.action, note=step.note, expected=step.expected, now=now())
    commit()
    return go("clusters.letter", _("已办理"), letter_id=letter.id)
