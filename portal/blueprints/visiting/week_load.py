"""The periods of a week in words, beside its table."""

from collections import defaultdict

from flask_babel import gettext as _

from portal import labels


def load_of(grid) -> list[tuple[str, str]]:
    """(school, words) and the sum, of the week that a ``Grid`` shows; nothing for an empty week."""
    planned, counts = defaultdict(int), defaultdict(int)
    for session in grid.view.sessions:
        if session.state != "cancelled":
            planned[session.school_id] += 1
            counts[session.school_id, session.state] += 1
    rows = [(s.name, _words(grid, s, planned[s.id], counts)) for s in grid.schools if planned[s.id]]
    total = sum(planned.values())
    home = grid.view.lessons[0].home_school if grid.by_teacher and grid.view.lessons else None
    words = _("%(count)s 节", count=total)
    if home is not None and home.average_periods:
        words += _(" · %(school)s平均 %(average)s 节", school=home.name, average=home.average_periods)
    return [*rows, (_("合计"), words)] if total else []


def _words(grid, school, count: int, counts) -> str:
    parts = [_("%(count)s 节", count=count)]
    for state in ("given", "missed", "substituted"):
        if counts[school.id, state]:
            parts.append(f"{_(labels.STATE['visiting_session'][state])} {counts[school.id, state]}")
    if grid.by_teacher and grid.is_second(school.id) and school.average_periods:
        # S1-12: at the visited school at least a third of what its teachers give on average.
        average = school.average_periods
        parts.append(
            _("该校平均 %(average)s 节，已达三分之一", average=average)
            if count * 3 >= average
            else _("该校平均 %(average)s 节，未达三分之一", average=average)
        )
    return " · ".join(parts)
