"""first_view: kilobytes of the login page and the home page after it, with everything that they load."""

import re
from urllib.parse import urljoin, urlsplit

from werkzeug.test import Client

from bench.world import demo_app, signed_in

# A browser over plain HTTP, as on a school's intranet, asks for gzip only.
ENCODINGS = {"Accept-Encoding": "gzip, deflate"}
LOADED = re.compile(r'<(?:link|script|img|use)\b[^>]*?\b(?:href|src)="([^"#]+)')
IN_STYLE = re.compile(r"""url\(['"]?([^'")#]+)""")
SKIPPED_RELATIONS = re.compile(r'<link\b[^>]*rel="(?:alternate|canonical|next|prev)"[^>]*>')


def weigh(client: Client, path: str, seen: dict[str, int]) -> None:
    """Add the bytes of this address and of all that it loads, each once."""
    path = path.split("#")[0]
    if path in seen or urlsplit(path).netloc:
        assert not urlsplit(path).netloc, f"{path} lies on another host"
        return
    answer = client.get(path, headers=ENCODINGS)
    assert answer.status_code == 200, f"{path} answered {answer.status_code}"
    seen[path] = len(answer.data)
    found = []
    if answer.mimetype == "text/html":
        found = LOADED.findall(SKIPPED_RELATIONS.sub("", as_text(client, path)))
    elif answer.mimetype == "text/css":
        found = IN_STYLE.findall(as_text(client, path))
    for address in found:
        weigh(client, urljoin(path, address), seen)


def as_text(client: Client, path: str) -> str:
    """The same answer as it was before it was compressed."""
    return client.get(path, headers={"Accept-Encoding": "identity"}).text


def measure() -> list[tuple[str, float, str]]:
    """Kilobytes as they go over the wire, headers not counted."""
    app = demo_app()
    seen: dict[str, int] = {}
    weigh(Client(app), "/login", seen)
    login = sum(seen.values())
    weigh(signed_in(app, "lead"), "/", seen)
    total = sum(seen.values())
    pages = seen["/login"] + seen["/"]
    note = (
        f"login {login / 1000:.0f} kB, then home {(total - login) / 1000:.0f} kB; "
        f"{len(seen)} files, the pages themselves {pages / 1000:.0f} kB"
    )
    return [("first_view", total / 1000, note)]
