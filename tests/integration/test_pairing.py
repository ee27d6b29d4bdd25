"""School pairs through the pages: proposal, consent of both, approval, support records."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from portal.domain.access import can
from portal.extensions import db
from portal.models import AuditEntry, SchoolPairing, WorkRecord
from portal.queries import pairing
from tests.support.cast_names import ACCOUNTS
from tests.support.pairs import school_pairing
from tests.support.queries import counted_queries

PLAN = {
    "starts_on": "2025-11-19",
    "ends_on": "2026-11-18",
    "goals": "教研上一个台阶",
    "contents": "- 派两位骨干教师\n- 同课异构",
    "frequency": "每月一次",
}
RECORD = {"kind": "visit", "line": "看了五个班的课", "happened_on": "2025-11-18", "who": "语文组三人"}


@pytest.fixture
def propose(as_, world):
    def make(who="lead", donor="linfeng", beneficiary="gongchen", **changes):
        data = {
            **PLAN,
            "donor": str(getattr(world, donor).id),
            "beneficiary": str(getattr(world, beneficiary).id) if beneficiary else "",
        }
        return as_(who).post("/pairing/schools/new", data={**data, **changes})

    return make


def the_pair() -> SchoolPairing:
    return db.session.scalars(db.select(SchoolPairing)).one()


def step(client, row, action, **data):
    return client.post(
        f"/pairing/schools/{row.id}/step", data={"action": action, "version": row.version, **data}
    )


def text(answer) -> str:
    return answer.get_data(as_text=True)


def sheet(answer) -> list:
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data())).get_sheet_by_index(0).to_python()


def test_pair_runs_from_proposal_to_approval_with_both_names(as_, world, propose):
    assert propose("office").status_code == 303
    row = the_pair()
    assert (row.state, row.cluster_id, row.donor_agreed_by_id) == ("proposed", world.cluster.id, None)
    assert "许清和 请您确认结对：麟峰小学—拱辰中心小学" in text(as_("principal").get("/messages/"))
    assert step(as_("lead"), row, "agree_donor").status_code == 303
    assert (row.state, row.donor_agreed_by.name) == ("proposed", "陈怀瑾")
    assert step(as_("principal"), row, "agree_beneficiary").status_code == 303
    assert (row.state, row.beneficiary_agreed_by.name) == ("agreed", "吴静姝")
    assert step(as_("bureau"), row, "approve").status_code == 303
    assert row.state == "active"
    assert "结对开始：麟峰小学—拱辰中心小学" in text(as_("lead").get("/messages/"))
    page = text(as_("teacher").get(f"/pairing/schools/{row.id}"))
    assert "陈怀瑾已同意" in page
    assert "吴静姝已同意" in page
    actions = db.session.scalars(
        db.select(AuditEntry.action)
        .where(AuditEntry.object_kind == "school_pairing")
        .order_by(AuditEntry.number)
    )
    assert list(actions) == [
        "school_pairing.create",
        "school_pairing.agree_donor",
        "school_pairing.agree_beneficiary",
        "school_pairing.agreed",
        "school_pairing.approve",
    ]


def test_a_principal_who_proposes_has_agreed_and_nobody_agrees_for_the_other(as_, world, propose):
    propose("lead")
    row = the_pair()
    assert (row.donor_agreed_by_id, row.beneficiary_agreed_by_id) == (world.lead.id, None)
    assert step(as_("lead"), row, "agree_beneficiary").status_code == 403
    assert step(as_("office"), row, "agree_beneficiary").status_code == 403
    assert step(as_("lead"), row, "agree_donor").status_code == 409
    assert step(as_("bureau"), row, "approve").status_code == 409
    assert row.state == "proposed"


def test_a_changed_proposal_asks_both_again(as_, world, propose):
    propose("lead")
    row = the_pair()
    data = {**PLAN, "donor": str(row.donor_id), "beneficiary": str(row.beneficiary_id), "goals": "换一个目标"}
    saved = as_("office").post(f"/pairing/schools/{row.id}/edit", data={**data, "version": row.version})
    assert (saved.status_code, row.goals, row.donor_agreed_by_id) == (303, "换一个目标", None)
    page = text(as_("lead").get(f"/pairing/schools/{row.id}"))
    assert "内容有改动，双方重新同意" in page
    assert "代表支援学校同意" in page


def test_returned_with_a_reason_it_is_agreed_anew(as_, world):
    row = school_pairing(world, state="agreed")
    assert step(as_("bureau"), row, "return", note="请写清派哪些人").status_code == 303
    assert (row.state, row.donor_agreed_by_id, row.beneficiary_agreed_by_id) == ("proposed", None, None)
    assert "请写清派哪些人" in text(as_("lead").get(f"/pairing/schools/{row.id}"))
    assert step(as_("lead"), row, "withdraw").status_code == 409
    assert step(as_("lead"), row, "withdraw", note="改为明年").status_code == 303
    assert (row.state, row.state_note) == ("withdrawn", "改为明年")


def test_stale_edit_keeps_both_texts(as_, world):
    row = school_pairing(world, state="proposed", donor_agreed_by_id=None, beneficiary_agreed_by_id=None)
    data = {
        **PLAN,
        "donor": str(row.donor_id),
        "beneficiary": str(row.beneficiary_id),
        "version": row.version,
    }
    client = as_("lead")
    client.post(f"/pairing/schools/{row.id}/edit", data={**data, "goals": "先保存的目标"})
    answer = client.post(f"/pairing/schools/{row.id}/edit", data={**data, "goals": "后保存的目标"})
    assert (answer.status_code, row.goals) == (409, "先保存的目标")
    assert "先保存的目标" in text(answer)
    assert "后保存的目标" in text(answer)


def test_an_edit_form_shows_what_was_saved(as_, world):
    row = school_pairing(world, state="proposed", donor_agreed_by_id=None, beneficiary_agreed_by_id=None)
    page = text(as_("lead").get(f"/pairing/schools/{row.id}/edit"))
    assert f'<option selected value="{row.beneficiary_id}">拱辰中心小学</option>' in page
    assert "教研上一个台阶" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"goals": ""}, "请填写这一项"),
        ({"beneficiary": ""}, "请填写这一项"),
        ({"ends_on": "2025-11-01"}, "结束日期要在开始日期之后"),
        ({"starts_on": "昨天"}, "请按 2025-09-01 的样子填写日期"),
    ],
)
def test_a_wrong_proposal_comes_back_with_what_was_typed(propose, changes, words):
    answer = propose(**changes)
    assert answer.status_code == 422
    assert words in text(answer)
    assert "每月一次" in text(answer)
    assert db.session.scalars(db.select(SchoolPairing)).all() == []


def test_one_proposes_for_own_schools_only_and_not_twice(as_, world, propose):
    answer = propose("equal_lead", donor="linfeng", beneficiary="gongchen")
    assert answer.status_code == 422
    assert "只能为自己的学校提出结对" in text(answer)
    assert propose("lead", beneficiary="linfeng").status_code == 422
    assert propose("lead").status_code == 303
    again = propose("principal")
    assert again.status_code == 422
    assert "这两所学校这段时间已经结对" in text(again)
    foreign = propose("lead", beneficiary="gucheng")
    assert foreign.status_code == 422
    assert as_("teacher").get("/pairing/schools/new").status_code == 403


def test_pairs_beyond_a_cluster_belong_to_none(as_, world, propose):
    propose("lead", donor="linfeng", beneficiary="huoban")
    row = the_pair()
    assert (row.cluster_id, row.state) == (None, "proposed")
    assert as_("liaison").get(f"/pairing/schools/{row.id}").status_code == 404
    assert "跨片区" in text(as_("equal_member").get(f"/pairing/schools/{row.id}"))


def test_a_third_beneficiary_is_a_warning_and_no_obstacle(as_, world, propose):
    """The number is the scheme's, and goes for kindergartens (S4-18); other schools have none."""
    for school in (world.linfeng, world.gongchen, world.nanjiao, world.huoban):
        school.kind = "kindergarten"
    school_pairing(world, beneficiary="gongchen")
    school_pairing(world, beneficiary="nanjiao")
    assert propose("lead", beneficiary="huoban").status_code == 303
    row = db.session.scalars(db.select(SchoolPairing).where(SchoolPairing.state == "proposed")).one()
    page = text(as_("lead").get(f"/pairing/schools/{row.id}"))
    assert "麟峰小学同时帮扶 3 所学校（另有 南郊小学、拱辰中心小学）" in page
    assert "方案规定最多 2 所：《学前教育城乡结对帮扶》" in page
    assert "请考虑精力是否够" not in text(as_("teacher").get("/pairing/schools/"))
    world.huoban.kind = "primary"
    db.session.commit()
    assert "请考虑精力是否够" not in text(as_("lead").get(f"/pairing/schools/{row.id}"))


