"""Postings: list, plan, detail, the steps from arrival to the end."""

from flask import abort, request
from flask_babel import gettext as _

from portal import labels
from portal.actions import exchange as actions
from portal.actions.errors import Refused
from portal.auth import actor, can, now, requires, today
from portal.blueprints.exchange import bp
from portal.blueprints.exchange.forms import PostingForm, StepForm
from portal.blueprints.exchange.progress import progress_of
from portal.documents.tables import table_workbook
from portal.domain.exchange import helps
from portal.domain.handovers import ENDED, PHASES, may_open
from portal.domain.words import N_
from portal.domain.workflow import STEPS, find_step
from portal.forms import as_uuid
from portal.queries import clusters, exchange, handovers, pairing, people, schools, secondments, terms
from portal.web import go, history_of, render, saved, send_workbook, steps_for, term_title

SHORT = ("kind", "form", "state", "direction", "way")


def _filters(asked) -> dict:
    return {
        **{name: asked.get(name, "")[:32] for name in SHORT},
        "school_id": as_uuid(asked.get("school")),
        "cluster_id": as_uuid(asked.get("cluster")),
        "term": terms.by_code(actor().district_id, asked.get("term", "")[:32]),
    }


@bp.get("/")
@requires("posting.list")
def index():
    """Postings in sight, with filters in the address."""
    who, asked = actor(), request.args
    page = exchange.posting_page(who, cursor=asked.get("at"), **_filters(asked))
    return render(
        "exchange/index.html",
        fragments=("posting_list",),
        page=page,
        asked=asked,
        direction_of=exchange.direction_of,
        clusters=clusters.all_clusters(who),
        schools=pairing.schools_in_sight(who),
        terms=[(t.code, term_title(t)) for t in terms.all_terms(who.district_id)],
    )


@bp.get("/postings.xlsx")
@requires("posting.list")
def export():
    """The list as a workbook."""
    rows = [
        [
            row.person.name,
            _(labels.POSTING_FORM.get(row.form, row.form)),
            row.home_school.name,
            row.host_school.name,
            _(labels.DIRECTION[exchange.direction_of(row)]),
            row.starts_on,
            row.ends_on,
            row.arrived_on,
            row.subject,
            row.weekly_periods,
            _("随同转移") if row.personnel_transfer else _("不变"),
            _("是") if row.counts_towards_quota else _("否"),
            _("是") if row.is_volunteer else _("否"),
            row.approval_no,
            _(labels.STATE["posting"][row.state]),
        ]
        for row in exchange.all_matching(actor(), **_filters(request.args))
    ]
    columns = [_("教师"), _("形式"), _("派出学校"), _("接收学校"), _("方向"), _("开始日期"), _("结束日期")]
    columns += [_("到岗日期"), _("任教学科"), _("每周节数"), _("人事关系"), _("计入学校交流比例")]
    columns += [_("志愿服务"), _("批准文号"), _("状态")]
    title = _("交流与支教")
    return send_workbook(table_workbook(title, columns, rows), f"{title}.xlsx")


@bp.route("/postings/new", methods=["GET", "POST"])
@requires("posting.create")
def posting_new():
    """Plan a posting of a teacher of one's own school, or to it."""
    who = actor()
    form = PostingForm(schools=schools.open_schools(who.district_id))
    if form.validate_on_submit():
        person = people.resolve_person(who, form.person.data, form.chosen_person)
        if person is None:
            form.add_error("person", _("没有找到这位教师，或有同名的人：请写成“姓名（学校）”"))
        else:
            made = saved(form, lambda: _plan(who, person, form))
            if made:
                return go("exchange.posting", _("已登记，双方校长会收到通知"), posting_id=made.id)
    return render("exchange/form.html", form=form, posting=None)


def _plan(who, person, form):
    return actions.plan(who, person, form.posting_values, criteria=form.criteria.data, now=now())


@bp.get("/postings/<uuid:posting_id>")
@requires("posting.view", exchange.by_id)
def posting(posting):
    """One posting with its steps."""
    return _posting_page(posting)


def _posting_page(posting, form=None, action: str = ""):
    host = posting.host_school
    # Who has time left ends early or stays; 期满 is offered on the last day.
    due = posting.ends_on is None or posting.ends_on <= today()
    steps = [step for step in steps_for(posting) if step.key != "complete" or due or action == "complete"]
    seconded = secondments.of_posting(posting)
    steps = [] if seconded and not action else steps
    forms = {step.key: StepForm(step.key, formdata=None, day=today()) for step in steps}
    return render(
        "exchange/posting.html",
        form=form,
        step_forms={**forms, **({action: form} if form else {})},
        posting=posting,
        seconded=seconded if can("secondment.view", seconded) else None,
        direction=exchange.direction_of(posting),
        off_target=not helps(posting.form, host.location, host.is_weak),
        steps=steps,
        may_edit=posting.state == "planned" and not seconded and can("posting.edit", posting),
        progress=progress_of(posting, today()),
        history=history_of(posting),
        result=handovers.result_of(posting),
        amendments=handovers.amendments_of(posting),
        may_amend=posting.state == "active" and not seconded and can("posting.edit", posting),
        may_judge=posting.state in ENDED and not seconded and can("posting.judge", posting),
        sheets=handovers.of_posting(posting),
        may_open=any(may_open(phase, posting.state) for phase in PHASES)
        and can("posting.hand_over", posting),
    )


@bp.route("/postings/<uuid:posting_id>/edit", methods=["GET", "POST"])
@requires("posting.edit", exchange.by_id)
def posting_edit(posting):
    """Change a posting before arrival."""
    form = PostingForm(schools=schools.open_schools(posting.district_id), posting=posting)
    if form.validate_on_submit() and saved(
        form,
        lambda: _edit(posting, form),
        posting,
        "starts_on",
        "ends_on",
        "subject",
        "weekly_periods",
        "approval_no",
        "duties",
        "criteria",
    ):
        return go("exchange.posting", _("已保存"), posting_id=posting.id)
    return render("exchange/form.html", form=form, posting=posting)


def _edit(posting, form):
    actions.edit(
        actor(), posting, form.posting_values, criteria=form.criteria.data, expected=form.expected_version
    )


@bp.post("/postings/<uuid:posting_id>/step")
@requires("posting.view", exchange.by_id)
def posting_step(posting):
    """Arrive, complete, end early or cancel."""
    action = request.form.get("action", "")
    if action not in {step.key for step in STEPS["posting"] if step.offered}:
        abort(400)
    form = StepForm(action)
    if form.validate_on_submit() and saved(form, lambda: _take(posting, action, form)):
        return go("exchange.posting", _("已办理"), posting_id=posting.id)
    return _posting_page(posting, form, action)


def _take(posting, action: str, form):
    if find_step("posting", action).note and not form.note.data:
        raise Refused(N_("请写明理由"), field="note")
    actions.take(
        actor(),
        posting,
        action,
        note=form.note.data,
        expected=form.expected_version,
        day=form.day.data,
        now=now(),
    )
