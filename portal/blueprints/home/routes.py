"""What waits, what is late, what is next; messages; the living style page."""

from datetime import timedelta

from flask import g, url_for
from flask_babel import gettext as _

from portal import formats
from portal.actions import notices as notice_actions
from portal.auth import actor, now, requires, today
from portal.blueprints.home import bp
from portal.blueprints.home.today import day_items
from portal.domain.moments import local, local_day
from portal.queries import clusters, meetings, mentoring, reflections, standing, terms, todo
from portal.queries import notices as notice_queries
from portal.queries.term_counts import term_counts
from portal.web import commit, go, render


@bp.get("/")
@requires("home.view")
def index():
    """The first page after the login: work first, then the week, then how things stand."""
    who, day = actor(), today()
    items = todo.waiting_for(who, day)
    g.todo_count = len(items)
    term = terms.current_term(who.district_id, day)
    own = clusters.own_clusters(who)
    led = [c for c in own if c.id in who.runs | who.liaison_of | who.assigned_to]
    return render(
        "home/index.html",
        greeting=_greeting(),
        term=term,
        groups=_groups(items, day),
        late=sum(item.is_late(day) for item in items),
        week_links=_week_links(who, own),
        week=[_week_row(item, day) for item in todo.this_week(who, day)],
        led=[_cluster_panel(cluster, term, day) for cluster in led[:3]] if term else [],
        lessons=day_items(who, day),
        logs=reflections.term_counts(who, term) if term and who.works_at else None,
        overview=_overview(who, term, day) if who.offices and term else [],
        mentors=reflections.mentors_of(who.district_id, who.person_id),
        contacts=mentoring.contacts_due(who, term),
        jots=bool(who.works_at) and not who.manages_schools,
    )


def _week_links(who, own) -> list[tuple[str, str]]:
    """Where the arrangement of the week stands: of one's school when there is one, and of one's clusters."""
    found = [(cluster.name, url_for("clusters.cluster_week", cluster_id=cluster.id)) for cluster in own[:2]]
    at = who.works_at | who.manages_schools
    if len(at) == 1:
        found.insert(0, (_("本校"), url_for("clusters.school_week", school_id=next(iter(at)))))
    return found


def _greeting() -> str:
    hour = local(now()).hour
    if hour < 11:
        return _("上午好")
    if hour < 13:
        return _("中午好")
    return _("下午好") if hour < 18 else _("晚上好")


def _groups(items, day) -> list[dict]:
    """The three groups of the list: late, these two weeks, later or without a date."""
    soon = day + timedelta(days=7)
    late = [item for item in items if item.is_late(day)]
    near = [item for item in items if item not in late and item.due and item.due <= soon]
    rest = [item for item in items if item not in late and item not in near]
    groups = (
        (_("已逾期"), True, late),
        (_("今天和本周"), False, near),
        (_("以后"), False, rest),
    )
    return [
        {"label": label, "late": is_late, "items": [_todo_row(item, day) for item in members]}
        for label, is_late, members in groups
        if members
    ]


def _todo_row(item, day) -> dict:
    late = _("逾期 %(days)s 天", days=(day - item.due).days) if item.is_late(day) else None
    return {
        "kind": _(item.kind),
        "what": _(item.what, **item.words),
        "url": url_for(item.endpoint, **item.target),
        "meta": item.meta,
        "due": _("%(day)s 到期", day=formats.day(item.due)) if item.due else "",
        "late": late,
    }


def _week_row(item, day) -> dict:
    here = local_day(item.moment)
    return {
        "day": _("今天") if here == day else formats.weekday(here),
        "time": f"{local(item.moment):%H:%M}",
        "iso": formats.iso(item.moment),
        "title": item.title,
        "url": url_for(item.endpoint, **item.target),
        "sub": item.place,
        "today": here == day,
    }


def _cluster_panel(cluster, term, day) -> dict:
    rows = standing.standings(cluster, term, day)
    return {
        "cluster": cluster,
        "months": meetings.months(cluster, term, day),
        "counts": term_counts(cluster, term),
        "standings": rows,
        "owing": [row.school.name for row in rows if row.owes],
    }


def _overview(who, term, day) -> list:
    """Every cluster of the district in a line: the bureau's first look."""
    found = clusters.all_clusters(who)
    strips = meetings.months_of(found, term, day)
    return [(cluster, strips[cluster.id]) for cluster in found]


@bp.get("/messages/")
@requires("home.view")
def notices():
    """Messages, newest first."""
    return render("home/messages.html", messages=notice_queries.latest(actor()))


@bp.post("/messages/read")
@requires("home.view")
def read_all():
    """Mark all messages as seen."""
    notice_actions.mark_all_read(actor(), now())
    commit()
    return go("home.notices", _("已全部标为已读"))


@bp.get("/style")
@requires("home.view")
def style():
    """The living style page."""
    return render("style/index.html")
