"""The visiting timetable through the pages: lessons, conflicts, the week, bells and ways."""

import io
import re
from datetime import date

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from portal.actions import visiting as actions
from portal.domain.access import can
from portal.extensions import db
from portal.models import Notification, VisitingLesson, VisitingSession, WorkRecord
from portal.queries import visiting
from tests.support.cast_names import ACCOUNTS
from tests.support.queries import counted_queries
from tests.support.visiting import LESSON, dates, ring_bells, session_on, the_lesson, unusual

FIRST = "拱辰中心小学三（1）班音乐 08:10-08:50"
TUESDAYS = ["11-25", "12-02", "12-09", "12-16", "12-23", "12-30", "01-06", "01-13", "01-20", "01-27"]


@pytest.fixture
def plan(as_, world):
    ring_bells(world)

    def make(who="lead", person="林晓岚", school="gongchen", **changes):
        data = {**LESSON, "person": person, "school": str(getattr(world, school).id), **changes}
        return as_(who).post("/visiting/lessons/new", data=data)

    return make


def text(answer) -> str:
    return answer.get_data(as_text=True)


def errors(answer) -> list[str]:
    return re.findall(r'<li><a href="#([\w-]+)">([^<]+)</a></li>', text(answer))


def edited(client, lesson, **changes):
    data = {
        **LESSON,
        "school": str(lesson.school_id),
        "class_name": lesson.class_name,
        "weekday": str(lesson.weekday),
        "period": str(lesson.period),
        "weeks": lesson.weeks,
        "version": lesson.version,
        **changes,
    }
    return client.post(f"/visiting/lessons/{lesson.id}/edit", data=data)


# Lessons and their dates


def test_a_lesson_becomes_dated_sessions_for_the_rest_of_its_term(as_, plan, world):
    answer = plan()
    lesson = the_lesson()
    assert answer.headers["Location"] == f"/visiting/lessons/{lesson.id}"
    facts = (lesson.state, lesson.starts, lesson.ends, lesson.home_school_id, lesson.term_id)
    assert facts == ("running", 490, 530, world.linfeng.id, world.term.id)
    assert dates(lesson) == TUESDAYS
    told = db.session.scalars(sa.select(Notification).where(Notification.kind == "lesson_scheduled")).all()
    assert {row.person_id for row in told} == {world.teacher.id, world.principal.id}
    assert "陈怀瑾 排了走教课：林晓岚 拱辰中心小学三（1）班音乐" in text(as_("teacher").get("/messages/"))


def test_dates_follow_odd_weeks_holidays_and_swapped_days(plan, world):
    unusual(world, date(2025, 12, 2), "holiday", note="停课")
    unusual(world, date(2025, 12, 6), "swapped", 2)
    plan(weeks="双周")
    # Even weeks: Tuesday 2 December is off and taught on Saturday the 6th of the same week.
    assert (the_lesson().weeks, dates(the_lesson())) == ("双", ["12-06", "12-16", "12-30", "01-13", "01-27"])


def test_a_draft_has_no_dates_until_it_is_started(as_, plan, world):
    plan(draft="y")
    lesson = the_lesson()
    assert (lesson.state, dates(lesson)) == ("planned", [])
    assert "草稿，还没有执行" in text(as_("lead").get("/visiting/"))
    step = {"action": "start", "version": lesson.version}
    assert as_("mentee").post(f"/visiting/lessons/{lesson.id}/step", data=step).status_code == 403
    assert as_("principal").post(f"/visiting/lessons/{lesson.id}/step", data=step).status_code == 303
    assert (lesson.state, dates(lesson)) == ("running", TUESDAYS)


