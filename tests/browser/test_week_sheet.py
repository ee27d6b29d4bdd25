"""The week's arrangement on paper and on a telephone, and a quality analysis written to its end through its pages."""

import re
from datetime import UTC, date, datetime

from playwright.sync_api import expect

from portal.extensions import db
from portal.models import PlanItem
from tests.cast import people_the_world
from tests.factories import PASSWORD
from tests.integration.test_weeks import fill, plan
from tests.support.browser import axe, sideways_scroll

NOW = datetime(2025, 11, 19, 6, 10, tzinfo=UTC)
STEPS = ("调研", "分析", "研讨", "改进")


def load_week(app) -> None:
    """The cast with a week in which far more is due than on any usual one."""
    app.config["CLOCK"] = lambda: NOW
    db.create_all()
    world = people_the_world()
    fill(world)
    row = plan(world)
    for number in range(30):
        due = date(2025, 11, 17 + number % 5)
        text = f"第{number}件这一周里要做完的计划事项，写得长一些"
        db.session.add(PlanItem(district_id=world.east.id, plan_id=row.id, due_on=due, text=text))
    db.session.commit()


def served(live_server):
    """The week behind a server whose clock stands in it."""
    server = live_server(load_week)
    server.app.config["CLOCK"] = lambda: NOW
    return server


def test_a_busy_week_is_one_sheet_and_reads_well_on_a_telephone(live_server, open_page):
    server = served(live_server)
    desk, phone = open_page(server), open_page(server, phone=True)
    for window in (desk, phone):
        window.log_in("lead", PASSWORD)
        window.page.locator("main").get_by_role("link", name="麟峰小学片区一周安排").click()
        expect(window.page.get_by_role("heading", level=1)).to_have_text("麟峰小学片区一周安排")
        axe(window.page)
        assert sideways_scroll(window.page) == 0
        shown = window.page.get_by_role("link", name="联片教研").locator("visible=true")
        expect(shown).to_have_count(1)
    sheet = desk.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    phone.page.get_by_role("link", name="下一周").click()
    expect(phone.page.get_by_role("link", name="下周的会").locator("visible=true")).to_have_count(1)


def test_four_steps_are_written_by_keyboard_and_by_touch(live_server, open_page):
    server = served(live_server)
    for phone in (False, True):
        window = open_page(server, phone=phone)
        window.log_in("lead", PASSWORD)
        window.goto("/resources/quality")
        page = window.page
        page.get_by_role("link", name="开始一项分析").click()
        axe(page)
        for label, value in (("名称", f"期中检测{phone}"), ("学科", "数学"), ("年级", "五年级")):
            page.get_by_label(label, exact=True).fill(value)
        page.get_by_role("button", name="开始").click()
        for step in STEPS:
            page.get_by_role("link", name=f"写{step}", exact=True).press("Enter")
            expect(page.get_by_role("heading", level=1)).to_have_text(step)
            axe(page)
            page.get_by_label("参加人员", exact=True).fill("数学教研组")
            page.get_by_label("内容", exact=True).fill(f"{step}的总体情况")
            page.get_by_role("button", name="保存").click()
            expect(page.get_by_role("heading", name=step, exact=True, level=2)).to_be_visible()
        expect(page.get_by_text("四步已完成")).to_be_visible()
        axe(page)
        assert sideways_scroll(page) == 0
