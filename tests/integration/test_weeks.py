"""A week's arrangement of a cluster and of a school: what is on, for whom, at what cost (S4-67)."""

import io
import re
from datetime import UTC, date, datetime, timedelta

from python_calamine import CalamineWorkbook

from portal.extensions import db
from portal.models import (
    Activity,
    CalendarDay,
    ClusterGroup,
    Delivery,
    DutyTurn,
    Inspection,
    Meeting,
    MeetingTask,
    PlanItem,
    Problem,
    TermPlan,
    VisitingLesson,
    VisitingSession,
)
from portal.queries import weeks
from tests.support.queries import counted_queries

MONDAY = date(2025, 11, 17)  # the week of the tests' today, the twelfth
SUNDAY = MONDAY + timedelta(days=6)


def text(answer) -> str:
    return answer.get_data(as_text=True)


def add(w, model, **values):
    row = model(district_id=w.east.id, **values)
    db.session.add(row)
    db.session.flush()
    return row


def at(day: int, hour: int = 6) -> datetime:
    return datetime(2025, 11, day, hour, tzinfo=UTC)


def fill(w, number: int = 0) -> None:
    """One of each kind in the week, with something of another week, cluster and school beside it."""
    own, end = {"cluster_id": w.cluster.id}, "" if not number else f"·{number}"
    dated = {**own, "term_id": w.term.id, "created_by_id": w.lead.id}
    turn = {"starts_on": MONDAY, "ends_on": SUNDAY}
    add(w, DutyTurn, **own, **turn, school_id=w.nanjiao.id, task="值周" + end)
    met = add(
        w, Meeting, **dated, title="例会" + end, starts_at=at(18), place="麟峰会议室", state="scheduled"
    )
    add(w, Meeting, **dated, title="取消的会" + end, starts_at=at(18), state="cancelled")
    # Sunday 23:30 in the district is in the week, half an hour after midnight is not.
    add(w, Meeting, **dated, title="周日的会" + end, starts_at=datetime(2025, 11, 23, 15, 30, tzinfo=UTC))
    add(w, Meeting, **dated, title="下周的会" + end, starts_at=datetime(2025, 11, 23, 16, 30, tzinfo=UTC))
    task = {"meeting_id": met.id, "due_on": date(2025, 11, 20)}
    add(w, MeetingTask, **task, text="报送总表" + end)
    add(w, MeetingTask, **task, text="拱辰报送" + end, school_id=w.gongchen.id, state="done")
    add(w, MeetingTask, **task, text="不办了" + end, state="dropped")
    joint = {"kind": "zone_research", "starts_at": at(19, 1), "state": "planned"}
    add(w, Activity, **dated, **joint, theme="联片教研" + end, host_school_id=w.gongchen.id, place="录播教室")
    team = {"cluster_id": w.team.id, "term_id": w.term.id, "created_by_id": w.equal_lead.id}
    add(w, Activity, **team, **joint, theme="组团教研" + end, host_school_id=w.ziyuan.id)
    open_to = {"is_open": True, "host_school_id": w.ziyuan.id}
    add(w, Activity, **team, **joint, **open_to, theme="开放教研" + end)
    add(
        w, Delivery, **own, kind="lesson_delivery", title="送课到南郊" + end, school_id=w.nanjiao.id,
        from_school_id=w.linfeng.id, starts_on=date(2025, 11, 14), ends_on=date(2025, 11, 21), starts=570,
        created_by_id=w.lead.id,
    )  # fmt: skip
    for title, school in (("片区视导", None), ("视导拱辰", w.gongchen.id)):
        seen = {"body": "bureau", "held_on": MONDAY, "school_id": school, "state": "published"}
        add(w, Inspection, **{**dated, "created_by_id": w.bureau.id}, **seen, title=title + end)
    seen = {"body": "bureau", "held_on": MONDAY, "school_id": w.gongchen.id}
    add(w, Inspection, **{**dated, "created_by_id": w.bureau.id}, **seen, title="还没公布" + end)
    found = {"category": "papers", "found_on": date(2025, 11, 3), "created_by_id": w.bureau.id}
    for words, school, state in (
        ("补齐材料", w.gongchen.id, "open"),
        ("已经整改", w.gongchen.id, "closed"),
        ("南郊整改", w.nanjiao.id, "mending"),
    ):
        due = {"due_on": date(2025, 11, 21), "state": state, "school_id": school}
        add(w, Problem, **own, **found, **due, text=words + end)
    db.session.commit()