def test_an_edit_changes_what_comes_and_leaves_what_was(as_, plan, world):
    plan(from_day="2025-11-01")
    lesson = the_lesson()
    kept = session_on(date(2025, 11, 25))
    kept.state, kept.state_note = "cancelled", "全校秋游"
    db.session.commit()
    ids = {session.id for session in visiting.sessions_of(lesson) if session.held_on > world.today}
    assert edited(as_("lead"), lesson, period="3").status_code == 303
    rows = [(f"{s.held_on:%m-%d}", s.starts, s.state) for s in visiting.sessions_of(lesson)]
    assert rows[:5] == [
        ("11-04", 490, "planned"),
        ("11-11", 490, "planned"),
        ("11-18", 490, "planned"),
        ("11-25", 490, "cancelled"),
        ("12-02", 610, "planned"),
    ]
    assert {session.id for session in visiting.sessions_of(lesson) if session.held_on > world.today} == ids
    assert edited(as_("lead"), lesson, weekday="3").status_code == 303
    assert dates(lesson)[:6] == ["11-04", "11-11", "11-18", "11-25", "11-26", "12-03"]
    page = text(as_("lead").get(f"/visiting/lessons/{lesson.id}"))
    history = page[page.index('class="history"') :]
    edits = re.findall(r"陈怀瑾 修改</b>.*?<dl class=\"changes\">(.*?)</dl>", history, re.DOTALL)
    assert [re.findall(r"<dt>(.+?)</dt>", edit) for edit in edits] == [["星期"], ["节次", "上课时间"]]


def test_what_was_taught_keeps_its_subject_and_school(as_, plan, world):
    plan(from_day="2025-11-01")
    lesson = the_lesson()
    answer = edited(as_("lead"), lesson, subject="美术")
    assert (answer.status_code, errors(answer)) == (
        422,
        [("subject", "已经上过课，学科不能改；请停止这门课，另排一门")],
    )
    answer = edited(as_("lead"), lesson, school=str(world.nanjiao.id))
    assert errors(answer) == [("school", "已经上过课，学校不能改；请停止这门课，另排一门")]
    assert (lesson.subject, lesson.school_id) == ("音乐", world.gongchen.id)


def test_a_stale_edit_is_a_conflict_and_keeps_both(as_, plan):
    plan()
    lesson, client = the_lesson(), as_("lead")
    old = lesson.version
    assert edited(client, lesson, class_name="三（2）班").status_code == 303
    answer = edited(client, lesson, class_name="三（3）班", version=old)
    assert (answer.status_code, lesson.class_name) == (409, "三（2）班")
    assert "三（2）班" in text(answer)
    assert "三（3）班" in text(answer)


def test_ending_a_lesson_takes_the_coming_dates_out(as_, plan):
    plan(from_day="2025-11-01")
    lesson = the_lesson()
    address = f"/visiting/lessons/{lesson.id}/step"
    ended = as_("lead").post(address, data={"action": "end", "note": "教师调回", "version": lesson.version})
    assert (ended.status_code, lesson.state, dates(lesson)) == (303, "ended", ["11-04", "11-11", "11-18"])
    late = edited(as_("lead"), lesson, period="3")
    assert late.status_code == 422
    assert "这门课已经停止" in text(late)
    assert plan(person="周以宁").status_code == 303


def test_a_changed_calendar_moves_what_comes_through_the_calendars_page(as_, plan, world):
    plan(from_day="2025-11-01")
    lesson, bureau = the_lesson(), as_("bureau")
    for day, kind, follows in (("2025-11-25", "local_off", ""), ("2025-11-04", "local_off", "")):
        data = {"day": day, "kind": kind, "follows_weekday": follows, "note": "区运动会"}
        assert bureau.post("/admin/days/new", data=data).status_code == 303
    assert dates(lesson)[:4] == ["11-04", "11-11", "11-18", "12-02"]
    data = {"day": "2025-11-29", "kind": "swapped", "follows_weekday": "2", "note": "补课"}
    assert bureau.post("/admin/days/new", data=data).status_code == 303
    assert dates(lesson)[:5] == ["11-04", "11-11", "11-18", "11-29", "12-02"]


