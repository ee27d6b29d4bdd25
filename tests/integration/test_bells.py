"""New bells of a school move the dated lessons with their periods, those too that an absence has moved."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.extensions import db
from portal.models import AbsentSession, VisitingSession
from portal.queries import visiting
from tests.support.absences import AWAY, all_of, cover_on, dated_lesson
from tests.support.visiting import LESSON, ring_bells

TUESDAY, WEDNESDAY = date(2025, 11, 25), date(2025, 11, 26)
BELLS = {1: ("8:10", "8:50"), 2: ("9:00", "9:40"), 3: ("10:10", "10:50"), 4: ("11:00", "11:40")}


def text(answer) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def moved(as_, world):
    """A lesson of Tuesday, period 1, that an absence has moved to Wednesday, period 4."""
    ring_bells(world)
    data = {**LESSON, "person": "林晓岚", "school": str(world.gongchen.id)}
    assert as_("lead").post("/visiting/lessons/new", data=data).status_code == 303
    away = {**AWAY, "first_day": "2025-11-25", "last_day": "2025-11-25"}
    assert as_("teacher").post("/visiting/absences/new", data=away).status_code == 303
    cover = cover_on(TUESDAY)
    slot = {"slot": "2025-11-26_4"}
    assert as_("principal").post(f"/visiting/covers/{cover.id}/move", data=slot).status_code == 303
    return all_of(AbsentSession)[-1].moved_to_id


def ring(client, world, **changes):
    """The form of the bells of 拱辰, with some periods changed or left out."""
    times = {**BELLS, **{int(name[1:]): value for name, value in changes.items()}}
    data = {}
    for number, clocks in times.items():
        if clocks:
            data |= {f"starts-{number}": clocks[0], f"ends-{number}": clocks[1]}
    return client.post(f"/visiting/schools/{world.gongchen.id}/bells", data=data)


def times_of(world, key) -> tuple:
    db.session.rollback()
    row = db.session.get(VisitingSession, (world.east.id, key), populate_existing=True)
    return row.held_on, row.starts, row.ends


def test_a_moved_lesson_follows_the_period_into_which_it_was_moved(as_, world, moved):
    assert ring(as_("principal"), world, p4=("11:10", "11:50")).status_code == 303
    assert times_of(world, moved) == (WEDNESDAY, 670, 710)


def test_a_weekly_lesson_may_take_the_old_time_of_a_moved_one(as_, world, moved):
    data = {**LESSON, "person": "林晓岚", "school": str(world.gongchen.id), "weekday": "3", "period": "3"}
    assert (
        as_("lead").post("/visiting/lessons/new", data={**data, "class_name": "三（2）班"}).status_code == 303
    )
    later = {"p3": ("11:00", "11:40"), "p4": ("11:50", "12:30")}
    assert ring(as_("principal"), world, **later).status_code == 303
    assert times_of(world, moved) == (WEDNESDAY, 710, 750)
    rows = db.session.scalars(
        sa.select(VisitingSession.starts).filter_by(held_on=WEDNESDAY).order_by(VisitingSession.starts)
    )
    assert list(rows) == [660, 710]


def test_the_period_of_a_moved_lesson_cannot_go(as_, world, moved):
    answer = ring(as_("principal"), world, p4=None)
    assert answer.status_code == 422
    assert "第4节有改过来的课，不能去掉：2025-11-26 11:00 拱辰中心小学三（1）班音乐（林晓岚）" in text(answer)
    assert 'value="10:10"' in text(answer)
    assert 4 in visiting.bells_of(world.east.id, [world.gongchen.id])[world.gongchen.id]


def test_a_moved_lesson_that_would_meet_one_elsewhere_is_named_and_the_form_stays(as_, world, moved):
    dated_lesson(world, world.teacher, world.nanjiao, WEDNESDAY, 720, "五（1）班")
    db.session.commit()
    answer = ring(as_("principal"), world, p4=("11:50", "12:30"))
    assert answer.status_code == 422
    assert (
        "按新的作息会有冲突，请先调整 2025-11-26 11:00 拱辰中心小学三（1）班音乐（林晓岚）："
        "2025-11-26 12:00-12:40 这位教师已有课：南郊小学" in text(answer)
    )
    assert 'value="11:50"' in text(answer)
    assert times_of(world, moved) == (WEDNESDAY, 660, 700)


def test_a_stand_in_who_teaches_elsewhere_then_is_named(as_, world):
    ring_bells(world)
    data = {**LESSON, "person": "林晓岚", "school": str(world.gongchen.id)}
    assert as_("lead").post("/visiting/lessons/new", data=data).status_code == 303
    session = db.session.scalars(sa.select(VisitingSession).filter_by(held_on=TUESDAY)).one()
    dated_lesson(world, world.mentor, world.nanjiao, TUESDAY, 540, "五（1）班")
    session.state, session.substitute_id, session.state_note = "substituted", world.mentor.id, "生病"
    db.session.commit()
    answer = ring(as_("principal"), world, p1=("8:25", "9:05"), p2=("9:10", "9:50"))
    assert answer.status_code == 422
    assert "这位教师已有课：南郊小学" in text(answer)
