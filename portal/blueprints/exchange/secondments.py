"""Secondments: the list of the programme office, one case, its steps up to the send-off and at the end."""

from flask import request
from flask_babel import gettext as _

from portal import formats, labels
from portal.actions import secondment_work as work
from portal.actions import secondments as actions
from portal.auth import actor, can, may_on, now, requires, today
from portal.blueprints.exchange import bp
from portal.blueprints.exchange.secondment_forms import (
    ArrivalForm,
    AssignForm,
    ContactForm,
    EvaluationForm,
    FollowForm,
    NominationForm,
    TimeForm,
)
from portal.documents.tables import table_workbook
from portal.domain import secondments as rules
from portal.forms import as_uuid
from portal.queries import pairing, schools, secondment_work, secondments
from portal.web import go, history_of, read_step, render, saved, send_workbook, steps_for

EVALUATE = {"host": "secondment.evaluate_host", "office": "secondment.evaluate_office"}
SIDES = tuple(EVALUATE)


def _filters(asked) -> dict:
    return {
        "programme_id": as_uuid(asked.get("programme")),
        "batch_id": as_uuid(asked.get("batch")),
        "school_id": as_uuid(asked.get("school")),
        **{name: asked.get(name, "")[:32] for name in ("state", "form", "way")},
    }


def _rows(asked):
    """Those in sight that fit, with what is missing, the longest due first; the others after them."""
    rows = secondments.all_matching(actor(), **_filters(asked))
    missing = secondment_work.gaps_of(rows, today())
    if asked.get("missing"):
        rows = [row for row in rows if missing[row.id]]
    last = today().max
    return sorted(rows, key=lambda row: missing[row.id][0].due if missing[row.id] else last), missing


@bp.get("/secondments/")
@requires("secondment.list")
def secondment_list():
    """Everybody in sight in one table, with what is missing by date and count."""
    who, asked = actor(), request.args
    rows, missing = _rows(asked)
    return render(
        "exchange/secondments.html",
        fragments=("secondment_rows",),
        rows=rows,
        missing=missing,
        facts=secondment_work.facts_of(rows, today()),
        five=rules.five_share,
        asked=asked,
        programmes=secondments.programmes(who.district_id),
        schools=pairing.schools_in_sight(who),
        states={
            "away": labels.SECONDMENT_VIEW["away"],
            "open": labels.SECONDMENT_VIEW["open"],
            **labels.STATE["secondment"],
        },
    )


@bp.get("/secondments/list.xlsx")
@requires("secondment.list")
def secondment_export():
    """The same table as a workbook."""
    rows, missing = _rows(request.args)
    facts = secondment_work.facts_of(rows, today())
    columns = [_("姓名"), _("项目"), _("批次"), _("形式"), _("派出学校"), _("接收单位"), _("挂任职务")]
    columns += [
        _("开始日期"),
        _("结束日期"),
        _("到岗日期"),
        _("状态"),
        _("听课（节）"),
        _("五有"),
        _("缺什么"),
    ]
    states = labels.STATE["secondment"]
    table = [
        [
            row.person.name,
            row.programme.name,
            row.batch.name if row.batch_id else None,
            _(labels.SECONDMENT_FORM[row.form]),
            row.home_school.name,
            row.host or None,
            row.host_post or None,
            row.starts_on,
            row.ends_on,
            row.arrived_on,
            _(states[row.state]),
            facts[row.id].lessons if row.arrived_on else None,
            formats.percent(rules.five_share(facts[row.id]) / 100) if row.arrived_on else None,
            formats.names([gap_words(gap) for gap in missing[row.id]]) or None,
        ]
        for row in rows
    ]
    title = _("挂职干部")
    return send_workbook(table_workbook(title, columns, table), f"{title}.xlsx")


@bp.app_template_global("gap_words")
def gap_words(gap) -> str:
    """What is missing, in words."""
    return _(labels.SECONDMENT_GAP[gap.code], count=gap.count)


@bp.get("/secondments/<uuid:secondment_id>")
@requires("secondment.view", secondments.by_id)
def secondment(secondment):
    """One secondment."""
    return case_page(secondment)


def case_page(secondment, **forms):
    """The page of one secondment; a form that came back with errors stands in for the empty one."""
    form = next(iter(forms.values()), None)
    facts = secondment_work.facts_of([secondment], today()).get(secondment.id)
    return render(
        "exchange/secondment.html",
        form=form,
        case=secondment,
        facts=facts,
        late=rules.is_late(secondment.arrived_on, facts and facts.arrive_to, today()),
        five=rules.five_items(facts) if facts else {},
        weeks=weeks_of(secondment, facts),
        gaps=secondment_work.gaps_of([secondment], today())[secondment.id],
        steps=steps_for(secondment),
        plan=secondment_work.plan_of(secondment),
        entries=secondment_work.entries_of(secondment),
        filed=secondment_work.entries_with_files(secondment),
        leaves=secondment_work.leaves_of(secondment),
        contacts=secondment_work.contacts_of(secondment),
        evaluations=secondment_work.evaluations_of(secondment),
        trips=secondment_work.trips_of(secondment),
        rank=_rank(secondment),
        partner=secondments.by_id(secondment.district_id, secondment.counterpart_id),
        **_forms(secondment, forms),
        history=history_of(secondment),
    )


def _rank(secondment):
    """The place among the candidates, for those who choose."""
    if not can("secondment.rank", secondment):
        return None
    return secondments.ranking(secondment.programme).get(secondment.id)


