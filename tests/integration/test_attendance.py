"""Who was there: the code of the day, and disputes that both sides settle."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.extensions import db
from portal.models import AuditEntry, CodeGuesses, Notification, SessionDispute, VisitingSession
from portal.queries import school_codes
from tests.support.months import visits

TODAY = date(2025, 11, 19)  # 14:10 in the district
TUESDAY = date(2025, 11, 18)


def text(answer) -> str:
    return answer.get_data(as_text=True)


def code(world, day=TODAY, school=None) -> str:
    return school_codes.code_of(world.east.id, (school or world.gongchen).id, day)


def fresh(row):
    db.session.refresh(row)
    return row


def the_dispute() -> SessionDispute:
    return db.session.scalars(sa.select(SessionDispute).execution_options(populate_existing=True)).one()


# The code of the day


def test_the_code_counts_the_lessons_that_have_begun(as_, world):
    begun, later = (
        visits(world, [TODAY], state="planned")[0],
        visits(world, [TODAY], state="planned", starts=900)[0],
    )
    shown = text(as_("principal").get(f"/visiting/schools/{world.gongchen.id}/code"))
    right = code(world)
    assert f"{right[:3]} {right[3:]}" in shown
    assert "<svg" in shown
    answer = as_("teacher").post("/visiting/code", data={"code": f"{right[:3]} {right[3:]}"})
    assert answer.status_code == 303
    assert (fresh(begun).state, begun.reported, begun.confirmed_by_id) == ("given", "given", world.teacher.id)
    assert fresh(later).state == "planned"
    told = db.session.scalars(sa.select(AuditEntry.action).filter_by(object_id=begun.id)).all()
    assert told == ["visiting_session.attend"]
    assert "教师凭学校当日签到码" in text(as_("principal").get(f"/visiting/sessions/{begun.id}"))


def test_a_code_is_of_one_school_and_one_day(as_, world):
    session = visits(world, [TODAY], state="planned")[0]
    for wrong in (
        code(world, TUESDAY),
        code(world, TODAY + timedelta(days=1)),
        code(world, school=world.nanjiao),
    ):
        answer = as_("teacher").post("/visiting/code", data={"code": wrong})
        assert (answer.status_code, "签到码不对" in text(answer)) == (422, True)
    assert (fresh(session).state, db.session.scalar(sa.select(CodeGuesses.wrong))) == ("planned", 3)


def test_five_wrong_codes_end_the_guessing_for_the_day(as_, world):
    session = visits(world, [TODAY], state="planned")[0]
    wrong = "000000" if code(world) != "000000" else "111111"
    client = as_("teacher")
    lefts = [text(client.post("/visiting/code", data={"code": wrong})) for _ in range(5)]
    assert ["还可以试 4 次" in lefts[0], "还可以试 0 次" in lefts[4]] == [True, True]
    answer = client.post("/visiting/code", data={"code": code(world)})
    assert (answer.status_code, "输错的次数太多" in text(answer)) == (422, True)
    assert fresh(session).state == "planned"


@pytest.mark.parametrize("who", ["mentor", "principal", "west_teacher"])
def test_the_code_helps_nobody_else(as_, world, who):
    session = visits(world, [TODAY], state="planned")[0]
    answer = as_(who).post("/visiting/code", data={"code": code(world)})
    assert (answer.status_code, "您今天没有走教课" in text(answer)) == (422, True)
    assert fresh(session).state == "planned"


def test_who_stands_in_signs_the_stand_in(as_, world):
    session = visits(world, [TODAY], state="planned")[0]
    session.state, session.substitute_id = "substituted", world.mentor.id
    db.session.commit()
    assert as_("mentor").post("/visiting/code", data={"code": code(world)}).status_code == 303
    assert (fresh(session).state, session.confirmed_by_id) == ("substituted", world.mentor.id)


def test_only_the_school_sees_its_code(as_, world):
    where = f"/visiting/schools/{world.gongchen.id}/code"
    statuses = {
        who: as_(who).get(where).status_code for who in ("office", "lead", "mentee", "teacher", "west_lead")
    }
    assert statuses == {"office": 200, "lead": 403, "mentee": 403, "teacher": 403, "west_lead": 404}


# Disputes


@pytest.fixture
def disputed(as_, world) -> VisitingSession:
    """The teacher reported it given, the school said missed."""
    session = visits(world, [TUESDAY], state="planned")[0]
    address = f"/visiting/sessions/{session.id}"
    as_("teacher").post(f"{address}/report", data={"outcome": "given", "version": session.version})
    data = {"outcome": "miss", "note": "没有看到人", "version": fresh(session).version}
    assert as_("principal").post(f"{address}/settle", data=data).status_code == 303
    return fresh(session)


def step(client, action, **more):
    row = the_dispute()
    data = {"action": action, "version": row.version, **more}
    return client.post(f"/visiting/disputes/{row.id}/step", data=data)


def test_given_against_missed_is_a_dispute_that_both_see(as_, world, disputed):
    row = the_dispute()
    assert (row.state, row.claim, row.person_id) == ("kept", "given", world.teacher.id)
    page = text(as_("teacher").get(f"/visiting/sessions/{disputed.id}"))
    assert "等教师一方答复" in page
    assert "异议：等教师一方答复" in text(as_("principal").get("/visiting/confirm?day=2025-11-18"))
    kinds = db.session.scalars(sa.select(Notification.kind).filter_by(person_id=world.teacher.id)).all()
    assert kinds == ["dispute_kept"]


def test_both_have_to_agree(as_, world, disputed):
    assert step(as_("principal"), "accept").status_code == 403
    assert step(as_("teacher"), "insist", note="班主任可以作证").status_code == 303
    assert step(as_("teacher"), "agree").status_code == 403
    assert step(as_("principal"), "keep", note="再问过班主任").status_code == 303
    assert fresh(disputed).state == "missed"
    assert step(as_("lead"), "accept").status_code == 303  # the own school agrees for its teacher
    assert (the_dispute().state, fresh(disputed).state) == ("settled", "missed")


def test_the_school_agrees_and_the_lesson_is_corrected(as_, world, disputed):
    step(as_("teacher"), "insist", note="班主任可以作证")
    assert step(as_("mentee"), "agree").status_code in (403, 404)
    assert step(as_("principal"), "agree").status_code == 303
    assert (the_dispute().state, fresh(disputed).state) == ("settled", "given")


def test_correcting_the_lesson_settles_the_dispute(as_, world, disputed):
    data = {"outcome": "give", "note": "班主任证实", "version": disputed.version}
    assert as_("principal").post(f"/visiting/sessions/{disputed.id}/settle", data=data).status_code == 303
    assert the_dispute().state == "settled"


def test_a_teacher_disputes_what_was_registered(as_, world):
    session = visits(world, [TUESDAY], state="cancelled")[0]
    where = f"/visiting/sessions/{session.id}/dispute"
    bare = as_("teacher").post(where, data={"claim": "given", "reason": ""})
    assert bare.status_code == 422
    assert as_("lead").post(where, data={"claim": "given", "reason": "上了"}).status_code == 403
    assert as_("teacher").post(where, data={"claim": "given", "reason": "上了"}).status_code == 303
    assert the_dispute().state == "open"
    again = as_("teacher").post(where, data={"claim": "given", "reason": "上了"})
    assert (again.status_code, "已经有一条异议" in text(again)) == (422, True)
    assert step(as_("teacher"), "withdraw").status_code == 303
    assert the_dispute().state == "withdrawn"


def test_a_dispute_of_others_is_not_found(as_, world, disputed):
    row = the_dispute()
    data = {"action": "withdraw", "version": row.version}
    statuses = {
        who: as_(who).post(f"/visiting/disputes/{row.id}/step", data=data).status_code
        for who in ("mentee", "colleague", "nanjiao_principal", "west_lead", "equal_lead", "bureau")
    }
    assert statuses == {
        "mentee": 404,
        "colleague": 404,
        "nanjiao_principal": 404,
        "west_lead": 404,
        "equal_lead": 404,
        "bureau": 403,
    }
