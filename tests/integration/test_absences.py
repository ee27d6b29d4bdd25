"""Absences through the pages: entered, arranged, told once, withdrawn; who sees what of them."""

from datetime import date

import pytest
import sqlalchemy as sa

from portal.domain.access import can
from portal.extensions import db
from portal.models import Absence, AbsentSession, AuditValue, Notification, SubstituteAsk, VisitingSession
from portal.queries import absences, todo
from tests.support.absences import AWAY, all_of, asks, cover_on, heard, lesson_of, the_absence
from tests.support.cast_names import ACCOUNTS
from tests.support.queries import counted_queries
from tests.support.visiting import LESSON, ring_bells

TUESDAY = date(2025, 11, 25)
COVER = ("cover_found", "cover_moved", "cover_cancelled", "cover_undone", "cover_released")


@pytest.fixture
def plan(as_, world):
    ring_bells(world)
    world.mentor.subjects = ["音乐"]
    world.mentee.subjects = ["数学"]

    def make(who="lead", person="林晓岚", school="gongchen", **changes):
        data = {**LESSON, "person": person, **changes, "school": str(getattr(world, school).id)}
        answer = as_(who).post("/visiting/lessons/new", data=data)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        db.session.execute(db.delete(Notification))
        db.session.commit()

    return make


@pytest.fixture
def away(as_):
    def enter(who="teacher", **changes):
        return as_(who).post("/visiting/absences/new", data={**AWAY, **changes})

    return enter


def text(answer) -> str:
    return answer.get_data(as_text=True)


def ask(client, cover, person):
    return client.post(
        f"/visiting/covers/{cover.id}/ask", data={"person": person.name, "person-id": str(person.id)}
    )


def answer(client, asked, action="accept", **data):
    return client.post(f"/visiting/asks/{asked.id}/step", data={"action": action, **data})


def ask_of(person) -> SubstituteAsk:
    return all_of(SubstituteAsk, person_id=person.id)[-1]


def test_a_teacher_says_so_and_the_lessons_of_that_time_wait(plan, away, as_, world, actor_of):
    plan()
    plan(weekday="4", period="2", class_name="四（2）班")
    assert (
        away(first_day="2025-11-25", last_day="2025-11-27", last_half="am", reason="手术").status_code == 303
    )
    absence = the_absence()
    assert (absence.person_id, absence.home_school_id, absence.state) == (
        world.teacher.id,
        world.linfeng.id,
        "open",
    )
    days = sorted(line.session.held_on.isoformat() for line in all_of(AbsentSession))
    assert days == ["2025-11-25", "2025-11-27"]
    assert {line.session.state for line in all_of(AbsentSession)} == {"planned"}
    for who in ("lead", "principal", "office"):
        waits = [i for i in todo.waiting_for(actor_of(who), world.today) if i.endpoint == "visiting.absence"]
        assert [(i.due.isoformat(), i.words) for i in waits] == [
            ("2025-11-25", {"name": "林晓岚", "count": 2})
        ]
    assert heard(world.lead) == heard(world.principal) == []  # nothing is final yet


def test_half_days_decide_by_the_clock(plan, away, world):
    plan()  # 8:10
    plan(period="5", class_name="四（2）班")  # 14:10
    assert away(first_day="2025-11-25", last_day="2025-11-25", first_half="pm").status_code == 303
    assert [line.session.starts for line in all_of(AbsentSession)] == [850]


def test_what_has_begun_stays_as_it_is(plan, away, world):
    plan(weekday="3", period="1", from_day="2025-11-01")  # this morning
    plan(weekday="3", period="5", class_name="四（2）班", from_day="2025-11-01")  # 14:10, beginning right now
    plan(weekday="4", period="1", class_name="五（1）班", from_day="2025-11-01")
    assert away(first_day="2025-11-17", last_day="2025-11-20").status_code == 303
    assert [line.session.held_on.isoformat() for line in all_of(AbsentSession)] == ["2025-11-20"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"first_day": "2025-11-28", "last_day": "2025-11-24"}, "结束要在开始之后"),
        ({"last_day": "2025-11-24", "first_half": "pm", "last_half": "am"}, "结束要在开始之后"),
        ({"first_day": "2025-11-10", "last_day": "2025-11-14"}, "已经过去的日子不用再安排"),
    ],
)  # fmt: skip
def test_times_that_make_no_sense_are_refused(away, changes, message):
    answer = away(**changes)
    assert (answer.status_code, message in text(answer), all_of(Absence)) == (422, True, [])


