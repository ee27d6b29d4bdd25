"""After logging out, neither the Back button nor the browser's stores show anything of the pages."""

from datetime import UTC, datetime

import pytest

from portal.extensions import db
from tests.cast import people_the_world
from tests.factories import PASSWORD

NOW = datetime(2025, 11, 19, 6, 10, tzinfo=UTC)
STORED = """async () => ({
  local: Object.keys(localStorage), session: Object.values(sessionStorage),
  caches: await caches.keys(), databases: (await indexedDB.databases()).length,
})"""


def load_cast(app) -> None:
    """The people of two districts; nothing has been written yet."""
    app.config["CLOCK"] = lambda: NOW
    db.create_all()
    people_the_world()
    db.session.commit()


@pytest.mark.promise(23)
def test_back_and_storage_show_nothing_after_logout(live_server, open_page):
    server = live_server(load_cast)
    server.app.config["CLOCK"] = lambda: NOW
    window = open_page(server)
    page = window.page
    window.log_in("teacher", PASSWORD)
    window.goto("/account/")
    window.goto("/reflections/new")
    page.locator("main textarea").first.fill("家里老人住院")
    for _ in range(50):
        if page.evaluate("localStorage.length"):
            break
        page.wait_for_timeout(100)
    assert page.evaluate("localStorage.length") == 1
    window.goto("/")
    assert "林晓岚" in page.content()
    page.on("dialog", lambda dialog: dialog.accept())
    page.click(".app-me summary")
    page.click("text=退出登录")
    page.wait_for_url("**/login**")
    assert page.evaluate(STORED) == {
        "local": [],
        "session": ["/login"],  # htmx keeps the address of the page that is open
        "caches": [],
        "databases": 0,
    }
    for _ in range(4):
        page.go_back()
        page.wait_for_load_state()
        shown = page.content()
        assert ("林晓岚" in shown, "家里老人住院" in shown) == (False, False), page.url
