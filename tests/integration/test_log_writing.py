"""Writing logs: kinds and their parts, lines with quantities, links, the hint before sharing, bad input."""

import io
import re
from datetime import date

import pytest

from portal.domain.log_templates import KINDS, main_parts
from portal.extensions import db
from portal.models import Reflection, WorkRecord
from portal.queries import attachments
from tests.support.logs import LOG, a_log, make_pair, share
from tests.support.sample_files import photo


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_shows_its_own_parts_first_and_is_found_again(as_, kind):
    client = as_("teacher")
    page = client.get(f"/reflections/new?kind={kind}").get_data(as_text=True)
    labels = re.findall(r'<label class="form-label" for="(\w+)">([^<]+?) ?<', page)
    order = [name for name, _ in labels if name in {part.name for part in main_parts(kind)}]
    assert order == [part.name for part in main_parts(kind)]
    first = main_parts(kind)[0]
    data = {**LOG, "kind": kind, "experience": "", first.name: "这一部分写的话"}
    assert client.post("/reflections/new", data=data).status_code == 303
    shown = client.get(f"/reflections/{a_log().id}").get_data(as_text=True)
    assert f"<dt>{first.label}</dt>" in shown
    assert "这一部分写的话" in shown
    listed = client.get(f"/reflections/?tab=mine&kind={kind}").get_data(as_text=True)
    assert f"/reflections/{a_log().id}" in listed


def test_changing_the_kind_loses_no_word(as_):
    log = share(as_("teacher"), "own", kind="training", observation="学了三天", plan="回校开讲座")
    data = {**LOG, "kind": "lesson", "observation": "学了三天", "plan": "回校开讲座", "version": log.version}
    assert as_("teacher").post(f"/reflections/{log.id}/edit", data=data).status_code == 303
    page = as_("teacher").get(f"/reflections/{log.id}").get_data(as_text=True)
    assert (log.kind, "学了三天" in page, "回校开讲座" in page) == ("lesson", True, True)


def lines(*rows):
    """A form's rows of a personal summary: (area, text, quantity, unit)."""
    names = ("area", "text", "quantity", "unit")
    return {f"line_{name}": [row[number] for row in rows] for number, name in enumerate(names)}


def test_a_personal_summary_keeps_areas_and_quantities(as_):
    client = as_("teacher")
    rows = (("dropout", "家访", "12", "户"), ("records", "学籍转入", "1,223", "人"), ("exams", "", "", "场"))
    data = {**LOG, "kind": "term", **lines(*rows)}
    assert client.post("/reflections/new", data=data).status_code == 303
    assert a_log().lines == [
        {"area": "dropout", "text": "家访", "quantity": 12, "unit": "户"},
        {"area": "records", "text": "学籍转入", "quantity": 1223, "unit": "人"},
    ]
    page = client.get(f"/reflections/{a_log().id}").get_data(as_text=True)
    assert re.findall(r"<dt>([^<]+)</dt><dd>([^<]+) <b>([\d,]+)</b> (\w+)", page) == [
        ("学籍", "学籍转入", "1,223", "人"),
        ("控辍保学和家访", "家访", "12", "户"),
    ]
    wrong = client.post(
        "/reflections/new",
        data={**data, "once_key": "a" * 32, **lines(("dropout", "家访", "十二", "户"))},
    )
    text = wrong.get_data(as_text=True)
    assert (wrong.status_code, 'value="十二"' in text, "数量请填整数：家访" in text) == (422, True, True)


def test_a_personal_summary_begins_with_what_the_ledger_counts(as_, world):
    for day, kind, periods in ((11, "observation", 2), (12, "observation", 1), (13, "talk", None)):
        db.session.add(
            WorkRecord(
                district_id=world.east.id,
                person_id=world.teacher.id,
                kind=kind,
                happened_on=date(2025, 11, day),
                line="一句",
                periods=periods,
            )
        )
    page = as_("teacher").get("/reflections/new?kind=term").get_data(as_text=True)
    found = re.findall(r'name="line_(?:text|quantity|unit)" value="([^"]+)"', page)
    assert found == ["听课", "3", "节", "谈话", "1", "次"]


def test_a_log_links_to_ones_own_things_only(as_, world):
    pair = make_pair(world)
    other = make_pair(world, mentee=world.mentee)
    record = WorkRecord(
        district_id=world.east.id,
        person_id=world.teacher.id,
        kind="observation",
        happened_on=date(2025, 11, 12),
        line="听了一节课",
    )
    db.session.add(record)
    db.session.commit()
    page = as_("teacher").get("/reflections/new").get_data(as_text=True)
    assert f'value="record:{record.id}"' in page
    assert f"pair:{other.id}" not in page
    log = share(as_("teacher"), "mentor", link=f"pair:{pair.id}")
    assert (log.mentoring_pair_id, log.record_id) == (pair.id, None)
    found = as_("mentor").get(f"/reflections/?link=pair:{pair.id}").get_data(as_text=True)
    assert f"/reflections/{log.id}" in found
    moved = {**LOG, "link": f"record:{record.id}", "version": log.version}
    as_("teacher").post(f"/reflections/{log.id}/edit", data=moved)
    assert (log.mentoring_pair_id, log.record_id) == (None, record.id)
    for link in (f"pair:{other.id}", f"activity:{pair.id}", "pair:kein", "unsinn"):
        answer = as_("teacher").post("/reflections/new", data={**LOG, "once_key": "b" * 32, "link": link})
        assert answer.status_code == 422, link
    # The record goes, the log about it stays.
    as_("teacher").post(f"/records/{record.id}/delete", data={"version": record.version})
    db.session.expire_all()
    assert (log.record_id, log.state) == (None, "submitted")
    assert as_("teacher").get(f"/reflections/{log.id}").status_code == 200


