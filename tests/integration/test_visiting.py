"""The visiting timetable through the pages: lessons, clashes, dated sessions, confirmation."""

import threading
from datetime import date

import pytest

from portal.actions import visiting as actions
from portal.domain.access import can
from portal.extensions import db
from portal.models import BellPeriod, CalendarDay, TravelTime, VisitingLesson, VisitingSession
from portal.queries import people, timetable, visiting
from tests.support.cast_names import ACCOUNTS

BELLS = ((510, 550), (560, 600), (620, 660), (670, 710))
LESSON = {
    "form_kind": "circuit_teaching", "subject": "音乐", "class_name": "三（1）班", "weekday": "2", "period": "1",
    "weeks": "", "from_day": "2025-11-19",
}  # fmt: skip


@pytest.fixture
def bells(world):
    """Two schools with bells, half an hour apart."""
    for school in (world.linfeng, world.gongchen, world.nanjiao):
        for number, (starts, ends) in enumerate(BELLS, 1):
            db.session.add(
                BellPeriod(
                    district_id=world.east.id, school_id=school.id, number=number, starts=starts, ends=ends
                )
            )
    for origin, target in ((world.linfeng, world.gongchen), (world.gongchen, world.linfeng)):
        db.session.add(
            TravelTime(
                district_id=world.east.id, from_school_id=origin.id, to_school_id=target.id, minutes=30
            )
        )
    db.session.commit()


@pytest.fixture
def plan(as_, world, bells):
    def make(who="lead", person="林晓岚", school="gongchen", **changes):
        data = {**LESSON, "person": person, "school": str(getattr(world, school).id), **changes}
        return as_(who).post("/visiting/lessons/new", data=data)

    return make


def the_lesson() -> VisitingLesson:
    return db.session.scalars(db.select(VisitingLesson)).one()


def days_of(lesson) -> list[str]:
    return [session.held_on.isoformat() for session in visiting.sessions_of(lesson)]


def test_a_lesson_becomes_dated_sessions_by_the_calendar(plan, world):
    db.session.add_all(
        [
            CalendarDay(district_id=world.east.id, day=date(2025, 12, 2), kind="holiday", note="停课"),
            CalendarDay(
                district_id=world.east.id,
                day=date(2025, 12, 6),
                kind="swapped",
                follows_weekday=2,
                note="调休",
            ),
        ]
    )
    assert plan(weeks="双").status_code == 303
    lesson = the_lesson()
    assert (lesson.state, lesson.starts, lesson.ends, lesson.home_school_id) == (
        "running", 510, 550, world.linfeng.id,
    )  # fmt: skip
    # Even weeks only; Tuesday 2 December is off and taught on Saturday the 6th of the same week.
    assert days_of(lesson) == ["2025-12-06", "2025-12-16", "2025-12-30", "2026-01-13", "2026-01-27"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"class_name": "三（2）班"}, "时间冲突"),
        ({"person": "周以宁"}, "时间冲突"),
        ({"school": "linfeng", "period": "2", "class_name": "本校班"}, "时间冲突"),
        ({"period": "9"}, "没有登记第9节"),
        ({"weeks": "隔周"}, "周次写成"),
        ({"person": "无此人"}, "没有找到这位教师"),
    ],
    ids=["teacher", "class", "way", "bell", "weeks", "person"],
)
def test_what_cannot_be_is_refused_at_its_field(plan, changes, words):
    assert plan().status_code == 303
    answer = plan(**changes)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert db.session.scalar(db.select(db.func.count()).select_from(VisitingLesson)) == 1


def test_odd_and_even_weeks_share_a_period(plan):
    assert plan(weeks="单").status_code == 303
    assert plan(weeks="双", class_name="四（1）班").status_code == 303


def test_an_unknown_way_is_said_and_not_refused(plan, as_, world):
    assert plan().status_code == 303
    answer = plan(school="nanjiao", period="3", class_name="五（1）班")
    assert answer.status_code == 303


def test_an_edit_changes_from_tomorrow_and_leaves_the_past(plan, as_, world):
    plan(from_day="2025-11-01")
    lesson = the_lesson()
    before = days_of(lesson)
    assert before[:3] == ["2025-11-04", "2025-11-11", "2025-11-18"]
    data = {
        **LESSON,
        "person": "林晓岚",
        "school": str(world.gongchen.id),
        "weekday": "3",
        "version": lesson.version,
    }
    assert as_("lead").post(f"/visiting/lessons/{lesson.id}/edit", data=data).status_code == 303
    after = days_of(lesson)
    assert after[:4] == ["2025-11-04", "2025-11-11", "2025-11-18", "2025-11-26"]


def test_a_changed_calendar_moves_the_coming_sessions_only(plan, as_, world):
    plan(from_day="2025-11-01")
    lesson = the_lesson()
    for day in ("2025-11-25", "2025-11-04"):
        off = {"day": day, "kind": "local_off", "follows_weekday": "", "note": "运动会"}
        assert as_("bureau").post("/admin/days/new", data=off).status_code == 303
    assert days_of(lesson)[:4] == ["2025-11-04", "2025-11-11", "2025-11-18", "2025-12-02"]


