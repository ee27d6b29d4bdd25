"""The page of one's calendar addresses, what stands behind an address, and one lesson as a file."""

from flask import abort, make_response, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from portal.actions import feeds as actions
from portal.actions.errors import Refused
from portal.auth import actor, may_on, now, requires, today
from portal.blueprints.feeds import bp
from portal.blueprints.feeds.forms import FeedForm
from portal.documents.calendar_file import CalendarEvent, calendar_file
from portal.forms import as_uuid
from portal.queries import absent_teachers, feeds, people, schools, visiting
from portal.web import commit, go, render


@bp.get("/")
@requires("feed.list")
def index():
    """The addresses that one has given out, and the form for another."""
    return _page(_form())


def _form() -> FeedForm:
    return FeedForm(schools=schools.with_id_in(actor().district_id, actor().manages_schools))


def _page(form, address: str = ""):
    return render(
        "feeds/index.html",
        form=form,
        feeds=feeds.live_of(actor()),
        address=address,
        waiting=visiting.unconfirmed(actor(), today()),
    )


@bp.post("/")
@requires("feed.create")
def create():
    """Make an address and show it, this once."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form)
    school = None
    if form.school.data:
        school = schools.by_id(actor().district_id, as_uuid(form.school.data))
        may_on("school.feed", school)
    try:
        key = actions.create(actor(), name=form.name.data, school=school)
    except Refused as refused:
        form.refuse(refused)
        return _page(form)
    commit()
    return _page(_form(), url_for("feeds.feed", key=key, _external=True))


@bp.post("/<uuid:feed_id>/end")
@requires("feed.end", feeds.by_id)
def end(feed):
    """End an address."""
    actions.end(actor(), feed, now=now())
    commit()
    return go("feeds.index", _("订阅已停用，原来的地址不能再用"))


@bp.get("/<key>.ics")
def feed(key):
    """The lessons behind a secret address. No login: the key is the secret. Unknown and ended alike are 404."""
    found = feeds.live_by_key(key, today())
    if found is None:
        abort(404)
    with force_locale(people.account_of(found.person).locale or "zh"):
        name = found.school.name if found.school else found.person.name
        events = _events(feeds.sessions_of(found, today()), found.person_id, bool(found.school_id))
        content = calendar_file(_("%(name)s的课", name=name), events)
    answer = _calendar(content)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


@bp.get("/sessions/<uuid:session_id>.ics")
@requires("session.view", visiting.session_by_id)
def session_file(session):
    """One dated lesson as a file for a calendar."""
    name = f"{session.class_name} {session.lesson.subject}"
    events = _events([session], actor().person_id, session.person_id != actor().person_id)
    answer = _calendar(calendar_file(name, events))
    answer.headers["Content-Disposition"] = 'attachment; filename="lesson.ics"'
    return answer


def _calendar(content: bytes):
    answer = make_response(content)
    answer.mimetype = "text/calendar"
    return answer


def _events(sessions, person_id, for_school: bool) -> list[CalendarEvent]:
    """Lessons as this reader's calendar shows them; a lesson whose teacher is away waits for an answer."""
    if not sessions:
        return []
    district = sessions[0].district_id
    waiting = absent_teachers.without_teacher(district, sessions)
    numbers = visiting.period_numbers(district, {each.school_id for each in sessions})
    return [
        _event(
            each,
            person_id,
            for_school,
            is_open=each.id in waiting,
            period=numbers.get((each.school_id, each.starts), each.lesson.period),
        )
        for each in sessions
    ]


def _event(session, person_id, for_school: bool, *, is_open: bool, period: int) -> CalendarEvent:
    """A session as this reader's calendar shows it: no reasons, no remarks, only what, where and who."""
    stands_in = session.substitute_id is not None and session.state != "cancelled"
    away = stands_in and not for_school and session.substitute_id != person_id
    title = f"{session.lesson.subject} {session.class_name}"
    if session.state == "cancelled":
        title = _("停课：%(title)s", title=title)
    elif is_open:
        title = _("待安排：%(title)s", title=title)
    elif stands_in:
        title = _("已请人代课：%(title)s", title=title) if away else _("代课：%(title)s", title=title)
    if for_school:
        title += f" {(session.substitute if stands_in else session.person).name}"
    return CalendarEvent(
        key=str(session.id),
        revision=session.version,
        changed_at=session.updated_at,
        day=session.held_on,
        starts=session.starts,
        ends=session.ends,
        title=title,
        place=session.school.name,
        note=_("第%(period)s节", period=period),
        cancelled=session.state == "cancelled" or away,
        open=is_open,
    )
