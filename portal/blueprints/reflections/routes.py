"""Reflection logs: the lists, one log, its steps, and what others did about the same problem."""

from flask import request
from flask_babel import gettext as _

from portal.actions import reflections as actions
from portal.auth import actor, can, now, requires
from portal.blueprints.reflections import bp
from portal.blueprints.reflections.forms import CommentForm, NoteForm
from portal.blueprints.reflections.writing import link_words
from portal.domain import similar
from portal.domain.log_templates import KINDS
from portal.forms import as_uuid
from portal.queries import log_audience, log_hints, log_links, reflections, terms, typical_cases
from portal.web import commit, go, history_of, read_step, render, term_title


@bp.get("/")
@requires("reflection.list")
def index():
    """Logs by tab, newest first, with filters in the address."""
    asked, who = request.args, actor()
    tab = asked.get("tab") if asked.get("tab") in reflections.TABS else "shared"
    term = terms.by_code(who.district_id, asked.get("term", ""))
    what, _sep, key = asked.get("link", "").partition(":")
    column, key = log_links.COLUMNS.get(what), as_uuid(key)
    page = reflections.reflection_page(
        who,
        tab=tab,
        kind=asked.get("kind", "")[:32],
        subject=asked.get("subject", "")[:40],
        theme=asked.get("theme", "")[:40],
        term_id=term.id if term else None,
        link=(column, key) if column and key else None,
        cursor=asked.get("at"),
    )
    return render("reflections/index.html", fragments=("reflection_list",), **_listed(page, tab))


def _listed(page, tab) -> dict:
    who, asked, keys = actor(), request.args, [row.id for row in page.rows]
    return {
        "page": page,
        "tab": tab,
        "asked": asked,
        "kinds": KINDS,
        "audiences": log_audience.audiences(page.rows),
        "cases": typical_cases.open_cases_of(who.district_id, keys),
        "drafts": reflections.drafts(who),
        "counts": reflections.comment_counts(who.district_id, keys),
        "subjects": reflections.values_of(who, "subject"),
        "themes": reflections.values_of(who, "theme"),
        "terms": [(t.code, term_title(t)) for t in terms.all_terms(who.district_id)],
    }


@bp.get("/<uuid:reflection_id>")
@requires("reflection.view", reflections.by_id)
def detail(reflection):
    """One log with its comments."""
    return detail_page(reflection)


def detail_page(reflection, form=None, note_form=None):
    """The page of a log, with a form that was refused."""
    who = actor()
    note = reflections.note_of(who, reflection) if can("reflection.note", reflection) else None
    link = log_links.link_of(reflection)
    return render(
        "reflections/detail.html",
        form=form or CommentForm(),
        note=note,
        note_form=note_form or NoteForm(note=note.text if note else "", obj=note),
        reflection=reflection,
        audience=log_audience.audiences([reflection])[reflection.id],
        case=typical_cases.open_case_of(reflection),
        link=link_words(link) if link else "",
        comments=reflections.comments_of(reflection),
        history=history_of(reflection) if reflection.person_id == who.person_id else [],
        status=_status(form, note_form),
    )


def _status(*forms):
    stale = any(form is not None and getattr(form, "is_stale", False) for form in forms)
    return 409 if stale else 422 if any(form is not None and form.errors for form in forms) else None


@bp.post("/<uuid:reflection_id>/step")
@requires("reflection.edit", reflections.by_id)
def step(reflection):
    """Submit a draft, or take a submitted log back. A log that may name a pupil is looked at once more."""
    asked = read_step("reflection")
    if asked.action == "submit":
        if reflection.visibility == "cluster" and log_hints.hints_of_log(reflection):
            words = _("提交以前请再看一眼：文字里可能有学生或家长的姓名")
            return go("reflections.edit", words, reflection_id=reflection.id)
        actions.submit(actor(), reflection, expected=asked.expected, now=now())
    else:
        actions.take_back(actor(), reflection, expected=asked.expected)
    commit()
    return go("reflections.detail", _("已办理"), reflection_id=reflection.id)


@bp.get("/problems")
@requires("reflection.list")
def problems():
    """What others did about a problem: the logs in sight whose problem reads alike, with their solutions."""
    who, asked = actor(), request.args
    log = reflections.by_id(who.district_id, as_uuid(asked.get("log"))) if as_uuid(asked.get("log")) else None
    if log is not None and not can("reflection.view", log):
        log = None
    words = asked.get("q", "").strip()[:500] or (log.problem[:2000] if log else "")
    rows = reflections.shared_with_solution(who, besides=log.id if log else None) if words else []
    ranked = similar.rank(words, [(key, " ".join(texts)) for key, *texts in rows])
    found = reflections.by_ids(who, [key for key, _score in ranked])
    logs = [found[key] for key, _score in ranked if key in found]
    return render(
        "reflections/problems.html",
        fragments=("problem_list",),
        logs=logs,
        log=log,
        words=words if asked.get("q") else "",
        asked=asked,
        audiences=log_audience.audiences(logs),
    )