def test_support_is_recorded_by_either_school_and_counted(as_, world):
    row = school_pairing(world)
    client = as_("mentee")
    assert client.post(f"/pairing/schools/{row.id}/records", data=RECORD).status_code == 303
    gift = {**RECORD, "kind": "donation", "line": "图书", "quantity": "120", "who": ""}
    assert as_("teacher").post(f"/pairing/schools/{row.id}/records", data=gift).status_code == 303
    lesson = {**RECORD, "kind": "lesson", "line": "示范课", "periods": "2"}
    assert as_("teacher").post(f"/pairing/schools/{row.id}/records", data=lesson).status_code == 303
    assert sorted(pairing.kind_counts(row)) == [
        ("donation", 1, 0, 120),
        ("lesson", 1, 2, 0),
        ("visit", 1, 0, 0),
    ]
    page = text(as_("liaison").get(f"/pairing/schools/{row.id}"))
    for words in ("看了五个班的课", "语文组三人", "120 件", "林晓岚", "上课 1（2 节）"):
        assert words in page
    assert as_("liaison").post(f"/pairing/schools/{row.id}/records", data=RECORD).status_code == 403


def test_a_wrong_record_comes_back_and_none_before_approval(as_, world):
    row = school_pairing(world)
    client = as_("teacher")
    wrong = client.post(
        f"/pairing/schools/{row.id}/records", data={**RECORD, "kind": "thought", "periods": "99"}
    )
    assert wrong.status_code == 422
    assert "看了五个班的课" in text(wrong)
    late = client.post(f"/pairing/schools/{row.id}/records", data={**RECORD, "happened_on": "2025-11-20"})
    assert late.status_code == 422
    assert "日期不能晚于今天" in text(late)
    row.state = "agreed"
    db.session.commit()
    early = {**RECORD, "kind": "lesson"}
    assert client.post(f"/pairing/schools/{row.id}/records", data=early).status_code == 422
    assert db.session.scalars(db.select(WorkRecord)).all() == []


