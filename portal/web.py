"""Answers: whole pages and fragments, redirects, commits. The only file that knows HTMX."""

import hashlib
import json
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote, urlsplit

from flask import Flask, abort, current_app, flash, g, make_response, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from jinja2 import Environment, FileSystemBytecodeCache, StrictUndefined
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal import chinese_pages, formats, labels, sent_forms
from portal.actions.errors import Conflict, Refused
from portal.auth import can, today
from portal.constraints import violated
from portal.database import begin_reading
from portal.domain import calendar
from portal.domain.words import N_
from portal.domain.workflow import STEPS, find_step, next_steps
from portal.extensions import db
from portal.forms import as_version, clean_text
from portal.queries.audit import history
from portal.shell import public_shell, shell
from portal.translation import chinese

HTMX_CONFIG = {
    "includeIndicatorStyles": False,
    "allowEval": False,
    "allowScriptTags": False,
    "selfRequestsOnly": True,
    "historyCacheSize": 0,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "422", "swap": True},
        {"code": "409", "swap": True},
        {"code": "[45]..", "swap": False, "error": True},
    ],
}
# How the audit trail keeps dates and moments.
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}.{0,24}")
# Macros that depend on nothing but their (translated) words; a list page says each of them fifty times.
REMEMBERED = {"icon", "tag"}
# Parts of the frame that depend on their values and the reader's language alone: the same on page after page.
BY_LANGUAGE = {"page_links", "page_live", "page_foot", "side_bar", "phone_bar", "search_box", "bell"}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)


def render(
    template_name: str, /, *, fragments: tuple[str, ...] = (), form=None, status: int | None = None, **data
):
    """Answer a page, or the one block of it that HTMX asked for.

    ``fragments`` lists the blocks that may be asked for by HX-Target; a block's name is the id of the
    element that it replaces. A form with errors makes the status 422, a stale one 409.
    """
    template = templates().get_template(template_name)
    context = {"form": form, **data}
    current_app.update_template_context(context)
    target = request.headers.get("HX-Target", "")
    whole = request.headers.get("HX-Boosted") or request.headers.get("HX-History-Restore-Request")
    if request.headers.get("HX-Request") and not whole and target in fragments:
        body = "".join(template.blocks[target](template.new_context(context)))
    else:
        body = template.render(context)
    if status is None and form is not None and form.errors:
        status = 409 if getattr(form, "is_stale", False) else 422
    return make_response(body, status or 200)


def render_macro(name: str, *values, **named_values):
    """The markup of one component, for lists that a view puts together."""
    return getattr(templates().globals["ui"], name)(*values, **named_values)


def templates() -> Environment:
    """The templates for the reader of this request."""
    return current_app.extensions["chinese_templates"] if chinese() else current_app.jinja_env


def wants_fragment() -> bool:
    """Whether HTMX asks, so that a redirect would swap a page into a fragment."""
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")


def commit(form=None) -> bool:
    """Commit what the action wrote. A broken named constraint becomes an error on its field: False.

    Conflict when another writer was first.
    """
    try:
        db.session.commit()
    except IntegrityError as error:
        return _tell_broken(form, error)
    except StaleDataError as error:
        db.session.rollback()
        raise Conflict() from error
    return True


def _tell_broken(form, error: IntegrityError) -> bool:
    """Undo, and say at its field which rule of the database was broken: False."""
    db.session.rollback()
    name = violated(error)
    if form is None or name not in labels.CONSTRAINT:
        raise error
    field, message = labels.CONSTRAINT[name]
    form.add_error(field, _(message))
    return False


def saved(form, act, obj=None, *fields: str):
    """Run an action and commit it: what it made, or True. False when it was refused; the form says why.

    With ``obj``, a form that is older than it is kept, shows what stands in ``fields`` now, and answers 409.
    """
    try:
        made = act()
    except Refused as refused:
        db.session.rollback()
        form.refuse(refused)
    except IntegrityError as error:  # found as soon as the row was written, before the commit
        return _tell_broken(form, error)
    except Conflict:
        if obj is None:
            raise
        db.session.rollback()
        form.is_stale = True
        form.show_conflict(obj, *fields)
    else:
        return commit(form) and (made or True)
    return False


