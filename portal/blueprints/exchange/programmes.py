"""Secondment programmes: their numbers and batches, the expert group, the ranking of candidates."""

from flask import abort
from flask_babel import gettext as _

from portal.actions import secondments as actions
from portal.actions.errors import Refused
from portal.auth import actor, can, now, requires, today
from portal.blueprints.exchange import bp
from portal.blueprints.exchange.secondment_forms import (
    BatchForm,
    ExpertForm,
    NominationForm,
    ProgrammeForm,
    ScoreForm,
)
from portal.domain import secondments as rules
from portal.domain.words import N_
from portal.queries import people, secondment_work, secondments
from portal.web import commit, go, history_of, render, saved


@bp.get("/secondments/programmes")
@requires("secondment_programme.view")
def programme_list():
    """The programmes of the district."""
    return render("exchange/programmes.html", programmes=secondments.programmes(actor().district_id))


@bp.route("/secondments/programmes/new", methods=["GET", "POST"])
@requires("secondment_programme.create")
def programme_new():
    """Enter a programme."""
    form = ProgrammeForm()
    if form.validate_on_submit():
        made = saved(form, lambda: actions.create_programme(actor(), form.programme_values))
        if made:
            return go("exchange.programme", _("已登记"), secondment_programme_id=made.id)
    return render("exchange/programme_form.html", form=form, programme=None)


@bp.route("/secondments/programmes/<uuid:secondment_programme_id>/edit", methods=["GET", "POST"])
@requires("secondment_programme.edit", secondments.programme_by_id, name="programme")
def programme_edit(programme):
    """Change a programme."""
    form = ProgrammeForm(programme=programme)
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.edit_programme(
            actor(), programme, form.programme_values, expected=form.expected_version
        ),
        programme,
        *("name", "basis", "starts_on", "ends_on", "note"),
    ):
        return go("exchange.programme", _("已保存"), secondment_programme_id=programme.id)
    return render("exchange/programme_form.html", form=form, programme=programme)


@bp.get("/secondments/programmes/<uuid:secondment_programme_id>")
@requires("secondment_programme.view", secondments.programme_by_id, name="programme")
def programme(programme):
    """One programme: what it asks, its batches, its candidates by place, its figures."""
    return _programme_page(programme, ExpertForm(formdata=None))


def _programme_page(programme, form):
    who = actor()
    rows = secondments.of_programme(who, programme)
    facts = secondment_work.facts_of(rows, today())
    ranks = secondments.ranking(programme) if can("secondment_programme.edit", programme) else {}
    ranks = {key: one for key, one in ranks.items() if who.person_id not in _people(rows, key)}
    order = sorted(rows, key=lambda row: (ranks[row.id].place if row.id in ranks else 10**6, str(row.id)))
    return render(
        "exchange/programme.html",
        form=form if form.is_submitted() else None,
        expert_form=form,
        programme=programme,
        rows=order,
        ranks=ranks,
        figures=rules.summed(list(facts.values()), today()),
        to_score=len(secondments.to_score(who, programme)),
        may_edit=can("secondment_programme.edit", programme),
        history=history_of(programme),
    )


def _people(rows, key):
    return {row.person_id for row in rows if row.id == key}


@bp.route("/secondments/programmes/<uuid:secondment_programme_id>/batches/new", methods=["GET", "POST"])
@requires("secondment_programme.edit", secondments.programme_by_id, name="programme")
def batch_new(programme):
    """Enter a batch."""
    form = BatchForm()
    if form.validate_on_submit() and saved(
        form, lambda: actions.save_batch(actor(), programme, None, form.batch_values)
    ):
        return go("exchange.programme", _("已登记"), secondment_programme_id=programme.id)
    return render("exchange/batch_form.html", form=form, programme=programme, batch=None)


