"""Postings: list, plan, detail, the steps from arrival to the end."""

from datetime import date

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import exchange as actions
from portal.actions.errors import Refused
from portal.auth import actor, now, requires, today
from portal.blueprints.exchange import bp
from portal.blueprints.exchange.forms import PostingForm
from portal.documents.tables import table_workbook
from portal.forms import as_uuid
from portal.queries import exchange, people, terms
from portal.web import commit, go, history_of, read_step, render, saved, send_workbook, term_title


def _filters(asked) -> dict:
    return {
        "form": asked.get("form", "")[:32],
        "state": asked.get("state", "")[:32],
        "direction": asked.get("direction", "")[:32],
        "way": asked.get("way", "")[:8],
        "volunteer": asked.get("volunteer", "")[:1],
        "term": terms.by_code(actor().district_id, asked.get("term", "")),
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
            _("是") if row.is_volunteer else _("否"),
            _(labels.STATE["posting"][row.state]),
        ]
        for row in exchange.all_matching(actor(), **_filters(request.args))
    ]
    columns = [_("教师"), _("形式"), _("派出学校"), _("接收学校"), _("方向"), _("开始日期"), _("结束日期")]
    columns += [_("到岗日期"), _("任教学科"), _("每周节数"), _("志愿服务"), _("状态")]
    return send_workbook(table_workbook(_("交流与支教"), columns, rows), _("交流与支教"))


@bp.route("/postings/new", methods=["GET", "POST"])
@requires("posting.create")
def posting_new():
    """Plan a posting of a teacher of one's own school, or to it."""
    who = actor()
    form = PostingForm(schools=exchange.hosts_for(who))
    if form.validate_on_submit():
        person = people.resolve_person(who, form.person.data, as_uuid(request.form.get("person-id")))
        if person is None:
            form.add_error("person", _("没有找到这位教师，或有同名的人：请从列表里选"))
        else:
            try:
                posting = actions.plan(who, person, form.posting_values, now=now())
            except Refused as refused:
                form.refuse(refused)
            else:
                if commit(form):
                    return go("exchange.posting", _("已登记，双方校长会收到通知"), posting_id=posting.id)
    return render("exchange/form.html", form=form, posting=None)


@bp.get("/postings/<uuid:posting_id>")
@requires("posting.view", exchange.by_id)
def posting(posting):
    """One posting with its steps."""
    return render(
        "exchange/posting.html",
        posting=posting,
        direction=exchange.direction_of(posting),
        history=history_of(posting),
        today=today(),
    )


@bp.route("/postings/<uuid:posting_id>/edit", methods=["GET", "POST"])
@requires("posting.edit", exchange.by_id)
def posting_edit(posting):
    """Change a posting before arrival."""
    form = PostingForm(
        obj=posting,
        schools=exchange.hosts_for(actor()),
        person=posting.person.name,
        host_school=str(posting.host_school_id),
    )
    fields = ("starts_on", "ends_on", "subject", "weekly_periods", "approval_no", "duties")
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.edit(actor(), posting, form.posting_values, expected=form.expected_version),
        posting,
        *fields,
    ):
        return go("exchange.posting", _("已保存"), posting_id=posting.id)
    return render("exchange/form.html", form=form, posting=posting)


@bp.post("/postings/<uuid:posting_id>/step")
@requires("posting.view", exchange.by_id)
def posting_step(posting):
    """Arrive, complete, end early or cancel."""
    step = read_step("posting")
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        day = None
    actions.take(actor(), posting, step.action, note=step.note, expected=step.expected, day=day, now=now())
    commit()
    return go("exchange.posting", _("已办理"), posting_id=posting.id)
