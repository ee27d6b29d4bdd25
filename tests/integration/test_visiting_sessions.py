"""Dated lessons: the receiving school's list, the teacher's report, corrections, and no double booking ever."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import sqlalchemy as sa

from portal.extensions import db
from portal.models import VisitingLesson, VisitingSession
from portal.queries import people, todo, visiting
from tests.support.visiting import LESSON, dates, ring_bells, session_on, the_lesson

WEEK = "/visiting/confirm?day=2025-11-18"
TUESDAY = date(2025, 11, 18)


@pytest.fixture
def plan(as_, world):
    ring_bells(world)

    def make(who="lead", person="林晓岚", school="gongchen", **changes):
        data = {**LESSON, "from_day": "2025-11-01", "person": person, **changes}
        return as_(who).post("/visiting/lessons/new", data={**data, "school": str(getattr(world, school).id)})

    return make


def text(answer) -> str:
    return answer.get_data(as_text=True)


def row(session, outcome, **facts) -> dict:
    """What the list sends for one lesson."""
    said = {"outcome": outcome, "version": session.version, **facts}
    return {f"{name}-{session.id}": str(value) for name, value in said.items()}


def settled(session) -> tuple:
    db.session.refresh(session)
    return session.state, session.state_note, session.substitute_id, session.confirmed_by_id


def test_a_week_is_confirmed_in_one_list_and_one_post(as_, plan, world):
    for number, period in enumerate("1234", 1):
        plan(period=period, class_name=f"{number}班")
    given, missed, taken, off = visiting.received(
        people.actor_of(people.account_by_username("principal"), world.today), date(2025, 11, 17)
    )
    client = as_("principal")
    page = text(client.get(WEEK))
    assert page.count('value="give" selected') == 4  # what is usual needs one press
    data = {
        **row(given, "give"),
        **row(missed, "miss", note="教师参加区教研"),
        **row(taken, "substitute", substitute="江念一"),
        **row(off, "cancel", note="全校秋游"),
    }
    assert client.post(WEEK, data=data).status_code == 303
    who = world.principal.id
    assert [settled(s) for s in (given, missed, taken, off)] == [
        ("given", "", None, who),
        ("missed", "教师参加区教研", None, who),
        ("substituted", "", world.mentee.id, who),
        ("cancelled", "全校秋游", None, who),
    ]
    after = text(client.get(WEEK))
    assert "这一周都已登记" in after
    assert "教师参加区教研" in after


def test_one_wrong_row_saves_none_and_keeps_what_was_typed(as_, plan, world):
    for number, period in enumerate("123", 1):
        plan(period=period, class_name=f"{number}班")
    first, second, third = db.session.scalars(
        sa.select(VisitingSession).filter_by(held_on=TUESDAY).order_by(VisitingSession.starts)
    )
    data = {
        **row(first, "give"),
        **row(second, "miss"),
        **row(third, "substitute", substitute="查无此人", note="出差"),
    }
    answer = as_("principal").post(WEEK, data=data)
    page = text(answer)
    assert answer.status_code == 422
    assert f'<a href="#outcome-{second.id}">11月18日 周二 2班：请写明理由</a>' in page
    assert (
        f'<a href="#outcome-{third.id}">11月18日 周二 3班：请填写代课教师；有同名的写成“姓名（学校）”</a>'
        in page
    )
    assert 'value="查无此人"' in page
    assert 'value="出差"' in page
    assert [settled(s)[0] for s in (first, second, third)] == ["planned"] * 3


def test_what_is_yet_to_come_is_neither_given_nor_missed(as_, plan, world):
    plan()
    later = session_on(date(2025, 11, 25))
    client, address = as_("principal"), "/visiting/confirm?day=2025-11-24"
    assert 'value="give"' not in text(client.get(address))
    answer = client.post(address, data=row(later, "give"))
    assert (answer.status_code, settled(later)[0]) == (422, "planned")
    assert client.post(address, data=row(later, "cancel", note="全校秋游")).status_code == 303
    assert settled(later)[0] == "cancelled"
    assert plan(person="周以宁", weeks="13").status_code == 422  # the class keeps its lesson in the pattern


def test_the_teacher_reports_and_the_school_confirms(as_, plan, world):
    plan()
    session = session_on(TUESDAY)
    teacher, address = as_("teacher"), f"/visiting/sessions/{session.id}"
    assert "报告上课情况" in text(teacher.get(address))
    bare = teacher.post(f"{address}/report", data={"outcome": "missed", "version": session.version})
    assert (bare.status_code, session.reported) == (422, None)
    data = {"outcome": "missed", "note": "参加区教研", "version": session.version}
    assert teacher.post(f"{address}/report", data=data).status_code == 303
    db.session.refresh(session)
    assert (session.state, session.reported, session.reported_note) == ("planned", "missed", "参加区教研")
    assert "林晓岚 报告不能上课：2025-11-18 三（1）班音乐" in text(as_("principal").get("/messages/"))
    page = text(as_("office").get(WEEK))
    assert "本人报告：不能上课" in page
    assert 'value="miss" selected' in page
    assert as_("office").post(WEEK, data=row(session, "miss", note="参加区教研")).status_code == 303
    late = teacher.post(f"{address}/report", data={"outcome": "given", "version": session.version})
    assert late.status_code == 422
    assert "接收学校已经登记" in text(late)
    assert settled(session)[0] == "missed"


def test_nobody_confirms_the_own_lesson_or_the_own_substitution(as_, plan, world):
    plan("office", person="吴静姝", school="nanjiao")
    session = session_on(TUESDAY)
    assert as_("principal").post(f"/visiting/sessions/{session.id}/settle").status_code == 403
    session.school_id = world.gongchen.id  # as if she taught at a school that she runs
    db.session.commit()
    lesson = the_lesson()
    lesson.school_id, lesson.home_school_id = world.gongchen.id, world.nanjiao.id
    db.session.commit()
    assert "自己的课由别人确认" in text(as_("principal").get(WEEK))
    own = as_("principal").post(WEEK, data=row(session, "give"))
    assert (own.status_code, settled(session)[0]) == (422, "planned")
    office = as_("office").post(WEEK, data=row(session, "substitute", substitute="许清和"))
    assert office.status_code == 422
    assert "自己代的课由别人确认" in text(office)
    assert as_("office").post(WEEK, data=row(session, "give")).status_code == 303
    assert settled(session)[0] == "given"


def test_other_schools_confirm_nothing(as_, plan):
    plan()
    session = session_on(TUESDAY)
    for name in ("lead", "nanjiao_principal", "west_lead", "bureau", "teacher"):
        client = as_(name)
        client.post(WEEK, data=row(session, "give"))
        client.post(f"/visiting/sessions/{session.id}/settle", data={"outcome": "give", "version": 1})
        assert settled(session)[0] == "planned", name
    statuses = {
        name: as_(name).get(f"/visiting/sessions/{session.id}").status_code
        for name in ("lead", "mentee", "colleague", "equal_lead", "west_lead")
    }
    assert statuses == {"lead": 200, "mentee": 200, "colleague": 404, "equal_lead": 404, "west_lead": 404}


def test_a_correction_keeps_both_states_in_the_history(as_, plan, world):
    plan()
    session = session_on(TUESDAY)
    client, address = as_("principal"), f"/visiting/sessions/{session.id}"
    client.post(WEEK, data=row(session, "give"))
    db.session.refresh(session)
    silent = client.post(f"{address}/settle", data={"outcome": "miss", "version": session.version})
    assert (silent.status_code, settled(session)[0]) == (422, "given")
    same = client.post(
        f"{address}/settle", data={"outcome": "give", "note": "再看一遍", "version": session.version}
    )
    assert (same.status_code, "和现在登记的一样" in text(same)) == (422, True)
    data = {"outcome": "substitute", "substitute": "何思源", "note": "登记错了", "version": session.version}
    assert client.post(f"{address}/settle", data=data).status_code == 303
    assert settled(session) == ("substituted", "登记错了", world.colleague.id, world.principal.id)
    history = text(client.get(address))
    history = history[history.index('class="history"') :]
    assert re.findall(r"吴静姝 (\w+)</b>", history) == ["更正", "已上"]  # one correction is one entry
    assert [word for word in ("已上", "代课", "何思源", "登记错了") if word not in history] == []
    back = {"outcome": "planned", "note": "还要再核对", "version": session.version}
    assert client.post(f"{address}/settle", data=back).status_code == 303
    assert settled(session) == ("planned", "还要再核对", None, None)


def test_an_old_page_does_not_overwrite_what_another_confirmed(as_, plan):
    plan()
    session = session_on(TUESDAY)
    old = row(session, "miss", note="没来")
    assert as_("office").post(WEEK, data=row(session, "give")).status_code == 303
    db.session.refresh(session)
    session.state, session.confirmed_by_id = "planned", None
    db.session.commit()
    answer = as_("principal").post(WEEK, data=old)
    assert answer.status_code == 422
    assert "刚才有人先登记了" in text(answer)


def test_a_substitute_is_not_booked_twice(as_, plan, world):
    plan()
    plan(person="周以宁", school="linfeng", class_name="一（1）班")
    session = session_on(TUESDAY, school_id=world.gongchen.id)
    answer = as_("principal").post(WEEK, data=row(session, "substitute", substitute="周以宁"))
    assert answer.status_code == 422
    assert "2025-11-18 08:30-09:10 这位教师已有课：麟峰小学" in text(answer)


def test_a_cancelled_lesson_comes_back_only_where_there_is_room(as_, plan, world):
    plan(weeks="13")
    session = session_on(date(2025, 11, 25))
    client = as_("principal")
    client.post("/visiting/confirm?day=2025-11-25", data=row(session, "cancel", note="全校秋游"))
    lesson = session.lesson
    step = {"action": "end", "note": "换人", "version": lesson.version}
    assert as_("lead").post(f"/visiting/lessons/{lesson.id}/step", data=step).status_code == 303
    assert plan(person="周以宁", weeks="13").status_code == 303
    db.session.refresh(session)
    data = {"outcome": "planned", "note": "恢复上课", "version": session.version}
    answer = client.post(f"/visiting/sessions/{session.id}/settle", data=data)
    assert (answer.status_code, settled(session)[0]) == (422, "cancelled")
    assert "这个班已有课" in text(answer)


def test_lessons_at_home_wait_for_nobody(plan, world, actor_of):
    plan(school="linfeng", class_name="一（1）班")
    assert dates(the_lesson())[:2] == ["11-04", "11-11"]
    waits = [
        item
        for item in todo.waiting_for(actor_of("lead"), world.today)
        if item.endpoint == "visiting.confirm"
    ]
    assert waits == []
    assert visiting.unconfirmed(actor_of("lead"), world.today) == 0


# Many at once


@pytest.mark.promise(10)
@pytest.mark.parametrize("contested", ["teacher", "class"])
def test_eight_schedulers_at_once_never_book_twice(app, world, contested):
    """They want one teacher, or one class, at times that overlap without being equal: one gets it."""
    ring_bells(world)
    schools = [(world.gongchen.id, "1"), (world.linfeng.id, "1"), (world.nanjiao.id, "1")]
    people_ = ["林晓岚", "周以宁", "陈怀瑾", "江念一"]
    orders = []
    for number in range(8):
        place, period = schools[number % 3] if contested == "teacher" else schools[0]
        orders.append(
            {
                **LESSON,
                "person": "林晓岚" if contested == "teacher" else people_[number % 4],
                "school": str(place),
                "period": period,
                "class_name": f"{number}班" if contested == "teacher" else "三（1）班",
                "subject": f"课{number}",
            }
        )
    clients = [app.test_client().log_in("lead") for _ in orders]
    db.session.commit()
    barrier = threading.Barrier(len(orders))

    def send(client, data):
        with app.app_context():
            barrier.wait()
            return client.post("/visiting/lessons/new", data=data).status_code

    with ThreadPoolExecutor(len(orders)) as pool:
        answers = list(pool.map(send, clients, orders))
    assert sorted(answers) == [303] + [422] * 7
    assert len(db.session.scalars(sa.select(VisitingLesson)).all()) == 1
    assert overlaps() == []


@pytest.mark.promise(10)
def test_the_database_itself_refuses_the_same_hour_twice(app, plan, world):
    """Without any check of ours: the unique index lets one of eight identical sessions in."""
    plan()
    model = session_on(date(2025, 11, 25))
    facts = {
        name: getattr(model, name)
        for name in ("district_id", "lesson_id", "person_id", "school_id", "starts", "ends")
    }
    db.session.commit()
    barrier, failures = threading.Barrier(8), []

    def insert(number):
        with app.app_context():
            barrier.wait()
            db.session.add(VisitingSession(**facts, held_on=date(2025, 11, 27), class_name=f"{number}班"))
            try:
                db.session.commit()
            except sa.exc.IntegrityError as error:
                db.session.rollback()
                failures.append(type(error).__name__)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(insert, range(8)))
    assert failures == ["IntegrityError"] * 7
    assert (
        len(db.session.scalars(sa.select(VisitingSession).filter_by(held_on=date(2025, 11, 27))).all()) == 1
    )


def overlaps() -> list:
    """Pairs of dated lessons of one teacher, or one class, that share a minute."""
    a, b = sa.orm.aliased(VisitingSession), sa.orm.aliased(VisitingSession)
    return db.session.execute(
        sa.select(a.held_on, a.starts, b.starts).where(
            a.id < b.id,
            a.held_on == b.held_on,
            a.starts < b.ends,
            b.starts < a.ends,
            a.state != "cancelled",
            b.state != "cancelled",
            sa.or_(
                a.person_id == b.person_id,
                sa.and_(a.school_id == b.school_id, a.class_name == b.class_name),
            ),
        )
    ).all()
