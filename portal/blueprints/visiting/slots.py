"""One lesson as ``ui.slot`` shows it, in a week's table and in a day's list."""

from functools import lru_cache

from flask_babel import gettext as _
from markupsafe import Markup, escape

from portal import formats, labels
from portal.addresses import page_of
from portal.blueprints.visiting.session_words import session_word
from portal.web import render_macro

ON_DESK = Markup('<span class="{}only-desk">{}</span>')
TONES = {"given": "done", "missed": "bad", "substituted": "wait", "cancelled": "open"}


def session_slot(
    session,
    *,
    second: bool,
    conflict: str | None,
    short: int,
    names_teacher: bool,
    today,
    leave=None,
    busy_id=None,
    is_busy: bool = False,
    has_bells: bool = False,
) -> Markup:
    """A dated lesson: class, school, clock, what became of it. ``short`` are minutes missing on the way to it.

    A phone's list tells the clock beside it. In a week that ``is_busy`` it shares a line with the school, and the
    sheet of paper leaves it to the heads of the rows where these have it (``has_bells``).
    ``leave`` is the absence that it falls into.
    ``busy_id`` is whose week it is; a lesson that somebody else took over, or that is off, is drawn hollow.
    """
    lesson = session.lesson
    if is_busy:
        place = [escape(session.school.name) + _clock(session.starts, session.ends, on_paper=not has_bells)]
    else:
        place = [session.school.name, _clock(session.starts, session.ends)]
    lines = [session.person.name if names_teacher else "", *place]
    if session.state in ("missed", "cancelled", "substituted"):
        lines.append(session.state_note)
    given_away = session.state == "substituted" and busy_id not in (None, session.substitute_id)
    kind = "ghost" if session.state == "cancelled" or given_away else "bad" if conflict else ""
    return render_macro(
        "slot",
        f"{session.class_name} {lesson.subject}",
        url=page_of("visiting.session", "session_id", session.id),
        lines=lines,
        second=second,
        kind=kind,
        tag=_tag(session, today, leave),
        why=_why(conflict, short) if kind == "bad" else None,
    )


@lru_cache(2048)
def _clock(starts: int, ends: int, on_paper: bool = True) -> Markup:
    words = f"{formats.clock(starts)}–{formats.clock(ends)}"
    return ON_DESK.format("" if on_paper else "no-print ", words)


def _why(conflict: str | None, short: int) -> str:
    if conflict == "travel" and short:
        return _("差 %(minutes)s 分钟", minutes=short)
    words = {
        "travel": _("来不及赶到"),
        "availability": _("不在可走教的半天"),
        "week_limit": _("超过每周课时上限"),
        "day_limit": _("超过走教日上限"),
    }
    return words.get(conflict, _("时间冲突"))


def _tag(session, today, leave) -> Markup | None:
    if session.state == "substituted":
        words = _("代课 %(name)s", name=session.substitute.name)
        return render_macro("tag", "wait", words, mark="swap")
    if session.state in TONES:
        return render_macro("tag", TONES[session.state], _(labels.STATE["visiting_session"][session.state]))
    if leave:
        return render_macro("tag", *session_word(session, today, leave), mark="alert")
    if session.reported:
        words = _("报告已上") if session.reported == "given" else _("报告不能上")
        return render_macro("tag", "wait", words)
    weeks, tags = session.lesson.weeks, []
    if weeks:
        tags.append(render_macro("tag", "info", weeks_words(weeks), mark=False))
    if session.lesson.locked:
        tags.append(render_macro("tag", "plain", _("锁定"), mark="lock"))
    return Markup("").join(tags) if tags else None


def hour_slot(hour, second: bool) -> Markup:
    """An hour that is taken otherwise: nothing to confirm, only in the way."""
    return render_macro(
        "slot",
        hour.subject or _("占用"),
        lines=[hour.school.name, f"{formats.clock(hour.starts)}–{formats.clock(hour.ends)}"],
        second=second,
        kind="ghost",
        tag=render_macro("tag", "plain", _("占用的时间"), mark=False),
    )


def weeks_words(weeks: str) -> str:
    """单周, 双周 or 第3-12周, of a lesson's weeks; 每周 without."""
    if not weeks:
        return _("每周")
    return {"单": _("单周"), "双": _("双周")}.get(weeks) or _("第%(weeks)s周", weeks=weeks)


def ghost_slot(lesson, second: bool, names_teacher: bool) -> Markup:
    """A lesson that this week leaves out, or that is still a draft."""
    words = (
        _("草稿，还没有执行")
        if lesson.state == "planned"
        else _("%(weeks)s的课，本周不上", weeks=weeks_words(lesson.weeks))
    )
    return render_macro(
        "slot",
        f"{lesson.class_name} {lesson.subject}",
        url=page_of("visiting.lesson", "lesson_id", lesson.id),
        lines=[lesson.person.name if names_teacher else "", lesson.school.name],
        second=second,
        kind="ghost",
        tag=render_macro("tag", "plain", words, mark=False),
    )