def test_nobody_is_away_twice_at_once(away):
    assert away().status_code == 303
    again = away(first_day="2025-11-28", last_day="2025-12-05")
    assert (again.status_code, "这段时间已经登记过" in text(again)) == (422, True)
    assert away(first_day="2025-11-29", last_day="2025-12-05").status_code == 303


def test_the_own_schools_office_enters_it_for_a_teacher_and_no_other_school_does(plan, away, world):
    assert away("lead", person="周以宁").status_code == 303
    assert the_absence().person_id == world.mentor.id
    foreign = away("principal", person="林晓岚")
    assert (foreign.status_code, "只能登记本人或本校教师" in text(foreign)) == (422, True)
    assert away("teacher", person="周以宁").status_code == 303  # who manages nobody enters the own one
    assert the_absence().person_id == world.teacher.id


# Who sees what


def test_the_reason_is_sealed_and_read_by_the_teacher_and_the_own_principal_alone(plan, away, as_, world):
    plan()
    away(reason="阑尾手术住院")
    page = f"/visiting/absences/{the_absence().id}"
    assert "阑尾" not in db.session.scalar(sa.text("SELECT reason FROM absence"))
    shown = {
        who: ("阑尾手术住院" in text(answer), "病假" in text(answer))
        for who in ("teacher", "lead", "principal", "office")
        for answer in [as_(who).get(page)]
    }
    assert shown == {
        "teacher": (True, True), "lead": (True, True), "principal": (False, False), "office": (False, False),
    }  # fmt: skip
    statuses = {
        who: as_(who).get(page).status_code
        for who in ("mentor", "mentee", "nanjiao_principal", "west_lead", "bureau")
    }
    assert statuses == dict.fromkeys(statuses, 404)
    assert [value.field for value in all_of(AuditValue) if "阑尾" in f"{value.old}{value.new}"] == []


def test_an_office_that_edits_keeps_the_reason_it_cannot_read(plan, away, as_, world):
    away("office", person="江念一", reason="陪护父亲")
    absence = the_absence()
    page = f"/visiting/absences/{absence.id}/edit"
    assert "陪护父亲" not in text(as_("office").get(page))
    assert "陪护父亲" in text(as_("principal").get(page))
    data = {**AWAY, "last_day": "2025-12-01", "version": absence.version}
    assert as_("office").post(page, data=data).status_code == 303
    db.session.refresh(absence)
    assert (absence.reason, absence.last_day.isoformat()) == ("陪护父亲", "2025-12-01")


def test_the_list_shows_ones_schools_and_filters(plan, away, as_, world):
    plan()
    away()
    away("lead", person="周以宁", first_day="2025-12-01", last_day="2025-12-02")
    names = {
        who: [
            name
            for name in ("林晓岚", "周以宁")
            if f">{name}</a>" in text(as_(who).get("/visiting/absences/"))
        ]
        for who in ("lead", "principal", "teacher", "mentor", "colleague", "west_lead")
    }
    assert names == {
        "lead": ["林晓岚", "周以宁"], "principal": ["林晓岚"], "teacher": ["林晓岚"], "mentor": ["周以宁"],
        "colleague": [], "west_lead": [],
    }  # fmt: skip
    lead, at_gongchen = as_("lead"), f"school={world.gongchen.id}"
    queries = (
        "state=waiting",
        "state=settled",
        "state=withdrawn",
        "name=周",
        at_gongchen,
        "first=2025-12-01",
    )
    pages = {query: text(lead.get(f"/visiting/absences/?{query}")) for query in queries}
    found = {
        query: [name for name in ("林晓岚", "周以宁") if f">{name}</a>" in pages[query]] for query in queries
    }
    assert found == {
        "state=waiting": ["林晓岚"], "state=settled": ["周以宁"], "state=withdrawn": [], "name=周": ["周以宁"],
        at_gongchen: ["林晓岚"], "first=2025-12-01": ["周以宁"],
    }  # fmt: skip
    assert "没有符合条件的请假" in text(lead.get("/visiting/absences/?name=查无此人"))
    assert "还没有登记过请假" in text(as_("colleague").get("/visiting/absences/"))
    assert lead.get("/visiting/absences.xlsx").status_code == 200


# Asking


