"""Volunteers without a post in any school, and the district's programmes."""

from flask import request
from flask_babel import gettext as _

from portal.actions import volunteers as actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.visiting import bp
from portal.blueprints.visiting.forms_deliveries import ProgrammeForm, VolunteerForm
from portal.domain import deliveries as rules
from portal.domain.masks import masked_phone
from portal.forms import as_uuid, clean_line
from portal.queries import schools, visiting, volunteers
from portal.web import commit, go, history_of, render, saved


@bp.get("/volunteers/people")
@requires("volunteer.list")
def volunteer_list():
    """The volunteers in sight by name."""
    words = clean_line(request.args.get("q", ""))[:60]
    page = volunteers.volunteer_page(actor(), words=words, cursor=request.args.get("at"))
    return render(
        "visiting/volunteer_list.html",
        fragments=("volunteer_rows",),
        page=page,
        rows=[line.volunteer for line in page.rows],
        words=words,
        waiting=visiting.unconfirmed(actor(), today()),
        masked=masked_phone,
    )


@bp.route("/volunteers/people/new", methods=["GET", "POST"])
@requires("volunteer.create")
def volunteer_new():
    """Enter somebody who works at no school."""
    who = actor()
    mine = schools.with_id_in(who.district_id, who.manages_schools)
    form = VolunteerForm(schools=mine, may_do_without=bool(who.offices))
    if form.validate_on_submit():
        chosen = as_uuid(form.school.data)
        values = {
            "school": next((school for school in mine if school.id == chosen), None),
            "is_namesake": form.is_namesake.data,
        }
        made = saved(form, lambda: actions.enter(who, form.volunteer_values, now=now(), **values))
        if made:
            return go("visiting.volunteer", _("已登记"), volunteer_id=made.id)
    return render("visiting/volunteer_form.html", form=form, volunteer=None)


@bp.get("/volunteers/people/<uuid:volunteer_id>")
@requires("volunteer.view", volunteers.by_id)
def volunteer(volunteer):
    """One volunteer: who it is, and what has been served."""
    return volunteer_page(volunteer)


def volunteer_page(volunteer, phone: str = ""):
    """The page of a volunteer; with the number in full when it was asked for."""
    return render(
        "visiting/volunteer.html",
        volunteer=volunteer,
        phone=phone or masked_phone(volunteer.person.phone),
        is_revealed=bool(phone),
        services=volunteers.services_of(volunteer.district_id, volunteer.person_id),
        hours=rules.hours_text,
        history=history_of(volunteer),
    )


@bp.post("/volunteers/people/<uuid:volunteer_id>/phone")
@requires("volunteer.edit", volunteers.by_id)
def volunteer_phone(volunteer):
    """Show the telephone number in full, this once; that it was looked at is on record."""
    number = actions.reveal_phone(actor(), volunteer)
    commit()
    return volunteer_page(volunteer, number)


@bp.route("/volunteers/people/<uuid:volunteer_id>/edit", methods=["GET", "POST"])
@requires("volunteer.edit", volunteers.by_id)
def volunteer_edit(volunteer):
    """Change a volunteer's facts."""
    person = volunteer.person
    form = VolunteerForm(
        schools=[volunteer.school] if volunteer.school else [],
        may_do_without=volunteer.school is None,
        name=person.name,
        background=volunteer.background,
        subject_words="、".join(person.subjects),
        school=str(volunteer.school_id or ""),
    )
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.edit(actor(), volunteer, form.volunteer_values, expected=form.expected_version),
        volunteer,
        "background",
    ):
        return go("visiting.volunteer", _("已保存"), volunteer_id=volunteer.id)
    return render("visiting/volunteer_form.html", form=form, volunteer=volunteer)


@bp.get("/programmes")
@requires("programme.view")
def programme_list():
    """The district's programmes with what stands against their targets."""
    found = volunteers.programmes(actor().district_id)
    rows = []
    for each in found:
        records = volunteers.records_of(each)
        rows.append((each, volunteers.standing(each, records), volunteers.signed_up_only(each, records)))
    return render("visiting/programmes.html", rows=rows, waiting=visiting.unconfirmed(actor(), today()))


@bp.route("/programmes/new", methods=["GET", "POST"])
@requires("programme.create")
def programme_new():
    """A programme with its targets, as the bureau has set them."""
    form = ProgrammeForm()
    if form.validate_on_submit():
        values = form.values("name", "starts_on", "ends_on", "note")
        made = saved(form, lambda: actions.create_programme(actor(), values, form.targets))
        if made:
            return go("visiting.programme", _("已登记"), programme_id=made.id)
    return render("visiting/programme_form.html", form=form, programme=None, kinds=rules.TARGETS)


@bp.get("/programmes/<uuid:programme_id>")
@requires("programme.view", volunteers.programme_by_id)
def programme(programme):
    """One programme: each target, what stands against it, and how that is counted."""
    records = volunteers.records_of(programme)
    return render(
        "visiting/programme.html",
        programme=programme,
        standing=volunteers.standing(programme, records),
        signed_up=volunteers.signed_up_only(programme, records),
        may_edit=can("programme.edit", programme),
        history=history_of(programme),
    )


@bp.route("/programmes/<uuid:programme_id>/edit", methods=["GET", "POST"])
@requires("programme.edit", volunteers.programme_by_id)
def programme_edit(programme):
    """Change a programme and its targets."""
    form = ProgrammeForm(programme=programme)
    values = form.values("name", "starts_on", "ends_on", "note")
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.edit_programme(
            actor(), programme, values, form.targets, expected=form.expected_version
        ),
        programme,
        "name",
        "starts_on",
        "ends_on",
        "note",
    ):
        return go("visiting.programme", _("已保存"), programme_id=programme.id)
    return render("visiting/programme_form.html", form=form, programme=programme, kinds=rules.TARGETS)
