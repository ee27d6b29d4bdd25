"""Staffing: of a school, of a cluster, and what a move would do to both schools' subjects."""

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.actions import staffing as actions
from portal.auth import actor, can, requires, today
from portal.blueprints.clusters import bp
from portal.blueprints.clusters.forms_staffing import MoveForm, subjects_form
from portal.documents.tables import table_workbook
from portal.domain.staffing import changed_by, state_of, totals
from portal.forms import as_uuid
from portal.queries import clusters, people, schools, staffing, terms
from portal.web import go, history_of, render, saved, send_workbook


def _span(district_id):
    """(term, first day, last day): the term of the address, else the present one, as far as it has come."""
    term = terms.asked_for(district_id, request.args.get("term"), today())
    if term is None:
        return None, today(), today()
    return term, term.first_day, max(min(term.last_day, today()), term.first_day)


@bp.get("/schools/<uuid:school_id>/staffing")
@requires("school.people", schools.by_id)
def school_staffing(school):
    """Posts, subjects, titles and ages of a school, before and after a term."""
    term, first, last = _span(school.district_id)
    return render(
        "clusters/school_staffing.html",
        school=school,
        term=term,
        terms=terms.all_terms(school.district_id),
        first=first,
        last=last,
        found=staffing.of_schools(school.district_id, [school], first, last)[0],
        state_of=state_of,
        history=history_of(school),
    )


@bp.route("/schools/<uuid:school_id>/staffing/edit", methods=["GET", "POST"])
@requires("school.edit", schools.by_id)
def school_staffing_edit(school):
    """Write need, staff and minimum by subject."""
    known = staffing.of_schools(school.district_id, [school], today())[0].lines
    stated = staffing.rows_of(school)
    lines = [
        {
            "subject": line.subject,
            "need": line.need,
            "actual": stated[line.subject].actual if line.subject in stated else None,
            "minimum": line.minimum,
        }
        for line in sorted(known, key=lambda line: line.subject)
    ]
    sent = sum(name.startswith("subject_") for name in request.form)
    form = subjects_form([] if request.method == "POST" else lines, sent)  # what was sent is all of it
    if form.validate_on_submit():
        act = lambda: actions.set_subjects(actor(), school, form.lines, expected=form.expected_version)  # noqa: E731
        if saved(form, act, school):
            return go("clusters.school_staffing", _("已保存"), school_id=school.id)
    return render("clusters/school_staffing_form.html", form=form, school=school)


def _members(cluster, last):
    return [m.school for m in clusters.members_on(cluster, last)]


@bp.get("/<uuid:cluster_id>/staffing")
@requires("cluster.overview", clusters.cluster_by_id)
def cluster_staffing(cluster):
    """All schools of a cluster with their surplus and shortage."""
    term, first, last = _span(cluster.district_id)
    members = _members(cluster, last)
    found = staffing.of_schools(cluster.district_id, members, first, last)
    keys = [school.id for school in members]
    return render(
        "clusters/cluster_staffing.html",
        cluster=cluster,
        term=term,
        terms=terms.all_terms(cluster.district_id),
        first=first,
        last=last,
        found=found,
        subjects=totals(each.lines for each in found),
        before=staffing.honours_by_place(cluster.district_id, keys, first),
        after=staffing.honours_by_place(cluster.district_id, keys, last),
        state_of=state_of,
        places={kind: sum(s.location == kind for s in members) for kind in ("urban", "rural")},
    )


@bp.get("/<uuid:cluster_id>/staffing.xlsx")
@requires("cluster.overview", clusters.cluster_by_id)
def cluster_staffing_export(cluster):
    """Each subject of each school as a line of a workbook."""
    _term, first, last = _span(cluster.district_id)
    found = staffing.of_schools(cluster.district_id, _members(cluster, last), first, last)
    title = _("%(name)s师资余缺", name=cluster.name)
    return send_workbook(table_workbook(title, _head(), _cells(found)), f"{title}-{last:%Y%m%d}.xlsx")


@bp.get("/schools/<uuid:school_id>/staffing.xlsx")
@requires("school.people", schools.by_id)
def school_staffing_export(school):
    """Each subject of the school as a line of a workbook."""
    _term, first, last = _span(school.district_id)
    found = staffing.of_schools(school.district_id, [school], first, last)
    title = _("%(name)s师资余缺", name=school.name)
    return send_workbook(table_workbook(title, _head(), _cells(found)), f"{title}-{last:%Y%m%d}.xlsx")


def _head() -> list[str]:
    return [
        _("学校"),
        _("学科"),
        _("需要（人）"),
        _("现有（人）"),
        _("余缺（人）"),
        _("余缺"),
        _("最低（人）"),
        _("名册期初（人）"),
        _("名册期末（人）"),
        _("核定编制（人）"),
        _("现有在编（人）"),
    ]


def _cells(found) -> list[list]:
    """A line for each subject; a school without subjects has one with its posts."""
    rows = []
    for each in found:
        posts = [each.school.authorised_posts, each.staff]
        for line in each.lines:
            counts = [each.before.subjects.get(line.subject, 0), each.after.subjects.get(line.subject, 0)]
            state = _(labels.STAFFING_STATE[state_of(line.gap)])
            numbers = [line.need, line.have, line.gap, state, line.minimum]
            rows.append([each.school.name, line.subject, *numbers, *counts, *posts])
        if not each.lines:
            counts = [each.before.people, each.after.people]
            rows.append([each.school.name, "", None, None, None, "", None, *counts, *posts])
    return rows


@bp.get("/staffing/move")
@requires("person.list")
def staffing_move():
    """What sending one teacher to another school would do to both schools' subjects; nothing is written."""
    who = actor()
    sight = schools.all_matching(who, today())
    form = MoveForm(request.args, schools=sight)
    found = None
    if request.args.get("person") and form.validate():
        found = _move(who, form, {str(school.id): school for school in sight})
    return render(
        "clusters/staffing_move.html",
        form=form,
        found=found,
        chosen_id=request.args.get("person-id", ""),
        state_of=state_of,
        status=422 if form.errors else None,
    )


def _move(who, form, sight) -> dict | None:
    """Both schools with the subject before and after; None when the question cannot be answered."""
    person = people.resolve_person(who, form.person.data, as_uuid(request.args.get("person-id")))
    if person is None or not can("person.view", person):
        form.add_error("person", _("请从名单里选一个人：写全姓名，重名时加上学校"))
        return None
    home, host = people.home_school(person), sight[form.school.data]
    if home is None or home.id == host.id:
        form.add_error("school", _("这个人就在这所学校，请选另一所") if home else _("这个人现在没有任职学校"))
        return None
    both = staffing.of_schools(who.district_id, [home, host], today())
    subject = next(iter(person.subjects or []), "")
    return {
        "person": person,
        "subject": subject,
        "others": list(person.subjects or [])[1:],
        "sides": [
            (each, changed_by(each.lines, subject, by)) for each, by in zip(both, (-1, 1), strict=True)
        ],
    }
