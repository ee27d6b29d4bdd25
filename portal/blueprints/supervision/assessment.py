"""Rounds of assessment: the list of a term, one round, begun, changed, published, archived, exported."""

from flask import abort, request, url_for
from flask_babel import gettext as _

from portal import labels
from portal.actions import assessment as actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.supervision import bp
from portal.blueprints.supervision.forms import RoundForm
from portal.blueprints.supervision.inspections import asked_term, term_choices
from portal.documents.tables import table_workbook
from portal.domain.supervision import LEVELS
from portal.forms import as_uuid
from portal.queries import assessment, clusters, terms
from portal.web import commit, go, history_of, read_step, render, saved, send_workbook, term_title

BEGINS = {
    "person": "assessment_round.for_people",
    "group": "assessment_round.for_groups",
    "school": "assessment_round.for_schools",
    "cluster": "assessment_round.for_clusters",
}


def _level() -> str:
    level = request.args.get("kind", "")
    return level if level in LEVELS else ""


@bp.get("/rounds")
@requires("assessment_round.list")
def round_list():
    """The rounds of a term in sight."""
    who, term = actor(), asked_term()
    rows = assessment.rounds(who, term, _level()) if term else []
    return render(
        "supervision/rounds.html",
        term=term,
        term_choices=term_choices(),
        asked=request.args,
        rows=rows,
        states=assessment.states_of(who.district_id, [row.id for row in rows]),
        own=[
            case
            for case in assessment.own_cases(who)
            if case.state == "open" and can("assessment_case.write", case)
        ],
        begin=_begin(who),
    )


@bp.get("/rounds.xlsx")
@requires("assessment_round.list")
def round_list_export():
    """What the list shows, as a workbook."""
    who, term = actor(), asked_term() or abort(404)
    rows = assessment.rounds(who, term, _level())
    states = assessment.states_of(who.district_id, [row.id for row in rows])
    of_cases, of_rounds = labels.STATE["assessment_case"], labels.STATE["assessment_round"]
    head = [_("名称"), _("考核对象"), _("学校或片区"), _("自评截止"), *map(_, of_cases.values()), _("状态")]
    lines = []
    for row in rows:
        place = row.school or row.cluster
        what = [row.title, _(labels.ASSESSMENT_OF[row.level]), place.name if place else _("全区"), row.due_on]
        counts = [states.get(row.id, {}).get(state, 0) for state in of_cases]
        lines.append([*what, *counts, _(of_rounds[row.state])])
    return send_workbook(table_workbook(_("考核"), head, lines), _("考核") + " " + term_title(term) + ".xlsx")


def _begin(who) -> list[tuple[str, str]]:
    """(words, address) of each round that this person may begin."""
    found = []
    for key in sorted(who.principal_of, key=str):
        school = clusters.school_by_id(who.district_id, key)
        if can(BEGINS["person"], school):
            found.append((_("考核本校教师"), url_for("supervision.round_people", school_id=key)))
    for cluster in clusters.all_clusters(who):
        for level, words in (("group", _("考核工作小组")), ("school", _("考核成员校"))):
            if can(BEGINS[level], cluster):
                address = url_for(f"supervision.round_{level}s", cluster_id=cluster.id)
                found.append((f"{cluster.name} · {words}", address))
    if can(BEGINS["cluster"]):
        found.append((_("考核各片区"), url_for("supervision.round_clusters")))
    return found


def _new(level: str, owner):
    """The form of a new round, and what it makes."""
    who = actor()
    choices = assessment.templates(who.district_id, level)
    subjects = assessment.subjects_of(level, owner, who.district_id, today())
    form = RoundForm(
        level=level,
        templates=choices,
        subjects=subjects,
        data={"subjects": [str(row.id) for row in subjects]},
    )
    term = terms.current_term(who.district_id, today()) or abort(404)
    if form.validate_on_submit():
        template = assessment.template_by_id(who.district_id, as_uuid(form.template.data))
        chosen = [row for row in subjects if str(row.id) in form.subjects.data]

        def act():
            return actions.open_round(
                who, level, owner, template, term, form.row, chosen, today=today(), now=now()
            )

        made = saved(form, act)
        if made:
            return go(
                "supervision.round_detail", _("已开始考核，并通知了考核对象"), assessment_round_id=made.id
            )
    return render(
        "supervision/round_form.html",
        form=form,
        level=level,
        owner=owner,
        term=term,
        choices=choices,
        row=None,
    )


