"""A form for something new is carried out once: a double click, a reload, a second try on a poor connection.

``ui.form`` writes a fresh key into every form that carries no version. The same key with the same content from
the same account is the same form; with other content it is another one, as when somebody goes back and writes
the next.
"""

import hashlib
import re
import secrets
import uuid

from flask import g, request
from flask_login import current_user

from portal.actions import sent_forms as actions
from portal.auth import actor, now
from portal.extensions import db

FIELD = "sent_key"
_KEY = re.compile(r"[0-9a-f]{32}")


def fresh_key() -> str:
    """The key of a form that is about to be shown."""
    return secrets.token_hex(16)


def take() -> None:
    """Note the form of this request before it is carried out. AlreadySent when it has been.

    The note is kept with what the form does: where nothing is committed, nothing was sent. What scripts send
    while somebody writes, or later, has keys of its own.
    """
    if request.headers.get("X-Requested-With"):
        return
    if not _KEY.fullmatch(request.form.get(FIELD, "")) or request.form.get("version"):
        return
    if current_user.is_authenticated:
        who = actor()
        g.sent_form = _digest(who)
        actions.take(who.district_id, g.sent_form, now())


def lead_to(address: str) -> None:
    """Keep where the form of this request led, once it has been carried out."""
    key = g.pop("sent_form", None)
    if key is not None:
        actions.lead_to(actor().district_id, key, address)
        db.session.commit()


def without_moment() -> None:
    """Keep of the note of this request's form no more than the day: it is not to tell when somebody wrote."""
    if key := g.get("sent_form"):
        actions.keep_day_only(actor().district_id, key)


def _digest(who) -> uuid.UUID:
    """The hash of account, address and everything in the form but its token of the session."""
    content = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    digest = hashlib.sha256(repr((str(who.account_id), request.path, content)).encode())
    for name, file in request.files.items(multi=True):
        digest.update(repr((name, file.filename)).encode())
        for block in iter(lambda file=file: file.read(1 << 16), b""):
            digest.update(block)
        file.seek(0)
    return uuid.UUID(bytes=digest.digest()[:16])
