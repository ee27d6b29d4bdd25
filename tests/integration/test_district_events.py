"""Activities of the whole district: the bureau's alone, for every school, counted by no cluster (S4-19, S4-55)."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from portal.domain.access import can
from portal.extensions import db
from portal.models import Activity, ActivityCluster, ClusterGroup, Notification
from portal.queries import activities, activity_work, overview, records, standing, term_counts, todo
from portal.queries.figures import term_figures
from tests.integration.test_search import found
from tests.support.cast_names import ACCOUNTS

PLAN = {
    "theme": "全区课堂教学现场会",
    "kind": "lecture",
    "level": "teacher",
    "starts_on": "2025-12-03",
    "starts_clock": "09:00",
    "ends_clock": "11:00",
    "place": "区教师活动中心",
    "presenters": "教研室",
}
EAST = [name for name in ACCOUNTS if not name.startswith("west")]
SCHOOLS_MAY_NOT = [name for name in EAST if name not in ("bureau", "personnel")]


def text(answer) -> str:
    return answer.get_data(as_text=True)


def at(activity, tail="") -> str:
    return f"/plans/activities/{activity.id}{tail}"


@pytest.fixture
def plan(as_):
    def make(**changes) -> Activity:
        answer = as_("bureau").post("/plans/activities/new", data={**PLAN, **changes})
        assert answer.status_code == 303, text(answer)
        return db.session.scalars(db.select(Activity).order_by(Activity.id.desc()).limit(1)).one()

    return make


def of_cluster(world, theme="片区备课", **values) -> Activity:
    base = {
        "cluster_id": world.cluster.id, "term_id": world.term.id, "kind": "lecture", "theme": theme,
        "host_school_id": world.gongchen.id, "starts_at": datetime(2025, 11, 12, 1, tzinfo=UTC),
        "state": "held", "created_by_id": world.principal.id,
    }  # fmt: skip
    row = Activity(district_id=world.east.id, **{**base, **values})
    db.session.add(row)
    db.session.commit()
    return row


def test_the_bureau_alone_plans_changes_holds_and_closes(as_, plan, world):
    for name in SCHOOLS_MAY_NOT:
        assert as_(name).post("/plans/activities/new", data=PLAN).status_code == 403, name
    assert db.session.scalars(db.select(Activity)).all() == []
    # The host school helps with the room: what the activity says is still the bureau's.
    row = plan(starts_on="2025-11-18", host_school=str(world.gongchen.id))
    assert (row.cluster_id, row.host_school_id, row.is_open, row.district_id) == (
        None, world.gongchen.id, False, world.east.id,
    )  # fmt: skip
    data = {**PLAN, "starts_on": "2025-11-18", "host_school": "", "summary": "三节课", "version": row.version}
    for name in SCHOOLS_MAY_NOT:
        client = as_(name)
        answers = [
            client.post(at(row, "/edit"), data=data),
            client.post(at(row, "/enrolment"), data={"is_open": "y"}),
            client.post(at(row, "/participants"), data={"names": world.teacher.name}),
            client.get(at(row, "/code")),
        ]
        assert [answer.status_code for answer in answers] == [403] * 4, name
        assert (
            client.post(at(row, "/step"), data={"action": "hold", "version": row.version}).status_code == 403
        )
    assert as_("personnel").post(at(row, "/edit"), data=data).status_code == 303
    assert (row.host_school_id, row.summary, row.state) == (None, "三节课", "planned")
    for action in ("hold", "close"):
        assert as_("bureau").post(at(row, "/step"), data={"action": action}).status_code == 303
    assert row.state == "closed"
    page = text(as_("teacher").get(at(row)))
    assert [words in page for words in ("全区课堂教学现场会", "三节课", "修改活动", "联办片区")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_list_and_permission_agree_and_another_district_sees_nothing(as_, plan, world, actor_of):
    rows = [plan(), of_cluster(world)]
    for name in ACCOUNTS:
        actor = actor_of(name)
        seen = set(db.session.scalars(activities.visible_to(actor)))
        assert seen == {row for row in rows if can(actor, "activity.view", row)}, name
        assert (rows[0] in seen) == (name in EAST), name
        answer = as_(name).get(at(rows[0]))
        assert answer.status_code == (200 if name in EAST else 404), name
        assert ("全区课堂教学现场会" in text(as_(name).get("/plans/activities/"))) == (name in EAST), name
    assert as_("west_bureau").get(at(rows[0], "/edit")).status_code == 404
    assert (
        as_("west_bureau").post(at(rows[0], "/step"), data={"action": "cancel", "note": "x"}).status_code
        == 404
    )
    assert rows[0].state == "planned"


def test_the_filter_tells_the_districts_own_from_a_clusters(as_, plan, world, actor_of):
    plan(theme="区里的讲座")
    of_cluster(world, "片区的备课")

    def listed(**query):
        page = text(as_("bureau").get("/plans/activities/", query_string=query))
        return [theme for theme in ("区里的讲座", "片区的备课") if theme in page]

    assert listed() == ["区里的讲座", "片区的备课"]
    assert listed(cluster="district") == ["区里的讲座"]
    assert listed(cluster=str(world.cluster.id)) == ["片区的备课"]
    assert listed(cluster=str(world.team.id)) == []
    page = text(as_("teacher").get("/plans/activities/", query_string={"cluster": "district"}))
    assert '<option selected value="district">全区</option>' in page or 'value="district" selected' in page
    book = as_("bureau").get("/plans/activities.xlsx", query_string={"cluster": "district"})
    assert (book.status_code, book.data[:2]) == (200, b"PK")


def test_it_counts_for_no_cluster(as_, plan, world):
    def numbers():
        db.session.expire_all()
        found = []
        for cluster in (world.cluster, world.team):
            figures = term_figures(cluster, world.term, date(2025, 11, 20)).figures
            found.append(
                (
                    overview.numbers_of([cluster], world.term, date(2025, 11, 20))[cluster.id].activities,
                    term_counts.term_counts(cluster, world.term).activities,
                    {key: each.value for key, each in figures.items()},
                    standing.standings(cluster, world.term, date(2025, 11, 20)),
                )
            )
        return found

    of_cluster(world)
    before = numbers()
    assert [line[:2] for line in before] == [(1, 1), (0, 0)]
    row = plan(starts_on="2025-11-18", host_school=str(world.gongchen.id))
    client = as_("bureau")
    names = f"{world.teacher.name}\n{world.equal_teacher.name}"
    assert client.post(at(row, "/participants"), data={"names": names}).status_code == 303
    assert client.post(at(row, "/step"), data={"action": "hold"}).status_code == 303
    assert [each.person_id for each in activities.participants_of(row)] != []
    assert numbers() == before


def test_schools_sign_up_with_places_across_clusters(as_, plan, world):
    row = plan()
    answer = as_("bureau").post(at(row, "/enrolment"), data={"is_open": "y", "per_school": "1"})
    assert answer.status_code == 303
    told = set(db.session.scalars(sa.select(Notification.person_id).filter_by(kind="activity_enrolling")))
    assert {world.lead.id, world.principal.id, world.equal_lead.id, world.equal_member.id} <= told
    assert not told & {world.west_lead.id, world.west_principal.id}
    for name in ("teacher", "mentor", "equal_teacher"):
        assert as_(name).post(at(row, "/signups")).status_code == 303, name
    places = {each.person_id: each.place for each in activity_work.signups_of(row)}
    assert places == {world.teacher.id: 1, world.mentor.id: None, world.equal_teacher.id: 1}
    assert as_("west_teacher").post(at(row, "/signups")).status_code == 404
    # A principal takes back who is of the own school; the bureau anybody; another school's principal nobody.
    waiting = next(each for each in activity_work.signups_of(row) if each.place is None)
    leave = f"/plans/activity-signups/{waiting.id}/leave"
    assert [as_(name).post(leave).status_code for name in ("equal_lead", "west_bureau", "bureau")] == [
        404,
        404,
        303,
    ]
    page = text(as_("teacher").get(at(row)))
    assert [school in page for school in ("麟峰小学", world.huoban.name, "南郊小学")] == [True, True, False]
    zipped = as_("bureau").get(at(row, "/dossier.zip"))
    assert (zipped.status_code, zipped.data[:2]) == (200, b"PK")


def test_home_notes_and_search_know_it_in_the_own_district(as_, plan, world, actor_of):
    row = plan(starts_on="2025-11-18", theme="教研成果展示会")
    day = world.today
    for name in ("teacher", "equal_teacher", "bureau"):
        assert [item.title for item in todo.this_week(actor_of(name), day)] == ["教研成果展示会"], name
        assert found(as_(name), q="成果展示会") == ["教研成果展示会"], name
    assert [each.label for each in records._activities(actor_of("equal_teacher"), date(2025, 11, 19))] == [
        "教研成果展示会"
    ]
    for name in ("west_teacher", "west_bureau"):
        assert todo.this_week(actor_of(name), day) == [], name
        assert records._activities(actor_of(name), date(2025, 11, 19)) == [], name
        assert found(as_(name), q="成果展示会") == [], name
    note = {
        "kind": "activity", "text": "听了三节展示课", "happened_on": "2025-11-18", "once_key": "a" * 32,
        "link": f"activity:{row.id}",
    }  # fmt: skip
    assert as_("equal_teacher").post("/records/new", data=note).status_code == 303
    assert [each.person_id for each in activities.participants_of(row)] == [world.equal_teacher.id]


def test_a_group_of_the_district_may_hold_it_and_no_cluster_shares_it(as_, plan, world):
    client = as_("bureau")
    client.post(
        "/clusters/groups/new", data={"kind": "guidance", "name": "区教研室", "starts_on": "2025-09-01"}
    )
    group = db.session.scalars(db.select(ClusterGroup)).one()
    row = plan(group=str(group.id))
    assert "全区课堂教学现场会" in text(as_("equal_teacher").get(f"/clusters/groups/{group.id}"))
    assert client.get(at(row, "/partners")).status_code == 404
    assert client.post(at(row, "/partners"), data={"clusters": [str(world.team.id)]}).status_code == 404
    assert db.session.scalars(db.select(ActivityCluster)).all() == []
    refused = client.post("/plans/activities/new", data={**PLAN, "host_school": str(world.nanguan.id)})
    assert (refused.status_code, "全区课堂教学现场会" in text(refused)) == (422, True)
    stale = client.post(at(row, "/edit"), data={**PLAN, "version": row.version + 5, "place": "礼堂"})
    assert (stale.status_code, "礼堂" in text(stale)) == (409, True)


def test_a_cluster_always_names_the_host(world):
    with pytest.raises(sa.exc.IntegrityError):
        of_cluster(world, host_school_id=None)
    db.session.rollback()
