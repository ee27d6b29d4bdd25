"""Deliveries and the hours of people: nobody is booked twice, from either side, and nothing moves into the past."""

from datetime import date

import pytest

from portal.extensions import db
from portal.models import Delivery
from tests.support.absences import dated_lesson
from tests.support.deliveries import FORM, publish, states, take_place
from tests.support.visiting import LESSON, ring_bells

THURSDAY = date(2025, 11, 27)


def text(answer) -> str:
    return answer.get_data(as_text=True)


def edited(client, row, **changes):
    data = {**FORM, "from_school": "", "version": row.version, "school": str(row.school_id), **changes}
    return client.post(f"/visiting/deliveries/{row.id}/edit", data=data)


def starts_of(row) -> int:
    db.session.rollback()
    return db.session.get(Delivery, (row.district_id, row.id)).starts


def test_a_new_time_at_which_somebody_with_a_place_teaches_is_refused_by_name(as_, world):
    row = publish(world, wanted=2)
    take_place(row, world.teacher)
    dated_lesson(world, world.teacher, world.nanjiao, THURSDAY, 690, "三（1）班")
    db.session.commit()
    answer = edited(as_("office"), row, starts_clock="11:00")
    assert answer.status_code == 422
    assert "林晓岚：这个时间在南郊小学有课，请先调课" in text(answer)
    assert starts_of(row) == 960
    assert edited(as_("office"), row, starts_clock="12:30").status_code == 303


def test_a_new_time_at_which_somebody_has_another_delivery_is_refused(as_, world):
    row, other = publish(world), publish(world, title="另一场", starts=600, minutes=60)
    take_place(row, world.teacher)
    take_place(other, world.teacher)
    answer = edited(as_("office"), row, starts_clock="10:30")
    assert (answer.status_code, "林晓岚：这个时间已报了" in text(answer)) == (422, True)


def test_other_changes_are_saved_although_somebody_is_booked_twice_already(as_, world):
    row = publish(world)
    take_place(row, world.teacher)
    dated_lesson(world, world.teacher, world.nanjiao, THURSDAY, 970, "三（1）班")
    db.session.commit()
    assert edited(as_("office"), row, title="换个题目").status_code == 303


def test_who_waits_and_teaches_at_the_new_time_does_not_move_up(as_, world):
    row = publish(world, wanted=1, direct=True, starts=960)
    take_place(row, world.mentor)
    as_("teacher").post(f"/visiting/deliveries/{row.id}/join")
    dated_lesson(world, world.teacher, world.nanjiao, THURSDAY, 690, "三（1）班")
    db.session.commit()
    db.session.refresh(row)
    assert edited(as_("office"), row, starts_clock="11:00", wanted="2").status_code == 303
    assert states(row.id) == {"周以宁": ("taken", 1), "林晓岚": ("waiting", None)}


def test_a_weekly_lesson_over_a_place_in_a_delivery_is_refused(as_, world):
    ring_bells(world)
    seen = publish(world, title="合唱指导", starts=500, minutes=60)
    data = {**LESSON, "person": "林晓岚", "school": str(world.gongchen.id), "weekday": "4"}
    take_place(seen, world.teacher)
    answer = as_("lead").post("/visiting/lessons/new", data=data)
    assert answer.status_code == 422
    assert "2025-11-27 08:20-09:20 这位教师已报名外出：拱辰中心小学合唱指导" in text(answer)
    assert as_("lead").post("/visiting/lessons/new", data={**data, "period": "3"}).status_code == 303


@pytest.mark.promise(3)
def test_of_a_delivery_that_one_may_not_see_only_school_and_time_are_told(as_, world):
    ring_bells(world)
    hidden = publish(world, title="合唱指导", starts=500, minutes=60, school=world.ziyuan, cluster_id=None)
    take_place(hidden, world.teacher)
    data = {**LESSON, "person": "林晓岚", "school": str(world.gongchen.id), "weekday": "4"}
    answer = as_("office").post("/visiting/lessons/new", data=data)
    assert (answer.status_code, "资源小学" in text(answer), "合唱指导" in text(answer)) == (422, True, False)


def test_a_place_in_a_delivery_shows_at_who_might_stand_in(as_, world):
    away = publish(world, starts=680, minutes=60)
    take_place(away, world.mentor)
    lesson = dated_lesson(world, world.teacher, world.gongchen, THURSDAY, 690, "三（1）班")
    db.session.commit()
    data = {"outcome": "substitute", "substitute": "周以宁", "note": "生病", "version": lesson.version}
    answer = as_("office").post(f"/visiting/sessions/{lesson.id}/settle", data=data)
    assert (answer.status_code, "这位教师已报名外出" in text(answer)) == (422, True)


def test_a_delivery_is_not_moved_into_the_past_but_a_past_one_may_be_put_right(as_, world):
    row = publish(world)
    take_place(row, world.teacher)
    answer = edited(as_("office"), row, starts_on="2025-01-01")
    assert (answer.status_code, "日期不能在今天以前" in text(answer)) == (422, True)
    over = publish(world, starts_on=date(2025, 11, 10))
    assert edited(as_("office"), over, starts_on="2025-11-10", title="改个字").status_code == 303


def test_the_history_says_how_long_it_was_to_last(as_, world):
    row = publish(world, minutes=90)
    assert edited(as_("office"), row, hours="80分钟").status_code == 303
    page = text(as_("office").get(f"/visiting/deliveries/{row.id}"))
    assert "1小时20分钟" in page
    assert "纪要" not in page


def test_eighty_minutes_stay_eighty_minutes_in_every_form(as_, world):
    row = publish(world, starts_on=date(2025, 11, 18), minutes=80)
    take_place(row, world.teacher)
    page = text(as_("office").get(f"/visiting/deliveries/{row.id}"))
    assert 'value="80 分钟"' in page
    assert "1.33" not in page
    assert 'value="80 分钟"' in text(as_("office").get(f"/visiting/deliveries/{row.id}/edit"))
