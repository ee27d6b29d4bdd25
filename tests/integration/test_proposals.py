"""Proposals of a cluster's timetable: what they are made from, computed by a job, adopted lesson by lesson."""

import pytest
import sqlalchemy as sa

from portal.extensions import db
from portal.jobs import visiting_plan
from portal.models import (
    AuditEntry,
    LessonDemand,
    Notification,
    PlanProposal,
    ProposedLesson,
    TeacherLimit,
    VisitingLesson,
    VisitingSession,
)
from tests.support.races import at_once, poster
from tests.support.visiting import LESSON, ring_bells


@pytest.fixture
def needs(as_, world):
    """拱辰 needs four periods of music; 林晓岚 of 麟峰 can come on Tuesday and Thursday mornings."""
    ring_bells(world)
    world.teacher.subjects = ["音乐"]
    db.session.add(
        TeacherLimit(
            district_id=world.east.id,
            term_id=world.term.id,
            person_id=world.teacher.id,
            half_days="周二上;周四上",
            visit_days=2,
        )
    )
    db.session.commit()
    member = as_("principal")
    address = f"/visiting/schools/{world.gongchen.id}/demands"
    for class_name, subject, periods in (
        ("三（1）班", "音乐", 2),
        ("三（2）班", "音乐", 2),
        ("三（1）班", "美术", 1),
    ):
        data = {"class_name": class_name, "subject": subject, "periods": str(periods), "daily": "1"}
        assert member.post(address, data=data).status_code == 303
    return address


def propose(as_, world, who="lead", **data):
    answer = as_(who).post(
        f"/visiting/clusters/{world.cluster.id}/proposals", data={"first_day": "2025-11-24", **data}
    )
    assert answer.status_code == 303, answer.text
    return db.session.scalars(
        sa.select(PlanProposal).order_by(PlanProposal.id.desc()).execution_options(populate_existing=True)
    ).first()


def lessons_of(proposal):
    rows = db.session.scalars(
        sa.select(ProposedLesson)
        .filter_by(proposal_id=proposal.id)
        .order_by(ProposedLesson.class_name, ProposedLesson.weekday)
        .execution_options(populate_existing=True)
    ).all()
    return rows


def test_a_proposal_covers_what_can_be_covered_and_says_why_not(as_, world, needs):
    proposal = propose(as_, world)
    assert (proposal.state, proposal.covered, proposal.wanted, proposal.travel_days) == ("proposed", 4, 5, 2)
    found = [(row.class_name, row.weekday, row.subject, row.person_id) for row in lessons_of(proposal)]
    teacher = world.teacher.id
    assert found == [
        ("三（1）班", 2, "音乐", teacher),
        ("三（1）班", 4, "音乐", teacher),
        ("三（2）班", 2, "音乐", teacher),
        ("三（2）班", 4, "音乐", teacher),
    ]
    assert all(row.starts < 720 for row in lessons_of(proposal))
    page = as_("lead").get(f"/visiting/proposals/{proposal.id}").text
    assert "没有教师任教美术" in page
    assert "4 / 5 节" in page
    again = propose(as_, world)
    assert (again.fingerprint, again.id != proposal.id) == (proposal.fingerprint, True)
    assert [(r.class_name, r.weekday, r.period) for r in lessons_of(again)] == [
        (r.class_name, r.weekday, r.period) for r in lessons_of(proposal)
    ]


def test_nobody_is_planned_away_from_home_unasked(as_, world, needs):
    db.session.execute(sa.update(TeacherLimit).values(half_days=None, visit_days=None))
    assert propose(as_, world).covered == 0
    db.session.execute(sa.update(TeacherLimit).values(half_days="周二上", visit_days=0))
    assert propose(as_, world).covered == 0


