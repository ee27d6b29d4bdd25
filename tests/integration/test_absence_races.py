"""Absences and stand-ins with many at once: one has it, nobody is in two places, on both engines."""

from collections import Counter
from datetime import date

import pytest
import sqlalchemy as sa

from portal.extensions import db
from portal.models import AbsentSession, SubstituteAsk, VisitingSession
from tests import factories as make
from tests.support.absences import all_of, asked, asks, clashes, dated_lesson, left_lesson
from tests.support.races import at_once, poster
from tests.support.visiting import ring_bells

TUESDAY = date(2025, 11, 25)
EIGHT = ("mentor", "mentee", "colleague", "office", "principal", "nanjiao_principal", "equal_teacher", "lead")


@pytest.mark.promise(10)
def test_of_eight_who_accept_at_once_one_stands_in(app, world):
    cover = left_lesson(world, dated_lesson(world, world.teacher, world.gongchen, TUESDAY, 490, "三（1）班"))
    keys = {who: asked(world, cover, getattr(world, who)).id for who in EIGHT}
    calls = [poster(app, who, f"/visiting/asks/{key}/step", action="accept") for who, key in keys.items()]
    answers = at_once(app, calls)
    assert sorted(answers) == [303] + [422] * 7
    assert Counter(state for _name, state in asks()) == {"accepted": 1, "lapsed": 7}
    session = all_of(VisitingSession)[0]
    winner = next(ask for ask in all_of(SubstituteAsk) if ask.state == "accepted")
    assert (session.state, session.substitute_id) == ("substituted", winner.person_id)


@pytest.mark.promise(10)
def test_one_person_who_accepts_eight_lessons_at_once_has_those_that_do_not_meet(app, world):
    """Eight lessons of eight teachers at three schools, whose bells differ: all overlap in time."""
    schools, keys = (world.gongchen, world.linfeng, world.nanjiao), []
    for number in range(8):
        teacher = make.person(world.east, f"教师{number}", world.linfeng)
        session = dated_lesson(world, teacher, schools[number % 3], TUESDAY, 490 + 4 * number, f"{number}班")
        keys.append(asked(world, left_lesson(world, session), world.mentor).id)
    calls = [poster(app, "mentor", f"/visiting/asks/{key}/step", action="accept") for key in keys]
    assert sorted(at_once(app, calls)) == [303] + [422] * 7
    assert Counter(row.state for row in all_of(VisitingSession)) == {"substituted": 1, "planned": 7}
    assert clashes() == []


@pytest.mark.promise(10)
def test_the_database_itself_keeps_a_stand_in_out_of_two_places(app, world):
    """Without any check of ours: four own lessons and four stand-ins that overlap without equal begins."""
    rows, own = [], []
    for number in range(8):
        teacher = make.person(world.east, f"教师{number}", world.linfeng)
        session = dated_lesson(world, teacher, world.gongchen, TUESDAY, 490 + 4 * number, f"{number}班")
        rows.append(session.id)
        own.append(
            {
                name: getattr(session, name)
                for name in ("district_id", "lesson_id", "school_id", "starts", "ends")
            }
        )
    person, district = world.mentor.id, world.east.id

    def stand_in(key):
        row = db.session.get(VisitingSession, (district, key))
        row.substitute_id, row.state = person, "substituted"
        return written()

    def teach(facts, number):
        db.session.add(
            VisitingSession(**facts, person_id=person, held_on=TUESDAY, class_name=f"另{number}班")
        )
        return written()

    calls = [lambda key=key: stand_in(key) for key in rows[:4]]
    calls += [lambda facts=facts, n=n: teach(facts, n) for n, facts in enumerate(own[4:])]
    assert Counter(at_once(app, calls)) == {"written": 1, "IntegrityError": 7}
    mine = [row for row in all_of(VisitingSession) if person in (row.person_id, row.substitute_id)]
    assert len(mine) == 1


def written() -> str:
    try:
        db.session.commit()
    except sa.exc.IntegrityError as error:
        db.session.rollback()
        return type(error).__name__
    return "written"


@pytest.mark.promise(10)
def test_eight_who_arrange_one_lesson_at_once_arrange_it_once(app, world):
    ring_bells(world)
    cover = left_lesson(world, dated_lesson(world, world.teacher, world.gongchen, TUESDAY, 490, "三（1）班"))
    address, who = f"/visiting/covers/{cover.id}", ("principal", "office", "lead")
    calls = []
    for number in range(8):
        step = (
            {"note": "没有人能代"} if number % 2 else {"slot": f"2025-11-2{6 + number // 4}_{1 + number % 3}"}
        )
        calls.append(poster(app, who[number % 3], f"{address}/{'cancel' if number % 2 else 'move'}", **step))
    answers = at_once(app, calls)
    assert Counter(answers)[303] == 1, answers
    assert set(answers) <= {303, 409, 422}
    line = all_of(AbsentSession)[0]
    assert line.outcome in ("moved", "cancelled")
    assert Counter(row.state for row in all_of(VisitingSession)) == Counter(
        {"cancelled": 1, "planned": line.outcome == "moved"}
    )


@pytest.mark.promise(10)
def test_eight_lessons_that_move_to_one_time_of_a_class_do_not_meet(app, world):
    """Eight teachers of one class, each moved to the same free period."""
    ring_bells(world)
    calls = []
    for number in range(8):
        teacher = make.person(world.east, f"教师{number}", world.linfeng)
        day = date(2025, 12, 1 + number // 3)
        session = dated_lesson(world, teacher, world.gongchen, day, 490 + 60 * (number % 3), "三（1）班")
        cover = left_lesson(world, session)
        calls.append(poster(app, "principal", f"/visiting/covers/{cover.id}/move", slot="2025-12-05_1"))
    answers = at_once(app, calls)
    assert (Counter(answers)[303], set(answers) - {303, 409, 422}) == (1, set())
    assert len([row for row in all_of(VisitingSession) if row.held_on == date(2025, 12, 5)]) == 1
    assert clashes() == []


@pytest.mark.promise(10)
def test_withdrawing_while_others_accept_leaves_nobody_standing_in(app, world):
    cover = left_lesson(world, dated_lesson(world, world.teacher, world.gongchen, TUESDAY, 490, "三（1）班"))
    keys = {who: asked(world, cover, getattr(world, who)).id for who in EIGHT[:5]}
    calls = [poster(app, who, f"/visiting/asks/{key}/step", action="accept") for who, key in keys.items()]
    withdraw = poster(app, "teacher", f"/visiting/absences/{cover.absence_id}/step", action="withdraw")
    answers = at_once(app, [*calls, withdraw])
    assert answers[-1] == 303
    session = all_of(VisitingSession)[0]
    assert (session.state, session.substitute_id) == ("planned", None)
    assert {state for _name, state in asks()} <= {"lapsed", "released"}


@pytest.mark.promise(10)
def test_eight_absences_of_one_teacher_at_once_are_one(app, world):
    dated_lesson(world, world.teacher, world.gongchen, TUESDAY, 490, "三（1）班")
    days = {"first_half": "am", "last_half": "pm", "kind": "sick"}
    calls = [
        poster(
            app,
            "teacher",
            "/visiting/absences/new",
            first_day=f"2025-11-{20 + n % 5}",
            last_day="2025-11-26",
            **days,
        )
        for n in range(8)
    ]
    assert sorted(at_once(app, calls)) == [303] + [422] * 7
    assert len(all_of(AbsentSession)) == 1
