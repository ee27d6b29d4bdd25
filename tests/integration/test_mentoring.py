"""Mentoring pairs through the pages: both accept, the rhythm, and records that only the two may read."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from portal.domain.access import can
from portal.extensions import db
from portal.models import AuditValue, MentoringPair, PersonTitle, WorkRecord
from portal.queries import mentoring
from tests.support.cast_names import ACCOUNTS
from tests.support.pairs import mentoring_pair, school_pairing, work_record
from tests.support.queries import counted_queries

AGREED = {
    "subject": "音乐",
    "goals": "上好一节展示课",
    "every_weeks": "2",
    "starts_on": "2025-11-19",
    "ends_on": "2026-07-10",
}
PAIR = {**AGREED, "kind": "apprentice", "mentor": "周以宁", "mentee": "江念一（拱辰中心小学）"}
RECORD = {"kind": "observation", "line": "等待时间仍短", "happened_on": "2025-11-18"}
TWO = ("mentor", "mentee")


@pytest.fixture
def propose(as_, world):
    def make(who="principal", **changes):
        address = f"/pairing/clusters/{world.cluster.id}/mentoring/new"
        return as_(who).post(address, data={**PAIR, **changes})

    return make


def the_pair() -> MentoringPair:
    return db.session.scalars(db.select(MentoringPair)).one()


def step(client, pair, action, **data):
    data = {"action": action, "version": pair.version, **data}
    return client.post(f"/pairing/mentoring/{pair.id}/step", data=data)


def text(answer) -> str:
    return answer.get_data(as_text=True)


def test_pair_begins_when_both_have_accepted(as_, world, propose):
    assert propose().status_code == 303
    pair = the_pair()
    assert (pair.state, pair.mentor_id, pair.mentee_id, pair.mentee_school_id) == (
        "proposed",
        world.mentor.id,
        world.mentee.id,
        world.gongchen.id,
    )
    assert "吴静姝 请您确认结对：周以宁—江念一" in text(as_("mentor").get("/messages/"))
    assert step(as_("principal"), pair, "accept_mentor").status_code == 403
    assert step(as_("mentor"), pair, "accept_mentor").status_code == 303
    assert (pair.state, pair.mentor_accepted, pair.mentee_accepted) == ("proposed", True, False)
    page = text(as_("mentee").get(f"/pairing/mentoring/{pair.id}"))
    assert "导师已接受，徒弟还没有接受。" in page
    assert "我愿意拜师" in page
    assert step(as_("mentee"), pair, "accept_mentee").status_code == 303
    assert pair.state == "active"
    assert "结对开始：周以宁—江念一" in text(as_("principal").get("/messages/"))
    assert step(as_("mentor"), pair, "accept_mentor").status_code == 409


def test_a_group_begins_with_the_mentors_word_alone(as_, world, propose):
    data = {
        "kind": "group",
        "mentee": "",
        "mentee_name": "音乐教研组",
        "mentee_school": str(world.nanjiao.id),
    }
    assert propose(**data).status_code == 303
    pair = the_pair()
    assert (pair.mentee_id, pair.mentee_name, pair.mentee_school_id) == (None, "音乐教研组", world.nanjiao.id)
    assert step(as_("mentor"), pair, "accept_mentor").status_code == 303
    assert pair.state == "active"
    assert "周以宁 带 音乐教研组" in text(as_("lead").get(f"/pairing/mentoring/{pair.id}"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mentee": ""}, "请填写这一项"),
        ({"mentee": "周以宁"}, "导师和徒弟不能是同一人"),
        ({"mentee": "戴知行"}, "片区各校没有找到，或有同名的人：请写成“姓名（学校）”"),
        ({"mentor": "查无此人"}, "片区各校没有找到，或有同名的人：请写成“姓名（学校）”"),
        ({"kind": "project", "mentee_name": ""}, "请写教研组或课题的名称"),
        ({"every_weeks": "0"}, "多少周至少联系一次"),
        ({"ends_on": "2025-10-01"}, "结束日期要在开始日期之后"),
    ],
)
def test_a_wrong_proposal_comes_back_with_what_was_typed(propose, changes, words):
    answer = propose(**changes)
    assert answer.status_code == 422
    assert words in text(answer)
    assert "上好一节展示课" in text(answer)
    assert db.session.scalars(db.select(MentoringPair)).all() == []


def test_two_people_are_one_pair_at_a_time(world, propose):
    mentoring_pair(world, state="finished")
    assert propose().status_code == 303
    again = propose()
    assert again.status_code == 422
    assert "这两位已经结对" in text(again)


def test_who_may_propose(as_, world, propose):
    assert propose("teacher").status_code == 404
    assert propose("liaison").status_code == 403
    assert propose("equal_lead").status_code == 404
    assert propose("west_lead").status_code == 404
    assert propose("bureau").status_code == 303


def test_a_record_takes_one_line_and_both_sides_read_it(as_, world):
    pair = mentoring_pair(world)
    assert as_("mentor").post(f"/pairing/mentoring/{pair.id}/records", data=RECORD).status_code == 303
    record = db.session.scalars(db.select(WorkRecord)).one()
    assert (record.kind, record.line, record.periods, record.with_person_id, record.school_id) == (
        "observation",
        "等待时间仍短",
        1,
        world.mentee.id,
        world.linfeng.id,
    )
    mentee = as_("mentee")
    page = text(mentee.get(f"/pairing/mentoring/{pair.id}"))
    assert "周以宁：等待时间仍短" in page
    assert "听课 1 节" in page
    assert "周以宁 在结对里记了一笔：周以宁—江念一" in text(mentee.get("/messages/"))
    assert "等待时间仍短" in text(mentee.get(f"/records/{record.id}"))
    assert mentee.get(f"/records/{record.id}/edit").status_code == 403


def test_a_form_sent_twice_writes_one_record(as_, world):
    pair = mentoring_pair(world)
    client = as_("mentor")
    data = {**RECORD, "once_key": "ab" * 16}
    answers = [client.post(f"/pairing/mentoring/{pair.id}/records", data=data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert len(db.session.scalars(db.select(WorkRecord)).all()) == 1


def test_a_wrong_record_comes_back_with_what_was_typed(as_, world):
    pair = mentoring_pair(world)
    client = as_("mentee")
    wrong = client.post(f"/pairing/mentoring/{pair.id}/records", data={**RECORD, "kind": "", "periods": "21"})
    assert wrong.status_code == 422
    assert "请选一项" in text(wrong)
    assert "等待时间仍短" in text(wrong)
    assert as_("lead").post(f"/pairing/mentoring/{pair.id}/records", data=RECORD).status_code == 403
    assert as_("west_teacher").post(f"/pairing/mentoring/{pair.id}/records", data=RECORD).status_code == 404
    pair.state, pair.mentee_accepted = "proposed", False
    db.session.commit()
    assert client.post(f"/pairing/mentoring/{pair.id}/records", data=RECORD).status_code == 422


def test_next_contact_follows_the_rhythm(as_, world):
    pair = mentoring_pair(world)
    client = as_("mentor")
    late = text(client.get(f"/pairing/mentoring/{pair.id}"))
    assert "约定在 9月24日 周三 前联系，已过 56 天。" in late
    for day in (date(2025, 9, 12), date(2025, 9, 25), date(2025, 10, 23), date(2025, 11, 6)):
        work_record(world.mentor, mentoring_pair_id=pair.id, happened_on=day)
    page = text(client.get(f"/pairing/mentoring/{pair.id}"))
    assert "下一次请在 11月20日 周四 前。" in page
    assert "上一次是 11月6日。" in page
    assert "本学期 5 个周期中有 4 个" in page
    due = mentoring.contacts_due(_actor("mentor", world), world.term)
    assert [(contact.pair.id, contact.due) for contact in due] == [(pair.id, date(2025, 11, 20))]


def _actor(name, world):
    from portal.queries import people

    return people.actor_of(people.account_by_username(name), world.today)


def test_a_missing_title_is_noted_and_no_obstacle(as_, world):
    pair = mentoring_pair(world)
    note = "没有登记导师的县级以上名师"
    assert note in text(as_("lead").get(f"/pairing/mentoring/{pair.id}"))
    db.session.add(
        PersonTitle(
            district_id=world.east.id,
            person_id=world.mentor.id,
            kind="backbone_teacher",
            level="county",
            starts_on=date(2020, 9, 1),
        )
    )
    db.session.commit()
    page = text(as_("lead").get(f"/pairing/mentoring/{pair.id}"))
    assert note not in page
    assert "麟峰小学 · 县级骨干教师" in page


def test_agreement_changes_while_under_way_and_both_hear_of_it(as_, world):
    pair = mentoring_pair(world)
    stale = pair.version
    data = {**AGREED, "starts_on": "2025-09-10", "every_weeks": "3", "version": stale}
    assert as_("mentee").post(f"/pairing/mentoring/{pair.id}/edit", data=data).status_code == 303
    assert (pair.every_weeks, pair.goals) == (3, "上好一节展示课")
    assert "江念一 修改了结对约定：周以宁—江念一" in text(as_("mentor").get("/messages/"))
    answer = as_("mentor").post(f"/pairing/mentoring/{pair.id}/edit", data={**data, "goals": "后写的目标"})
    assert (answer.status_code, pair.goals) == (409, "上好一节展示课")
    assert "后写的目标" in text(answer)
    assert "上好一节展示课" in text(answer)
    assert as_("office").get(f"/pairing/mentoring/{pair.id}/edit").status_code == 403


def test_a_pair_ends_with_a_reason(as_, world):
    pair = mentoring_pair(world)
    assert step(as_("mentee"), pair, "break_off").status_code == 409
    assert step(as_("principal"), pair, "break_off", note="x").status_code == 403
    assert step(as_("lead"), pair, "finish", note="目标达成").status_code == 303
    assert (pair.state, pair.state_note) == ("finished", "目标达成")
    assert "结对已结束：周以宁—江念一" in text(as_("mentee").get("/messages/"))
    assert "目标达成" in text(as_("mentor").get(f"/pairing/mentoring/{pair.id}"))


def test_who_proposed_may_withdraw(as_, world, propose):
    propose()
    pair = the_pair()
    assert step(as_("principal"), pair, "withdraw", note="人选有变").status_code == 303
    assert pair.state == "withdrawn"


def test_no_word_of_a_record_reaches_anybody_but_the_two(as_, world):
    """Principal, lead, bureau, other schools and the other district get counts and days at most."""
    canary = "只有师徒知道的话"
    pair = mentoring_pair(world)
    school_pairing(world)
    client = as_("mentor")
    data = {**RECORD, "line": canary, "body": canary + "的正文"}
    assert client.post(f"/pairing/mentoring/{pair.id}/records", data=data).status_code == 303
    record = db.session.scalars(db.select(WorkRecord)).one()
    edit = {
        **data,
        "version": record.version,
        "line": canary + "二",
        "link": f"pair:{pair.id}",
        "who": canary,
    }
    assert client.post(f"/records/{record.id}/edit", data=edit).status_code == 303
    pages = (
        "/",
        "/messages/",
        "/pairing/",
        "/pairing/?mine=1",
        "/pairing/mentoring.xlsx",
        "/pairing/schools/",
        "/pairing/schools.xlsx",
        f"/pairing/mentoring/{pair.id}",
        f"/pairing/mentoring/{pair.id}/edit",
        f"/records/{record.id}",
        f"/records/{record.id}/edit",
        "/records/",
        "/records/new",
        "/records/ledger.xlsx",
    )
    for name in ACCOUNTS:
        reader = as_(name)
        heard = [page for page in pages if canary in _everything(reader.get(page))]
        if name == "mentor":
            assert len(heard) == 5, heard  # the pair, the record, its form, the ledger and its export
        elif name == "mentee":
            assert heard == [f"/pairing/mentoring/{pair.id}", f"/records/{record.id}"]
        else:
            assert heard == [], name
    for name in ("principal", "lead", "bureau", "liaison", "office"):
        seen = text(as_(name).get(f"/pairing/mentoring/{pair.id}"))
        assert "记录的内容只有师徒本人能看到，这里只列次数。" in seen
        assert "1 次" in seen
        assert as_(name).get(f"/records/{record.id}").status_code == 404
    told = [value.new for value in db.session.scalars(db.select(AuditValue))]
    assert [value for value in told if value and canary in value] == []


def _everything(answer) -> str:
    """What a person reads of an answer: the page, or every cell of a workbook."""
    if answer.mimetype == "text/html":
        return answer.get_data(as_text=True)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data()))
    return str(workbook.get_sheet_by_index(0).to_python())


def test_pages_for_others_do_not_even_load_the_words(as_, world):
    pair = mentoring_pair(world)
    work_record(world.mentor, mentoring_pair_id=pair.id)
    reader = as_("lead")
    for page in ("/pairing/", f"/pairing/mentoring/{pair.id}", "/pairing/mentoring.xlsx"):
        with counted_queries() as found:
            assert reader.get(page).status_code == 200
        assert [sql for sql in found.texts if "work_record.line" in sql or "work_record.body" in sql] == []


def test_list_and_permission_agree_for_everybody(world, actor_of):
    mentoring_pair(world)
    mentoring_pair(world, "teacher", "colleague", state="proposed", mentor_accepted=False)
    mentoring_pair(world, "lead", None, kind="group", mentee_name="备课组", state="finished")
    mentoring_pair(world, "equal_lead", "equal_teacher", cluster_id=world.team.id)
    west = {"district_id": world.west.id, "cluster_id": world.zone.id, "mentee_school_id": world.gucheng.id}
    mentoring_pair(world, "west_lead", "west_teacher", created_by_id=world.west_lead.id, **west)
    rows = db.session.scalars(db.select(MentoringPair)).all()
    for name in ACCOUNTS:
        actor = actor_of(name)
        seen = set(db.session.scalars(mentoring.visible_to(actor)))
        assert seen == {row for row in rows if can(actor, "mentoring.view", row)}, name
        for row in rows:
            assert not can(actor, "mentoring.read_records", row) or can(actor, "mentoring.view", row)


def test_list_filters_swaps_and_exports_what_it_shows(as_, world):
    pair = mentoring_pair(world)
    mentoring_pair(world, "teacher", "colleague", state="finished", mentee_school_id=world.nanjiao.id)
    work_record(world.mentor, mentoring_pair_id=pair.id)
    client = as_("lead")
    whole = text(client.get("/pairing/"))
    assert "周以宁 带 江念一" in whole
    assert "林晓岚 带 何思源" in whole
    block = text(client.get(f"/pairing/?school={world.nanjiao.id}", htmx="pair_list"))
    assert "林晓岚 带 何思源" in block
    assert "江念一" not in block
    assert "<html" not in block
    assert "没有符合条件的结对" in text(client.get("/pairing/?state=broken_off", htmx="pair_list"))
    workbook = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get("/pairing/mentoring.xlsx?state=active").data)
    )
    head, *rows = workbook.get_sheet_by_index(0).to_python()
    assert [dict(zip(head, row, strict=True)) for row in rows] == [
        {
            "片区": "麟峰小学片区",
            "类别": "带徒",
            "导师": "周以宁",
            "导师学校": "麟峰小学",
            "徒弟": "江念一",
            "徒弟学校": "拱辰中心小学",
            "学科": "音乐",
            "间隔周数": 2.0,
            "开始日期": date(2025, 9, 10),
            "结束日期": date(2026, 7, 10),
            "状态": "结对中",
            "记录（条）": 1.0,
            "最近一次": date(2025, 11, 6),
            "下一次联系": date(2025, 11, 20),
        }
    ]


def test_teachers_see_their_own_pairs_and_an_empty_page_says_what_comes(as_, world):
    mentoring_pair(world)
    assert "周以宁 带 江念一" in text(as_("mentee").get("/pairing/"))
    other = text(as_("colleague").get("/pairing/"))
    assert "江念一" not in other
    assert "学校提出以后，这里会列出您的结对" in other
    assert "先提出一对" in text(as_("equal_lead").get("/pairing/"))


def test_list_costs_the_same_for_one_pair_and_for_many(as_, world):
    mentoring_pair(world)
    client = as_("lead")
    client.get("/pairing/")
    with counted_queries() as one:
        client.get("/pairing/")
    for number in range(12):
        mentoring_pair(world, state="finished", starts_on=date(2024, 9, 1 + number))
    with counted_queries() as many:
        client.get("/pairing/")
    assert many.count == one.count <= 20