def plan(w) -> TermPlan:
    """The plan with three items due, and one that is due later."""
    row = add(w, TermPlan, cluster_id=w.cluster.id, term_id=w.term.id, created_by_id=w.lead.id)
    items(w, row)
    db.session.commit()
    return row


def items(w, row, end: str = "") -> None:
    due = {"plan_id": row.id, "due_on": date(2025, 11, 19)}
    add(w, PlanItem, **due, text="期中小结" + end)
    add(w, PlanItem, **due, text="拱辰听课" + end, school_id=w.gongchen.id)
    add(w, PlanItem, **due, text="南郊听课" + end, school_id=w.nanjiao.id)
    add(w, PlanItem, **{**due, "due_on": date(2025, 12, 1)}, text="以后的事" + end)


def told(actor, scope) -> list[tuple]:
    """(day of the month, minute, part, what, whose) of a week's lines."""
    lines = weeks.lines_of(actor, scope, MONDAY, SUNDAY)
    return [(line.day.day, line.minute, line.part, line.what or line.counts, line.whose) for line in lines]


DUTY = (17, None, "duties", "值周", "南郊小学")
JOINT = (19, 540, "activities", "联片教研", "拱辰中心小学")
DELIVERY = (17, 570, "deliveries", "送课到南郊", "麟峰小学")
CLUSTER = "麟峰小学片区"


def test_the_week_of_a_cluster_is_what_was_recorded(world, actor_of):
    fill(world), plan(world)
    scope = weeks.of_cluster(world.cluster, MONDAY, SUNDAY)
    whole = [
        DELIVERY,
        DUTY,
        (17, None, "inspections", "片区视导", CLUSTER),
        (17, None, "inspections", "视导拱辰", "拱辰中心小学"),
        (18, 840, "meetings", "例会", CLUSTER),
        JOINT,
        (19, None, "items", "南郊听课", "南郊小学"),
        (19, None, "items", "拱辰听课", "拱辰中心小学"),
        (19, None, "items", "期中小结", CLUSTER),
        (20, None, "tasks", "报送总表", CLUSTER),
        (20, None, "tasks", "拱辰报送", "拱辰中心小学"),
        (21, None, "problems", "南郊整改", "南郊小学"),
        (21, None, "problems", "补齐材料", "拱辰中心小学"),
        (23, 1410, "meetings", "周日的会", CLUSTER),
    ]
    draft = (17, None, "inspections", "还没公布", "拱辰中心小学")
    assert told(actor_of("bureau"), scope) == sorted([*whole, draft], key=whole_order)
    assert told(actor_of("lead"), scope) == whole
    # What is one school's is that school's; what meetings decided is for those who follow the cluster.
    others = {"视导拱辰", "补齐材料"}
    assert told(actor_of("nanjiao_principal"), scope) == [line for line in whole if line[3] not in others]
    hidden = {"inspections", "meetings", "tasks", "problems"}
    assert told(actor_of("teacher"), scope) == [line for line in whole if line[2] not in hidden]


def whole_order(line) -> tuple:
    day, minute, part, what, _whose = line
    return (day, minute is None, minute or 0, weeks.PARTS.index(part), what)


def test_a_school_sees_its_own_and_what_its_cluster_does(world, actor_of):
    fill(world), plan(world)
    actor = actor_of("principal")
    scope = weeks.of_school(actor, world.gongchen, MONDAY)
    assert told(actor, scope) == [
        DUTY,
        (17, None, "inspections", "片区视导", CLUSTER),
        (17, None, "inspections", "视导拱辰", "拱辰中心小学"),
        (18, 840, "meetings", "例会", CLUSTER),
        JOINT,
        (19, None, "items", "拱辰听课", "拱辰中心小学"),
        (19, None, "items", "期中小结", CLUSTER),
        (20, None, "tasks", "报送总表", CLUSTER),
        (20, None, "tasks", "拱辰报送", "拱辰中心小学"),
        (21, None, "problems", "补齐材料", "拱辰中心小学"),
        (23, 1410, "meetings", "周日的会", CLUSTER),
    ]
    # The district knows that the school is; of its cluster a stranger to it reads nothing here.
    stranger = actor_of("equal_lead")
    assert weeks.of_school(stranger, world.gongchen, MONDAY).clusters == ()
    assert told(stranger, weeks.of_school(stranger, world.gongchen, MONDAY)) == []


