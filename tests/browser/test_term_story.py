"""A term played in a real browser: from the cluster and its roster to the signed summary as a PDF."""

import io
import re
from datetime import date, timedelta
from pathlib import Path

import pypdf
from playwright.sync_api import expect

from portal.domain import calendar
from portal.extensions import db
from portal.models import Employment, MentoringPair, Person
from tests import factories as make
from tests.factories import PASSWORD
from tests.support.browser import axe

ROSTER = Path(__file__).parents[1] / "fixtures" / "rosters" / "roster-messy.xlsx"
RARE = "喆堃昇犇彧婳䶮𬭎"


def load_story(app) -> None:
    """A district with a calendar, three schools and their people; no cluster and no records yet."""
    today = date.today()  # noqa: DTZ011  (the server that the browser meets runs by the real clock)
    east = make.district("east", "东城区")
    for value in calendar.default_terms(today):
        make.term(east, value.code, value.first_day, value.last_day, value.week_one_monday)
    lead, centre, south = (
        make.school(east, "麟峰小学"),
        make.school(east, "拱辰中心小学", location="rural"),
        make.school(east, "南郊小学", location="rural"),
    )

    def person(account, name, school, role=None, **scope):
        row = make.person(east, name, school)
        if role:
            make.role(row, role, **scope)
        make.account(row, account)
        return row

    for name in ("拱辰第一小学", "拱辰第二小学"):
        make.school(east, name, location="rural", parent_id=centre.id)
    make.school(east, "私立实小", is_public=False)
    person("bureau", "郑书恒", None, "bureau", office="basic_education")
    person("lead", "陈怀瑾", lead, "principal", school_id=lead.id)
    person("principal", "吴静姝", centre, "principal", school_id=centre.id)
    person("south", "江若谷", south, "principal", school_id=south.id)
    person("mentor", "周以宁", lead)
    person("mentee", "江念一", centre)
    person("teacher", "林晓岚", lead)
    db.session.commit()


