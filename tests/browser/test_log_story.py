"""A teacher's term of logs in a real browser: written and shared on a phone, talked about, found by others, chosen as
a typical case with the author's consent, compiled at the end of the term."""

import io
from datetime import date, timedelta

from PIL import Image
from playwright.sync_api import expect
from pypdf import PdfReader

from portal.domain import calendar
from portal.extensions import db
from portal.models import MentoringPair
from tests import factories as make
from tests.factories import PASSWORD
from tests.support.browser import axe

# As it comes out of Word: a heading, its own bullets, a tab.
PASTED = "一、先画旋律线\n•\t每组一根绳子\n•\t后排也开口了\n**再唱**一遍。"
PRIVATE = "第一句太快，下次听她怎么起拍"


def load_story(app) -> None:
    """Two schools of a cluster, a lead, a mentor with the teacher as mentee, a colleague at the other school."""
    today = date.today()  # noqa: DTZ011  (the server that the browser meets runs by the real clock)
    east = make.district("east", "东城区")
    for value in calendar.default_terms(today):
        make.term(east, value.code, value.first_day, value.last_day, value.week_one_monday)
    home, other = make.school(east, "麟峰小学"), make.school(east, "拱辰中心小学", location="rural")
    cluster = make.cluster(east, "麟峰小学片区", home, [other])
    people = {}
    for account, name, school, role in (
        ("lead", "陈怀瑾", home, "principal"),
        ("teacher", "林晓岚", home, None),
        ("mentor", "周以宁", home, None),
        ("colleague", "江念一", other, None),
    ):
        people[account] = make.person(east, name, school)
        if role:
            make.role(people[account], role, school_id=school.id)
        make.account(people[account], account)
    db.session.add(
        MentoringPair(
            district_id=east.id,
            cluster_id=cluster.id,
            mentor_id=people["mentor"].id,
            mentee_id=people["teacher"].id,
            starts_on=today - timedelta(days=30),
            state="active",
            mentor_accepted=True,
            mentee_accepted=True,
            created_by_id=people["lead"].id,
        )
    )
    db.session.commit()


def write(tab, title: str, circle: str, **parts: str) -> None:
    """Fill a new log and choose who reads it; nothing is sent yet."""
    tab.goto("/reflections/new")
    tab.page.fill("[name=title]", title)
    for name, words in parts.items():
        tab.page.fill(f"[name={name}]", words)
    tab.page.locator(f"[name=visibility][value={circle}]").check(force=True)


def send(tab, button: str = "提交") -> None:
    """Press the button of the bar and see that the log was taken."""
    tab.page.get_by_role("button", name=button, exact=True).click()
    expect(tab.page.get_by_text("反思日志已提交").first).to_be_visible()


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG")
    return out.getvalue()


