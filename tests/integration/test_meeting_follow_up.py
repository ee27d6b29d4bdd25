"""What follows a meeting: who was there by name, tasks that change hands, minutes on paper, target and actual."""

import io
from datetime import datetime

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from portal.domain.moments import SHANGHAI
from portal.extensions import db
from portal.models import Meeting, MeetingParticipant, MeetingTask, Notification, StoredFile
from portal.queries import meeting_people, meetings
from portal.queries.audit import history
from tests import factories as make

NOTICE = {
    "kind": "monthly",
    "title": "11月成员校例会",
    "starts_on": "2025-11-12",
    "starts_clock": "14:30",
    "place": "麟峰小学三楼会议室",
    "agenda": "一、走教安排",
}


@pytest.fixture
def meeting(app, world) -> Meeting:
    row = Meeting(
        district_id=world.east.id,
        cluster_id=world.cluster.id,
        term_id=world.term.id,
        title="11月成员校例会",
        starts_at=datetime(2025, 11, 12, 14, 30, tzinfo=SHANGHAI),
        agenda="一、走教安排",
        minutes="- 议定两件事",
        state="minuted",
        created_by_id=world.lead.id,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(
        MeetingTask(
            district_id=world.east.id, meeting_id=row.id, text="报走教需求", school_id=world.gongchen.id
        )
    )
    db.session.commit()
    return row


def told(person) -> list[str]:
    rows = sa.select(Notification.kind).filter_by(person_id=person.id).order_by(Notification.id)
    return list(db.session.scalars(rows))


# Who was there


def test_two_hundred_pasted_names_with_five_unknown_get_a_clear_answer(as_, world, meeting):
    names = [f"与会{number:03d}" for number in range(195)]
    for name in names:
        make.person(world.east, name, world.gongchen)
    db.session.commit()
    strangers = ["查无一", "查无二", "查无三", "查无四", "柯启明"]  # the last one is of another district
    pasted = "\n".join(names[:100] + strangers + names[100:])
    address = f"/plans/meetings/{meeting.id}/people"
    answer = as_("lead").post(address, data={"names": pasted})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "已登记 195 人，原来已有 0 人。" in page
    assert "没有找到 5 人：查无一、查无二、查无三、查无四、柯启明" in page
    assert "\n".join(strangers) in page  # what is left to mend stays in the field, and nothing else
    assert "与会007\n" not in page
    assert db.session.scalar(sa.select(sa.func.count()).select_from(MeetingParticipant)) == 195
    again = as_("lead").post(address, data={"names": "\n".join(names)})
    assert again.status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(MeetingParticipant)) == 195
    rows = meetings.attendance_of(meeting)
    assert [(row.school.name, row.status) for row in rows] == [("拱辰中心小学", "present")]
    assert "195 人" in as_("liaison").get(f"/plans/meetings/{meeting.id}").get_data(as_text=True)


def test_names_that_two_bear_ask_for_the_school(as_, world, meeting):
    make.person(world.east, "林晓岚", world.gongchen)
    db.session.commit()
    client, address = as_("lead"), f"/plans/meetings/{meeting.id}/people"
    page = client.post(address, data={"names": "林晓岚\n陈怀瑾"}).get_data(as_text=True)
    assert "有同名的 1 人，请写成“姓名（学校）”：林晓岚" in page
    assert client.post(address, data={"names": "林晓岚（麟峰小学）"}).status_code == 303
    present = {row.person_id for row in meeting_people.participants_of(meeting)}
    assert present == {world.lead.id, world.teacher.id}
    gone = client.post(f"{address}/{world.teacher.id}/remove")
    assert gone.status_code == 303
    assert as_("teacher").get(address).status_code == 404
    assert as_("west_lead").get(address).status_code == 404
    assert as_("nanjiao_principal").post(address, data={"names": "江若谷"}).status_code == 403


def test_a_confirmed_list_is_closed(as_, world, meeting):
    meeting.state, meeting.confirmed_by_id = "confirmed", world.lead.id
    db.session.commit()
    answer = as_("lead").post(f"/plans/meetings/{meeting.id}/people", data={"names": "陈怀瑾"})
    assert (answer.status_code, "要先重新打开" in answer.get_data(as_text=True)) == (409, True)


# Tasks


def test_a_task_changes_hands_with_its_history(as_, world, meeting):
    task = meeting.tasks[0]
    address = f"/plans/tasks/{task.id}/edit"
    data = {
        "text": "报走教和支教需求",
        "school": str(world.nanjiao.id),
        "due_on": "2025-11-28",
        "version": task.version,
    }
    assert as_("principal").post(address, data=data).status_code == 403  # who does it does not move the date
    assert as_("west_lead").post(address, data=data).status_code == 404
    stale = as_("lead").post(address, data={**data, "version": "0"})
    assert (stale.status_code, "报走教需求" in stale.get_data(as_text=True)) == (409, True)
    assert as_("lead").post(address, data=data).status_code == 303
    assert (task.text, task.school.name, str(task.due_on)) == ("报走教和支教需求", "南郊小学", "2025-11-28")
    assert told(world.nanjiao_principal) == ["task_assigned"]
    page = as_("lead").get(address).get_data(as_text=True)
    assert all(words in page for words in ("报走教需求", "拱辰中心小学", "南郊小学", "2025年11月28日"))
    outside = as_("lead").post(
        address, data={**data, "school": str(world.ziyuan.id), "version": task.version}
    )
    assert outside.status_code == 422


