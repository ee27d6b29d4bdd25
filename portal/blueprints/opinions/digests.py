"""The collection of a term: written by the representative, answered by the principal, read by all of the school."""

from flask import abort
from flask_babel import gettext as _

from portal import labels
from portal.actions import opinions as actions
from portal.auth import actor, can, now, requires
from portal.blueprints.opinions import bp
from portal.blueprints.opinions.forms import AnswerForm, DigestForm
from portal.blueprints.opinions.routes import asked_term
from portal.domain.opinions import outline
from portal.queries import clusters, opinions
from portal.web import commit, go, history_of, read_step, render, saved


@bp.route("/schools/<uuid:school_id>/digest", methods=["GET", "POST"])
@requires("school.collect", clusters.school_by_id)
def digest_edit(school):
    """Write the collection of a term; a new one begins with the topics that somebody wrote about."""
    term = asked_term() or abort(404)
    row = opinions.digest_of(school, term)
    words = {topic: _(label) for topic, label in labels.OPINION_TOPIC.items()}
    begun = row.text if row else outline(opinions.counts(school, term), words)
    form = DigestForm(text=begun)

    def act():
        return actions.collect(actor(), school, term, form.text.data, expected=form.expected_version)

    if form.validate_on_submit():
        made = saved(form, act, row, "text")
        if made:
            return go("opinions.digest", _("已保存"), opinion_digest_id=made.id)
    box = opinions.in_box(actor(), school, term, None)
    return render("opinions/digest_form.html", form=form, school=school, term=term, row=row, box=box)


@bp.get("/digests/<uuid:opinion_digest_id>")
@requires("opinion_digest.view", opinions.digest_by_id, name="row")
def digest(row):
    """The collection with the answer."""
    return render(
        "opinions/digest.html",
        row=row,
        may_edit=row.state == "drafting" and can("opinion_digest.edit", row),
        may_answer=row.state == "submitted" and can("opinion_digest.answer", row),
        history=history_of(row) if can("opinion_digest.edit", row) else [],
    )


@bp.post("/digests/<uuid:opinion_digest_id>/step")
@requires("opinion_digest.view", opinions.digest_by_id, name="row")
def digest_step(row):
    """Hand in, take back."""
    actions.hand_in(actor(), row, read_step("opinion_digest"), now=now())
    commit()
    return go("opinions.digest", _("已办理"), opinion_digest_id=row.id)


@bp.route("/digests/<uuid:opinion_digest_id>/answer", methods=["GET", "POST"])
@requires("opinion_digest.answer", opinions.digest_by_id, name="row")
def digest_answer(row):
    """The principal's answer."""
    if row.state != "submitted":
        abort(404)
    form = AnswerForm()

    def act():
        return actions.answer(actor(), row, form.reply.data, expected=form.expected_version, now=now()) or row

    if form.validate_on_submit() and saved(form, act, row, "reply"):
        return go("opinions.digest", _("已答复，全校教职工都能看到"), opinion_digest_id=row.id)
    return render("opinions/answer.html", form=form, row=row)
