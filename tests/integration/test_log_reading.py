"""Reading for others, and for who leads: like problems, themes, who has written, what is asked for."""

import re
from datetime import date

import pytest

from portal.extensions import db
from portal.models import LogCall, Notification
from tests.support.cast_names import ACCOUNTS
from tests.support.logs import share

SECRET = "只给自己看的一句话"


def keys_in(page: str) -> list[str]:
    return re.findall(r'aria-labelledby="log-([0-9a-f-]{36})"', page)


def test_others_solutions_of_like_problems_are_found_among_what_one_may_read(as_):
    problem = "小组讨论时总有人不参与"
    shared = share(as_("colleague"), "cluster", problem=problem, solution="每人一张任务卡", once_key="1" * 32)
    share(as_("mentor"), "school", problem=problem, solution="校内的办法", once_key="2" * 32)
    share(as_("mentor"), "own", problem=problem, solution=SECRET, once_key="3" * 32)
    share(as_("colleague"), "cluster", problem="合唱低声部跑调", solution="先听后唱", once_key="4" * 32)
    page = as_("mentee").get("/reflections/problems?q=讨论有人不参与怎么办").get_data(as_text=True)
    assert (keys_in(page), "每人一张任务卡" in page, SECRET in page, "校内的办法" in page) == (
        [str(shared.id)],
        True,
        False,
        False,
    )
    own = share(as_("teacher"), "own", problem="讨论时两三个人不参与，坐着看", once_key="5" * 32)
    page = as_("teacher").get(f"/reflections/problems?log={own.id}").get_data(as_text=True)
    assert (str(shared.id) in keys_in(page), str(own.id) in keys_in(page)) == (True, False)
    # Somebody else's private log is no question either.
    foreign = as_("colleague").get(f"/reflections/problems?log={own.id}").get_data(as_text=True)
    assert ("先写下问题" in foreign, "坐着看" in foreign) == (True, False)


def test_themes_and_subjects_of_the_logs_in_sight_are_filters(as_):
    log = share(as_("teacher"), "cluster", theme="小组合作", subject="音乐", once_key="1" * 32)
    share(as_("teacher"), "own", theme="私下的主题", subject="私下学科", once_key="2" * 32)
    page = as_("colleague").get("/reflections/?theme=小组合作&subject=音乐").get_data(as_text=True)
    assert keys_in(page) == [str(log.id)]
    assert "私下的主题" not in page
    assert "私下学科" not in page
    none = as_("colleague").get("/reflections/?theme=私下的主题").get_data(as_text=True)
    assert (keys_in(none), "没有符合条件的日志" in none) == ([], True)


def test_private_words_reach_no_other_role_by_feed_figure_export_message_or_count(as_, world):
    log = share(as_("teacher"), "own", title=SECRET, experience=SECRET, problem=SECRET, theme=SECRET[:8])
    places = (
        "/", "/messages/", "/reflections/", "/reflections/?tab=mentees", "/reflections/cases", "/reflections/reports/",
        f"/reflections/problems?q={SECRET}", f"/reflections/problems?log={log.id}", "/reflections/writers",
        "/reflections/writers.xlsx", f"/clusters/{world.cluster.id}", f"/reflections/{log.id}", "/records/",
    )  # fmt: skip
    for role in ACCOUNTS:
        if role == "teacher":
            continue
        client = as_(role)
        for place in places:
            answer = client.get(place)
            text = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
            if f"q={SECRET}" in place:  # the question itself, in its field and in addresses back to it
                text = re.sub(f'(value|href|content)="[^"]*{SECRET}[^"]*"', "", text)
            assert SECRET not in text, (role, place)
            assert SECRET[:8] not in text or "q=" in place, (role, place)


def writers_shown(page: str) -> dict:
    rows = re.findall(
        r'<th scope="row">([^<]+)</th>.*?class="end">(\d+)</td><td[^>]*>([^<]+)</td>', page, re.S
    )
    return {name: (int(count), last) for name, count, last in rows}


