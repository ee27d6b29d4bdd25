"""The turn of a term (新学期): what is owed, what goes on, what is closed, on one page in steps."""

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.actions import term_turn as actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.clusters import bp
from portal.documents.tables import table_workbook
from portal.forms import LineField, PortalForm, as_uuid
from portal.queries import clusters, schools, term_debts, terms
from portal.queries import term_turn as queries
from portal.web import go, render, saved, send_workbook


class TurnForm(PortalForm):
    """What is settled stands as check boxes of the lines; a reason is asked for what is closed."""

    reason = LineField(_l("结束的理由"), longest=200)


def _turn(cluster):
    """(the term that ends, the one that begins) as the address names the second, else the nearest."""
    return queries.turn_of(cluster.district_id, request.values.get("term"), today())


def _school(members):
    """The school that is asked for; without a wish one's own, for those who do not run the cluster."""
    if "school" in request.values:
        key = as_uuid(request.values["school"])
    else:
        own = actor().manages_schools
        key = next((s.id for s in members if s.id in own), None)
    return next((s for s in members if s.id == key), None)


@bp.get("/<uuid:cluster_id>/turn")
@requires("cluster.turn", clusters.cluster_by_id)
def turn(cluster):
    """What is owed from the term that ends, what goes on, and what is to be closed."""
    return _page(cluster)


@bp.post("/<uuid:cluster_id>/turn")
@requires("cluster.turn_take", clusters.cluster_by_id)
def turn_take(cluster):
    """Settle what is ticked."""
    found, form = _turn(cluster) or abort(404), TurnForm()
    if form.validate_on_submit():
        ticks = {_tick(text) for text in request.form.getlist("tick")[:1000]}
        reason = form.reason.data or ""

        def act():  # in a tuple, for none settled is an answer too
            return (actions.settle(actor(), cluster, *found, ticks - {None}, reason=reason, now=now()),)

        if count := saved(form, act):
            words = _("已办理 %(count)s 项", count=count[0]) if count[0] else _("这些事项已经办理过")
            where = {"school": request.form.get("school", "")[:40]}
            return go("clusters.turn", words, cluster_id=cluster.id, term=found[1].code, **where)
    return _page(clusters.cluster_by_id(actor().district_id, cluster.id), form)


def _tick(text: str):
    """(kind, key) of a check box; None for anything else."""
    kind, _colon, key = text.partition(":")
    return (kind, as_uuid(key)) if as_uuid(key) else None


def _page(cluster, form=None):
    found, who = _turn(cluster), actor()
    if found is None:
        return render("clusters/turn.html", cluster=cluster, found=None)
    before, term = found
    members = [m.school for m in clusters.members_on(cluster, today())]
    whole = bool(cluster.id in who.runs) and "school" not in request.values
    school = None if whole else _school(members)
    debts = term_debts.debts_of(cluster, before, today(), school_id=school.id if school else None)
    marks = queries.marks_of(cluster, term)
    return render(
        "clusters/turn.html",
        status=422 if form is not None and form.errors else None,
        cluster=cluster,
        found=found,
        before=before,
        term=term,
        school=school,
        members=members,
        terms=terms.all_terms(cluster.district_id)[:4],
        form=form or TurnForm(formdata=None),
        typed=set(request.form.getlist("tick")) if form is not None else None,
        debts=[(debt, debt.words.text(_), _address(debt)) for debt in debts],
        lines=queries.lines_of(who, cluster, term, today(), marks, school_id=school.id if school else None),
        per_term=[] if school else _per_term(who, cluster, before, term),
        timetables=_timetables(school, members, before, term),
        may_take=can("cluster.turn_take", cluster) and term.last_day >= today(),
    )


def _per_term(who, cluster, before, term):
    return [queries.duties_of(who, cluster, before, term), queries.plan_of(who, cluster, term)]


def _timetables(school, members, before, term):
    """(the counts of a school, the page that takes its lessons over, or None) of each school shown."""
    mine = {each.id for each in schools.in_hand(actor())} if can("lesson.create") else set()
    return [
        (
            each,
            url_for("visiting.copy", school=each.school.id, term=term.code)
            if each.school.id in mine
            else None,
        )
        for each in queries.timetables_of([school] if school else members, before, term)
    ]


def _address(debt):
    """The page where it is mended, for those who may open it."""
    if debt.guard and not can(*debt.guard):
        return None
    return url_for(debt.endpoint, **debt.target)


@bp.get("/<uuid:cluster_id>/turn.xlsx")
@requires("cluster.turn", clusters.cluster_by_id)
def turn_export(cluster):
    """What the cluster and its schools still owe, as a workbook."""
    before = (_turn(cluster) or (None,))[0]
    rows = [
        [debt.school.name if debt.school else cluster.name, debt.words.text(_), debt.day]
        for debt in (term_debts.debts_of(cluster, before, today()) if before else ())
    ]
    title = _("%(name)s未了事项", name=cluster.name)
    head = [_("责任方"), _("事项"), _("日期")]
    return send_workbook(table_workbook(title, head, rows), f"{title}-{today():%Y%m%d}.xlsx")
