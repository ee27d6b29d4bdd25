"""Meetings through the pages: notice, minutes, attendance, confirmation, conflicts."""

import pytest

from portal.extensions import db
from portal.models import Meeting, MeetingTask
from portal.queries import meetings
from portal.queries.audit import history

NOTICE = {
    "kind": "monthly",
    "title": "10月成员校例会",
    "starts_on": "2025-10-16",
    "starts_clock": "14:30",
    "place": "麟峰小学三楼会议室",
    "agenda": "一、走教安排\n二、联合教研",
}


def schedule(as_, world, who="principal", **changes):
    answer = as_(who).post(f"/plans/clusters/{world.cluster.id}/meetings/new", data={**NOTICE, **changes})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return db.session.scalars(db.select(Meeting)).one()


def test_meeting_runs_from_notice_to_confirmed_minutes(as_, world):
    meeting = schedule(as_, world)
    member = as_("principal")
    saved = member.post(
        f"/plans/meetings/{meeting.id}/minutes", data={"minutes": "- 议定两件事", "version": meeting.version}
    )
    assert (saved.status_code, meeting.state, meeting.minutes) == (303, "minuted", "- 议定两件事")
    confirmed = as_("lead").post(
        f"/plans/meetings/{meeting.id}/step", data={"action": "confirm", "version": meeting.version}
    )
    assert (confirmed.status_code, meeting.state, meeting.confirmed_by.name) == (303, "confirmed", "陈怀瑾")
    page = member.get(f"/plans/meetings/{meeting.id}").get_data(as_text=True)
    assert "纪要已确认" in page
    assert "议定两件事" in page


def test_minutes_that_wait_are_not_emptied_and_emptied_ones_stand_in_the_history(as_, world):
    meeting = schedule(as_, world)
    member, lead = as_("principal"), as_("lead")
    minutes, step = f"/plans/meetings/{meeting.id}/minutes", f"/plans/meetings/{meeting.id}/step"
    member.post(minutes, data={"minutes": "议定两件事", "version": meeting.version})
    empty = member.post(minutes, data={"minutes": "", "version": meeting.version})
    assert (empty.status_code, meeting.state, meeting.minutes) == (422, "minuted", "议定两件事")
    lead.post(step, data={"action": "return", "note": "请补上分工", "version": meeting.version})
    empty = member.post(minutes, data={"minutes": "", "version": meeting.version})
    assert (empty.status_code, meeting.state, meeting.minutes) == (303, "held", "")
    assert history(meeting)[0].changes == (("minutes", "议定两件事", ""),)


@pytest.mark.promise(11)
def test_stale_minutes_are_kept_beside_the_saved_ones(as_, world):
    meeting = schedule(as_, world)
    stale = meeting.version
    client = as_("principal")
    client.post(f"/plans/meetings/{meeting.id}/minutes", data={"minutes": "先保存的", "version": stale})
    answer = client.post(
        f"/plans/meetings/{meeting.id}/minutes", data={"minutes": "后保存的", "version": stale}
    )
    page = answer.get_data(as_text=True)
    assert (answer.status_code, meeting.minutes) == (409, "先保存的")
    assert "先保存的" in page
    assert "后保存的" in page


def test_attendance_counts_each_member_school_once(as_, world):
    meeting = schedule(as_, world)
    client = as_("lead")
    data = {
        f"status-{world.linfeng.id}": "present",
        f"who-{world.linfeng.id}": "陈怀瑾",
        f"status-{world.gongchen.id}": "leave",
        f"status-{world.ziyuan.id}": "present",
        "version": meeting.version,
    }
    for _ in range(2):
        data["version"] = meeting.version
        assert client.post(f"/plans/meetings/{meeting.id}/attendance", data=data).status_code == 303
    rows = [(r.school.name, r.status, r.heads, r.represented_by) for r in meetings.attendance_of(meeting)]
    assert rows == [("拱辰中心小学", "leave", 0, ""), ("麟峰小学", "present", 1, "陈怀瑾")]


def test_month_strip_shows_the_gap_and_the_confirmed_month(as_, world, actor_of):
    meeting = schedule(as_, world)
    states = [(m.month, m.state) for m in meetings.months(world.cluster, world.term, world.today)]
    assert states == [(9, "gap"), (10, "gap"), (11, "none"), (12, "none"), (1, "none")]
    meeting.minutes, meeting.state, meeting.confirmed_by_id = "好", "confirmed", world.lead.id
    db.session.commit()
    states = [(m.month, m.state) for m in meetings.months(world.cluster, world.term, world.today)]
    assert states == [(9, "gap"), (10, "ok"), (11, "none"), (12, "none"), (1, "none")]


def test_minutes_before_the_meeting_are_refused_with_the_text_kept(as_, world):
    meeting = schedule(as_, world, starts_on="2025-12-18")
    answer = as_("principal").post(
        f"/plans/meetings/{meeting.id}/minutes", data={"minutes": "提前写的", "version": meeting.version}
    )
    assert (answer.status_code, meeting.state) == (422, "scheduled")
    assert "会议还没有开，先不用写纪要" in answer.get_data(as_text=True)
    assert "提前写的" in answer.get_data(as_text=True)


