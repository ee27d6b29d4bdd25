"""The small ledgers through the pages: written by kind, counted by term, changed, removed, exported."""

import io

import pytest
from python_calamine import CalamineWorkbook

from portal.domain.access import can
from portal.extensions import db
from portal.models import LedgerEntry
from portal.queries import ledgers
from tests.support.cast_names import ACCOUNTS

FORMS = {
    "training": {
        "title": "班主任培训",
        "held_on": "2025-10-10",
        "last_day": "2025-10-11",
        "category": "teaching",
        "place": "麟峰小学",
        "days": "2",
        "persons": "30",
        "person_times": "55",
        "composition": "乡村教师 12 人",
    },
    "publicity": {
        "title": "联合教研周",
        "held_on": "2025-10-12",
        "category": "wechat",
        "audience": "parents",
    },
    "fund": {
        "title": "购置录播设备",
        "held_on": "2025-10-13",
        "flow": "spent",
        "source": "own",
        "amount": "1234.56",
        "approver": "许清和",
    },
    "honour": {
        "title": "优秀工作小组",
        "held_on": "2025-10-14",
        "level": "district",
        "recipient": "语文组",
    },
    "measure": {"title": "教师周转房", "held_on": "2025-10-15", "category": "lodging"},
}


@pytest.fixture
def write(as_, world):
    def send(kind, who="principal", **changes):
        school = {"principal": world.gongchen, "equal_member": None}.get(who)
        data = {**FORMS[kind], "school": str(school.id) if school else "", **changes}
        return as_(who).post(f"/ledgers/clusters/{world.cluster.id}/{kind}/new", data=data)

    return send


def entries() -> list[LedgerEntry]:
    found = db.select(LedgerEntry).order_by(LedgerEntry.held_on, LedgerEntry.id)
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def text(answer) -> str:
    return answer.get_data(as_text=True)


def test_each_kind_has_its_form_and_is_counted_by_term(as_, world, write):
    for kind in FORMS:
        assert write(kind).status_code == 303
    write("training", title="心理辅导", category="counselling", persons="10", person_times="10")
    found = [(row.kind, row.school_id == world.gongchen.id, row.cents, row.persons) for row in entries()]
    assert found == [
        ("training", True, None, 30),
        ("training", True, None, 10),
        ("publicity", True, None, None),
        ("fund", True, 123456, None),
        ("honour", True, None, None),
        ("measure", True, None, None),
    ]
    page = text(as_("lead").get("/ledgers/"))
    assert "2 项 · 65 人次 · 4 天" in page  # persons are not added up over trainings
    assert "1 项 · 支出 1,234.56 元" in page
    only = text(as_("lead").get("/ledgers/?kind=honour"))
    assert ("优秀工作小组" in only, "教师周转房" in only) == (True, False)
    assert "优秀工作小组" not in text(as_("lead").get("/ledgers/?term=2024-2025-2"))


def test_the_workbook_holds_what_the_page_shows(as_, write):
    for kind in FORMS:
        write(kind)
    answer = as_("lead").get("/ledgers/export.xlsx?kind=fund")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    row = dict(zip(rows[0], rows[1], strict=True))
    assert len(rows) == 2
    assert [row[name] for name in ("台账类别", "名称", "学校", "收支", "来源", "金额（元）", "登记人")] == [
        "经费", "购置录播设备", "拱辰中心小学", "支出", "学校自筹", 1234.56, "吴静姝",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("training", {"person_times": "5"}, "人次不会少于人数"),
        ("training", {"last_day": "2025-10-01"}, "结束日期不能早于开始日期"),
        ("training", {"persons": ""}, "请填写这一项"),
        ("fund", {"amount": ""}, "请填写这一项"),
        ("fund", {"amount": "-3"}, "0.01"),
        ("honour", {"recipient": ""}, "请填写这一项"),
        ("publicity", {"audience": "everybody"}, "请从列出的选项里选择"),
        ("measure", {"held_on": "2025-12-30"}, "日期不能在今天以后"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(write, kind, changes, words):
    answer = write(kind, **changes)
    assert (answer.status_code, words in text(answer), entries()) == (422, True, [])
    assert FORMS[kind]["title"] in text(answer)


def test_a_school_writes_its_own_and_the_lead_all(as_, world, write):
    foreign = {"school": str(world.nanjiao.id)}
    assert write("measure", **foreign).status_code == 422
    assert write("measure", school="").status_code == 422
    assert write("measure", "lead", **foreign).status_code == 303
    assert write("measure", "lead", school="").status_code == 303
    assert [row.school_id for row in entries()] == [world.nanjiao.id, None]
    of_member, of_all = entries()
    assert as_("principal").get(f"/ledgers/{of_member.id}").status_code == 200
    assert as_("principal").get(f"/ledgers/{of_all.id}/edit").status_code == 403
    assert as_("nanjiao_principal").get(f"/ledgers/{of_member.id}/edit").status_code == 200
    assert as_("teacher").get(f"/ledgers/{of_member.id}").status_code == 404
    assert as_("west_lead").get(f"/ledgers/{of_member.id}").status_code == 404
    assert as_("teacher").get("/ledgers/").status_code == 403


def test_among_equals_the_lead_writes_for_nobody_else(as_, world):
    address = f"/ledgers/clusters/{world.team.id}/measure/new"
    data = {**FORMS["measure"], "school": str(world.huoban.id)}
    assert as_("equal_lead").post(address, data=data).status_code == 422
    assert as_("equal_lead").post(address, data={**data, "school": ""}).status_code == 303
    assert as_("equal_member").post(address, data=data).status_code == 303
    assert [row.school_id for row in entries()] == [None, world.huoban.id]


def test_list_and_permission_agree_for_everybody(write, actor_of):
    write("measure")
    [entry] = entries()
    for who in ACCOUNTS:
        actor = actor_of(who)
        seen = list(db.session.scalars(ledgers.visible_to(actor)))
        assert (entry in seen) == can(actor, "ledger.view", entry), who


def test_a_stale_edit_keeps_both_and_a_removed_entry_comes_back(as_, write):
    write("measure")
    [entry] = entries()
    client, address = as_("principal"), f"/ledgers/{entry.id}"
    data = {**FORMS["measure"], "school": str(entry.school_id), "version": entry.version}
    assert client.post(f"{address}/edit", data={**data, "title": "教师公寓"}).status_code == 303
    late = client.post(f"{address}/edit", data={**data, "title": "教师宿舍"})
    assert (late.status_code, "教师公寓" in text(late), "教师宿舍" in text(late)) == (409, True, True)
    assert client.post(f"{address}/remove", data={"version": entries()[0].version}).status_code == 303
    assert "教师公寓" not in text(as_("lead").get("/ledgers/"))
    assert client.post(f"{address}/restore").status_code == 303
    assert "教师公寓" in text(as_("lead").get("/ledgers/"))
    assert "恢复台账" in text(client.get(address))
