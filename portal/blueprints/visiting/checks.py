"""A lesson is checked while it is written: reasons, free times to choose from, who stays at both schools."""

from flask import request
from flask_babel import gettext as _

from portal import formats
from portal.auth import actor, may_on, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.forms import LessonForm
from portal.forms import as_uuid
from portal.queries import lesson_ideas, people, schools, visiting
from portal.web import render


@bp.get("/lessons/check")
@requires("lesson.create")
def lesson_check():
    """What stands against the lesson in the form, as it is now."""
    district = actor().district_id
    key = as_uuid(request.args.get("lesson"))
    lesson = visiting.lesson_by_id(district, key) if key else None
    if key:
        may_on("lesson.edit", lesson)
    form = LessonForm(request.args, schools=schools.open_schools(district), meta={"csrf": False})
    show_bells(form)
    return render(
        "visiting/lesson_form.html",
        fragments=("lesson_check", "lesson_period"),
        form=form,
        lesson=lesson,
        check=check_of(form, lesson),
    )


def show_bells(form) -> None:
    """Name the periods of a form with the bells of its school."""
    if form.school_id:
        form.show_periods(
            visiting.bells_of(actor().district_id, [form.school_id]).get(form.school_id, {}),
        )


def check_of(form, lesson=None) -> dict | None:
    """What the page says about the lesson in a form; None as long as too little is written."""
    values = form.written_values
    person = (
        lesson.person
        if lesson
        else people.resolve_person(actor(), form.person.data or "", form.chosen_person)
    )
    if person is None or values is None:
        return None
    day = today() if lesson else form.from_day.data or today()
    idea = lesson_ideas.idea_of(person, values, day, lesson)
    found = lesson_ideas.outlook(actor(), idea, day) if idea else None
    if found is None:
        return None
    return {
        "conflicts": [conflict.message.text(_) for conflict in found.conflicts],
        "unknown": [conflict.message.text(_) for conflict in found.unknown],
        "slots": [(slot.key, slot_words(slot)) for slot in found.slots],
        "cover": [_cover_words(cover, idea.subject) for cover in found.cover] if idea.subject else [],
        "when": _("%(weekday)s第%(period)s节", weekday=formats.weekday(idea.weekday), period=idea.period),
    }


def slot_words(slot) -> str:
    """A free time of the week in words."""
    return _(
        "%(weekday)s第%(period)s节 %(time)s",
        weekday=formats.weekday(slot.weekday),
        period=slot.period,
        time=clock_words(slot.start, slot.end),
    )


def clock_words(starts: int, ends: int) -> str:
    """From when to when, by the clock."""
    return f"{formats.clock(starts)}–{formats.clock(ends)}"


def _cover_words(cover, subject: str) -> dict:
    """One school's cover as a sentence, and whether nobody is left."""
    if cover.teachers == 0:
        words = _("%(school)s：花名册上没有%(subject)s教师", school=cover.school, subject=subject)
        return {"words": words, "bad": False}
    words = _(
        "%(school)s：%(subject)s教师 %(teachers)s 人，走教外出 %(away)s 人，"
        "这一节有课 %(teaching)s 人，还有 %(left)s 人",
        school=cover.school,
        subject=subject,
        teachers=cover.teachers,
        away=cover.away,
        teaching=cover.teaching,
        left=cover.left,
    )
    return {"words": words, "bad": cover.own and cover.left <= 0}