@bp.route("/schools/<uuid:school_id>/rounds/new", methods=["GET", "POST"])
@requires("assessment_round.for_people", clusters.school_by_id)
def round_people(school):
    """Assess the teachers of a school."""
    return _new("person", school)


@bp.route("/clusters/<uuid:cluster_id>/rounds/groups", methods=["GET", "POST"])
@requires("assessment_round.for_groups", clusters.cluster_by_id)
def round_groups(cluster):
    """Assess the working groups of a cluster."""
    return _new("group", cluster)


@bp.route("/clusters/<uuid:cluster_id>/rounds/schools", methods=["GET", "POST"])
@requires("assessment_round.for_schools", clusters.cluster_by_id)
def round_schools(cluster):
    """Assess the member schools of a cluster."""
    return _new("school", cluster)


@bp.route("/rounds/clusters", methods=["GET", "POST"])
@requires("assessment_round.for_clusters")
def round_clusters():
    """Assess the clusters of the district."""
    return _new("cluster", None)


def lines_of_round(row) -> list:
    """(case, outcome or None where its scores are not for this person) of the cases in sight."""
    who = actor()
    cases = assessment.cases_of(who, row)
    in_clusters = assessment.cluster_results(who.district_id, row.term) if row.level == "school" else {}
    return [
        (case, assessment.outcome(case, in_clusters) if actions.may_show_scores(who, case) else None)
        for case in cases
    ]


@bp.get("/rounds/<uuid:assessment_round_id>")
@requires("assessment_round.view", assessment.round_by_id, "row")
def round_detail(row):
    """One round: how far it is, and the cases that this person may see."""
    return render(
        "supervision/round.html",
        row=row,
        lines=lines_of_round(row),
        states=assessment.states_of(row.district_id, [row.id]).get(row.id, {}),
        may_edit=can("assessment_round.edit", row),
        history=history_of(row),
    )


@bp.get("/rounds/<uuid:assessment_round_id>/results.xlsx")
@requires("assessment_round.view", assessment.round_by_id, "row")
def round_export(row):
    """The cases and results that this person may see, as a workbook."""
    head = [_("考核对象"), _("状态"), _("得分"), _("满分"), _("折合百分制")]
    schools = row.level == "school"
    if schools:
        head += [_("片区考核（折合百分制）"), _("片区成绩占比（百分数）"), _("捆绑成绩")]
    lines = []
    for case, found in lines_of_round(row):
        own = found and found.own
        cells = [case.name, _(labels.state_word("assessment_case", case.state))]
        cells += [own and own.tenths / 10, own and own.most, own and round(own.percent, 1)]
        if schools:
            share = _("未设定") if row.cluster_weight is None else row.cluster_weight
            cells += [_tenth(found and found.cluster), share, _tenth(found and found.bundled)]
        lines.append(cells)
    return send_workbook(table_workbook(_("考核结果"), head, lines), f"{row.title}.xlsx")


def _tenth(number: float | None) -> float | None:
    return None if number is None else round(number, 1)


@bp.route("/rounds/<uuid:assessment_round_id>/edit", methods=["GET", "POST"])
@requires("assessment_round.edit", assessment.round_by_id, "row")
def round_edit(row):
    """Change title, last day, or the cluster's share."""
    form = RoundForm(level=row.level, obj=row)
    del form.template, form.subjects

    def act():
        return actions.edit_round(actor(), row, form.row, expected=form.expected_version)

    if form.validate_on_submit() and saved(form, act, row, "title", "due_on"):
        return go("supervision.round_detail", _("已保存"), assessment_round_id=row.id)
    return render(
        "supervision/round_form.html",
        form=form,
        level=row.level,
        owner=row.cluster or row.school,
        term=row.term,
        choices=[],
        row=row,
    )


@bp.post("/rounds/<uuid:assessment_round_id>/step")
@requires("assessment_round.view", assessment.round_by_id, "row")
def round_step(row):
    """Publish what is scored, or archive."""
    actions.take_round(actor(), row, read_step("assessment_round"), now=now(), today=today())
    commit()
    return go("supervision.round_detail", assessment_round_id=row.id)
