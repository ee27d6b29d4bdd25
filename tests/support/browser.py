"""The browser's side of the tests: finding Chromium, watching pages for trouble, axe at both widths."""

import contextlib
import json
import os
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Page

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# WCAG 2.2 AA, and what axe calls best practices: a heading order, landmarks, no duplicate names.
AXE_OPTIONS = {
    "reporter": "no-passes",  # nobody reads what was in order
    "preload": False,  # no rule of these needs the style sheets once more
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# Leaves two of the children of an element that have the same shape: tags, classes, roles, names of attributes, and
# whether there are words. Fifty rows of one loop tell axe what two of them tell. Cells and fields stay.
ALIKE = """() => {
    const shapes = new Map();
    const shapeOf = (element) => {
        const attributes = [...element.attributes].map(({name, value}) =>
            ["class", "role", "type"].includes(name) ? `${name}=${value}` : name);
        const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        const inside = [...element.children].map(shapeOf);
        const shape = `${element.tagName} ${attributes.sort().join(" ")} ${words} (${inside})`;
        shapes.set(element, shape);
        return shape;
    };
    shapeOf(document.body);
    const kinds = ["TR", "LI", "OPTION", "ARTICLE", "SECTION", "DIV", "A"];
    for (const parent of document.querySelectorAll("body *")) {
        const seen = new Map();
        for (const child of [...parent.children].filter((each) => kinds.includes(each.tagName))) {
            const number = (seen.get(shapes.get(child)) || 0) + 1;
            seen.set(shapes.get(child), number);
            if (number > 2) child.remove();
        }
    }
}"""
# Reports a violated Content-Security-Policy as a console message, which the watch collects.
REPORT_POLICY = """
document.addEventListener('securitypolicyviolation', (event) =>
    console.error('CSP: ' + event.violatedDirective + ' blocked ' + event.blockedURI));
"""


def chromium_path() -> str | None:
    """The browser to use; None means Playwright's own. The same order as in scripts/setup.sh.

    The one that cannot show windows comes first: it does the same with less.
    """
    if named := os.environ.get("PORTAL_CHROMIUM"):
        return named
    debian = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
    return next((str(path) for path in debian if path.exists()), None)


class Watch:
    """Collects everything that went wrong on a page: see `watch`."""

    def __init__(self, page: Page):
        self.page = page
        self.findings: list[str] = []
        self._allowed_statuses: set[int] = set()
        self._offline = False
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.findings.append(f"uncaught: {error}"))
        page.on("request", self._on_request)
        page.on("requestfailed", self._on_failed)
        page.on("response", self._on_response)

    @contextlib.contextmanager
    def expecting(self, *statuses: int):
        """Inside, an answer with one of these statuses is planned, with the browser's own line about it."""
        before, self._allowed_statuses = self._allowed_statuses, self._allowed_statuses | set(statuses)
        try:
            yield
        finally:
            self._allowed_statuses = before

    @contextlib.contextmanager
    def offline(self):
        """Inside, the connection is cut, and failing requests are planned."""
        self._offline = True
        self.page.context.set_offline(True)
        try:
            yield
        finally:
            self.page.context.set_offline(False)
            self._offline = False

    def check(self) -> None:
        """Fail with everything that was collected so far."""
        found, self.findings = self.findings, []
        assert not found, "The browser reports:\n  " + "\n  ".join(found)

    def _on_console(self, message) -> None:
        if message.type == "debug" or self._planned(message.text):
            return
        if message.type == "info" and message.text.startswith("Clear-Site-Data header on"):
            return  # the browser says that it has done what logging out asks for
        where = (message.location or {}).get("url", "")
        self.findings.append(f"console {message.type}: {message.text} ({where})")

    def _planned(self, text: str) -> bool:
        """Whether this is a line of the browser or of htmx about what the test expects to fail."""
        if self._offline and any(mark in text for mark in ("Failed to load resource", "htmx:sendError")):
            return True
        return any(
            f"status of {status} " in text or f"Status Error Code {status}" in text
            for status in self._allowed_statuses
        )

    def _on_request(self, request) -> None:
        wanted = urlsplit(request.url)
        if wanted.scheme in ("data", "blob", "about"):
            if wanted.scheme == "data":
                self.findings.append(f"a data: address is loaded: {request.url[:60]}")
            return
        if wanted.hostname not in ("127.0.0.1", "localhost"):
            self.findings.append(f"a request to another host: {request.url}")

    def _on_failed(self, request) -> None:
        # A download or a page left meanwhile ends a request as "aborted", which is no fault.
        if not self._offline and request.failure != "net::ERR_ABORTED":
            self.findings.append(f"request failed: {request.url} {request.failure}")

    def _on_response(self, response) -> None:
        if response.status >= 400 and response.status not in self._allowed_statuses and not self._offline:
            self.findings.append(f"status {response.status}: {response.request.method} {response.url}")


def eventually(page: Page, expression: str, wanted) -> None:
    """Wait until the expression has the value; Playwright's own waiting would need eval, which the policy forbids."""
    found = None
    for _ in range(200):
        with contextlib.suppress(Error):  # the page that was asked has just gone
            found = page.evaluate(expression)
            if found == wanted:
                return
        page.wait_for_timeout(50)
    assert found == wanted


def watch(page: Page) -> Watch:
    """Watch the page from here on: console, uncaught errors, policy reports, other hosts, failed requests."""
    page.add_init_script(REPORT_POLICY)
    return Watch(page)


# Two frames on, the scripts have seen the width that the window has now.
LAID_OUT = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def axe_findings(page: Page) -> list[str]:
    """What axe finds on the page as it stands: rule, help and the elements concerned.

    axe comes in through the debugging protocol, so the page's Content-Security-Policy stays in force.
    """
    page.evaluate(LAID_OUT)
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    violations = page.evaluate(
        f"axe.run(document, {json.dumps(AXE_OPTIONS)}).then((found) => found.violations)"
    )
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: "
        + "; ".join(str(node["target"]) for node in violation["nodes"][:5])
        for violation in violations
    ]


def leave_out_alike(page: Page) -> None:
    """Take out of the page, before axe reads it, all but two of the parts that are built alike: see ``ALIKE``."""
    page.evaluate(ALIKE)


def axe(page: Page) -> None:
    """Fail if axe finds anything at the desk's or the phone's width; the page's own width is kept."""
    before = page.viewport_size
    found = []
    for width, size in (("1280", DESK), ("390", PHONE)):
        page.set_viewport_size(size)
        found += [f"at {width}: {finding}" for finding in axe_findings(page)]
        if scroll := sideways_scroll(page):
            found.append(f"at {width}: the page is {scroll} px wider than the window")
    if before:
        page.set_viewport_size(before)
    assert not found, f"{page.url}:\n  " + "\n  ".join(found)


def sideways_scroll(page: Page) -> int:
    """By how many pixels the page is wider than its window; a wide table scrolls in its own box instead."""
    return page.evaluate("Math.max(0, document.documentElement.scrollWidth - window.innerWidth)")
