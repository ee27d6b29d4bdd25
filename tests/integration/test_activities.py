"""Joint activities through the pages: plan, pasted participants, archive."""

import pytest

from portal.domain.access import can
from portal.extensions import db
from portal.models import Activity
from portal.queries import activities

PLAN = {
    "theme": "五年级语文集体备课",
    "kind": "collective_preparation",
    "level": "teacher",
    "subject": "语文",
    "starts_on": "2025-11-13",
    "starts_clock": "09:00",
    "ends_clock": "11:00",
    "place": "南郊小学",
    "presenters": "周以宁",
    "guests": "2",
}


@pytest.fixture
def plan(as_, world):
    def make(who="principal", **changes):
        data = {**PLAN, "host_school": str(world.gongchen.id), **changes}
        answer = as_(who).post(f"/plans/clusters/{world.cluster.id}/activities/new", data=data)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return db.session.scalars(db.select(Activity).order_by(Activity.id.desc()).limit(1)).one()

    return make


def test_pasted_names_register_the_known_and_return_the_unknown(as_, plan):
    activity = plan()
    answer = as_("principal").post(
        f"/plans/activities/{activity.id}/participants",
        data={"names": "林晓岚\n江念一（拱辰中心小学）\t何思源\n查无此人，林晓岚\n戴知行"},
    )
    page = answer.get_data(as_text=True)
    rows = [(row.person.name, row.school.name) for row in activities.participants_of(activity)]
    assert answer.status_code == 422
    assert rows == [("何思源", "南郊小学"), ("江念一", "拱辰中心小学"), ("林晓岚", "麟峰小学")]
    assert "查无此人\n戴知行</textarea>" in page
    again = as_("principal").post(f"/plans/activities/{activity.id}/participants", data={"names": "林晓岚"})
    assert (again.status_code, len(activities.participants_of(activity))) == (303, 3)


def test_activity_is_archived_only_with_a_summary(as_, plan, world):
    activity = plan()
    client = as_("principal")
    steps = f"/plans/activities/{activity.id}/step"
    assert client.post(steps, data={"action": "hold"}).status_code == 303
    assert client.post(steps, data={"action": "close"}).status_code == 409
    data = {**PLAN, "host_school": str(world.gongchen.id), "summary": "备了三课", "version": activity.version}
    assert client.post(f"/plans/activities/{activity.id}/edit", data=data).status_code == 303
    assert client.post(steps, data={"action": "close"}).status_code == 303
    assert (activity.state, activity.summary) == ("closed", "备了三课")
    refused = client.post(f"/plans/activities/{activity.id}/participants", data={"names": "林晓岚"})
    assert (refused.status_code, activities.participants_of(activity)) == (422, [])


def test_a_host_outside_the_cluster_is_refused_at_the_field(as_, world):
    answer = as_("lead").post(
        f"/plans/clusters/{world.cluster.id}/activities/new",
        data={**PLAN, "host_school": str(world.ziyuan.id)},
    )
    assert answer.status_code == 422
    assert db.session.scalars(db.select(Activity)).all() == []


def test_list_and_permission_agree_for_everybody(plan, world, actor_of):
    rows = [plan(), plan(is_open="y", theme="开放课")]
    from tests.support.cast_names import ACCOUNTS

    for name in ACCOUNTS:
        actor = actor_of(name)
        seen = set(db.session.scalars(activities.visible_to(actor)))
        assert seen == {row for row in rows if can(actor, "activity.view", row)}, name


@pytest.mark.promise(11)
def test_stale_edit_keeps_both_texts(as_, plan, world):
    activity = plan()
    stale = activity.version
    client = as_("lead")
    data = {**PLAN, "host_school": str(world.gongchen.id), "version": stale}
    client.post(f"/plans/activities/{activity.id}/edit", data={**data, "summary": "先写的小结"})
    answer = client.post(f"/plans/activities/{activity.id}/edit", data={**data, "summary": "后写的小结"})
    page = answer.get_data(as_text=True)
    assert (answer.status_code, activity.summary) == (409, "先写的小结")
    assert "先写的小结" in page
    assert "后写的小结" in page


def test_teachers_see_activities_but_do_not_change_them(as_, plan, world):
    activity = plan()
    teacher = as_("teacher")
    assert "五年级语文集体备课" in teacher.get("/plans/activities/").get_data(as_text=True)
    assert teacher.get(f"/plans/activities/{activity.id}/edit").status_code == 403
    assert as_("equal_teacher").get(f"/plans/activities/{activity.id}").status_code == 404
    assert as_("west_lead").get(f"/plans/activities/{activity.id}").status_code == 404