def read_version() -> int | None:
    """The version that a page's button carries, or None."""
    return as_version(request.form.get("version", ""))


def send_workbook(content: bytes, name: str):
    """Answer an Excel file to be saved under a name."""
    answer = make_response(content)
    answer.mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"list.xlsx\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return answer


def go(endpoint: str, message: str = "", **values):
    """Answer 303 to another page, with a word about what was done."""
    if message:
        flash(message, "done")
    return leave_to(url_for(endpoint, **values))


def leave_to(address: str):
    """Answer 303 to an address of this site; HTMX is told to go there as a whole page."""
    address = safe_address(address)
    sent_forms.lead_to(address)
    if wants_fragment():
        answer = make_response("", 204)
        answer.headers["HX-Redirect"] = address
        return answer
    return redirect(address, 303)


def safe_address(address: str | None, fallback: str = "/") -> str:
    """The address when it is a plain path of this site, else the fallback (no redirect off the site)."""
    if (
        not address
        or any(ch in "\\" or ch < " " or ch == "\x7f" for ch in address)
        or not address.startswith("/")
    ):
        return fallback
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or address.startswith("//"):
        return fallback
    return address


def static_url(name: str) -> str:
    """The address of a static file, with its content's hash so that it may be kept for a year."""
    cache = current_app.extensions.setdefault("static_hashes", {})
    if name not in cache or current_app.debug:
        content = (Path(current_app.static_folder) / name).read_bytes()
        cache[name] = hashlib.sha256(content).hexdigest()[:10]
    return f"/static/{name}?v={cache[name]}"


def here() -> str:
    """The address of this page, for coming back to it; "/" when it cannot be written into a page."""
    return safe_address(request.full_path.rstrip("?"))


def page_lang() -> str:
    """The language of the page, as its html element says it."""
    return "zh-CN" if chinese() else "en"


@dataclass(frozen=True)
class StepRequest:
    """A step as a page asks for it: its key, the reason, and the version that the person saw."""

    action: str
    note: str
    expected: int | None


def read_step(workflow: str) -> StepRequest:
    """Read the step of a POST. 400 for an unknown one, Refused when its reason is missing.

    A step that is taken by saving a form is unknown here: the form looks at what the step needs.
    """
    action = request.form.get("action", "")
    if action not in {step.key for step in STEPS[workflow] if step.offered}:
        abort(400)
    note = clean_text(request.form.get("note", ""))[:300]
    if find_step(workflow, action).note and not note:
        raise Refused(N_("请写明理由"), field="note")
    return StepRequest(action, note, read_version())


def steps_for(obj) -> list:
    """The steps that this person may take on the object now, for buttons."""
    return [step for step in next_steps(obj.WORKFLOW, obj.state) if can(step.permission, obj)]


def history_of(obj) -> list[dict]:
    """The history of an object as ``ui.history`` shows it."""
    return [
        {
            "when": formats.full_moment(line.at),
            "iso": formats.iso(line.at),
            "who": line.who or _("系统"),
            "what": _(labels.action_word(line.action)),
            "changes": [
                (_(labels.FIELD.get(field, field)), _said(obj, field, old), _said(obj, field, new))
                for field, old, new in line.changes
            ],
        }
        for line in history(obj)
    ]


def _said(obj, field: str, value: str | None) -> str:
    """A value of the audit trail as the page of the object says it."""
    if value is None:
        return ""
    words = labels.STATE.get(getattr(obj, "WORKFLOW", ""), {})
    if field == "state" and value in words:
        return _(words[value])
    if _MOMENT.fullmatch(value):
        with suppress(ValueError):  # a text may look like a moment too
            read = datetime.fromisoformat(value)
            return formats.full_moment(read) if read.tzinfo else value
    if _DAY.fullmatch(value):
        with suppress(ValueError):
            return formats.full_day(date.fromisoformat(value))
    if value.startswith("[") and value.endswith("]"):
        with suppress(ValueError):  # a list is kept as JSON; a text may begin so too
            value = formats.names(json.loads(value))
    known = labels.VALUE.get(field, {})
    if value in known:
        return _(known[value])
    return value if len(value) <= 80 else value[:80] + "…"


