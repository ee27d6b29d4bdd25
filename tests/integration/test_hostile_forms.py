"""Every form that a person comes to, filled with what nobody means to write: an answer each time, never a fault."""

import pytest
from werkzeug.datastructures import MultiDict

from tests.support.crawl import Walk
from tests.support.html import parse
from tests.support.page_forms import post_forms

KEPT = {"csrf_token", "sent_key", "client_key", "locale"}
# What a field holds tells what it is for: (words, a number, a date) that are sent instead, a key stays.
JUNK = {
    "marks": ("坏\x00字<script>alert(1)</script>", "-99999999999999999999", "0001-01-01"),
    "long": ("长" * 300, "99999999", "9999-12-31"),
    "huge": ("巨" * 21_000, "1e400", "2025-13-45"),
    "empty": ("", "", ""),
}
FORMS = {"lead": 100, "teacher": 30}


def _is_key(value: str) -> bool:
    return len(value) == 36 and value.count("-") == 4


def _is_date(value: str) -> bool:
    return len(value) == 10 and value[4] == value[7] == "-"


def _junk(value: str, words: str, number: str, day: str) -> str:
    if _is_key(value):
        return value
    return day if _is_date(value) else number if value.isdecimal() else words


def _filled(fields, junk, keeps_version: bool) -> MultiDict:
    """The fields of a form with junk in them; the version as it was, or another, so that either is judged."""
    kept = {*KEPT, "version"} if keeps_version else KEPT
    return MultiDict((name, value if name in kept else _junk(value, *junk)) for name, value in fields)


@pytest.mark.promise(40)
# One engine is enough: what is refused here is refused before a database sees it.
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", FORMS)
def test_junk_in_every_form_is_answered(app, as_, populated, who):
    client = as_(who)
    client.checks_pages = False  # a page that shows a NUL again is no valid page, and no fault
    walk = Walk(app, client)
    walk.everything("/")
    forms = {}
    for page in walk.pages:
        tree, _faults = parse(client.get(page.path).get_data(as_text=True))
        for address, fields in post_forms(tree):
            endpoint = walk.endpoint_of(address or page.path, "POST")
            if endpoint and endpoint != "account.log_out":
                forms.setdefault(endpoint, (address or page.path, fields))
    assert len(forms) >= FORMS[who]
    answers = {}
    for endpoint, (address, fields) in forms.items():
        for name, junk in JUNK.items():
            # Once with a version that is none, else what stands beside it would never be read.
            sent = _filled(fields, junk, name != "marks")
            answers[endpoint, name] = client.post(address, data=sent, token=False).status_code
        chosen = MultiDict(
            (key, value if key in {*KEPT, "version"} else "no-such-choice") for key, value in fields
        )
        answers[endpoint, "choices"] = client.post(address, data=chosen, token=False).status_code
    assert {key: status for key, status in answers.items() if status >= 500} == {}
