"""Groups with dated members, the duty table and responsibility letters through the pages, over both engines."""

import io

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from pypdf import PdfReader

from portal.extensions import db
from portal.models import ClusterGroup, DutyTurn, GroupMember, Notification, ResponsibilityLetter, StoredFile
from portal.queries import groups
from portal.queries.audit import history
from tests.support.plans import GROUP, form_group

MEMBER = {"person": "", "outside": "", "organisation": "", "post": "member", "duty": "", "ends_on": ""}
LETTER = {
    "title": "2025年责任书",
    "targets": "走教不少于 20 节",
    "starts_on": "2025-09-01",
    "ends_on": "2026-07-05",
}


def join(as_, group, who="lead", **changes):
    data = {**MEMBER, "starts_on": "2025-09-01", **changes}
    return as_(who).post(f"/clusters/groups/{group.id}/members", data=data)


def names_on(actor, cluster, day) -> list[tuple]:
    lines = groups.lines_of(actor, day, cluster=cluster)
    return [(line.group.name, [row.shown_name for row in line.members]) for line in lines]


def test_a_group_has_heads_members_and_experts_and_they_are_told(as_, world, actor_of):
    group = form_group(as_, world)
    assert join(as_, group, person="林晓岚", post="head", duty="主持").status_code == 303
    assert join(as_, group, outside="沈教授", organisation="师范学院", post="adviser").status_code == 303
    page = as_("teacher").get(f"/clusters/groups/{group.id}").get_data(as_text=True)
    assert all(words in page for words in ("林晓岚", "组长", "主持", "沈教授", "师范学院", "校外"))
    assert names_on(actor_of("teacher"), world.cluster, world.today) == [
        ("教研工作小组", ["林晓岚", "沈教授"])
    ]
    told = db.session.scalars(sa.select(Notification.kind).filter_by(person_id=world.teacher.id)).all()
    assert told == ["group_joined"]
    assert [line.action for line in history(group)][::-1] == [
        "cluster_group.create",
        "cluster_group.join",
        "cluster_group.join",
    ]


def test_past_lists_stay_as_they_were(as_, world, actor_of):
    from datetime import date

    group = form_group(as_, world)
    join(as_, group, person="林晓岚", post="head")
    join(as_, group, person="周以宁")
    row = db.session.scalars(sa.select(GroupMember).filter_by(person_id=world.teacher.id)).one()
    data = {"post": "head", "duty": "", "starts_on": "2025-09-01", "ends_on": "2025-10-31"}
    address = f"/clusters/group-members/{row.id}/edit"
    assert as_("lead").post(address, data={**data, "version": row.version}).status_code == 303
    lead = actor_of("lead")
    assert names_on(lead, world.cluster, date(2025, 10, 31)) == [("教研工作小组", ["林晓岚", "周以宁"])]
    assert names_on(lead, world.cluster, date(2025, 11, 1)) == [("教研工作小组", ["周以宁"])]
    again = join(as_, group, person="林晓岚", starts_on="2025-10-15")
    assert (again.status_code, "已经在这个小组" in again.get_data(as_text=True)) == (422, True)
    assert join(as_, group, person="林晓岚", starts_on="2025-11-10").status_code == 303
    ended = {**GROUP, "ends_on": "2025-12-31", "version": group.version}
    db.session.refresh(group)
    ended["version"] = group.version
    assert as_("lead").post(f"/clusters/groups/{group.id}/edit", data=ended).status_code == 303
    assert names_on(lead, world.cluster, date(2026, 1, 1)) == []
    assert names_on(lead, world.cluster, date(2025, 10, 1)) == [("教研工作小组", ["林晓岚", "周以宁"])]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "填一位教师，或者填一位校外专家"),
        ({"person": "林晓岚", "outside": "沈教授"}, "填一位教师，或者填一位校外专家"),
        ({"person": "查无此人"}, "没有找到这位教师"),
        ({"person": "柯启明"}, "没有找到这位教师"),
        ({"person": "林晓岚", "starts_on": "2025-08-01"}, "这一天小组还没有成立或已经结束"),
        ({"person": "林晓岚", "ends_on": "2025-08-31"}, "结束日期要在开始日期之后"),
    ],
)
def test_who_cannot_join_is_named_and_nothing_is_written(as_, world, changes, message):
    group = form_group(as_, world)
    answer = join(as_, group, **changes)
    assert (answer.status_code, message in answer.get_data(as_text=True)) == (422, True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(GroupMember)) == 0


def test_a_mistake_is_taken_back_and_stays_in_the_history(as_, world):
    group = form_group(as_, world)
    join(as_, group, person="林晓岚")
    row = db.session.scalars(sa.select(GroupMember)).one()
    address = f"/clusters/group-members/{row.id}/remove"
    assert as_("teacher").post(address).status_code == 403
    assert as_("west_lead").post(address).status_code == 404
    assert as_("lead").post(address, data={"version": 99}).status_code == 409
    assert as_("lead").post(address, data={"version": row.version}).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(GroupMember)) == 0
    page = as_("lead").get(f"/clusters/groups/{group.id}").get_data(as_text=True)
    assert "林晓岚" in page


