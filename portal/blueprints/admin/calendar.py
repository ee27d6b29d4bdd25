"""The calendar of the district: terms with their weeks, and unusual days."""

from flask import flash, request
from flask_babel import gettext as _

from portal import formats
from portal.actions import terms as actions
from portal.actions import visiting
from portal.auth import actor, now, requires, today
from portal.blueprints.admin import bp
from portal.blueprints.admin.forms import DayForm, TermDaysForm, TermForm, YearForm
from portal.forms import as_whole
from portal.queries import clusters, terms
from portal.web import commit, go, history_of, read_version, render, saved


def _year(text: str | None) -> int:
    year = as_whole(text or "")
    return year if year is not None and 2000 <= year <= 2100 else today().year


@bp.get("/terms/")
@requires("term.view")
def term_list():
    """All terms, newest first."""
    who = actor()
    return render(
        "admin/terms.html",
        terms=terms.all_terms(who.district_id),
        current=terms.current_term(who.district_id, today()),
    )


@bp.route("/terms/new", methods=["GET", "POST"])
@requires("district.manage")
def term_new():
    """Add a term."""
    year = today().year
    form = TermForm(
        years=range(year - 5, year + 3), school_year=year if today().month >= 6 else year - 1, number=1
    )
    if form.validate_on_submit():
        made = saved(form, lambda: actions.create(actor(), code=form.code, **form.days))
        if made:
            return go("admin.term", _("学期已登记"), term_id=made.id)
    return render("admin/term_form.html", form=form, term=None)


@bp.get("/terms/<uuid:term_id>")
@requires("term.view", terms.by_id)
def term(term):
    """The weeks of a term."""
    return render("admin/term.html", term=term, weeks=terms.weeks(term), history=history_of(term))


@bp.route("/terms/<uuid:term_id>/edit", methods=["GET", "POST"])
@requires("term.edit", terms.by_id)
def term_edit(term):
    """Change the days of a term."""
    form = TermDaysForm(obj=term)
    if form.validate_on_submit():
        values = {**form.days, "expected": form.expected_version}
        if saved(form, lambda: _follow(actions.edit(actor(), term, **values)), term, *form.days):
            return go("admin.term", _("已保存"), term_id=term.id)
    return render("admin/term_form.html", form=form, term=term)


@bp.get("/days/")
@requires("day.view")
def day_list():
    """The unusual days of a year."""
    return _day_page(_year(request.args.get("year")), None)


def _day_page(year: int, form):
    who = actor()
    return render(
        "admin/days.html",
        form=form or YearForm(year=year),
        year=year,
        this_year=today().year,
        days=terms.days_of_year(who.district_id, year),
        is_published=actions.is_published(year),
        history=history_of(clusters.district(who.district_id)),
    )


@bp.post("/days/import")
@requires("district.manage")
def day_import():
    """Take over the official holidays of a year; an unpublished year imports nothing."""
    form = YearForm()
    if form.validate_on_submit():
        made = saved(form, lambda: _follow(actions.import_year(actor(), form.year.data)))
        if made:
            added, kept = made
            flash(_("导入 %(added)s 天，%(kept)s 天已有、保持不变", added=added, kept=kept), "done")
            return go("admin.day_list", year=form.year.data)
    return _day_page(_year(str(form.year.data)), form)


def _follow(made):
    """Put the coming visiting lessons on the days of the changed calendar; gives back what was made."""
    visiting.follow_calendar(actor().district_id, now())
    return made


def _weekdays() -> list[tuple[int, str]]:
    return [(n, formats.weekday(n)) for n in range(1, 8)]


@bp.route("/days/new", methods=["GET", "POST"])
@requires("district.manage")
def day_new():
    """Register an unusual day."""
    form = DayForm(weekdays=_weekdays())
    if form.validate_on_submit() and saved(
        form, lambda: _follow(actions.add_day(actor(), **form.day_values))
    ):
        return go("admin.day_list", _("已登记"), year=form.day.data.year)
    return render("admin/day_form.html", form=form, day=None)


@bp.route("/days/<uuid:day_id>/edit", methods=["GET", "POST"])
@requires("day.edit", terms.day_by_id)
def day_edit(day):
    """Change an unusual day."""
    form = DayForm(obj=day, weekdays=_weekdays())
    if form.validate_on_submit():
        values = {**form.day_values, "expected": form.expected_version}
        if saved(form, lambda: _follow(actions.edit_day(actor(), day, **values)), day, "day", "note"):
            return go("admin.day_list", _("已保存"), year=form.day.data.year)
    return render("admin/day_form.html", form=form, day=day, history=history_of(day))


@bp.post("/days/<uuid:day_id>/delete")
@requires("day.edit", terms.day_by_id)
def day_delete(day):
    """Let a day be an ordinary one."""
    year = day.day.year
    _follow(actions.delete_day(actor(), day, expected=read_version()))
    commit()
    return go("admin.day_list", _("已删除，这一天照平常"), year=year)
