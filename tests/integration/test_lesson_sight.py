"""Lessons that stand in the way: who may not see them learns at which school and when, and no more (promise 3)."""

from datetime import date

import pytest

from portal.extensions import db
from portal.models import BellPeriod, BusyHour
from tests.support.absences import dated_lesson
from tests.support.visiting import LESSON, ring_bells

SECRET = "五（9）班"
WHERE = "拱辰中心小学 08:10-08:50"
# 资源小学 of the other cluster wants 林晓岚 while she teaches at 拱辰中心小学.
WANTED = {**LESSON, "person": "林晓岚", "subject": "美术", "class_name": "一（1）班"}


def text(answer) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def taught(as_, world):
    """林晓岚 teaches at 拱辰中心小学 every Tuesday; 资源小学 rings at nearly the same time."""
    ring_bells(world)
    bell = BellPeriod(district_id=world.east.id, school_id=world.ziyuan.id, number=1, starts=500, ends=540)
    db.session.add(bell)
    db.session.commit()
    data = {**LESSON, "person": "林晓岚", "school": str(world.gongchen.id), "class_name": SECRET}
    assert as_("lead").post("/visiting/lessons/new", data=data).status_code == 303


@pytest.mark.promise(3)
def test_a_clash_with_a_lesson_of_another_cluster_names_its_school_and_time_only(as_, world, taught):
    client, data = as_("equal_lead"), {**WANTED, "school": str(world.ziyuan.id)}
    answers = [
        client.get("/visiting/lessons/check", query_string=data, htmx="lesson_check"),
        client.post("/visiting/lessons/new", data=data),
    ]
    pasted = {"term": world.term.code, "text": "林晓岚\t资源小学\t一（1）班\t美术\t2\t1"}
    answers.append(client.get(client.post("/visiting/timetable/import/", data=pasted).location))
    found = [(answer.status_code, WHERE in text(answer), SECRET in text(answer)) for answer in answers]
    assert found == [(200, True, False), (422, True, False), (200, True, False)]


@pytest.mark.promise(3)
def test_who_may_see_the_lesson_is_told_the_class(as_, world, taught):
    data = {**WANTED, "school": str(world.linfeng.id)}
    answer = as_("lead").get("/visiting/lessons/check", query_string=data, htmx="lesson_check")
    assert f"拱辰中心小学{SECRET}音乐 08:10-08:50" in text(answer)


@pytest.mark.promise(3)
def test_a_stand_in_who_teaches_elsewhere_then_is_refused_without_the_class(as_, world):
    day = date(2025, 11, 18)
    dated_lesson(world, world.teacher, world.gongchen, day, 500, SECRET)
    theirs = dated_lesson(world, world.equal_lead, world.huoban, day, 510, "一（1）班", home=world.ziyuan)
    db.session.commit()
    data = {"outcome": "substitute", "substitute": "林晓岚", "note": "生病", "version": theirs.version}
    answer = as_("equal_member").post(f"/visiting/sessions/{theirs.id}/settle", data=data)
    assert answer.status_code == 422
    assert "2025-11-18 08:20-09:00 这位教师已有课：拱辰中心小学" in text(answer)
    assert SECRET not in text(answer)


@pytest.mark.promise(3)
def test_taken_hours_are_shown_to_those_who_would_see_a_lesson_there(as_, world, taught):
    base = {"district_id": world.east.id, "term_id": world.term.id, "weekday": 3, "period": 1}
    base |= {"starts": 510, "ends": 550}
    of_class = BusyHour(**base, school_id=world.gongchen.id, class_name=SECRET, subject="书法社")
    of_teacher = BusyHour(**base, school_id=world.linfeng.id, person_id=world.teacher.id, subject="校队训练")
    db.session.add_all([of_class, of_teacher])
    db.session.commit()
    addresses = {
        "书法社": {"school": str(world.gongchen.id), "class": SECRET, "week": "13"},
        "校队训练": {"teacher": str(world.teacher.id), "week": "13"},
    }
    everybody = ("bureau", "lead", "principal", "teacher", "mentee", "colleague", "nanjiao_principal")
    seen = {
        words: [who for who in everybody if words in text(as_(who).get("/visiting/", query_string=asked))]
        for words, asked in addresses.items()
    }
    assert seen == {
        "书法社": ["bureau", "lead", "principal", "mentee"],
        "校队训练": ["bureau", "lead", "teacher"],
    }
