"""Activities from sign-up to the dossier, through the pages (S4-12, S4-53, S4-58; W7)."""

import io
import re
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from portal.domain.access import can
from portal.extensions import db
from portal.models import (
    Activity,
    ActivityCredit,
    ActivityFeedback,
    ActivityMove,
    ActivityParticipant,
    ActivitySignup,
    AuditEntry,
    Notification,
    Person,
)
from portal.queries import activities, activity_work, figures
from portal.queries.term_counts import term_counts
from tests import factories as make
from tests.conftest import NOW
from tests.support import sample_files as samples
from tests.support.cast_names import ACCOUNTS
from tests.support.logs import share

LATER = datetime(2025, 11, 26, 1, tzinfo=UTC)


@pytest.fixture
def plan(world):
    def made(**changes):
        values = {
            "theme": "同课异构",
            "kind": "observation",
            "starts_at": LATER,
            "state": "planned",
            "host_school_id": world.gongchen.id,
            "created_by_id": world.principal.id,
            "cluster_id": world.cluster.id,
            "term_id": world.term.id,
            **changes,
        }
        row = Activity(district_id=world.east.id, **values)
        db.session.add(row)
        db.session.commit()
        return row

    return made


def at(activity, tail=""):
    return f"/plans/activities/{activity.id}{tail}"


def enrol(as_, activity, **data):
    answer = as_("principal").post(at(activity, "/enrolment"), data={"is_open": "y", **data})
    assert answer.status_code == 303, answer.get_data(as_text=True)


def taken(activity):
    db.session.expire_all()
    return [(row.person.name, row.place) for row in activity_work.signups_of(activity)]


def told(person):
    return db.session.scalars(sa.select(Notification.kind).filter_by(person_id=person.id)).all()


# Sign-up


def test_places_are_counted_for_each_school_and_who_waits_moves_up(as_, plan, world):
    activity = plan()
    enrol(as_, activity, per_school="5", **{f"places-{world.linfeng.id}": "1"})
    assert "activity_enrolling" in told(world.lead)
    assert as_("teacher").post(at(activity, "/signups")).status_code == 303
    assert as_("mentor").post(at(activity, "/signups")).status_code == 303
    assert as_("mentee").post(at(activity, "/signups")).status_code == 303
    assert (
        sorted(taken(activity)) == [("何思源", None), ("周以宁", 1), ("林晓岚", 1)]
        or len(taken(activity)) == 3
    )
    places = dict(taken(activity))
    assert (places[world.teacher.name], places[world.mentor.name]) == (1, None)
    page = as_("mentor").get(at(activity)).get_data(as_text=True)
    assert "您在候补名单上" in page
    row = next(r for r in activity_work.signups_of(activity) if r.person_id == world.teacher.id)
    assert as_("teacher").post(f"/plans/activity-signups/{row.id}/leave").status_code == 303
    assert dict(taken(activity))[world.mentor.name] == 1
    assert told(world.mentor) == ["activity_seated"]
    again = as_("mentor").post(at(activity, "/signups"))
    assert again.status_code == 422
    assert "这一位已经报过名" in again.get_data(as_text=True)


def test_a_school_signs_up_its_own_people_only(as_, plan, world):
    activity = plan()
    enrol(as_, activity)
    answer = as_("principal").post(at(activity, "/signups"), data={"person": str(world.mentee.id)})
    assert answer.status_code == 303
    assert told(world.mentee) == ["activity_signed_up"]
    foreign = as_("principal").post(at(activity, "/signups"), data={"person": str(world.teacher.id)})
    assert foreign.status_code == 422
    assert [name for name, _ in taken(activity)] == [world.mentee.name]
    row = activity_work.signups_of(activity)[0]
    assert as_("mentor").post(f"/plans/activity-signups/{row.id}/leave").status_code == 404
    assert as_("west_lead").post(f"/plans/activity-signups/{row.id}/leave").status_code == 404
    assert as_("principal").post(f"/plans/activity-signups/{row.id}/leave").status_code == 303
    assert taken(activity) == []


