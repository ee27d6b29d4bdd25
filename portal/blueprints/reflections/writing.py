"""Writing a log: the form of its kind, autosave, the hint before it is shared beyond the school."""

import hashlib
import secrets

from flask import jsonify, request
from flask_babel import gettext as _

from portal import formats, labels
from portal.actions import reflections as actions
from portal.actions.errors import Conflict, Refused
from portal.auth import actor, now, requires, today
from portal.blueprints.reflections import bp
from portal.blueprints.reflections.forms import ReflectionForm
from portal.domain.log_templates import KINDS, PARTS
from portal.extensions import db
from portal.queries import log_audience, log_hints, log_links, people, records, reflections, terms
from portal.web import commit, go, render

SHARED_TEXTS = ("title", "subject", "theme", *PARTS)
# What the ledger can say in a personal summary: kind of record -> work area.
AREA_OF = {
    "lesson": "teaching",
    "observation": "research",
    "joint_preparation": "research",
    "activity": "research",
    "project_work": "research",
    "visit": "dropout",
    "talk": "class",
    "support": "village",
}


@bp.route("/new", methods=["GET", "POST"])
@requires("reflection.create")
def new():
    """Write a log. The hidden key makes a form that arrives twice one log."""
    who, asked = actor(), request.args
    kind = asked.get("kind") if asked.get("kind") in KINDS else "lesson"
    person = people.person_by_id(who.district_id, who.person_id)
    form = _form(
        kind=kind,
        visibility="own",
        happened_on=today(),
        once_key=secrets.token_hex(16),
        subject=next(iter(person.subjects or []), "")[:40],
        link=asked.get("link", ""),
        lines=_from_ledger(who) if kind == "term" else (),
    )
    reflection = reflections.by_once_key(who, form.once_key.data or "") if form.is_submitted() else None
    return _save(form, reflection) or _page(form, reflection)


@bp.route("/<uuid:reflection_id>/edit", methods=["GET", "POST"])
@requires("reflection.edit", reflections.by_id)
def edit(reflection):
    """Go on writing a log."""
    link = log_links.link_of(reflection)
    form = _form(reflection, obj=reflection, link=link.value if link else "", lines=reflection.lines)
    return _save(form, reflection) or _page(form, reflection, hints=_hints(form))


@bp.post("/autosave")
@requires("reflection.create")
def autosave():
    """Keep a draft while it is written: JSON with the time and version, or 409 with the other device's text."""
    who = actor()
    form = _form()
    if not form.validate_on_submit():
        return jsonify(errors={**form.errors, "form": form.form_errors}), 422
    try:
        saved = _keep(form, reflections.by_once_key(who, form.once_key.data or ""))
        commit()
    except Refused as refused:
        return jsonify(errors={refused.field: [_(refused.message, **refused.words)]}), 422
    except Conflict:
        db.session.rollback()
        theirs = reflections.by_once_key(who, form.once_key.data)
        return jsonify(theirs={n: getattr(theirs, n) for n in SHARED_TEXTS}, version=theirs.version), 409
    return jsonify(saved_at=formats.local(now()).strftime("%H:%M"), version=saved.version)


def _form(reflection=None, **initial) -> ReflectionForm:
    offered = log_links.choices(actor(), reflection)
    return ReflectionForm(links=[(each.value, link_words(each)) for each in offered], **initial)


def link_words(link) -> str:
    """What a log belongs to, in words: the day, the thing, where."""
    detail = _(labels.RECORD_KIND.get(link.detail, "")) if link.what == "record" else link.detail
    day = formats.day(link.day) if link.day else ""
    return " · ".join(part for part in (day, link.label, detail) if part)


def _keep(form, reflection):
    return actions.save_draft(
        actor(),
        reflection,
        form.reflection_values,
        expected=form.expected_version,
        once_key=form.once_key.data,
        now=now(),
    )


def _save(form, reflection):
    """Save what was posted, and submit it unless it shall stay a draft; None when the form comes back."""
    if not form.validate_on_submit():
        return None
    try:
        saved = _keep(form, reflection)
        stays = bool(request.form.get("draft")) and saved.state == "draft"
        if hints := [] if stays else _unseen(form):
            return _ask_about(form, saved, hints)
        if not stays and saved.state == "draft":
            db.session.flush()  # the text counts as saved before the step looks at it
            actions.submit(actor(), saved, expected=None, now=now())
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
        return None
    except Conflict:
        db.session.rollback()
        fresh = reflections.by_id(actor().district_id, reflection.id)
        form.show_conflict(fresh, *SHARED_TEXTS)
        return _page(form, fresh, status=409)
    if not commit(form):
        return None
    message = _("草稿已保存，只有您能看到") if saved.state == "draft" else _("反思日志已提交")
    if request.form.get("draft") == "rows":
        return go("reflections.edit", message, reflection_id=saved.id, _anchor="lines")
    return go("reflections.detail", message, reflection_id=saved.id)


def _ask_about(form, saved, hints):
    """The form again with the hint. A draft is kept meanwhile; a log that others read is left as it is."""
    if saved.state == "draft":
        commit(form)
        form.version.data = str(saved.version)
        return _page(form, saved, hints=hints, status=422)
    key = saved.id
    db.session.rollback()
    return _page(form, reflections.by_id(actor().district_id, key), hints=hints, status=422)


def _hints(form) -> list:
    """Words like a third party's name in a log that goes beyond the school (S1-74)."""
    if form.visibility.data != "cluster":
        return []
    texts = {**form.values("title", *PARTS), "lines": "\n".join(row["text"] for row in form.rows)}
    return log_hints.hints_of(actor().district_id, texts)


def _unseen(form) -> list:
    seen = set(request.form.get("names_seen", "").split())
    hints = _hints(form)
    return hints if any(_mark(each) not in seen for _, each in hints) else []


def _mark(naming) -> str:
    return hashlib.sha256(naming.phrase.encode()).hexdigest()[:16]


def _page(form, reflection, *, hints=(), status=None):
    who = actor()
    school = reflection.school_id if reflection else None
    cluster = reflection.cluster_id if reflection else None
    if reflection is None:
        school = people.home_school_ids(who.district_id, [who.person_id]).get(who.person_id)
        cluster = reflections.main_cluster_id(who.district_id, school, today()) if school else None
    return render(
        "reflections/edit.html",
        form=form,
        reflection=reflection,
        audience=log_audience.of_choice(who.district_id, who.person_id, school, cluster),
        themes=reflections.values_of(who, "theme"),
        hints=hints,
        seen=" ".join(sorted({_mark(each) for _, each in hints})),
        status=status,
    )


def _from_ledger(who) -> list[dict]:
    """What the ledger of the term already counts, as lines to begin a personal summary with."""
    term = terms.current_term(who.district_id, today())
    return [
        {
            "area": AREA_OF.get(kind, "other"),
            "text": _(labels.RECORD_KIND[kind]),
            "quantity": periods or count,
            "unit": _("节") if periods else _("次"),
        }
        for kind, count, periods in (records.ledger_counts(who, term) if term else [])
    ]
