"""Subsidies of a month: the overview, a school's list, amounts by decision, the district's tiers. Nothing is paid."""

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import subsidies as actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.forms_subsidies import ProposeForm, TiersForm
from portal.blueprints.visiting.month_words import (
    asked_cluster_schools,
    asked_mark,
    asked_month,
    month_choices,
    month_words,
    said,
)
from portal.documents.tables import table_workbook
from portal.domain import subsidy
from portal.domain.words import N_
from portal.domain.workload import month_after, month_before, month_code
from portal.forms import as_uuid
from portal.queries import clusters, people, schools, subsidies, visiting
from portal.web import (
    commit,
    go,
    history_of,
    read_step,
    read_version,
    render,
    saved,
    send_workbook,
    steps_for,
)

SAID = {
    "check": N_("已核对，报区教育局"),
    "take_back": N_("已收回"),
    "accept": N_("已受理"),
    "return": N_("已退回学校"),
}
DECIDED = {"approve": N_("已同意"), "decline": N_("未同意，理由学校能看到")}


@bp.get("/subsidies")
@requires("subsidy.list")
def subsidy_list():
    """The schools of a month with their lists: what is reported, accepted, still missing."""
    who, month = actor(), asked_month()
    state = request.args.get("state", "")[:20]
    page = subsidies.school_page(
        who, month, state=state, school_ids=_asked_schools(), cursor=request.args.get("at")
    )
    basis, tiers = subsidies.tiers_of(who.district_id)
    return render(
        "visiting/subsidies.html",
        month=month,
        month_words=month_words(month),
        code=month_code(month),
        choices=month_choices(month),
        page=page,
        asked=request.args,
        clusters=clusters.all_clusters(who),
        tiers=tiers,
        basis=basis,
        bases=subsidy.BASES,
        rule=subsidy.rule(),
        waiting=visiting.unconfirmed(who, today()),
    )


def _asked_schools():
    key = as_uuid(request.args.get("school"))
    return [key] if key else asked_cluster_schools()


@bp.get("/subsidies.xlsx")
@requires("subsidy.list")
def subsidy_export():
    """The checked and accepted lists of a month for the finance office. The workbook says that nothing is paid."""
    month, state = asked_month(), request.args.get("state", "")[:20]
    title = _("%(month)s走教支教补助名单", month=month_words(month))
    columns = [
        _("学校"),
        _("教师"),
        _("类别"),
        _("任教学校"),
        _("本校课时"),
        _("走教课时"),
        _("本校人均周课时"),
    ]
    columns += [_("教学日"), _("符合条件"), _("依据和原因"), _("金额（元）"), _("审定人"), _("名单状态")]
    sheets = subsidies.for_export(actor(), month, state=state, school_ids=_asked_schools())
    rows = [_export_row(sheet, item) for sheet in sheets for item in sheet.items]
    rows.append([_("说明：本系统只核定名单，不发放补助。")] + [None] * (len(columns) - 1))
    return send_workbook(table_workbook(title, columns, rows), f"{title}.xlsx")


def _export_row(sheet, item) -> list:
    counts, states = item.state in ("computed", "approved"), labels.STATE["subsidy_list"]
    outcome = item.outcome if counts else "not_met"
    return [
        sheet.school.name,
        item.person.name,
        _(labels.SUBSIDY_KIND[item.kind]),
        "、".join(item.host_names),
        item.own_periods,
        item.visited_periods,
        item.own_average,
        item.days,
        _(labels.SUBSIDY_OUTCOME[outcome]),
        "；".join(_reasons(item)),
        item.amount if counts else None,
        item.decided_by.name if item.decided_by else None,
        _(states[sheet.state]),
    ]


def _reasons(item) -> list[str]:
    """Why, as sentences: what was computed, or the ground of an amount by decision and what was decided."""
    if item.kind == "discretionary":
        states = labels.STATE["subsidy_item"]
        said = [item.ground, _(states[item.state])]
        return said + ([item.state_note] if item.state_note else [])
    return [_sentence(reason) for reason in item.reasons]


def _sentence(reason: dict) -> str:
    text, words = reason["text"], reason["words"]
    return _(text, **words)


@bp.get("/schools/<uuid:school_id>/subsidies")
@requires("subsidy.view", schools.by_id)
def subsidy_sheet(school):
    """One school's list of a month: computed anew while it is drafted, kept as it was once it is checked."""
    return _sheet_page(school, asked_month())


