"""Handovers of a post: opened, written, signed by both, frozen; and what a posting is to reach."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from portal.extensions import db
from portal.models import Handover, HandoverSignature, Posting, PostingResult
from tests.support.cast_names import ACCOUNTS

SHEET = {
    "which": "start_host",
    "person": "吴静姝",
    "classes": "五（1）班音乐，每周 6 节",
    "progress": "教到第四单元",
}


@pytest.fixture
def posting(world):
    """林晓岚 of 麟峰小学 at 拱辰中心小学, arrived; its own school and its host have accounts."""
    row = Posting(
        district_id=world.east.id,
        person_id=world.teacher.id,
        form="rotation",
        home_school_id=world.linfeng.id,
        host_school_id=world.gongchen.id,
        starts_on=date(2025, 11, 1),
        ends_on=date(2026, 7, 5),
        arrived_on=date(2025, 11, 3),
        state="active",
        created_by_id=world.lead.id,
    )
    db.session.add(row)
    db.session.commit()
    return row


@pytest.fixture
def sheet(as_, posting):
    def make(who="teacher", **changes):
        answer = as_(who).post(f"/exchange/postings/{posting.id}/handovers/new", data={**SHEET, **changes})
        assert answer.status_code == 303, answer.text
        rows = db.session.scalars(db.select(Handover).order_by(Handover.id)).all()
        return rows[-1]

    return make


def signed(row) -> list[tuple]:
    db.session.expire_all()
    found = db.session.scalars(
        db.select(HandoverSignature)
        .where(HandoverSignature.handover_id == row.id)
        .order_by(HandoverSignature.side)
    )
    return [(each.side, each.person.name, each.account.username) for each in found]


def sign(client, row, version=None):
    data = {"action": "sign", "version": version or row.version}
    return client.post(f"/exchange/handovers/{row.id}/step", data=data)


GIVER, TAKER = ("giver", "吴静姝", "principal"), ("taker", "林晓岚", "teacher")


def test_both_sign_once_and_then_nothing_changes(as_, world, sheet):
    row = sheet()
    assert (row.giver_id, row.taker_id) == (world.principal.id, world.teacher.id)
    address = f"/exchange/handovers/{row.id}"
    assert sign(as_("teacher"), row).status_code == 303
    assert (signed(row), row.state) == ([TAKER], "open")
    assert sign(as_("teacher"), row).status_code == 303  # a second click
    assert (signed(row), row.state) == ([TAKER], "open")
    assert "林晓岚 已在交接单上签字，等您签" in as_("principal").get("/messages/").text
    assert sign(as_("principal"), row).status_code == 303
    assert (signed(row), row.state) == ([GIVER, TAKER], "signed")
    late = as_("teacher").post(f"{address}/edit", data={"classes": "改了", "version": row.version})
    assert (late.status_code, "双方签字以后不再修改" in late.text) == (422, True)
    assert as_("teacher").post(f"{address}/step", data={"action": "cancel", "note": "x"}).status_code == 409
    db.session.expire_all()
    assert (row.classes, row.state) == (SHEET["classes"], "signed")
    page = as_("lead").get(address).text
    assert ("教到第四单元" in page, "另开一份补充" in page, "取消这份" in page) == (True, True, False)
    assert "交接单双方已签字：吴静姝—林晓岚" in as_("lead").get("/messages/").text


def test_a_change_after_a_signature_asks_for_it_again(as_, sheet):
    row = sheet()
    old = row.version
    sign(as_("teacher"), row)
    address = f"/exchange/handovers/{row.id}/edit"
    data = {"classes": SHEET["classes"], "progress": "教到第五单元", "version": old}
    assert "签过的人要重新看过再签" in as_("principal").get(address).text
    assert as_("principal").post(address, data=data).status_code == 303
    assert (signed(row), row.progress) == ([], "教到第五单元")
    assert "修改了您签过的交接单" in as_("teacher").get("/messages/").text
    assert sign(as_("teacher"), row, version=old).status_code == 409  # it is the old words that were read
    assert signed(row) == []
    again = as_("teacher").post(address, data={**data, "progress": "教到第三单元"})
    assert (again.status_code, "教到第五单元" in again.text, "教到第三单元" in again.text) == (
        409,
        True,
        True,
    )
    assert sign(as_("teacher"), row).status_code == 303
    assert signed(row) == [TAKER]


def test_two_who_sign_at_once_both_stand(app, world, sheet):
    row = sheet()
    clients = [app.test_client().log_in(name) for name in ("teacher", "principal")]
    key, version = row.id, row.version
    db.session.commit()
    barrier = threading.Barrier(2)

    def send(client):
        with app.app_context():
            barrier.wait()
            data = {"action": "sign", "version": version}
            return client.post(f"/exchange/handovers/{key}/step", data=data).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, clients))
    assert answers == [303, 303]
    assert (signed(row), row.state) == ([GIVER, TAKER], "signed")


def test_two_who_open_the_same_sheet_make_one(app, posting):
    clients = [app.test_client().log_in(name) for name in ("lead", "principal", "office", "teacher")]
    address = f"/exchange/postings/{posting.id}/handovers/new"
    db.session.commit()
    barrier = threading.Barrier(len(clients))

    def send(client):
        with app.app_context():
            barrier.wait()
            return client.post(address, data=SHEET).status_code

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(pool.map(send, clients))
    assert sorted(answers) == [303, 422, 422, 422]
    assert db.session.scalar(db.select(db.func.count()).select_from(Handover)) == 1


def test_a_form_that_arrives_twice_opens_one_sheet(as_, posting):
    client, address = as_("teacher"), f"/exchange/postings/{posting.id}/handovers/new"
    data = {**SHEET, "sent_key": "a" * 32}
    first = client.post(address, data=data)
    second = client.post(address, data=data)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert db.session.scalar(db.select(db.func.count()).select_from(Handover)) == 1


def test_a_further_sheet_follows_the_signed_one(as_, sheet, posting):
    row = sheet()
    again = as_("principal").post(f"/exchange/postings/{posting.id}/handovers/new", data=SHEET)
    assert (again.status_code, "请在原来那份上写" in again.text) == (422, True)
    sign(as_("teacher"), row)
    sign(as_("principal"), row)
    further = sheet("principal", classes="再加五（2）班")
    assert (further.number, further.state, row.classes) == (2, "open", SHEET["classes"])
    page = as_("lead").get(f"/exchange/postings/{posting.id}").text
    assert ("双方已签" in page, "（第 2 份）" in page) == (True, True)


@pytest.mark.parametrize(
    ("which", "person", "giver", "taker"),
    [
        ("start_home", "周以宁", "林晓岚", "周以宁"),
        ("start_host", "吴静姝", "吴静姝", "林晓岚"),
        ("end_host", "吴静姝", "林晓岚", "吴静姝"),
        ("end_home", "周以宁", "周以宁", "林晓岚"),
    ],
)
def test_phase_and_place_say_who_gives(sheet, which, person, giver, taker):
    row = sheet(which=which, person=person)
    assert (row.giver.name, row.taker.name) == (giver, taker)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"person": "查无此人"}, "没有找到这位教师"),
        ({"person": "周以宁"}, "拱辰中心小学没有找到这位教师"),  # she is of the other school
        ({"which": "start_home", "person": "林晓岚"}, "交接的另一方不能是本人"),
        ({"which": ""}, "请填写这一项"),
        ({"which": "end_space"}, "请从列出的选项里选择"),
    ],
)
def test_a_wrong_sheet_comes_back_with_the_reason(as_, posting, changes, words):
    answer = as_("lead").post(f"/exchange/postings/{posting.id}/handovers/new", data={**SHEET, **changes})
    assert (answer.status_code, words in answer.text) == (422, True), answer.text
    assert db.session.scalars(db.select(Handover)).all() == []


def test_an_end_waits_for_the_arrival_and_an_empty_sheet_for_words(as_, sheet, posting):
    posting.state, posting.arrived_on = "planned", None
    db.session.commit()
    address = f"/exchange/postings/{posting.id}/handovers/new"
    assert as_("lead").post(address, data={**SHEET, "which": "end_host"}).status_code == 422
    row = sheet(classes="", progress="")
    empty = sign(as_("teacher"), row)
    assert (empty.status_code, "先写交接的内容" in empty.text) == (422, True)
    assert signed(row) == []


def test_a_sheet_is_for_the_two_and_both_schools(as_, sheet):
    row = sheet()
    answers = {name: as_(name).get(f"/exchange/handovers/{row.id}").status_code for name in ACCOUNTS}
    assert [name for name, status in answers.items() if status == 200] == [
        "lead", "principal", "office", "teacher",
    ]  # fmt: skip
    assert {status for status in answers.values() if status != 200} == {404}
    for name in ("lead", "office"):  # who only manages a school signs for nobody
        assert sign(as_(name), row).status_code == 403
    assert sign(as_("bureau"), row).status_code == 404
    assert signed(row) == []
    # The bureau and who leads the cluster see on the posting that there is one, without its words and people.
    page = as_("bureau").get(f"/exchange/postings/{row.posting_id}").text
    assert ("待签字" in page, f"/exchange/handovers/{row.id}" in page, "吴静姝 →" in page) == (
        True,
        False,
        False,
    )
    opening = {
        name: as_(name).get(f"/exchange/postings/{row.posting_id}/handovers/new").status_code
        for name in ACCOUNTS
    }
    assert [name for name, status in opening.items() if status == 200] == [
        "lead", "principal", "office", "teacher",
    ]  # fmt: skip


def test_home_says_who_signs_and_what_is_late(as_, sheet):
    row = sheet()
    waits = "签交接单：吴静姝—林晓岚"
    assert waits in as_("teacher").get("/").text
    assert waits in as_("principal").get("/").text
    lead = as_("lead").get("/").text
    assert ("催签交接单：吴静姝—林晓岚" in lead, f"/exchange/handovers/{row.id}" in lead) == (True, True)
    assert "交接单：吴静姝" not in as_("office").get("/").text  # of the host: not late of its own
    sign(as_("teacher"), row)
    assert waits not in as_("teacher").get("/").text
    sign(as_("principal"), row)
    assert "交接单：吴静姝" not in as_("lead").get("/").text + as_("principal").get("/").text


def test_home_of_the_sending_school_names_the_sheet_that_is_missing(as_, posting):
    assert "开交接单" not in as_("lead").get("/").text  # it began, and ends next summer
    posting.ends_on = date(2025, 11, 28)
    db.session.commit()
    assert "开交接单：林晓岚（拱辰中心小学）" in as_("lead").get("/").text
    assert "开交接单" not in as_("principal").get("/").text


def test_a_wrong_sheet_is_called_off_with_a_reason(as_, sheet):
    row = sheet()
    address = f"/exchange/handovers/{row.id}/step"
    assert as_("lead").post(address, data={"action": "cancel"}).status_code == 409
    done = as_("lead").post(
        address, data={"action": "cancel", "note": "接替的人换了", "version": row.version}
    )
    db.session.expire_all()
    assert (done.status_code, row.state, row.state_note) == (303, "cancelled", "接替的人换了")
    assert sheet().number == 2


# What a posting is to reach


def the_result() -> PostingResult:
    db.session.expire_all()
    return db.session.scalars(db.select(PostingResult)).one()


def test_criteria_are_written_before_and_amended_in_sight(as_, world):
    data = {
        "kind": "rotation", "starts_on": "2025-11-01", "ends_on": "2026-07-05", "person": "林晓岚",
        "host_school": str(world.gongchen.id), "criteria": "每学期上两节示范课",
    }  # fmt: skip
    assert as_("lead").post("/exchange/postings/new", data=data).status_code == 303
    posting = db.session.scalars(db.select(Posting)).one()
    address, old = f"/exchange/postings/{posting.id}", posting.version
    change = {**data, "criteria": "每学期上三节示范课", "version": old}
    assert as_("lead").post(f"{address}/edit", data=change).status_code == 303
    assert the_result().criteria == "每学期上三节示范课"
    stale = as_("lead").post(f"{address}/edit", data={**change, "criteria": "别的"})
    assert (stale.status_code, "每学期上三节示范课" in stale.text, "别的" in stale.text) == (409, True, True)
    early = as_("lead").post(f"{address}/criteria", data={"criteria": "更少", "why": "忙"})
    assert (early.status_code, "到岗以前在安排里修改" in early.text) == (422, True)
    as_("principal").post(f"{address}/step", data={"action": "arrive", "day": "2025-11-03"})
    version = the_result().version
    bare = as_("lead").post(f"{address}/criteria", data={"criteria": "两节", "version": version})
    assert (bare.status_code, the_result().criteria) == (422, "每学期上三节示范课")
    amend = {"criteria": "两节示范课、一次讲座", "why": "学校调整了课时", "version": version}
    assert as_("principal").post(f"{address}/criteria", data=amend).status_code == 403
    assert as_("teacher").post(f"{address}/criteria", data=amend).status_code == 403
    assert as_("colleague").post(f"{address}/criteria", data=amend).status_code == 404
    assert as_("lead").post(f"{address}/criteria", data=amend).status_code == 303
    again = as_("lead").post(f"{address}/criteria", data={**amend, "criteria": "只要一节"})
    assert (again.status_code, the_result().criteria) == (409, "两节示范课、一次讲座")
    page = as_("teacher").get(address).text
    assert [
        words in page for words in ("两节示范课、一次讲座", "学校调整了课时", "原来：每学期上三节示范课")
    ] == [True] * 3


def test_the_principal_of_the_host_judges_and_the_person_reads_it(as_, world, posting):
    db.session.add(
        PostingResult(district_id=posting.district_id, posting_id=posting.id, criteria="两节示范课")
    )
    db.session.commit()
    address = f"/exchange/postings/{posting.id}/judge"
    data = {"reached": "partly", "judgement": "上了一节，效果好", "version": 1}
    early = as_("principal").post(address, data=data)
    assert (early.status_code, "期满或提前结束以后才评定" in early.text) == (422, True)
    posting.state, posting.ends_on = "completed", date(2025, 11, 14)
    db.session.commit()
    assert "评定成效：林晓岚" in as_("principal").get("/").text
    assert "评定成效：林晓岚" not in as_("office").get("/").text
    for name in ("lead", "office", "teacher", "personnel", "bureau"):
        assert as_(name).post(address, data=data).status_code == 403, name
    for name in ("colleague", "nanjiao_principal", "equal_lead", "west_bureau", "west_lead"):
        assert as_(name).post(address, data=data).status_code == 404, name
    none = as_("principal").post(address, data={**data, "reached": ""})
    assert (none.status_code, the_result().reached) == (422, None)
    assert as_("principal").post(address, data=data).status_code == 303
    row = the_result()
    assert (row.reached, row.judgement, row.judged_by_id, row.judged_on) == (
        "partly", "上了一节，效果好", world.principal.id, date(2025, 11, 19),
    )  # fmt: skip
    stale = as_("principal").post(address, data={**data, "reached": "met"})
    assert (stale.status_code, the_result().reached) == (409, "partly")
    page = as_("teacher").get(f"/exchange/postings/{posting.id}").text
    assert ("部分达到" in page, "上了一节，效果好" in page, "评定成效" in page) == (True, True, True)
    assert "评定了成效：林晓岚" in as_("teacher").get("/messages/").text
    assert "评定成效：林晓岚" not in as_("principal").get("/").text


def test_the_result_of_a_principal_is_judged_one_level_up(as_, world, posting):
    posting.person_id, posting.state = world.principal.id, "completed"
    db.session.add(
        PostingResult(district_id=posting.district_id, posting_id=posting.id, criteria="两节示范课")
    )
    db.session.commit()
    address = f"/exchange/postings/{posting.id}/judge"
    data = {"reached": "met", "judgement": "都做到了", "version": 1}
    assert as_("principal").post(address, data=data).status_code == 403
    assert as_("personnel").post(address, data=data).status_code == 303
    assert (the_result().reached, the_result().judged_by_id) == ("met", world.personnel.id)
