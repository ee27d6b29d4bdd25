"""What a secondee writes: the page 我的挂职, study plan, entries, leave, report; the office's contacts."""

from flask import abort, request
from flask_babel import gettext as _

from portal import labels
from portal.actions import secondment_work as work
from portal.auth import actor, can, now, requires, today
from portal.blueprints.exchange import bp
from portal.blueprints.exchange.secondment_forms import (
    ENTRY_FIELDS,
    ContactForm,
    EntryForm,
    LeaveForm,
    PlanForm,
    ReportForm,
)
from portal.blueprints.exchange.secondments import case_page, weeks_of
from portal.domain import secondments as rules
from portal.domain.secondments import ENTRY_KINDS, OWED, PLAN_PARTS
from portal.queries import secondment_work, secondments
from portal.web import commit, go, read_step, read_version, render, saved, steps_for


@bp.get("/secondments/mine")
@requires("secondment.own")
def secondment_mine():
    """What is due this week of one's own secondment; made for a phone."""
    found = secondments.mine(actor())
    case = next((row for row in found if row.state in rules.UNDER_WAY), found[0] if found else None)
    facts = secondment_work.facts_of([case], today()).get(case.id) if case else None
    weeks = weeks_of(case, facts) if case else []
    return render(
        "exchange/secondment_mine.html",
        case=case,
        others=[row for row in found if row is not case],
        facts=facts,
        week=weeks[0] if weeks else None,
        # That nobody has called is the office's to mend.
        gaps=[gap for gap in secondment_work.gaps_of([case], today())[case.id] if gap.code != "contact"]
        if case
        else [],
        five=rules.five_items(facts) if facts else {},
        entries=secondment_work.entries_of(case) if case else {},
        filed=secondment_work.entries_with_files(case) if case else {},
        leaves=secondment_work.leaves_of(case) if case else [],
        plan=secondment_work.plan_of(case) if case else None,
    )


@bp.route("/secondments/<uuid:secondment_id>/plan", methods=["GET", "POST"])
@requires("secondment.write", secondments.by_id)
def secondment_plan(secondment):
    """The study plan in five parts; 保存 keeps it, 提交 hands it in."""
    plan = secondment_work.plan_of(secondment)
    form = PlanForm(obj=plan)
    hand_in = "hand_in" in request.form
    if form.validate_on_submit() and saved(form, lambda: _plan(secondment, form, hand_in), plan, *PLAN_PARTS):
        words = _("已提交") if hand_in else _("已保存")
        return go("exchange.secondment_mine", words)
    return render("exchange/study_plan.html", form=form, case=secondment, plan=plan)


def _plan(secondment, form, hand_in):
    work.save_plan(
        actor(),
        secondment,
        form.plan_values,
        hand_in=hand_in,
        expected=form.expected_version,
        now=now(),
    )


@bp.route("/secondments/<uuid:secondment_id>/entries/new", methods=["GET", "POST"])
@requires("secondment.task", secondments.by_id)
def entry_new(secondment):
    """A duty, product, assignment, topic, book, meeting or discussion (``?kind=``)."""
    kind = request.args.get("kind", "")
    kind = kind if kind in ENTRY_KINDS else "meeting" if can("secondment.write", secondment) else "duty"
    asks_day = "happened_on" in ENTRY_FIELDS[kind]
    form = EntryForm(kind=kind, **({"happened_on": today()} if asks_day else {}))
    made = form.validate_on_submit() and saved(
        form, lambda: work.add_entry(actor(), secondment, kind, form.entry_values, now=now())
    )
    if made and kind in OWED:  # what is owed may come as a file (S4-66)
        return go("exchange.study_entry", _("已登记，可以上传文件"), study_entry_id=made.id)
    if made:
        return _after_entry(secondment, _("已登记"))
    return render("exchange/entry_form.html", form=form, case=secondment, kind=kind, entry=None)


def _after_entry(secondment, words):
    if can("secondment.write", secondment):
        return go("exchange.secondment_mine", words)
    return go("exchange.secondment", words, secondment_id=secondment.id)


