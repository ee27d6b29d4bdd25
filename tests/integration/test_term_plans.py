"""Term plans through the pages, from draft to accepted edition, over both engines (W5, S4-46 to S4-48, S1-75)."""

import io
import threading
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from pypdf import PdfReader

from portal.actions import term_plans as actions
from portal.domain.moments import SHANGHAI
from portal.extensions import db
from portal.models import (
    Activity,
    Meeting,
    MeetingTask,
    Notification,
    PlanConsent,
    PlanItem,
    StoredFile,
    SummarySection,
    TermPlan,
    TermSummary,
)
from portal.queries import plan_lines, term_plans, todo
from portal.queries.audit import history
from tests.conftest import NOW
from tests.support.plans import ITEM, add_item, begin_plan, form_group, step, write_plan


def told(person) -> list[str]:
    rows = sa.select(Notification.kind).filter_by(person_id=person.id).order_by(Notification.id)
    return list(db.session.scalars(rows))


def hold_activity(world, kind="zone_research", **facts) -> None:
    row = Activity(
        district_id=world.east.id,
        cluster_id=world.cluster.id,
        term_id=world.term.id,
        kind=kind,
        theme="联合教研",
        host_school_id=world.linfeng.id,
        starts_at=datetime(2025, 10, 16, 9, tzinfo=SHANGHAI),
        state="held",
        created_by_id=world.lead.id,
        **facts,
    )
    db.session.add(row)
    db.session.commit()


def ready_plan(as_, world, who="lead", cluster=None) -> TermPlan:
    plan = begin_plan(as_, world, who, cluster)
    assert write_plan(as_, plan, who).status_code == 303
    add_item(as_, plan, who)
    db.session.refresh(plan)
    return plan


def test_a_directing_lead_sets_submits_and_the_bureau_accepts(as_, world):
    plan = ready_plan(as_, world)
    assert step(as_, plan, "principal", "set").status_code == 403
    assert step(as_, plan, "lead", "set").status_code == 303
    assert step(as_, plan, "lead", "submit").status_code == 303
    assert (plan.state, plan.submitted_on) == ("submitted", world.today)
    assert told(world.bureau) == ["plan_submitted"]
    back = step(as_, plan, "bureau", "return", "请写明成果标准")
    assert (back.status_code, plan.state, plan.edition, plan.state_note) == (
        303,
        "drafting",
        2,
        "请写明成果标准",
    )
    assert told(world.lead) == ["plan_returned"]
    write_plan(as_, plan, goals="开齐音乐课")
    for who, action in (("lead", "set"), ("lead", "submit"), ("bureau", "accept")):
        assert step(as_, plan, who, action).status_code == 303
    assert (plan.state, [each.edition for each in term_plans.editions_of(plan)]) == ("accepted", [2, 1])
    page = as_("teacher").get(f"/plans/term/{plan.id}/editions/2").get_data(as_text=True)
    assert all(words in page for words in ("和第 1 稿的不同", "开齐课程", "开齐音乐课", "联合教研四次"))
    old = as_("teacher").get(f"/plans/term/{plan.id}/editions/1").get_data(as_text=True)
    assert ("开齐课程" in old, "开齐音乐课" in old) == (True, False)
    assert as_("teacher").get(f"/plans/term/{plan.id}/editions/3").status_code == 404


def test_a_late_plan_is_marked_by_its_first_submission(as_, world, actor_of):
    plan = ready_plan(as_, world)
    lines = plan_lines.all_lines(actor_of("bureau"), world.term, world.today)
    assert [(line.cluster.name, line.state, line.due, line.is_late) for line in lines] == [
        ("城南组团", "none", date(2025, 9, 8), True),
        ("麟峰小学片区", "drafting", date(2025, 8, 31), True),
    ]
    for action in ("set", "submit"):
        step(as_, plan, "lead", action)
    plan.submitted_on = date(2025, 8, 30)
    db.session.commit()
    lines = plan_lines.all_lines(actor_of("bureau"), world.term, world.today, late=True)
    assert [line.cluster.name for line in lines] == ["城南组团"]
    page = as_("bureau").get("/plans/term/?state=submitted").get_data(as_text=True)
    assert ("麟峰小学片区" in page, "2025年8月31日" in page) == (True, True)
    book = load_workbook(io.BytesIO(as_("bureau").get("/plans/term/list.xlsx").data)).active
    assert [row[0].value for row in book.iter_rows(min_row=2)] == ["城南组团", "麟峰小学片区"]
    unset = as_("west_lead").get("/plans/term/").get_data(as_text=True)
    assert ("未设定" in unset, "逾期</span>" in unset) == (True, False)  # E5 sets no day


