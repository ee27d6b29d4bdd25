"""One dated lesson at another time, back again, or cancelled beforehand: by either school, from its page."""

from flask_babel import gettext as _

from portal.actions import moved_sessions as actions
from portal.auth import actor, now, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.forms_absences import AnswerForm, CallOffForm, MoveForm
from portal.blueprints.visiting.sessions import session_page
from portal.queries import moved_sessions, visiting
from portal.web import go, saved


@bp.post("/sessions/<uuid:session_id>/move")
@requires("session.move", visiting.session_by_id)
def session_move(session):
    """Give the lesson at another time, this once."""
    form = MoveForm(slots=moved_sessions.slots_for(session, today()))
    if form.validate_on_submit():
        day, period = form.chosen
        there = saved(
            form,
            lambda: actions.move(actor(), session, day, period, expected=form.expected_version, now=now()),
        )
        if there:
            return go("visiting.session", _("已改期，双方会收到通知"), session_id=there.id)
    return session_page(session, move_form=form)


@bp.post("/sessions/<uuid:session_id>/move-back")
@requires("session.move", visiting.session_by_id)
def session_move_back(session):
    """Give the lesson at its old time again."""
    form = AnswerForm()
    if form.validate_on_submit():
        before = saved(
            form, lambda: actions.move_back(actor(), session, expected=form.expected_version, now=now())
        )
        if before:
            return go("visiting.session", _("已改回原来的时间，双方会收到通知"), session_id=before.id)
    return session_page(session, back_form=form)


@bp.post("/sessions/<uuid:session_id>/cancel")
@requires("session.move", visiting.session_by_id)
def session_cancel(session):
    """The lesson will not be given."""
    form = CallOffForm()
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.cancel(
            actor(), session, form.cancel_note.data, expected=form.expected_version, now=now()
        ),
    ):
        return go("visiting.session", _("已取消，双方会收到通知"), session_id=session.id)
    return session_page(session, cancel_form=form)