def test_sign_up_closes_and_says_why(as_, plan, world):
    activity = plan()
    closed = as_("teacher").post(at(activity, "/signups"))
    assert (closed.status_code, "没有开放报名" in closed.get_data(as_text=True)) == (422, True)
    enrol(as_, activity, closes_on="2025-11-18")
    late = as_("teacher").post(at(activity, "/signups"))
    assert (late.status_code, "报名已经截止" in late.get_data(as_text=True)) == (422, True)
    after = as_("principal").post(at(activity, "/enrolment"), data={"closes_on": "2025-12-24"})
    assert (after.status_code, "报名截止要在活动开始之前" in after.get_data(as_text=True)) == (422, True)
    wrong = as_("principal").post(at(activity, "/enrolment"), data={f"places-{world.linfeng.id}": "很多"})
    page = wrong.get_data(as_text=True)
    assert (wrong.status_code, "名额请填 0 到 500 的整数" in page, 'value="很多"' in page) == (
        422,
        True,
        True,
    )
    assert taken(activity) == []


@pytest.mark.promise(10)
def test_of_eight_who_want_the_last_place_one_gets_it(app, as_, plan, world):
    activity = plan()
    enrol(as_, activity, per_school="1")
    people = [make.person(world.east, f"教师{number}", world.linfeng) for number in range(8)]
    for number, person in enumerate(people):
        make.account(person, f"many{number}")
    db.session.commit()
    clients = [app.test_client().log_in(f"many{number}") for number in range(8)]
    barrier, address = threading.Barrier(8), at(activity, "/signups")

    def go(client):
        with app.app_context():
            barrier.wait()
            return client.post(address).status_code

    db.session.commit()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(go, clients))
    assert sorted(answers) == [303] * 8
    assert sorted(str(place) for _, place in taken(activity)) == ["1"] + ["None"] * 7


# A new date, off


def test_a_new_date_needs_a_reason_and_those_who_signed_up_hear_of_it(as_, plan, world):
    activity = plan()
    enrol(as_, activity)
    as_("teacher").post(at(activity, "/signups"))
    new = {"starts_on": "2025-12-03", "starts_clock": "09:00", "version": activity.version}
    assert as_("principal").post(at(activity, "/postpone"), data=new).status_code == 422
    assert as_("teacher").post(at(activity, "/postpone"), data=new).status_code == 403
    answer = as_("principal").post(at(activity, "/postpone"), data={**new, "reason": "台风"})
    assert answer.status_code == 303
    db.session.refresh(activity)
    assert (activity.state, activity.starts_at) == ("planned", datetime(2025, 12, 3, 1, tzinfo=UTC))
    move = db.session.scalars(sa.select(ActivityMove)).one()
    assert (move.old_starts_at, move.reason) == (LATER, "台风")
    assert told(world.teacher) == ["activity_moved"]
    assert "台风" in as_("teacher").get(at(activity)).get_data(as_text=True)
    stale = as_("principal").post(
        at(activity, "/postpone"), data={**new, "starts_on": "2025-12-10", "reason": "再改"}
    )
    assert stale.status_code == 409
    cancelled = as_("principal").post(at(activity, "/step"), data={"action": "cancel", "note": "停课"})
    assert (cancelled.status_code, told(world.teacher)) == (303, ["activity_moved", "activity_cancelled"])


# The day


def test_the_code_at_the_door_registers_who_comes(as_, plan, world):
    activity = plan(starts_at=NOW)
    code = activity_work.door_code(activity)
    assert f"{code[:3]} {code[3:]}" in as_("principal").get(at(activity, "/code")).get_data(as_text=True)
    assert as_("teacher").get(at(activity, "/code")).status_code == 403
    client = as_("teacher")
    wrong = client.post(at(activity, "/sign-in"), data={"code": "000000" if code != "000000" else "000001"})
    assert (wrong.status_code, "还可以试 4 次" in wrong.get_data(as_text=True)) == (422, True)
    assert client.post(at(activity, "/sign-in"), data={"code": f"{code[:3]} {code[3:]}"}).status_code == 303
    assert client.post(at(activity, "/sign-in"), data={"code": code}).status_code == 303
    rows = db.session.scalars(sa.select(ActivityParticipant)).all()
    assert [(row.person_id, row.school_id) for row in rows] == [(world.teacher.id, world.linfeng.id)]
    assert as_("equal_teacher").post(at(activity, "/sign-in"), data={"code": code}).status_code == 404


def test_the_code_counts_wrong_tries_and_only_its_day(as_, plan, world):
    tomorrow = plan()
    answer = as_("teacher").post(at(tomorrow, "/sign-in"), data={"code": activity_work.door_code(tomorrow)})
    assert "只有活动当天可以签到" in answer.get_data(as_text=True)
    activity = plan(starts_at=NOW)
    code = activity_work.door_code(activity)
    for _ in range(5):
        as_("teacher").post(at(activity, "/sign-in"), data={"code": "x"})
    locked = as_("teacher").post(at(activity, "/sign-in"), data={"code": code})
    assert "今天输错的次数太多" in locked.get_data(as_text=True)
    assert db.session.scalars(sa.select(ActivityParticipant)).all() == []