def test_equal_partners_all_agree_before_the_plan_is_set(as_, world):
    plan = ready_plan(as_, world, "equal_lead", world.team)
    waiting = step(as_, plan, "equal_lead", "set")
    assert (waiting.status_code, plan.state) == (409, "drafting")
    assert as_("equal_lead").post(f"/plans/term/{plan.id}/ask").status_code == 303
    assert told(world.equal_member) == ["plan_for_consent"]
    agree = f"/plans/term/{plan.id}/agree"
    assert as_("equal_lead").post(agree, data={"version": plan.version}).status_code == 409
    assert as_("equal_teacher").post(agree, data={"version": plan.version}).status_code == 403
    stale = as_("equal_member").post(agree, data={"version": plan.version - 1})
    assert stale.status_code == 409
    assert as_("equal_member").post(agree, data={"version": plan.version}).status_code == 303
    add_item(as_, plan, "equal_member", text="后加的")  # any member may write, and every consent lapses
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlanConsent)) == 0
    db.session.refresh(plan)
    assert as_("equal_member").post(agree, data={"version": plan.version}).status_code == 303
    assert step(as_, plan, "equal_lead", "set").status_code == 303
    assert plan.state == "agreed"
    kinds = [line.action for line in history(plan)]
    assert kinds[0] == "term_plan.set"
    assert "term_plan.consents_lapse" in kinds


def test_a_plan_without_goals_or_items_is_not_set(as_, world):
    plan = begin_plan(as_, world)
    answer = step(as_, plan, "lead", "set")
    assert (answer.status_code, "还没有写目标" in answer.get_data(as_text=True)) == (409, True)
    write_plan(as_, plan)
    answer = step(as_, plan, "lead", "set")
    assert (answer.status_code, "还没有工作事项" in answer.get_data(as_text=True)) == (409, True)


def test_what_is_set_changes_by_an_amendment_alone(as_, world):
    plan = ready_plan(as_, world)
    item = db.session.scalars(sa.select(PlanItem)).one()
    step(as_, plan, "lead", "set")
    refused = write_plan(as_, plan, goals="偷改")
    assert (refused.status_code, "计划已定稿" in refused.get_data(as_text=True)) == (422, True)
    more = as_("lead").post(f"/plans/term/{plan.id}/items/new", data=ITEM)
    assert (more.status_code, "计划已定稿" in more.get_data(as_text=True)) == (422, True)
    gone = as_("lead").post(f"/plans/items/{item.id}/remove", data={"version": item.version})
    assert gone.status_code == 409
    assert step(as_, plan, "lead", "amend", "增加一项").status_code == 303
    assert (plan.state, plan.edition) == ("drafting", 2)


def test_progress_is_counted_from_the_records(as_, world):
    plan = begin_plan(as_, world)
    add_item(as_, plan, counter="activities_held", target="2")
    add_item(as_, plan, text="论坛一次", counter="activity:forum", target="1", due_on="2025-10-31")
    add_item(as_, plan, text="月例会", counter="meetings_held")
    add_item(as_, plan, text="修订制度", due_on="2025-11-28", owner=f"school:{world.gongchen.id}")

    def states():
        lines = term_plans.progress_of(plan, world.today)
        return {
            each.item.text: (each.progress.state, each.progress.actual, each.progress.target)
            for each in lines
        }

    assert states() == {
        "联合教研四次": ("open", 0, 2),
        "论坛一次": ("late", 0, 1),
        "月例会": ("open", 0, 5),  # D0: one in each month of the term
        "修订制度": ("open", None, None),
    }
    hold_activity(world)
    hold_activity(world, "forum")
    own = next(item for item in plan.items if item.text == "修订制度")
    finish = {"action": "finish", "version": own.version}
    assert as_("teacher").post(f"/plans/items/{own.id}/step", data=finish).status_code == 403
    assert as_("principal").post(f"/plans/items/{own.id}/step", data=finish).status_code == 303
    counted = next(item for item in plan.items if item.counter == "activities_held")
    refused = as_("lead").post(f"/plans/items/{counted.id}/step", data={"action": "finish", "version": 1})
    assert refused.status_code == 409
    assert states() == {
        "联合教研四次": ("done", 2, 2),
        "论坛一次": ("done", 1, 1),
        "月例会": ("open", 0, 5),
        "修订制度": ("done", None, None),
    }
    page = as_("teacher").get(f"/plans/term/{plan.id}/progress?state=done").get_data(as_text=True)
    assert ("论坛一次" in page, "月例会" in page.split("progress_list")[1]) == (True, False)
    book = load_workbook(
        io.BytesIO(as_("lead").get(f"/plans/term/{plan.id}/progress.xlsx?state=open").data)
    ).active
    assert [row[0].value for row in book.iter_rows(min_row=2)] == ["月例会"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text": ""}, "请填写这一项"),
        ({"due_on": "2026-02-28"}, "完成期限要在学期结束"),
        ({"target": "3"}, "填了目标数，就要选按什么计数"),
        ({"counter": "nothing"}, "请从列出的选项里选择"),
        ({"owner": "school:other"}, "请从列出的选项里选择"),
        ({"person": "查无此人"}, "没有找到这位教师"),
        ({"owner": "school:mine", "person": "林晓岚"}, "责任方和责任人只填一个"),
    ],
)
def test_an_item_that_cannot_be_says_why_and_keeps_what_was_typed(as_, world, changes, message):
    plan = begin_plan(as_, world)
    keys = {"school:mine": f"school:{world.gongchen.id}", "school:other": f"school:{world.ziyuan.id}"}
    data = {
        **ITEM,
        "measure": "每月一次",
        **{name: keys.get(value, value) for name, value in changes.items()},
    }
    answer = as_("lead").post(f"/plans/term/{plan.id}/items/new", data=data)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, message in page, "每月一次" in page) == (422, True, True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlanItem)) == 0