def test_what_the_district_holds_is_in_the_week_of_every_cluster_and_school(as_, world, actor_of):
    w = world
    group = add(
        w,
        ClusterGroup,
        kind="guidance",
        name="区教研指导组",
        starts_on=date(2025, 9, 1),
        created_by_id=w.bureau.id,
    )
    day = {"term_id": w.term.id, "kind": "forum", "state": "planned", "created_by_id": w.bureau.id}
    add(w, Activity, **day, theme="全区论坛", starts_at=at(20, 1), place="区礼堂")
    add(w, Activity, **day, theme="指导组论坛", starts_at=at(20, 2), group_id=group.id)
    add(w, Activity, **day, theme="拱辰论坛", starts_at=at(20, 3), host_school_id=w.gongchen.id)
    add(w, Activity, **{**day, "state": "cancelled"}, theme="取消的论坛", starts_at=at(20, 4))
    west = {**day, "term_id": w.west_term.id, "created_by_id": w.west_bureau.id}
    db.session.add(Activity(district_id=w.west.id, **west, theme="外区论坛", starts_at=at(20, 1)))
    db.session.commit()
    whole = [
        (20, 540, "activities", "全区论坛", ""),
        (20, 600, "activities", "指导组论坛", "区教研指导组"),
        (20, 660, "activities", "拱辰论坛", "拱辰中心小学"),
    ]
    assert told(actor_of("lead"), weeks.of_cluster(w.cluster, MONDAY, SUNDAY)) == whole
    assert told(actor_of("equal_lead"), weeks.of_cluster(w.team, MONDAY, SUNDAY)) == whole
    teacher = actor_of("teacher")
    assert told(teacher, weeks.of_school(teacher, w.gongchen, MONDAY)) == whole
    book = as_("lead").get(f"/clusters/{w.cluster.id}/week.xlsx?week=12").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [line[4:7] for line in rows[1:]] == [
        ["全区论坛", "区礼堂", "全区"],
        ["指导组论坛", "", "区教研指导组"],
        ["拱辰论坛", "", "拱辰中心小学"],
    ]
    page = text(as_("lead").get(f"/clusters/{w.cluster.id}/week?week=12"))
    assert "<td>区礼堂</td><td>全区</td>" in page


def given(w, teacher, school, day) -> VisitingLesson:
    """A lesson of a teacher of 麟峰小学 with its time of one day."""
    base = {"person_id": teacher.id, "school_id": school.id, "class_name": f"班{teacher.name}"}
    base |= {"starts": 510, "ends": 550}
    lesson = add(
        w, VisitingLesson, **base, term_id=w.term.id, home_school_id=w.linfeng.id, subject="音乐",
        weekday=day.isoweekday(), period=1, state="running",
    )  # fmt: skip
    add(w, VisitingSession, **base, lesson_id=lesson.id, held_on=day)
    return lesson


def test_visiting_lessons_are_numbers_of_what_the_reader_sees(world, actor_of):
    given(world, world.teacher, world.gongchen, MONDAY)
    other = given(world, world.mentor, world.nanjiao, MONDAY)
    given(world, world.teacher, world.linfeng, MONDAY + timedelta(days=1))
    dated = {"held_on": MONDAY + timedelta(days=2), "state": "cancelled", "starts": 510, "ends": 550}
    about = {"lesson_id": other.id, "person_id": other.person_id, "school_id": other.school_id}
    add(world, VisitingSession, **dated, **about, class_name=other.class_name)
    db.session.commit()
    scope = weeks.of_cluster(world.cluster, MONDAY, SUNDAY)
    seen = {
        who: told(actor_of(who), scope) for who in ("lead", "bureau", "principal", "colleague", "liaison")
    }
    both, one = [(17, None, "visits", (2, 2, 2), "")], [(17, None, "visits", (1, 1, 1), "")]
    assert seen == {"lead": both, "bureau": both, "principal": one, "colleague": one, "liaison": []}
    lead = actor_of("lead")
    assert told(lead, weeks.of_school(lead, world.gongchen, MONDAY)) == one


