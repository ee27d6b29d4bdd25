"""Disputes about a lesson: the teacher raises one, both sides settle it."""

from flask_babel import gettext as _

from portal.actions import dispute_steps
from portal.actions import disputes as actions
from portal.auth import actor, now, requires
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.forms import DisputeForm
from portal.blueprints.visiting.sessions import session_page
from portal.domain.words import N_
from portal.queries import disputes, visiting
from portal.web import commit, go, read_step, saved

SAID = {
    "agree": N_("已更正，异议了结"),
    "keep": N_("已答复，等教师一方"),
    "accept": N_("双方一致，异议了结"),
    "insist": N_("已请接收学校再看"),
    "withdraw": N_("异议已撤回"),
}


@bp.post("/sessions/<uuid:session_id>/dispute")
@requires("session.dispute", visiting.session_by_id)
def session_dispute(session):
    """The teacher says that what was registered is not what happened."""
    form = DisputeForm(session=session)
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.raise_dispute(actor(), session, form.claim.data, form.reason.data, now=now()),
    ):
        return go("visiting.session", _("已提出，等接收学校答复"), session_id=session.id)
    return session_page(session, dispute_form=form)


@bp.post("/disputes/<uuid:dispute_id>/step")
@requires("dispute.view", disputes.by_id)
def dispute_step(dispute):
    """Agree, keep, accept, insist or withdraw."""
    step = read_step("session_dispute")
    dispute_steps.step(actor(), dispute, step.action, note=step.note, expected=step.expected, now=now())
    commit()
    return go("visiting.session", _(SAID[step.action]), session_id=dispute.session_id)