def test_the_head_of_a_group_writes_its_part_and_reports_on_its_items(as_, world):
    group = form_group(as_, world)
    member = {"person": "江念一", "post": "head", "starts_on": "2025-09-01", "outside": "", "ends_on": ""}
    as_("lead").post(f"/clusters/groups/{group.id}/members", data=member)
    plan = begin_plan(as_, world)
    part = f"/plans/term/{plan.id}/parts/{group.id}"
    assert as_("teacher").post(part, data={"text": "不是组长"}).status_code == 403
    assert as_("mentee").post(part, data={"text": "- 每月教研一次"}).status_code == 303
    stale = as_("lead").post(part, data={"text": "- 另一稿", "version": "0"})
    assert (stale.status_code, "每月教研一次" in stale.get_data(as_text=True)) == (409, True)
    item = add_item(as_, plan, owner=f"group:{group.id}")
    report = {"result": "已开三次", "version": item.version}
    assert as_("teacher").post(f"/plans/items/{item.id}/report", data=report).status_code == 403
    assert as_("mentee").post(f"/plans/items/{item.id}/report", data=report).status_code == 303
    assert item.result == "已开三次"
    page = as_("teacher").get(f"/plans/term/{plan.id}").get_data(as_text=True)
    assert ("每月教研一次" in page, "教研工作小组" in page) == (True, True)


def test_what_the_last_term_left_open_is_carried_once(as_, world):
    last = TermPlan(
        district_id=world.east.id,
        cluster_id=world.cluster.id,
        term_id=world.last_term.id,
        created_by_id=world.lead.id,
    )
    meeting = Meeting(
        district_id=world.east.id,
        cluster_id=world.cluster.id,
        term_id=world.last_term.id,
        title="6月例会",
        starts_at=datetime(2025, 6, 12, 9, tzinfo=SHANGHAI),
        created_by_id=world.lead.id,
    )
    summary = TermSummary(district_id=world.east.id, cluster_id=world.cluster.id, term_id=world.last_term.id)
    db.session.add_all([last, meeting, summary])
    db.session.flush()
    base = {"district_id": world.east.id}
    db.session.add_all(
        [
            PlanItem(**base, plan_id=last.id, text="没办完的", criteria="办完", school_id=world.gongchen.id),
            PlanItem(**base, plan_id=last.id, text="办完的", state="done"),
            MeetingTask(**base, meeting_id=meeting.id, text="会上定的", school_id=world.gongchen.id),
            MeetingTask(**base, meeting_id=meeting.id, text="会上办结的", state="done"),
            SummarySection(
                **base, summary_id=summary.id, key="problems", position=4, text="音乐教师不足，要早做准备"
            ),
        ]
    )
    db.session.commit()
    plan = begin_plan(as_, world)
    left = plan_lines.left_over(plan)
    assert [each.item.text for each in left.items] == ["没办完的"]
    assert [task.text for task in left.tasks] == ["会上定的"]
    address = f"/plans/term/{plan.id}/carry"
    page = as_("lead").get(address).get_data(as_text=True)
    assert all(words in page for words in ("没办完的", "会上定的", "音乐教师不足，要早做准备"))
    chosen = {"item": str(left.items[0].item.id), "task": str(left.tasks[0].id), "lessons": "y"}
    assert as_("lead").post(address, data=chosen).status_code == 303
    db.session.refresh(plan)
    assert [(item.text, item.criteria, item.carried_from) for item in plan.items] == [
        ("没办完的", "办完", "2024-2025-2 计划"),
        ("会上定的", "", "2024-2025-2 6月例会"),
    ]
    assert plan.lessons == "音乐教师不足，要早做准备"
    again = as_("lead").post(address, data=chosen)
    assert (again.status_code, "已经沿用的不会重复" in again.get_data(as_text=True)) == (422, True)
    assert len(plan.items) == 2