def test_a_session_with_a_record_is_cancelled_and_not_lost(plan, world):
    plan()
    row = session_on(date(2025, 11, 25))
    record = WorkRecord(
        district_id=world.east.id,
        person_id=world.teacher.id,
        kind="lesson",
        happened_on=date(2025, 11, 19),
        line="备好了",
        session_id=row.id,
    )
    db.session.add(record)
    unusual(world, date(2025, 11, 25), "local_off")
    actions.follow_calendar(world.east.id, world.now)
    db.session.commit()
    assert (row.state, row.state_note, record.session_id) == ("cancelled", "课表已调整", row.id)


# Conflicts


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"class_name": "三（2）班"},
            [("person", f"同一教师周二两处有课：{FIRST}，拱辰中心小学三（2）班音乐 08:10-08:50")],
        ),
        (
            {"person": "周以宁"},
            [("class_name", f"同一班级周二同时有两节课：{FIRST}，{FIRST}")],
        ),
        (
            # Another period of another school, which overlaps by the clock: 8:30 begins before 8:50 ends.
            {"school": "linfeng", "class_name": "一（1）班"},
            [("person", f"同一教师周二两处有课：{FIRST}，麟峰小学一（1）班音乐 08:30-09:10")],
        ),
        (
            {"school": "linfeng", "class_name": "一（1）班", "period": "2"},
            [("period", "周二从拱辰中心小学到麟峰小学需要30分钟，课间只有30分钟")],
        ),
        (
            {"person": "周以宁", "class_name": "三（2）班；三（1）班"},
            [("class_name", f"同一班级周二同时有两节课：{FIRST}，拱辰中心小学三（2）班;三（1）班音乐 08:10-08:50")],
        ),
        ({"period": "9"}, [("period", "拱辰中心小学没有登记第9节的作息时间")]),
        ({"weeks": "隔周"}, [("weeks", "周次写成：空着（每周）、单、双、3-12 或 5")]),
        ({"person": "无此人"}, [("person", "没有找到这位教师，或有同名的人：请写成“姓名（学校）”")]),
        ({"subject": ""}, [("subject", "学科：请填写这一项")]),
        ({"class_name": "；"}, [("class_name", "班级：请填写这一项")]),
        ({"from_day": "2026-02-10"}, [("from_day", "这一天在最后一个学期之后，请先由区教育局设置下学期的校历")]),
    ],
    ids="teacher class clock way joint bell weeks nobody subject nothing term".split(),
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(plan, world, changes, expected):
    plan()
    if expected[0][1].endswith("课间只有30分钟"):
        for way in db.session.scalars(sa.select(visiting.TravelTime)):
            way.minutes = 31
        expected = [(expected[0][0], expected[0][1].replace("需要30", "需要31"))]
    answer = plan(**changes)
    assert (answer.status_code, errors(answer)) == (422, expected)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(VisitingLesson)) == 1


def test_both_reasons_stand_at_their_fields(plan):
    plan()
    plan(person="周以宁", class_name="三（2）班")
    answer = plan(class_name="三（2）班")
    assert [field for field, _words in errors(answer)] == ["person", "class_name"]


def test_what_shares_no_week_or_touches_only_is_fine(plan):
    assert plan(weeks="单").status_code == 303
    assert plan(weeks="双", class_name="四（1）班").status_code == 303
    assert plan(weeks="3-11", class_name="五（1）班").status_code == 303  # these weeks are over
    assert plan(weeks="3-12", class_name="五（2）班").status_code == 422  # week 12 is even, and not over


def test_an_unknown_way_is_said_and_not_refused(as_, plan, world):
    plan()
    answer = plan(school="nanjiao", period="3", class_name="五（1）班")
    assert answer.status_code == 303
    page = text(as_("lead").get(f"/visiting/?teacher={world.teacher.id}&week=13"))
    assert "周二从拱辰中心小学到南郊小学没有登记路程" in page


def test_lessons_at_home_are_entered_so_that_conflicts_are_real(as_, plan, world):
    assert plan(school="linfeng", class_name="一（1）班", kind="circuit_teaching").status_code == 303
    home = the_lesson()
    assert (home.school_id, home.home_school_id) == (world.linfeng.id, world.linfeng.id)
    assert [field for field, _words in errors(plan())] == ["person"]
    assert "要确认的课" in text(as_("lead").get("/visiting/confirm?day=2025-11-25"))
    assert "一（1）班 音乐" in text(as_("teacher").get("/visiting/?week=13"))
    assert "一（1）班 音乐" not in text(as_("mentor").get(f"/visiting/?week=13&school={world.linfeng.id}"))


