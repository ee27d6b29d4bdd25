"""Rosters with other header words and other layouts."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from portal.documents.spreadsheets import read_workbook
from portal.domain.roster import SheetChoice, read_roster
from portal.domain.roster_problems import Skipped
from portal.domain.roster_rows import (
    AppointmentRow,
    ConditionRow,
    SchoolRow,
    ServiceRow,
    SubjectStaffingRow,
    TeacherRow,
)
from portal.domain.sheets import Sheet, Workbook

ROSTERS = Path(__file__).parents[1] / "fixtures" / "rosters"
TODAY = date(2026, 3, 2)


def workbook(**sheets) -> Workbook:
    """A workbook of sheets given as lists of rows, padded to equal length."""
    made = []
    for name, rows in sheets.items():
        width = max(len(row) for row in rows)
        made.append(Sheet(name, [list(row) + [None] * (width - len(row)) for row in rows]))
    return Workbook("名册.xlsx", "xlsx", tuple(made))


def read(*, today=TODAY, **sheets):
    """The reading of such a workbook."""
    return read_roster(workbook(**sheets), today=today)


def faults(reading) -> list:
    """Cell, severity and code of each problem."""
    return [(found.sheet, found.cell, found.kind, found.code) for found in reading.problems]


def test_xls_of_one_school_with_a_header_in_two_rows():
    reading = read_roster(
        read_workbook((ROSTERS / "one-school.xls").read_bytes(), "one-school.xls"), today=TODAY
    )
    sheet = {"sheet": "南关小学", "school_name": "南关小学"}
    assert reading.sheets[0].header_rows == (2, 3)
    assert reading.teachers == (
        TeacherRow(
            **sheet,
            row=4,
            name="莫喆",
            sex="female",
            born_on=date(1988, 3, 9),
            subjects=("语文", "道德与法治"),
            professional_title="middle",
            post_grade=10,
            joined_on=date(2012, 9, 1),
            phone="13900000001",
            extras={"政治面貌": "群众"},
        ),
        TeacherRow(
            **sheet,
            row=5,
            name="堃昇",
            sex="male",
            born_on=date(1979, 7, 1),
            subjects=("数学",),
            professional_title="senior",
            post_grade=6,
            joined_on=date(2003, 9, 1),
            phone="13900000002",
            extras={"政治面貌": "中共党员"},
        ),
        TeacherRow(
            **sheet,
            row=6,
            name="犇彧婳",
            sex="female",
            born_on=date(1991, 7, 2),
            subjects=("英语",),
            professional_title="junior",
            post_grade=12,
            joined_on=date(2016, 9, 1),
            phone="09372661234",
        ),
    )
    assert faults(reading) == [
        ("南关小学", None, "warning", "school_assumed"),
        ("南关小学", "I3", "warning", "column_unknown"),
    ]
    assert reading.skipped == (
        Skipped("南关小学", 1, "title", "南关小学教职工花名册"),
        Skipped("南关小学", 7, "signature", "校长（签字）：  2025年8月30日"),
    )


CSV_ROWS = [
    [
        "单位",
        "教职工姓名",
        "性 别",
        "出生日期",
        "参加本校工作时间",
        "参加工作时间",
        "毕业学校",
        "联系电话",
        "所教学科",
    ],
    ["三合小学", "䶮　𬭎", "女", "1990-1-5", "2015年9月", "2012.7", "兰州大学", "13900000001", "语文"],
    ["三合小学", "冉阿英", "女", "1985/12/31", "20080901", "2008-09-01", "", "", "=HYPERLINK(1)"],
    ["古城小学", "石磊", "男", "1979年2月", "1999-09-01", "", "", "+8613900000002", "数学"],
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_in_the_encodings_and_separators_of_office_programs(encoding, separator):
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(CSV_ROWS)
    reading = read_roster(read_workbook(text.getvalue().encode(encoding), "教师.csv"), today=TODAY)
    sheet = {"sheet": "教师"}
    assert reading.teachers == (
        TeacherRow(
            **sheet,
            row=2,
            name="䶮𬭎",
            sex="female",
            school_name="三合小学",
            born_on=date(1990, 1, 5),
            joined_on=date(2015, 9, 1),
            work_started_on=date(2012, 7, 1),
            phone="13900000001",
            subjects=("语文",),
            extras={"毕业学校": "兰州大学"},
        ),
        TeacherRow(
            **sheet,
            row=3,
            name="冉阿英",
            sex="female",
            school_name="三合小学",
            born_on=date(1985, 12, 31),
            joined_on=date(2008, 9, 1),
            work_started_on=date(2008, 9, 1),
            subjects=("=HYPERLINK(1)",),
        ),
        TeacherRow(
            **sheet,
            row=4,
            name="石磊",
            sex="male",
            school_name="古城小学",
            born_on=date(1979, 2, 1),
            joined_on=date(1999, 9, 1),
            phone="13900000002",
            subjects=("数学",),
        ),
    )
    assert faults(reading) == [("教师", "G1", "warning", "column_unknown")]


def test_csv_with_characters_that_gb18030_moved_later_reads_them():
    data = "学校,姓名,性别\n三合小学,".encode("gb18030") + b"\xfe\x59" + ",男\n".encode("gb18030")
    (teacher,) = read_roster(read_workbook(data, "a.csv"), today=TODAY).teachers
    assert teacher.name == "\u9fb4"


def test_school_written_once_above_its_teachers_serves_them_all():
    reading = read(
        教师=[
            ["学校", "姓名", "性别"],
            ["三合小学", "甲一", "男"],
            [None, "乙二", "女"],
            [None, "丙三", "女"],
            ["古城小学", "丁四", "男"],
            [None, "戊五", "女"],
            [None, "己六", "女"],
        ]
    )
    assert [(row.name, row.school_name) for row in reading.teachers] == [
        ("甲一", "三合小学"),
        ("乙二", "三合小学"),
        ("丙三", "三合小学"),
        ("丁四", "古城小学"),
        ("戊五", "古城小学"),
        ("己六", "古城小学"),
    ]
    assert [(found.cell, found.code, str(found.message)) for found in reading.problems] == [
        ("A3", "school_filled_down", "学校为空，沿用上面的“三合小学”（共2行）"),
        ("A6", "school_filled_down", "学校为空，沿用上面的“古城小学”（共2行）"),
    ]


def test_one_forgotten_school_name_or_sex_is_a_fault_of_its_row():
    reading = read(
        教师=[
            ["学校", "姓名", "性别"],
            ["三合小学", "甲一", "男"],
            [None, "乙二", "女"],
            ["三合小学", None, "女"],
            ["三合小学", "丁四", None],
            ["三合小学", "戊五", "女"],
        ]
    )
    assert faults(reading) == [
        ("教师", "A3", "error", "empty"),
        ("教师", "B4", "error", "empty"),
        ("教师", "C5", "error", "empty"),
    ]
    assert [row.name for row in reading.teachers] == ["甲一", "戊五"]


def test_school_comes_from_the_choice_the_sheet_or_the_unit_line():
    rows = [["填报单位：三合小学（盖章）", None], ["姓名", "性别"], ["甲一", "男"]]
    assert read(教师=rows).teachers[0].school_name == "三合小学"
    assert faults(read(教师=rows)) == [("教师", "A1", "warning", "school_assumed")]
    assert read(古城小学=rows).teachers[0].school_name == "古城小学"
    chosen = read_roster(workbook(教师=rows), today=TODAY, default_school="县三中")
    assert (chosen.teachers[0].school_name, chosen.problems) == ("县三中", ())
    nowhere = read(教师=rows[1:])
    assert faults(nowhere) == [("教师", None, "error", "column_missing")]
    assert (nowhere.teachers, nowhere.left_out[0].name) == ((), "甲一")


def test_one_sheet_for_each_school_is_read_as_one_roster():
    rows = [["序号", "姓名", "性别"], [1, "甲一", "男"], [2, "乙二", "女"], [3, None, None]]
    reading = read(三合小学=rows, 古城小学=rows)
    assert [(row.name, row.school_name, row.row) for row in reading.teachers] == [
        ("甲一", "三合小学", 2),
        ("乙二", "三合小学", 3),
        ("甲一", "古城小学", 2),
        ("乙二", "古城小学", 3),
    ]
    assert {skip.reason for skip in reading.skipped} == {"numbered"}


def test_user_overrules_header_row_columns_and_kind():
    rows = [
        ["学校", "人", "性别", "备注栏", "联系电话"],
        ["三合小学", "甲一", "男", "1990-05-06", "13900000001"],
        ["三合小学", "乙二", "女", "1991-05-06", "13900000002"],
    ]
    unaided = read(名单=rows)
    assert faults(unaided)[0] == ("名单", None, "error", "no_table")
    choice = SheetChoice(kind="teachers", header_row=1, columns={1: "name", 3: "born_on", 4: "ignore"})
    reading = read_roster(workbook(名单=rows), today=TODAY, choices={"名单": choice})
    assert [(row.name, row.born_on, row.phone, row.extras) for row in reading.teachers] == [
        ("甲一", date(1990, 5, 6), None, {}),
        ("乙二", date(1991, 5, 6), None, {}),
    ]
    assert {column.field: column.how for column in reading.sheets[0].columns} == {
        "school_name": "exact",
        "name": "user",
        "sex": "exact",
        "born_on": "user",
        None: "user",
    }
    ignored = read_roster(
        workbook(教师=[["学校", "姓名", "性别"]]), today=TODAY, choices={"教师": SheetChoice(kind="ignore")}
    )
    assert ignored.sheets[0].kind is None


def test_columns_without_understandable_header_are_known_by_their_values():
    reading = read(
        教师=[
            ["学校", "姓名", "xb", "本人手边号"],
            ["三合小学", "甲一", "男", "13900000001"],
            ["三合小学", "乙二", "女", "13900000002"],
            ["三合小学", "丙三", "女", "13900000003"],
        ]
    )
    assert [(column.field, column.how, column.confidence) for column in reading.sheets[0].columns] == [
        ("school_name", "exact", 1.0),
        ("name", "exact", 1.0),
        ("sex", "values", 0.5),
        ("phone", "values", 0.5),
    ]
    assert [row.sex for row in reading.teachers] == ["male", "female", "female"]


def test_second_column_of_the_same_meaning_is_kept_and_told():
    reading = read(
        教师=[
            ["学校", "姓名", "性别", "出生年月", "出生日期"],
            ["三合小学", "甲一", "男", "1990.5", "1990-05-06"],
        ]
    )
    assert reading.teachers[0].born_on == date(1990, 5, 6)
    assert reading.teachers[0].extras == {"出生年月": "1990.5"}
    assert [(found.cell, str(found.message)) for found in reading.problems] == [
        ("D1", "与E列含义相同，没有采用，内容原样保留")
    ]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("教师姓名", "name"),
        ("姓  名（必填）", "name"),
        ("＊姓名", "name"),
        ("任教学校", "school_name"),
        ("所在学校名称", "school_name"),
        ("现任教学校", "school_name"),
        ("参加本校工作时间", "joined_on"),
        ("到现学校工作时间", "joined_on"),
        ("参加工作时间", "work_started_on"),
        ("参加教育工作年月", "work_started_on"),
        ("身份证号", "identity_no"),
        ("居民身份证号码", "identity_no"),
        ("出生年月（岁）", "born_on"),
        ("专业技术职务", "professional_title"),
        ("现行政职务", "cadre_level"),
        ("专业技术岗位等级", "post_grade"),
        ("是否在编", "established"),
        ("是否申请交流（是/否）", "applied"),
        ("学校是否推荐", "recommended"),
        ("学历是否达标", "education_ok"),
        ("教师资格是否达标", "certificate_ok"),
        ("预计退休时间", "retires_on"),
        ("毕业学校", None),
        ("拟交流学校", None),
        ("原工作单位", None),
        ("职称取得时间", None),
        ("学校意见", None),
        ("校长姓名", None),
        ("出生地", None),
        ("家长联系电话", None),
        ("退休教师", None),
        ("学历", None),
        ("年级", None),
    ],
)
def test_header_is_understood_by_meaning_or_not_at_all(header, field):
    rows = [["工号", "性别", "民族", "子女情况"], ["a1", "男", "汉", ""]]
    base = ["学校", "姓名"]
    if field in ("name", "school_name"):
        base.remove({"name": "姓名", "school_name": "学校"}[field])
    reading = read(教师=[[*base, *rows[0], header], [*["三合小学"] * len(base), *rows[1], "x"]])
    column = next(column for column in reading.sheets[0].columns if column.header == header.replace("  ", ""))
    assert column.field == field


def test_rows_that_are_no_persons_are_passed_over_and_told():
    reading = read(
        教师=[
            ["序号", "学校", "姓名", "性别", "备注"],
            [1, 2, 3, 4, 5],
            [1, "三合小学", "甲一", "男", "审核：已核"],
            ["小计", None, "1人", None, None],
            ["序号", "学校", "姓名", "性别", "备注"],
            [2, "三合小学", "例：乙二", "女", None],
            [3, "三合小学", "计平", "女", None],
            [4, None, None, None, None],
            ["总计", None, 2, None, None],
            ["注：本表一式三份", None, None, None, None],
            ["填表人：冯一  负责人：", None, None, "联系电话：13900000009", None],
            [None, None, None, None, "2025年8月30日"],
            [None, None, None, None, None],
        ]
    )
    assert [(skip.row, skip.reason) for skip in reading.skipped] == [
        (2, "numbering"),
        (4, "total"),
        (5, "header"),
        (6, "example"),
        (8, "numbered"),
        (9, "total"),
        (10, "note"),
        (11, "signature"),
        (12, "note"),
    ]
    assert reading.skipped[7].text == "填表人：冯一负责人：  联系电话：139＊＊＊＊＊＊09"
    assert [row.name for row in reading.teachers] == ["甲一", "计平"]
    assert reading.problems == ()


def test_persons_who_cannot_be_told_apart_are_faults_and_others_are_not():
    header = ["工号", "学校", "姓名", "性别", "出生日期", "身份证号"]
    reading = read(
        教师=[
            header,
            [None, "三合小学", "李娜", "女", "1990-01-01", None],
            [None, "三合小学", "李　娜", "女", "1990-01-01", None],  # the same person
            [
                None,
                "三合小学",
                "李娜",
                "女",
                "1985-01-01",
                None,
            ],  # perhaps another, but nothing tells them apart
            [None, "古城小学", "李娜", "女", "1990-01-01", None],  # another school, another person
            ["t1", "三合小学", "王芳", "女", None, None],
            ["t2", "三合小学", "王芳", "女", None, None],  # two numbers, two persons
            ["t2", "三合小学", "赵一", "女", None, None],
            ["t1", "古城小学", "王芳", "女", None, None],
            [None, "三合小学", "钱二", "男", "1990-01-01", "110101199001010011"],
            [None, "古城小学", "钱贰", "男", "1990-01-01", "110101199001010011"],
        ]
    )
    assert [(found.cell, found.code, str(found.message)) for found in reading.problems] == [
        ("C3", "person_twice", "与第2行是同一个人"),
        ("C4", "same_name", "与第2行同校同名，无法区分；如果是两个人，请填工号"),
        ("A8", "staff_no_twice", "工号与第7行相同"),
        ("A9", "person_twice", "与第6行是同一个人"),
        ("C11", "person_twice", "与第10行是同一个人"),
    ]
    assert [row.row for row in reading.teachers] == [2, 5, 6, 7, 10]


def test_first_of_two_rows_with_a_fault_gives_way_to_the_second():
    reading = read(
        教师=[
            ["学校", "姓名", "性别"],
            ["三合小学", "李娜", "？"],
            ["三合小学", "李娜", "女"],
        ]
    )
    assert [row.row for row in reading.teachers] == [3]


def test_facts_that_contradict_each_other_are_doubts_or_faults():
    header = ["学校", "姓名", "性别", "出生日期", "身份证号", "入本校日期"]
    reading = read(
        教师=[
            header,
            ["三合小学", "甲一", "男", "1990-01-02", "110101199001030011", "2016.9"],
            ["三合小学", "乙二", "女", "1990.1", "110101199001030031", "2016.9"],
            ["三合小学", "丙三", "女", "2027-01-01", None, None],
            ["三合小学", "丁四", "女", "1940-01-01", None, "1939-01-01"],
            ["三合小学", "戊五", "女", None, None, "2026-04-01"],
            ["三合小学", "己六", "女", None, None, "2026-06-01"],
        ]
    )
    assert faults(reading) == [
        ("教师", "D2", "warning", "identity_born_differs"),
        ("教师", "C3", "warning", "identity_sex_differs"),
        ("教师", "D4", "error", "born_in_future"),
        ("教师", "D5", "warning", "born_unlikely"),
        ("教师", "F5", "error", "joined_before_born"),
        ("教师", "F6", "warning", "joined_soon"),
        ("教师", "F7", "error", "joined_in_future"),
    ]
    assert [row.row for row in reading.teachers] == [2, 3, 6]


def test_word_that_is_not_understood_is_kept_as_written():
    reading = read(
        教师=[
            ["学校", "姓名", "性别", "职称", "称号"],
            ["三合小学", "甲一", "男", "工程师", "县骨干、劳动能人"],
        ]
    )
    (teacher,) = reading.teachers
    assert (teacher.professional_title, teacher.extras) == (None, {"职称": "工程师"})
    assert teacher.honours == (("backbone_teacher", "county"),)
    assert [str(found.message) for found in reading.problems] == [
        "职称里没有这一项，可写：初级、中级、高级",
        "看不懂：劳动能人",
    ]


def test_empty_cells_mean_no_only_where_the_format_says_so():
    (teacher,) = read(
        教师=[
            ["学校", "姓名", "性别", "申请交流", "学校推荐", "延迟退休", "在编", "胜任", "称号"],
            ["三合小学", "甲一", "男", None, None, None, None, None, None],
        ]
    ).teachers
    assert (teacher.applied, teacher.recommended, teacher.delayed_retirement) == (False, False, False)
    assert (teacher.established, teacher.competent, teacher.needed) == (None, None, None)


WHOLE = {
    "教师": [
        [
            "工号",
            "姓名",
            "性别",
            "学校",
            "学段",
            "岗位类别",
            "拟任岗位",
            "职务",
            "岗位等级",
            "角色",
            "学校需要",
        ],
        ["t1", "甲一", "男", "三合小学", "小学", "行政", "专任", "副校长", 7, "新聘;下学年毕业班", "是"],
        ["t2", "乙二", "女", "三和小学", "小学", "教辅", None, "无", None, None, None],
    ],
    "学校": [
        [
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
        ],
        [
            "三合小学",
            "小学;初中",
            "公办",
            "乡镇",
            "是",
            "否",
            "古城中心小学",
            "南关责任区",
            "成员",
            40,
            "42人",
            "二类",
            13.5,
        ],
    ],
    "学科编制": [["学校", "学科", "需求", "实有"], ["三合小学", "音乐", 2, 3], ["三合小学", "音乐", 2, 3]],
    "经历": [
        ["工号", "类型", "单位", "地点", "开始", "结束", "人事关系变动", "批准文号"],
        ["t1", "支教", "羊井子湾小学", "农村;薄弱", "2020.9", "2021年8月", "否", "教字〔2020〕3号"],
        ["t1", "交流", "县二中", None, "2023-09-01", "至今", None, None],
        ["t9", "任教", "县二中", None, None, None, None, None],
        ["t1", "旅游", "县二中", None, None, None, None, None],
        [None, "任教", "县二中", None, None, None, None, None],
        ["t1", "任教", "县二中", None, "2020-09-01", "2019-08-31", None, None],
    ],
    "聘期": [["工号", "学校", "开始", "结束"], ["t1", None, "2022-09-01", "2025-08-31"]],
    "情形": [
        ["工号", "情形", "对象", "开始", "结束", "月数"],
        ["t2", "照顾家人", "直系亲属", "2025-03-01", None, 6],
    ],
}


def test_all_sheets_of_the_roster_workbook_are_read():
    reading = read(**WHOLE)
    assert reading.teachers == (
        TeacherRow(
            sheet="教师",
            row=2,
            staff_no="t1",
            name="甲一",
            sex="male",
            school_name="三合小学",
            stage="primary",
            post_kind="administrative",
            intended_post_kind="teaching",
            cadre_level="vice_principal",
            post_grade=7,
            role_facts=("newly_hired", "graduating_class_next_year"),
            needed=True,
        ),
        TeacherRow(
            sheet="教师",
            row=3,
            staff_no="t2",
            name="乙二",
            sex="female",
            school_name="三和小学",
            stage="primary",
            post_kind="support",
            cadre_level="none",
            needed=False,
        ),
    )
    assert reading.schools == (
        SchoolRow(
            sheet="学校",
            row=2,
            school_name="三合小学",
            stage=("小学", "初中"),
            ownership="public",
            location="rural",
            weak=True,
            standard_school=False,
            parent_school="古城中心小学",
            cluster="南关责任区",
            cluster_role="member",
            staff_quota=40,
            staff_actual=42,
            remoteness_tier="二类",
            average_periods=13.5,
        ),
    )
    assert reading.subject_staffing == (
        SubjectStaffingRow(sheet="学科编制", row=2, school_name="三合小学", subject="音乐", need=2, actual=3),
    )
    assert reading.services == (
        ServiceRow(
            sheet="经历",
            row=2,
            staff_no="t1",
            kind="support_teaching",
            organisation="羊井子湾小学",
            places=("rural", "weak"),
            starts_on=date(2020, 9, 1),
            ends_on=date(2021, 8, 31),
            transfer=False,
            approval_no="教字〔2020〕3号",
        ),
        ServiceRow(
            sheet="经历",
            row=3,
            staff_no="t1",
            kind="rotation",
            organisation="县二中",
            starts_on=date(2023, 9, 1),
        ),
        ServiceRow(sheet="经历", row=4, staff_no="t9", kind="regular", organisation="县二中"),
    )
    assert reading.appointments == (
        AppointmentRow(
            sheet="聘期", row=2, staff_no="t1", starts_on=date(2022, 9, 1), ends_on=date(2025, 8, 31)
        ),
    )
    assert reading.conditions == (
        ConditionRow(
            sheet="情形",
            row=2,
            staff_no="t2",
            condition="family_care",
            relation="close_relative",
            starts_on=date(2025, 3, 1),
            months=6.0,
        ),
    )
    assert faults(reading) == [
        ("教师", "D3", "warning", "school_unlisted"),
        ("学科编制", "B3", "error", "subject_twice"),
        ("经历", "A4", "warning", "person_unknown"),
        ("经历", "B5", "error", "choice_unknown"),
        ("经历", "A6", "error", "person_unnamed"),
        ("经历", "F7", "error", "ends_before_start"),
    ]


def test_workbook_without_a_roster_says_so():
    reading = read(数据=[["产品", "数量"], ["纸", 5]], 空=[[None]])
    assert faults(reading) == [("数据", None, "error", "no_table")]
    assert [(skip.sheet, skip.reason) for skip in reading.skipped] == [
        ("数据", "unrecognised"),
        ("空", "empty"),
    ]


def test_hidden_sheet_is_not_read_and_told():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    for name in ("教师", "旧名册"):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["学校", "姓名", "性别"])
        sheet.write_row(1, 0, ["三合小学", "甲一", "男"])
        if name == "旧名册":
            sheet.hide()
    book.close()
    reading = read_roster(read_workbook(buffer.getvalue(), "名册.xlsx"), today=TODAY)
    assert reading.skipped == (Skipped("旧名册", None, "hidden"),)
    assert len(reading.teachers) == 1
