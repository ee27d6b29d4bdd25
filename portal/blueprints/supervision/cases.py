"""One case of assessment: its self-assessment, evidence, scores, result, complaint."""

from flask import request
from flask_babel import gettext as _

from portal.actions import assessment as actions
from portal.auth import actor, can, now, requires, today
from portal.blueprints.supervision import bp
from portal.blueprints.supervision.forms import answers_of, score_form, scores_of, self_form
from portal.queries import assessment
from portal.uploads import take_files, with_files
from portal.web import commit, go, history_of, read_step, render, saved


@bp.get("/cases/<uuid:assessment_case_id>")
@requires("assessment_case.view", assessment.case_by_id, "case")
def case(case):
    """What was written, and the result for those who may see it."""
    shows = actions.may_show_scores(actor(), case)
    in_clusters = {}
    if shows and case.level == "school":
        in_clusters = assessment.cluster_results(case.district_id, case.round.term)
    return render(
        "supervision/case.html",
        case=case,
        items=case.round.template.items,
        counted=assessment.counted(case),
        letters=_letters(case),
        outcome=assessment.outcome(case, in_clusters) if shows else None,
        may_write=can("assessment_case.write", case) and case.state == "open",
        may_score=can("assessment_case.score", case) and case.state in ("submitted", "scored"),
        sees_round=can("assessment_round.view", case.round),
        history=history_of(case),
    )


def _letters(case):
    """The letters that stand beside the score, for those who may read them."""
    return [letter for letter in assessment.letters_of(case) if can("letter.view", letter)]


@bp.route("/cases/<uuid:assessment_case_id>/self", methods=["GET", "POST"])
@requires("assessment_case.write", assessment.case_by_id, "case")
def case_self(case):
    """Write the self-assessment; kept as a draft or handed in."""
    items = case.round.template.items
    form = self_form(items, case.answers)
    submit = request.form.get("then") == "submit"

    def act():
        values = {"expected": form.expected_version, "submit": submit, "now": now(), "today": today()}
        return actions.write(actor(), case, answers_of(form, items), **values)

    if form.validate_on_submit() and saved(form, act, case):
        return go(
            "supervision.case",
            _("已提交自评") if submit else _("已保存，还没有提交"),
            assessment_case_id=case.id,
        )
    more = {"counted": assessment.counted(case), "letters": _letters(case)}
    return render("supervision/case_self.html", form=form, case=case, items=items, **more)


@bp.route("/cases/<uuid:assessment_case_id>/score", methods=["GET", "POST"])
@requires("assessment_case.score", assessment.case_by_id, "case")
def case_score(case):
    """Give the scores."""
    items = case.round.template.items
    form = score_form(items, case.scores, verdict=case.verdict)

    def act():
        values = {"expected": form.expected_version, "now": now(), "today": today()}
        return actions.score(actor(), case, scores_of(form, items), form.verdict.data, **values)

    if form.validate_on_submit() and saved(form, act, case):
        return go("supervision.case", _("已评分，公布后考核对象才能看到"), assessment_case_id=case.id)
    more = {"counted": assessment.counted(case), "letters": _letters(case)}
    return render("supervision/case_score.html", form=form, case=case, items=items, **more)


@bp.post("/cases/<uuid:assessment_case_id>/step")
@requires("assessment_case.view", assessment.case_by_id, "case")
def case_step(case):
    """Hand in, return, complain, answer."""
    actions.take_case(actor(), case, read_step("assessment_case"), now=now(), today=today())
    commit()
    return go(
        "supervision.case" if can("assessment_case.view", case) else "supervision.round_list", **_key(case)
    )


def _key(case) -> dict:
    return {"assessment_case_id": case.id} if can("assessment_case.view", case) else {}


@bp.route("/cases/<uuid:assessment_case_id>/files", methods=["GET", "POST"])
@requires("assessment_case.write", assessment.case_by_id, "case")
@with_files
def case_files(case):
    """Add evidence."""
    return take_files("assessment_case", case)
