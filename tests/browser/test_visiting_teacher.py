"""A visiting teacher on the phone: the day, away tomorrow, somebody stands in, and back again."""

from playwright.sync_api import expect

from tests.factories import PASSWORD
from tests.support.visiting_story import check, heard, load_visits, look, press, serve


def test_a_teacher_is_away_somebody_accepts_and_the_absence_is_withdrawn(live_server, open_page):
    server = serve(live_server, load_visits)
    teacher, stand_in = open_page(server, phone=True), open_page(server, phone=True)
    desk = open_page(server)
    for window, name in ((teacher, "teacher"), (stand_in, "mentor"), (desk, "principal")):
        window.log_in(name, PASSWORD)

    # My day: today's lesson first, tomorrow's under its day.
    teacher.goto("/visiting/")
    today = teacher.page.locator("section.only-phone")
    expect(today.locator("h2").first).to_contain_text("今天")
    expect(today).to_contain_text("二（1）班")
    look(teacher)

    # Ill tomorrow: the lesson waits, and nobody is told anything yet.
    teacher.page.get_by_role("link", name="请假与代课").click()
    teacher.page.get_by_role("link", name="登记请假").click()
    for field in ("first_day", "last_day"):
        teacher.page.fill(f"[name={field}]", "2025-11-20")
    teacher.page.select_option("[name=kind]", "sick")
    teacher.page.fill("[name=reason]", "发烧")
    check(teacher)
    press(teacher, "保存")
    expect(teacher.page.get_by_text("1 节待安排")).to_be_visible()
    expect(teacher.page.locator("main")).to_contain_text("三（1）班")
    look(teacher)
    assert heard(server) == {}

    # The receiving school sees it at home, is offered who can, and asks.
    desk.goto("/")
    desk.page.get_by_role("link", name="林晓岚").first.click()
    expect(desk.page.locator("main")).not_to_contain_text("发烧")
    look(desk)
    press(desk, "请周以宁代课")
    expect(desk.page.get_by_text("已请 周以宁，等答复").first).to_be_visible()

    # Who is asked answers on the phone; with that it is final, and each of those concerned hears it once.
    stand_in.goto("/")
    stand_in.page.get_by_role("link", name="能不能代").first.click()
    expect(stand_in.page.locator("h1")).to_contain_text("能代课吗")
    look(stand_in)
    press(stand_in, "我来代课")
    expect(stand_in.page.get_by_text("谢谢，这节课由您代").first).to_be_visible()
    found = {name: kinds.count("cover_found") for name, kinds in heard(server).items()}
    assert found == {"林晓岚": 1, "陈怀瑾": 1, "许清和": 1}
    teacher.goto("/messages/")
    expect(teacher.page.get_by_text("周以宁 代课")).to_have_count(1)
    look(teacher)

    # Well again: withdrawing gives the lesson back, and those who had heard hear that, once.
    teacher.goto("/visiting/absences/")
    teacher.page.get_by_role("link", name="林晓岚").first.click()
    expect(teacher.page.locator("main")).to_contain_text("周以宁 代课")
    press(teacher, "撤销请假")
    expect(teacher.page.locator("main")).to_contain_text("照常上课")
    undone = {name: kinds.count("cover_undone") for name, kinds in heard(server).items()}
    assert undone == {"林晓岚": 0, "陈怀瑾": 1, "许清和": 1, "周以宁": 1}
    stand_in.goto("/visiting/asks/")
    expect(stand_in.page.locator("main")).to_contain_text("不用代课了")
    look(stand_in)
    teacher.goto("/visiting/")
    expect(teacher.page.locator("section.only-phone")).to_contain_text("三（1）班")