def test_a_teachers_term_of_logs(live_server, open_page):
    server = live_server(load_story)
    teacher, mentor = open_page(server, phone=True), open_page(server, phone=True)
    lead, colleague = open_page(server), open_page(server)
    for tab, account in ((teacher, "teacher"), (mentor, "mentor"), (lead, "lead"), (colleague, "colleague")):
        tab.log_in(account, PASSWORD)

    # For oneself; then for the mentor, who answers, and keeps a word that nobody else reads.
    write(teacher, "写给自己的一页", "own", problem="今天嗓子哑了")
    send(teacher)
    write(teacher, "起拍总是乱", "mentor", problem="第一句起拍总是乱")
    send(teacher)
    mentor.goto("/reflections/?tab=mentees")
    expect(mentor.page.get_by_text("写给自己的一页")).to_have_count(0)
    mentor.page.get_by_role("link", name="起拍总是乱").first.click()
    mentor.page.fill("[name=note]", PRIVATE)
    axe(mentor.page)
    mentor.page.get_by_role("button", name="保存私记").click()
    expect(mentor.page.locator("[name=note]")).to_have_value(PRIVATE)
    mentor.page.fill("[name=text]", "先看指挥的手，再出声。")
    mentor.page.get_by_role("button", name="发布评论").click()
    expect(mentor.page.get_by_text("先看指挥的手，再出声。")).to_be_visible()
    teacher.page.reload()
    expect(teacher.page.get_by_text("先看指挥的手，再出声。")).to_be_visible()
    expect(teacher.page.get_by_text(PRIVATE)).to_have_count(0)

    # For the cluster, pasted from Word and written while the network is away; a pupil's name is pointed out first.
    write(teacher, "用绳子画旋律", "cluster", experience=PASTED, solution="学生王小明的妈妈也来听")
    with teacher.watch.offline():
        teacher.page.fill("[name=problem]", "后排不开口")
        teacher.page.get_by_role("button", name="提交", exact=True).click()
        expect(teacher.page.locator("[name=problem]")).to_have_value("后排不开口")
    with teacher.watch.expecting(422):
        teacher.page.get_by_role("button", name="提交", exact=True).click()
        expect(teacher.page.get_by_text("像是别人的姓名或号码").first).to_be_visible()
    axe(teacher.page)
    teacher.page.fill("[name=solution]", "请一位家长来听")
    send(teacher, "照样提交")
    expect(teacher.page.locator(".prose li", has_text="每组一根绳子")).to_be_visible()
    teacher.page.set_input_files(
        "[name=files]", {"name": "绳子.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    teacher.page.get_by_role("button", name="上传").click()
    expect(teacher.page.get_by_role("img", name="绳子.jpg")).to_be_visible()
    axe(teacher.page)

    # A colleague of another school finds it by its words and by a problem of the same kind, and nothing else.
    colleague.goto("/reflections/problems?q=后排学生不开口")
    expect(colleague.page.get_by_role("link", name="用绳子画旋律").first).to_be_visible()
    axe(colleague.page)
    colleague.goto("/search/?q=旋律")
    expect(colleague.page.get_by_text("用绳子画旋律").first).to_be_visible()
    for hidden in ("起拍", "嗓子", "手，再出声", "下次听她"):
        colleague.goto(f"/search/?q={hidden}")
        expect(colleague.page.get_by_text("林晓岚")).to_have_count(0)

    # The lead proposes it; it stands among the cases when the author has agreed to the words.
    lead.goto("/reflections/")
    lead.page.get_by_role("link", name="用绳子画旋律").first.click()
    lead.page.get_by_role("link", name="推荐为典型").click()
    lead.page.fill("[name=title]", "一根绳子教旋律")
    lead.page.fill("[name=extract]", "每组一根绳子")
    axe(lead.page)
    lead.page.get_by_role("button", name="请作者决定").click()
    colleague.goto("/reflections/cases")
    expect(colleague.page.get_by_text("一根绳子教旋律")).to_have_count(0)
    teacher.page.reload()
    teacher.page.get_by_role("link", name="看推荐").click()
    expect(teacher.page.get_by_text("请您决定")).to_be_visible()
    teacher.page.get_by_role("button", name="同意入选").click()
    expect(teacher.page.get_by_text("已办理").first).to_be_visible()
    colleague.goto("/reflections/cases")
    expect(colleague.page.get_by_text("一根绳子教旋律").first).to_be_visible()

    # At the end of the term two of the three are compiled; the file holds these and no word of others.
    teacher.goto("/reflections/reports/new?form=portfolio")
    teacher.page.fill("[name=title]", "我的一学期")
    for words in ("起拍总是乱", "用绳子画旋律"):
        teacher.page.locator(".form-check", has_text=words).locator("input").check()
    axe(teacher.page)
    teacher.page.get_by_role("button", name="汇编", exact=True).click()
    expect(teacher.page.get_by_role("heading", name="我的一学期")).to_be_visible()
    teacher.page.get_by_role("button", name="生成 PDF").click()
    link = teacher.page.get_by_role("link", name="下载 PDF")
    expect(link).to_be_visible()
    answer = teacher.page.request.get(server.url + link.get_attribute("href"))
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.body())).pages)
    held = [
        each in words.replace("\n", "")
        for each in ("起拍总是乱", "每组一根绳子", "嗓子", "指挥的手", PRIVATE)
    ]
    assert held == [True, True, False, False, False]