@bp.route("/secondments/entries/<uuid:study_entry_id>/edit", methods=["GET", "POST"])
@requires("study_entry.edit", secondment_work.entry_by_id, name="entry")
def entry_edit(entry):
    """Change an entry, or say that it is done."""
    form = EntryForm(kind=entry.kind, obj=entry)
    if form.validate_on_submit() and saved(
        form,
        lambda: work.edit_entry(actor(), entry, form.entry_values, expected=form.expected_version, now=now()),
        entry,
        *("title", *ENTRY_FIELDS[entry.kind]),
    ):
        return _after_entry(entry.secondment, _("已保存"))
    return render("exchange/entry_form.html", form=form, case=entry.secondment, kind=entry.kind, entry=entry)


@bp.post("/secondments/entries/<uuid:study_entry_id>/delete")
@requires("study_entry.edit", secondment_work.entry_by_id, name="entry")
def entry_delete(entry):
    """Take an entry out."""
    case = entry.secondment
    work.delete_entry(actor(), entry, expected=read_version(), now=now())
    commit()
    return _after_entry(case, _("已删除"))


# Leave


@bp.route("/secondments/<uuid:secondment_id>/leave", methods=["GET", "POST"])
@requires("secondment.write", secondments.by_id)
def leave_new(secondment):
    """Ask for leave."""
    form = LeaveForm(first_day=today(), last_day=today())
    if form.validate_on_submit():
        made = saved(form, lambda: _ask(secondment, form))
        if made:
            return go("exchange.study_leave", _("已提交，等批准"), study_leave_id=made.id)
    return render("exchange/leave_form.html", form=form, case=secondment)


def _ask(secondment, form):
    return work.ask_leave(
        actor(), secondment, form.first_day.data, form.last_day.data, form.reason.data, now=now()
    )


@bp.get("/secondments/leaves/<uuid:study_leave_id>")
@requires("study_leave.view", secondment_work.leave_by_id, name="leave")
def study_leave(leave):
    """One leave; its reason is for the secondee and for who decides."""
    return _leave_page(leave)


def _leave_page(leave, form=None):
    return render(
        "exchange/leave.html",
        form=form,
        leave=leave,
        case=leave.secondment,
        steps=steps_for(leave),
        may_read=can("study_leave.reason", leave),
    )


@bp.post("/secondments/leaves/<uuid:study_leave_id>/step")
@requires("study_leave.view", secondment_work.leave_by_id, name="leave")
def study_leave_step(leave):
    """Approve, refuse, withdraw, report back."""
    asked = read_step("secondment_leave")
    form = LeaveForm(formdata=None)
    if saved(
        form,
        lambda: work.take_leave(
            actor(), leave, asked.action, note=asked.note, expected=asked.expected, now=now()
        ),
    ):
        word = labels.state_word("secondment_leave", leave.state)
        return go("exchange.study_leave", _(word), study_leave_id=leave.id)
    return _leave_page(leave, form)


# Contacts and report


@bp.post("/secondments/<uuid:secondment_id>/contacts")
@requires("secondment.contact", secondments.by_id)
def contact_add(secondment):
    """The office spoke with a secondee."""
    if secondment.state not in rules.AWAY:
        abort(409)
    form = ContactForm()
    if form.validate_on_submit() and saved(form, lambda: _contact(secondment, form)):
        return go("exchange.secondment", _("已登记联系"), secondment_id=secondment.id)
    return case_page(secondment, contact_form=form)


def _contact(secondment, form):
    return work.contact(actor(), secondment, form.held_on.data, form.way.data, form.note.data, now=now())


@bp.route("/secondments/<uuid:secondment_id>/report", methods=["GET", "POST"])
@requires("secondment.write", secondments.by_id)
def secondment_report(secondment):
    """The final report."""
    form = ReportForm(obj=secondment)
    hand_in = "hand_in" in request.form
    if form.validate_on_submit() and saved(
        form, lambda: _report(secondment, form, hand_in), secondment, "report"
    ):
        return go("exchange.secondment_mine", _("已提交") if hand_in else _("已保存"))
    return render("exchange/report_form.html", form=form, case=secondment)


def _report(secondment, form, hand_in):
    work.save_report(
        actor(),
        secondment,
        form.report.data,
        hand_in=hand_in,
        expected=form.expected_version,
        now=now(),
    )
