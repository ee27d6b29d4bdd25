"""The pages of an import: upload, preview, mapping, confirmation; and every wrong file, role and moment."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from python_calamine import load_workbook
from sqlalchemy import event, func, select

from portal.domain.roster_problems import SENTENCES
from portal.extensions import db
from portal.models import AuditEntry, Membership, Person, RosterImport
from tests import factories as make
from tests.support.rosters import HEAD, teachers, workbook

SAMPLE = (Path(__file__).parents[1] / "fixtures" / "rosters" / "roster-messy.xlsx").read_bytes()
LIN = ["L1", "林一鸣", "男", "1990-05-20", "麟峰小学", "语文", "2016-09-01", "13900000001"]


@pytest.fixture
def send(as_, world):
    """``send(data)`` uploads as the lead (or somebody else) and answers what the page said."""

    def upload(data, who="lead", scope=None, name="名册.xlsx", client=None):
        form = {"scope": scope or f"c-{world.cluster.id}"}
        if data is not None:
            form["file"] = (io.BytesIO(data), name)
        return (client or as_(who)).post("/admin/roster/", data=form)

    return upload


@pytest.fixture
def made(send):
    """``made(data)`` uploads and answers the import."""

    def upload(data, *args, **options):
        answer = send(data, *args, **options)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return db.session.scalars(select(RosterImport).order_by(RosterImport.id.desc()).limit(1)).one()

    return upload


def text(answer) -> str:
    return answer.get_data(as_text=True)


def fields(page: str, action: str) -> dict:
    """The hidden fields of the form with that action."""
    form = re.search(rf'<form[^>]*action="[^"]*/{action}".*?</form>', page, re.DOTALL)[0]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: value for name, value in found if name != "csrf_token"}


def people() -> int:
    return db.session.scalar(select(func.count()).select_from(Person))


def test_sample_from_upload_to_result(as_, world, made):
    for name in ("私立实小", "拱辰第一小学", "拱辰第二小学"):
        school = make.school(world.east, name)
        db.session.add(
            Membership(
                district_id=world.east.id,
                cluster_id=world.cluster.id,
                school_id=school.id,
                starts_on=date(2024, 9, 1),
            )
        )
    db.session.commit()
    before, found, client = people(), made(SAMPLE, name="2025秋.xlsx"), as_("lead")
    here = f"/admin/roster/{found.id}"
    page = text(client.get(here))
    for cell, value, words in (
        ("E8", "1979.13", "没有13月"),
        ("D11", "X", "性别里没有这一项，可写：男、女"),
        ("H15", "2031-09-01", "入本校日期在今天之后"),
        ("C20", "林坤", "与第19行是同一个人"),
    ):
        row = re.search(rf"<tr>\s*<td[^>]*><b>{cell}</b>.*?</tr>", page, re.DOTALL)[0]
        assert value in row
        assert words in row
    assert "新增 50 人，调入 0 人，变更 0 人" in page
    assert people() == before
    changes = text(client.get(here + "?view=changes"))
    assert "梁鑫" in changes
    assert "182＊＊＊＊＊＊75" in changes
    assert re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)|\d{17}[\dX]", changes) is None
    answer = client.post(here + "/confirm", data=fields(page, "confirm"))
    assert (answer.status_code, people()) == (303, before + 50)
    result = text(client.get(here))
    assert "已导入" in result
    assert "没有13月" in result
    assert "50 人" in result
    listed = text(client.get("/admin/roster/"))
    assert "2025秋.xlsx" in listed


def test_second_confirmation_is_a_conflict(as_, made):
    found, client = made(teachers(LIN)), as_("lead")
    here = f"/admin/roster/{found.id}"
    data = fields(text(client.get(here)), "confirm")
    assert client.post(here + "/confirm", data=data).status_code == 303
    count = people()
    again = client.post(here + "/confirm", data=data)
    assert (again.status_code, people()) == (409, count)
    assert "刚才有人先改了" in text(again)


def test_a_preview_that_is_no_longer_true_is_shown_anew(as_, made, world):
    found, client = made(teachers(LIN)), as_("lead")
    here = f"/admin/roster/{found.id}"
    data = fields(text(client.get(here)), "confirm")
    make.person(world.east, "林一鸣", world.linfeng)
    db.session.commit()
    count = people()
    answer = client.post(here + "/confirm", data=data)
    page = text(answer)
    assert (answer.status_code, people(), found.state) == (409, count, "previewed")
    assert "系统里的资料有了变化" in page
    assert "新增 0 人，调入 0 人，变更 1 人" in page
    assert client.post(here + "/confirm", data=fields(page, "confirm")).status_code == 303
    assert people() == count


def test_nothing_to_write_offers_no_confirmation(as_, made):
    client = as_("lead")
    first = made(teachers(LIN))
    here = f"/admin/roster/{first.id}"
    client.post(here + "/confirm", data=fields(text(client.get(here)), "confirm"))
    entries = db.session.scalar(select(func.count()).select_from(AuditEntry))
    second = made(teachers(LIN), client=client)
    page = text(client.get(f"/admin/roster/{second.id}"))
    assert "没有要写入的内容" in page
    assert 'name="digest"' not in page
    answer = client.post(
        f"/admin/roster/{second.id}/confirm",
        data={"version": second.version, "digest": "x"},
    )
    assert (answer.status_code, db.session.scalar(select(func.count()).select_from(AuditEntry))) == (
        409,
        entries,
    )


def test_columns_are_mapped_by_hand_and_read_again(as_, made):
    data = workbook(
        名单=[
            ["甲", "乙", "丙", "丁"],
            ["苏七", "女", "麟峰小学", "美术"],
            ["苏八", "男", "麟峰小学", "音乐"],
        ]
    )
    found, client = made(data), as_("lead")
    here = f"/admin/roster/{found.id}"
    page = text(client.get(here))
    assert "不是名册的工作表" in page
    form = {"sheet": "0", "kind": "teachers", "header_row": "1", "version": found.version}
    chosen = {"c0": "name", "c1": "sex", "c2": "school_name", "c3": "subjects"}
    answer = client.post(here + "/sheet", data={**form, **chosen})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("?view=columns&sheet=0")
    page = text(client.get(here + "?view=columns"))
    assert "您选的" in page
    assert "新增 2 人" in page
    twice = client.post(here + "/sheet", data={**form, **chosen, "c3": "name", "version": found.version})
    assert twice.status_code == 422
    assert "有两列选了同一个含义" in text(twice)
    stale = client.post(here + "/sheet", data={**form, **chosen, "version": "1"})
    assert (stale.status_code, found.mapping["sheets"]["名单"]["columns"]) == (
        409,
        {"0": "name", "1": "sex", "2": "school_name", "3": "subjects"},
    )


def test_sheet_without_schools_takes_the_one_chosen(as_, made):
    found, client = made(workbook(名单=[["姓名", "性别"], ["苏七", "女"]])), as_("lead")
    here = f"/admin/roster/{found.id}"
    assert "名册没有学校一列" in text(client.get(here + "?view=columns"))
    answer = client.post(here + "/options", data={"default_school": "南郊小学", "version": found.version})
    assert answer.status_code == 303
    page = text(client.get(here + "?view=changes"))
    assert "苏七" in page
    assert "南郊小学" in page


def test_namesakes_are_decided_on_the_page(as_, made, world):
    data = teachers([None, "何思源", "女", None, "麟峰小学", None, "2025-09-01", None])
    found, client = made(data), as_("lead")
    here = f"/admin/roster/{found.id}"
    assert "需要您决定" in text(client.get(here))
    form = {"row": "教师!2", "answer": "move", "version": found.version}
    assert client.post(here + "/people", data=form).status_code == 303
    page = text(client.get(here + "?view=changes"))
    assert "新增 0 人，调入 1 人" in page
    assert "南郊小学 → 麟峰小学" in page


def test_unknown_schools_become_new_ones_by_a_check_box_of_the_bureau(as_, made, send):
    data = teachers(["W1", "无一", "男", None, "新区小学", None, None, None])
    lead = made(data)
    assert "create_schools" not in text(as_("lead").get(f"/admin/roster/{lead.id}"))
    found, client = made(data, "bureau", "district"), as_("bureau")
    here = f"/admin/roster/{found.id}"
    assert "把本区没有的学校建为新学校" in text(client.get(here))
    client.post(here + "/options", data={"create_schools": "1", "version": found.version})
    page = text(client.get(here + "?view=changes&show=schools"))
    assert "新学校" in page
    # What a page did not offer is not done either.
    as_("lead").post(
        f"/admin/roster/{lead.id}/options", data={"create_schools": "1", "version": lead.version}
    )
    assert lead.mapping["create_schools"] is False


def test_given_up_its_file_goes(as_, made):
    found, client = made(teachers(LIN)), as_("lead")
    answer = client.post(f"/admin/roster/{found.id}/cancel", data={"version": found.version})
    assert (answer.status_code, found.state, found.content) == (303, "cancelled", None)
    assert "已放弃" in text(client.get(f"/admin/roster/{found.id}"))
    assert client.post(f"/admin/roster/{found.id}/confirm", data={"version": 2}).status_code == 409
    assert client.get(f"/admin/roster/{found.id}/report.xlsx").status_code == 404


def test_report_tells_every_row_without_numbers_or_formulas(as_, made):
    rows = [
        LIN,
        ["L2", "=1+1", "女", None, "麟峰小学", None, None, None],
        ["L3", "林坤", "X", None, "麟峰小学"],
    ]
    found = made(teachers(*rows))
    answer = as_("lead").get(f"/admin/roster/{found.id}/report.xlsx")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    sheet = load_workbook(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert sheet[0] == ["位置", "结果", "内容", "学校", "说明"]
    assert ["教师!2", "新增", "林一鸣", "麟峰小学", ""] in sheet
    assert ["教师!C4", "错误", "X", "", "性别里没有这一项，可写：男、女"] in sheet


@pytest.mark.parametrize(
    ("who", "status"),
    [("teacher", 403), ("liaison", 403), ("mentor", 403), (None, 303), ("office", 200), ("bureau", 200)],
)
def test_who_sees_the_page(as_, who, status):
    assert as_(who).get("/admin/roster/").status_code == status


@pytest.mark.parametrize("who", ["bureau", "principal", "office", "teacher", "west_bureau", "west_lead"])
def test_other_peoples_imports_do_not_exist(as_, made, who):
    found, client = made(teachers(LIN)), as_(who)
    here = f"/admin/roster/{found.id}"
    assert client.get(here).status_code == 404
    assert client.get(here + "/report.xlsx").status_code == 404
    for step in ("sheet", "options", "people", "confirm", "cancel"):
        assert client.post(f"{here}/{step}", data={"version": found.version}).status_code == 404
    assert found.state == "previewed"


def test_scopes_offered_are_those_allowed_and_others_are_refused(as_, send, world):
    def offered(who):
        return re.findall(r'<option[^>]*value="([^"]+)"', text(as_(who).get("/admin/roster/")))

    assert offered("office") == [f"s-{world.gongchen.id}"]
    assert offered("equal_lead") == [f"s-{world.ziyuan.id}"]
    assert offered("lead")[0] == f"c-{world.cluster.id}"
    assert len(offered("lead")) == 4
    assert offered("bureau")[0] == "district"
    for who, scope in (
        ("office", f"c-{world.cluster.id}"),
        ("lead", "district"),
        ("lead", f"s-{world.ziyuan.id}"),
        ("bureau", f"s-{world.nanguan.id}"),
    ):
        assert send(teachers(LIN), who, scope).status_code == 422
    assert db.session.scalars(select(RosterImport)).all() == []


def test_a_lost_role_ends_the_preview(as_, made, world):
    found, client = made(teachers(LIN)), as_("lead")
    role = world.lead.roles[0]
    role.ends_on = date(2025, 11, 18)
    db.session.commit()
    count = people()
    here = f"/admin/roster/{found.id}"
    assert client.get(here).status_code == 403
    answer = client.post(here + "/confirm", data={"version": found.version, "digest": "x"})
    assert (answer.status_code, people()) == (403, count)


def _encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")


def _bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (40 * 1024 * 1024))
    return buffer.getvalue()


@pytest.mark.promise(25)
@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (None, "", "请选择一个文件"),
        (b"", "名册.xlsx", "文件是空的"),
        (b"hello", "名册.xlsx", "文件已损坏"),
        (b"MZ\x90 program", "名册.exe", "不能读取这种文件"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "名册.xls", "网页或 XML"),
        (_encrypted(), "名册.xlsx", "文件有密码"),
        (_bomb(), "名册.xlsx", "展开后太大"),
        (b"\xff\xff\xff\xfe\x81 not text", "名册.csv", "看不出文字编码"),
        (workbook(空=[]), "名册.xlsx", "工作簿里没有内容"),
    ],
    ids=["none", "empty", "broken", "program", "web", "encrypted", "bomb", "encoding", "no cells"],
)
def test_a_file_that_is_no_roster_is_refused_with_its_reason(send, data, name, words):
    answer = send(data, name=name)
    assert answer.status_code == 422
    assert words in text(answer)
    assert db.session.scalars(select(RosterImport)).all() == []


def test_a_head_without_rows_says_so(as_, made):
    found = made(teachers())
    page = text(as_("lead").get(f"/admin/roster/{found.id}"))
    assert "没有要写入的内容" in page


@pytest.mark.promise(25)
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.xlsx", "passwd.xlsx"),
        ("..\\..\\名册.xlsx", "....名册.xlsx"),
        ("<script>alert(1)</script>.xlsx", "script>.xlsx"),
        ("a\x00b\u202e.xlsx", "ab.xlsx"),
        ("长" * 300 + ".xlsx", "长" * 195 + ".xlsx"),
    ],
)
def test_names_of_files_are_only_shown(as_, made, name, kept):
    found = made(teachers(LIN), name=name)
    assert found.filename == kept
    assert as_("lead").get(f"/admin/roster/{found.id}").status_code == 200


@pytest.mark.promise(25)
def test_a_file_over_the_limit_gets_a_friendly_page(as_):
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\nPK'
    answer = as_("lead").post(
        "/admin/roster/",
        data=head + b"0" * (13 * 1024 * 1024) + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
        token=False,
    )
    assert answer.status_code == 413
    assert "文件太大，请缩小后再试" in text(answer)


def test_strange_steps_are_refused(as_, made):
    found, client = made(teachers(LIN)), as_("lead")
    here = f"/admin/roster/{found.id}"
    assert client.post(here + "/sheet", data={"sheet": "7", "version": found.version}).status_code == 400
    assert client.post(here + "/sheet", data={"sheet": "-1", "version": found.version}).status_code == 400
    odd = {"sheet": "0", "kind": "nonsense", "header_row": "99999", "c0": "nonsense", "c999": "name"}
    answer = client.post(here + "/sheet", data={**odd, "version": found.version})
    assert answer.status_code == 303
    for query in (
        "view=nonsense",
        "view=changes&show=x&page=9999999",
        "view=columns&sheet=99",
        "kind=x&page=-1",
    ):
        assert client.get(f"{here}?{query}").status_code == 200


def test_template_can_be_downloaded_and_loads_back(as_, made):
    answer = as_("office").get("/admin/roster/template.xlsx")
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheet_names[:2] == ["教师", "学校"]
    found = made(answer.data, "lead")
    assert "没有要写入的内容" in text(as_("lead").get(f"/admin/roster/{found.id}"))


def test_long_previews_come_in_pages(as_, made):
    rows = [[f"T{n}", f"甲{chr(0x4E00 + n)}", "男", None, "麟峰小学", None, None, None] for n in range(120)]
    found, client = made(teachers(*rows)), as_("lead")
    page = text(client.get(f"/admin/roster/{found.id}?view=changes"))
    assert "第 1 页，共 3 页" in page
    assert page.count("教师 第") == 50
    last = text(client.get(f"/admin/roster/{found.id}?view=changes&show=new&page=3"))
    assert last.count("教师 第") == 20


def test_list_costs_a_fixed_number_of_queries(as_, made):
    client, counts = as_("lead"), []
    for _ in range(2):
        made(teachers(LIN), client=client)
        statements = []

        def count(connection, cursor, statement, *rest, into=statements):
            into.append(statement)

        event.listen(db.engine, "before_cursor_execute", count)
        client.get("/admin/roster/")
        event.remove(db.engine, "before_cursor_execute", count)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 16


def test_every_sentence_of_a_problem_can_be_said():
    for code, sentence in SENTENCES.items():
        names = dict.fromkeys(re.findall(r"%\((\w+)\)s", sentence), "x")
        assert "%" not in sentence % names, code


def test_csv_of_an_office_is_read_like_a_workbook(as_, made):
    lines = [",".join(cell or "" for cell in row) for row in (HEAD, LIN)]
    found = made("\r\n".join(lines).encode("gb18030"), name="名册.csv")
    assert "新增 1 人" in text(as_("lead").get(f"/admin/roster/{found.id}"))