def test_equal_partners_confirm_each_others_minutes(as_, world):
    answer = as_("equal_member").post(f"/plans/clusters/{world.team.id}/meetings/new", data=NOTICE)
    assert answer.status_code == 303
    meeting = db.session.scalars(db.select(Meeting)).one()
    meeting.minutes, meeting.state = "议定", "minuted"
    db.session.commit()
    step = {"action": "confirm"}
    assert as_("equal_member").post(f"/plans/meetings/{meeting.id}/step", data=step).status_code == 403
    assert as_("equal_lead").post(f"/plans/meetings/{meeting.id}/step", data=step).status_code == 303


def test_equal_partners_finish_what_was_decided_for_all(as_, world):
    as_("equal_member").post(f"/plans/clusters/{world.team.id}/meetings/new", data=NOTICE)
    meeting = db.session.scalars(db.select(Meeting)).one()
    tasks = f"/plans/meetings/{meeting.id}/tasks"
    for school in ("", str(world.ziyuan.id)):
        assert as_("equal_member").post(tasks, data={"text": "交流计划", "school": school}).status_code == 303
    for_all, for_one = db.session.scalars(db.select(MeetingTask).order_by(MeetingTask.id))
    finish = {"action": "finish"}
    assert as_("equal_member").post(f"/plans/tasks/{for_one.id}/step", data=finish).status_code == 403
    assert as_("equal_member").post(f"/plans/tasks/{for_all.id}/step", data=finish).status_code == 303
    assert (for_all.state, for_one.state) == ("done", "open")


def test_a_wrong_form_comes_back_with_what_was_typed(as_, world):
    answer = as_("lead").post(
        f"/plans/clusters/{world.cluster.id}/meetings/new", data={**NOTICE, "title": "", "starts_on": "昨天"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "请填写这一项" in page
    assert "麟峰小学三楼会议室" in page


def test_list_filters_by_state_and_swaps_as_a_block(as_, world):
    schedule(as_, world)
    client = as_("liaison")
    whole = client.get("/plans/meetings/?state=scheduled").get_data(as_text=True)
    assert "10月成员校例会" in whole
    block = client.get("/plans/meetings/?state=confirmed", htmx="meeting_list").get_data(as_text=True)
    assert "没有符合条件的会议" in block
    assert "<html" not in block


def test_decisions_become_tasks_that_the_schools_finish_or_drop(as_, world):
    meeting = schedule(as_, world, who="lead", starts_on="2025-11-13")
    lead, member = as_("lead"), as_("principal")
    tasks = f"/plans/meetings/{meeting.id}/tasks"
    for text, school in (("各校报走教需求", ""), ("拱辰报音乐缺口", str(world.gongchen.id))):
        data = {"text": text, "school": school, "due_on": "2025-11-28"}
        assert lead.post(tasks, data=data).status_code == 303
    assert lead.post(tasks, data={"text": "外区", "school": str(world.nanguan.id)}).status_code == 422
    everyone, ours = db.session.scalars(db.select(MeetingTask).order_by(MeetingTask.id))
    page = lead.get(f"/plans/meetings/{meeting.id}").get_data(as_text=True)  # both with their buttons
    assert ("各校报走教需求" in page, "拱辰报音乐缺口" in page) == (True, True)

    def step(client, task, action, note=""):
        data = {"action": action, "note": note, "version": task.version}
        return client.post(f"/plans/tasks/{task.id}/step", data=data).status_code

    assert step(member, ours, "finish") == 303
    assert step(member, everyone, "finish") == 403  # of all schools: the lead's to finish
    assert step(lead, everyone, "drop") == 409
    assert step(lead, everyone, "drop", "并入年度计划") == 303
    assert (ours.state, everyone.state, everyone.state_note) == ("done", "dropped", "并入年度计划")


def test_a_meeting_that_was_held_stays_in_the_past(as_, world):
    meeting = schedule(as_, world)
    lead, address = as_("lead"), f"/plans/meetings/{meeting.id}/edit"
    blank = lead.post(
        f"/plans/meetings/{meeting.id}/minutes", data={"minutes": "\u200b", "version": meeting.version}
    )
    assert (blank.status_code, meeting.minutes, meeting.state) == (303, "", "held")
    lead.post(f"/plans/meetings/{meeting.id}/minutes", data={"minutes": "议定", "version": meeting.version})
    moved = lead.post(address, data={**NOTICE, "starts_on": "2026-01-08", "version": meeting.version})
    assert (moved.status_code, "时间不能改到以后" in moved.text) == (422, True)
    typed = lead.post(address, data={**NOTICE, "starts_on": "9999-12-31", "version": meeting.version})
    assert (typed.status_code, "日期：请检查年份" in typed.text) == (422, True)
    earlier = lead.post(address, data={**NOTICE, "starts_on": "2025-10-15", "version": meeting.version})
    assert earlier.status_code == 303
    page = lead.get(f"/plans/meetings/{meeting.id}").text
    assert "2025年10月16日 周四 14:30" in page  # the history, on the district's clock