def test_adopted_lessons_are_lessons_like_any_other(as_, world, needs):
    proposal = propose(as_, world)
    rows = lessons_of(proposal)
    client = as_("lead")
    data = {"lesson": [str(rows[0].id), str(rows[2].id)]}
    assert client.post(f"/visiting/proposals/{proposal.id}/adopt", data=data).status_code == 303
    made = db.session.scalars(sa.select(VisitingLesson).order_by(VisitingLesson.class_name)).all()
    assert [(lesson.class_name, lesson.weekday, lesson.state) for lesson in made] == [
        ("三（1）班", 2, "running"),
        ("三（2）班", 2, "running"),
    ]
    days = db.session.scalars(sa.select(sa.func.min(VisitingSession.held_on))).one()
    assert f"{days:%m-%d}" == "11-25"
    page = client.get(f"/visiting/proposals/{proposal.id}").text
    assert (page.count("已进课表"), page.count('name="lesson"')) == (2, 2)
    assert client.post(f"/visiting/proposals/{proposal.id}/adopt", data=data).status_code == 422
    rest = propose(as_, world)
    assert (rest.covered, len(lessons_of(rest))) == (4, 2)


@pytest.mark.promise(10)
def test_of_four_who_adopt_one_plan_at_once_one_does(app, as_, world, needs):
    """Two windows of the lead and two of the liaison: every lesson of the plan is in the timetable once."""
    proposal = propose(as_, world)
    data = {"lesson": [str(row.id) for row in lessons_of(proposal)]}
    address = f"/visiting/proposals/{proposal.id}/adopt"
    answers = at_once(app, [poster(app, who, address, **data) for who in ("lead", "liaison") * 2])
    assert sorted(answers)[0] == 303
    assert set(sorted(answers)[1:]) <= {409, 422}
    made = db.session.scalars(sa.select(VisitingLesson)).all()
    assert sorted((lesson.class_name, lesson.weekday) for lesson in made) == [
        ("三（1）班", 2), ("三（1）班", 4), ("三（2）班", 2), ("三（2）班", 4)
    ]  # fmt: skip
    assert {row.lesson_id for row in lessons_of(proposal)} == {lesson.id for lesson in made}
    assert (
        db.session.scalar(
            sa.select(sa.func.count()).select_from(AuditEntry).filter_by(action="plan_proposal.adopt")
        )
        == 1
    )


def test_a_lesson_that_no_longer_fits_is_marked_and_nothing_is_written(as_, world, needs):
    proposal = propose(as_, world)
    row = lessons_of(proposal)[0]
    taken = {**LESSON, "class_name": row.class_name, "weekday": str(row.weekday), "period": str(row.period)}
    taken |= {"subject": "体育", "school": str(world.gongchen.id), "chosen_person": str(world.mentor.id)}
    answer = as_("lead").post("/visiting/lessons/new", data={**taken, "person": world.mentor.name})
    assert answer.status_code == 303, answer.text
    before = db.session.scalar(sa.select(sa.func.count()).select_from(VisitingLesson))
    page = as_("lead").get(f"/visiting/proposals/{proposal.id}").text
    assert "和现在的课表冲突" in page
    data = {"lesson": [str(each.id) for each in lessons_of(proposal)]}
    answer = as_("lead").post(f"/visiting/proposals/{proposal.id}/adopt", data=data)
    assert (answer.status_code, "一节也没有排进去" in answer.text) == (422, True)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(VisitingLesson)) == before


def test_a_cancelled_computation_leaves_nothing(as_, world, needs, app, monkeypatch):
    monkeypatch.setattr("portal.jobs.queue.wake", lambda job: None)
    proposal = propose(as_, world)
    data = {"action": "cancel", "version": proposal.version}
    assert as_("lead").post(f"/visiting/proposals/{proposal.id}/step", data=data).status_code == 303
    from portal.models import Job

    job = db.session.scalars(sa.select(Job)).one()
    visiting_plan.make(job, lambda *said, **words: None)
    assert (
        db.session.get(PlanProposal, (proposal.district_id, proposal.id)).state,
        lessons_of(proposal),
    ) == (
        "cancelled",
        [],
    )


