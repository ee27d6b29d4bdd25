"""A week's arrangement (S4-67) of a cluster, and as a school sees it: shown, printed on a page, exported."""

from datetime import timedelta

from flask import request, url_for
from flask_babel import gettext as _

from portal import formats, labels
from portal.auth import actor, requires, today
from portal.blueprints.clusters import bp
from portal.documents.tables import table_workbook
from portal.domain import calendar
from portal.queries import clusters, terms, timetable, weeks
from portal.web import render, send_workbook, term_title

# From so many lines on the printed page is set more densely, so that it stays one.
BUSY = 22


def _asked(district_id):
    """The term and week that the address names, else the present ones; (None, 0) before the first term."""
    term = terms.asked_for(district_id, request.args.get("term"), today())
    if term is None:
        return None, 0
    number = request.args.get("week", type=int)
    return term, number if number in calendar.weeks_of(term.value) else timetable.week_of(term, today())


def _days(found, first, last, unusual) -> list[dict]:
    """The days of the week: those from Monday to Friday, and the others when something is on or they are unusual."""
    notes = {row.day: row for row in unusual}
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    by_day = {day: [line for line in found if line.day == day] for day in days}
    return [
        {"day": day, "rows": by_day[day], "unusual": notes.get(day)}
        for day in days
        if by_day[day] or day.isoweekday() <= 5 or day in notes
    ]


def _what(line) -> str:
    """A line in words; of visiting lessons how many."""
    if line.part != "visits":
        return line.what or _(labels.WEEK_PART[line.part])
    lessons, people, places = line.counts
    words = {"lessons": lessons, "people": people, "places": places}
    return _("走教 %(lessons)s 节，教师 %(people)s 人，去 %(places)s 所学校", **words)


def _kind(line) -> str:
    """The word of its part, or of its kind where that says more."""
    words = labels.WEEK_KIND.get(line.part, {})
    return _(words.get(line.kind, labels.WEEK_PART[line.part]))


def _whose(line) -> str:
    """Whose it is; what neither a school nor a group holds for the district is everybody's."""
    return line.whose or (_("全区") if line.part == "activities" else "")


def _week(title: str, who_sees: str, scope_of, back: tuple, export, cluster=None):
    """The page of a week; ``scope_of`` gives whose it is between two days."""
    term, number = _asked(actor().district_id)
    page = {
        "title": title,
        "back": back,
        "term": term,
        "number": number,
        "who_sees": who_sees,
        "cluster": cluster,
    }
    if term is None:
        return render("clusters/week.html", days=[], whole=[], **page)
    all_weeks = terms.weeks(term)
    week = next(each for each in all_weeks if each.number == number)
    found = weeks.lines_of(actor(), scope_of(week.first, week.last), week.first, week.last)
    dated = [line for line in found if line.part not in weeks.WHOLE]
    return render(
        "clusters/week.html",
        **page,
        week=week,
        weeks=[(each.number, _week_words(each)) for each in all_weeks],
        term_choices=[(each.code, term_title(each)) for each in terms.all_terms(term.district_id)],
        whole=[line for line in found if line.part in weeks.WHOLE],
        days=_days(dated, week.first, week.last, week.unusual),
        is_empty=not found,
        is_busy=len(found) > BUSY,
        what_of=_what,
        kind_of=_kind,
        whose_of=_whose,
        address=lambda line: url_for(line.endpoint, **_target(line, term, number)),
        here=lambda **asked: url_for(request.endpoint, **request.view_args, **asked),
        export=url_for(export[0], **export[1], term=term.code, week=number),
    )


def _target(line, term, number) -> dict:
    """What leads to a line's page; the timetable is asked for the same week."""
    return {**line.target, "term": term.code, "week": number} if line.part == "visits" else line.target


def _week_words(week) -> str:
    if week.number == 0:
        return _("预备周 %(day)s", day=formats.day(week.first))
    return _("第%(number)s周 %(day)s", number=week.number, day=formats.day(week.first))


def _workbook(name: str, scope_of):
    """The same week as a workbook."""
    term, number = _asked(actor().district_id)
    lines, title = [], _("%(name)s一周安排", name=name)
    if term is not None:
        first, last = calendar.week_range(term.value, number)
        found = weeks.lines_of(actor(), scope_of(first, last), first, last)
        lines = [
            [
                line.day,
                formats.weekday(line.day),
                formats.clock(line.minute) if line.minute is not None else "",
                _kind(line),
                _what(line),
                line.place,
                _whose(line),
                line.until,
            ]
            for line in found
        ]
        title += " " + (_("第%(number)s周", number=number) if number else _("预备周"))
    head = [_("日期"), _("星期"), _("时间"), _("类别"), _("事项"), _("地点"), _("责任方"), _("到哪天止")]
    return send_workbook(table_workbook(title, head, lines), f"{title}.xlsx")


@bp.get("/<uuid:cluster_id>/week")
@requires("cluster.view", clusters.cluster_by_id)
def cluster_week(cluster):
    """The week of a cluster."""
    back = (cluster.name, url_for("clusters.detail", cluster_id=cluster.id))
    return _week(
        cluster.name,
        _("片区各校教职工、联络员、包挂领导、区教育局；每人只看到自己能看的事项"),
        lambda first, last: weeks.of_cluster(cluster, first, last),
        back,
        ("clusters.cluster_week_export", {"cluster_id": cluster.id}),
        cluster,
    )


@bp.get("/<uuid:cluster_id>/week.xlsx")
@requires("cluster.view", clusters.cluster_by_id)
def cluster_week_export(cluster):
    """The week of a cluster as a workbook."""
    return _workbook(cluster.name, lambda first, last: weeks.of_cluster(cluster, first, last))


@bp.get("/schools/<uuid:school_id>/week")
@requires("school.view", clusters.school_by_id)
def school_week(school):
    """The week as a school sees it."""
    back = (school.name, url_for("clusters.school", school_id=school.id))
    return _week(
        school.name,
        _("本校教职工、片区各校教职工、区教育局；每人只看到自己能看的事项"),
        lambda first, last: weeks.of_school(actor(), school, first),
        back,
        ("clusters.school_week_export", {"school_id": school.id}),
    )


@bp.get("/schools/<uuid:school_id>/week.xlsx")
@requires("school.view", clusters.school_by_id)
def school_week_export(school):
    """The same as a workbook."""
    return _workbook(school.name, lambda first, last: weeks.of_school(actor(), school, first))