def test_the_receiving_school_confirms_a_week_in_one_list(plan, as_, world):
    plan(from_day="2025-11-01")
    plan(from_day="2025-11-01", period="3", class_name="四（1）班")
    first, second = timetable.received(actor(world, "principal"), date(2025, 11, 17))
    client = as_("principal")
    address = "/visiting/confirm?day=2025-11-17"
    wrong = client.post(address, data={f"action-{first.id}": "give", f"action-{second.id}": "miss"})
    assert (wrong.status_code, first.state) == (422, "planned")
    assert "请写明理由" in wrong.get_data(as_text=True)
    right = client.post(
        address,
        data={
            f"action-{first.id}": "give", f"action-{second.id}": "substitute", f"who-{second.id}": "何思源（南郊小学）",
        },
    )  # fmt: skip
    assert right.status_code == 303
    assert [(s.state, s.confirmed_by_id, s.substitute_id) for s in (first, second)] == [
        ("given", world.principal.id, None), ("substituted", world.principal.id, world.colleague.id),
    ]  # fmt: skip
    corrected = client.post(address, data={f"action-{first.id}": "correct", f"note-{first.id}": "登记错了"})
    assert (corrected.status_code, first.state, first.confirmed_by_id) == (303, "planned", None)


def actor(world, name):
    return people.actor_of(people.account_by_username(name), world.today)


def test_other_schools_cannot_confirm(plan, as_, world):
    plan(from_day="2025-11-01")
    (session,) = timetable.received(actor(world, "principal"), date(2025, 11, 17))
    for name in ("lead", "nanjiao_principal", "west_lead"):
        answer = as_(name).post("/visiting/confirm?day=2025-11-17", data={f"action-{session.id}": "give"})
        assert (answer.status_code, session.state) == (303, "planned"), name
    assert as_("teacher").get("/visiting/confirm").status_code == 403


def test_ending_a_lesson_takes_the_future_out(plan, as_, world):
    plan(from_day="2025-11-01")
    lesson = the_lesson()
    answer = as_("lead").post(
        f"/visiting/lessons/{lesson.id}/step",
        data={"action": "end", "note": "教师调回", "version": lesson.version},
    )
    assert (answer.status_code, lesson.state) == (303, "ended")
    assert days_of(lesson) == ["2025-11-04", "2025-11-11", "2025-11-18"]


def test_list_and_permission_agree_for_everybody(plan, actor_of):
    plan()
    lessons = db.session.scalars(db.select(VisitingLesson)).all()
    sessions = db.session.scalars(db.select(VisitingSession)).all()
    for name in ACCOUNTS:
        who = actor_of(name)
        seen = set(db.session.scalars(visiting.lessons_visible_to(who)))
        assert seen == {row for row in lessons if can(who, "lesson.view", row)}, name
        dated = set(db.session.scalars(visiting.sessions_visible_to(who)))
        assert dated == {row for row in sessions if can(who, "session.view", row)}, name


def test_the_week_shows_the_lesson_to_teacher_and_both_schools(plan, as_):
    plan(from_day="2025-11-01")
    for name in ("teacher", "principal", "lead", "mentee", "bureau"):
        assert "三（1）班 音乐" in as_(name).get("/visiting/").get_data(as_text=True), name
    for name in ("equal_teacher", "west_teacher"):
        assert "三（1）班 音乐" not in as_(name).get("/visiting/").get_data(as_text=True), name


def test_bells_and_ways_are_kept_and_checked(as_, world, bells):
    client = as_("principal")
    address = f"/visiting/schools/{world.gongchen.id}/bells"
    bad = client.post(address, data={"starts-1": "8:30", "ends-1": "8:10"})
    assert bad.status_code == 422
    garbled = client.post(address, data={"starts-1": "早上", "ends-1": "8:10"})
    assert garbled.status_code == 422
    good = client.post(address, data={"starts-1": "8:10", "ends-1": "8:50", f"way-{world.linfeng.id}": "25"})
    assert good.status_code == 303
    rows = [(row.number, row.starts, row.ends) for row in timetable.bells(world.gongchen)]
    assert rows == [(1, 490, 530)]
    assert timetable.ways_from(world.gongchen)[world.linfeng.id] == 25
    assert timetable.ways_from(world.linfeng)[world.gongchen.id] == 25
    assert as_("teacher").get(f"/visiting/schools/{world.linfeng.id}/bells").status_code == 403


@pytest.mark.promise(10)
def test_two_schedulers_at_once_never_book_a_teacher_twice(app, world, bells):
    """Eight at a barrier want the same teacher at overlapping times: one gets it."""
    keys = {
        "district": world.east.id, "person": world.teacher.id, "school": world.gongchen.id,
    }  # fmt: skip
    db.session.commit()
    barrier, done, refused = threading.Barrier(8), [], []

    def schedule(number: int) -> None:
        with app.app_context():
            try:
                who = people.actor_of(people.account_by_username("lead"), world.today)
                person = people.person_by_id(keys["district"], keys["person"])
                values = {
                    "school_id": keys["school"], "form": "circuit_teaching", "subject": "音乐",
                    "class_name": f"{number}班", "weekday": 2, "period": 1, "weeks": "",
                }  # fmt: skip
                db.session.rollback()
                barrier.wait()
                actions.plan_lesson(who, person, values, from_day=world.today, today=world.today)
                db.session.commit()
                done.append(number)
            except Exception as failure:
                db.session.rollback()
                refused.append(type(failure).__name__)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=schedule, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), refused) == (1, ["Refused"] * 7)
    rows = db.session.execute(
        db.select(VisitingSession.person_id, VisitingSession.held_on, db.func.count())
        .group_by(VisitingSession.person_id, VisitingSession.held_on)
        .having(db.func.count() > 1)
    ).all()
    assert rows == []