def test_two_who_write_the_plan_at_once_lose_nothing(as_, world):
    plan = begin_plan(as_, world)
    stale = plan.version
    assert write_plan(as_, plan, goals="先写的").status_code == 303
    answer = as_("lead").post(
        f"/plans/term/{plan.id}/edit", data={"goals": "后写的", "meeting": "", "version": stale}
    )
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "先写的" in page, "后写的" in page) == (409, True, True)
    assert db.session.get(TermPlan, (plan.district_id, plan.id)).goals == "先写的"


def test_a_lead_who_saw_an_older_plan_does_not_set_it(as_, world):
    plan = ready_plan(as_, world)
    seen = plan.version
    add_item(as_, plan, text="刚加的")
    answer = as_("lead").post(f"/plans/term/{plan.id}/step", data={"action": "set", "version": seen})
    assert answer.status_code == 409
    db.session.refresh(plan)
    assert plan.state == "drafting"


def test_beginning_twice_at_once_makes_one_plan(app, world, actor_of):
    lead, found, barrier = actor_of("lead"), [], threading.Barrier(2)
    cluster_id, term_id, district_id = world.cluster.id, world.term.id, world.east.id

    def begin():
        with app.app_context():
            from portal.models import Cluster, Term

            barrier.wait(5)
            from portal.database import begin_reading

            begin_reading(False)
            cluster = db.session.get(Cluster, (district_id, cluster_id))
            plan = actions.begin(lead, cluster, db.session.get(Term, (district_id, term_id)), now=NOW)
            db.session.commit()
            found.append(plan.id)
            db.session.remove()

    db.session.commit()
    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 2
    assert len(set(found)) == 1


def test_the_plan_waits_on_the_home_page(as_, world, actor_of):
    def waits(who):
        return [
            item.what % item.words
            for item in todo.waiting_for(actor_of(who), world.today)
            if item.kind == "学期计划"
        ]

    assert waits("lead") == ["起草 麟峰小学片区学期计划"]
    plan = ready_plan(as_, world)
    assert waits("lead") == ["定稿 麟峰小学片区学期计划"]
    step(as_, plan, "lead", "set")
    assert waits("lead") == ["报送 麟峰小学片区学期计划"]
    step(as_, plan, "lead", "submit")
    assert (waits("lead"), waits("bureau")) == ([], ["受理 麟峰小学片区学期计划"])
    step(as_, plan, "bureau", "accept")
    assert (waits("bureau"), waits("teacher")) == ([], [])
    equal = ready_plan(as_, world, "equal_lead", world.team)
    assert waits("equal_member") == ["请贵校同意 城南组团学期计划"]
    as_("equal_member").post(f"/plans/term/{equal.id}/agree", data={"version": equal.version})
    assert waits("equal_member") == []


def test_the_plan_is_printed_as_it_was_set(as_, world):
    plan = ready_plan(as_, world)
    step(as_, plan, "lead", "set")
    assert as_("principal").post(f"/plans/term/{plan.id}/paper").status_code == 303
    file = db.session.scalars(sa.select(StoredFile)).one()
    pages = PdfReader(io.BytesIO(file.content)).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "")
    assert all(words in text for words in ("工作计划", "区教育局", "开齐课程", "联合教研四次", "陈怀瑾"))
    assert "草稿" not in text
    as_("principal").post(f"/plans/term/{plan.id}/paper")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) == 1  # made once
    assert as_("west_lead").post(f"/plans/term/{plan.id}/paper").status_code == 404


def test_others_do_not_see_the_plan_and_teachers_only_read_it(as_, world):
    plan = ready_plan(as_, world)
    item = db.session.scalars(sa.select(PlanItem)).one()
    for address in (f"/plans/term/{plan.id}", f"/plans/items/{item.id}", f"/plans/term/{plan.id}/progress"):
        statuses = [as_(who).get(address).status_code for who in ("teacher", "equal_lead", "west_bureau")]
        assert statuses == [200, 404, 404]
    for who, status in (("teacher", 403), ("principal", 403), ("equal_lead", 404), ("west_lead", 404)):
        assert as_(who).post(f"/plans/term/{plan.id}/edit", data={}).status_code == status
        assert as_(who).post(f"/plans/items/{item.id}/edit", data={}).status_code == status
    over = as_("lead").post(
        f"/plans/clusters/{world.cluster.id}/term-plan", data={"term": world.last_term.code}
    )
    assert over.status_code == 409
