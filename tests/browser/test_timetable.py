"""Scheduling in the week: by keyboard from an empty cell, checked while it is written; one printed page."""

import re
from datetime import UTC, datetime

from playwright.sync_api import expect

from portal.extensions import db
from tests.cast import people_the_world
from tests.factories import PASSWORD
from tests.support.browser import axe
from tests.support.visiting import LESSON, ring_bells

NOW = datetime(2025, 11, 19, 6, 10, tzinfo=UTC)
FULL = [(day, period) for day in range(1, 6) for period in range(1, 6)]


def load_week(app) -> None:
    """The cast, with a teacher whose week is full: every period of every day, here or there."""
    from portal.actions import visiting as actions
    from portal.queries import people

    app.config["CLOCK"] = lambda: NOW
    db.create_all()
    world = people_the_world()
    db.session.commit()
    ring_bells(world)
    lead = people.actor_of(people.account_by_username("lead"), world.today)
    facts = {"form": LESSON["kind"], "subject": "音乐"}
    for day, period in FULL:
        school = world.gongchen if day in (2, 4) else world.linfeng
        for parity, number in (("单", 1), ("双", 2)):
            values = {"school_id": school.id, "class_name": f"{period}（{number}）班", "weekday": day}
            values |= {"period": period, "weeks": parity}
            actions.schedule(lead, world.teacher, {**facts, **values}, from_day=world.today, now=NOW)
    values = {
        "school_id": world.gongchen.id,
        "class_name": "六（1）班",
        "weekday": 2,
        "period": 1,
        "weeks": "",
    }
    actions.schedule(lead, world.mentor, {**facts, **values}, from_day=world.today, now=NOW)
    db.session.commit()


def served(live_server):
    """The week behind a server whose clock stands in the term."""
    server = live_server(load_week)
    server.app.config["CLOCK"] = lambda: NOW
    return server


def test_the_printed_week_of_a_teacher_a_class_and_a_school_fits_one_page(live_server, open_page):
    desk = open_page(served(live_server))
    desk.log_in("lead", PASSWORD)
    desk.goto("/visiting/")
    teacher = desk.page.locator("#f-teacher option", has_text="林晓岚").get_attribute("value")
    school = desk.page.locator("#f-school option", has_text="拱辰中心小学").get_attribute("value")
    found = {}
    for asked in (f"teacher={teacher}", f"school={school}", f"school={school}&class=1（1）班"):
        desk.goto(f"/visiting/?{asked}&week=13")
        sheet = desk.page.pdf(prefer_css_page_size=True)
        found[asked] = len(re.findall(rb"/Type\s*/Page\b", sheet))
    assert set(found.values()) == {1}, found


def test_a_lesson_is_put_into_the_week_by_keyboard_and_checked_on_the_way(live_server, open_page):
    desk = open_page(served(live_server))
    desk.log_in("lead", PASSWORD)
    desk.goto("/visiting/")
    teacher = desk.page.locator("#f-teacher option", has_text="周以宁").get_attribute("value")
    desk.goto(f"/visiting/?teacher={teacher}&week=13")
    page = desk.page
    page.locator(".tt a").first.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
    expect(page.locator(":focus")).to_contain_text("六（1）班")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(":focus")).to_have_text("排一节课：周一第1节")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lessons/new?*")
    expect(page.locator("#person")).to_have_value("周以宁（麟峰小学）")
    page.locator("#class_name").fill("六（1）班")
    page.locator("#weekday").select_option("2")
    check = page.locator("#lesson_check")
    expect(check).to_contain_text("同一教师周二两处有课")
    axe(page)
    check.get_by_role("button", name="周二第2节 9:00–9:40").click()
    page.wait_for_url(re.compile(r"/visiting/lessons/[0-9a-f-]{36}$"))
    expect(page.locator("main")).to_contain_text("第2节")


def test_the_phone_shows_my_day_first(live_server, open_page):
    phone = open_page(served(live_server), phone=True)
    phone.log_in("teacher", PASSWORD)
    phone.goto("/visiting/")
    first = phone.page.locator("section.only-phone h2").first
    expect(first).to_contain_text("今天")
    expect(phone.page.locator(".tt")).to_be_hidden()
    axe(phone.page)