def test_who_may_ask_see_and_adopt(as_, world, needs):
    address = f"/visiting/clusters/{world.cluster.id}/proposals"
    assert as_("principal").get(address).status_code == 200
    assert as_("principal").post(address, data={"first_day": "2025-11-24"}).status_code == 403
    assert as_("teacher").get(address).status_code == 403
    assert as_("west_lead").get(address).status_code == 404
    proposal = propose(as_, world)
    assert as_("west_bureau").get(f"/visiting/proposals/{proposal.id}").status_code == 404
    assert as_("principal").get(needs).status_code == 200
    assert as_("west_principal").get(needs).status_code == 404
    member = as_("principal")
    data = {"lesson": [str(row.id) for row in lessons_of(proposal)]}
    assert member.post(f"/visiting/proposals/{proposal.id}/adopt", data=data).status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(VisitingLesson)) == 4


@pytest.fixture
def standing(as_, world, needs):
    """三（1）班 has two periods of music on Monday, 三（2）班 none; 林晓岚 may come on Tuesday mornings alone."""
    db.session.execute(sa.update(TeacherLimit).values(half_days="周一上;周二上", visit_days=None))
    db.session.execute(sa.delete(LessonDemand).where(LessonDemand.subject == "美术"))
    db.session.commit()
    lead = as_("lead")
    taken = {**LESSON, "subject": "音乐", "school": str(world.gongchen.id), "from_day": "2025-11-18"}
    taken |= {"chosen_person": str(world.teacher.id), "person": world.teacher.name}
    for class_name, weekday, period in (("三（1）班", "1", "1"), ("三（1）班", "2", "2")):
        data = {**taken, "class_name": class_name, "weekday": weekday, "period": period}
        answer = lead.post("/visiting/lessons/new", data=data)
        assert answer.status_code == 303, answer.text
    db.session.execute(sa.update(TeacherLimit).values(half_days="周二上", visit_days=1))
    db.session.execute(sa.update(LessonDemand).values(daily=2))
    db.session.commit()


def lessons_now():
    rows = db.session.scalars(
        sa.select(VisitingLesson)
        .where(VisitingLesson.state == "running")
        .order_by(VisitingLesson.weekday, VisitingLesson.period)
        .execution_options(populate_existing=True)
    )
    return [(row.class_name, row.weekday, row.period) for row in rows]


def test_a_proposal_adds_only_unless_it_is_asked_to_adjust(as_, world, standing):
    adding = propose(as_, world)
    # The day that she may travel is taken by Monday.
    assert (adding.adjusts, adding.covered, lessons_of(adding)) == (False, 2, [])
    adjusting = propose(as_, world, adjusts="y")
    assert (adjusting.adjusts, adjusting.covered, adjusting.travel_days) == (True, 4, 1)
    moved = [row for row in lessons_of(adjusting) if row.replaces_id]
    assert [(row.class_name, row.weekday, row.replaces.weekday) for row in moved] == [("三（1）班", 2, 1)]
    page = as_("lead").get(f"/visiting/proposals/{adjusting.id}").text
    assert "原来：周一第1节" in page


def test_a_moved_lesson_ends_where_it_was_and_those_concerned_hear_of_it_once(as_, world, standing):
    proposal = propose(as_, world, adjusts="y")
    db.session.execute(sa.delete(Notification))
    db.session.commit()
    [moved] = [row for row in lessons_of(proposal) if row.replaces_id]
    old = moved.replaces_id
    answer = as_("lead").post(f"/visiting/proposals/{proposal.id}/adopt", data={"lesson": [str(moved.id)]})
    assert answer.status_code == 303, answer.text
    assert lessons_now() == [("三（1）班", 2, moved.period), ("三（1）班", 2, 2)]
    ended = db.session.get(VisitingLesson, (world.east.id, old), populate_existing=True)
    assert (ended.state, ended.state_note) == ("ended", "排课方案调整")
    assert not db.session.scalars(
        sa.select(VisitingSession.id).where(
            VisitingSession.lesson_id == old, VisitingSession.held_on > proposal.first_day
        )
    ).all()
    told = db.session.scalars(
        sa.select(Notification.kind).where(Notification.person_id == world.teacher.id)
    ).all()
    assert told == ["lesson_changed"]