def test_suggestions_are_ranked_with_their_reasons(plan, away, as_, world):
    plan()
    away()
    page = text(as_("principal").get(f"/visiting/covers/{cover_on(TUESDAY).id}"))
    first, second = page.index("请周以宁代课"), page.index("请江念一代课")
    assert first < second
    assert "任教音乐" in page
    assert "要从麟峰小学过去，路上30分钟" in page
    assert "不教音乐" in page
    assert "没有登记课表，有没有课请本人确认" in page


def test_who_is_asked_says_yes_on_the_phone_and_everyone_hears_it_once(plan, away, as_, world, actor_of):
    plan()
    away()
    cover = cover_on(TUESDAY)
    assert ask(as_("principal"), cover, world.mentor).status_code == 303
    assert ask(as_("lead"), cover, world.mentee).status_code == 303
    twice = ask(as_("principal"), cover, world.mentor)
    assert (twice.status_code, "已经请过这位教师" in text(twice)) == (422, True)
    waits = [i.kind for i in todo.waiting_for(actor_of("mentor"), world.today)]
    assert waits == ["请您代课"]
    assert answer(as_("mentee"), ask_of(world.mentee), "decline", note="当天外出").status_code == 303
    assert [heard(getattr(world, who)) for who in ("teacher", "mentor", "lead", "office")] == [[], [], [], []]
    accepted = answer(as_("mentor"), ask_of(world.mentor))
    assert accepted.status_code == 303
    session = lesson_of(cover)
    assert (session.state, session.substitute_id, session.confirmed_by_id) == (
        "substituted",
        world.mentor.id,
        None,
    )
    assert asks() == [("周以宁", "accepted"), ("江念一", "declined")]
    told = {
        who: heard(getattr(world, who), *COVER)
        for who in ("teacher", "mentor", "mentee", "lead", "principal", "office")
    }
    assert told == {
        "teacher": ["cover_found"], "mentor": [], "mentee": [], "lead": ["cover_found"], "principal": [],
        "office": ["cover_found"],
    }  # fmt: skip
    assert "周以宁 代课：2025-11-25 8:10 拱辰中心小学三（1）班音乐（林晓岚）".replace(
        " 8:10", " 08:10"
    ) in text(as_("office").get("/messages/"))
    assert "周以宁 代课" in text(as_("teacher").get(f"/visiting/absences/{the_absence().id}"))


def test_the_first_yes_has_it(plan, away, as_, world):
    plan()
    away()
    cover = cover_on(TUESDAY)
    for person in (world.mentor, world.mentee):
        ask(as_("principal"), cover, person)
    assert answer(as_("mentee"), ask_of(world.mentee)).status_code == 303
    late = answer(as_("mentor"), ask_of(world.mentor))
    assert (late.status_code, "这节课已经安排好了" in text(late)) == (422, True)
    assert asks() == [("周以宁", "lapsed"), ("江念一", "accepted")]


def test_who_has_a_lesson_is_not_asked_and_who_got_one_cannot_accept(plan, away, as_, world):
    plan()
    plan(person="周以宁", school="nanjiao", class_name="一（1）班", subject="数学", weeks="13")
    away()
    cover = cover_on(TUESDAY)
    refused = ask(as_("principal"), cover, world.mentor)
    assert (refused.status_code, "周以宁不能代这节课：08:10-08:50在南郊小学有课或有事" in text(refused)) == (
        422,
        True,
    )
    assert ask(as_("principal"), cover, world.mentee).status_code == 303
    plan("principal", person="江念一", school="gongchen", class_name="六（1）班", subject="数学", weeks="13")
    late = answer(as_("mentee"), ask_of(world.mentee))
    assert (late.status_code, "现在不能代这节课：08:10-08:50在拱辰中心小学有课或有事" in text(late)) == (
        422,
        True,
    )
    assert lesson_of(cover).state == "planned"


def test_only_who_is_asked_answers_and_only_both_schools_arrange(plan, away, as_, world):
    plan()
    away()
    cover = cover_on(TUESDAY)
    for who, status in {
        "teacher": 403,
        "mentor": 404,
        "colleague": 404,
        "nanjiao_principal": 404,
        "west_lead": 404,
    }.items():
        assert ask(as_(who), cover, world.mentor).status_code == status, who
    ask(as_("principal"), cover, world.mentor)
    asked = ask_of(world.mentor)
    for who, status in {"teacher": 404, "mentee": 404, "principal": 403, "west_lead": 404}.items():
        assert answer(as_(who), asked).status_code == status, who
    assert answer(as_("office"), asked, "take_back").status_code == 303
    assert asks() == [("周以宁", "lapsed")]
    assert "不用答复了" in text(as_("mentor").get(f"/visiting/asks/{asked.id}"))