def test_only_the_two_schools_and_their_directing_lead_schedule(plan, as_):
    for who, status in (("office", 303), ("equal_lead", 422), ("teacher", 403), ("bureau", 403)):
        answer = plan(who, weeks=str(12 + len(who)))
        assert answer.status_code == status, who
    assert plan("nanjiao_principal", weeks="2").status_code == 422
    assert plan("lead", person="江念一", school="nanjiao", weeks="20").status_code == 303  # directs both


# The week


def test_week_is_in_sight_of_the_teacher_both_schools_and_the_lead(plan, as_):
    plan(from_day="2025-11-01")
    shown = {name: "三（1）班 音乐" in text(as_(name).get("/visiting/")) for name in ACCOUNTS}
    seen = {"bureau", "personnel", "lead", "principal", "office", "teacher", "mentee", "mentor"}
    assert {name for name, yes in shown.items() if yes} == seen


def test_select_and_permission_agree_for_everybody(plan, actor_of):
    plan()
    session = session_on(date(2025, 11, 25))
    session.state, session.substitute_id = "substituted", actor_of("equal_teacher").person_id
    db.session.commit()
    lessons = db.session.scalars(sa.select(VisitingLesson)).all()
    sessions = db.session.scalars(sa.select(VisitingSession)).all()
    for name in ACCOUNTS:
        who = actor_of(name)
        seen = set(db.session.scalars(visiting.lessons_visible_to(who)))
        assert seen == {row for row in lessons if can(who, "lesson.view", row)}, name
        dated = set(db.session.scalars(visiting.sessions_visible_to(who)))
        assert dated == {row for row in sessions if can(who, "session.view", row)}, name


def test_own_week_comes_first_with_both_bells_the_road_and_unusual_days(as_, plan, world):
    unusual(world, date(2025, 11, 21), "local_off", note="区运动会")
    unusual(world, date(2025, 11, 22), "swapped", 5, note="补课")
    plan(from_day="2025-11-01", weekday="3")
    plan(from_day="2025-11-01", weekday="3", period="5", school="linfeng", class_name="一（1）班")
    plan(from_day="2025-11-01", weekday="5", weeks="单", class_name="四（1）班")
    plan(from_day="2025-11-01", weekday="5", period="2", class_name="四（2）班")
    page = text(as_("teacher").get("/visiting/"))
    table = page[page.index('<table class="tt">') : page.index("</table>")]
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", table))
    assert "林晓岚的走教课表" in page
    assert "周三 今天 11月19日" in words
    assert "周六 11月22日 调休，按周五课表" in words
    assert "区运动会，停课" in words
    assert words.count("麟峰小学 8:30–9:10") == 1
    assert words.count("拱辰中心小学 8:10–8:50") >= 1
    assert "午间" in words
    assert "去麟峰小学 30 分" in words
    assert "单周的课，本周不上" in words
    assert "四（2）班 音乐 拱辰中心小学 9:00–9:40" in words
    hidden = text(as_("teacher").get("/visiting/?odd=week"))
    assert "本周不上" not in hidden
    phone = re.findall(r'<h2 class="h3 mt-4" id="day-([\d-]+)">', page)
    assert phone == ["2025-11-19", "2025-11-20", "2025-11-21", "2025-11-22", "2025-11-17", "2025-11-18"]