def test_list_and_permission_agree_for_everybody(world, actor_of):
    school_pairing(world)
    school_pairing(world, donor="ziyuan", beneficiary="huoban", cluster_id=world.team.id)
    school_pairing(world, donor="linfeng", beneficiary="huoban", cluster_id=None, state="proposed")
    school_pairing(
        world,
        donor="nanguan",
        beneficiary="gucheng",
        district_id=world.west.id,
        cluster_id=world.zone.id,
        donor_agreed_by_id=world.west_lead.id,
        beneficiary_agreed_by_id=world.west_principal.id,
        created_by_id=world.west_lead.id,
    )
    rows = db.session.scalars(db.select(SchoolPairing)).all()
    assert len(rows) == 4
    for name in ACCOUNTS:
        actor = actor_of(name)
        seen = set(db.session.scalars(pairing.visible_to(actor)))
        assert seen == {row for row in rows if can(actor, "pairing.view", row)}, name


def test_list_filters_swaps_and_exports_what_it_shows(as_, world):
    mine = school_pairing(world, goals="=1+1")
    school_pairing(world, donor="linfeng", beneficiary="nanjiao", state="closed", starts_on=date(2024, 9, 1))
    client = as_("principal")
    assert "麟峰小学 帮扶 南郊小学" in text(client.get("/pairing/schools/"))
    own = text(client.get("/pairing/schools/?mine=1", htmx="school_pair_list"))
    assert "麟峰小学 帮扶 拱辰中心小学" in own
    assert "南郊小学" not in own
    assert "<html" not in own
    assert "没有符合条件的结对" in text(
        client.get("/pairing/schools/?state=withdrawn", htmx="school_pair_list")
    )
    answer = client.get(f"/pairing/schools.xlsx?state=active&school={mine.beneficiary_id}")
    head, *rows = sheet(answer)
    assert head[:3] == ["片区", "支援学校", "受援学校"]
    assert [row[:3] + row[6:7] + row[8:10] for row in rows] == [
        ["麟峰小学片区", "麟峰小学", "拱辰中心小学", "=1+1", "结对中", 0.0]
    ]


def test_outsiders_find_nothing(as_, world):
    row = school_pairing(world)
    for name in ("west_bureau", "west_lead", "equal_teacher", "equal_lead"):
        client = as_(name)
        assert client.get(f"/pairing/schools/{row.id}").status_code == 404, name
        assert step(client, row, "close", note="x").status_code == 404, name
        assert "拱辰中心小学" not in text(client.get("/pairing/schools/")), name
    assert as_("colleague").get(f"/pairing/schools/{row.id}").status_code == 404
    assert "校长提出并批准以后" in text(as_("equal_teacher").get("/pairing/schools/"))


def test_list_costs_the_same_for_one_pair_and_for_many(as_, world):
    school_pairing(world)
    client = as_("lead")
    client.get("/pairing/schools/")
    with counted_queries() as one:
        client.get("/pairing/schools/")
    for number in range(12):
        school_pairing(world, starts_on=date(2020, 1, 1 + number), state="closed")
    with counted_queries() as many:
        client.get("/pairing/schools/")
    assert many.count == one.count <= 20
