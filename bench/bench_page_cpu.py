"""page_cpu: CPU of a list page with 50 rows over a bare Flask hello.

i18n_tax: the same page over itself without translation and form token.
"""

import re
from contextlib import ExitStack
from unittest.mock import patch

from flask import Flask
from markupsafe import Markup
from werkzeug.test import Client

from bench.world import cpu_ratio, demo_app, get, signed_in
from portal import translation

LIST = "/plans/meetings/"
ROW = re.compile(r"<tr\b|<li class=\"row-card|data-row\b")


def hello() -> Client:
    """The smallest Flask application."""
    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "hello")
    return Client(app)


def measure() -> list[tuple[str, float, str]]:
    """Two ratios of CPU time within this process."""
    app = demo_app()
    client, bare = signed_in(app, "bureau"), hello()
    page = get(client, LIST)
    rows = len(ROW.findall(page.text))
    assert rows >= 50, f"{LIST} shows {rows} rows, not 50"
    page_cpu = cpu_ratio(lambda: get(client, LIST), lambda: get(bare, "/"))

    other = signed_in(untranslated_app(), "bureau")
    plain_page = get(other, LIST)
    assert words(plain_page.text) == words(page.text), "the page without translation differs"
    i18n_tax = cpu_ratio(lambda: get(client, LIST), lambda: get(other, LIST))
    return [
        (
            "page_cpu",
            page_cpu,
            f"{LIST} with {rows} rows and {len(page.data) / 1000:.0f} kB over a bare Flask hello",
        ),
        ("i18n_tax", i18n_tax, "the same page with translation and form token / without"),
    ]


def untranslated_app() -> Flask:
    """The portal whose templates print the messages as they stand, with a constant for a form token."""
    names = {"gettext": plain, "ngettext": plain}
    with ExitStack() as stack:
        for name, value in names.items():
            stack.enter_context(patch.object(translation, name, value))
        app = demo_app()
    for templates in (app.jinja_env, app.extensions["chinese_templates"]):
        templates.globals["csrf_token"] = lambda: "token"
    return app


def plain(message: str, *_forms, **values) -> str:
    """The cheapest thing that gives the same page."""
    return Markup(message) % values if values else Markup(message)


def words(text: str) -> list[str]:
    """The page without what differs by session: tokens and marks of the moment."""
    return re.sub(r'(value|content)="[^"]*"|data-[a-z-]+="[^"]*"', "", text).split()