def test_a_hint_comes_before_a_name_is_shared_beyond_the_school(as_):
    client = as_("teacher")
    data = {**LOG, "problem": "小宇妈妈问能不能录下来", "visibility": "cluster"}
    asked = client.post("/reflections/new", data=data)
    page = asked.get_data(as_text=True)
    assert (asked.status_code, "“小宇妈妈”像是别人的姓名或号码。" in page, "一位家长" in page) == (
        422,
        True,
        True,
    )
    assert (a_log().state, a_log().problem) == (
        "draft",
        "小宇妈妈问能不能录下来",
    )  # nothing is lost meanwhile
    seen = re.search(r'name="names_seen" value="([^"]+)"', page).group(1)
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    # Another name asks again; the same one, seen, is the writer's own decision.
    more = {**data, "version": version, "names_seen": seen, "solution": "和李华同学谈过"}
    again = client.post("/reflections/new", data=more)
    assert (again.status_code, a_log().state) == (422, "draft")
    assert (
        client.post(
            "/reflections/new", data={**data, "version": a_log().version, "names_seen": seen}
        ).status_code
        == 303
    )
    assert a_log().state == "submitted"


@pytest.mark.parametrize("visibility", ["own", "mentor", "school"])
def test_no_hint_comes_inside_the_school(as_, visibility):
    log = share(as_("teacher"), visibility, problem="小宇妈妈问能不能录下来")
    assert log.state == "submitted"


def test_widening_a_shared_log_asks_first_and_leaves_it_as_it_is(as_):
    log = share(as_("teacher"), "school", problem="小宇妈妈问能不能录下来")
    data = {**LOG, "problem": log.problem, "visibility": "cluster", "version": log.version}
    asked = as_("teacher").post(f"/reflections/{log.id}/edit", data=data)
    assert (asked.status_code, log.visibility, log.state) == (422, "school", "submitted")
    draft = share(as_("teacher"), "own", once_key="c" * 32)
    as_("teacher").post(
        f"/reflections/{draft.id}/step", data={"action": "take_back", "version": draft.version}
    )
    draft.visibility, draft.problem = "cluster", "李华的爸爸在外打工"
    db.session.commit()
    step = as_("teacher").post(
        f"/reflections/{draft.id}/step", data={"action": "submit", "version": draft.version}
    )
    assert (step.location, draft.state) == (f"/reflections/{draft.id}/edit", "draft")
    assert "李华的爸爸" in as_("teacher").get(f"/reflections/{draft.id}/edit").get_data(as_text=True)


SCRIPT = "<script>alert(1)</script>"
FIELDS = ("title", "subject", "theme", "observation", "experience", "feelings", "problem", "solution", "plan")


def test_a_script_in_every_field_is_text_on_every_page(as_, world):
    make_pair(world)
    data = {name: f"{SCRIPT}{name}"[:40] for name in FIELDS}
    log = share(as_("teacher"), "cluster", **data, kind="term", **lines(("exams", SCRIPT, "3", "<b>")))
    as_("mentor").post(f"/reflections/{log.id}/comments", data={"text": f"{SCRIPT} @{SCRIPT}"})
    as_("mentor").post(f"/reflections/{log.id}/note", data={"note": SCRIPT})
    as_("lead").post(
        f"/reflections/{log.id}/case", data={"title": SCRIPT, "extract": data["experience"], "reason": SCRIPT}
    )
    for role in ("teacher", "mentor", "lead"):
        for place in (f"/reflections/{log.id}", "/reflections/", "/reflections/cases", "/messages/", "/",
                      "/reflections/problems?q=alert"):  # fmt: skip
            assert "<script>alert" not in as_(role).get(place).get_data(as_text=True), (role, place)
    assert "<script>alert" not in as_("teacher").get(f"/reflections/{log.id}/edit").get_data(as_text=True)


def test_a_paste_of_two_hundred_thousand_signs_comes_back_whole(as_):
    client = as_("teacher")
    text = "从文档粘贴的一行文字。\n" * 16_700
    answer = client.post("/reflections/new", data={**LOG, "experience": text})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "最多 20000 个字，现在有 2003" in page
    assert page.count("从文档粘贴的一行文字。") == 16_700
    assert db.session.scalars(db.select(Reflection)).all() == []
    saved = client.post("/reflections/autosave", data={**LOG, "experience": text})
    assert (saved.status_code, list(saved.json["errors"])) == (422, ["experience", "form"])


def test_photos_of_a_log_are_seen_by_its_readers_alone(as_, world):
    log = share(as_("teacher"), "school")
    address = f"/reflections/{log.id}/files"

    def send(role):
        data = {"files": [(io.BytesIO(photo(gps=True)), "板书.jpg")], "file_kind": "photo"}
        return as_(role).post(address, data=data, content_type="multipart/form-data").status_code

    assert (send("mentor"), send("colleague"), send("teacher")) == (403, 404, 303)
    file = attachments.files_of("reflection", log)[0].attachment
    seen = {
        role: as_(role).get(f"/files/{file.id}").status_code
        for role in ("teacher", "mentor", "colleague", "bureau")
    }
    assert seen == {"teacher": 200, "mentor": 200, "colleague": 404, "bureau": 404}
    assert b"PHONEMAKER" not in as_("mentor").get(f"/files/{file.id}").get_data()
    as_("teacher").post(f"/reflections/{log.id}/step", data={"action": "take_back", "version": log.version})
    assert as_("mentor").get(f"/files/{file.id}").status_code == 404
