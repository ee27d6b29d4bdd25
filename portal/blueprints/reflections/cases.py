"""Typical cases: proposed by the cluster, answered by the writer, listed in the summary."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal import labels
from portal.actions import typical_cases as actions
from portal.auth import actor, can, now, requires
from portal.blueprints.reflections import bp
from portal.domain.log_templates import parts_of
from portal.forms import LineField, PortalForm, ProseField
from portal.queries import reflections, terms, typical_cases
from portal.web import commit, go, history_of, read_step, render, saved, term_title


class CaseForm(PortalForm):
    """What the summary would print, in the writer's words, and why."""

    title = LineField(_l("题目"), needed=True)
    extract = ProseField(_l("摘录"), longest=600, needed=True)
    reason = ProseField(_l("推荐理由"), longest=300)


@bp.get("/cases")
@requires("case.list")
def case_list():
    """Typical cases in sight, by state and term."""
    who, asked = actor(), request.args
    state = asked.get("state") if asked.get("state") in labels.STATE["typical_case"] else ""
    term = terms.by_code(who.district_id, asked.get("term", ""))
    page = typical_cases.case_page(
        who, state=state, term_id=term.id if term else None, cursor=asked.get("at")
    )
    return render(
        "reflections/cases.html",
        fragments=("case_list",),
        page=page,
        asked=asked,
        terms=[(t.code, term_title(t)) for t in terms.all_terms(who.district_id)],
    )


@bp.route("/<uuid:reflection_id>/case", methods=["GET", "POST"])
@requires("reflection.propose", reflections.by_id)
def case_new(reflection):
    """Propose a log as a typical case; its writer decides."""
    longest = max((getattr(reflection, part.name) for part in parts_of(reflection.kind)), key=len)
    form = CaseForm(title=reflection.title, extract=longest[:600])
    if form.validate_on_submit():
        values = form.values("title", "extract", "reason")
        case = saved(form, lambda: actions.propose(actor(), reflection, now=now(), **values))
        if case:
            return go("reflections.case", _("已推荐，等作者同意"), case_id=case.id)
    return render("reflections/case_new.html", form=form, reflection=reflection)


@bp.get("/cases/<uuid:case_id>")
@requires("case.view", typical_cases.by_id)
def case(case):
    """One case: what would be shown, who proposed it, and the steps."""
    return render(
        "reflections/case.html",
        case=case,
        printed=typical_cases.is_printed(case, typical_cases.summary_of(case)),
        log_in_sight=can("reflection.view", case.reflection),
        history=history_of(case) if can("case.answer", case) or can("case.take_back", case) else [],
    )


@bp.post("/cases/<uuid:case_id>/step")
@requires("case.view", typical_cases.by_id)
def case_step(case):
    """Agree, decline, withdraw the consent, or take the proposal back."""
    asked = read_step("typical_case")
    actions.take(actor(), case, asked.action, note=asked.note, expected=asked.expected, now=now())
    commit()
    if not can("case.view", case):
        return go("reflections.case_list", _("已办理"))
    return go("reflections.case", _("已办理"), case_id=case.id)
