"""The week of the visiting timetable: of a teacher, a class, a school or a cluster."""

from flask import request
from flask_babel import gettext as _

from portal import formats
from portal.actions import visiting as actions
from portal.auth import actor, can, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.grid import Grid
from portal.blueprints.visiting.session_words import left_to_arrange, session_word
from portal.documents.tables import table_workbook
from portal.domain import calendar
from portal.forms import as_uuid, clean_line
from portal.queries import clusters, terms, timetable, timetable_choices, visiting
from portal.web import commit, go, render, send_workbook, term_title

ASKS = ("teacher", "school", "class", "cluster")


def _asked_term():
    return terms.asked_for(actor().district_id, request.args.get("term"), today())


def _asked_week(term) -> int:
    number = request.args.get("week", type=int)
    return number if number in calendar.weeks_of(term.value) else timetable.week_of(term, today())


def _asked_scope(term):
    """What the address asks for; without a wish the own week. None for what is not in sight."""
    asked = request.args
    if not any(asked.get(name) for name in ASKS):
        return timetable.own_scope(actor(), term)
    return timetable.asked_scope(
        actor(),
        term,
        teacher_id=as_uuid(asked.get("teacher")),
        school_id=as_uuid(asked.get("school")),
        class_name=clean_line(asked.get("class", ""))[:40],
        cluster_id=as_uuid(asked.get("cluster")),
    )


@bp.get("/")
@requires("visiting.list")
def index():
    """One week; the address says which, and whose. One's own comes first."""
    who, term = actor(), _asked_term()
    if term is None:
        return render("visiting/index.html", term=None, view=None)
    number, scope = _asked_week(term), _asked_scope(term)
    view = timetable.week_view(who, scope, term, number) if scope else None
    offered = timetable_choices.choices(who, scope, term)
    return render(
        "visiting/index.html",
        term=term,
        number=number,
        weeks=[(w.number, _week_words(w)) for w in terms.weeks(term)],
        view=view,
        grid=Grid(view, today(), ghosts=request.args.get("odd") != "week", adds=_adds(view))
        if view
        else None,
        may_lock=bool(view) and _may_lock(view),
        absent=left_to_arrange(view, today()) if view else [],
        title=_title(scope),
        asked=request.args,
        chosen=_chosen(scope),
        people=offered.people,
        schools=offered.schools,
        clusters=clusters.names_in_sight(who),
        terms=[(t.code, term_title(t)) for t in terms.all_terms(who.district_id)],
        own_schools=[s for s in offered.schools if can("school.edit", s)],
        waiting=visiting.unconfirmed(who, today()),
    )


@bp.post("/lock")
@requires("lesson.create")
def week_lock():
    """Lock or unlock the lessons of the week that is shown, for plans; those that are one's own to schedule."""
    term, locked = _asked_term(), request.form.get("locked") == "1"
    scope = _asked_scope(term) if term else None
    lessons = timetable.lessons_in(actor(), scope, term) if scope else []
    count = actions.lock_all(actor(), lessons, locked=locked)
    commit()
    words = _("已锁定 %(count)s 节", count=count) if locked else _("已解除 %(count)s 节", count=count)
    asked = {name: value for name, value in request.args.items() if name in (*ASKS, "week", "term")}
    return go("visiting.index", words, **asked)


def _may_lock(view) -> bool:
    """Whether a week shows visits that are one's own to schedule."""
    return any(
        lesson.school_id != lesson.home_school_id and can("lesson.edit", lesson) for lesson in view.lessons
    )


def _adds(view) -> bool:
    """Whether empty cells offer a new lesson: in a week of a teacher or school in one's hands, not over."""
    if view.scope.kind == "cluster" or not can("lesson.create") or view.term.last_day < today():
        return False
    who = actor()
    schools_shown = {view.home.id} if view.home else set()
    if view.scope.person:
        schools_shown |= {lesson.school_id for lesson in view.lessons}
    return bool(schools_shown & (who.manages_schools | who.directed_schools))


def _week_words(week) -> str:
    if week.number == 0:
        return _("预备周 %(day)s", day=formats.day(week.first))
    return _("第%(number)s周 %(day)s", number=week.number, day=formats.day(week.first))


def _title(scope) -> str:
    if scope is None:
        return _("走教课表")
    if scope.kind == "teacher":
        return _("%(name)s的走教课表", name=scope.person.name)
    if scope.kind == "class":
        return _("%(school)s%(name)s的课表", school=scope.school.name, name=scope.class_name)
    name = scope.school.name if scope.kind == "school" else scope.cluster.name
    return _("%(name)s的走教课表", name=name)


def _chosen(scope) -> dict:
    """What the filters show as chosen."""
    if scope is None:
        return {name: request.args.get(name, "") for name in ASKS}
    return {
        "teacher": scope.person.id if scope.person else "",
        "school": scope.school.id if scope.school else "",
        "class": scope.class_name,
        "cluster": scope.cluster.id if scope.cluster else "",
    }


@bp.get("/week.xlsx")
@requires("visiting.list")
def export():
    """The dated lessons of the week as a workbook."""
    term = _asked_term()
    scope = _asked_scope(term) if term else None
    sessions, away, grid, title = [], {}, None, _title(scope)
    if scope:
        number = _asked_week(term)
        view = timetable.week_view(actor(), scope, term, number)
        sessions, away, grid = view.sessions, view.away, Grid(view, today())
        title += " " + _("第%(number)s周", number=number)
    columns = [_("日期"), _("星期"), _("节次"), _("开始"), _("结束"), _("学校"), _("班级"), _("学科")]
    columns += [_("教师"), _("状态"), _("代课教师"), _("说明")]
    rows = [
        [
            row.held_on,
            formats.weekday(row.held_on),
            grid.row_of(row),
            formats.clock(row.starts),
            formats.clock(row.ends),
            row.school.name,
            row.class_name,
            row.lesson.subject,
            row.person.name,
            session_word(row, today(), away.get(row.id))[1],
            row.substitute.name if row.substitute else None,
            row.state_note,
        ]
        for row in sessions
    ]
    return send_workbook(table_workbook(title, columns, rows), f"{title}.xlsx")
