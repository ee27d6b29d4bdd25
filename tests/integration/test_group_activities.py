"""A group holds activities: offered while it is there, listed on its page, at its summary and in the annex (S1-71)."""

import re
from datetime import UTC, date, datetime

from portal.extensions import db
from portal.models import Activity, ActivityParticipant, ClusterGroup, GroupMember
from portal.queries import group_activities, summary_annexes
from portal.web import history_of
from tests.integration.test_activities import PLAN
from tests.integration.test_search import found
from tests.support.plans import form_group

TERM = {"term": "2025-2026-1"}


def text(answer) -> str:
    return answer.get_data(as_text=True)


def register(as_, world, group, who="principal", **changes):
    data = {**PLAN, "host_school": str(world.gongchen.id), "group": str(group.id) if group else "", **changes}
    return as_(who).post(f"/plans/clusters/{world.cluster.id}/activities/new", data=data)


def latest() -> Activity:
    return db.session.scalars(db.select(Activity).order_by(Activity.id.desc()).limit(1)).one()


def chosen(page: str, field: str) -> list[tuple[str, bool]]:
    """The choices of a select: key, and whether it is the one that stands."""
    box = re.search(rf'<select[^>]* name="{field}".*?</select>', page, re.DOTALL).group()
    return [(key, bool(mark)) for mark, key in re.findall(r'<option( selected)? value="([^"]*)"', box)]


def test_the_form_offers_groups_of_the_cluster_that_are_there(as_, world):
    group = form_group(as_, world)
    ended = form_group(as_, world, name="上学年小组", ends_on="2025-10-01")
    equal = form_group(as_, world, "equal_lead", name="别的片区的小组", cluster=world.team)
    as_("bureau").post(
        "/clusters/groups/new", data={"kind": "guidance", "name": "区级", "starts_on": "2025-09-01"}
    )
    district = db.session.scalars(db.select(ClusterGroup).where(ClusterGroup.cluster_id.is_(None))).one()
    address = f"/plans/clusters/{world.cluster.id}/activities/new"
    assert chosen(text(as_("principal").get(address)), "group") == [("", True), (str(group.id), False)]
    for other in (ended, equal, district):
        assert register(as_, world, other).status_code == 422, other.name
    assert db.session.scalars(db.select(Activity)).all() == []


def test_a_group_that_is_not_there_on_the_day_is_refused_at_its_field(as_, world):
    group = form_group(as_, world, starts_on="2025-11-01")
    answer = register(as_, world, group, starts_on="2025-10-30")
    assert (answer.status_code, "这一天小组还没有成立或已经结束" in text(answer)) == (422, True)
    assert "五年级语文集体备课" in text(answer)
    assert register(as_, world, group).status_code == 303
    assert latest().group_id == group.id


def test_what_a_group_holds_stands_on_its_pages_for_those_who_may_see_it(as_, world, actor_of):
    group = form_group(as_, world)
    # Somebody of another cluster advises the group: sees the group, and of its activities the open ones.
    db.session.add(
        GroupMember(
            district_id=world.east.id, group_id=group.id, person_id=world.equal_teacher.id, post="adviser",
            starts_on=date(2025, 9, 1),
        )
    )  # fmt: skip
    db.session.commit()
    register(as_, world, group, theme="小组的备课")
    register(as_, world, group, theme="小组的开放课", is_open="y", starts_on="2025-11-14")
    register(as_, world, None, theme="不是小组的活动")
    register(as_, world, group, theme="上学期的小组活动", starts_on="2025-09-02")
    themes = [row.theme for row in group_activities.of_group(actor_of("teacher"), group)]
    assert themes == ["小组的开放课", "小组的备课", "上学期的小组活动"]
    assert [row.theme for row in group_activities.of_group(actor_of("equal_teacher"), group)] == [
        "小组的开放课"
    ]
    page = text(as_("teacher").get(f"/clusters/groups/{group.id}"))
    assert [words in page for words in ("小组的备课", "小组的开放课", "不是小组的活动")] == [
        True,
        True,
        False,
    ]
    assert "小组的备课" not in text(as_("equal_teacher").get(f"/clusters/groups/{group.id}"))
    page = text(as_("lead").get(f"/clusters/groups/{group.id}/summary", query_string=TERM))
    assert [words in page for words in ("本学期小组承办的活动", "小组的备课", "不是小组的活动")] == [
        True,
        True,
        False,
    ]
    page = text(as_("teacher").get(f"/plans/activities/{latest().id}"))
    assert f'<a href="/clusters/groups/{group.id}">教研工作小组</a>' in page
    # The last term has none of them, so its page says nothing.
    last = {"term": world.last_term.code}
    assert "承办的活动" not in text(
        as_("lead").get(f"/clusters/groups/{group.id}/summary", query_string=last)
    )


