"""What binds teachers in a term, and the hours of a school that are taken beside lessons."""

from flask import request
from flask_babel import gettext as _

from portal import formats
from portal.actions import limits as actions
from portal.auth import actor, can, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.forms_limits import HALF_DAYS, HourForm, LimitForm
from portal.domain import timetable
from portal.forms import as_uuid
from portal.queries import limits, people, schools, terms, visiting
from portal.web import commit, go, history_of, render, saved, term_title


def asked_term():
    """The term that the address names, else the present one; None before the first calendar."""
    return terms.asked_for(actor().district_id, request.args.get("term"), today())


@bp.get("/limits/")
@requires("limit.list")
def limit_list():
    """The visiting teachers in sight with what binds them and what the pattern asks of them."""
    who, term = actor(), asked_term()
    page = None
    if term is not None:
        school_id = as_uuid(request.args.get("school"))
        page = limits.load_page(who, term, cursor=request.args.get("at"), school_id=school_id)
    return render(
        "visiting/limits.html",
        fragments=("limit_rows",),
        term=term,
        page=page,
        half_words=half_words,
        asked=request.args,
        schools=schools.in_hand(who),
        terms=[(t.code, term_title(t)) for t in terms.all_terms(who.district_id)],
    )


def half_words(text: str | None) -> str:
    """Half-days in few words: whole days without their halves; all of them when nothing was set."""
    known = timetable.parse_half_days(text or "")
    if known is None:
        return _("都可以")
    parts = []
    for day in range(1, 8):
        halves = [half for half in ("am", "pm") if (day, half) in known]
        if len(halves) == 2:
            parts.append(formats.weekday(day))
        elif halves:
            word = timetable.HALVES[halves[0]]
            parts.append(f"{formats.weekday(day)}{_(word)}")
    return formats.names(parts)


@bp.route("/limits/<uuid:person_id>", methods=["GET", "POST"])
@requires("limit.half_days", people.person_by_id)
def limit(person):
    """The limits of one teacher; the teacher's own half-days."""
    term = asked_term()
    if term is None:
        return go("visiting.limit_list")
    row, sets_limits = limits.limit_of(person, term), can("limit.edit", person)
    form = LimitForm(row=row, sets_limits=sets_limits)
    if form.validate_on_submit() and saved(
        form,
        lambda: (
            actions.set_limits(actor(), person, term, form.limit_values, expected=form.expected_version)
            or True
        ),
        row,
        *(name for name in ("week_periods", "visit_days") if sets_limits),
    ):
        return go("visiting.limit_list", _("已保存"), term=term.code)
    return render(
        "visiting/limit_form.html",
        form=form,
        person=person,
        home=people.home_school(person),
        term=term,
        row=row,
        sets_limits=sets_limits,
        half_days=HALF_DAYS,
        history=history_of(row) if row else [],
    )


@bp.route("/schools/<uuid:school_id>/hours", methods=["GET", "POST"])
@requires("school.edit", schools.by_id)
def hours(school):
    """The hours of a school's teachers and classes that visiting lessons may not use."""
    term = asked_term()
    if term is None:
        return go("visiting.index")
    bells = visiting.bells_of(school.district_id, [school.id]).get(school.id, {})
    form = HourForm(bells=bells)
    if form.validate_on_submit():
        person = people.resolve_person(actor(), form.person.data, form.chosen_person, [school.id])
        if form.person.data and person is None:
            form.add_error("person", _("本校没有这位教师，或有同名的人"))
        elif saved(form, lambda: actions.take_hour(actor(), school, term, form.hour_values(person))):
            return go("visiting.hours", _("已登记"), school_id=school.id, term=term.code)
    rows = limits.busy_hours_of(school, term)
    return render("visiting/hours.html", form=form, school=school, term=term, rows=rows, bells=bells)


@bp.post("/hours/<uuid:hour_id>/delete")
@requires("hour.edit", limits.busy_hour_by_id)
def hour_delete(hour):
    """The hour is free again."""
    school_id, term = hour.school_id, terms.by_id(hour.district_id, hour.term_id)
    actions.give_hour(actor(), hour)
    commit()
    return go("visiting.hours", _("已删除"), school_id=school_id, term=term.code)
