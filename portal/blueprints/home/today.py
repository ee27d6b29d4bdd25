"""A teacher's lessons of one day, with the way between two schools."""

from flask_babel import gettext as _

from portal import formats
from portal.queries import absent_teachers, day_lessons
from portal.web import render_macro


def day_items(who, day) -> list[dict]:
    """The rows of ``ui.day``: each lesson of the person, and the travel before one at another school."""
    items, place = [], None
    lessons = day_lessons.lessons_on(who, day)
    is_away = absent_teachers.away_from(who.district_id, who.person_id, day) if lessons else None
    for lesson in lessons:
        if place is not None and lesson.school_id != place:
            minutes = day_lessons.travel_minutes(who.district_id, place, lesson.school_id)
            words = (
                _("去%(name)s，路程 %(minutes)s 分", name=lesson.school_name, minutes=minutes)
                if minutes is not None
                else _("去%(name)s，路程未登记", name=lesson.school_name)
            )
            items.append({"at": "", "at2": None, "body": render_macro("travel", words)})
        place = lesson.school_id
        waits = lesson.is_unsettled and is_away(lesson.starts)
        items.append(
            {
                "at": formats.clock(lesson.starts),
                "at2": _("第%(period)s节", period=lesson.period),
                "body": render_macro(
                    "slot",
                    f"{lesson.class_name} {lesson.subject}",
                    lines=(lesson.school_name,),
                    second=lesson.is_away,
                    kind="ghost" if waits else "",
                    why=_("您请假，待学校安排") if waits else None,
                ),
            }
        )
    return items
