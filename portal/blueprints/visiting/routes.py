"""The visiting timetable: a week in sight, lessons, and the list that the receiving school confirms."""

from datetime import date, timedelta

from flask import flash, request
from flask_babel import gettext as _

from portal.actions import visiting as actions
from portal.actions.errors import Refused
from portal.auth import actor, can, may_on, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.forms import LessonForm
from portal.blueprints.visiting.grid import day_lists, week_grid
from portal.domain import calendar
from portal.extensions import db
from portal.forms import as_uuid, clean_line, spoken
from portal.queries import people, schools, terms, timetable, visiting
from portal.web import commit, go, history_of, read_step, render, saved, term_title


def _term_and_week(asked):
    """The term and the Monday that the address asks for; this week by default."""
    who, day = actor(), today()
    term = terms.by_code(who.district_id, asked.get("term", "")) or terms.current_term(who.district_id, day)
    if term is None:
        return None, day - timedelta(days=day.weekday()), None
    number = asked.get("week", type=int)
    if number not in calendar.weeks_of(term.value):
        number = calendar.week_number(term.value, day)
    if not number:
        number = 1
    return term, calendar.week_range(term.value, number)[0], number


@bp.get("/")
@requires("visiting.list")
def index():
    """One week by teacher, school or class; one's own first."""
    who, asked = actor(), request.args
    term, monday, number = _term_and_week(asked)
    person_id, school_id = as_uuid(asked.get("teacher")), as_uuid(asked.get("school"))
    found = visiting.teachers_with_lessons(who, term) if term else []
    if not asked.get("teacher") and not asked.get("school") and any(p.id == who.person_id for p in found):
        person_id = who.person_id
    sessions = timetable.week_sessions(
        who,
        monday,
        person_id=person_id,
        school_id=school_id,
        class_name=clean_line(asked.get("class", ""))[:40],
    )
    unusual = timetable.unusual_days(term) if term else {}
    days, rows = week_grid(sessions, monday, today(), unusual)
    return render(
        "visiting/index.html",
        fragments=("timetable",),
        term=term,
        number=number,
        monday=monday,
        weeks=list(calendar.weeks_of(term.value)) if term else [],
        asked=asked,
        person_id=person_id,
        people=found,
        schools=schools.in_hand(who),
        days=days,
        rows=rows,
        lists=day_lists(sessions, monday),
        sessions=sessions,
        terms=[(t.code, term_title(t)) for t in terms.all_terms(who.district_id)],
    )


@bp.route("/lessons/new", methods=["GET", "POST"])
@requires("lesson.create")
def lesson_new():
    """Put a lesson into the timetable; a clash is refused with its reason."""
    who = actor()
    form = LessonForm(schools=schools.open_schools(who.district_id), from_day=today())
    if form.validate_on_submit():
        person = people.resolve_person(who, form.person.data, as_uuid(request.form.get("person-id")))
        if person is None:
            form.add_error("person", _("没有找到这位教师，或有同名的人：请从列表里选"))
        else:
            done = saved(
                form,
                lambda: actions.plan_lesson(
                    who, person, form.lesson_values, from_day=form.from_day.data or today(), today=today()
                ),
            )
            if done:
                return _after(done)
    return render("visiting/lesson_form.html", form=form, lesson=None)


def _after(done):
    """To the lesson's page, with what is only unknown said beside it."""
    for message in done.warnings:
        flash(message.text(_), "wait")
    return go("visiting.lesson", _("课表已保存"), lesson_id=done.lesson.id)


@bp.get("/lessons/<uuid:lesson_id>")
@requires("lesson.view", visiting.lesson_by_id)
def lesson(lesson):
    """One lesson with its dated sessions."""
    return render(
        "visiting/lesson.html",
        lesson=lesson,
        sessions=visiting.sessions_of(lesson),
        history=history_of(lesson),
    )


