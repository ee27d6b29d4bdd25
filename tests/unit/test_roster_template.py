"""The workbook to fill in is understood by the import that it is made for."""

import io
from datetime import date

import openpyxl

from portal.documents.roster_template import NOTES, roster_template
from portal.documents.spreadsheets import read_workbook
from portal.domain.roster import read_roster
from portal.domain.roster_sheets import KINDS

TODAY = date(2026, 3, 2)


def opened():
    return openpyxl.load_workbook(io.BytesIO(roster_template()))


def test_template_has_every_sheet_and_column_of_the_format():
    book = opened()
    assert book.sheetnames == ["教师", "学校", "学科编制", "经历", "聘期", "情形", NOTES]
    headers = {kind.title: [cell.value for cell in book[kind.title][1]] for kind in KINDS}
    assert headers["学校"] == [
        "学校",
        "学段",
        "性质",
        "位置",
        "薄弱",
        "一级达标",
        "上级中心校",
        "片区",
        "片区角色",
        "编制数",
        "实有数",
        "偏远等级",
        "平均周课时",
    ]
    assert headers["经历"] == [
        "工号",
        "姓名",
        "类型",
        "单位",
        "地点",
        "开始",
        "结束",
        "人事关系变动",
        "批准文号",
    ]
    assert set(headers["教师"]) >= {
        "工号",
        "姓名",
        "性别",
        "出生日期",
        "学校",
        "学段",
        "任教学科",
        "岗位类别",
        "拟任岗位",
        "在编",
        "在岗",
        "现任课",
        "胜任",
        "教师资格达标",
        "学历达标",
        "职务",
        "职称",
        "岗位等级",
        "称号",
        "入本校日期",
        "法定退休日期",
        "延迟退休",
        "角色",
        "申请交流",
        "学校推荐",
        "学校需要",
        "手机",
        "备注",
    }


def test_template_offers_lists_and_text_columns():
    sheet = opened()["教师"]
    lists = {check.formula1: str(check.sqref) for check in sheet.data_validations.dataValidation}
    assert lists['"男,女"'] == "C3:C2001"
    assert '"校长,副校长,中层,无"' in lists
    identity = next(cell.column_letter for cell in sheet[1] if cell.value == "身份证号")
    assert sheet.column_dimensions[identity].width > 10
    assert sheet.freeze_panes == "C2"


def test_template_as_it_is_loads_nothing_and_complains_of_nothing():
    reading = read_roster(read_workbook(roster_template(), "名册模板.xlsx"), today=TODAY)
    assert reading.problems == ()
    assert [(sheet.kind, sheet.rows) for sheet in reading.sheets] == [
        *((kind.key, 0) for kind in KINDS),
        (None, 0),
    ]
    assert [(skip.sheet, skip.row, skip.reason) for skip in reading.skipped] == [
        (NOTES, None, "note"),
        *((kind.title, 2, "example") for kind in KINDS),
    ]


def test_template_example_is_itself_correct():
    """Without the words that mark it, the example row of each sheet is read without a problem."""
    book = opened()
    for sheet in book:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = cell.value.replace("（示例）", "").replace("示例1", "t1").replace("示例", "")
    out = io.BytesIO()
    book.save(out)
    reading = read_roster(read_workbook(out.getvalue(), "名册.xlsx"), today=TODAY)
    assert reading.problems == ()
    rows = (
        reading.teachers,
        reading.schools,
        reading.subject_staffing,
        reading.services,
        reading.appointments,
        reading.conditions,
    )
    assert [len(kind) for kind in rows] == [1] * 6
    assert (reading.teachers[0].staff_no, reading.teachers[0].honours) == (
        "t1",
        (("backbone_teacher", "county"),),
    )


def test_template_is_the_same_each_time():
    assert roster_template() == roster_template()