def test_the_lead_sees_counts_and_dates_and_no_word(as_, world):
    share(as_("teacher"), "own", title=SECRET, experience=SECRET)
    page = as_("lead").get("/reflections/writers").get_data(as_text=True)
    shown = writers_shown(page)
    assert (shown[world.teacher.name], shown[world.colleague.name]) == ((1, "2025年11月18日"), (0, "还没写"))
    assert SECRET not in page
    assert f"{len(shown) - 1} 位还没写" in page
    # A principal counts the own school; equal partners do not count each other; teachers count nobody.
    assert set(writers_shown(as_("principal").get("/reflections/writers").get_data(as_text=True))) == {
        world.principal.name,
        world.office.name,
        world.mentee.name,
    }
    equal = writers_shown(as_("equal_lead").get("/reflections/writers").get_data(as_text=True))
    assert set(equal) == {world.equal_lead.name}
    assert [
        as_(role).get("/reflections/writers").status_code for role in ("teacher", "bureau", "liaison")
    ] == [403] * 3
    left = writers_shown(as_("lead").get("/reflections/writers?show=none").get_data(as_text=True))
    assert world.teacher.name not in left


def test_what_is_asked_for_waits_kindly_until_it_is_written(as_, world):
    ask = {"cluster": str(world.cluster.id), "kind": "reading", "about": "读一本书", "due_on": "2025-12-20"}
    assert as_("lead").post("/reflections/calls/new", data=ask).status_code == 303
    call = db.session.scalars(db.select(LogCall)).one()
    told = set(db.session.scalars(db.select(Notification.person_id).filter_by(kind="log_called")))
    assert (world.teacher.id in told, world.colleague.id in told, world.lead.id in told) == (
        True,
        True,
        False,
    )
    assert world.equal_teacher.id not in told
    sentence = "方便时写一篇读书笔记：读一本书"
    home = as_("teacher").get("/").get_data(as_text=True)
    assert (sentence in home, 'href="/reflections/new?kind=reading"' in home) == (True, True)
    call.due_on = date(2025, 11, 1)
    db.session.commit()
    late = as_("teacher").get("/").get_data(as_text=True)
    assert (sentence in late, "逾期" in late) == (True, False)
    share(as_("teacher"), "own", kind="reading", observation="摘录")
    assert sentence not in as_("teacher").get("/").get_data(as_text=True)
    assert sentence in as_("mentee").get("/").get_data(as_text=True)
    refused = [
        as_(role).post(f"/reflections/calls/{call.id}/close", data={"version": call.version}).status_code
        for role in ("teacher", "principal", "equal_lead", "bureau")
    ]
    assert refused == [403, 403, 404, 404]
    assert (
        as_("lead").post(f"/reflections/calls/{call.id}/close", data={"version": call.version}).status_code
        == 303
    )
    assert sentence not in as_("mentee").get("/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("role", "change", "status"),
    [
        ("lead", {"due_on": "2025-11-01"}, 422),
        ("lead", {"due_on": "2026-03-01"}, 422),
        ("lead", {"due_on": ""}, 422),
        ("lead", {"cluster": "other"}, 422),
        ("principal", {}, 422),
        ("teacher", {}, 403),
    ],
)
def test_a_call_needs_a_day_of_the_term_and_a_cluster_that_one_leads(as_, world, role, change, status):
    ask = {"cluster": str(world.cluster.id), "kind": "term", "about": "", "due_on": "2025-12-20", **change}
    assert as_(role).post("/reflections/calls/new", data=ask).status_code == status
    assert db.session.scalars(db.select(LogCall)).all() == []


def test_a_list_shows_the_beginning_of_long_logs_ten_at_a_time(as_):
    for number in range(11):
        long = "开头" + "很长的一段" * 40 + "结尾句" if number == 10 else "短"
        share(as_("teacher"), "cluster", title=f"第{number}篇", experience=long, once_key=f"{number:032d}")
    page = as_("colleague").get("/reflections/").get_data(as_text=True)
    assert (len(keys_in(page)), page.count("看全文"), "结尾句" in page, 'rel="next"' in page) == (
        10,
        1,
        False,
        True,
    )
    log = re.search(r'href="(/reflections/[0-9a-f-]{36})">看全文', page)[1]
    assert "结尾句" in as_("colleague").get(log).get_data(as_text=True)