def test_a_term_from_roster_to_signed_summary(live_server, open_page):
    server = live_server(load_story)
    since = (date.today() - timedelta(days=400)).isoformat()  # noqa: DTZ011
    yesterday = (date.today() - timedelta(days=1)).isoformat()  # noqa: DTZ011

    # The bureau sets up the cluster.
    bureau = open_page(server)
    bureau.log_in("bureau", PASSWORD)
    bureau.goto("/clusters/new")
    bureau.page.fill("[name=name]", "麟峰小学片区")
    bureau.page.fill("[name=since]", since)
    bureau.page.select_option("[name=lead]", label="麟峰小学")
    for member in ("拱辰中心小学", "拱辰第一小学", "拱辰第二小学", "私立实小", "南郊小学"):
        bureau.page.get_by_role("checkbox", name=member).check()
    axe(bureau.page)
    bureau.page.locator("main form .btn-primary").first.click()
    expect(bureau.page.locator("h1")).to_have_text("麟峰小学片区")

    # The lead imports the sample roster: four faults at their cells, the rest is loaded.
    lead = open_page(server)
    lead.log_in("lead", PASSWORD)
    lead.goto("/admin/roster/")
    lead.page.set_input_files("[name=file]", str(ROSTER))
    lead.page.get_by_role("button", name="上传并预览").click()
    for cell in ("E8", "D11", "H15", "C20"):
        expect(lead.page.get_by_text(cell, exact=True).first).to_be_visible()
    axe(lead.page)
    with server.app.app_context():
        before = db.session.scalar(db.select(db.func.count()).select_from(Person))
    lead.page.get_by_role("button", name="确认导入").click()
    expect(lead.page.get_by_text("名册已导入").first).to_be_visible()
    with server.app.app_context():
        after = db.session.scalar(db.select(db.func.count()).select_from(Person))
        db.session.remove()
    assert after - before == 50

    # A member principal logs a meeting with its minutes, and the lead confirms them.
    member = open_page(server)
    member.log_in("principal", PASSWORD)
    member.goto("/plans/meetings/")
    member.page.get_by_role("link", name="安排会议").click()
    member.page.fill("[name=title]", "成员校例会")
    member.page.fill("[name=starts_on]", yesterday)
    member.page.fill("[name=starts_clock]", "14:30")
    member.page.get_by_role("button", name="保存", exact=True).click()
    member.page.fill("[name=minutes]", "- 议定走教安排")
    member.page.get_by_role("button", name="保存纪要").click()
    expect(member.page.get_by_text("纪要待确认").first).to_be_visible()
    axe(member.page)
    lead.goto("/")
    lead.page.get_by_role("link", name="确认 成员校例会 的纪要").click()
    lead.page.get_by_role("button", name="确认纪要").click()
    expect(lead.page.get_by_text("纪要已确认").first).to_be_visible()

    # A mentor records an observation on a phone.
    _make_pair(server)
    mentor = open_page(server, phone=True)
    mentor.log_in("mentor", PASSWORD)
    mentor.goto("/pairing/")
    mentor.page.get_by_role("link", name=re.compile("江念一")).first.click()
    mentor.page.locator("label.chip", has_text="听课").click()
    mentor.page.fill("[name=line]", f"节奏游戏很顺，{RARE}")
    mentor.page.get_by_role("button", name=re.compile("记下|保存")).first.click()
    expect(mentor.page.get_by_text("节奏游戏很顺").first).to_be_visible()
    axe(mentor.page)

    # A teacher writes a reflection on a phone and loses the connection once: nothing is lost.
    teacher = open_page(server, phone=True)
    teacher.log_in("teacher", PASSWORD)
    teacher.goto("/reflections/new")
    teacher.page.fill("[name=experience]", "先画旋律线再唱，后排也开口了")
    with teacher.watch.offline():
        teacher.page.fill("[name=problem]", "断网时写的一句")
        teacher.page.wait_for_timeout(3000)
        teacher.page.get_by_role("button", name="提交").click()
        expect(teacher.page.locator("[name=problem]")).to_have_value("断网时写的一句")
    axe(teacher.page)
    teacher.page.get_by_role("button", name="提交").click()
    expect(teacher.page.get_by_text("反思日志已提交").first).to_be_visible()
    expect(teacher.page.get_by_text("断网时写的一句")).to_be_visible()

    # The lead writes and signs the summary; its PDF holds the figures that the page shows.
    lead.goto("/summaries/")
    lead.page.get_by_role("button", name=re.compile("开始撰写")).first.click()
    for number in range(5):
        text = lead.page.locator("[name=text]")
        text.fill(f"第{number + 1}部分的叙述，人名有{RARE}。")
        lead.page.get_by_role("button", name="完成这一部分").click()
        following = lead.page.locator("ol.tasks a", has_text=re.compile("")).nth(min(number + 1, 4))
        if number < 4:
            following.click()
    axe(lead.page)
    shown = lead.page.locator(".computed").first.inner_text()
    lead.page.get_by_role("button", name="签署", exact=True).click()
    expect(lead.page.get_by_text("已签署").first).to_be_visible()
    lead.page.get_by_role("button", name="生成 PDF").click()
    link = lead.page.get_by_role("link", name=re.compile("PDF")).first
    expect(link).to_be_visible(timeout=30_000)
    with lead.page.expect_download() as download:
        link.click()
    pdf = pypdf.PdfReader(io.BytesIO(Path(download.value.path()).read_bytes()))
    printed = re.sub(r"\s", "", "".join(page.extract_text() for page in pdf.pages))
    figures = re.findall(r"\d+(?:人次|人|次|对|篇|节)", re.sub(r"\s", "", shown))
    assert figures
    assert [figure for figure in figures if figure not in printed] == []
    assert [character for character in RARE if character not in printed] == []
    assert "〓" not in printed
    assert unembedded_fonts(pdf) == []


def _make_pair(server) -> None:
    """An active pair of mentor and mentee, as both have accepted it."""
    with server.app.app_context():
        people = {p.name: p for p in db.session.scalars(db.select(Person))}
        from portal.models import Cluster

        cluster = db.session.scalars(db.select(Cluster)).one()
        school = db.session.scalars(
            db.select(Employment.school_id).where(Employment.person_id == people["江念一"].id)
        ).one()
        db.session.add(
            MentoringPair(
                district_id=cluster.district_id,
                cluster_id=cluster.id,
                mentor_id=people["周以宁"].id,
                mentee_id=people["江念一"].id,
                mentee_school_id=school,
                subject="音乐",
                mentor_accepted=True,
                mentee_accepted=True,
                state="active",
                starts_on=date.today() - timedelta(days=30),  # noqa: DTZ011
                created_by_id=people["陈怀瑾"].id,
            )
        )
        db.session.commit()
        db.session.remove()


def unembedded_fonts(pdf) -> list[str]:
    """The fonts of a document that are named but not carried in it."""
    found = []
    for page in pdf.pages:
        for font in (page["/Resources"].get("/Font") or {}).values():
            font = font.get_object()
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            descriptor = inner.get("/FontDescriptor")
            carried = descriptor and any(key.startswith("/FontFile") for key in descriptor.get_object())
            if not carried:
                found.append(str(font.get("/BaseFont")))
    return found
