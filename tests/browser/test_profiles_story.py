"""A cluster's term in a real browser, once for each profile: the plan, three meetings, two activities, an inspection
with its problem, and an assessment. Who sets, agrees, inspects and scores differs by the profile; what is counted
does not (W5, W6, W7, W11)."""

from collections import namedtuple
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from portal.extensions import db
from portal.models import AssessmentCase, AssessmentRound, Cluster, Inspection, Problem, TermPlan
from tests.cast import people_the_world
from tests.factories import PASSWORD

NOW = datetime(2025, 11, 19, 6, 10, tzinfo=UTC)
Cast = namedtuple("Cast", "name lead member bureau school")
CLUSTERS = {
    "directing": Cast("麟峰小学片区", "lead", "principal", "bureau", "拱辰中心小学"),
    "convenor": Cast("南关责任区", "west_lead", "west_principal", "west_bureau", "古城小学"),
    "equal": Cast("城南组团", "equal_lead", "equal_member", "bureau", "伙伴小学"),
}


def load_cast(app) -> None:
    """The named cast: two districts with a cluster of each profile."""
    app.config["CLOCK"] = lambda: NOW
    people_the_world()
    db.session.commit()


class Story:
    """The term of one cluster, seen through the windows of its lead, a member's principal and the bureau."""

    def __init__(self, profile: str, server, open_page):
        self.profile, self.of = profile, CLUSTERS[profile]
        self.windows = {}
        for side in ("lead", "member", "bureau"):
            self.windows[side] = open_page(server, phone=side == "member")
            self.windows[side].log_in(getattr(self.of, side), PASSWORD)
        row = db.session.scalars(db.select(Cluster).filter_by(name=self.of.name)).one()
        self.cluster, self.district_id = SimpleNamespace(id=row.id), row.district_id
        db.session.rollback()  # the portal writes now

    @property
    def is_equal(self) -> bool:
        return self.profile == "equal"

    def row(self, model):
        """Key and state of the newest row of this kind in the cluster's district."""
        found = db.select(model).filter_by(district_id=self.district_id).order_by(model.id.desc())
        row = db.session.scalars(found).first()
        known = SimpleNamespace(id=row.id, state=row.state)
        db.session.rollback()
        return known

    def open(self, side: str, address: str):
        self.windows[side].goto(address)
        return self.windows[side].page

    def fill(self, side: str, address: str, button: str = "保存", **values: str):
        """Fill the form of a page and send it; a list chooses by its words or its code."""
        page = self.open(side, address)
        for name, value in values.items():
            field = page.locator(f"main [name={name}]").first
            if field.evaluate("(element) => element.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_url(lambda url: not url.endswith(address))
        return page

    def press(self, side: str, address: str, button: str):
        page = self.open(side, address)
        page.get_by_role("button", name=button, exact=True).first.click()
        expect(page.get_by_role("button", name=button, exact=True)).to_have_count(0)
        return page

    def cannot(self, side: str, address: str, button: str) -> None:
        assert self.open(side, address).get_by_role("button", name=button, exact=True).count() == 0

    def plan_the_term(self) -> None:
        page = self.open("lead", "/plans/term/")
        page.locator("tr", has_text=self.of.name).get_by_role("button", name="起草计划").click()
        expect(page.get_by_role("link", name="写分析和目标")).to_be_visible()
        plan = f"/plans/term/{self.row(TermPlan).id}"
        self.fill("lead", f"{plan}/edit", goals="开齐音乐课", weaknesses="音乐教师少")
        self.fill("lead", f"{plan}/items/new", text="每月一次例会", counter="meetings_held", target="3")
        self.fill("lead", f"{plan}/items/new", text="两次联合教研", counter="activities_held", target="2")
        self.cannot("member", plan, "定稿")
        if self.is_equal:
            self.open("lead", plan).get_by_role("button", name="请各校表示同意").click()
            self.press("member", plan, "代表本校同意")
        self.press("lead", plan, "定稿")
        self.press("lead", plan, "报送")
        self.press("bureau", plan, "受理")
        assert self.row(TermPlan).state == "accepted"
        self.progress = f"{plan}/progress"

    def meet(self, day: str) -> None:
        new = f"/plans/clusters/{self.cluster.id}/meetings/new"
        page = self.fill(
            "lead", new, title=f"{day} 例会", starts_on=f"2025-{day}", starts_clock="09:00", agenda="走教安排"
        )
        for school in page.locator("select[name^=status-]").all():
            school.select_option("present")
        page.get_by_role("button", name="保存到会情况").click()
        page.wait_for_load_state()
        page.fill("[name=minutes]", "议定走教课表。")
        page.get_by_role("button", name="保存纪要").click()
        expect(page.get_by_text("纪要待确认").first).to_be_visible()
        address = "/plans/" + page.url.split("/plans/")[1]
        if self.is_equal:  # another partner confirms what the convening one wrote
            self.cannot("lead", address, "确认纪要")
        self.press("member" if self.is_equal else "lead", address, "确认纪要")

    def act_together(self, day: str) -> None:
        new = f"/plans/clusters/{self.cluster.id}/activities/new"
        page = self.fill("lead", new, theme=f"{day} 联合教研", starts_on=f"2025-{day}", starts_clock="14:00")
        page.get_by_role("button", name="登记开展").click()
        expect(page.get_by_text("已开展").first).to_be_visible()

    def inspect(self) -> None:
        """The lead inspects members where the profile lets it; among equal partners the bureau does."""
        side = "bureau" if self.is_equal else "lead"
        new = f"/supervision/clusters/{self.cluster.id}/inspections/new"
        if self.is_equal:
            with self.windows["lead"].watch.expecting(404):
                self.open("lead", new)
        found = {
            "title": "走教落实",
            "held_on": "2025-11-12",
            "inspectors": "督导组",
            "findings": "课表没有上墙",
        }
        self.fill(side, new, "存为草稿", school=self.of.school, **found)
        inspection = f"/supervision/inspections/{self.row(Inspection).id}"
        self.press(side, inspection, "公布")
        words = {"school": self.of.school, "due_on": "2025-11-28"}
        self.fill(side, f"{inspection}/findings/0/problem", **words)
        problem = f"/supervision/problems/{self.row(Problem).id}"
        page = self.open("member", problem)
        page.locator("summary", has_text="整改完成").click()
        page.fill("[name=note]", "课表已经上墙")
        page.get_by_role("button", name="整改完成").click()
        expect(page.get_by_text("待销号").first).to_be_visible()
        self.cannot("member", problem, "确认销号")
        self.press(side, problem, "确认销号")
        assert self.row(Problem).state == "confirmed"

    def assess(self) -> None:
        """The bureau keeps the form; the lead assesses the members in a directing cluster, elsewhere the bureau."""
        lines = "走教开课 | 60 | 课表\n教研参与 | 40 | 签到表"
        self.fill("bureau", "/supervision/templates/new/school", name="学校考核表", lines=lines)
        side = "lead" if self.profile == "directing" else "bureau"
        new = f"/supervision/clusters/{self.cluster.id}/rounds/schools"
        page = self.open(side, new)
        for subject in page.locator("[name=subjects]").all():
            subject.set_checked(
                subject.evaluate("(box) => box.labels[0].textContent.trim()") == self.of.school
            )
        page.fill("[name=title]", "学期考核")
        page.fill("[name=due_on]", "2025-12-31")
        page.get_by_role("button", name="开始考核", exact=True).click()
        expect(page.get_by_text("未设定").first).to_be_visible()  # the weight of the cluster's own result
        result = f"/supervision/rounds/{self.row(AssessmentRound).id}"
        case = f"/supervision/cases/{self.row(AssessmentCase).id}"
        self.fill("member", f"{case}/self", "提交自评", text_0="每周四节", text_1="次次参加")
        self.fill(side, f"{case}/score", "保存评分", points_0="55", points_1="38.5")
        self.cannot("member", result, "公布结果")
        self.press(side, result, "公布结果")
        expect(self.open("member", case).get_by_text("93.5").first).to_be_visible()


@pytest.mark.parametrize("profile", CLUSTERS)
def test_a_term_of_a_cluster(live_server, open_page, profile):
    server = live_server(load_cast)
    server.app.config["CLOCK"] = lambda: NOW
    with server.app.app_context():
        story = Story(profile, server, open_page)
        story.plan_the_term()
        for day in ("09-10", "10-15", "11-12"):
            story.meet(day)
        for day in ("10-22", "11-05"):
            story.act_together(day)
        story.inspect()
        story.assess()
        page = story.open("member", story.progress)
        for words in ("每月一次例会", "两次联合教研"):
            expect(page.locator("tr, li, .todo-item", has_text=words).first).to_contain_text("已完成")