def test_feedback_is_of_those_who_came_and_named_to_few(as_, plan, world):
    activity = plan(starts_at=datetime(2025, 11, 12, 1, tzinfo=UTC), state="held")
    said = {"usefulness": "much", "gained": "学会了追问", "wished": "时间再长些"}
    assert as_("teacher").post(at(activity, "/feedback"), data=said).status_code == 422
    as_("principal").post(at(activity, "/participants"), data={"names": world.teacher.name})
    assert as_("teacher").post(at(activity, "/feedback"), data={"gained": "没选"}).status_code == 422
    assert as_("teacher").post(at(activity, "/feedback"), data=said).status_code == 303
    row = db.session.scalars(sa.select(ActivityFeedback)).one()
    assert (row.person_id, row.usefulness, row.gained) == (world.teacher.id, "much", "学会了追问")
    assert "学会了追问" in as_("principal").get(at(activity)).get_data(as_text=True)
    assert "学会了追问" not in as_("colleague").get(at(activity)).get_data(as_text=True)
    stale = as_("teacher").post(
        at(activity, "/feedback"), data={**said, "gained": "改", "version": row.version - 1}
    )
    assert stale.status_code == 409


# Two clusters, the dossier


def test_an_activity_of_two_clusters_is_seen_by_both_and_counted_once_by_each(as_, plan, world, actor_of):
    activity = plan(starts_at=datetime(2025, 11, 12, 1, tzinfo=UTC), state="held")
    assert as_("equal_teacher").get(at(activity)).status_code == 404
    answer = as_("principal").post(at(activity, "/partners"), data={"clusters": str(world.team.id)})
    assert answer.status_code == 303
    names = f"{world.teacher.name}\n{world.equal_teacher.name}"
    added = as_("principal").post(at(activity, "/participants"), data={"names": names})
    assert added.status_code == 303
    assert as_("equal_teacher").get(at(activity)).status_code == 200
    assert as_("equal_lead").get(at(activity, "/edit")).status_code == 403
    db.session.expire_all()
    for cluster in (world.cluster, world.team):
        assert term_counts(cluster, world.term).activities == 1
        facts = figures.read_facts(cluster, world.term, NOW.date()).activities
        assert [(fact.id, len(fact.participants)) for fact in facts] == [(activity.id, 1)]
    for name in ACCOUNTS:
        actor = actor_of(name)
        seen = set(db.session.scalars(activities.visible_to(actor)))
        assert seen == ({activity} if can(actor, "activity.view", activity) else set()), name
    assert as_("principal").post(at(activity, "/partners"), data={}).status_code == 303
    assert as_("equal_teacher").get(at(activity)).status_code == 404


def test_the_dossier_says_what_is_missing_and_packs_everything(as_, plan, world):
    activity = plan(starts_at=datetime(2025, 11, 12, 1, tzinfo=UTC), state="held", summary="两节课，一次评议")
    missing = [part.key for part in activity_work.dossier_of(activity) if not part.is_there]
    assert missing == ["plan", "sign_in", "photo", "material", "feedback"]
    assert "缺 5 项" in as_("teacher").get("/plans/activities/").get_data(as_text=True)
    client = as_("principal")
    for kind, name, data in (
        ("plan", "方案.pdf", samples.PDF),
        ("photo", "现场.jpg", samples.photo()),
        ("photo", "现场.jpg", samples.photo(300, 300)),
        ("material", "课件.pptx", samples.office("ppt/presentation.xml")),
    ):
        form = {"file_kind": kind, "files": (io.BytesIO(data), name)}
        assert client.post(at(activity, "/files"), data=form).status_code == 303
    client.post(at(activity, "/participants"), data={"names": world.teacher.name})
    as_("teacher").post(at(activity, "/feedback"), data={"usefulness": "some"})
    db.session.expire_all()
    assert all(part.is_there for part in activity_work.dossier_of(activity))
    answer = client.get(at(activity, "/dossier.zip"))
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as packed:
        assert packed.testzip() is None
        assert sorted(packed.namelist()) == sorted(
            f"同课异构/{name}"
            for name in (
                "1方案通知/方案.pdf",
                "3照片/现场 (2).jpg",
                "3照片/现场.jpg",
                "4材料/课件.pptx",
                "参加人员.xlsx",
                "反馈.xlsx",
                "小结.txt",
                "活动信息.xlsx",
            )
        )
        assert packed.read("同课异构/小结.txt").decode("utf-8-sig") == "两节课，一次评议"
        assert packed.read("同课异构/1方案通知/方案.pdf") == samples.PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert as_("teacher").get(at(activity, "/dossier.zip")).status_code == 403
    assert as_("west_lead").get(at(activity, "/dossier.zip")).status_code == 404
    rates = {
        line.school.name: line.came
        for line in activity_work.school_lines(activity, None, {}, [], activities.participants_of(activity))
    }
    assert rates == {"拱辰中心小学": 0, "南郊小学": 0, "麟峰小学": 1}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ActivitySignup)) == 0
    assert (
        "activity.feedback"
        in db.session.scalars(sa.select(AuditEntry.action).filter_by(object_id=activity.id)).all()
    )