def test_week_of_a_school_a_class_a_cluster_and_another_week(as_, plan, world):
    plan()
    plan(person="周以宁", class_name="五（1）班", period="2", weeks="13")
    client = as_("principal")
    shown = {}
    for name, address in {
        "school": f"/visiting/?school={world.gongchen.id}&week=13",
        "class": f"/visiting/?school={world.gongchen.id}&class=三（1）班&week=13",
        "cluster": f"/visiting/?cluster={world.cluster.id}&week=13",
        "teacher": f"/visiting/?teacher={world.mentor.id}&week=13",
        "later": f"/visiting/?school={world.gongchen.id}&week=14&odd=week",
        "strange": f"/visiting/?school={world.ziyuan.id}",
        "last_term": "/visiting/?term=2024-2025-2",
    }.items():
        page = text(client.get(address))
        shown[name] = (
            re.search(r"<h1>(.*?)</h1>", page)[1],
            [c for c in ("三（1）班 音乐", "五（1）班 音乐") if c in page],
        )
    assert shown == {
        "school": ("拱辰中心小学的走教课表", ["三（1）班 音乐", "五（1）班 音乐"]),
        "class": ("拱辰中心小学三（1）班的课表", ["三（1）班 音乐"]),
        "cluster": ("麟峰小学片区的走教课表", ["三（1）班 音乐", "五（1）班 音乐"]),
        "teacher": ("周以宁的走教课表", ["五（1）班 音乐"]),
        "later": ("拱辰中心小学的走教课表", ["三（1）班 音乐"]),
        "strange": ("走教课表", []),
        "last_term": ("拱辰中心小学的走教课表", []),
    }


def test_a_way_that_became_too_long_is_shown_in_the_week(as_, plan, world):
    plan(weekday="4", period="2", from_day="2025-11-01")
    plan(weekday="4", period="3", school="linfeng", class_name="一（1）班", from_day="2025-11-01")
    data = {f"to-{world.linfeng.id}": "50"}
    assert as_("principal").post(f"/visiting/schools/{world.gongchen.id}/ways", data=data).status_code == 303
    page = text(as_("teacher").get("/visiting/"))
    assert "周四从拱辰中心小学到麟峰小学需要50分钟，课间只有40分钟" in page
    assert "空 40 分，需 50 分" in page
    assert "差 10 分钟" in page


def test_week_exports_what_it_shows(as_, plan, world):
    plan()
    answer = as_("principal").get(f"/visiting/week.xlsx?school={world.gongchen.id}&week=13")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data())).get_sheet_by_index(0).to_python()
    assert rows[1][:10] == [
        date(2025, 11, 25), "周二", 1, "8:10", "8:50", "拱辰中心小学", "三（1）班", "音乐", "林晓岚", "待上",
    ]  # fmt: skip
    assert len(rows) == 2


def test_week_costs_the_same_however_many_lessons(as_, plan, world):
    plan(from_day="2025-11-01")
    client = as_("principal")
    client.get("/visiting/")
    with counted_queries() as one:
        client.get("/visiting/")
    for period in "345":
        plan(from_day="2025-11-01", period=period, class_name=f"{period}班")
    with counted_queries() as four:
        client.get("/visiting/")
    assert four.count == one.count
    assert four.count <= 31


def test_first_visit_says_what_to_do(as_, app):
    assert "先登记学校的作息时间" in text(as_("lead").get("/visiting/"))
    assert "校长或教务处排课以后" in text(as_("teacher").get("/visiting/"))
    assert "没有您能看到的课" in text(as_("west_teacher").get("/visiting/?teacher=" + "0" * 8))


# Bells and ways


def test_choosing_a_school_shows_its_periods(as_, plan, world):
    block = as_("lead").get(f"/visiting/lessons/new?school={world.gongchen.id}", htmx="lesson_period")
    assert re.findall(r"第\d节 [\d:–]+", text(block))[:2] == ["第1节 8:10–8:50", "第2节 9:00–9:40"]
    assert "<html" not in text(block)