# Moving and cancelling


def test_a_lesson_moves_to_a_free_time_of_class_and_teacher(plan, away, as_, world):
    plan()
    plan(person="周以宁", weekday="1", period="2", subject="美术")  # the class is taken on Monday
    away(first_day="2025-11-25", last_day="2025-11-25")
    cover = cover_on(TUESDAY)
    page = text(as_("principal").get(f"/visiting/covers/{cover.id}"))
    assert 'value="2025-11-24_1"' in page
    assert 'value="2025-11-24_2"' not in page  # taken
    assert 'value="2025-11-25_2"' not in page  # away
    bad = as_("principal").post(f"/visiting/covers/{cover.id}/move", data={"slot": "2025-11-24_2"})
    assert bad.status_code == 422
    assert (
        as_("principal").post(f"/visiting/covers/{cover.id}/move", data={"slot": "2025-11-24_1"}).status_code
        == 303
    )
    old = lesson_of(cover)
    moved = db.session.get(VisitingSession, (world.east.id, all_of(AbsentSession)[-1].moved_to_id))
    assert (old.state, old.state_note) == ("cancelled", "→ 2025-11-24 08:10-08:50")
    assert (moved.state, moved.held_on, moved.starts, moved.person_id) == (
        "planned",
        date(2025, 11, 24),
        490,
        world.teacher.id,
    )
    assert heard(world.teacher) == heard(world.lead) == heard(world.office) == ["cover_moved"]
    back = {"outcome": "planned", "note": "还是上", "version": old.version}
    answer = as_("principal").post(f"/visiting/sessions/{old.id}/settle", data=back)
    assert (answer.status_code, "已改到 2025-11-24" in text(answer)) == (
        422,
        True,
    )  # else the class had it twice


def test_a_moved_lesson_keeps_its_place_when_the_pattern_changes(plan, away, as_, world):
    plan()
    away(first_day="2025-11-25", last_day="2025-11-25")
    cover = cover_on(TUESDAY)
    as_("principal").post(f"/visiting/covers/{cover.id}/move", data={"slot": "2025-11-26_3"})
    lesson = cover.session.lesson
    edit = {**LESSON, "period": "2", "school": str(world.gongchen.id), "version": lesson.version}
    assert as_("lead").post(f"/visiting/lessons/{lesson.id}/edit", data=edit).status_code == 303
    rows = [
        (row.held_on.isoformat(), row.starts, row.state)
        for row in all_of(VisitingSession)
        if row.held_on < date(2025, 12, 3)
    ]
    assert sorted(rows) == [
        ("2025-11-25", 490, "cancelled"),
        ("2025-11-26", 610, "planned"),
        ("2025-12-02", 540, "planned"),
    ]


def test_cancelling_needs_a_reason_and_is_told_once(plan, away, as_, world):
    plan()
    away()
    cover = cover_on(TUESDAY)
    client, address = as_("principal"), f"/visiting/covers/{cover.id}/cancel"
    assert client.post(address, data={"note": ""}).status_code == 422
    assert client.post(address, data={"note": "当天全校体检"}).status_code == 303
    session = lesson_of(cover)
    assert (session.state, session.state_note) == ("cancelled", "当天全校体检")
    assert heard(world.teacher) == heard(world.lead) == heard(world.office) == ["cover_cancelled"]
    again = client.post(address, data={"note": "再来一次"})
    assert (again.status_code, "这节课已经安排好了" in text(again)) == (422, True)


def test_a_stale_page_arranges_nothing(plan, away, as_, world):
    plan()
    away()
    cover = cover_on(TUESDAY)
    old = cover.session.version
    ask(as_("principal"), cover, world.mentor)
    answer(as_("mentor"), ask_of(world.mentor))
    stale = as_("office").post(f"/visiting/covers/{cover.id}/cancel", data={"note": "没人", "version": old})
    assert (stale.status_code, lesson_of(cover).state) == (409, "substituted")


