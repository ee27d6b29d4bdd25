"""How a dated lesson stands, in words: its state, and what that leaves open by the day and by who is away."""

from flask import url_for
from flask_babel import gettext as _

from portal import labels


def session_word(session, today, leave=None) -> tuple[str, str]:
    """(tone, words) of a dated lesson. ``leave`` is the absence that it falls into, or None.

    A lesson that is over and of which the receiving school has not said anything waits for its word;
    one at home, which stands in the timetable for its conflicts, waits for nobody.
    """
    words = labels.STATE["visiting_session"]
    if session.state != "planned":
        return labels.TONE[session.state], _(words[session.state])
    is_past, is_visit = session.held_on < today, session.school_id != session.lesson.home_school_id
    if leave and not is_past:
        return "wait", _("请假·待安排")
    if leave:
        return "wait", _("请假·待确认") if is_visit else _("请假")
    if is_past:
        return ("wait", _("待确认")) if is_visit else ("plain", _("不用确认"))
    word = words["planned"]
    return labels.TONE["planned"], _(word)


def left_to_arrange(view, today) -> list[dict]:
    """Absences that leave lessons of a week to be arranged, for whoever may open them: whose, and the page."""
    found = {}
    for session in view.sessions:
        leave = view.away.get(session.id)
        if leave and leave.is_open_to and session.state == "planned" and session.held_on >= today:
            found.setdefault(leave.absence_id, []).append(session.person.name)
    return [
        {
            "text": _("%(name)s %(count)s 节", name=names[0], count=len(names)),
            "url": url_for("visiting.absence", absence_id=key),
        }
        for key, names in found.items()
    ]