@bp.route("/secondments/batches/<uuid:batch_id>/edit", methods=["GET", "POST"])
@requires("secondment_programme.edit", secondments.batch_by_id)
def batch_edit(batch):
    """Change a batch."""
    form, programme = BatchForm(obj=batch), batch.programme
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.save_batch(
            actor(), programme, batch, form.batch_values, expected=form.expected_version
        ),
        batch,
        *BatchForm.NAMES,
    ):
        return go("exchange.programme", _("已保存"), secondment_programme_id=programme.id)
    return render("exchange/batch_form.html", form=form, programme=programme, batch=batch)


@bp.post("/secondments/programmes/<uuid:secondment_programme_id>/experts")
@requires("secondment_programme.edit", secondments.programme_by_id, name="programme")
def expert_add(programme):
    """Put somebody into the expert group."""
    form = ExpertForm()
    if form.validate_on_submit() and saved(form, lambda: _add_expert(programme, form)):
        return go("exchange.programme", _("已加入专家组"), secondment_programme_id=programme.id)
    return _programme_page(programme, form)


def _add_expert(programme, form):
    return actions.add_expert(actor(), programme, found_person(form))


def found_person(form):
    """The person whom a form names. Refused when there is none, or more than one."""
    person = people.resolve_person(actor(), form.person.data, form.chosen_person)
    if person is None:
        raise Refused(N_("没有找到这位教师，或有同名的人：请写成“姓名（学校）”"), field="person")
    return person


@bp.post("/secondments/experts/<uuid:expert_id>/remove")
@requires("secondment_programme.edit", secondments.expert_by_id)
def expert_remove(expert):
    """Take somebody out of the expert group."""
    programme_id = expert.programme_id
    actions.remove_expert(actor(), expert)
    commit()
    return go("exchange.programme", _("已移出专家组"), secondment_programme_id=programme_id)


@bp.route("/secondments/programmes/<uuid:secondment_programme_id>/nominate", methods=["GET", "POST"])
@requires("secondment.create")
def nominate(secondment_programme_id):
    """Recommend somebody of the own school."""
    programme = secondments.programme_by_id(actor().district_id, secondment_programme_id)
    if programme is None:
        abort(404)
    form = NominationForm()
    if form.validate_on_submit():
        values = form.nomination_values
        made = saved(
            form, lambda: actions.nominate(actor(), programme, found_person(form), values, now=now())
        )
        if made:
            return go("exchange.secondment", _("已推荐，等主管部门初审"), secondment_id=made.id)
    return render("exchange/nomination_form.html", form=form, programme=programme, secondment=None)


@bp.get("/secondments/programmes/<uuid:secondment_programme_id>/scores")
@requires("secondment_programme.view", secondments.programme_by_id, name="programme")
def scores(programme):
    """Whom this expert scores, with the own scores; nobody of the own school is among them."""
    return score_page(programme)


def score_page(programme, secondment=None, form=None):
    """The page of an expert; ``form`` is what came for one candidate."""
    who = actor()
    rows = secondments.to_score(who, programme)
    own = {row.id: secondments.own_score(who, row) for row in rows}
    forms = {row.id: ScoreForm(formdata=None, obj=own[row.id], prefix="") for row in rows}
    for key, one in forms.items():
        one.score.id, one.note.id = f"score-{key}", f"note-{key}"
    if secondment is not None:
        form.score.id, form.note.id = f"score-{secondment.id}", f"note-{secondment.id}"
        forms[secondment.id] = form
    return render("exchange/scores.html", form=form, programme=programme, rows=rows, forms=forms, own=own)


@bp.post("/secondments/<uuid:secondment_id>/score")
@requires("secondment.score", secondments.by_id)
def secondment_score(secondment):
    """Score a candidate."""
    form = ScoreForm()
    if form.validate_on_submit() and saved(
        form,
        lambda: actions.score(actor(), secondment, form.score.data, form.note.data, now=now()),
    ):
        return go("exchange.scores", _("已保存评分"), secondment_programme_id=secondment.programme_id)
    return score_page(secondment.programme, secondment, form)
