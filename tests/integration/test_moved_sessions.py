"""One dated lesson at another time, from its own page: by either school, told once, never given twice."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from portal.constraints import violated
from portal.extensions import db
from portal.models import MovedSession, Notification, VisitingSession
from tests.support.absences import AWAY, all_of, heard
from tests.support.visiting import LESSON, dates, ring_bells, session_on, the_lesson

TUESDAY = date(2025, 11, 25)


@pytest.fixture
def plan(as_, world):
    ring_bells(world)
    data = {**LESSON, "person": "林晓岚", "school": str(world.gongchen.id)}
    assert as_("lead").post("/visiting/lessons/new", data=data).status_code == 303
    db.session.execute(db.delete(Notification))
    db.session.commit()


def text(answer) -> str:
    return answer.get_data(as_text=True)


def move(client, session, slot, **data):
    db.session.refresh(session)
    data = {"slot": slot, "version": session.version, **data}
    return client.post(f"/visiting/sessions/{session.id}/move", data=data)


def back(client, session):
    db.session.refresh(session)
    return client.post(f"/visiting/sessions/{session.id}/move-back", data={"version": session.version})


def test_a_lesson_is_moved_once_from_its_page_and_everybody_hears_it_once(as_, plan, world):
    session, principal = session_on(TUESDAY), as_("principal")
    address = f"/visiting/sessions/{session.id}"
    page = text(principal.get(address))
    free = ["2025-11-25_2", "2025-11-24_1"]  # the nearest first
    assert re.findall(r'value="(2025-11-2[45]_[12])"', page)[:2] == free
    assert "改到别的时间" not in text(as_("teacher").get(address))
    assert {who: move(as_(who), session, free[1]).status_code for who in ("teacher", "west_lead")} == {
        "teacher": 403,
        "west_lead": 404,
    }
    assert move(principal, session, "2025-11-30_1").status_code == 422  # no time of the list
    stale = session.version
    assert move(principal, session, free[1]).status_code == 303
    assert move(principal, session, free[0], version=stale).status_code == 409
    there = session_on(date(2025, 11, 24))
    db.session.refresh(session)
    assert (session.state, session.state_note) == ("cancelled", "→ 2025-11-24 08:10-08:50")
    assert (there.starts, there.person_id, there.state) == (490, world.teacher.id, "planned")
    assert dates(the_lesson(), "cancelled") == ["11-25"]
    assert "12-02" in dates(the_lesson(), "planned")
    # Wherever it is shown it stands in the period of its new time.
    assert move(principal, there, "2025-11-24_3").status_code == 303
    third = session_on(date(2025, 11, 24), state="planned")
    assert "周一 第3节" in text(principal.get(f"/visiting/sessions/{third.id}"))
    assert "第3节" in text(as_("teacher").get(f"/calendar/sessions/{third.id}.ics"))
    assert back(principal, third).status_code == 303
    db.session.execute(db.delete(Notification).where(Notification.kind == "cover_undone"))
    told = [heard(person) for person in (world.teacher, world.lead, world.office)]
    assert told == [["cover_moved"] * 2] * 3
    assert f"/visiting/sessions/{there.id}" in text(principal.get(address))
    assert f"/visiting/sessions/{session.id}" in text(principal.get(f"/visiting/sessions/{there.id}"))

    # Moved once more: neither of its earlier times may come to life beside it, by a page or by the database.
    assert move(principal, there, "2025-11-26_2").status_code == 303
    last = session_on(date(2025, 11, 26))
    for row in (session, there):
        db.session.refresh(row)
        data = {"outcome": "planned", "note": "还是上", "version": row.version}
        answer = principal.post(f"/visiting/sessions/{row.id}/settle", data=data)
        assert (answer.status_code, "已改到 2025-11-26" in text(answer)) == (422, True)
        with pytest.raises(sa.exc.IntegrityError) as refused:
            db.session.execute(
                sa.update(VisitingSession).where(VisitingSession.id == row.id).values(state="planned")
            )
        assert violated(refused.value) == "lesson_given_twice"
        db.session.rollback()
    with pytest.raises(sa.exc.IntegrityError):
        keys = {
            "session_id": session_on(date(2025, 12, 2)).id,
            "origin_id": session.id,
            "from_id": session.id,
        }
        db.session.add(MovedSession(district_id=world.east.id, **keys))
        db.session.flush()
    db.session.rollback()

    # Back, time by time; who had been told is told.
    assert back(principal, last).status_code == 303
    assert [row.state for row in all_of(VisitingSession) if row.held_on == date(2025, 11, 26)] == []
    db.session.refresh(there)
    assert there.state == "planned"
    assert back(principal, there).status_code == 303
    db.session.refresh(session)
    assert (session.state, session.state_note, all_of(MovedSession)) == ("planned", "", [])
    assert back(principal, session).status_code == 422  # it stands where the timetable has it
    assert heard(world.teacher) == ["cover_moved"] * 3 + ["cover_undone"] * 2


def test_the_sending_school_calls_a_lesson_off_and_an_absence_comes_first(as_, plan, world):
    session, lead = session_on(TUESDAY), as_("lead")
    address = f"/visiting/sessions/{session.id}"
    assert "取消这节课" in text(lead.get(address))
    data = {"version": session.version}
    assert lead.post(f"{address}/cancel", data=data).status_code == 422
    assert lead.post(f"{address}/cancel", data={**data, "cancel_note": "校庆"}).status_code == 303
    db.session.refresh(session)
    assert (session.state, session.state_note) == ("cancelled", "校庆")
    assert heard(world.teacher) == heard(world.office) == ["cover_cancelled"]
    # The receiving school takes it back, and calls off another by its own form: both are told as well.
    answer = as_("principal").post(
        f"{address}/settle", data={"outcome": "planned", "note": "照常", "version": session.version}
    )
    assert answer.status_code == 303
    other = session_on(date(2025, 12, 2))
    data = {"outcome": "cancel", "note": "体检", "version": other.version}
    assert as_("principal").post(f"/visiting/sessions/{other.id}/settle", data=data).status_code == 303
    kinds = ["cover_cancelled", "cover_undone", "cover_cancelled"]
    assert heard(world.teacher) == heard(world.office) == kinds
    # Where the teacher is away, the absence is where it is arranged.
    assert as_("teacher").post("/visiting/absences/new", data=AWAY).status_code == 303
    refused = move(lead, session, "2025-12-01_1")
    assert (refused.status_code, "请在这次请假里安排" in text(refused)) == (422, True)
    assert 'id="move"' not in text(lead.get(address))