def test_edit_keeps_host_and_group_and_tells_them_by_name(as_, world, app):
    first, other = form_group(as_, world), form_group(as_, world, name="语文大组", kind="subject")
    register(as_, world, first)
    row = latest()
    address = f"/plans/activities/{row.id}/edit"
    page = text(as_("lead").get(address))
    assert [key for key, stands in chosen(page, "host_school") if stands] == [str(world.gongchen.id)]
    assert [key for key, stands in chosen(page, "group") if stands] == [str(first.id)]
    data = {**PLAN, "host_school": str(world.linfeng.id), "group": str(other.id), "version": row.version}
    answer = as_("lead").post(address, data={**data, "improvement": "下次先发任务单"})
    assert answer.status_code == 303
    page = text(as_("teacher").get(f"/plans/activities/{row.id}"))
    assert [words in page for words in ("改进措施", "下次先发任务单", "语文大组")] == [True] * 3
    with app.test_request_context():
        said = {change[0]: change[1:] for change in history_of(row)[0]["changes"]}
    assert said == {
        "承办学校": ("拱辰中心小学", "麟峰小学"),
        "承办小组": ("教研工作小组", "语文大组"),
        "改进措施": ("", "下次先发任务单"),
    }
    # A group that ended since stays the one that held it.
    other.ends_on = date(2025, 11, 1)
    db.session.commit()
    page = text(as_("lead").get(address))
    assert [key for key, stands in chosen(page, "group") if stands] == [str(other.id)]
    answer = as_("lead").post(address, data={**data, "place": "礼堂", "version": row.version})
    assert (answer.status_code, row.group_id, row.place) == (303, other.id, "礼堂")


def test_improvement_is_found_by_search_and_survives_a_stale_form(as_, world):
    register(as_, world, None, improvement="下次先发学习任务单")
    row = latest()
    assert found(as_("teacher"), q="学习任务单") == ["五年级语文集体备课"]
    data = {**PLAN, "host_school": str(world.gongchen.id), "version": row.version}
    as_("lead").post(f"/plans/activities/{row.id}/edit", data={**data, "improvement": "先写的改进"})
    stale = as_("lead").post(f"/plans/activities/{row.id}/edit", data={**data, "improvement": "后写的改进"})
    assert (stale.status_code, "先写的改进" in text(stale), "后写的改进" in text(stale)) == (409, True, True)


def test_the_annex_lists_what_each_group_held(as_, world):
    group = form_group(as_, world)
    answer = as_("lead").post(
        f"/clusters/groups/{group.id}/summary", query_string=TERM, data={"text": "教研四次"}
    )
    assert answer.status_code == 303
    day = {"host_school_id": world.gongchen.id, "term_id": world.term.id, "created_by_id": world.lead.id}
    for number, (state, theme, of) in enumerate(
        (("held", "备课", group), ("planned", "还没开展", group), ("closed", "别的活动", None))
    ):
        row = Activity(
            district_id=world.east.id, cluster_id=world.cluster.id, kind="lecture", theme=theme, state=state,
            group_id=of.id if of else None, starts_at=datetime(2025, 11, 3 + number, 1, tzinfo=UTC), **day,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        who = {"person_id": world.teacher.id, "school_id": world.linfeng.id}
        db.session.add(ActivityParticipant(district_id=world.east.id, activity_id=row.id, **who))
    db.session.commit()
    annex = summary_annexes.annexes_of(world.cluster, world.term)[0]
    assert annex["parts"] == [
        {
            "heading": "教研工作小组",
            "text": "教研四次",
            "tables": [
                {
                    "title": "教研工作小组开展的活动",
                    "columns": ["日期", "活动主题", "参加（人）"],
                    "rows": [["11月3日", "备课", "1"]],
                    "foot": [],
                }
            ],
        }
    ]