def options(words: dict) -> list[tuple[str, str]]:
    """All, and each code with its translated word: the choices of a filter."""
    return [("", _("全部")), *((code, _(word)) for code, word in words.items())]


def named(objects) -> list[tuple[str, str]]:
    """All, and each object by key and name: the choices of a filter."""
    return [("", _("全部")), *((str(item.id), item.name) for item in objects)]


def term_title(term) -> str:
    """2025—2026学年第一学期, in the reader's language."""
    return calendar.term_title(term.code, "zh" if page_lang() == "zh-CN" else "en")


def notice_text(notification) -> str:
    """The sentence of a message, in the reader's language."""
    return _(labels.NOTICE[notification.kind], **notification.words)


def register(app: Flask) -> None:
    """Bind templates, hooks and headers to the application."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.bytecode_cache = _compiled_templates(app)
    env.globals.update(
        can=can,
        shell=shell,
        static_url=static_url,
        page_lang=page_lang,
        labels=labels,
        today=today,
        htmx_config=json.dumps(HTMX_CONFIG),
        current_user=current_user,
        public_shell=public_shell,
        notice_text=notice_text,
        steps_for=steps_for,
        options=options,
        named=named,
        term_title=term_title,
        sent_key=sent_forms.fresh_key,
    )
    env.add_extension("jinja2.ext.do")
    env.filters.update(formats.FILTERS)
    env.globals["here"] = here
    app.extensions["chinese_templates"] = chinese_pages.environment(app)
    for templates_of in (env, app.extensions["chinese_templates"]):
        templates_of.globals["ui"] = _macros(app, templates_of)
    app.before_request(_open_request)
    app.after_request(_close_response)


def _compiled_templates(app: Flask) -> FileSystemBytecodeCache:
    """Templates as they were compiled by an earlier start: every command begins with the macros."""
    folder = app.config["TEMPLATES_COMPILED"]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


def _macros(app: Flask, env: Environment) -> SimpleNamespace:
    """Every public macro of ``templates/macros`` under one name; some remember what they said."""
    found = {}
    names = (path.name for path in Path(app.root_path, "templates", "macros").glob("*.html"))
    # The icon first: the other macros say it by its name alone, hundreds of times on a page.
    for file in sorted(names, key=lambda name: (name != "icon.html", name)):
        module = env.get_template(f"macros/{file}").module
        for name, value in vars(module).items():
            if not name.startswith("_") and callable(value):
                if name in found:
                    raise RuntimeError(f"two macros are called {name}")
                found[name] = _remembering(app, name, value)
        env.globals["icon"] = found["icon"]
    return SimpleNamespace(**found)


def _remembering(app: Flask, name: str, macro):
    """The macro; one of those that depend on nothing else keeps what it said for these values."""
    # typed: a plain text and the same text as markup are equal, but only one of them is escaped
    if name in REMEMBERED:
        return lru_cache(1024, typed=True)(macro)
    if name not in BY_LANGUAGE or app.debug:  # while templates are edited, the frame follows
        return macro
    said = lru_cache(256, typed=True)(lambda _language, *values: macro(*values))
    return lambda *values: said(chinese(), *values)


def _open_request():
    g.request_id = secrets.token_hex(6)
    reads = request.method in ("GET", "HEAD", "OPTIONS")
    begin_reading(reads)
    if not reads:
        sent_forms.take()


def _close_response(answer):
    headers = answer.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["X-Request-Id"] = g.get("request_id", "")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
        headers["Vary"] = "HX-Request, HX-Target, Cookie, Accept-Language"
    return answer


def locale_of_request() -> str:
    """The language: the account's, then the one chosen in this browser, then the browser's own."""
    if current_user and current_user.is_authenticated and current_user.account.locale:
        return current_user.account.locale
    chosen = session.get("locale")
    if chosen in ("zh", "en"):
        return chosen
    return request.accept_languages.best_match(["zh", "en"], "zh")
