"""Reflection logs: reading, writing with autosave, submitting, comments."""

import secrets

from flask import jsonify, request
from flask_babel import gettext as _

from portal.actions import reflections as actions
from portal.actions.errors import Conflict, Refused
from portal.auth import actor, now, requires, today
from portal.blueprints.reflections import bp
from portal.blueprints.reflections.forms import CommentForm, ReflectionForm
from portal.domain.moments import local
from portal.extensions import db
from portal.queries import reflections, terms
from portal.web import commit, go, history_of, read_step, render, term_title

SHARED_TEXTS = ("title", "experience", "problem", "solution")


@bp.get("/")
@requires("reflection.list")
def index():
    """Logs by tab, newest first, with filters in the address."""
    asked, who = request.args, actor()
    tab = asked.get("tab") if asked.get("tab") in reflections.TABS else "shared"
    term = terms.by_code(who.district_id, asked.get("term", ""))
    page = reflections.reflection_page(
        who,
        tab=tab,
        kind=asked.get("kind", "")[:32],
        term_id=term.id if term else None,
        cursor=asked.get("at"),
    )
    return render(
        "reflections/index.html",
        fragments=("reflection_list",),
        page=page,
        tab=tab,
        asked=asked,
        drafts=reflections.drafts(who),
        counts=reflections.comment_counts(who.district_id, [row.id for row in page.rows]),
        terms=[(t.code, term_title(t)) for t in terms.all_terms(who.district_id)],
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("reflection.create")
def new():
    """Write a log. The hidden key makes a form that arrives twice one log."""
    who = actor()
    form = _form(kind="lesson", visibility="own", happened_on=today(), once_key=secrets.token_hex(16))
    reflection = reflections.by_once_key(who, form.once_key.data or "") if form.is_submitted() else None
    answer = _save(form, reflection)
    return answer or render("reflections/edit.html", form=form, reflection=reflection, mentors=_mentors())


@bp.route("/<uuid:reflection_id>/edit", methods=["GET", "POST"])
@requires("reflection.edit", reflections.by_id)
def edit(reflection):
    """Go on writing a log."""
    form = _form(obj=reflection, activity=str(reflection.activity_id or ""))
    answer = _save(form, reflection)
    return answer or render("reflections/edit.html", form=form, reflection=reflection, mentors=_mentors())


@bp.post("/autosave")
@requires("reflection.create")
def autosave():
    """Keep a draft while it is written: JSON with the time and version, or 409 with the other device's text."""
    who = actor()
    form = _form()
    if not form.validate_on_submit():
        return jsonify(errors=form.errors), 422
    reflection = reflections.by_once_key(who, form.once_key.data or "")
    try:
        saved = actions.save_draft(
            who,
            reflection,
            form.reflection_values,
            expected=form.expected_version,
            once_key=form.once_key.data,
            now=now(),
        )
        commit()
    except Refused as refused:
        return jsonify(errors={refused.field: [_(refused.message, **refused.words)]}), 422
    except Conflict:
        db.session.rollback()
        theirs = reflections.by_once_key(who, form.once_key.data)
        return jsonify(theirs={n: getattr(theirs, n) for n in SHARED_TEXTS}, version=theirs.version), 409
    return jsonify(saved_at=local(now()).strftime("%H:%M"), version=saved.version)


def _form(**initial) -> ReflectionForm:
    return ReflectionForm(activities=reflections.linkable_activities(actor()), **initial)


def _mentors():
    return reflections.mentors_of(actor().district_id, actor().person_id)


def _save(form, reflection):
    """Save what was posted, and submit it unless it shall stay a draft; None when the form comes back."""
    if not form.validate_on_submit():
        return None
    who = actor()
    try:
        saved = actions.save_draft(
            who,
            reflection,
            form.reflection_values,
            expected=form.expected_version,
            once_key=form.once_key.data,
            now=now(),
        )
        if not request.form.get("draft") and saved.state == "draft":
            db.session.flush()  # the text counts as saved before the step looks at it
            actions.submit(who, saved, expected=None, now=now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return None
    except Conflict:
        db.session.rollback()
        fresh = reflections.by_id(who.district_id, reflection.id)
        form.show_conflict(fresh, *SHARED_TEXTS)
        return render("reflections/edit.html", form=form, reflection=fresh, mentors=_mentors(), status=409)
    if not commit(form):
        return None
    message = _("草稿已保存，只有您能看到") if saved.state == "draft" else _("反思日志已提交")
    return go("reflections.detail", message, reflection_id=saved.id)


@bp.get("/<uuid:reflection_id>")
@requires("reflection.view", reflections.by_id)
def detail(reflection):
    """One log with its comments."""
    return _detail(reflection, CommentForm())


def _detail(reflection, form):
    return render(
        "reflections/detail.html",
        form=form,
        reflection=reflection,
        comments=reflections.comments_of(reflection),
        history=history_of(reflection) if reflection.person_id == actor().person_id else [],
    )


@bp.post("/<uuid:reflection_id>/comments")
@requires("reflection.comment", reflections.by_id)
def comment(reflection):
    """Write under a log."""
    form = CommentForm()
    if form.validate_on_submit():
        actions.comment(actor(), reflection, form.text.data, now=now())
        commit()
        return go("reflections.detail", _("评论已发布"), reflection_id=reflection.id, _anchor="comments")
    return _detail(reflection, form)


@bp.post("/<uuid:reflection_id>/step")
@requires("reflection.edit", reflections.by_id)
def step(reflection):
    """Submit a draft, or take a submitted log back."""
    asked = read_step("reflection")
    if asked.action == "submit":
        actions.submit(actor(), reflection, expected=asked.expected, now=now())
    else:
        actions.take_back(actor(), reflection, expected=asked.expected)
    commit()
    return go("reflections.detail", _("已办理"), reflection_id=reflection.id)
