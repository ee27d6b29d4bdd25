"""Dated lessons: the week's list that the receiving school confirms, one lesson's page, the teacher's report."""

from datetime import date, timedelta

from flask import abort, request
from flask_babel import gettext as _

from portal.actions import visiting_sessions as actions
from portal.actions.absence_lessons import is_over
from portal.auth import actor, can, now, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.forms import DisputeForm, ReportForm, SettleForm
from portal.blueprints.visiting.forms_absences import CallOffForm, MoveForm
from portal.blueprints.visiting.session_words import session_word
from portal.domain.moments import local
from portal.domain.substitution import has_begun
from portal.extensions import db
from portal.forms import as_uuid, as_version, clean_line, spoken
from portal.queries import (
    absent_teachers,
    disputes,
    months,
    moved_sessions,
    people,
    schools,
    timetable,
    visiting,
)
from portal.web import commit, go, history_of, render, saved, steps_for

WEEK = timedelta(days=7)


def _asked_monday() -> date:
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = today()
    day = min(max(day, date(2000, 1, 10)), date(2100, 1, 1))
    return day - timedelta(days=day.weekday())


@bp.get("/confirm")
@requires("visiting.confirm")
def confirm():
    """The week's received lessons, to be confirmed in one list."""
    return _confirm_page({})


def _confirm_page(problems):
    who, monday, school_id = actor(), _asked_monday(), as_uuid(request.args.get("school"))
    sessions = visiting.received(who, monday, school_id)
    own = {session.id for session in sessions if not can("session.confirm", session)}
    closed, away = months.closed_among(sessions), absent_teachers.of_sessions(who, sessions)
    ready = [each for each in sessions if each.id not in own | closed and _waits(each)]
    return render(
        "visiting/confirm.html",
        monday=monday,
        sunday=monday + timedelta(days=6),
        before=monday - WEEK,
        after=monday + WEEK,
        sessions=sessions,
        mine=schools.with_id_in(who.district_id, who.manages_schools),
        school_id=school_id,
        own=own,
        closed=closed,
        away=away,
        usual={each.id: _usual(each, each.id in away) for each in ready},
        absent=[each for each in ready if each.id in away],
        over=[each for each in ready if each.id not in away and _has_ended(each)],
        ahead=[each for each in ready if each.id not in away and not _has_ended(each)],
        disputed=disputes.of_sessions(who, [session.id for session in sessions]),
        problems={key: _(refused.message, **spoken(refused.words)) for key, refused in problems.items()},
        changed={key for key, refused in problems.items() if refused.message == actions.CHANGED},
        typed=request.form,
        today=today(),
        waiting=visiting.unconfirmed(who, today()),
        earlier=visiting.unconfirmed_before(who, monday),
        status=422 if problems else None,
    )


def _waits(session) -> bool:
    """Whether the list asks about a lesson: one that is planned, or that somebody is said to have taken over."""
    return session.state == "planned" or _unattested(session)


def _has_ended(session) -> bool:
    clock = local(now())
    return has_begun(session.held_on, session.ends, clock.date(), clock.hour * 60 + clock.minute)


def _usual(session, is_away: bool) -> str:
    """What is chosen beforehand. Nothing while a lesson is not over, nor of a teacher who is away."""
    if session.state == "planned" and session.reported == "missed" and session.held_on <= today():
        return "miss"
    if is_away or not _has_ended(session):
        return ""
    return "attest" if session.state == "substituted" else "give"


@bp.post("/confirm")
@requires("visiting.confirm")
def confirm_save():
    """Settle every row that says something: all of them, or none when one is wrong."""
    who, monday = actor(), _asked_monday()
    rows = visiting.received(who, monday, as_uuid(request.args.get("school")))
    decisions = [decision for session in rows if (decision := _decision(session))]
    problems = actions.confirm(who, rows, decisions, now=now())
    if problems:
        db.session.rollback()
        return _confirm_page(problems)
    commit()
    words = _("已确认 %(count)s 节", count=len(decisions)) if decisions else _("没有要保存的")
    return go("visiting.confirm", words, day=monday.isoformat(), school=request.args.get("school") or None)


def _decision(session):
    """What the list says about a lesson; None when it says nothing, or what stands there already.

    Also of a lesson that somebody has settled meanwhile: what this list says instead must not be lost.
    """
    key, asked = session.id, request.form
    outcome = asked.get(f"outcome-{key}", "")
    if outcome not in (*actions.OUTCOMES, "attest"):
        return None
    version = asked.get(f"version-{key}", "")
    name = clean_line(asked.get(f"substitute-{key}", ""))[:100]
    chosen = as_uuid(asked.get(f"substitute-{key}-id"))
    decision = actions.Decision(
        session_id=key,
        outcome=outcome,
        note=clean_line(asked.get(f"note-{key}", ""))[:300],
        substitute=people.resolve_person(actor(), name, chosen) if name else None,
        expected=as_version(version),
    )
    return None if actions.says_so_already(session, decision) else decision