def test_the_plan_asks_first_and_moves_only_what_nobody_can_take(plan, away, as_, world):
    plan()
    plan(weekday="4", period="2", class_name="四（2）班")
    away("lead", person="周以宁")
    away("office", person="江念一", last_day="2025-11-25")
    away()
    # On Tuesday everybody who could is away but the two heads and the office of 拱辰 and the lead of 麟峰.
    for who in ("吴静姝", "许清和"):
        plan("principal", person=who, school="gongchen", class_name=f"{who}班", subject="语文", weeks="13")
    plan(person="陈怀瑾", school="linfeng", class_name="一（1）班", subject="语文", weeks="13")
    absence = all_of(Absence, person_id=world.teacher.id)[-1]
    done = as_("principal").post(f"/visiting/absences/{absence.id}/repair")
    assert done.status_code == 303
    assert cover_on(TUESDAY).outcome == "moved"
    assert cover_on(date(2025, 11, 27)).outcome is None
    assert [state for _name, state in asks()] == ["open"]


# Withdrawing, shortening


def withdraw(client, absence):
    db.session.refresh(absence)
    return client.post(
        f"/visiting/absences/{absence.id}/step", data={"action": "withdraw", "version": absence.version}
    )


def test_withdrawing_puts_everything_back_and_tells_those_who_had_heard(plan, away, as_, world):
    plan()
    plan(weekday="4", period="2", class_name="四（2）班")
    plan(weekday="5", period="1", class_name="五（1）班")
    plan(weekday="1", period="3", class_name="六（1）班")
    away()
    principal = as_("principal")
    covered, moved, gone, asked = (cover_on(date(2025, 11, day)) for day in (25, 27, 28, 24))
    ask(principal, covered, world.mentor)
    answer(as_("mentor"), ask_of(world.mentor))
    principal.post(f"/visiting/covers/{moved.id}/move", data={"slot": "2025-12-01_1"})
    principal.post(f"/visiting/covers/{gone.id}/cancel", data={"note": "体检"})
    ask(principal, asked, world.mentee)
    db.session.execute(db.delete(Notification))
    db.session.commit()
    assert withdraw(as_("teacher"), the_absence()).status_code == 303
    week = [row for row in all_of(VisitingSession) if date(2025, 11, 24) <= row.held_on <= date(2025, 12, 1)]
    assert sorted((row.held_on.isoformat(), row.state, row.substitute_id) for row in week) == [
        ("2025-11-24", "planned", None), ("2025-11-25", "planned", None), ("2025-11-27", "planned", None),
        ("2025-11-28", "planned", None), ("2025-12-01", "planned", None),
    ]  # fmt: skip
    assert asks() == [("周以宁", "released"), ("江念一", "lapsed")]
    told = {who: heard(getattr(world, who)) for who in ("teacher", "mentor", "mentee", "lead", "office")}
    assert told == {
        "teacher": [], "mentor": ["cover_undone"], "mentee": [], "lead": ["cover_undone"], "office": ["cover_undone"],
    }  # fmt: skip
    page = text(as_("teacher").get(f"/visiting/absences/{the_absence().id}"))
    assert page.count("照常上课") == 4


def test_a_lesson_whose_hour_is_taken_by_now_stays_cancelled(plan, away, as_, world):
    plan(weeks="13")
    away()
    cover = cover_on(TUESDAY)
    as_("principal").post(f"/visiting/covers/{cover.id}/cancel", data={"note": "体检"})
    lesson = cover.session.lesson
    as_("lead").post(
        f"/visiting/lessons/{lesson.id}/step",
        data={"action": "end", "note": "换人", "version": lesson.version},
    )
    plan(person="周以宁", weeks="13")
    assert withdraw(as_("teacher"), the_absence()).status_code == 303
    assert lesson_of(cover).state == "cancelled"


def test_coming_back_early_gives_back_the_days_that_fall_out(plan, away, as_, world):
    plan()
    plan(weekday="4", period="2", class_name="四（2）班")
    away()
    thursday = cover_on(date(2025, 11, 27))
    ask(as_("principal"), thursday, world.mentor)
    answer(as_("mentor"), ask_of(world.mentor))
    absence = the_absence()
    data = {**AWAY, "last_day": "2025-11-26", "version": absence.version}
    assert as_("teacher").post(f"/visiting/absences/{absence.id}/edit", data=data).status_code == 303
    assert [line.session.held_on for line in all_of(AbsentSession)] == [TUESDAY]
    assert [row.state for row in all_of(VisitingSession, held_on=date(2025, 11, 27))] == ["planned"]
    stale = as_("teacher").post(
        f"/visiting/absences/{absence.id}/edit", data={**data, "last_day": "2025-11-28"}
    )
    assert stale.status_code == 409