# Guests, results, exchange of experience


def test_guests_and_results_are_named_and_a_log_belongs_to_its_exchange_of_experience(
    as_, plan, world, actor_of
):
    """S1-72: by name with title and unit, and no right comes of it; S4-38: results once it was held; S1-53."""
    activity = plan(kind="sharing_meeting", theme="心得交流会")
    host, expert = as_("principal"), {"name": "纪明远", "unit": "教研院", "about": "特级教师"}
    people = db.session.scalar(sa.select(sa.func.count()).select_from(Person))
    assert as_("teacher").get(at(activity, "/guests")).status_code == 403
    assert host.post(at(activity, "/guests"), data=expert).status_code == 303
    twice = host.post(at(activity, "/guests"), data=expert)
    assert (twice.status_code, "这一条已经登记过" in twice.get_data(as_text=True)) == (422, True)
    award = {"name": "语文组", "unit": "麟峰小学", "about": "一等奖"}
    early = host.post(at(activity, "/results"), data=award)
    assert (early.status_code, "活动开展以后登记结果" in early.get_data(as_text=True)) == (422, True)
    activity.starts_at, activity.state = datetime(2025, 11, 12, 1, tzinfo=UTC), "held"
    db.session.commit()
    assert host.post(at(activity, "/results"), data={**award, "about": ""}).status_code == 422
    assert host.post(at(activity, "/results"), data=award).status_code == 303
    host.post(at(activity, "/participants"), data={"names": world.teacher.name})
    share(as_("teacher"), "cluster", title="我的收获", link=f"activity:{activity.id}")
    page = as_("colleague").get(at(activity)).get_data(as_text=True)
    named = ("纪明远", "特级教师", "教研院", "语文组", "一等奖")
    assert ([word for word in named if word not in page], at(activity, "/guests") in page) == ([], False)
    logs = as_("colleague").get(f"/reflections/?link=activity:{activity.id}").get_data(as_text=True)
    assert "我的收获" in logs
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == people
    guest = db.session.scalars(sa.select(ActivityCredit).filter_by(kind="guest")).one()
    other = plan(theme="别的活动")
    wrong = host.post(at(other, f"/named/{guest.id}/remove"))
    assert (wrong.status_code, db.session.get(ActivityCredit, (guest.district_id, guest.id)) is guest) == (
        409,
        True,
    )
    activity.state = "closed"
    db.session.commit()
    assert host.post(at(activity, f"/named/{guest.id}/remove")).status_code == 409
    activity.state = "held"
    db.session.commit()
    assert host.post(at(activity, f"/named/{guest.id}/remove")).status_code == 303
    assert [row.kind for row in db.session.scalars(sa.select(ActivityCredit))] == ["result"]
    told = set(db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.action.like("activity.%"))))
    assert {"activity.guest", "activity.result"} <= told


def test_visits_of_principals_are_a_schedule_of_who_visits_whom_when(as_, plan, world):
    """S1-52: host, day, and the schools that signed up or came; the host does not visit itself."""
    coming = plan(kind="principal_visit", theme="走进拱辰")
    enrol(as_, coming)
    for who in ("lead", "principal"):
        assert as_(who).post(at(coming, "/signups"), data={}).status_code == 303
    been = plan(
        kind="principal_visit",
        theme="走进麟峰",
        host_school_id=world.linfeng.id,
        starts_at=datetime(2025, 11, 12, 1, tzinfo=UTC),
        state="held",
    )
    as_("lead").post(at(been, "/participants"), data={"names": world.principal.name})
    page = as_("liaison").get("/plans/activities/?kind=principal_visit").get_data(as_text=True)
    assert re.findall("来访：([^<]+)<", page) == [world.linfeng.name, world.gongchen.name]