def test_a_finished_task_is_reopened_before_it_changes(as_, world, meeting):
    task = meeting.tasks[0]
    step, edit = f"/plans/tasks/{task.id}/step", f"/plans/tasks/{task.id}/edit"
    assert as_("principal").post(step, data={"action": "finish", "version": 1}).status_code == 303
    data = {"text": "改", "school": "", "due_on": ""}
    refused = as_("lead").post(edit, data={**data, "version": task.version})
    assert (refused.status_code, "要先继续办理" in refused.get_data(as_text=True)) == (422, True)
    assert as_("lead").post(step, data={"action": "resume", "version": task.version}).status_code == 303
    assert as_("lead").post(edit, data={**data, "version": task.version}).status_code == 303
    assert [line.action for line in history(task)] == [
        "meeting_task.edit",
        "meeting_task.resume",
        "meeting_task.finish",
    ]


# Days


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (
            "2025-08-28",
            303,
        ),  # D0 六 asks for the cluster's meeting by 31 August: it belongs to the term to come
        ("2025-07-10", 422),
        ("2026-02-20", 422),
        ("2026-01-30", 303),
    ],
)
def test_a_meeting_outside_of_the_term_is_refused_with_its_days(as_, world, day, status):
    data = {**NOTICE, "starts_on": day}
    answer = as_("lead").post(f"/plans/clusters/{world.cluster.id}/meetings/new", data=data)
    assert answer.status_code == status
    if status == 422:
        page = answer.get_data(as_text=True)
        assert f"{day} 不在学期里：2025-2026-1 学期从 2025-09-01 到 2026-01-30" in page
        assert "麟峰小学三楼会议室" in page


def test_the_month_under_way_lacks_nothing_before_it_is_over(as_, world, meeting):
    def november(today):
        strip = meetings.months(world.cluster, world.term, today)
        return next(month.state for month in strip if month.month == 11)

    assert november(world.today) == "soon"  # held on the 12th, minutes not confirmed, today the 19th
    assert november(world.today.replace(month=12, day=1)) == "gap"
    page = as_("lead").get("/plans/").get_data(as_text=True)
    assert ("纪要待确认" in page, "缺纪要" in page.split("12月")[0].split("11月")[-1]) == (True, False)


def test_a_changed_or_cancelled_meeting_is_told(as_, world):
    lead = as_("lead")
    address = f"/plans/clusters/{world.cluster.id}/meetings/new"
    assert lead.post(address, data={**NOTICE, "starts_on": "2025-12-18"}).status_code == 303
    row = db.session.scalars(sa.select(Meeting)).one()
    moved = {**NOTICE, "starts_on": "2025-12-19", "version": row.version}
    assert lead.post(f"/plans/meetings/{row.id}/edit", data=moved).status_code == 303
    retitled = {**moved, "title": "例会", "version": row.version}
    assert lead.post(f"/plans/meetings/{row.id}/edit", data=retitled).status_code == 303
    cancel = {"action": "cancel", "note": "与统考冲突", "version": row.version}
    assert lead.post(f"/plans/meetings/{row.id}/step", data=cancel).status_code == 303
    assert told(world.principal) == ["meeting_scheduled", "meeting_changed", "meeting_cancelled"]


# Target and actual, paper


def test_meetings_stand_against_what_the_scheme_asks_for(as_, world, meeting):
    tallies = meeting_people.tallies_of([world.cluster], world.term)[world.cluster.id]
    assert [(t.counter.key, t.actual, t.target, t.is_met) for t in tallies] == [("meeting", 1, 5, False)]
    west = meeting_people.tallies_of([world.zone], world.west_term)[world.zone.id]
    assert [(t.counter.key, t.actual, t.target) for t in west] == [
        ("meeting", 0, 2),
        ("seminar", 0, 1),
        ("theme", 0, 1),
        ("large_activity", 0, 1),
        ("hearing", 0, 1),
    ]
    team = meeting_people.tallies_of([world.team], world.term)[world.team.id]
    assert [(t.counter.key, t.target, t.is_met) for t in team] == [("meeting", None, False)]  # no number set
    assert "还差 4" in as_("lead").get("/plans/").get_data(as_text=True)
    assert "未设定" in as_("equal_lead").get("/plans/").get_data(as_text=True)


def test_the_assigned_leader_calls_the_hearing(as_, world):
    leader = make.person(world.west, "邱致远")
    make.role(leader, "assigned_leader", cluster_id=world.zone.id)
    make.account(leader, "west_leader")
    db.session.commit()
    data = {**NOTICE, "kind": "hearing", "title": "听取责任区工作汇报"}
    address = f"/plans/clusters/{world.zone.id}/meetings/new"
    assert as_("west_leader").post(address, data=data).status_code == 303
    row = db.session.scalars(sa.select(Meeting)).one()
    minutes = {"minutes": "听取两校汇报", "version": row.version}
    assert as_("west_leader").post(f"/plans/meetings/{row.id}/minutes", data=minutes).status_code == 303
    tallies = meeting_people.tallies_of([world.zone], world.west_term)[world.zone.id]
    assert [t.is_met for t in tallies if t.counter.key == "hearing"] == [True]


def test_minutes_are_printed(as_, world, meeting):
    as_("lead").post(f"/plans/meetings/{meeting.id}/people", data={"names": "陈怀瑾\n吴静姝"})
    assert as_("principal").post(f"/plans/meetings/{meeting.id}/paper").status_code == 303
    file = db.session.scalars(sa.select(StoredFile)).one()
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(file.content)).pages).replace("\n", "")
    expected = ("11月成员校例会纪要", "尚未确认", "走教安排", "议定两件事", "报走教需求", "拱辰中心小学")
    assert [words for words in expected if words not in text] == []
    assert as_("teacher").post(f"/plans/meetings/{meeting.id}/paper").status_code == 404
