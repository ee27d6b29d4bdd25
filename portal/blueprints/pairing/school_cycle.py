"""A school pair through its years: plan, needs, counts, review, renewal, summary; who gave what to whom (W2)."""

from datetime import date

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import pairing_cycle as actions
from portal.auth import actor, now, requires, today
from portal.blueprints.pairing import bp
from portal.blueprints.pairing.names import school_pair_name
from portal.blueprints.pairing.school_forms import (
    PLAN_ROWS,
    CountForm,
    CycleSummaryForm,
    NeedForm,
    PlanForm,
    SchoolRenewalForm,
    YearReviewForm,
)
from portal.documents.tables import table_workbook
from portal.domain.calendar import school_year_of
from portal.forms import as_uuid
from portal.queries import clusters, pairing, pairing_cycle
from portal.web import commit, go, read_version, render, saved, send_workbook


@bp.route("/schools/<uuid:pairing_id>/plan", methods=["GET", "POST"])
@requires("pairing.edit", pairing.by_id)
def school_plan(pairing):
    """Whom the schools intend to send, to which post, for what."""
    form = PlanForm(version=str(pairing.version))
    lines = [
        {"school_id": row.school_id, "who": row.who, "post": row.post, "content": row.content}
        for row in pairing_cycle.plan_of(pairing)
    ]
    if form.validate_on_submit():
        lines = form.lines()
        if saved(
            form,
            lambda: actions.plan(actor(), pairing, lines, expected=form.expected_version, now=now()),
            pairing,
        ):
            return go("pairing.school_pair", _("已保存，等双方校长同意"), pairing_id=pairing.id)
    return render(
        "pairing/school_plan.html",
        form=form,
        pairing=pairing,
        name=school_pair_name(pairing),
        lines=lines,
        rows=PLAN_ROWS,
    )


@bp.route("/schools/<uuid:pairing_id>/survey", methods=["GET", "POST"])
@requires("pairing.survey", pairing.by_id)
def school_survey(pairing):
    """What both schools need, as visits found it."""
    form = _need_form(pairing)
    if form.validate_on_submit():
        school_id = as_uuid(form.school.data)
        values = form.values("topic", "text")
        if saved(form, lambda: actions.add_need(actor(), pairing, school_id=school_id, now=now(), **values)):
            return go("pairing.school_survey", _("已登记"), pairing_id=pairing.id)
    return _survey_page(pairing, form, _count_form())


def _need_form(row):
    own = next(iter(actor().manages_schools & row.access_schools), row.beneficiary_id)
    return NeedForm(schools=(row.beneficiary, row.donor), school=str(own))


def _count_form():
    return CountForm(formdata=None, day=today())


def _survey_page(row, need_form, count_form):
    return render(
        "pairing/school_survey.html",
        form=need_form if need_form.errors else count_form,
        need_form=need_form,
        count_form=count_form,
        pairing=row,
        name=school_pair_name(row),
        needs=pairing_cycle.needs_of(row),
        visits=pairing_cycle.visits_of(row),
        rules=pairing_cycle.rules_of(row),
        numbers=pairing_cycle.counts_of(row),
    )


@bp.post("/needs/<uuid:need_id>/drop")
@requires("need.edit", pairing_cycle.need_by_id)
def need_drop(need):
    """That it is no need any more, or is one again."""
    actions.drop_need(actor(), need, expected=read_version(), now=now())
    commit()
    return go("pairing.school_survey", _("已办理"), pairing_id=need.pairing_id)


@bp.post("/schools/<uuid:pairing_id>/counts")
@requires("pairing.survey", pairing.by_id)
def school_count(pairing):
    """Keep a number of a day: pairs of classes and pupils, children's visits and works."""
    form = CountForm()
    if form.validate_on_submit() and saved(
        form, lambda: actions.count(actor(), pairing, now=now(), **form.values("kind", "day", "number"))
    ):
        return go("pairing.school_survey", _("已登记"), pairing_id=pairing.id, _anchor="counts")
    needs = NeedForm(formdata=None, schools=(pairing.beneficiary, pairing.donor))
    return _survey_page(pairing, needs, form)


@bp.route("/schools/<uuid:pairing_id>/review", methods=["GET", "POST"])
@requires("pairing.review", pairing.by_id)
def school_review(pairing):
    """What the own school says of the school year."""
    mine = [s for s in (pairing.donor, pairing.beneficiary) if s.id in actor().manages_schools]
    year = pairing_cycle.year_name(min(today(), pairing.ends_on))
    chosen = next((s for s in mine if str(s.id) == request.values.get("school")), mine[0])
    own = pairing_cycle.own_review(pairing, chosen.id, year)
    form = YearReviewForm(obj=own, schools=mine)
    form.school.data = str(chosen.id)

    def act():
        said = form.values("done", "problems", "wish")
        when = {"expected": form.expected_version, "now": now()}
        return actions.review(actor(), pairing, chosen.id, year, **when, **said)

    if form.validate_on_submit() and saved(form, act, own, "done", "problems"):
        return go("pairing.school_pair", _("已保存"), pairing_id=pairing.id, _anchor="reviews")
    return render(
        "pairing/school_review.html",
        form=form,
        pairing=pairing,
        name=school_pair_name(pairing),
        year=year,
        school=chosen,
        several=len(mine) > 1,
        own=own,
    )


