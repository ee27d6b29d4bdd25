"""A pair through a term in a real browser: wishes, the suggestion, both accept, a lesson with its form on a phone,
the check half way, a word that the other side never sees, and the renewal."""

from datetime import date, timedelta

from playwright.sync_api import expect

from portal.domain import calendar
from portal.extensions import db
from portal.models import Cluster, MentoringPair, Person, WorkRecord
from tests import factories as make
from tests.factories import PASSWORD
from tests.support.browser import axe

WORD = "两校太远，每次只有半小时"


def load_story(app) -> None:
    """Two schools, a lead, a mentor and a mentee, in the school year of today."""
    today = date.today()  # noqa: DTZ011  (the server that the browser meets runs by the real clock)
    east = make.district("east", "东城区")
    for value in calendar.default_terms(today):
        make.term(east, value.code, value.first_day, value.last_day, value.week_one_monday)
    home, other = make.school(east, "麟峰小学"), make.school(east, "拱辰中心小学", location="rural")
    make.cluster(east, "麟峰小学片区", home, [other])
    for account, name, school, role in (
        ("lead", "陈怀瑾", home, "principal"),
        ("mentor", "周以宁", home, None),
        ("mentee", "江念一", other, None),
    ):
        person = make.person(east, name, school, pinyin="jiangnianyi" if account == "mentee" else "")
        if role:
            make.role(person, role, school_id=school.id)
        make.account(person, account)
    db.session.commit()


def the_pair() -> MentoringPair:
    return db.session.scalars(db.select(MentoringPair)).one()


def wishes(tab, side: str, name: str) -> None:
    """Write one wish and come back to the list."""
    tab.goto("/pairing/")
    tab.page.get_by_role("link", name="师徒意愿").click()
    tab.page.get_by_role("link", name=side).click()
    tab.page.fill("[name=first]", name)
    axe(tab.page)
    tab.page.get_by_role("button", name="保存").click()
    expect(tab.page.get_by_text("已保存").first).to_be_visible()


def accept(tab, words: str) -> None:
    """Accept from the home page."""
    tab.goto("/")
    tab.page.get_by_role("link", name="确认结对：周以宁—江念一").click()
    tab.page.get_by_role("button", name=words).click()
    expect(tab.page.get_by_text("已办理").first).to_be_visible()


def test_a_pair_through_a_term(live_server, open_page):
    server = live_server(load_story)
    today = date.today()  # noqa: DTZ011
    lead, mentor, mentee = open_page(server), open_page(server, phone=True), open_page(server, phone=True)
    for tab, account in ((lead, "lead"), (mentor, "mentor"), (mentee, "mentee")):
        tab.log_in(account, PASSWORD)

    # Both wish for each other; the lead sees why they fit, keeps a form for lessons, and proposes.
    wishes(mentor, "我想带徒弟", "江念一")
    wishes(mentee, "我想找导师", "周以宁")
    lead.goto("/pairing/templates/")
    lead.page.get_by_role("link", name="新建听课表").click()
    lead.page.fill("[name=name]", "片区听课表")
    lead.page.fill("[name=items]", "课堂效果：10\n优点")
    axe(lead.page)
    lead.page.get_by_role("button", name="保存").click()
    expect(lead.page.get_by_role("heading", name="片区听课表")).to_be_visible()
    lead.goto("/pairing/")
    lead.page.get_by_role("link", name="搭配建议").click()
    expect(lead.page.get_by_text("徒弟的第 1 意愿，导师的第 1 意愿。")).to_be_visible()
    lead.page.fill("[name=every_weeks]", "2")
    # Half of the agreed time is over, so that the check is due.
    lead.page.fill("[name=starts_on]", (today - timedelta(days=60)).isoformat())
    lead.page.fill("[name=ends_on]", (today + timedelta(days=60)).isoformat())
    axe(lead.page)
    lead.page.get_by_role("button", name="提出选中的结对").click()
    accept(mentor, "我愿意做导师")
    accept(mentee, "我愿意拜师")

    # A lesson heard, on the phone: one line, then the form that both sides read.
    mentor.page.reload()
    main = mentor.page.locator("main")
    main.locator("label.chip", has_text="听课").first.click()
    main.locator("[name=line]").fill("节奏游戏很顺")
    main.locator("[name=template]").select_option(label="片区听课表")
    main.get_by_role("button", name="记下").click()
    mentor.page.fill("[name=item-0]", "9")
    mentor.page.fill("[name=item-1]", "学生都开口了")
    axe(mentor.page)
    mentor.page.get_by_role("button", name="保存").click()
    expect(mentor.page.get_by_text("9 / 10 分")).to_be_visible()
    mentee.page.reload()
    mentee.page.get_by_role("link", name="听课 1 节").click()
    expect(mentee.page.get_by_text("学生都开口了")).to_be_visible()

    # Half way both say how it goes; the mentee says privately that something does not suit.
    mentee.goto("/")
    mentee.page.get_by_role("link", name="填写中期检查：周以宁—江念一").click()
    mentee.page.locator("label.chip", has_text="部分达到").click()
    mentee.page.fill("[name=progress]", "独立上了一节课")
    axe(mentee.page)
    mentee.page.get_by_role("button", name="保存").click()
    expect(mentee.page.get_by_text("独立上了一节课")).to_be_visible()
    mentee.page.get_by_role("link", name="搭配合适吗").click()
    expect(mentee.page.get_by_text("对方看不到").first).to_be_visible()
    mentee.page.locator("label.chip", has_text="想找人聊聊").click()
    mentee.page.fill("[name=text]", WORD)
    axe(mentee.page)
    mentee.page.get_by_role("button", name="保存").click()
    lead.goto("/")
    lead.page.get_by_role("link", name="听听江念一说的话").click()
    expect(lead.page.get_by_text(WORD)).to_be_visible()
    axe(lead.page)
    lead.page.get_by_role("button", name="谈过了，继续这样").click()
    with server.app.app_context():
        address = f"/pairing/mentoring/{the_pair().id}"
        assert db.session.scalar(db.select(db.func.count()).select_from(WorkRecord)) == 1
    mentor.goto(address)
    expect(mentor.page.get_by_text("独立上了一节课")).to_be_visible()
    expect(mentor.page.get_by_text(WORD)).to_have_count(0)
    lead.goto(address)
    expect(lead.page.get_by_text("江念一已填写")).to_be_visible()
    expect(lead.page.get_by_text("独立上了一节课")).to_have_count(0)
    axe(lead.page)

    # They go on: one asks, the other agrees.
    mentor.page.get_by_role("link", name="提出续期").click()
    mentor.page.fill("[name=ends_on]", (today + timedelta(days=400)).isoformat())
    mentor.page.get_by_role("button", name="提出续期").click()
    mentee.goto("/")
    mentee.page.get_by_role("link", name="同意结对续期：周以宁—江念一").click()
    mentee.page.get_by_role("button", name="同意续期").click()
    expect(mentee.page.get_by_text("已同意续期").first).to_be_visible()
    with server.app.app_context():
        assert the_pair().ends_on == today + timedelta(days=400)