def _sheet_page(school, month, form=None):
    sheet = subsidies.of_school(school, month)
    drafting = sheet is None or sheet.state == "drafting"
    items, is_ahead = subsidies.items_of(sheet) if sheet else [], month > today()
    found = subsidies.candidates(school, month, today()) if drafting and not is_ahead else []
    pairs = subsidies.open_pairs(school, month) if drafting else []
    elsewhere = {name for each in found for name in each.open_schools} - {pair.school.name for pair in pairs}
    return render(
        "visiting/subsidy.html",
        form=form or ProposeForm(formdata=None),
        failed=form is not None,
        school=school,
        month=month,
        month_words=month_words(month),
        code=month_code(month),
        before=month_code(month_before(month)),
        after=month_code(month_after(month)),
        sheet=sheet,
        drafting=drafting,
        is_over=today() >= month_after(month),
        candidates=found,
        mark=subsidies.mark_of(found) if drafting else None,
        computed=[] if drafting else [item for item in items if item.kind != "discretionary"],
        proposed=[item for item in items if item.kind == "discretionary"],
        open_pairs=pairs,
        open_elsewhere=sorted(elsewhere),
        reasons=_reasons,
        said=said,
        may_edit=can("subsidy.edit", school) and drafting and (form is not None or not is_ahead),
        is_ahead=is_ahead,
        steps=steps_for(sheet) if sheet else [],
        rule=subsidy.rule(),
        history=history_of(sheet) if sheet else [],
    )


@bp.post("/schools/<uuid:school_id>/subsidies")
@requires("subsidy.edit", schools.by_id)
def subsidy_begin(school):
    """The school has checked a month that has no list yet."""
    month = asked_month()
    actions.begin(actor(), school, month, now=now(), seen=asked_mark())
    commit()
    words = SAID["check"]
    return go("visiting.subsidy_sheet", _(words), school_id=school.id, month=month_code(month))


@bp.post("/subsidies/<uuid:subsidy_id>/step")
@requires("subsidy.view", subsidies.by_id, name="sheet")
def subsidy_step(sheet):
    """Check, take back, accept or return a list."""
    step = read_step("subsidy_list")
    facts = {"note": step.note, "expected": step.expected, "seen": asked_mark()}
    actions.step(actor(), sheet, step.action, now=now(), **facts)
    commit()
    return _to(sheet, _(SAID[step.action]))


@bp.post("/schools/<uuid:school_id>/subsidies/propose")
@requires("subsidy.edit", schools.by_id)
def subsidy_propose(school):
    """Ask for an amount by decision."""
    month, form = asked_month(), ProposeForm()
    if form.validate_on_submit():
        who = actor()
        person = people.resolve_person(who, form.person.data, form.chosen_person, [school.id])
        if person is None:
            form.add_error("person", _("没有找到本校这位教师，或有同名的人：请写成“姓名（学校）”"))
        elif saved(form, lambda: actions.propose(who, school, month, person, now=now(), **form.asked)):
            code = month_code(month)
            return go(
                "visiting.subsidy_sheet", _("已列入名单，待教育局审定"), school_id=school.id, month=code
            )
    return _sheet_page(school, month, form=form)


@bp.post("/subsidy-items/<uuid:subsidy_item_id>/remove")
@requires("subsidy.edit", subsidies.item_by_id, name="item")
def subsidy_remove(item):
    """Take an amount by decision off a list that is being drafted."""
    sheet = item.sheet
    actions.remove(actor(), item, expected=read_version())
    commit()
    return _to(sheet, _("已删去"))


@bp.post("/subsidy-items/<uuid:subsidy_item_id>/step")
@requires("subsidy.view", subsidies.item_by_id, name="item")
def subsidy_decide(item):
    """The bureau approves or declines an amount by decision."""
    step = read_step("subsidy_item")
    actions.decide(actor(), item, step.action, note=step.note, expected=step.expected, now=now())
    commit()
    return _to(item.sheet, _(DECIDED[step.action]))


def _to(sheet, words: str):
    return go("visiting.subsidy_sheet", words, school_id=sheet.school_id, month=month_code(sheet.month))


@bp.route("/subsidies/tiers", methods=["GET", "POST"])
@requires("subsidy.define")
def subsidy_tiers():
    """The district's own table of amounts, within what the scheme allows."""
    basis, tiers = subsidies.tiers_of(actor().district_id)
    form = TiersForm(basis_now=basis, tiers_now=tiers)
    if form.validate_on_submit() and saved(
        form, lambda: actions.set_tiers(actor(), form.basis.data, form.tiers, seen=form.seen_tiers) or True
    ):
        return go("visiting.subsidy_list", _("补助标准已保存；已核对的名单不变"))
    return render("visiting/subsidy_tiers.html", form=form, rule=subsidy.rule(), is_set=bool(tiers))
