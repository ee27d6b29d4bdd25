"""Reflection logs: who reads them, drafts that arrive twice, conflicts, comments."""

from datetime import date

import pytest

from portal.domain.access import can
from portal.extensions import db
from portal.models import MentoringPair, Reflection
from portal.queries import reflections
from tests.support.cast_names import ACCOUNTS

KEY = "0123456789abcdef" * 2
LOG = {
    "kind": "lesson",
    "title": "节奏游戏",
    "happened_on": "2025-11-18",
    "experience": "先画旋律线再唱",
    "problem": "",
    "solution": "",
    "visibility": "school",
    "once_key": KEY,
}


def the_log() -> Reflection:
    return db.session.scalars(db.select(Reflection)).one()


@pytest.fixture
def pair(world):
    row = MentoringPair(
        district_id=world.east.id,
        cluster_id=world.cluster.id,
        mentor_id=world.mentor.id,
        mentee_id=world.teacher.id,
        mentor_accepted=True,
        mentee_accepted=True,
        state="active",
        starts_on=date(2025, 9, 1),
        created_by_id=world.lead.id,
    )
    db.session.add(row)
    db.session.commit()
    return row


def test_one_part_is_enough_and_none_is_refused(as_, world):
    client = as_("teacher")
    empty = client.post("/reflections/new", data={**LOG, "experience": ""})
    assert (empty.status_code, db.session.scalars(db.select(Reflection)).all()) == (422, [])
    assert "至少写一项就可以提交" in empty.get_data(as_text=True)
    assert client.post("/reflections/new", data=LOG).status_code == 303
    log = the_log()
    assert (log.state, log.school_id, log.cluster_id, log.term_id, log.experience) == (
        "submitted",
        world.linfeng.id,
        world.cluster.id,
        world.term.id,
        "先画旋律线再唱",
    )


def test_a_form_that_arrives_twice_is_one_log(as_):
    client = as_("teacher")
    first = client.post("/reflections/autosave", data={**LOG, "experience": "先"})
    assert first.json == {"saved_at": "14:10", "version": 1}
    second = client.post("/reflections/autosave", data={**LOG, "version": 1})
    assert second.json == {"saved_at": "14:10", "version": 2}
    for _ in range(2):
        assert client.post("/reflections/new", data={**LOG, "version": the_log().version}).status_code == 303
    assert (the_log().state, the_log().experience) == ("submitted", "先画旋律线再唱")


@pytest.mark.promise(11)
def test_two_devices_with_one_draft_keep_both_texts(as_):
    client = as_("teacher")
    client.post("/reflections/autosave", data={**LOG, "experience": "手机上写的"})
    client.post("/reflections/autosave", data={**LOG, "experience": "电脑上写的", "version": 1})
    late = client.post("/reflections/autosave", data={**LOG, "experience": "手机上又写的", "version": 1})
    assert (late.status_code, late.json["theirs"]["experience"], late.json["version"]) == (
        409,
        "电脑上写的",
        2,
    )
    page = client.post("/reflections/new", data={**LOG, "experience": "手机上又写的", "version": 1})
    assert page.status_code == 409
    assert "电脑上写的" in page.get_data(as_text=True)
    assert "手机上又写的" in page.get_data(as_text=True)
    assert the_log().experience == "电脑上写的"


def test_list_and_permission_agree_for_every_visibility_and_person(as_, world, pair, actor_of):
    rows = []
    for writer in ("teacher", "mentee", "equal_teacher", "west_teacher"):
        for number, visibility in enumerate(("own", "mentor", "school", "cluster")):
            for state in ("draft", "submitted"):
                key = f"{len(rows):032x}"
                data = {**LOG, "visibility": visibility, "once_key": key, "title": f"{writer}{number}{state}"}
                if state == "draft":
                    data["draft"] = "1"
                assert as_(writer).post("/reflections/new", data=data).status_code == 303
                rows.append(key)
    logs = list(db.session.scalars(db.select(Reflection)))
    assert len(logs) == len(rows)
    for name in ACCOUNTS:
        actor = actor_of(name)
        seen = set(db.session.scalars(reflections.visible_to(actor)))
        assert seen == {log for log in logs if can(actor, "reflection.view", log)}, name


def test_private_text_reaches_nobody_else(as_, world, pair):
    secret = "只给自己看的一句话"
    as_("teacher").post("/reflections/new", data={**LOG, "experience": secret, "visibility": "own"})
    log = the_log()
    for name in ACCOUNTS:
        if name == "teacher":
            continue
        client = as_(name)
        assert client.get(f"/reflections/{log.id}").status_code == 404, name
        for address in ("/", "/reflections/", "/reflections/?tab=mentees", "/messages/"):
            assert secret not in client.get(address).get_data(as_text=True), (name, address)
    assert secret in as_("teacher").get("/reflections/?tab=mine").get_data(as_text=True)


def test_mentor_comments_and_the_writer_is_told(as_, world, pair):
    as_("teacher").post("/reflections/new", data={**LOG, "visibility": "mentor"})
    log = the_log()
    assert as_("lead").get(f"/reflections/{log.id}").status_code == 404
    answer = as_("mentor").post(f"/reflections/{log.id}/comments", data={"text": "抓住了要害"})
    assert answer.status_code == 303
    client = as_("teacher")
    assert "周以宁 评论了您的反思：节奏游戏" in client.get("/messages/").get_data(as_text=True)
    assert "抓住了要害" in client.get(f"/reflections/{log.id}").get_data(as_text=True)


def test_a_log_taken_back_is_gone_for_readers_with_its_comments(as_, world, pair):
    as_("teacher").post("/reflections/new", data={**LOG, "visibility": "cluster"})
    log = the_log()
    assert as_("colleague").get(f"/reflections/{log.id}").status_code == 200
    taken = as_("teacher").post(
        f"/reflections/{log.id}/step", data={"action": "take_back", "version": log.version}
    )
    assert (taken.status_code, log.state, log.submitted_at) == (303, "draft", None)
    assert as_("colleague").get(f"/reflections/{log.id}").status_code == 404
    late = as_("colleague").post(f"/reflections/{log.id}/comments", data={"text": "晚到的评论"})
    assert late.status_code == 404


@pytest.mark.parametrize("text", ["😀" * 200, "<script>alert(1)</script>", "a" * 20000, "𬭎䶮婳\u202e\x00尾"])
def test_unusual_text_is_kept_as_text(as_, text):
    client = as_("teacher")
    assert client.post("/reflections/new", data={**LOG, "experience": text}).status_code == 303
    page = client.get(f"/reflections/{the_log().id}").get_data(as_text=True)
    assert "<script>alert(1)" not in page
    assert the_log().experience == text.replace("\u202e", "").replace("\x00", "")


def test_too_long_a_text_comes_back_whole(as_):
    answer = as_("teacher").post("/reflections/new", data={**LOG, "experience": "长" * 20001})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "最多 20000 个字，现在有 20001 个" in page
    assert "长" * 20001 in page
