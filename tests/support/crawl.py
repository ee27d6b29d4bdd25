"""Walks the portal as one person without a browser: every kind of page that links lead to, a few of each.

    walk = Walk(app, client)
    walk.everything("/")
    walk.findings     # what is wrong, each with the page's address
    walk.pages        # the pages that were read, for a look at them in the browser

What is checked on each page: the rules of `tests.support.html`, the security headers, that every link and form leads
to a route that there is, and that what was followed answers.
"""

import re
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.support.html import header_findings, page_findings, parse

# Of one route with one set of query parameters, so many addresses are read.
PER_KIND = 2
# Of one route with whatever parameters.
PER_ROUTE = 4
# Classes that say in which state a thing is, and so what kind of page this is.
STATE_CLASSES = re.compile(r"^(state|tag|note|btn|progress|seal|step|chip)(-|$)")


@dataclass(frozen=True)
class PageSeen:
    """A page that was read: its address, the name of its route and what it is made of."""

    path: str
    endpoint: str
    parts: frozenset[str]


class Walk:
    """One person's way through the portal; see this file's head. ``judge`` adds findings of its own from the tree."""

    def __init__(
        self, app: Flask, client: FlaskClient, judge: Callable[[Element], list[str]] = lambda tree: []
    ):
        self.client = client
        self.judge = judge
        self.findings: list[str] = []
        self.pages: list[PageSeen] = []
        self.answers = 0
        self._routes = app.url_map.bind("localhost")
        self._waiting: deque[tuple[str, str, str | None]] = deque()
        self._known: set[tuple[str, str | None]] = set()
        self._per_kind: Counter = Counter()
        self._per_route: Counter = Counter()

    def everything(self, *starts: str) -> None:
        """Read the pages at ``starts`` and whatever can be reached from them."""
        for path in starts:
            self._follow(path, "the start", None)
        while self._waiting:
            self._read(*self._waiting.popleft())

    def read(self, path: str) -> None:
        """Read this page alone."""
        self._read(path, "the start", None)

    def endpoint_of(self, path: str, method: str = "GET") -> str | None:
        """The route that answers this address; None if there is none."""
        try:
            return self._routes.match(unquote(urlsplit(path).path), method=method)[0]
        except RequestRedirect:
            return None
        except HTTPException:
            return None

    def _follow(self, path: str, found_on: str, block: str | None) -> None:
        """Put an address on the list, unless enough of its kind are there. ``block``: what HTMX replaces."""
        path = path.split("#")[0]
        endpoint = self.endpoint_of(path)
        if endpoint is None:
            self.findings.append(f"{found_on}: {path} leads to no page")
            return
        if endpoint == "static" or (path, block) in self._known:
            return
        self._known.add((path, block))
        route = (endpoint, block)
        kind = (*route, frozenset(name for name, _ in parse_qsl(urlsplit(path).query)))
        if self._per_kind[kind] >= PER_KIND or self._per_route[route] >= PER_ROUTE:
            return
        self._per_kind[kind] += 1
        self._per_route[route] += 1
        self._waiting.append((path, found_on, block))

    def _read(self, path: str, found_on: str, block: str | None) -> None:
        headers = {"HX-Request": "true", "HX-Target": block} if block else {}
        answer = self.client.get(path, headers=headers)
        self.answers += 1
        here = f"{path} (block {block})" if block else path
        if answer.status_code >= 400:
            self.findings.append(f"{here} answers {answer.status_code}, the way there stands on {found_on}")
        elif answer.status_code >= 300:
            self._follow(answer.headers["Location"], path, block)
        elif answer.mimetype == "text/html":
            text = answer.get_data(as_text=True)
            tree = parse(text)[0]
            problems = [*page_findings(text), *header_findings(answer.headers), *self.judge(tree)]
            self.findings += [f"{here}: {each}" for each in problems]
            if block is None:
                self.pages.append(PageSeen(path, self.endpoint_of(path), parts_of(tree)))
            self._links(tree, path)
        else:
            self._per_route[self.endpoint_of(path), block] = PER_ROUTE  # one file of a route is enough
        answer.close()

    def _links(self, tree: Element, path: str) -> None:
        for element in tree.iter():
            if not isinstance(element.tag, str):
                continue
            if element.tag in ("a", "link") and (href := element.get("href")) is not None:
                self._link(element, href, path)
            elif element.tag == "form":
                self._form(element, path)
            elif url := element.get("data-hx-get"):
                self._follow(
                    urljoin(path, url), path, element.get("data-hx-target", "").lstrip("#") or "main"
                )
            elif element.get("src") and self.endpoint_of(element.get("src")) is None:
                self.findings.append(f"{path}: src={element.get('src')} leads to no file")

    def _link(self, element: Element, href: str, path: str) -> None:
        target = urlsplit(href)
        if target.scheme in ("mailto", "tel") or href.startswith("#"):
            return
        if "noreferrer" in (element.get("rel") or ""):
            return  # an address that somebody shared: it is followed by people only
        if urljoin(path, href).startswith("/files/") and self.endpoint_of(urljoin(path, href)):
            return  # what was stored stays with the instance that loaded the district; its tests fetch it
        if target.netloc or target.scheme:
            self.findings.append(f"{path}: {href} leads to another host")
            return
        self._follow(urljoin(path, href), path, None)

    def _form(self, form: Element, path: str) -> None:
        method = (form.get("method") or "get").upper()
        action = urljoin(path, form.get("action") or path)
        if method == "POST":
            if self.endpoint_of(action, "POST") is None:
                self.findings.append(f"{path}: the form to {action} is taken by no route")
            return
        asked = urlsplit(action).path + "?" + urlencode(list(_values(form)))
        self._follow(asked, path, None)
        if form.get("data-hx-get"):
            self._follow(asked, path, form.get("data-hx-target", "").lstrip("#"))


def parts_of(tree: Element) -> frozenset[str]:
    """What the page is made of, without its words: kinds of elements, states, forms."""
    parts = set()
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for name in (element.get("class") or "").split() or ("",):
            if not name or STATE_CLASSES.match(name):
                parts.add(f"{element.tag}.{name}")
        if element.tag in ("input", "select", "textarea"):
            parts.add(f"{element.tag}[{element.get('name')}]")
    return frozenset(parts)


def _values(form: Element):
    """What a browser would send: the names and values as the form stands."""
    for field in form.iter():
        name = field.get("name") if isinstance(field.tag, str) else None
        if not name:
            continue
        if field.tag == "select":
            options = list(field.iter("option"))
            chosen = next(
                (o for o in options if o.get("selected") is not None), options[0] if options else None
            )
            if chosen is not None:
                yield name, chosen.get("value", "".join(chosen.itertext()))
        elif field.tag == "textarea":
            yield name, "".join(field.itertext())
        elif field.tag == "input":
            kind = field.get("type", "text")
            if kind in ("submit", "button", "reset", "image", "file"):
                continue
            if kind not in ("checkbox", "radio") or field.get("checked") is not None:
                yield name, field.get("value", "on" if kind in ("checkbox", "radio") else "")
