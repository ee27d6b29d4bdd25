"""What the form of a lesson is sent with: hand-made and broken values are refused at their field."""

import pytest

from tests.support.visiting import LESSON, ring_bells, the_lesson


@pytest.fixture
def data(world) -> dict:
    ring_bells(world)
    return {**LESSON, "person": "林晓岚", "school": str(world.gongchen.id)}


@pytest.mark.parametrize("broken", ["8", "-1", "0", "x"])
def test_a_weekday_that_no_week_has_is_refused_at_its_field(as_, data, broken):
    client = as_("lead")
    asked = client.get(
        "/visiting/lessons/check", query_string={**data, "weekday": broken}, htmx="lesson_check"
    )
    refused = client.post("/visiting/lessons/new", data={**data, "weekday": broken})
    assert client.post("/visiting/lessons/new", data=data).status_code == 303
    lesson = the_lesson()
    edited = client.post(
        f"/visiting/lessons/{lesson.id}/edit", data={**data, "weekday": broken, "version": lesson.version}
    )
    assert (asked.status_code, refused.status_code, edited.status_code) == (200, 422, 422)
    assert 'id="weekday-error"' in refused.get_data(as_text=True)