def test_who_forms_groups_follows_the_profile(as_, world):
    address = f"/clusters/{world.cluster.id}/groups/new"
    assert as_("principal").post(address, data=GROUP).status_code == 403  # directing: the lead's
    assert as_("equal_lead").post(address, data=GROUP).status_code == 404
    equal = f"/clusters/{world.team.id}/groups/new"
    assert as_("equal_member").post(equal, data=GROUP).status_code == 303  # decided jointly among equals
    assert as_("equal_teacher").post(equal, data=GROUP).status_code == 403
    assert as_("lead").post("/clusters/groups/new", data=GROUP).status_code == 403
    district = {**GROUP, "kind": "guidance", "name": "区指导小组"}
    assert as_("bureau").post("/clusters/groups/new", data=district).status_code == 303
    assert "区指导小组" in as_("equal_teacher").get("/clusters/groups").get_data(as_text=True)
    assert "区指导小组" not in as_("west_bureau").get("/clusters/groups").get_data(as_text=True)
    key = db.session.scalars(sa.select(ClusterGroup).filter_by(name="区指导小组")).one().id
    assert as_("west_bureau").get(f"/clusters/groups/{key}").status_code == 404


def test_two_who_edit_a_group_lose_nothing(as_, world):
    group = form_group(as_, world)
    stale = group.version
    edit = f"/clusters/groups/{group.id}/edit"
    assert as_("lead").post(edit, data={**GROUP, "duties": "先写的", "version": stale}).status_code == 303
    answer = as_("bureau").post(edit, data={**GROUP, "duties": "后写的", "version": stale})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "先写的" in page, "后写的" in page) == (409, True, True)


def test_the_list_goes_out_as_excel_and_as_an_annex(as_, world):
    group = form_group(as_, world)
    join(as_, group, person="林晓岚", post="head", duty="主持")
    client = as_("principal")
    book = load_workbook(io.BytesIO(client.get(f"/clusters/{world.cluster.id}/groups.xlsx").data)).active
    assert [[cell.value for cell in row][:6] for row in book.iter_rows(min_row=2)] == [
        ["教研工作小组", "工作小组", "组长", "林晓岚", "麟峰小学", "主持"]
    ]
    answer = client.post(f"/plans/clusters/{world.cluster.id}/groups/paper", data={"on": "2025-11-19"})
    assert answer.status_code == 303
    file = db.session.scalars(sa.select(StoredFile)).one()
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages)
    assert "工作组织名单" in text.replace("\n", "")
    assert "林晓岚" in text
    assert client.get(f"/summaries/files/{file.id}").status_code == 200
    assert as_("lead").get(f"/summaries/files/{file.id}").status_code == 404  # kept for who asked


# The duty table


def test_members_take_turns_and_the_same_weeks_are_not_filled_twice(as_, world):
    client, address = as_("lead"), f"/clusters/{world.cluster.id}/duties"
    data = {"step": "week", "starts_on": "2025-11-17", "ends_on": "2025-12-07", "task": "值周"}
    assert client.post(f"{address}/rotate", data=data).status_code == 303
    turns = groups.turns_of(world.cluster, world.term.first_day, world.term.last_day)
    assert [(turn.school.name, turn.starts_on.day, turn.ends_on.day) for turn in turns] == [
        ("麟峰小学", 17, 23),
        ("拱辰中心小学", 24, 30),
        ("南郊小学", 1, 7),
    ]
    again = client.post(f"{address}/rotate", data=data)
    assert (again.status_code, "已经排过班" in again.get_data(as_text=True)) == (422, True)
    one = {"school": str(world.gongchen.id), "starts_on": "2025-12-08", "ends_on": "2025-12-14", "task": ""}
    assert client.post(address, data=one).status_code == 303
    outside = client.post(address, data={**one, "school": str(world.ziyuan.id)})
    assert outside.status_code == 422
    assert as_("principal").post(address, data=one).status_code == 403
    page = as_("teacher").get(address).get_data(as_text=True)
    assert ("本周期" in page, "值周" in page) == (True, True)
    turn = db.session.scalars(sa.select(DutyTurn).order_by(DutyTurn.starts_on)).first()
    assert client.post(f"/clusters/duties/{turn.id}/remove", data={"version": 1}).status_code == 303
    assert len(groups.turns_of(world.cluster, world.term.first_day, world.term.last_day)) == 3


# Responsibility letters


def test_a_letter_is_set_from_above_and_signed_by_the_principal(as_, world):
    address = f"/clusters/{world.cluster.id}/letters/new"
    own = as_("lead").post(address, data={**LETTER, "school": str(world.linfeng.id)})
    assert (own.status_code, "本校的责任书由上级拟订" in own.get_data(as_text=True)) == (422, True)
    data = {**LETTER, "school": str(world.gongchen.id)}
    assert as_("principal").post(address, data=data).status_code == 404
    assert as_("lead").post(address, data=data).status_code == 303
    letter = db.session.scalars(sa.select(ResponsibilityLetter)).one()
    step = f"/clusters/letters/{letter.id}/step"
    for who, status in (("lead", 403), ("office", 403), ("nanjiao_principal", 404), ("west_lead", 404)):
        assert as_(who).post(step, data={"action": "sign", "version": 1}).status_code == status
    assert as_("principal").post(step, data={"action": "sign", "version": 1}).status_code == 303
    assert (letter.state, letter.signed_by.name, letter.signed_on) == ("signed", "吴静姝", world.today)
    edit = f"/clusters/letters/{letter.id}/edit"
    changed = {**LETTER, "targets": "改了", "result": "已上 22 节", "version": letter.version}
    assert as_("bureau").post(edit, data=changed).status_code == 303
    assert (letter.targets, letter.result) == ("走教不少于 20 节", "已上 22 节")
    again = {"action": "reopen", "note": "目标调整", "version": letter.version}
    assert as_("lead").post(step, data=again).status_code == 303
    assert (letter.state, letter.signed_by_id) == ("drafted", None)
    assert "2025年责任书" not in as_("nanjiao_principal").get("/clusters/letters").get_data(as_text=True)
    assert "2025年责任书" in as_("principal").get("/clusters/letters").get_data(as_text=True)
    assert as_("teacher").get("/clusters/letters").status_code == 403