def test_a_stand_in_who_falls_ill_leaves_the_lesson_open_again(plan, away, as_, world):
    plan()
    away()
    cover = cover_on(TUESDAY)
    ask(as_("principal"), cover, world.mentor)
    answer(as_("mentor"), ask_of(world.mentor))
    assert away("mentor", kind="personal").status_code == 303
    session = lesson_of(cover)
    db.session.refresh(cover)
    assert (session.state, session.substitute_id, cover.outcome) == ("planned", None, None)
    assert asks() == [("周以宁", "released")]
    assert len(all_of(AbsentSession)) == 1  # it waits where it waited before
    refused = ask(as_("principal"), cover, world.mentor)
    assert (refused.status_code, "这个时间不在" in text(refused)) == (422, True)


def test_an_arrangement_is_taken_back_and_made_anew(plan, away, as_, world):
    plan()
    away()
    cover = cover_on(TUESDAY)
    principal = as_("principal")
    ask(principal, cover, world.mentor)
    answer(as_("mentor"), ask_of(world.mentor))
    assert "撤回，重新安排" in text(principal.get(f"/visiting/covers/{cover.id}"))
    assert principal.post(f"/visiting/covers/{cover.id}/reopen").status_code == 303
    assert (lesson_of(cover).state, asks()) == ("planned", [("周以宁", "released")])
    assert heard(world.mentor) == ["cover_released"]
    assert ask(principal, cover, world.mentee).status_code == 303
    assert answer(as_("mentee"), ask_of(world.mentee)).status_code == 303
    assert lesson_of(cover).substitute_id == world.mentee.id


def test_who_stands_in_hears_that_the_bells_moved_the_lesson_and_that_it_is_no_more(plan, away, as_, world):
    plan()
    away()
    principal = as_("principal")
    ask(principal, cover_on(TUESDAY), world.mentor)
    answer(as_("mentor"), ask_of(world.mentor))
    db.session.execute(db.delete(Notification))
    db.session.commit()
    bells = {"starts-1": "9:00", "ends-1": "9:40"}
    assert principal.post(f"/visiting/schools/{world.gongchen.id}/bells", data=bells).status_code == 303
    [moved] = all_of(Notification, person_id=world.mentor.id)
    assert (moved.kind, moved.words["when"]) == ("cover_moved", "2025-11-25 09:00")
    lesson = lesson_of(cover_on(TUESDAY)).lesson
    data = {"action": "end", "note": "改由本校教师上", "version": lesson.version}
    assert principal.post(f"/visiting/lessons/{lesson.id}/step", data=data).status_code == 303
    assert heard(world.mentor) == ["cover_moved", "cover_released"]


def test_who_stands_in_sees_the_lesson_among_the_own_ones(plan, away, as_, world):
    plan()
    away()
    ask(as_("principal"), cover_on(TUESDAY), world.mentor)
    answer(as_("mentor"), ask_of(world.mentor))
    week = text(as_("mentor").get(f"/visiting/?teacher={world.mentor.id}&week=13"))
    assert "三（1）班" in week


def test_the_list_agrees_with_the_permission_for_everybody(plan, away, world, actor_of):
    plan()
    away()
    away("lead", person="周以宁")
    away("office", person="江念一")
    away("equal_teacher")
    away("west_teacher")
    for who in ACCOUNTS:
        actor = actor_of(who)
        listed = {row.id for row in db.session.scalars(absences.visible_to(actor))}
        assert listed == {row.id for row in all_of(Absence) if can(actor, "absence.view", row)}, who
    assert {row.person.name for row in db.session.scalars(absences.visible_to(actor_of("principal")))} == {
        "林晓岚",
        "江念一",
    }


def test_the_page_of_an_absence_costs_the_same_for_many_lessons(plan, away, as_, world):
    plan()
    away(last_day="2025-11-25")
    page, client = f"/visiting/absences/{the_absence().id}", as_("principal")
    with counted_queries() as few:
        client.get(page)
    for number, weekday in enumerate("2345", 2):
        plan(weekday=weekday, period=str(number), class_name=f"{number}班")
    absence = the_absence()
    data = {**AWAY, "version": absence.version}
    assert as_("teacher").post(f"{page}/edit", data=data).status_code == 303
    with counted_queries() as many:
        client.get(page)
    assert len(all_of(AbsentSession)) == 5
    assert many.count <= few.count + 2
