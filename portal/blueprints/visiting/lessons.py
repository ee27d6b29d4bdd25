"""Weekly lessons: putting one into the timetable, its page, changing, starting and stopping it."""

from flask import flash, request
from flask_babel import gettext as _

from portal.actions import visiting as actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.checks import check_of, show_bells
from portal.blueprints.visiting.forms import LessonForm
from portal.blueprints.visiting.session_words import session_word
from portal.forms import clean_line
from portal.queries import absent_teachers, lesson_checks, people, schools, terms, visiting
from portal.web import commit, go, history_of, read_step, read_version, render, saved, wants_fragment

# What HTMX may ask the form for by itself.
PARTS = ("lesson_period", "lesson_check")


@bp.route("/lessons/new", methods=["GET", "POST"])
@requires("lesson.create")
def lesson_new():
    """Put a lesson into the timetable; what stands against it is said at its field."""
    who = actor()
    form = LessonForm(schools=schools.open_schools(who.district_id), from_day=today())
    if not form.is_submitted():
        _prefill(form)
    show_bells(form)
    if form.validate_on_submit():
        person = people.resolve_person(who, form.person.data, form.chosen_person)
        if person is None:
            form.add_error("person", _("没有找到这位教师，或有同名的人：请写成“姓名（学校）”"))
        else:
            done = saved(form, lambda: _schedule(person, form))
            if done:
                return _after(done)
    return _form_page(form, None)


def _form_page(form, lesson):
    """The form, with what stands against what is written in it."""
    check = None if wants_fragment() else check_of(form, lesson)
    return render("visiting/lesson_form.html", fragments=PARTS, form=form, lesson=lesson, check=check)


def _prefill(form) -> None:
    """What a cell of the week, or a page of a teacher, already knows."""
    asked = request.args
    form.school.data = asked.get("school", "")[:36]
    form.class_name.data = clean_line(asked.get("class", ""))[:40]
    form.subject.data = clean_line(asked.get("subject", ""))[:40]
    for field in (form.weekday, form.period):
        number = asked.get(field.name, "")
        if number.isascii() and number.isdecimal() and 1 <= int(number[:3]) <= 15:
            field.data = int(number)
    person = people.person_by_id(actor().district_id, form.chosen_person) if form.chosen_person else None
    if person is not None:
        home = people.home_school(person)
        form.person.data = f"{person.name}（{home.name}）" if home else person.name


def _schedule(person, form):
    return actions.schedule(
        actor(),
        person,
        form.lesson_values,
        from_day=form.from_day.data or today(),
        draft=form.draft.data,
        now=now(),
    )


def _after(done):
    """To the lesson's page, with what is only unknown said beside it."""
    for message in done.warnings:
        flash(message.text(_), "wait")
    words = _("课表已保存，排到 %(count)s 个日期", count=done.dates) if done.dates else _("课表已保存")
    return go("visiting.lesson", words, lesson_id=done.lesson.id)


@bp.get("/lessons/<uuid:lesson_id>")
@requires("lesson.view", visiting.lesson_by_id)
def lesson(lesson):
    """One lesson with its dated sessions."""
    term = terms.by_id(lesson.district_id, lesson.term_id)
    found = lesson_checks.conflicts_of(actor(), lesson, term, lesson.school.name, today())
    dated = visiting.sessions_of(lesson)
    return render(
        "visiting/lesson.html",
        lesson=lesson,
        term=term,
        conflicts=[c.message.text(_) for c in found if lesson.state != "ended"],
        sessions=dated,
        word=session_word,
        away=absent_teachers.of_sessions(actor(), dated),
        may_edit=lesson.state != "ended" and can("lesson.edit", lesson),
        today=today(),
        history=history_of(lesson),
    )


@bp.route("/lessons/<uuid:lesson_id>/edit", methods=["GET", "POST"])
@requires("lesson.edit", visiting.lesson_by_id)
def lesson_edit(lesson):
    """Change a lesson from tomorrow on."""
    form = LessonForm(schools=schools.open_schools(lesson.district_id), lesson=lesson)
    show_bells(form)
    if form.validate_on_submit():
        done = saved(
            form,
            lambda: actions.edit(
                actor(), lesson, form.lesson_values, expected=form.expected_version, now=now()
            ),
            lesson,
            "subject",
            "class_name",
            "weekday",
            "period",
            "weeks",
        )
        if done:
            return _after(done)
    return _form_page(form, lesson)


@bp.post("/lessons/<uuid:lesson_id>/step")
@requires("lesson.view", visiting.lesson_by_id)
def lesson_step(lesson):
    """Start a draft, or stop a lesson."""
    step = read_step("visiting_lesson")
    if step.action == "start":
        done = actions.start(actor(), lesson, expected=step.expected, now=now())
        commit()
        return _after(done)
    actions.end(actor(), lesson, note=step.note, expected=step.expected, now=now())
    commit()
    return go("visiting.lesson", _("已停止，明天起的课已从课表取下"), lesson_id=lesson.id)


@bp.post("/lessons/<uuid:lesson_id>/lock")
@requires("lesson.edit", visiting.lesson_by_id)
def lesson_lock(lesson):
    """Say whether plans may move a lesson."""
    locked = request.form.get("locked") == "1"
    actions.lock(actor(), lesson, locked=locked, expected=read_version())
    commit()
    return go("visiting.lesson", _("已锁定") if locked else _("已解除锁定"), lesson_id=lesson.id)