@bp.get("/sessions/<uuid:session_id>")
@requires("session.view", visiting.session_by_id)
def session(session):
    """One dated lesson: what was planned, reported and confirmed."""
    return session_page(session)


def session_page(session, form=None, report_form=None, dispute_form=None, **moves):
    """The page of a lesson, with forms that came back."""
    planned, over = session.state == "planned", session.held_on <= today()
    may_settle, found = can("session.confirm", session), disputes.of_session(actor(), session)
    is_open = any(each.state in disputes.UNSETTLED for each in found)
    leave = absent_teachers.of_sessions(actor(), [session]).get(session.id)
    report = report_form or ReportForm(formdata=None, is_over=over, note=session.reported_note)
    return render(
        "visiting/session.html",
        form=form or _settle_form(session, formdata=None),
        report_form=report,
        session=session,
        leave=leave,
        word=session_word(session, today(), leave),
        lesson=session.lesson,
        period=visiting.period_numbers(session.district_id, [session.school_id]).get(
            (session.school_id, session.starts), session.lesson.period
        ),
        week=timetable.week_of(session.lesson.term, session.held_on),
        is_visit=session.school_id != session.lesson.home_school_id,
        may_report=planned and not may_settle and can("session.report", session),
        may_settle=may_settle,
        is_own=actor().person_id in session.access_people,
        is_closed=months.is_closed(session),
        corrections=months.corrections_of(session),
        disputes=[(each, steps_for(each)) for each in found],
        dispute_form=dispute_form or DisputeForm(formdata=None, session=session),
        may_dispute=not planned
        and not is_open
        and session.person_id == actor().person_id
        and can("session.dispute", session),
        history=history_of(session),
        **_moves(session, leave, **moves),
        status=422 if any(each and each.errors for each in (report, dispute_form, *moves.values())) else None,
    )


def _moves(session, leave, move_form=None, cancel_form=None, back_form=None) -> dict:
    """Where a lesson came from or went, and the free times that either school may give it to."""
    ahead = session.state == "planned" and not is_over(session, now())
    may_move = ahead and leave is None and can("session.move", session)
    slots = moved_sessions.slots_for(session, today()) if may_move else ()
    came = moved_sessions.row_of(session)
    return {
        "came": came,
        "went": moved_sessions.standing(session) if session.state == "cancelled" else None,
        "may_move": may_move,
        "may_move_back": may_move and came is not None and not is_over(came.before, now()),
        "may_edit_lesson": session.lesson.state != "ended" and can("lesson.edit", session.lesson),
        "slots": slots,
        "move_form": move_form or MoveForm(formdata=None, slots=slots),
        "back_form": back_form,
        "cancel_form": cancel_form or CallOffForm(formdata=None),
    }


def _settle_form(session, **options):
    """While it waits the steps that the state offers; afterwards every outcome, and taking it back.

    In a closed month every outcome, and nothing that would leave the lesson open.
    """
    closed = months.is_closed(session)
    if session.state == "planned" and not closed:
        steps = [step.key for step in steps_for(session)]
        if session.held_on > today():
            steps = [key for key in steps if key not in ("give", "miss")]
        return SettleForm(steps=steps, **options)
    attest = ("attest",) if _unattested(session) and not closed else ()
    return SettleForm(steps=(*attest, *actions.OUTCOMES), again=not closed, **options)


def _unattested(session) -> bool:
    """A stand-in that was arranged before and that the school has not confirmed."""
    over = session.held_on <= today()
    return over and session.state == "substituted" and session.confirmed_by_id is None


@bp.post("/sessions/<uuid:session_id>/report")
@requires("session.report", visiting.session_by_id)
def session_report(session):
    """The teacher says what happened, or that nothing will."""
    form = ReportForm(is_over=session.held_on <= today())
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.report(
            actor(),
            session,
            form.outcome.data,
            form.note.data,
            expected=form.expected_version,
            now=now(),
        ),
    ):
        return go("visiting.session", _("已报告，等接收学校确认"), session_id=session.id)
    return session_page(session, report_form=form)


@bp.post("/sessions/<uuid:session_id>/settle")
@requires("session.confirm", visiting.session_by_id)
def session_settle(session):
    """Confirm one lesson, or correct what was confirmed."""
    form = _settle_form(session)
    if form.validate_on_submit() and saved(form, lambda: _settle(session, form)):
        return go("visiting.session", _("已办理"), session_id=session.id)
    return session_page(session, form=form)


def _settle(session, form):
    if form.expected_version is None:
        abort(400)
    name = form.substitute.data
    decision = actions.Decision(
        session.id,
        form.outcome.data,
        form.note.data,
        people.resolve_person(actor(), name, form.chosen_person) if name else None,
        form.expected_version,
    )
    is_attest = decision.outcome == "attest"
    if is_attest or (session.state == "planned" and not months.is_closed(session)):
        return actions.settle(actor(), session, decision, now=now())
    return actions.correct(actor(), session, decision, now=now())
