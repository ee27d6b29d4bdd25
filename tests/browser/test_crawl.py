"""Every page that each role can reach from its home: valid, silent, accessible at both widths, in both languages."""

import re

import pytest

from tests.support.browser import DESK, PHONE, axe, sideways_scroll

KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
PASSWORD = "demo-password-1"
# Addresses of one shape are one page; so many of each are visited per role.
PER_SHAPE = 1
ROLES = ("bureau", "lead", "principal", "teacher", "mentor")


def load_demo(app) -> None:
    """The demonstration district."""
    from portal.auth import today
    from portal.demo import load
    from portal.extensions import db

    load(today=today(), password=PASSWORD)
    db.session.commit()


def shape(path: str) -> str:
    """The address without keys and query: what kind of page it is."""
    return KEY.sub("*", path.split("?")[0].split("#")[0])


# Pages whose look was checked with axe at both widths already; it does not change with the role's rows.
checked_shapes: set[str] = set()


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role(live_server, open_page, role):
    server = live_server(load_demo)
    desk = open_page(server)
    desk.log_in(role, PASSWORD)
    waiting, seen = ["/"], {}
    while waiting:
        path = waiting.pop(0)
        kind = shape(path)
        if seen.get(kind, 0) >= PER_SHAPE:
            continue
        seen[kind] = seen.get(kind, 0) + 1
        desk.goto(path)
        if kind not in checked_shapes:
            checked_shapes.add(kind)
            for size in (DESK, PHONE):
                desk.page.set_viewport_size(size)
                axe(desk.page)
                assert sideways_scroll(desk.page) <= 0, (path, size)
            desk.page.set_viewport_size(DESK)
        links = desk.page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        waiting += [link for link in links if is_page(link)]
    desk.watch.check()
    assert len(seen) > 12, sorted(seen)


def is_page(link: str) -> bool:
    """A link of this site that leads to a page, not a file."""
    return (
        link.startswith("/")
        and not link.startswith("//")
        and not re.search(r"\.(xlsx|pdf|ics)($|\?)|/files/", link)
    )


@pytest.mark.slow
def test_english_pages_have_no_chinese_of_their_own(live_server, open_page):
    """Names and texts of people stay; every word of the pages themselves is English."""
    server = live_server(load_demo)
    desk = open_page(server, locale="en-GB")
    desk.log_in("lead", PASSWORD)
    for path in (
        "/",
        "/clusters/",
        "/plans/",
        "/plans/meetings/",
        "/reflections/new",
        "/visiting/",
        "/summaries/",
    ):
        desk.goto(path)
        assert desk.page.locator("html").get_attribute("lang") == "en"
        words = desk.page.eval_on_selector_all(
            "label, legend, th[scope=col], .btn, nav[aria-label], .tabs a, .nav-item",
            "all => all.map(e => e.textContent.trim())",
        )
        chinese = [word for word in words if re.search(r"[\u3400-\u9fff]", word) and word != "中文"]
        own = {word for word in chinese if not re.search(r"小学|片区|中学|学校", word)}
        assert own == set(), path
