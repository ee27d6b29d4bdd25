"""Handovers of a posting: open, write, sign, print."""

from flask import request
from flask_babel import gettext as _

from portal.actions import handovers as actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.exchange import bp
from portal.blueprints.exchange.handover_forms import OpenSheetForm, SheetForm
from portal.domain import handovers as rules
from portal.queries import exchange, handovers, people
from portal.web import go, history_of, read_step, render, saved, steps_for


@bp.route("/postings/<uuid:posting_id>/handovers/new", methods=["GET", "POST"])
@requires("posting.hand_over", exchange.by_id)
def handover_new(posting):
    """Open a sheet for the beginning or the end of a posting, at the own school or at the host."""
    offered = [
        f"{phase}_{place}"
        for phase in rules.PHASES
        if rules.may_open(phase, posting.state)
        for place in ("home", "host")
    ]
    form = OpenSheetForm(offered=offered, which=request.args.get("which", ""))
    if form.validate_on_submit():
        phase, at_home = form.phase_and_place
        school = posting.home_school if at_home else posting.host_school
        other = people.resolve_person(actor(), form.person.data, form.chosen_person, [school.id])
        if other is None:
            form.add_error("person", _("%(school)s没有找到这位教师，或有同名的人", school=school.name))
        else:
            made = saved(
                form,
                lambda: actions.open_sheet(actor(), posting, phase, at_home, other, form.items, now=now()),
            )
            if made:
                return go("exchange.handover", _("已开交接单，双方会收到通知"), handover_id=made.id)
    return render("exchange/handover_form.html", form=form, posting=posting, sheet=None)


@bp.get("/handovers/<uuid:handover_id>")
@requires("handover.view", handovers.by_id)
def handover(handover):
    """The sheet as it is read, signed and printed."""
    return _page(handover)


def _page(sheet, form=None):
    signed = {each.side: each for each in sheet.signatures}
    mine = {each.person_id for each in sheet.signatures}
    return render(
        "exchange/handover.html",
        form=form,
        sheet=sheet,
        posting=sheet.posting,
        signed=signed,
        late=sheet.state == "open" and rules.is_late(sheet.due_on, today()),
        steps=[s for s in steps_for(sheet) if s.key != "sign" or actor().person_id not in mine],
        may_edit=sheet.state == "open" and can("handover.edit", sheet),
        history=history_of(sheet),
    )


@bp.route("/handovers/<uuid:handover_id>/edit", methods=["GET", "POST"])
@requires("handover.edit", handovers.by_id)
def handover_edit(handover):
    """Write on a sheet that not both have signed."""
    form = SheetForm(obj=handover)
    if form.validate_on_submit() and saved(form, lambda: _edit(handover, form), handover, *rules.ITEMS):
        return go("exchange.handover", _("已保存"), handover_id=handover.id)
    return render("exchange/handover_form.html", form=form, posting=handover.posting, sheet=handover)


def _edit(sheet, form):
    actions.edit(actor(), sheet, form.items, expected=form.expected_version, now=now())


@bp.post("/handovers/<uuid:handover_id>/step")
@requires("handover.view", handovers.by_id)
def handover_step(handover):
    """Sign, or call off."""
    asked = read_step("handover")
    form = SheetForm(formdata=None)
    if saved(form, lambda: _take(handover, asked)):
        words = _("已签字") if asked.action == "sign" else _("已取消")
        return go("exchange.handover", words, handover_id=handover.id)
    return _page(handover, form)


def _take(sheet, asked):
    if asked.action == "sign":
        actions.sign(actor(), sheet, expected=asked.expected, now=now())
    else:
        actions.cancel(actor(), sheet, note=asked.note, expected=asked.expected, now=now())
