"""Chromium for the tests: pages that are watched, and the portal behind a real server.

    def test_x(live_server, open_page):
        server = live_server(load_story)          # load_story(app) fills an empty database, once a session
        desk = open_page(server)                  # 1280 pixels; open_page(server, phone=True) is a telephone
        desk.goto("/login")
        ...
        axe(desk.page)

When a test ends, each page it opened must have been silent: no console message, no uncaught error,
no report of the Content-Security-Policy, no request to another host, no unplanned failure
(`with desk.watch.expecting(422):`).
"""

import re
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import TEMPLATES
from tests.support.browser import DESK, PHONE, Watch, chromium_path, watch
from tests.support.html import check_page
from tests.support.server import LiveServer, serve

PICTURES = Path(__file__).resolve().parents[2] / "build" / "browser"
expect.set_options(timeout=10_000)


@dataclass
class Window:
    """One watched page of one person: a browser context of its own, so its own session."""

    page: Page
    context: BrowserContext
    watch: Watch
    server: LiveServer

    def goto(self, path: str) -> None:
        """Open an address of the portal and check the page's HTML."""
        response = self.page.goto(self.server.url + path)
        if response and "text/html" in (response.header_value("content-type") or ""):
            check_page(
                response.text(), {"Content-Security-Policy": response.header_value("content-security-policy")}
            )

    def log_in(self, login: str, password: str) -> None:
        """Sign in through the page."""
        self.goto("/login")
        self.page.locator("[name=username]").fill(login)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("main form [type=submit]").click()
        self.page.wait_for_url(lambda url: "/login" not in url)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    setattr(item, f"report_{report.when}", report)
    return report


@pytest.fixture(scope="session")
def chromium() -> Browser:
    """The browser, started once."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, request):
    """Open a watched page; see this file's head. Keywords: phone, locale, scripts (False: no JavaScript)."""
    windows: list[Window] = []

    def open_window(
        server: LiveServer, *, phone: bool = False, locale: str = "zh-CN", scripts: bool = True
    ) -> Window:
        context = chromium.new_context(
            base_url=server.url,
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            is_mobile=phone,
            locale=locale,
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        windows.append(Window(page, context, watch(page), server))
        return windows[-1]

    yield open_window

    failed = getattr(request.node, "report_call", None) is None or request.node.report_call.failed
    for number, window in enumerate(windows, 1):
        if failed and not window.page.is_closed():
            PICTURES.mkdir(parents=True, exist_ok=True)
            name = re.sub(r"\W+", "-", request.node.name)
            window.page.screenshot(path=PICTURES / f"{name}-{number}.png", full_page=True)
        window.context.close()
    if not failed:
        for window in windows:
            window.watch.check()


@pytest.fixture(scope="session")
def loaded_databases(tmp_path_factory):
    """Database files by loader: each loader runs once a session, and tests get copies."""
    folder = tmp_path_factory.mktemp("loaded")
    files: dict[Callable, Path] = {}

    def file_for(load: Callable) -> Path:
        if load not in files:
            instance = folder / str(len(files))
            app = make_app(instance)
            with app.app_context():
                load(app)
                close_database(app)
            files[load] = instance / "portal.sqlite3"
        return files[load]

    return file_for


@pytest.fixture
def live_server(loaded_databases, tmp_path):
    """Serve the portal with a database of its own: live_server(load, PORTAL_JOBS_AT_ONCE="1", ...)."""
    with ExitStack() as stack:
        started = 0

        def start(load: Callable, **settings: str) -> LiveServer:
            nonlocal started
            started += 1
            instance = tmp_path / f"instance-{started}"
            instance.mkdir()
            copy_database(loaded_databases(load), instance / "portal.sqlite3")
            app = make_app(instance, **settings)
            stack.callback(close_database, app)
            return stack.enter_context(serve(app))

        yield start


def make_app(instance: Path, **settings: str):
    """The application over a folder of its own, with its tables made; jobs run at once."""
    from flask_migrate import upgrade

    from portal import create_app

    instance.mkdir(parents=True, exist_ok=True)
    environ = {
        "PORTAL_INSTANCE": str(instance),
        "PORTAL_PLAIN_HTTP": "1",
        "PORTAL_JOBS_AT_ONCE": "1",
        **settings,
    }
    app = create_app({"TEMPLATES_COMPILED": TEMPLATES}, environ)
    with app.app_context():
        upgrade()
    return app


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy of an SQLite file; its sealing keys come along."""
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    old.close()
    new.close()
    for key in ("data_key", "secret_key"):
        if (source.parent / key).exists():
            (target.parent / key).write_bytes((source.parent / key).read_bytes())


def close_database(app) -> None:
    """Give back the connections, so that no unclosed one is reported later."""
    from portal.extensions import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