def test_lessons_follow_changed_bells_from_tomorrow(as_, plan, world):
    plan(from_day="2025-11-01")
    plan(from_day="2025-11-01", period="2", class_name="三（2）班")
    address = f"/visiting/schools/{world.gongchen.id}/bells"
    # Period 1 takes the time that period 2 had: nobody is booked twice on the way.
    new = {"starts-1": "9:00", "ends-1": "9:40", "starts-2": "9:50", "ends-2": "10:30"}
    client = as_("principal")
    assert client.post(address, data=new).status_code == 303
    assert "2 节课的时间跟着改" in text(client.get(address))
    rows = db.session.execute(
        sa.select(VisitingSession.held_on, VisitingSession.starts)
        .where(VisitingSession.held_on.in_([date(2025, 11, 18), date(2025, 11, 25)]))
        .order_by(VisitingSession.held_on, VisitingSession.starts)
    ).all()
    assert rows == [
        (date(2025, 11, 18), 490),
        (date(2025, 11, 18), 540),
        (date(2025, 11, 25), 540),
        (date(2025, 11, 25), 590),
    ]
    gone = as_("principal").post(address, data={"starts-1": "9:00", "ends-1": "9:40"})
    assert (gone.status_code, errors(gone)) == (422, [("starts-2", "第2节还有课，不能去掉")])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"starts-1": "8:30", "ends-1": "8:10"}, "第1节的结束时间要在开始时间之后"),
        ({"starts-1": "早上", "ends-1": "8:10"}, "时间写成 8:30 的样子"),
        ({"starts-1": "上午第一节八点半左右", "ends-1": "8:10"}, "时间写成 8:30 的样子"),
        ({"starts-1": "8:00", "ends-1": "8:40", "starts-2": "8:30", "ends-2": "9:10"}, "第2节开始得比上一节结束还早"),
    ],
    ids=["order", "words", "many_words", "overlap"],
)  # fmt: skip
def test_wrong_bells_come_back_with_what_was_typed(as_, plan, world, data, words):
    address = f"/visiting/schools/{world.gongchen.id}/bells"
    answer = as_("principal").post(address, data=data)
    assert answer.status_code == 422
    assert words in text(answer)
    assert f'value="{data["starts-1"]}"' in text(answer)
    assert visiting.bells_of(world.east.id, [world.gongchen.id])[world.gongchen.id][1] == (490, 530)


def test_ways_may_differ_by_direction_and_be_unknown(as_, plan, world):
    address, client = f"/visiting/schools/{world.gongchen.id}/ways", as_("principal")
    data = {
        f"to-{world.linfeng.id}": "25",
        f"from-{world.linfeng.id}": "",
        f"to-{world.nanjiao.id}": "10",
        f"from-{world.nanjiao.id}": "12",
    }
    assert client.post(address, data=data).status_code == 303
    there, back = visiting.ways_of(world.gongchen)
    assert there == {world.linfeng.id: 25, world.nanjiao.id: 10}
    assert back == {world.nanjiao.id: 12}
    wrong = client.post(address, data={f"to-{world.linfeng.id}": "很远"})
    assert (wrong.status_code, "分钟写成 0 到 600 之间的整数" in text(wrong)) == (422, True)
    assert as_("teacher").get(f"/visiting/schools/{world.linfeng.id}/bells").status_code == 403
    assert as_("west_lead").get(address).status_code == 404


def test_bells_and_ways_that_somebody_changed_meanwhile_are_not_overwritten(as_, plan, world):
    for page, first, second in (
        ("bells", {"starts-1": "8:20", "ends-1": "9:00"}, {"starts-1": "8:30", "ends-1": "9:10"}),
        ("ways", {f"to-{world.linfeng.id}": "25"}, {f"to-{world.linfeng.id}": "35"}),
    ):
        address, client = f"/visiting/schools/{world.gongchen.id}/{page}", as_("principal")
        seen = seen_on(client.get(address))
        assert client.post(address, data={**first, "seen": seen}).status_code == 303
        late = client.post(address, data={**second, "seen": seen})
        assert (late.status_code, "刚被别人改过" in text(late)) == (422, True)
        assert f'value="{next(iter(second.values()))}"' in text(late)  # what was typed is kept
        assert next(iter(first.values())) in text(client.get(address))
        # Whoever has read it and saves again is taken at their word.
        assert client.post(address, data={**second, "seen": seen_on(late)}).status_code == 303


def seen_on(answer) -> str:
    return re.search(r'name="seen" value="(\w+)"', text(answer))[1]
