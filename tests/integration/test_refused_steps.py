"""A step that is refused or comes too late: the page leads back and gives back what was written."""

import re
from datetime import date
from html import unescape

import pytest

from portal.extensions import db
from tests.support.absences import dated_lesson
from tests.support.deliveries import new_signup, publish, take_place

REASON = "老师突然生病 <b>&\n改到下周二，家长已经通知"


def areas(answer) -> list[str]:
    return [
        unescape(text)
        for text in re.findall(
            r"<textarea[^>]*readonly>\n(.*?)</textarea>", answer.get_data(as_text=True), re.S
        )
    ]


def ways(answer) -> list[str]:
    return re.findall(r'<a class="btn btn-\w+" href="([^"]+)">', answer.get_data(as_text=True))


@pytest.fixture
def row(world):
    return publish(world)


def late(client, row, *, came_from=None, **changes):
    """A step with the version of a page that is behind."""
    data = {"action": "cancel", "note": REASON, "version": "999", **changes}
    headers = {} if came_from is None else {"Referer": came_from}
    return client.post(f"/visiting/deliveries/{row.id}/step", data=data, headers=headers)


def test_a_late_step_leads_back_to_its_page_and_shows_the_reason(as_, row):
    client, page = as_("office"), f"/visiting/deliveries/{row.id}"
    answer = late(client, row, came_from=f"http://localhost{page}?tab=2")
    assert answer.status_code == 409
    assert (ways(answer), areas(answer)) == ([f"{page}?tab=2", "/"], [REASON])
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.get_data(as_text=True)
    assert "<b>&\n" not in text
    assert client.token not in text.partition("<main")[2]


@pytest.mark.parametrize(
    "elsewhere",
    ["http://evil.example/visiting/", "http://localhost//evil.example/", "http://localhost/\\evil", "x", ""],
)
def test_only_a_page_of_this_site_is_led_back_to(as_, row, elsewhere):
    assert ways(late(as_("office"), row, came_from=elsewhere)) == ["/"]


def test_a_refused_step_shows_what_was_written_but_no_choice_date_or_key(as_, world, row):
    take_place(row, world.mentor)
    waits = new_signup(row, world.teacher)
    db.session.add(waits)
    row.wanted = 1
    db.session.commit()
    data = {"action": "accept", "version": waits.version, "note": "好", "sent_key": "0" * 32}
    data |= {
        "held_on": "2025-11-18",
        "kind": "support_teaching",
        "names_seen": "周 以宁",
        "password": "我的 密码",
    }
    answer = as_("office").post(f"/visiting/signups/{waits.id}/step", data=data)
    assert (answer.status_code, areas(answer)) == (409, ["好"])
    assert "名额已满" in answer.get_data(as_text=True)


def test_what_was_settled_meanwhile_keeps_the_reason_of_the_second(as_, world):
    lesson = dated_lesson(world, world.teacher, world.gongchen, date(2025, 11, 18), 510, "三（1）班")
    db.session.commit()
    data = {"outcome": "miss", "note": "第二个人写的原因", "version": str(lesson.version + 5)}
    address = f"/visiting/sessions/{lesson.id}"
    answer = as_("office").post(f"{address}/settle", data=data)
    assert answer.status_code == 409
    assert "第二个人写的原因" in answer.get_data(as_text=True)


def test_a_form_without_words_shows_no_panel(as_, row):
    answer = late(as_("office"), row, action="fill", note="")
    assert (answer.status_code, areas(answer)) == (409, [])
    assert "您写的还在这里" not in answer.get_data(as_text=True)
