"""The week as ``ui.week`` takes it: rows are periods, columns days, every slot says its own time and school."""

from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from portal import formats, labels
from portal.web import render_macro

TONES = {"given": "done", "missed": "bad", "substituted": "wait", "cancelled": "open"}


def week_grid(sessions, monday, today, unusual, home_school_id=None) -> tuple[list, list]:
    """(days, rows) of the table. Saturday and Sunday show when something is on."""
    dates = [monday + timedelta(days=n) for n in range(7)]
    busy = {s.held_on for s in sessions}
    dates = [d for d in dates if d.isoweekday() <= 5 or d in busy or (d in unusual and unusual[d].is_workday)]
    days = [_day(d, today, unusual.get(d)) for d in dates]
    periods = sorted({s.lesson.period for s in sessions}) or [1, 2, 3, 4]
    rows = []
    for period in periods:
        cells = [
            _cell([s for s in sessions if s.held_on == d and s.lesson.period == period], home_school_id)
            for d in dates
        ]
        rows.append({"label": _("第%(period)s节", period=period), "cells": cells})
    return days, rows


def _day(day, today, unusual) -> dict:
    note = ""
    if unusual is not None:
        if not unusual.is_workday:
            note = unusual.name or _("放假")
        elif unusual.teaches_like:
            note = _("调休：按%(weekday)s课表", weekday=formats.weekday(unusual.teaches_like))
    return {
        "label": formats.weekday(day),
        "date": formats.day(day),
        "note": note,
        "today": day == today,
    }


def _cell(sessions, home_school_id) -> Markup:
    return Markup("").join(slot(s, home_school_id) for s in sessions)


def slot(session, home_school_id=None) -> Markup:
    """One dated lesson as a slot: class, subject, teacher, school, clock, and what became of it."""
    lesson = session.lesson
    tag = None
    if session.state in TONES:
        tag = render_macro("tag", TONES[session.state], _(labels.STATE["visiting_session"][session.state]))
    elif lesson.weeks:
        tag = render_macro("tag", "info", _("周次：%(weeks)s", weeks=lesson.weeks), mark=False)
    teacher = session.substitute.name if session.substitute else session.person.name
    return render_macro(
        "slot",
        f"{session.class_name} {lesson.subject}",
        url=url_for("visiting.lesson", lesson_id=session.lesson_id),
        lines=(
            teacher,
            session.school.name,
            f"{formats.clock(session.starts)}–{formats.clock(session.ends)}",
        ),
        second=session.school_id != (home_school_id or lesson.home_school_id),
        kind="ghost" if session.state == "cancelled" else "",
        tag=tag,
        why=session.state_note or None,
    )


def day_lists(sessions, days_from, count: int = 7) -> list[dict]:
    """The same week for a phone: one list a day, days without lessons left out."""
    lists = []
    for offset in range(count):
        day = days_from + timedelta(days=offset)
        mine = [s for s in sessions if s.held_on == day]
        if mine:
            items = [
                {
                    "at": formats.clock(s.starts),
                    "at2": _("第%(period)s节", period=s.lesson.period),
                    "body": slot(s),
                }
                for s in mine
            ]
            lists.append({"title": formats.day_weekday(day), "rows": items})
    return lists
