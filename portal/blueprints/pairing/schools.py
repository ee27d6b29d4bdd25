"""School pairs: list, proposal, the pair's page, steps and support records (W2)."""

from datetime import timedelta

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import pairing as actions
from portal.actions import pairing_cycle as cycle_actions
from portal.actions import records as record_actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.pairing import bp
from portal.blueprints.pairing.forms import SUPPORT_RECORDS, SchoolPairForm, SupportRecordForm, coming_year
from portal.documents.tables import table_workbook
from portal.domain.pairing_rules import is_too_short, year_of_cycle
from portal.forms import as_uuid
from portal.queries import clusters, pairing, pairing_cycle, schools
from portal.web import commit, go, history_of, read_step, render, saved, send_workbook, steps_for


def _filters(asked) -> dict:
    return {
        "cluster_id": as_uuid(asked.get("cluster")),
        "state": asked.get("state", "")[:32],
        "school_id": as_uuid(asked.get("school")),
        "mine": asked.get("mine") == "1",
    }


@bp.get("/schools/")
@requires("pairing.list")
def school_list():
    """School pairs in sight, the latest first."""
    who, asked = actor(), request.args
    page = pairing.pairing_page(who, cursor=asked.get("at"), **_filters(asked))
    return render(
        "pairing/schools.html",
        fragments=("school_pair_list",),
        page=page,
        asked=asked,
        counts=pairing.record_counts(who.district_id, [row.id for row in page.rows]),
        clusters=clusters.all_clusters(who),
        schools=pairing.schools_in_sight(who),
    )


@bp.get("/schools.xlsx")
@requires("pairing.list")
def school_export():
    """The list as a workbook: schools, plan and counts."""
    who = actor()
    rows = pairing.all_matching(who, **_filters(request.args))
    counts = pairing.record_counts(who.district_id, [row.id for row in rows])
    title = _("学校结对")
    columns = [_("片区"), _("支援学校"), _("受援学校"), _("开始日期"), _("结束日期"), _("频次"), _("目标")]
    columns += [_("内容"), _("状态"), _("记录（条）"), _("最近一次")]
    states = labels.STATE["school_pairing"]
    listed = (
        [
            row.cluster.name if row.cluster else None,
            row.donor.name,
            row.beneficiary.name,
            row.starts_on,
            row.ends_on,
            row.frequency,
            row.goals,
            row.contents,
            _(states[row.state]),
            *counts.get(row.id, (0, None)),
        ]
        for row in rows
    )
    return send_workbook(table_workbook(title, columns, listed), f"{title}.xlsx")


@bp.route("/schools/new", methods=["GET", "POST"])
@requires("pairing.create")
def school_pair_new():
    """Propose a pair of schools."""
    who = actor()
    first, last = coming_year(today())
    own = next(iter(who.principal_of or who.office_of), None)
    form = SchoolPairForm(
        schools=schools.open_schools(who.district_id),
        starts_on=max(first, today()),
        ends_on=last,
        donor=str(own or ""),
    )
    if form.validate_on_submit():
        row = saved(form, lambda: actions.propose(who, now=now(), **form.pair_values))
        if row:
            return go("pairing.school_pair", _("已提出，等双方校长同意"), pairing_id=row.id)
    return render("pairing/school_form.html", form=form, pairing=None)


@bp.get("/schools/<uuid:pairing_id>")
@requires("pairing.view", pairing.by_id)
def school_pair(pairing):
    """One pair of schools: plan, consents, what was done."""
    return _pair_page(pairing, _record_form(pairing, happened_on=today()))


def _record_form(row, **values):
    """The form for work of a pair: before its approval only visits, with which needs are found (S4-59)."""
    begun = row.state in ("active", "closed")
    values.setdefault("giver", str(next(iter(actor().works_at & row.access_schools), row.donor_id)))
    needs = [line.need for line in pairing_cycle.needs_of(row) if line.need.dropped_on is None]
    return SupportRecordForm(
        schools=(row.donor, row.beneficiary),
        needs=needs,
        kinds=SUPPORT_RECORDS if begun else ("visit",),
        **({} if begun else {"kind": "visit"}),
        **values,
    )