def test_a_jot_leaves_half_of_the_first_screen_and_is_found_under_its_pair(live_server, open_page):
    """Ten seconds: three taps and a line, with nothing chosen but the pair (item 0)."""
    server = live_server(load_story)
    with server.app.app_context():
        people = {p.name: p for p in db.session.scalars(db.select(Person))}
        cluster = db.session.scalars(db.select(Cluster)).one()
        today = date.today()  # noqa: DTZ011
        db.session.add(
            MentoringPair(
                district_id=cluster.district_id,
                cluster_id=cluster.id,
                mentor_id=people["周以宁"].id,
                mentee_id=people["江念一"].id,
                starts_on=today,
                state="active",
                mentor_accepted=True,
                mentee_accepted=True,
                created_by_id=people["陈怀瑾"].id,
            )
        )
        db.session.commit()
    phone = open_page(server, phone=True)
    phone.log_in("mentor", PASSWORD)
    phone.goto("/")
    sheet = phone.page.locator(".sheet")
    height = phone.page.viewport_size["height"]
    assert sheet.bounding_box()["y"] > height * 0.8  # a line at the thumb, until it is asked for
    sheet.locator(".sheet-head").click()
    assert sheet.bounding_box()["y"] > height * 0.4
    axe(phone.page)
    sheet.locator("label.chip", has_text="谈话").click()
    sheet.locator("label.chip", has_text="江念一").click()
    sheet.locator("[name=text]").fill("约了下周听课")
    sheet.get_by_role("button", name="记下").click()
    expect(phone.page.get_by_text("已记下：谈话").first).to_be_visible()
    with server.app.app_context():
        row = db.session.scalars(db.select(WorkRecord)).one()
        pair_id = row.mentoring_pair_id
        assert (row.line, row.mentoring_pair_id) == ("约了下周听课", the_pair().id)
    phone.goto("/records/")
    expect(phone.page.get_by_text("约了下周听课")).to_be_visible()
    phone.goto(f"/pairing/mentoring/{pair_id}")
    expect(phone.page.get_by_text("约了下周听课")).to_be_visible()

    # Found again by two characters, by the letters of a name, and by oneself alone; filters stay with what follows.
    page = phone.page
    page.get_by_text("更多", exact=True).click()
    page.locator(".more-sheet").get_by_role("link", name="搜索").click()
    page.fill("#search-q", "听课")
    page.get_by_role("button", name="搜索").click()
    expect(page.locator("#found a")).to_have_text(["约了下周听课"])
    axe(page)
    page.locator(".fold-label").click()
    page.get_by_label("谁写的").select_option(label="我写的")
    page.get_by_role("button", name="筛选").click()
    page.get_by_role("link", name="日志", exact=True).click()
    expect(page.get_by_text("没有找到“听课”")).to_be_visible()
    assert "mine=1" in page.url
    page.get_by_role("link", name="记录", exact=True).click()
    expect(page.locator("#found mark")).to_have_text(["听课"])
    page.fill("#search-q", "jiangnian")
    page.get_by_role("button", name="搜索").click()
    expect(page.locator("#names")).to_contain_text("江念一")
    page.locator("#found a").click()
    expect(page.get_by_text("约了下周听课").first).to_be_visible()