@bp.route("/schools/<uuid:pairing_id>/renew", methods=["GET", "POST"])
@requires("pairing.renew", pairing.by_id)
def school_renew(pairing):
    """Ask that the pair goes on for another year."""
    last = pairing.ends_on
    form = SchoolRenewalForm(ends_on=last.replace(year=last.year + 1, day=min(last.day, 28)))
    if form.validate_on_submit() and saved(
        form, lambda: actions.ask_renewal(actor(), pairing, now=now(), **form.values("ends_on", "changes"))
    ):
        return go("pairing.school_pair", _("已提出续期，等双方校长同意"), pairing_id=pairing.id)
    return render("pairing/school_renew.html", form=form, pairing=pairing, name=school_pair_name(pairing))


@bp.post("/school-renewals/<uuid:pairing_renewal_id>/agree")
@requires("pairing_renewal.agree", pairing_cycle.renewal_by_id)
def school_renewal_agree(pairing_renewal):
    """Agree for the own school; with both, the bureau is asked."""
    return _renewal_done(actions.agree_renewal, pairing_renewal)


@bp.post("/school-renewals/<uuid:pairing_renewal_id>/approve")
@requires("pairing_renewal.approve", pairing_cycle.renewal_by_id)
def school_renewal_approve(pairing_renewal):
    """The bureau approves: the pair goes on."""
    return _renewal_done(actions.approve_renewal, pairing_renewal)


@bp.post("/school-renewals/<uuid:pairing_renewal_id>/withdraw")
@requires("pairing_renewal.withdraw", pairing_cycle.renewal_by_id)
def school_renewal_withdraw(pairing_renewal):
    """Take it back or say no: the pair ends on its day."""
    return _renewal_done(actions.withdraw_renewal, pairing_renewal)


def _renewal_done(act, asked):
    act(actor(), asked, expected=read_version(), now=now())
    commit()
    return go("pairing.school_pair", _("已办理"), pairing_id=asked.pairing_id)


@bp.route("/schools/<uuid:pairing_id>/summary", methods=["GET", "POST"])
@requires("pairing.close_cycle", pairing.by_id)
def school_summary(pairing):
    """What the time of the pair brought, with its counts."""
    known = pairing_cycle.summaries_of(pairing)
    form = CycleSummaryForm(obj=known[-1] if known else None, last_day=min(pairing.ends_on, today()))
    if form.validate_on_submit():
        values = form.values("last_day", "achieved", "lessons", "commended")
        if saved(form, lambda: actions.sum_up(actor(), pairing, now=now(), **values)):
            return go("pairing.school_pair", _("已保存"), pairing_id=pairing.id, _anchor="summary")
    return render(
        "pairing/school_summary.html",
        form=form,
        pairing=pairing,
        name=school_pair_name(pairing),
        figures=actions.figures_of(pairing, pairing.starts_on, today()),
    )


def _exchange():
    """The pairs in sight that run in the year that is asked for, with the year."""
    who, asked = actor(), request.args
    start = asked.get("year", "")
    is_year = start.isdecimal() and 2000 < int(start) < 2100
    day = date(int(start), 9, 1) if is_year else today()
    year = school_year_of(day)
    rows = [
        row
        for row in pairing.all_matching(
            who, cluster_id=as_uuid(asked.get("cluster")), school_id=as_uuid(asked.get("school"))
        )
        if row.state in ("proposed", "agreed", "active", "closed")
        and row.starts_on <= year.last_day
        and row.ends_on >= year.first_day
    ]
    return rows, year


@bp.get("/schools/exchange")
@requires("pairing.overview")
def reciprocity():
    """Who gave what to whom, and which needs are unanswered."""
    rows, year = _exchange()
    first = today().year + 1
    return render(
        "pairing/reciprocity.html",
        fragments=("given",),
        asked=request.args,
        given=pairing_cycle.given_in(rows, year.first_day, year.last_day),
        needs=pairing_cycle.open_needs(rows),
        year=year,
        years=[(str(y), f"{y}—{y + 1}") for y in range(first, first - 5, -1)],
        clusters=clusters.all_clusters(actor()),
        schools=pairing.schools_in_sight(actor()),
    )


@bp.get("/schools/exchange.xlsx")
@requires("pairing.overview")
def reciprocity_export():
    """The same as a workbook: what was given, then the needs that are unanswered."""
    rows, year = _exchange()
    listed = [
        [
            each.giver.name,
            each.receiver.name,
            each.records,
            each.periods,
            each.pieces,
            each.worth,
            None,
        ]
        for each in pairing_cycle.given_in(rows, year.first_day, year.last_day)
    ]
    listed += [
        [None, line.need.school.name, None, None, None, None, _need_words(line.need)]
        for line in pairing_cycle.open_needs(rows)
    ]
    columns = [_("提供学校"), _("接受学校"), _("记录（条）"), _("节数"), _("捐赠数量（件）"), _("价值（元）")]
    columns.append(_("还没有回应的需求"))
    title = _("互帮往来")
    return send_workbook(table_workbook(title, columns, listed), f"{title}.xlsx")


def _need_words(need) -> str:
    return f"{_(labels.NEED_TOPIC[need.topic])}：{need.text}"