def _pair_page(row, form):
    others = pairing.beneficiaries_beside(row) if row.state in pairing.OPEN_STATES else []
    rules, records = pairing_cycle.rules_of(row), pairing.records_of(row)
    return render(
        "pairing/school_pair.html",
        form=form,
        pairing=row,
        counts=pairing.kind_counts(row),
        records=records,
        details=pairing_cycle.details_of(row.district_id, [record.id for record in records]),
        may_record=row.state != "withdrawn" and can("pairing.record", row),
        others=others,
        rules=rules,
        too_many=rules.at_most is not None and len(others) + 1 > rules.at_most,
        is_short=is_too_short(rules, row.starts_on, row.ends_on),
        year=year_of_cycle(row.starts_on, today()),
        **_cycle(row),
        steps=_open_steps(row),
        history=history_of(row),
    )


def _cycle(row) -> dict:
    """What belongs to a pair beside its proposal."""
    return {
        "plan": pairing_cycle.plan_of(row),
        "needs": pairing_cycle.needs_of(row),
        "visits": pairing_cycle.visits_of(row),
        "numbers": pairing_cycle.counts_of(row),
        "reviews": pairing_cycle.reviews_of(row),
        "asked": pairing_cycle.open_renewal(row),
        "renewed": sum(bool(each.settled_on) for each in pairing_cycle.renewals_of(row)),
        "summaries": pairing_cycle.summaries_of(row),
        "mentoring": pairing_cycle.mentoring_between(row),
        "given": pairing_cycle.given_in([row], row.starts_on - timedelta(days=366), today()),
    }


def _open_steps(row) -> list:
    """The steps that this person may take; a side that has agreed is not asked again."""
    given = {"agree_donor": row.donor_agreed_by_id, "agree_beneficiary": row.beneficiary_agreed_by_id}
    return [step for step in steps_for(row) if not given.get(step.key)]


@bp.route("/schools/<uuid:pairing_id>/edit", methods=["GET", "POST"])
@requires("pairing.edit", pairing.by_id)
def school_pair_edit(pairing):
    """Change a proposal; both sides are asked again."""
    form = SchoolPairForm(obj=pairing, schools=schools.open_schools(pairing.district_id))
    if not form.is_submitted():
        form.donor.data, form.beneficiary.data = str(pairing.donor_id), str(pairing.beneficiary_id)
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.edit(actor(), pairing, expected=form.expected_version, now=now(), **form.pair_values),
        pairing,
        "goals",
        "contents",
        "frequency",
    ):
        return go("pairing.school_pair", _("已保存，等双方校长同意"), pairing_id=pairing.id)
    return render("pairing/school_form.html", form=form, pairing=pairing)


@bp.post("/schools/<uuid:pairing_id>/step")
@requires("pairing.view", pairing.by_id)
def school_pair_step(pairing):
    """Agree, approve, return, withdraw or close."""
    step = read_step("school_pairing")
    actions.take(actor(), pairing, step.action, note=step.note, expected=step.expected, now=now())
    commit()
    return go("pairing.school_pair", _("已办理"), pairing_id=pairing.id)


@bp.post("/schools/<uuid:pairing_id>/records")
@requires("pairing.record", pairing.by_id)
def school_pair_record(pairing):
    """Register what was done for the pair."""
    form = _record_form(pairing)
    if form.validate_on_submit() and saved(form, lambda: _write(pairing, form)):
        return go("pairing.school_pair", _("已登记"), pairing_id=pairing.id, _anchor="records")
    return _pair_page(pairing, form)


def _write(row, form):
    """The record, and with it which school gave what for which need."""
    made = record_actions.jot(actor(), link=f"school:{row.id}", now=now(), **form.record_values)
    cycle_actions.detail(actor(), made, **form.detail_values)
    return made