def test_the_page_of_a_cluster_and_of_a_school_with_their_workbooks(as_, world):
    fill(world)
    db.session.add(
        CalendarDay(
            district_id=world.east.id, day=date(2025, 11, 21), kind="local_off", note="运动会", source="local"
        )
    )
    db.session.commit()
    page = text(as_("lead").get(f"/clusters/{world.cluster.id}/week"))
    words = ("例会", "麟峰会议室", "值周", "联片教研", "14:00", "运动会", "第12周", "送课到南郊")
    assert [each in page for each in words] == [True] * len(words)
    assert [each in page for each in ("取消的会", "下周的会", "不办了", "已经整改", "组团教研")] == [
        False
    ] * 5
    after = text(as_("lead").get(f"/clusters/{world.cluster.id}/week?week=13"))
    main = re.sub("<[^>]*>", "", after.split("<main")[1])
    assert ("下周的会" in main, "周日的会" in main) == (True, False)
    empty = text(as_("lead").get(f"/clusters/{world.cluster.id}/week?week=1&term={world.term.code}"))
    assert ("这一周还没有安排" in empty, 'rel="next"' in empty) == (True, True)
    assert "第12周" in text(as_("lead").get(f"/clusters/{world.cluster.id}/week?week=99"))
    school = text(as_("teacher").get(f"/clusters/schools/{world.gongchen.id}/week"))
    assert ("联片教研" in school, "例会" in re.sub("<[^>]*>", "", school.split("<main")[1])) == (True, False)

    book = as_("principal").get(f"/clusters/schools/{world.gongchen.id}/week.xlsx").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["日期", "星期", "时间", "类别", "事项", "地点", "责任方", "到哪天止"]
    assert [[line[1], *line[2:7]] for line in rows[1:6]] == [
        ["周一", "", "值班", "值周", "", "南郊小学"],
        ["周一", "", "督导", "片区视导", "", CLUSTER],
        ["周一", "", "督导", "视导拱辰", "", "拱辰中心小学"],
        ["周二", "14:00", "月例会", "例会", "麟峰会议室", CLUSTER],
        ["周三", "9:00", "联片教研", "联片教研", "录播教室", "拱辰中心小学"],
    ]
    book = as_("teacher").get(f"/clusters/{world.cluster.id}/week.xlsx").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [line[4] for line in rows[1:]] == ["送课到南郊", "值周", "联片教研"]


def test_who_opens_the_week(as_, world):
    cluster, school = f"/clusters/{world.cluster.id}/week", f"/clusters/schools/{world.gongchen.id}/week"
    for end in ("", ".xlsx"):
        answers = {
            who: (as_(who).get(cluster + end).status_code, as_(who).get(school + end).status_code)
            for who in ("bureau", "liaison", "lead", "teacher", "colleague", "equal_lead", "west_bureau")
        }
        assert answers == {
            **dict.fromkeys(("bureau", "liaison", "lead", "teacher", "colleague"), (200, 200)),
            **dict.fromkeys(("equal_lead", "west_bureau"), (404, 404)),
        }


def test_home_and_the_cluster_lead_to_the_week(as_, world):
    home = text(as_("teacher").get("/"))
    assert f"/clusters/schools/{world.linfeng.id}/week" in home
    assert f"/clusters/{world.cluster.id}/week" in home
    assert f"/clusters/{world.cluster.id}/week" in text(as_("teacher").get(f"/clusters/{world.cluster.id}"))
    of_school = text(as_("lead").get(f"/clusters/schools/{world.linfeng.id}"))
    assert f"/clusters/schools/{world.linfeng.id}/week" in of_school


def test_a_full_week_costs_no_more_than_one_of_each(as_, world):
    client, costs = as_("lead"), []
    addresses = (f"/clusters/{world.cluster.id}/week", f"/clusters/schools/{world.gongchen.id}/week")

    def cost(address: str) -> int:
        client.get(address)
        with counted_queries() as found:
            assert client.get(address).status_code == 200
        return found.count

    fill(world)
    row = plan(world)
    given(world, world.teacher, world.gongchen, MONDAY)
    db.session.commit()
    costs.append([cost(each) for each in addresses])
    row = db.session.merge(row)
    for number in (1, 2, 3):
        fill(world, number)
        items(world, row, f"·{number}")
    given(world, world.mentor, world.nanjiao, MONDAY)
    given(world, world.teacher, world.gongchen, MONDAY + timedelta(days=1))
    db.session.commit()
    costs.append([cost(each) for each in addresses])
    assert costs[0] == costs[1]
