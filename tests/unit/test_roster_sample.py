"""A roster as a school office fills it in: titles, merged schools, seven kinds of date, four faults."""

import csv
from datetime import date
from pathlib import Path

import pytest

from portal.documents.spreadsheets import read_workbook
from portal.domain.roster import LeftOut, read_roster
from portal.domain.roster_problems import Skipped

ROSTERS = Path(__file__).parents[1] / "fixtures" / "rosters"
TODAY = date(2026, 3, 2)
SHEET = "教师"


def _expected() -> list[dict]:
    """The rows as a person reads them off the sheet, kept beside the workbook."""

    def day(text):
        return date.fromisoformat(text) if text else None

    rows = []
    with (ROSTERS / "roster-messy.expected.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.append(
                {
                    **{key: value or None for key, value in row.items()},
                    "row": int(row["row"]),
                    "born_on": day(row["born_on"]),
                    "work_started_on": day(row["work_started_on"]),
                    "joined_on": day(row["joined_on"]),
                    "subjects": tuple(row["subjects"].split()),
                    "honours": tuple(tuple(honour.split(":")) for honour in row["honours"].split()),
                }
            )
    return rows


@pytest.fixture(scope="module")
def reading():
    workbook = read_workbook((ROSTERS / "roster-messy.xlsx").read_bytes(), "roster-messy.xlsx")
    return read_roster(workbook, today=TODAY)


def test_sample_has_exactly_its_four_faults_each_at_its_cell(reading):
    faults = [(found.cell, found.kind, found.code, found.field, found.value) for found in reading.problems]
    assert faults == [
        ("E8", "error", "month_impossible", "born_on", "1979.13"),
        ("D11", "error", "choice_unknown", "sex", "X"),
        ("H15", "error", "joined_in_future", "joined_on", "2031-09-01"),
        ("C20", "error", "person_twice", "name", "林坤"),
    ]
    assert [str(found.message) for found in reading.problems] == [
        "没有13月",
        "性别里没有这一项，可写：男、女",
        "入本校日期在今天之后",
        "与第19行是同一个人",
    ]


def test_sample_loads_every_other_row_with_its_values(reading):
    expected = _expected()
    assert len(expected) == 50
    found = [{key: getattr(row, key) for key in expected[0]} for row in reading.teachers]
    assert found == expected
    assert {row.sheet for row in reading.teachers} == {SHEET}
    assert all(row.extras == {} for row in reading.teachers)
    assert all(
        row.staff_no is None and row.cadre_level is None and row.competent is None for row in reading.teachers
    )


def test_sample_names_the_rows_left_out(reading):
    assert reading.left_out == (
        LeftOut(SHEET, 8, None, "邓伟", "麟峰小学"),
        LeftOut(SHEET, 11, None, "王磊", "麟峰小学"),
        LeftOut(SHEET, 15, None, "余桂芳", "私立实小"),
        LeftOut(SHEET, 20, None, "林坤", "私立实小"),
    )


def test_sample_tells_which_rows_are_no_data(reading):
    assert reading.skipped == (
        Skipped(SHEET, 1, "title", "麟峰小学片区教师名册（2025—2026学年第一学期）"),
        Skipped(SHEET, 2, "title", "填报单位：麟峰小学（盖章）填报日期：2025.8.30"),
        Skipped(SHEET, 36, "blank", ""),
        Skipped(SHEET, 59, "total", "合计  共54人"),
        Skipped(SHEET, 60, "signature", "填表人：林芳  审核人：  联系电话："),
    )


def test_sample_columns_are_mapped_by_meaning(reading):
    (sheet,) = reading.sheets
    assert (sheet.name, sheet.kind, sheet.header_rows, sheet.rows) == (SHEET, "teachers", (3, 3), 54)
    assert [(column.letters, column.header, column.field) for column in sheet.columns] == [
        ("A", "序号", None),
        ("B", "学校", "school_name"),
        ("C", "姓名", "name"),
        ("D", "性别", "sex"),
        ("E", "出生年月", "born_on"),
        ("F", "身份证号码", "identity_no"),
        ("G", "参加工作时间", "work_started_on"),
        ("H", "调入本校时间", "joined_on"),
        ("I", "任教学科", "subjects"),
        ("J", "岗位", "post_kind"),
        ("K", "职称", "professional_title"),
        ("L", "骨干称号", "honours"),
        ("M", "手机号码", "phone"),
        ("N", "备注", "remark"),
    ]


def test_sample_shows_no_phone_identity_number_or_remark(reading):
    samples = {column.field: column.samples for column in reading.sheets[0].columns}
    assert samples["identity_no"] == (
        "350＊＊＊＊＊＊＊＊＊＊＊＊＊70",
        "350＊＊＊＊＊＊＊＊＊＊＊＊＊18",
        "350＊＊＊＊＊＊＊＊＊＊＊＊＊58",
    )
    assert samples["phone"] == ("182＊＊＊＊＊＊75", "139＊＊＊＊＊＊14", "186＊＊＊＊＊＊23")
    assert samples["remark"] == ("＊＊", "＊＊＊＊＊＊", "＊＊＊＊＊＊")


def test_sample_filled_in_before_the_term_takes_its_newcomers_with_a_doubt():
    workbook = read_workbook((ROSTERS / "roster-messy.xlsx").read_bytes(), "roster-messy.xlsx")
    reading = read_roster(workbook, today=date(2025, 8, 30))
    assert [found.cell for found in reading.errors] == ["E8", "D11", "H15", "C20"]
    assert [(found.cell, found.code) for found in reading.warnings] == [
        ("H21", "joined_soon"),
        ("H44", "joined_soon"),
        ("H46", "joined_soon"),
        ("H50", "joined_soon"),
        ("H56", "joined_soon"),
    ]
    assert len(reading.teachers) == 50