def _forms(case, given: dict) -> dict:
    """The small forms of the page, by what may be done now."""
    made = {
        "arrival_form": ArrivalForm(formdata=None, day=today())
        if case.state == "assigned" and can("secondment.attest", case)
        else None,
        "contact_form": ContactForm(formdata=None, held_on=today())
        if case.arrived_on and case.state in rules.AWAY and can("secondment.contact", case)
        else None,
        "time_form": TimeForm(formdata=None, obj=case)
        if not case.time_guarantee and case.state in rules.UNDER_WAY and can("secondment.recommend", case)
        else None,
        "follow_form": FollowForm(formdata=None)
        if case.state == "evaluated" and can("secondment.follow_up", case)
        else None,
        "sides": [side for side in SIDES if case.state == "finished" and can(EVALUATE[side], case)],
    }
    return {**made, **given}


def weeks_of(secondment, facts) -> list:
    """The weeks away so far, the newest first."""
    if facts is None or facts.arrived_on is None or facts.arrived_on > today():
        return []
    target = secondment.programme.lessons_per_week
    return rules.study_weeks(
        facts.arrived_on, facts.ends_on, facts.heard, target=target, off=facts.off, until=today()
    )[::-1]


@bp.route("/secondments/<uuid:secondment_id>/edit", methods=["GET", "POST"])
@requires("secondment.recommend", secondments.by_id)
def secondment_edit(secondment):
    """Change a recommendation."""
    form = NominationForm(obj=secondment, secondment=secondment)
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.edit(actor(), secondment, form.nomination_values, expected=form.expected_version),
        secondment,
        *("present_post", "opinion", "time_guarantee"),
    ):
        return go("exchange.secondment", _("已保存"), secondment_id=secondment.id)
    return render(
        "exchange/nomination_form.html", form=form, programme=secondment.programme, secondment=secondment
    )


@bp.post("/secondments/<uuid:secondment_id>/step")
@requires("secondment.view", secondments.by_id)
def secondment_step(secondment):
    """A step that a button offers."""
    asked = read_step("secondment")
    form = TimeForm(formdata=None)
    if saved(
        form,
        lambda: actions.take(
            actor(), secondment, asked.action, note=asked.note, expected=asked.expected, now=now()
        ),
    ):
        return go("exchange.secondment", _("已办理"), secondment_id=secondment.id)
    return case_page(secondment, step_form=form)


@bp.post("/secondments/<uuid:secondment_id>/arrive")
@requires("secondment.attest", secondments.by_id)
def secondment_arrive(secondment):
    """The host says when somebody arrived."""
    form = ArrivalForm()
    if form.validate_on_submit() and saved(
        form,
        lambda: work.arrive(actor(), secondment, form.day.data, expected=form.expected_version, now=now()),
        secondment,
    ):
        return go("exchange.secondment", _("已登记到岗"), secondment_id=secondment.id)
    return case_page(secondment, arrival_form=form)


@bp.post("/secondments/<uuid:secondment_id>/time")
@requires("secondment.recommend", secondments.by_id)
def secondment_time(secondment):
    """The own school says how the time is kept free."""
    form = TimeForm()
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.state_time(
            actor(), secondment, form.time_guarantee.data, expected=form.expected_version
        ),
        secondment,
        "time_guarantee",
    ):
        return go("exchange.secondment", _("已保存"), secondment_id=secondment.id)
    return case_page(secondment, time_form=form)


@bp.route("/secondments/<uuid:secondment_id>/assign", methods=["GET", "POST"])
@requires("secondment.assign", secondments.by_id)
def secondment_assign(secondment):
    """Choose batch, host, post and dates."""
    who = actor()
    form = AssignForm(
        secondment=secondment,
        schools=schools.open_schools(who.district_id),
        partners=secondments.swap_partners(secondment),
    )
    if form.validate_on_submit() and saved(form, lambda: _assign(secondment, form), secondment, "host_name"):
        return go("exchange.secondment", _("已安排，接收单位会收到通知"), secondment_id=secondment.id)
    return render("exchange/assign_form.html", form=form, case=secondment)


def _assign(secondment, form):
    actions.assign(
        actor(),
        secondment,
        form.assign_values,
        counterpart_id=as_uuid(form.counterpart.data),
        expected=form.expected_version,
        now=now(),
    )


@bp.route("/secondments/<uuid:secondment_id>/evaluate", methods=["GET", "POST"])
@requires("secondment.view", secondments.by_id)
def secondment_evaluate(secondment):
    """The evaluation of the host, or of the office (``?way=``)."""
    side = request.args.get("way", "")
    side = side if side in SIDES else SIDES[0]
    may_on(EVALUATE[side], secondment)
    row = secondment_work.evaluations_of(secondment).get(side)
    form = EvaluationForm(obj=row)
    if form.validate_on_submit() and saved(
        form, lambda: _evaluate(secondment, side, form), row, "grade", "text"
    ):
        return go("exchange.secondment", _("已保存评价"), secondment_id=secondment.id)
    return render("exchange/evaluation_form.html", form=form, case=secondment, side=side, row=row)


def _evaluate(secondment, side, form):
    work.evaluate(
        actor(),
        secondment,
        side,
        form.grade.data,
        form.text.data,
        expected=form.expected_version,
        now=now(),
    )


@bp.post("/secondments/<uuid:secondment_id>/follow-up")
@requires("secondment.follow_up", secondments.by_id)
def secondment_follow_up(secondment):
    """The way back."""
    form = FollowForm()
    if form.validate_on_submit() and saved(form, lambda: _follow(secondment, form), secondment, "follow_up"):
        return go("exchange.secondment", _("已办结"), secondment_id=secondment.id)
    return case_page(secondment, follow_form=form)


def _follow(secondment, form):
    work.follow_up(
        actor(),
        secondment,
        form.outcome.data,
        form.follow_up.data,
        expected=form.expected_version,
        now=now(),
    )
