"""Months of visiting lessons: the overview, a school's month that both schools close, one's own month."""

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import months as actions
from portal.actions.errors import Refused
from portal.auth import actor, can, now, requires, today
from portal.blueprints.visiting import bp
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
from portal.extensions import db
from portal.forms import as_uuid, as_whole, clean_line, spoken
from portal.queries import clusters, months, pairing, people, schools, subsidies, visiting, workloads
from portal.web import commit, go, read_step, render, send_workbook

SAID = {
    "check": N_("已核对，等派出学校关账"),
    "take_back": N_("已收回"),
    "close": N_("已关账，这个月的数字不再变动"),
    "return": N_("已退回接收学校"),
}


@bp.get("/months")
@requires("month.list")
def month_list():
    """Every pair of schools of a month that is in sight, with its figures and how far it is."""
    who, month = actor(), asked_month()
    page = months.school_page(
        who,
        month,
        school_id=as_uuid(request.args.get("school")),
        school_ids=asked_cluster_schools(),
        cursor=request.args.get("at"),
    )
    return render(
        "visiting/months.html",
        month=month,
        month_words=month_words(month),
        choices=month_choices(month),
        page=page,
        asked=request.args,
        schools=pairing.schools_in_sight(who),
        clusters=clusters.all_clusters(who),
        waiting=visiting.unconfirmed(who, today()),
    )


@bp.get("/schools/<uuid:school_id>/months")
@requires("month.view", schools.by_id)
def month(school):
    """A school's month: what it received and what its teachers gave elsewhere, and who has confirmed it."""
    return _month_page(school, asked_month())


def _month_page(school, month, *, problems=None, typed=None, status=None):
    own = workloads.of_school(school, month, today())
    sheet = subsidies.of_school(school, month)
    may_state = can("month.record_own", school)
    return render(
        "visiting/month.html",
        school=school,
        month=month,
        month_words=month_words(month),
        code=month_code(month),
        before=month_code(month_before(month)),
        after=month_code(month_after(month)),
        is_over=today() >= month_after(month),
        pairs=months.of_school(school, month),
        own=own,
        may_state=may_state and (sheet is None or sheet.state == "drafting"),
        days=months.teaching_days(school.district_id, month),
        problems=problems or {},
        typed=typed if typed is not None else _known_periods(own),
        may_see_list=can("subsidy.view", school),
        may_begin=can("month.begin", school),
        status=status,
    )


def _known_periods(own) -> dict:
    return {str(each.person.id): each.own_periods if each.source == "stated" else "" for each in own}


@bp.post("/schools/<uuid:school_id>/months")
@requires("month.begin", schools.by_id)
def month_begin(school):
    """The receiving school has checked a month for the first time."""
    month, key = asked_month(), as_uuid(request.form.get("home"))
    home = schools.by_id(school.district_id, key) if key else None
    if home is None:
        raise Refused(N_("这个月两校之间没有走教课"))
    actions.begin(actor(), school, home, month, now=now(), seen=asked_mark())
    commit()
    words = SAID["check"]
    return go("visiting.month", _(words), school_id=school.id, month=month_code(month))


@bp.post("/months/<uuid:month_id>/step")
@requires("month.view", months.by_id)
def month_step(month):
    """Check, take back, close or return."""
    step = read_step("visiting_month")
    facts = {"note": step.note, "expected": step.expected, "seen": asked_mark()}
    actions.step(actor(), month, step.action, now=now(), **facts)
    commit()
    is_host = month.school_id in actor().manages_schools
    at = month.school_id if is_host else month.home_school_id
    return go("visiting.month", _(SAID[step.action]), school_id=at, month=month_code(month.month))


@bp.post("/schools/<uuid:school_id>/own-periods")
@requires("month.record_own", schools.by_id)
def month_own(school):
    """The school says how many periods its visiting teachers gave at home."""
    month, typed, problems = asked_month(), {}, {}
    for name, text in request.form.items():
        if name.startswith("own-") and as_uuid(name[4:]):
            typed[name[4:]] = clean_line(text)[:8]
    stated = {as_uuid(key): _periods(key, text, problems) for key, text in typed.items()}
    if not problems:
        try:
            changed = actions.record_own(actor(), school, month, stated, now=now())
        except Refused as refused:
            db.session.rollback()
            problems[""] = _(refused.message, **spoken(refused.words))
    if problems:
        return _month_page(school, month, problems=problems, typed=typed, status=422)
    commit()
    words = _("已登记 %(count)s 人的本校课时", count=changed) if changed else _("没有要保存的")
    return go("visiting.month", words, school_id=school.id, month=month_code(month))


def _periods(key: str, text: str, problems: dict) -> int | None:
    if not text:
        return None
    count = as_whole(text)
    if count is None or count > 300:
        problems[f"own-{key}"] = _("课时写成 0 到 300 之间的整数")
        return None
    return count


@bp.get("/schools/<uuid:school_id>/months.xlsx")
@requires("month.view", schools.by_id)
def month_export(school):
    """The school's month as a workbook, a line a person and pair."""
    month = asked_month()
    title = _("%(school)s%(month)s走教课时", school=school.name, month=month_words(month))
    columns = [_("接收学校"), _("派出学校"), _("教师"), _("已上"), _("代别人上"), _("更正"), _("计入课时")]
    columns += [_("缺课"), _("别人代"), _("取消"), _("待确认"), _("状态")]
    rows = [
        [
            pair.school.name,
            pair.home_school.name,
            person.name,
            figure.given,
            figure.stood_in,
            figure.corrected,
            figure.periods,
            figure.missed,
            figure.substituted,
            figure.cancelled,
            figure.planned,
            _state_words(pair),
        ]
        for pair in months.of_school(school, month)
        for person, figure in pair.lines
    ]
    return send_workbook(table_workbook(title, columns, rows), f"{title}.xlsx")


def _state_words(pair) -> str:
    words = labels.STATE["visiting_month"]
    return _(words[pair.state])


@bp.get("/workload")
@requires("visiting.list")
def workload():
    """My month: periods by school, what they are compared with, and why a subsidy is or is not due."""
    who, month = actor(), asked_month(today())
    me = people.person_by_id(who.district_id, who.person_id)
    found = []
    for home in workloads.homes_of(who.district_id, who.person_id, month):
        found += workloads.of_people(home, {me.id: me}, month, today())
    return render(
        "visiting/month_own.html",
        month=month,
        month_words=month_words(month),
        choices=month_choices(month),
        before=month_code(month_before(month)),
        after=month_code(month_after(month)),
        found=found,
        items=subsidies.own_item(who, month),
        rule=subsidy.rule(),
        said=said,
        waiting=visiting.unconfirmed(who, today()),
    )
