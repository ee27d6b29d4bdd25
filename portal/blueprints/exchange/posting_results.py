"""What a posting is to reach: changed in sight of all after it began, judged at its end."""

from flask_babel import gettext as _

from portal.actions import posting_results as actions
from portal.auth import actor, now, requires
from portal.blueprints.exchange import bp
from portal.blueprints.exchange.handover_forms import CriteriaForm, JudgeForm
from portal.queries import exchange, handovers
from portal.web import go, render, saved


@bp.route("/postings/<uuid:posting_id>/criteria", methods=["GET", "POST"])
@requires("posting.edit", exchange.by_id)
def posting_criteria(posting):
    """Change the criteria of a posting that has begun; the reason stands beside them."""
    row = handovers.result_of(posting)
    form = CriteriaForm(criteria=row.criteria if row else "")
    if form.validate_on_submit() and saved(form, lambda: _amend(posting, form), row, "criteria"):
        return go("exchange.posting", _("已修改，双方会收到通知"), posting_id=posting.id)
    return render("exchange/criteria_form.html", form=form, posting=posting, row=row)


def _amend(posting, form):
    values = (form.criteria.data, form.why.data)
    return actions.amend(actor(), posting, *values, expected=form.expected_version, now=now())


@bp.route("/postings/<uuid:posting_id>/judge", methods=["GET", "POST"])
@requires("posting.judge", exchange.by_id)
def posting_judge(posting):
    """The host says at the end how far the criteria were reached."""
    row = handovers.result_of(posting)
    form = JudgeForm(reached=row.reached or "" if row else "", judgement=row.judgement if row else "")
    if form.validate_on_submit() and saved(form, lambda: _judge(posting, form), row, "reached", "judgement"):
        return go("exchange.posting", _("已评定，本人会收到通知"), posting_id=posting.id)
    return render("exchange/judge_form.html", form=form, posting=posting, row=row)


def _judge(posting, form):
    values = (form.reached.data, form.judgement.data)
    return actions.judge(actor(), posting, *values, expected=form.expected_version, now=now())
