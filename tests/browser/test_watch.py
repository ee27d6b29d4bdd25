"""The watch and axe themselves: each kind of trouble is planted once, and found."""

import pytest
from flask import Flask, Response

from tests.support.browser import axe_findings, leave_out_alike, watch
from tests.support.server import serve

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>试</title>
<link rel="icon" href="/icon.svg"></head><body><main><h1>试</h1>{}</main></body></html>"""
BODIES = {
    "quiet": "<p>安静</p>",
    "inline": "<script>document.title = 1</script>",
    "error": '<script src="/error.js"></script>',
    "elsewhere": '<img src="http://192.0.2.1/x.png" alt="">',
    "missing": '<img src="/missing.png" alt="">',
    "unlabelled": '<input name="x">',
    "alike": '<ul><li>甲</li><li>乙</li><li>丙</li><li class="own">丁</li><li><input name="x"></li></ul>'
    "<table><thead><tr><th>名</th></tr></thead><tbody><tr><td>子</td></tr><tr><td>丑</td></tr><tr><td>寅</td></tr></tbody></table>",
}


@pytest.fixture(scope="module")
def planted():
    """A small site with one kind of trouble on each page."""
    app = Flask("planted")

    @app.get("/<name>")
    def page(name):
        if name == "error.js":
            return Response("throw new Error('planted')", mimetype="text/javascript")
        if name == "icon.svg":
            return Response('<svg xmlns="http://www.w3.org/2000/svg"/>', mimetype="image/svg+xml")
        if name not in BODIES:
            return Response("no", 404)
        return Response(PAGE.format(BODIES[name]), headers={"Content-Security-Policy": POLICY})

    with serve(app) as server:
        yield server


@pytest.fixture
def page(chromium):
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("quiet", None),
        ("inline", "CSP: script-src"),
        ("error", "planted"),
        ("elsewhere", "another host"),
        ("missing", "status 404"),
    ],
)
def test_watch_finds_what_is_planted(planted, page, name, words):
    seen = watch(page)
    page.goto(f"{planted.url}/{name}", wait_until="networkidle")
    if words is None:
        seen.check()
    else:
        with pytest.raises(AssertionError, match=words):
            seen.check()


def test_watch_lets_a_planned_status_pass(planted, page):
    seen = watch(page)
    with seen.expecting(404):
        page.goto(f"{planted.url}/missing", wait_until="networkidle")
    seen.check()


def test_axe_runs_under_the_policy_and_finds_a_missing_label(planted, page):
    seen = watch(page)
    page.goto(f"{planted.url}/quiet")
    assert axe_findings(page) == []
    page.goto(f"{planted.url}/unlabelled")
    assert [finding.split(" ")[0] for finding in axe_findings(page)] == ["label"]
    seen.check()


def test_of_parts_that_are_built_alike_two_are_left_and_what_differs_is_found(planted, page):
    page.goto(f"{planted.url}/alike")
    leave_out_alike(page)
    assert page.locator("main").inner_text().split() == ["试", "甲", "乙", "丁", "名", "子", "丑"]
    assert [finding.split(" ")[0] for finding in axe_findings(page)] == ["label"]
