"""Who schedules, at the desk: lessons by click, by keyboard and pasted; a proposal; the printed week."""

import io
import re

import pypdf
from playwright.sync_api import expect

from portal.models import Person
from tests.factories import PASSWORD
from tests.support.visiting_story import check, do_waiting_job, key_of, load_demands, look, press, serve

ROW = "拱辰中心小学\t六（2）班\t音乐\t3\t1"


def test_a_scheduler_fills_the_week_and_adopts_a_proposal(live_server, open_page):
    server = serve(live_server, load_demands, PORTAL_JOBS_AT_ONCE="0")
    desk = open_page(server)
    desk.log_in("lead", PASSWORD)
    page = desk.page

    # By click: an empty cell of the own school's week leads to the form; a lesson elsewhere is entered.
    desk.goto("/visiting/?week=13")
    page.get_by_role("link", name="排一节课：周一第1节").click()
    page.locator("#person").fill("周以宁（麟峰小学）")
    page.locator("#school").select_option(label="拱辰中心小学")
    page.locator("#subject").fill("音乐")
    page.locator("#class_name").fill("六（1）班")
    expect(page.locator("#lesson_check")).to_contain_text("周一第1节可以排")
    check(desk)
    press(desk, "保存")
    expect(page.get_by_text("课表已保存，排到").first).to_be_visible()
    look(desk)

    # By keyboard, in the teacher's week: a clash is said at once with its reason and the nearest free times.
    teacher = key_of(server, Person, "周以宁")
    desk.goto(f"/visiting/?teacher={teacher}&week=13")
    look(desk)
    page.get_by_role("link", name="排一节课：周一第2节").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/lessons/new?*")
    page.locator("#school").select_option(label="麟峰小学")
    page.locator("#class_name").fill("一（1）班")
    page.locator("#period").select_option("1")
    found = page.locator("#lesson_check")
    expect(found).to_contain_text("周一第1节排不进去")
    expect(found).to_contain_text("拱辰中心小学六（1）班音乐 08:10-08:50")
    check(desk)
    found.get_by_role("button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/visiting/lessons/[0-9a-f-]{36}$"))

    # Pasted rows: the one that names nobody is located, nothing is written; then all of them.
    desk.goto("/visiting/")
    page.get_by_role("link", name="粘贴或导入课表").click()
    paste(desk, f"周以宁\t{ROW}\n周以凝\t{ROW.replace('六（2）', '六（3）')}")
    expect(page.get_by_role("row", name=re.compile("第2行"))).to_contain_text("周以凝")
    expect(page.get_by_role("button", name="确认导入")).to_have_count(0)
    look(desk)
    desk.goto("/visiting/timetable/import/")
    paste(desk, f"周以宁\t{ROW}")
    look(desk)
    press(desk, "确认导入")
    expect(page.get_by_text("课表已导入").first).to_be_visible()
    look(desk)

    # A proposal is computed in the background; one that nobody wants any more is cancelled.
    desk.goto("/visiting/proposals")
    look(desk)
    press(desk, "开始计算")
    expect(page.locator("#proposal_state")).to_contain_text("排队")
    check(desk)
    press(desk, "取消计算")
    expect(page.get_by_text("已取消").first).to_be_visible()
    do_waiting_job(server)
    desk.goto("/visiting/proposals")
    press(desk, "开始计算")
    do_waiting_job(server)
    expect(page.get_by_role("heading", name="排出的课")).to_be_visible()
    expect(page.locator("main")).to_contain_text("4 / 5 节")
    expect(page.locator("main")).to_contain_text("没有教师任教美术")
    look(desk)

    # Adopted lesson by lesson.
    boxes = page.locator("main input[name=lesson]")
    expect(boxes).to_have_count(4)
    for number in range(1, 4):
        boxes.nth(number).uncheck()
    press(desk, "采纳勾选的课")
    expect(page.get_by_text("已排进课表 1 节").first).to_be_visible()
    press(desk, "采纳勾选的课")
    expect(page.get_by_text("已排进课表 3 节").first).to_be_visible()
    expect(boxes).to_have_count(0)

    # The printed week of the teacher is one page, with every lesson on it.
    desk.goto(f"/visiting/?teacher={key_of(server, Person, '林晓岚')}&week=13")
    check(desk)
    sheet = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(sheet.pages) == 1
    printed = re.sub(r"\s", "", sheet.pages[0].extract_text())
    assert (printed.count("三（1）班"), printed.count("三（2）班")) == (2, 2)


def paste(desk, rows: str) -> None:
    """Put rows of a spreadsheet into the box as pasting does, and ask for the preview."""
    box = desk.page.locator("[name=text]")
    box.focus()
    desk.page.keyboard.insert_text(rows)
    press(desk, "预览")
    desk.page.wait_for_url(re.compile(r"/timetable/import/[0-9a-f-]{36}$"))
