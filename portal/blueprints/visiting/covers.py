"""One lesson that an absence leaves, with everything that can be done; and the answers of those who are asked."""

from flask import abort, request
from flask_babel import gettext as _

from portal.actions import absence_cover as actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.forms_absences import AnswerForm, AskForm, CancelForm, MoveForm, sentence
from portal.domain.workflow import STEPS
from portal.queries import absences, day_lessons, people, substitutes
from portal.web import go, history_of, render, saved, steps_for


@bp.get("/covers/<uuid:cover_id>")
@requires("cover.view", absences.cover_by_id)
def cover(cover):
    """One lesson: who can stand in and why, who cannot and why, free times, cancelling."""
    return _cover_page(cover)


def _cover_page(cover, **forms):
    may = can("cover.arrange", cover)
    waits = absences.waits(cover, today())
    look = substitutes.outlooks([cover], today())[0] if may and waits else None
    slots = look.slots if look else ()
    shown = {
        "ask_form": AskForm(formdata=None),
        "move_form": MoveForm(formdata=None, slots=slots),
        "cancel_form": CancelForm(formdata=None),
        **forms,
    }
    wrong = next((form for form in forms.values() if form.errors), None)
    return render(
        "visiting/absence_cover.html",
        form=wrong,
        cover=cover,
        session=cover.session,
        absence=cover.absence,
        look=look,
        sentence=sentence,
        waits=waits,
        asks=absences.asks_for([cover])[cover.id],
        may_reopen=may and cover.outcome is not None and cover.absence.state == "open",
        history=history_of(cover.session),
        **shown,
    )


@bp.post("/covers/<uuid:cover_id>/ask")
@requires("cover.arrange", absences.cover_by_id)
def cover_ask(cover):
    """Ask somebody to stand in."""
    form = AskForm()
    if form.validate_on_submit():
        person = people.resolve_person(actor(), form.person.data, form.chosen_person)
        if person is None:
            form.add_error("person", _("没有找到这位教师，或有同名的人：请写成“姓名（学校）”"))
        elif saved(
            form, lambda: actions.ask(actor(), cover, person, expected=form.expected_version, now=now())
        ):
            return _back(cover, _("已请 %(name)s，等答复", name=person.name))
    return _cover_page(cover, ask_form=form)


@bp.post("/covers/<uuid:cover_id>/move")
@requires("cover.arrange", absences.cover_by_id)
def cover_move(cover):
    """Give the lesson at another time."""
    slots = substitutes.outlooks([cover], today())[0].slots
    form = MoveForm(slots=slots)
    if form.validate_on_submit():
        day, period = form.chosen
        if saved(
            form,
            lambda: actions.move(actor(), cover, day, period, expected=form.expected_version, now=now()),
        ):
            return _back(cover, _("已改期，双方会收到通知"))
    return _cover_page(cover, move_form=form)


@bp.post("/covers/<uuid:cover_id>/cancel")
@requires("cover.arrange", absences.cover_by_id)
def cover_cancel(cover):
    """The lesson is not given."""
    form = CancelForm()
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.cancel(actor(), cover, form.note.data, expected=form.expected_version, now=now()),
    ):
        return _back(cover, _("已取消，双方会收到通知"))
    return _cover_page(cover, cancel_form=form)


@bp.post("/covers/<uuid:cover_id>/reopen")
@requires("cover.arrange", absences.cover_by_id)
def cover_reopen(cover):
    """Take back what was arranged."""
    form = AnswerForm()
    if form.validate_on_submit() and saved(
        form, lambda: actions.reopen(actor(), cover, expected=form.expected_version, now=now())
    ):
        return go("visiting.cover", _("已撤回，请重新安排"), cover_id=cover.id)
    return _cover_page(cover, reopen_form=form)


def _back(cover, words: str):
    """To the absence, where the other lessons wait."""
    return go("visiting.absence", words, absence_id=cover.absence_id, _anchor=f"lesson-{cover.id}")


# The answers


@bp.get("/asks/")
@requires("ask.list")
def ask_list():
    """What one is asked to stand in for, and how earlier ones ended."""
    ahead, others = absences.asks_of(actor(), today())
    return render("visiting/absence_asks.html", ahead=ahead, others=others)


@bp.get("/asks/<uuid:ask_id>")
@requires("ask.view", absences.ask_by_id)
def ask(ask):
    """One ask: which lesson, when, where, and what else one has that day."""
    return _ask_page(ask)


def _ask_page(ask, form=None):
    session, mine = ask.session, actor().person_id == ask.person_id
    return render(
        "visiting/absence_ask.html",
        form=form if form is not None and form.errors else None,
        answer_form=form or AnswerForm(formdata=None),
        ask=ask,
        session=session,
        lesson=session.lesson,
        steps=[step for step in steps_for(ask) if session.held_on >= today()],
        mine=mine,
        others=day_lessons.lessons_on(actor(), session.held_on) if mine else [],
    )


@bp.post("/asks/<uuid:ask_id>/step")
@requires("ask.view", absences.ask_by_id)
def ask_step(ask):
    """Accept, decline, or take the ask back."""
    action, form = request.form.get("action", ""), AnswerForm()
    if action not in {step.key for step in STEPS["substitute_ask"] if step.offered}:
        abort(400)
    words = {"accept": _("谢谢，这节课由您代"), "decline": _("已答复"), "take_back": _("已撤回")}
    if form.validate_on_submit() and saved(form, lambda: _answer(ask, action, form)):
        if action == "take_back":
            return go("visiting.absence", words[action], absence_id=ask.cover.absence_id)
        return go("visiting.ask", words[action], ask_id=ask.id)
    return _ask_page(ask, form)


def _answer(ask, action: str, form):
    actions.answer(actor(), ask, action, note=form.note.data, expected=form.expected_version, now=now())
