"""A secondment through a month in a real browser: the secondee with a phone, host and office at a desk."""

from datetime import date, timedelta

from playwright.sync_api import expect

from portal.domain import calendar
from portal.extensions import db
from portal.models import Secondment, SecondmentBatch, SecondmentProgramme
from tests import factories as make
from tests.factories import PASSWORD
from tests.support.browser import axe

DAYS = 28


def load_story(app) -> None:
    """Two schools, a candidate, and a programme whose batch began four weeks ago."""
    today = date.today()  # noqa: DTZ011  (the server that the browser meets runs by the real clock)
    east = make.district("east", "东城区")
    for value in calendar.default_terms(today):
        make.term(east, value.code, value.first_day, value.last_day, value.week_one_monday)
    home, host = make.school(east, "麟峰小学"), make.school(east, "拱辰中心小学", location="rural")
    make.cluster(east, "麟峰小学片区", home, [host])
    people = {}
    for account, name, school, role, scope in (
        ("personnel", "黄景行", None, "bureau", {"office": "personnel"}),
        ("lead", "陈怀瑾", home, "principal", {"school_id": home.id}),
        ("principal", "吴静姝", host, "principal", {"school_id": host.id}),
        ("teacher", "林晓岚", home, None, {}),
    ):
        people[account] = make.person(east, name, school)
        if role:
            make.role(people[account], role, **scope)
        make.account(people[account], account)
    first, last = today - timedelta(days=DAYS), today + timedelta(days=2)
    programme = SecondmentProgramme(
        district_id=east.id,
        name="后备干部挂职",
        starts_on=first,
        ends_on=last,
        lessons_per_week=4,
        books=1,
        contact_weeks=2,
        blocks=["教研制度草案"],
    )
    db.session.add(programme)
    db.session.flush()
    db.session.add(
        SecondmentBatch(
            district_id=east.id,
            programme_id=programme.id,
            name="第一批",
            starts_on=first,
            ends_on=last,
            arrive_to=first + timedelta(days=3),
        )
    )
    db.session.add(
        Secondment(
            district_id=east.id,
            programme_id=programme.id,
            person_id=people["teacher"].id,
            home_school_id=home.id,
            opinion="同意推荐",
            time_guarantee="课由同组接替",
            state="candidate",
            created_by_id=people["lead"].id,
        )
    )
    db.session.commit()


def test_a_secondment_through_a_month(live_server, open_page):
    server = live_server(load_story)
    arrived = (date.today() - timedelta(days=DAYS - 1)).isoformat()  # noqa: DTZ011

    # The office assigns, the host agrees and registers the arrival.
    office = open_page(server)
    office.log_in("personnel", PASSWORD)
    office.goto("/exchange/secondments/")
    office.page.get_by_role("link", name="林晓岚").click()
    office.page.get_by_role("link", name="安排去向").click()
    office.page.select_option("[name=host_school]", label="拱辰中心小学")
    office.page.fill("[name=host_post]", "校长助理")
    axe(office.page)
    office.page.get_by_role("button", name="安排去向").click()
    expect(office.page.get_by_text("待接收单位同意").first).to_be_visible()
    host = open_page(server)
    host.log_in("principal", PASSWORD)
    host.goto("/")
    host.page.get_by_role("link", name="答复是否接收挂职干部：林晓岚").click()
    expect(host.page.get_by_text("同意推荐")).to_have_count(
        0
    )  # what the own school wrote is not for the host
    host.page.get_by_role("button", name="同意接收").click()
    host.page.fill("[name=day]", arrived)
    host.page.get_by_role("button", name="登记到岗").click()
    expect(host.page.get_by_text("已登记到岗").first).to_be_visible()

    # On the phone: what is due, the plan, a lesson heard, a book, a leave.
    phone = open_page(server, phone=True)
    phone.log_in("teacher", PASSWORD)
    phone.goto("/exchange/secondments/mine")
    expect(phone.page.get_by_text("缺学习计划")).to_be_visible()
    axe(phone.page)
    phone.page.get_by_role("link", name="写学习计划").click()
    for part in ("goals", "contents", "measures", "topics", "homework"):
        phone.page.fill(f"[name={part}]", f"计划的{part}")
    axe(phone.page)
    phone.page.get_by_role("button", name="提交").click()
    expect(phone.page.get_by_text("缺学习计划")).to_have_count(0)
    phone.page.get_by_role("link", name="记一笔听课").click()
    main = phone.page.locator("main")
    main.locator("label.chip", has_text="听课").first.click()
    main.locator("[name=text]").fill("导入自然，提问可以少些")
    main.get_by_role("button", name="记下").click()
    phone.page.wait_for_url(server.url + "/")
    phone.goto("/exchange/secondments/mine")
    expect(phone.page.get_by_text("听课 1 节")).to_be_visible()
    phone.page.get_by_role("link", name="读书", exact=True).click()
    phone.page.fill("[name=title]", "给教师的建议")
    phone.page.fill("[name=body]", "让学生有自己的时间。")
    phone.page.get_by_role("button", name="保存").click()
    expect(phone.page.get_by_text("给教师的建议").first).to_be_visible()
    phone.page.get_by_role("link", name="请假").first.click()
    phone.page.fill("[name=reason]", "家里有事")
    phone.page.get_by_role("button", name="提交").click()
    expect(phone.page.get_by_text("家里有事")).to_be_visible()
    axe(phone.page)

    # The host's principal decides, the office sees who is silent and calls.
    host.goto("/")
    host.page.get_by_role("link", name="批复挂职请假：林晓岚").click()
    host.page.get_by_role("button", name="批准", exact=True).click()
    expect(host.page.get_by_text("已批准").first).to_be_visible()
    office.goto("/exchange/secondments/?missing=1")
    expect(office.page.get_by_text("久未联系")).to_be_visible()
    axe(office.page)
    office.page.get_by_role("link", name="林晓岚").click()
    expect(office.page.get_by_text("家里有事")).to_have_count(0)
    office.page.get_by_role("button", name="登记联系").click()
    expect(office.page.get_by_text("已登记联系").first).to_be_visible()
    phone.page.reload()
    phone.page.get_by_role("button", name="销假").click()
    expect(phone.page.get_by_text("已销假").first).to_be_visible()

    # The last day: report, two evaluations, the way back.
    with server.app.app_context():
        case = db.session.scalars(db.select(Secondment)).one()
        case.ends_on = case.posting.ends_on = date.today()  # noqa: DTZ011
        db.session.commit()
        db.session.remove()
    phone.goto("/exchange/secondments/mine")
    phone.page.get_by_role("link", name="写总结报告").click()
    phone.page.fill("[name=report]", "这一个月学到三件事。")
    phone.page.get_by_role("button", name="提交").click()
    expect(phone.page.get_by_text("已提交").first).to_be_visible()
    for window, name in ((host, "接收单位鉴定"), (office, "主管部门评价")):
        window.goto("/exchange/secondments/")
        window.page.get_by_role("link", name="林晓岚").click()
        window.page.get_by_role("link", name=name).click()
        window.page.fill("[name=text]", f"{name}：踏实肯干")
        axe(window.page)
        window.page.get_by_role("button", name="保存").click()
        expect(window.page.get_by_text("已保存评价").first).to_be_visible()
    office.page.select_option("[name=outcome]", label="提拔或重用")
    office.page.get_by_role("button", name="办结").click()
    expect(office.page.get_by_text("已办结").first).to_be_visible()
    axe(office.page)
