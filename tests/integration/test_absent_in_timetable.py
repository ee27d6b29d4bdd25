"""The timetable says whose lessons stand open because somebody is away, to everybody who sees them, and no more."""

import io
import re
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from portal.extensions import db
from portal.models import Absence
from tests.support.absences import the_absence
from tests.support.queries import counted_queries
from tests.support.visiting import LESSON, ring_bells, session_on, the_lesson

AWAY = {"first_day": "2025-11-25", "first_half": "am", "last_day": "2025-11-25", "last_half": "am"}
WEEK = "/visiting/?week=13"


@pytest.fixture
def plan(as_, world):
    ring_bells(world)

    def make(school="gongchen", **changes):
        data = {**LESSON, "from_day": "2025-11-01", "person": "林晓岚", **changes}
        data["school"] = str(getattr(world, school).id)
        answer = as_("lead").post("/visiting/lessons/new", data=data)
        assert answer.status_code == 303, answer.get_data(as_text=True)

    return make


def text(answer) -> str:
    return answer.get_data(as_text=True)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def enter(as_, **changes) -> Absence:
    data = {**AWAY, "kind": "sick", "reason": "住院手术", **changes}
    assert as_("teacher").post("/visiting/absences/new", data=data).status_code == 303
    return the_absence()


def test_a_lesson_of_an_absent_teacher_is_marked_for_everybody_who_sees_it(as_, plan, world):
    plan()
    plan(period="5", class_name="四（2）班")  # in the afternoon she is back
    absence = enter(as_)
    views = {
        "teacher": WEEK,
        "mentor": f"{WEEK}&school={world.linfeng.id}",
        "mentee": f"{WEEK}&school={world.gongchen.id}",
        "office": f"{WEEK}&school={world.gongchen.id}&class=三（1）班",
        "lead": f"{WEEK}&cluster={world.cluster.id}",
        "bureau": f"{WEEK}&cluster={world.cluster.id}",
    }
    pages = {who: text(as_(who).get(address)) for who, address in views.items()}
    # Once in the table and once in the list for phones; never the kind or the reason.
    assert {who: page.count("请假·待安排") for who, page in pages.items()} == dict.fromkeys(views, 2)
    assert [who for who, page in pages.items() if "住院手术" in page or "病假" in page] == []
    linked = {who for who, page in pages.items() if f"/visiting/absences/{absence.id}" in page}
    assert linked == {"teacher", "office", "lead"}
    session = session_on(date(2025, 11, 25), starts=490)
    alone = {who: text(as_(who).get(f"/visiting/sessions/{session.id}")) for who in views}
    assert {who for who, page in alone.items() if "请假·待安排" in page} == set(views)
    assert {who for who, page in alone.items() if f"/visiting/absences/{absence.id}" in page} == linked
    assert [who for who, page in alone.items() if "住院手术" in page or "病假" in page] == []


def test_what_was_arranged_or_withdrawn_is_not_marked(as_, plan, world):
    plan()
    absence = enter(as_)
    session = session_on(date(2025, 11, 25))
    session.state, session.substitute_id = "substituted", world.mentor.id
    db.session.commit()
    page = text(as_("office").get(WEEK))
    assert ("请假·待安排" in page, "代课 周以宁" in page) == (False, True)
    session.state, session.substitute_id = "planned", None
    db.session.commit()
    assert "请假·待安排" in text(as_("office").get(WEEK))
    data = {"action": "withdraw", "version": absence.version}
    assert as_("teacher").post(f"/visiting/absences/{absence.id}/step", data=data).status_code == 303
    assert "请假·待安排" not in text(as_("office").get(WEEK))


def test_a_past_lesson_waits_for_the_schools_word(as_, plan, world):
    plan()
    lesson = the_lesson()
    rows = words(text(as_("mentee").get(f"/visiting/lessons/{lesson.id}")))
    assert re.findall(r"11月(\d+)日 周二 8:10–8:50 (\S+)", rows)[:4] == [
        ("4", "待确认"), ("11", "待确认"), ("18", "待确认"), ("25", "待上"),
    ]  # fmt: skip
    past = session_on(date(2025, 11, 18))
    assert "待确认" in text(as_("mentee").get(f"/visiting/sessions/{past.id}"))
    db.session.add(
        Absence(
            district_id=world.east.id,
            person_id=world.teacher.id,
            home_school_id=world.linfeng.id,
            first_day=past.held_on,
            last_day=past.held_on,
            created_by_id=world.teacher.id,
        )
    )
    db.session.commit()
    rows = words(text(as_("mentee").get(f"/visiting/lessons/{lesson.id}")))
    assert "11月18日 周二 8:10–8:50 请假·待确认" in rows
    assert "请假·待确认" in text(as_("mentee").get("/visiting/?week=12"))


def test_a_past_lesson_at_home_waits_for_nobody(as_, plan, world):
    plan(school="linfeng")
    rows = words(text(as_("mentor").get(f"/visiting/lessons/{the_lesson().id}")))
    assert "11月18日 周二 8:30–9:10 不用确认" in rows
    assert "11月25日 周二 8:30–9:10 待上" in rows


def test_the_workbook_of_the_week_says_the_same(as_, plan, world):
    plan()
    enter(as_)
    for week, word in (("12", "待确认"), ("13", "请假·待安排"), ("14", "待上")):
        answer = as_("mentee").get(f"/visiting/week.xlsx?school={world.gongchen.id}&week={week}")
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data())).get_sheet_by_index(0).to_python()
        assert [row[9] for row in rows[1:]] == [word]


def test_absences_cost_the_week_one_query(as_, plan, world):
    plan()
    client = as_("office")
    client.get(WEEK)
    with counted_queries() as without:
        client.get(WEEK)
    enter(as_, last_half="pm")
    with counted_queries() as one:
        client.get(WEEK)
    for period in "345":
        plan(period=period, class_name=f"{period}班")
        plan(period=period, class_name=f"{period}班", weekday="4")
    enter(as_, first_day="2025-11-27", last_day="2025-11-27", last_half="pm")
    with counted_queries() as two:
        client.get(WEEK)
    assert one.count == without.count
    assert two.count == one.count


def test_the_hint_at_empty_cells_stands_where_there_are_some(as_, plan, world):
    plan()
    hint = "点课表里的空格就排一节课"
    own = text(as_("lead").get(f"{WEEK}&school={world.gongchen.id}"))
    assert f'<span class="only-desk">{hint}' in own  # a phone shows lists without empty cells
    many = text(as_("lead").get(f"{WEEK}&cluster={world.cluster.id}"))
    assert hint not in many
    assert "粘贴或导入课表" in many
