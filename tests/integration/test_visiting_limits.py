"""What binds a teacher, lessons that are checked while they are written, and empty cells that lead to the form."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.actions import visiting_dates
from portal.constraints import violated
from portal.extensions import db
from portal.models import AuditEntry, BusyHour, TeacherLimit, VisitingLesson, VisitingSession
from tests.support.queries import counted_queries
from tests.support.visiting import LESSON, ring_bells, the_lesson

DEFAULT = [f"{day}{half}" for day in range(1, 6) for half in ("am", "pm")]


@pytest.fixture
def plan(as_, world):
    ring_bells(world)

    def make(who="lead", person="林晓岚", school="gongchen", **changes):
        data = {**LESSON, "person": person, "school": str(getattr(world, school).id), **changes}
        return as_(who).post("/visiting/lessons/new", data=data)

    return make


@pytest.fixture
def bind(as_, world):
    def make(who="lead", person="teacher", half_days=DEFAULT, **limits):
        address = f"/visiting/limits/{getattr(world, person).id}"
        return as_(who).post(address, data={"half_days": half_days, **limits})

    return make


def text(answer) -> str:
    return answer.get_data(as_text=True)


def errors(answer) -> list[tuple]:
    return re.findall(r'<li><a href="#([\w-]+)">([^<]+)</a></li>', text(answer))


def slots(answer) -> list[str]:
    return re.findall(r'name="slot" value="([\d-]+)"', text(answer))


def the_limit() -> TeacherLimit:
    return db.session.scalars(sa.select(TeacherLimit).execution_options(populate_existing=True)).one()


# Setting limits


def test_own_school_sets_limits_and_the_history_tells_them(as_, bind, world):
    assert bind(week_periods="12", visit_days="2", half_days=["2am", "2pm", "4am"]).status_code == 303
    row = the_limit()
    assert (row.week_periods, row.visit_days, row.half_days) == (12, 2, "周二上;周二下;周四上")
    page = text(as_("lead").get(f"/visiting/limits/{world.teacher.id}"))
    history = page[page.index('class="history"') :]
    assert [word in history for word in ("每周课时上限", "每周走教日上限", "可走教的半天", "周四上")] == [
        True
    ] * 4
    assert bind(week_periods="", visit_days="", version=row.version).status_code == 303
    row = the_limit()
    assert (row.week_periods, row.visit_days, row.half_days) == (None, None, None)


def test_a_teacher_says_half_days_and_no_limits(as_, bind, world):
    bind(week_periods="12")
    answer = bind("teacher", half_days=["1am"], week_periods="40", version=the_limit().version)
    row = the_limit()
    assert (answer.status_code, row.week_periods, row.half_days) == (303, 12, "周一上")
    assert "上限由本校教务处设定" in text(as_("teacher").get(f"/visiting/limits/{world.teacher.id}"))


def test_others_neither_see_nor_set_limits(as_, bind, world):
    answers = {
        who: bind(who, week_periods="3").status_code for who in ("principal", "mentor", "bureau", "west_lead")
    }
    assert answers == {"principal": 404, "mentor": 404, "bureau": 403, "west_lead": 404}
    assert db.session.scalars(sa.select(TeacherLimit)).all() == []


def test_wrong_limits_come_back_with_what_was_typed(bind):
    answer = bind(week_periods="61", visit_days="x", half_days=[])
    assert answer.status_code == 422
    assert errors(answer) == [
        ("week_periods", "请填写 0 到 60 之间的整数"),
        ("visit_days", "每周走教日上限：请填写整数"),
        ("half_days", "至少留一个半天；完全不能走教的，请把每周走教日上限填 0"),
    ]
    assert 'value="61"' in text(answer)


def test_a_stale_form_overwrites_no_limit(bind):
    bind(week_periods="10")
    old = the_limit().version
    assert bind(week_periods="11", version=old).status_code == 303
    answer = bind(week_periods="9", version=old)
    assert (answer.status_code, the_limit().week_periods) == (409, 11)


def test_list_shows_own_teachers_with_load_and_limits(as_, plan, bind, world):
    plan()
    plan(school="linfeng", weekday="3", class_name="一（1）班")
    bind(week_periods="1", visit_days="2", half_days=["2am"])
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text(as_("lead").get("/visiting/limits/"))))
    assert "林晓岚 麟峰小学 超过上限 1 1 1 1 2 周二上午" in page
    assert "林晓岚" not in text(as_("nanjiao_principal").get("/visiting/limits/"))
    assert "林晓岚" in text(as_("teacher").get("/visiting/limits/"))


# Limits in the check


@pytest.mark.parametrize(
    ("limit", "changes", "expected"),
    [
        ({"half_days": ["2pm", "3am"]}, {}, [("weekday", "周二上午不在该教师可用的半天内")]),
        ({"half_days": ["2pm", "3am"]}, {"period": "5"}, []),
        ({"visit_days": "0"}, {}, [("weekday", "第12周有1天走教，超过每周上限0天")]),
        ({"week_periods": "0"}, {}, [("person", "第12周共1节，超过每周上限0节")]),
        ({"week_periods": "0"}, {"school": "linfeng"}, [("person", "第12周共1节，超过每周上限0节")]),
        # Days and half-days bind visits only.
        ({"visit_days": "0", "half_days": ["5pm"]}, {"school": "linfeng"}, []),
        ({"week_periods": "1", "visit_days": "1"}, {}, []),
    ],
    ids=["half-day", "other half", "no day", "no period", "no period at home", "home is free", "reached"],
)
def test_a_limit_is_a_reason_at_its_field(plan, bind, limit, changes, expected):
    bind(**limit)
    answer = plan(**changes)
    assert (answer.status_code, errors(answer)) == (422 if expected else 303, expected)


def test_lessons_at_home_count_for_the_week_and_not_as_visits(plan, bind):
    bind(week_periods="2", visit_days="1")
    assert plan(school="linfeng", weekday="1", class_name="一（1）班").status_code == 303
    assert plan(school="linfeng", weekday="3", class_name="一（1）班").status_code == 303
    assert errors(plan()) == [("person", "第12周共3节，超过每周上限2节")]
    # Odd and even weeks are counted each for itself.
    bind(week_periods="3", visit_days="1", version=the_limit().version)
    assert plan(weeks="单").status_code == 303
    assert plan(weeks="双", class_name="三（2）班").status_code == 303
    assert errors(plan(weekday="4", weeks="双", class_name="三（3）班")) == [
        ("person", "第12周共4节，超过每周上限3节"),
        ("weekday", "第12周有2天走教，超过每周上限1天"),
    ]


def test_a_limit_set_later_marks_the_week_and_keeps_the_lesson_changeable(as_, plan, bind, world):
    plan()
    bind(week_periods="0")
    page = text(as_("lead").get(f"/visiting/?teacher={world.teacher.id}&week=13"))
    assert "第13周共1节，超过每周上限0节" in page or "第1周共1节，超过每周上限0节" in page
    assert "超过每周课时上限" in page
    lesson = the_lesson()
    data = {**LESSON, "school": str(lesson.school_id), "class_name": "三（2）班", "version": lesson.version}
    assert as_("lead").post(f"/visiting/lessons/{lesson.id}/edit", data=data).status_code == 303
    assert plan(weekday="5").status_code == 422


# The check while writing


def check(as_, world, who="lead", **changes):
    asked = {**LESSON, "person": "林晓岚", "school": str(world.gongchen.id), **changes}
    return as_(who).get("/visiting/lessons/check", query_string=asked, htmx="lesson_check")


def test_check_says_why_and_offers_the_nearest_free_times(as_, plan, bind, world):
    bind(half_days=["2am", "2pm", "3am"])
    plan()
    plan(school="linfeng", period="3", class_name="一（1）班")  # 10:20-11:00 at home, half an hour away
    answer = check(as_, world, class_name="三（2）班")
    assert "<html" not in text(answer)
    assert "同一教师周二两处有课" in text(answer)
    # Tuesday 9:00-9:40 leaves 40 minutes for the way; 10:10 and 11:00 touch the lesson at home or the way from it.
    assert slots(answer) == ["2-2", "2-5", "3-1", "3-2", "3-3", "3-4"]
    answer = check(as_, world, weekday="3", class_name="三（2）班")
    assert ("周三第1节可以排" in text(answer), slots(answer)) == (True, [])


def test_check_keeps_out_of_dates_that_are_taken(as_, plan, world):
    plan()
    plan(person="周以宁", weekday="4", class_name="五（1）班")
    moved = db.session.scalars(
        sa.select(VisitingSession).where(VisitingSession.held_on == date(2025, 11, 27))
    ).one()
    # Stands in on a Thursday, so that the first period of Thursdays is no longer free on every date.
    moved.state, moved.substitute_id = "substituted", world.teacher.id
    db.session.commit()
    answer = check(as_, world, class_name="三（2）班")
    assert "4-1" not in slots(answer)
    assert "2-2" in slots(answer)


def test_a_free_time_is_taken_with_one_tap(as_, plan, world):
    plan()
    answer = plan(class_name="三（2）班", slot="2-2")
    assert answer.status_code == 303
    added = db.session.scalars(
        sa.select(VisitingLesson).where(VisitingLesson.class_name == "三（2）班")
    ).one()
    assert (added.weekday, added.period, added.starts) == (2, 2, 540)
    refused = plan(class_name="三（3）班")
    assert (refused.status_code, "2-3" in slots(refused)) == (422, True)
    data = {
        **LESSON,
        "school": str(added.school_id),
        "class_name": "三（2）班",
        "slot": "3-4",
        "version": added.version,
    }
    assert as_("lead").post(f"/visiting/lessons/{added.id}/edit", data=data).status_code == 303
    db.session.refresh(added)
    assert (added.weekday, added.period) == (3, 4)


def test_check_tells_both_schools_cover(as_, plan, world):
    for key in ("teacher", "mentor"):
        getattr(world, key).subjects = ["音乐"]
    db.session.commit()
    plan(person="周以宁", class_name="五（1）班", period="2")
    page = text(check(as_, world))
    assert "麟峰小学：音乐教师 2 人，走教外出 2 人，这一节有课 0 人，还有 0 人" in page
    assert "本校没有人了" in page
    assert "拱辰中心小学：花名册上没有音乐教师" in page


def test_check_says_nothing_to_who_may_not_schedule(as_, plan, world):
    plan()
    lesson = the_lesson()
    assert "同一教师" not in text(check(as_, world, "nanjiao_principal"))
    assert check(as_, world, "teacher").status_code == 403
    assert check(as_, world, "nanjiao_principal", lesson=str(lesson.id)).status_code == 404
    assert "<html" in text(as_("lead").get("/visiting/lessons/check?weeks=xx&school=nowhere"))


# The grid


def test_an_empty_cell_leads_to_the_form_with_what_it_says(as_, plan, world):
    plan()
    page = text(as_("lead").get(f"/visiting/?teacher={world.teacher.id}&week=13"))
    cells = re.findall(r'class="slot-add no-print" href="([^"]+)"><svg.*?<span[^>]*>([^<]+)', page)
    cell = next(url.replace("&amp;", "&") for url, words in cells if words == "排一节课：周一第2节")
    form = text(as_("lead").get(cell))
    assert 'value="林晓岚（麟峰小学）"' in form
    assert f'<option selected value="{world.gongchen.id}">' in form
    assert re.search(r'<option selected value="2">第2节 9:00–9:40', form)
    assert 'value="音乐"' in form
    assert "slot-add" not in text(as_("teacher").get("/visiting/?week=13"))
    assert "slot-add" not in text(as_("mentor").get(f"/visiting/?school={world.linfeng.id}&week=13"))
    school = text(as_("principal").get(f"/visiting/?school={world.gongchen.id}&week=20"))
    assert f"school={world.gongchen.id}" in re.search(r'slot-add no-print" href="([^"]+)"', school)[1]


def test_schools_see_a_way_that_a_lesson_at_home_makes_too_short(as_, plan, world):
    plan(weekday="4", period="2")
    plan(weekday="4", period="3", school="linfeng", class_name="一（1）班")
    data = {f"to-{world.linfeng.id}": "50"}
    as_("principal").post(f"/visiting/schools/{world.gongchen.id}/ways", data=data)
    for address in (f"school={world.gongchen.id}", f"cluster={world.cluster.id}"):
        page = text(as_("principal").get(f"/visiting/?{address}&week=13"))
        assert "周四从拱辰中心小学到麟峰小学需要50分钟，课间只有40分钟" in page
        assert "一（1）班 音乐" not in re.sub(r"<li>.*?</li>", "", page)


def test_a_clusters_week_costs_the_same_however_many_lessons(as_, plan, world):
    plan(from_day="2025-11-01")
    client, address = as_("lead"), f"/visiting/?cluster={world.cluster.id}&week=13"
    client.get(address)
    with counted_queries() as one:
        client.get(address)
    for number, period in enumerate("2345"):
        plan(from_day="2025-11-01", period=period, class_name=f"{period}班")
        plan(from_day="2025-11-01", person="周以宁", weekday="5", period=period, class_name=f"{period}班")
        plan(school="linfeng", weekday="1", period=period, class_name=f"一（{number}）班")
    with counted_queries() as many:
        client.get(address)
    assert (many.count, many.count <= 40) == (one.count, True)


def test_the_sheet_of_a_busy_week_has_a_line_a_lesson(as_, plan, world):
    """On paper the clock then stands in the heads of the rows alone."""
    plan(from_day="2025-11-01")
    client, address = as_("principal"), f"/visiting/?school={world.gongchen.id}&week=13"
    assert "print-dense" not in text(client.get(address))
    lesson = db.session.scalars(sa.select(VisitingLesson)).one()
    for number in range(30):
        facts = {name: getattr(lesson, name) for name in ("district_id", "person_id", "school_id")}
        day, starts = date(2025, 11, 24) + timedelta(days=number % 5), 900 + 10 * (number // 5)
        times = {"held_on": day, "starts": starts, "ends": starts + 5}
        db.session.add(VisitingSession(**facts, **times, lesson_id=lesson.id, class_name=f"{number}班"))
    db.session.commit()
    page = text(client.get(address))
    assert ('class="print-wide print-dense"' in page, page.count("no-print only-desk")) == (True, 62)


# Taken hours


def test_taken_hours_keep_lessons_out(as_, plan, world):
    address, client = f"/visiting/schools/{world.linfeng.id}/hours", as_("lead")
    hour = {"person": "林晓岚", "subject": "教研", "weekday": "2", "period": "1", "weeks": ""}
    plan(school="linfeng", weekday="5", class_name="一（1）班")
    assert client.post(address, data=hour).status_code == 303
    assert [field for field, _words in errors(plan())] == ["person"]
    data = {"class_name": "三（1）班", "subject": "语文", "weekday": "3", "period": "2"}
    other = f"/visiting/schools/{world.gongchen.id}/hours"
    assert as_("principal").post(other, data=data).status_code == 303
    assert [field for field, _words in errors(plan(weekday="3", period="2"))] == ["class_name"]
    assert plan(weekday="3", period="3").status_code == 303
    gone = {"starts-1": "8:30", "ends-1": "9:10"}
    refused = as_("principal").post(f"/visiting/schools/{world.gongchen.id}/bells", data=gone)
    assert refused.status_code == 422
    busy = db.session.scalars(sa.select(BusyHour).where(BusyHour.class_name != "")).one()
    assert as_("nanjiao_principal").post(f"/visiting/hours/{busy.id}/delete").status_code == 404
    assert as_("principal").post(f"/visiting/hours/{busy.id}/delete").status_code == 303
    assert plan(weekday="3", period="2").status_code == 303


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"person": "林晓岚", "class_name": "三（1）班"}, "class_name"),
        ({}, "class_name"),
        ({"person": "江念一"}, "person"),
        ({"class_name": "三（1）班", "weeks": "隔周"}, "weeks"),
    ],
    ids=["both", "neither", "elsewhere", "weeks"],
)
def test_wrong_taken_hours_are_refused(as_, plan, world, data, field):
    answer = as_("lead").post(
        f"/visiting/schools/{world.linfeng.id}/hours", data={"weekday": "1", "period": "1", **data}
    )
    assert (answer.status_code, [name for name, _words in errors(answer)]) == (422, [field])
    assert db.session.scalars(sa.select(BusyHour)).all() == []


# Many at once


@pytest.mark.promise(10)
def test_eight_schedulers_at_once_exceed_no_limit(app, world, bind):
    """They want one teacher at eight times that do not meet, and the teacher may give two lessons a week."""
    ring_bells(world)
    assert bind(week_periods="2").status_code == 303
    orders = [
        {
            **LESSON,
            "person": "林晓岚",
            "school": str(world.gongchen.id),
            "weekday": str(number % 4 + 1),
            "period": str(number // 4 + 1),
            "class_name": f"{number}班",
        }
        for number in range(8)
    ]
    clients = [app.test_client().log_in("lead") for _ in orders]
    db.session.commit()
    barrier = threading.Barrier(len(orders))

    def send(client, data):
        with app.app_context():
            barrier.wait()
            return client.post("/visiting/lessons/new", data=data).status_code

    with ThreadPoolExecutor(len(orders)) as pool:
        answers = list(pool.map(send, clients, orders))
    assert sorted(answers) == [303] * 2 + [422] * 6
    assert len(db.session.scalars(sa.select(VisitingLesson)).all()) == 2


@pytest.mark.promise(10)
@pytest.mark.parametrize(
    "second",
    [
        {"class_name": "三（1）班", "starts": 500, "ends": 540},
        {"class_name": "三（2）班；三（1）班", "starts": 490, "ends": 530},
        {"class_name": "三（1）班；四（1）班", "starts": 529, "ends": 560},
    ],
    ids=["overlap", "joint", "joint overlap"],
)
def test_the_database_itself_refuses_a_class_at_overlapping_times(app, plan, world, second):
    plan(class_name="三（3）班；三（1）班" if "；" in second["class_name"] else "三（1）班")
    row = db.session.scalars(sa.select(VisitingSession).order_by(VisitingSession.held_on)).first()
    facts = {"district_id": row.district_id, "lesson_id": row.lesson_id, "school_id": row.school_id}
    other = VisitingSession(**facts, person_id=world.mentor.id, held_on=row.held_on, **second)
    db.session.add(other)
    with pytest.raises(sa.exc.IntegrityError) as refused:
        db.session.flush()
    assert violated(refused.value) == "class_booked_twice"
    db.session.rollback()
    free = {**second, "class_name": "三（9）班"}
    db.session.add(VisitingSession(**facts, person_id=world.mentor.id, held_on=row.held_on, **free))
    db.session.flush()


def test_history_of_limits_stands_in_the_trail(bind):
    bind(week_periods="10")
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.object_kind == "teacher_limit")).all()
    assert [entry.action for entry in entries] == ["teacher_limit.edit"]
    assert visiting_dates.FIELDS["week_limit"] == "person"
