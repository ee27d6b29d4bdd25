"""What somebody had written in a form that could not be carried out, so that it can be shown for copying."""

import re

from flask import request
from flask_babel import gettext as _

from portal import labels
from portal.forms import clean_text

# What pages put into forms themselves, and what nobody but its owner may read on a screen.
_MACHINERY = re.compile(r"version.*|action|digest|mark|next|link|.*(token|key|seen|-id|password)")
# Fields in which people write sentences; their text counts however short it is.
_NOTES = {"note", "reason", "text", "details", "summary", "content", "answer", "thanks", "ground", "comment"}
# Rows of a list carry their number or key in the names of their fields.
_ROW = re.compile(r"[-_]?[0-9a-f]{32}|[-_]?[0-9a-f-]{36}|[-_]?\d+")
MOST_FIELDS, LONGEST = 40, 20_000


def written_text() -> list[tuple[str, str]]:
    """(label, text) of the fields of the sent form that hold words; choices, dates and numbers are left out.

    Nothing of forms in which people log in or change their password.
    """
    if request.method != "POST" or request.blueprint == "account":
        return []
    found = []
    for name, value in request.form.items(multi=True):
        text = clean_text(value)[:LONGEST].strip()
        stem = _ROW.sub("", name)
        if text and not _MACHINERY.fullmatch(name) and (_is_prose(text) or (stem in _NOTES)):
            found.append((_(labels.FIELD[stem]) if stem in labels.FIELD else _("您写的文字"), text))
    return found[:MOST_FIELDS]


def _is_prose(text: str) -> bool:
    """Whether somebody has written words: a code of the page is one word of plain letters."""
    letters = [ch for ch in text if ch.isalpha()]
    return any(ch > "\x7f" for ch in letters) or bool(letters and re.search(r"\s", text))
