"""The week's list of a receiving school: who is away stands there, nobody's word is lost, what is ahead waits."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from portal.extensions import db
from portal.models import Absence, VisitingSession
from tests.support.queries import counted_queries
from tests.support.visiting import LESSON, ring_bells, session_on

WEEK = "/visiting/confirm?day=2025-11-18"
TUESDAY = date(2025, 11, 18)


@pytest.fixture
def plan(as_, world):
    ring_bells(world)

    def make(**changes):
        data = {**LESSON, "from_day": "2025-11-01", "person": "林晓岚", **changes}
        answer = as_("lead").post("/visiting/lessons/new", data={**data, "school": str(world.gongchen.id)})
        assert answer.status_code == 303, answer.get_data(as_text=True)

    return make


def away(world, person, first: date, last: date, **facts) -> Absence:
    """Somebody was away, as it was entered afterwards: no lesson of that time waits for anybody."""
    made = Absence(
        district_id=world.east.id,
        person_id=person.id,
        home_school_id=world.linfeng.id,
        first_day=first,
        last_day=last,
        reason="住院手术",
        created_by_id=person.id,
        **facts,
    )
    db.session.add(made)
    db.session.commit()
    return made


def text(answer) -> str:
    return answer.get_data(as_text=True)


def row(session, outcome, **facts) -> dict:
    said = {"outcome": outcome, "version": session.version, **facts}
    return {f"{name}-{session.id}": str(value) for name, value in said.items()}


def chosen(page: str, session) -> str:
    """What the list has chosen beforehand for a lesson."""
    select = re.search(rf'<select[^>]*name="outcome-{session.id}".*?</select>', page, re.DOTALL)[0]
    return (re.findall(r'<option value="(\w*)" selected', select) or [""])[0]


def settled(session) -> tuple:
    db.session.refresh(session)
    return session.state, session.state_note, session.substitute_id, session.confirmed_by_id


def test_lessons_of_a_teacher_who_was_away_are_not_given_beforehand(as_, plan, world):
    plan()
    plan(period="5", class_name="四（2）班")
    plan(weekday="1", class_name="五（1）班")
    absence = away(world, world.teacher, TUESDAY, TUESDAY, first_half="pm")
    monday, tuesday = session_on(date(2025, 11, 17)), session_on(TUESDAY, starts=490)
    afternoon = session_on(TUESDAY, starts=850)
    page = text(as_("office").get(WEEK))
    assert [chosen(page, each) for each in (monday, tuesday, afternoon)] == ["give", "give", ""]
    assert "1 节的教师请假，没有预选；请按实际情况登记。" in page
    assert "2 节等您确认" in page
    assert "住院手术" not in page
    assert "病假" not in page
    # Whose lessons it did not touch then may not open it; the teacher's own school may.
    assert f"/visiting/absences/{absence.id}" not in page
    client = as_("office")
    data = {**row(monday, "give"), **row(tuesday, "give"), **row(afternoon, chosen(page, afternoon))}
    assert client.post(WEEK, data=data).status_code == 303
    assert [settled(each)[0] for each in (monday, tuesday, afternoon)] == ["given", "given", "planned"]
    assert "这一周都已登记" not in text(client.get(WEEK))


def test_a_lesson_that_nobody_arranged_in_time_is_marked_and_leads_to_the_absence(as_, plan, world):
    plan()
    data = {"first_day": "2025-11-25", "first_half": "am", "last_day": "2025-11-25", "last_half": "pm"}
    assert as_("teacher").post("/visiting/absences/new", data={**data, "kind": "sick"}).status_code == 303
    absence = db.session.scalars(sa.select(Absence)).one()
    page = text(as_("office").get("/visiting/confirm?day=2025-11-25"))
    assert f"/visiting/absences/{absence.id}" in page
    assert "请假" in page
    data = {"action": "withdraw", "version": absence.version}
    assert as_("teacher").post(f"/visiting/absences/{absence.id}/step", data=data).status_code == 303
    page = text(as_("office").get("/visiting/confirm?day=2025-11-25"))
    assert f"/visiting/absences/{absence.id}" not in page


def test_a_stand_in_who_was_away_too_is_not_taken_for_granted(as_, plan, world):
    plan()
    session = session_on(TUESDAY)
    session.state, session.substitute_id = "substituted", world.mentor.id
    db.session.commit()
    assert chosen(text(as_("office").get(WEEK)), session) == "attest"
    away(world, world.mentor, TUESDAY, TUESDAY)
    assert chosen(text(as_("office").get(WEEK)), session) == ""


def test_the_list_costs_the_same_however_many_are_away(as_, plan, world):
    plan()
    client = as_("office")
    client.get(WEEK)
    away(world, world.teacher, date(2025, 11, 17), TUESDAY)
    with counted_queries() as one:
        client.get(WEEK)
    for number in "345":
        plan(period=number, class_name=f"{number}班")
    away(world, world.teacher, date(2025, 11, 19), date(2025, 11, 20))
    with counted_queries() as four:
        client.get(WEEK)
    assert four.count == one.count


@pytest.mark.parametrize("other_rows", [False, True])
def test_what_a_second_person_says_of_a_settled_lesson_is_not_lost(as_, plan, world, other_rows):
    plan()
    plan(period="3", class_name="四（2）班")
    session, other = session_on(TUESDAY, starts=490), session_on(TUESDAY, starts=610)
    old = row(session, "miss", note="没有来，也没有人代")
    more = row(other, "give") if other_rows else {}
    assert as_("office").post(WEEK, data=row(session, "give")).status_code == 303
    answer = as_("principal").post(WEEK, data={**old, **more})
    page = text(answer)
    assert answer.status_code == 422
    assert f'<a href="#outcome-{session.id}">11月18日 周二 三（1）班：刚才有人先登记了' in page
    assert "没有来，也没有人代" in page
    assert f"/visiting/sessions/{session.id}#settle" in page
    assert [settled(each)[0] for each in (session, other)] == ["given", "planned"]
    # The row that was not in question is still chosen, and the list can be sent again without the settled one.
    assert chosen(page, other) == ("give" if other_rows else "")
    assert as_("principal").post(WEEK, data=row(other, "give")).status_code == 303


def test_the_same_word_twice_is_saved_once(as_, plan, world):
    plan()
    plan(period="3", class_name="四（2）班")
    given, taken = session_on(TUESDAY, starts=490), session_on(TUESDAY, starts=610)
    data = {**row(given, "give"), **row(taken, "substitute", substitute="江念一", note="出差")}
    client = as_("office")
    assert client.post(WEEK, data=data).status_code == 303
    assert client.post(WEEK, data=data).status_code == 303
    assert as_("principal").post(WEEK, data=data).status_code == 303
    assert settled(given) == ("given", "", None, world.office.id)
    assert settled(taken) == ("substituted", "出差", world.mentee.id, world.office.id)


def test_a_row_that_changed_can_be_sent_again_as_it_is_now(as_, plan, world):
    plan()
    session = session_on(TUESDAY)
    old = row(session, "miss", note="没来")
    report = {"outcome": "given", "version": session.version}
    assert as_("teacher").post(f"/visiting/sessions/{session.id}/report", data=report).status_code == 303
    page = text(as_("office").post(WEEK, data=old))
    assert "刚才有人先登记了" in page
    version = re.search(rf'name="version-{session.id}" value="(\d+)"', page)[1]
    again = {**old, f"version-{session.id}": version}
    assert as_("office").post(WEEK, data=again).status_code == 303
    assert settled(session)[0] == "missed"


def test_what_is_ahead_is_not_said_to_wait_for_confirmation(as_, plan, world):
    plan()
    plan(weekday="4", period="2", class_name="四（2）班")
    ahead = text(as_("office").get("/visiting/confirm?day=2025-11-24"))
    assert "节等您确认" not in ahead
    assert "2 节还没有上，可以先登记代课或取消" in ahead
    this_week = text(as_("office").get(WEEK))
    assert "1 节等您确认" in this_week
    assert "1 节还没有上，可以先登记代课或取消" in this_week


def test_a_lesson_of_this_afternoon_is_not_given_beforehand(as_, plan, world):
    plan(weekday="3")
    plan(weekday="3", period="5", class_name="四（2）班")  # 14:10, beginning right now
    today = date(2025, 11, 19)
    page = text(as_("office").get(WEEK))
    starts = db.session.scalars(
        sa.select(VisitingSession).filter_by(held_on=today).order_by(VisitingSession.starts)
    ).all()
    assert [chosen(page, each) for each in starts] == ["give", ""]


def test_lessons_of_earlier_weeks_are_a_step_away(as_, plan, world):
    plan()
    page = text(as_("office").get("/visiting/confirm?day=2025-11-18"))
    assert "更早的几周还有 2 节没有确认" in page
    assert 'href="/visiting/confirm?day=2025-11-04"' in page
    assert "更早的几周" not in text(as_("office").get("/visiting/confirm?day=2025-11-04"))
