"""The course of a posting as a timeline: what was done, by whom, and who is next."""

from flask_babel import gettext as _

from portal import formats, labels
from portal.queries.audit import history

STEPS = ("posting.create", "posting.arrive", "posting.complete", "posting.end_early", "posting.cancel")


def progress_of(posting, today) -> list[dict]:
    """The steps taken, oldest first, and the one that comes next with who takes it."""
    done = [_taken(line, posting) for line in reversed(history(posting)) if line.action in STEPS]
    return [*(done or _known(posting)), *_next(posting, today)]


def _known(posting) -> list[dict]:
    """The course of a posting that came without steps of its own, from its dates."""
    said = labels.STATE["posting"]
    steps = [{"state": "done", "title": _("登记安排")}]
    if posting.arrived_on:
        steps.append({"state": "done", "title": _("到岗"), "when": _day(posting.arrived_on)})
    if posting.state in ("completed", "ended_early", "cancelled"):
        ended = {"title": _(said[posting.state]), "said": posting.state_note or None}
        back = posting.state == "cancelled"
        steps.append(
            {**ended, "state": "back" if back else "done", "when": "" if back else _day(posting.ends_on)}
        )
    return steps


def _taken(line, posting) -> dict:
    titles = {"posting.create": _("登记安排")}
    days = {"posting.arrive": posting.arrived_on, "posting.end_early": posting.ends_on}
    note = next((new for field, _old, new in line.changes if field == "note"), None)
    day = days.get(line.action)
    words = formats.names([word for word in (line.who, day and _("日期 %(day)s", day=_day(day))) if word])
    return {
        "state": "back" if line.action == "posting.cancel" else "done",
        "title": titles.get(line.action) or _(labels.action_word(line.action)),
        "when": formats.moment(line.at),
        "iso": formats.iso(line.at),
        "said": note or None,
        "text": words or None,
    }


def _next(posting, today) -> list[dict]:
    if posting.state == "planned":
        late = (today - posting.starts_on).days
        text = _("由%(name)s登记到岗", name=posting.host_school.name)
        if late > 0:
            text += _("，已过 %(days)s 天", days=late)
        return [
            {"state": "now", "title": _("到岗"), "when": _day(posting.starts_on), "text": text},
            {"state": "next", "title": _("期满"), "when": _day(posting.ends_on)},
        ]
    if posting.state == "active":
        text = _("由%(name)s登记期满或提前结束", name=posting.host_school.name)
        return [{"state": "now", "title": _("期满"), "when": _day(posting.ends_on), "text": text}]
    return []


def _day(day) -> str:
    return formats.full_day(day) if day else _("未定")
