"""Staffing through the pages: written by subject, shown with surplus and shortage, a move tried out."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from portal.extensions import db
from portal.models import AuditValue, PersonTitle, SubjectStaffing
from tests import factories as make
from tests.support.queries import counted_queries


def text(answer) -> str:
    return answer.get_data(as_text=True)


def rows() -> list[tuple]:
    found = db.select(SubjectStaffing).order_by(SubjectStaffing.subject)
    found = db.session.scalars(found.execution_options(populate_existing=True))
    return [(row.subject, row.need, row.actual, row.minimum) for row in found]


@pytest.fixture
def write(as_, world):
    def send(*lines, who="principal", version=None):
        school = world.gongchen
        data = {"version": str(school.version if version is None else version)}
        for x, line in enumerate(lines):
            data |= {
                f"{name}_{x}": value
                for name, value in zip(("subject", "need", "actual", "minimum"), line, strict=True)
            }
        return as_(who).post(f"/clusters/schools/{school.id}/staffing/edit", data=data)

    return send


def test_a_school_writes_its_subjects_and_the_change_is_kept(as_, world, write):
    assert write(("音乐", "3", "1", "1"), ("美术", "1", "2", ""), ("", "", "", "")).status_code == 303
    assert rows() == [("美术", 1, 2, None), ("音乐", 3, 1, 1)]
    page = text(as_("principal").get(f"/clusters/schools/{world.gongchen.id}/staffing"))
    assert ["缺 2 人" in page, "超 1 人" in page, "未设定" in page] == [True, True, True]
    db.session.refresh(world.gongchen)
    assert write(("音乐", "3", "3", "1")).status_code == 303
    assert rows() == [("音乐", 3, 3, 1)]
    of_subjects = db.select(AuditValue).where(AuditValue.field == "subject_staffing").order_by(AuditValue.id)
    told = db.session.scalars(of_subjects).all()
    assert ("3/1/1" in told[-1].old, "3/3/1" in told[-1].new) == (True, True)


def test_of_two_writers_the_second_is_told_and_keeps_the_text(world, write):
    old = world.gongchen.version
    write(("音乐", "3", "1", "1"), version=old)
    answer = write(("体育", "5", "", ""), who="office", version=old)
    assert (answer.status_code, "体育" in text(answer), rows()) == (409, True, [("音乐", 3, 1, 1)])


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([("音乐", "1", "", ""), ("音乐", "2", "", "")], "音乐写了两行"),
        ([("", "2", "", "")], "请填写学科"),
        ([("音乐", "-1", "", "")], "500"),
    ],
)
def test_what_cannot_be_is_refused(write, lines, words):
    answer = write(*lines)
    assert (answer.status_code, words in text(answer), rows()) == (422, True, [])


def test_who_sees_and_writes(as_, world, write):
    school = f"/clusters/schools/{world.gongchen.id}/staffing"
    cluster = f"/clusters/{world.cluster.id}/staffing"
    see = {who: (as_(who).get(school).status_code, as_(who).get(cluster).status_code) for who in
           ("bureau", "lead", "principal", "nanjiao_principal", "teacher", "equal_lead", "west_lead")}  # fmt: skip
    assert see == {
        "bureau": (200, 200),
        "lead": (200, 200),
        "principal": (200, 200),
        "nanjiao_principal": (403, 200),
        "teacher": (403, 403),
        "equal_lead": (404, 404),
        "west_lead": (404, 404),
    }
    assert write(("音乐", "1", "", ""), who="nanjiao_principal").status_code == 403


def test_trying_a_move_shows_both_schools_and_writes_nothing(as_, world, write):
    write(("音乐", "2", "", "1"))
    world.mentee.subjects = ["音乐", "美术"]
    db.session.commit()
    before = rows()
    ask = {"person": "江念一", "school": str(world.linfeng.id)}
    page = text(as_("principal").get("/clusters/staffing/move", query_string=ask))
    assert ["1 → 0 人" in page, "0 → 1 人" in page, "低于最低人数 1" in page, "最低人数未设定" in page] == [
        True
    ] * 4
    assert rows() == before
    same = as_("principal").get(
        "/clusters/staffing/move", query_string={**ask, "school": str(world.gongchen.id)}
    )
    assert (same.status_code, "请选另一所" in text(same)) == (422, True)
    foreign = as_("nanjiao_principal").get("/clusters/staffing/move", query_string=ask)
    assert (foreign.status_code, "1 → 0 人" in text(foreign)) == (422, False)


def test_the_workbook_and_the_cluster_page_say_the_same(as_, world, write):
    write(("音乐", "3", "1", "1"))
    answer = as_("lead").get(f"/clusters/{world.cluster.id}/staffing.xlsx")
    lines = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    found = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    music = next(line for line in found if line["学科"] == "音乐")
    assert [music[name] for name in ("学校", "需要（人）", "现有（人）", "余缺（人）", "余缺", "最低（人）")] == [
        "拱辰中心小学", 3, 1, -2, "缺", 1,
    ]  # fmt: skip
    assert "音乐 2" in text(as_("lead").get(f"/clusters/{world.cluster.id}/staffing"))


def test_honours_are_counted_by_town_and_country_before_and_after(as_, world):
    db.session.add(
        PersonTitle(
            district_id=world.east.id,
            person_id=world.mentee.id,
            kind="master_teacher",
            starts_on=date(2025, 10, 1),
        )
    )
    db.session.commit()
    page = text(as_("lead").get(f"/clusters/{world.cluster.id}/staffing"))
    line = page[page.index("名师") : page.index("名师") + 160]
    assert (line.count("0 → 0"), line.count("0 → 1")) == (1, 1)


def test_the_cluster_page_costs_the_same_for_more_people_and_schools(as_, world):
    client, address = as_("lead"), f"/clusters/{world.cluster.id}/staffing"
    client.get(address)
    with counted_queries() as few:
        client.get(address)
    for number in range(12):
        make.person(world.east, f"教师{number}", world.gongchen, subjects=["语文"])
    db.session.commit()
    with counted_queries() as many:
        client.get(address)
    assert few.count == many.count