@bp.route("/lessons/<uuid:lesson_id>/edit", methods=["GET", "POST"])
@requires("lesson.edit", visiting.lesson_by_id)
def lesson_edit(lesson):
    """Change a lesson from tomorrow on."""
    form = LessonForm(
        obj=lesson,
        schools=schools.open_schools(actor().district_id),
        person=lesson.person.name,
        school=str(lesson.school_id),
        form_kind=lesson.form,
    )
    if form.validate_on_submit():
        done = saved(
            form,
            lambda: actions.edit_lesson(
                actor(), lesson, form.lesson_values, expected=form.expected_version, today=today()
            ),
            lesson,
            "subject",
            "class_name",
            "period",
            "weeks",
        )
        if done:
            return _after(done)
    return render("visiting/lesson_form.html", form=form, lesson=lesson)


@bp.post("/lessons/<uuid:lesson_id>/step")
@requires("lesson.view", visiting.lesson_by_id)
def lesson_step(lesson):
    """Stop a lesson."""
    step = read_step("visiting_lesson")
    actions.end_lesson(actor(), lesson, note=step.note, expected=step.expected, today=today())
    commit()
    return go("visiting.lesson", _("已停止，以后的课已取消"), lesson_id=lesson.id)


@bp.get("/confirm")
@requires("lesson.create")
def confirm():
    """The week's received lessons, to be confirmed in one list."""
    return _confirm_page(_asked_monday(), {})


def _asked_monday() -> date:
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = today()
    return day - timedelta(days=day.weekday())


def _confirm_page(monday, problems):
    return render(
        "visiting/confirm.html",
        monday=monday,
        sessions=timetable.received(actor(), monday),
        problems=problems,
        typed=request.form,
        day_span=timedelta(days=7),
        status=422 if problems else None,
    )


@bp.post("/confirm")
@requires("lesson.create")
def confirm_save():
    """Settle every row that was filled in: all of them, or none when one is wrong."""
    who, monday, problems, count = actor(), _asked_monday(), {}, 0
    for session in timetable.received(who, monday):
        action = request.form.get(f"action-{session.id}", "")
        if action not in ("give", "miss", "substitute", "cancel", "correct") or not can(
            "session.confirm", session
        ):
            continue
        note = clean_line(request.form.get(f"note-{session.id}", ""))[:300]
        substitute = people.resolve_person(who, request.form.get(f"who-{session.id}", "")[:60])
        try:
            actions.settle(who, session, action, note=note, substitute=substitute, today=today())
            count += 1
        except Refused as refused:
            problems[session.id] = _(refused.message, **spoken(refused.words))
    if problems:
        db.session.rollback()
        return _confirm_page(monday, problems)
    commit()
    return go("visiting.confirm", _("已确认 %(count)s 节", count=count), day=monday.isoformat())


@bp.route("/schools/<uuid:school_id>/bells", methods=["GET", "POST"])
@requires("school.edit", schools.by_id)
def bells(school):
    """A school's periods and its ways to the schools it works with."""
    others = timetable.neighbours(school, today())
    problem = ""
    if request.method == "POST":
        may_on("school.edit", school)
        try:
            actions.set_bells(actor(), school, _bell_rows())
            actions.set_ways(actor(), school, _way_rows(others))
        except (Refused, ValueError) as refused:
            db.session.rollback()
            problem = (
                _(refused.message, **spoken(refused.words))
                if isinstance(refused, Refused)
                else _("时间请写成 8:30 的样子，分钟请写整数")
            )
        else:
            commit()
            return go("visiting.bells", _("作息时间已保存"), school_id=school.id)
    return render(
        "visiting/bells.html",
        school=school,
        bells=timetable.bells(school),
        others=others,
        ways=timetable.ways_from(school),
        problem=problem,
        typed=request.form,
        status=422 if problem else None,
    )


def _bell_rows() -> list[tuple[int, int, int]]:
    from portal.domain.timetable import parse_clock

    rows = []
    for number in range(1, 16):
        starts, ends = (request.form.get(f"{side}-{number}", "").strip() for side in ("starts", "ends"))
        if starts or ends:
            rows.append((number, parse_clock(starts), parse_clock(ends)))
    return rows


def _way_rows(others) -> dict:
    rows = {}
    for other in others:
        text = request.form.get(f"way-{other.id}", "").strip()
        if text and (not text.isdecimal() or int(text) > 600):
            raise ValueError(text)
        rows[other.id] = int(text) if text else None
    return rows