def lessons_with(**facts) -> VisitingLesson:
    found = sa.select(VisitingLesson).filter_by(**facts).execution_options(populate_existing=True)
    return db.session.scalars(found).one()


def test_a_locked_lesson_stays_where_it_is(as_, world, standing):
    lesson = db.session.scalars(sa.select(VisitingLesson).filter_by(weekday=1)).one()
    path = f"/visiting/lessons/{lesson.id}/lock"
    before = propose(as_, world, adjusts="y")
    data = {"locked": "1", "version": lesson.version}
    assert as_("teacher").post(path, data=data).status_code in (403, 404)
    assert as_("principal").post(path, data=data).status_code == 303
    assert as_("principal").post(path, data={"locked": "0", "version": 1}).status_code == 409
    page = as_("principal").get(f"/visiting/lessons/{lesson.id}").text
    assert ("已锁定" in page, "锁定，方案不移动" in page) == (True, True)
    # All that a week shows are locked and unlocked at once, by whoever schedules them.
    week, one_and_all = f"?teacher={world.teacher.id}", sa.select(VisitingLesson.locked)
    assert as_("nanjiao_principal").post(f"/visiting/lock{week}", data={"locked": "0"}).status_code == 303
    assert as_("teacher").post(f"/visiting/lock{week}", data={"locked": "0"}).status_code == 403
    assert "锁定</span>" in as_("principal").get(f"/visiting/{week}&week=13").text
    for locked in (False, True):
        answer = as_("principal").post(f"/visiting/lock{week}", data={"locked": str(int(locked))})
        assert answer.status_code == 303
        assert set(db.session.scalars(one_and_all)) == {locked}
    data = {"locked": "0", "version": lessons_with(weekday=2).version}
    as_("principal").post(f"/visiting/lessons/{lessons_with(weekday=2).id}/lock", data=data)
    db.session.execute(sa.update(TeacherLimit).values(half_days="周一上;周二上", visit_days=2))
    db.session.commit()
    after = propose(as_, world, adjusts="y")
    assert (after.covered, after.travel_days) == (4, 1)  # the other one comes to its day
    assert lesson.id not in [row.replaces_id for row in lessons_of(after)]
    # The proposal made before the lock can no longer move it, and says so.
    [moved] = [row for row in lessons_of(before) if row.replaces_id]
    assert "和现在的课表冲突" in as_("lead").get(f"/visiting/proposals/{before.id}").text
    data = {"lesson": [str(moved.id)]}
    answer = as_("lead").post(f"/visiting/proposals/{before.id}/adopt", data=data)
    assert (answer.status_code, "不能再移动" in answer.text) == (422, True)
    assert ("三（1）班", 1, 1) in lessons_now()


def test_demands_are_listed_once_and_taken_back(as_, world, needs):
    member = as_("principal")
    data = {"class_name": "三（1）班", "subject": "音乐", "periods": "1", "daily": "1"}
    answer = member.post(needs, data=data)
    assert (answer.status_code, "已经登记过" in answer.text) == (422, True)
    assert member.post(needs, data={**data, "class_name": "四（1）班", "periods": "99"}).status_code == 422
    demand = db.session.scalars(sa.select(LessonDemand).filter_by(subject="美术")).one()
    path = f"/visiting/demands/{demand.id}/remove"
    assert as_("teacher").post(path, data={"version": demand.version}).status_code in (403, 404)
    assert member.post(path, data={"version": demand.version}).status_code == 303
    assert "美术" not in [row.subject for row in db.session.scalars(sa.select(LessonDemand))]
    assert db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.action == "lesson_demand.delete")
    ).all() == ["lesson_demand.delete"]
