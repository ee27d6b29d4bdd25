"""The visiting timetable workbook: plain cells become a problem, and each fault has its place."""

import pytest

from portal.domain.planning_problem import Added, Bell, Demand, Plan, PlanTeacher, Shortfall
from portal.domain.sheets import Sheet, Workbook
from portal.domain.timetable import Lesson, TeacherLimits, Weeks
from portal.domain.timetable_book import read_timetable
from portal.domain.timetable_plan import planned_sheets
from portal.domain.words import message

HEADERS = {
    "节次": ["学校", "节次", "开始", "结束"],
    "路程": ["甲校", "乙校", "分钟"],
    "教师": ["工号", "姓名", "本校", "学科", "周课时上限", "每周走教日上限", "可用半天"],
    "课表": ["工号", "学校", "班级", "学科", "星期", "节次", "类型", "锁定", "周次"],
    "需求": ["学校", "班级", "学科", "周课时", "每天最多"],
}
ROWS = {
    "节次": [
        ["甲小学", 1, "08:00", "08:40"],
        ["乙小学", 1, "08:20", "09:00"],
        ["乙小学", 2, "09:10", "09:50"],
    ],
    "路程": [["甲小学", "乙小学", 20]],
    "教师": [
        ["1001", "王雅芬", "甲小学", "音乐;美术", 12, 2, "周一上;周二下"],
        ["1002", "李建国", "乙小学", "", None, None, None],
    ],
    "课表": [["1001", "甲小学", "一班", "音乐", 1, 1, "本校", "是", None]],
    "需求": [["乙小学", "二班", "音乐", 2, None]],
}


def workbook(**sheets):
    """A workbook from rows by sheet; those not given are the standard ones."""
    made = []
    for title, header in HEADERS.items():
        rows = sheets.pop(title, ROWS[title])
        if rows is not None:
            table = [list(header), *(list(row) + [None] * (len(header) - len(row)) for row in rows)]
            made.append(Sheet(title, table))
    made += [Sheet(title, rows) for title, rows in sheets.items()]
    return Workbook("timetable.xlsx", "xlsx", tuple(made))


def faults(**sheets):
    return [(fault.key, str(fault.message)) for fault in read_timetable(workbook(**sheets)).faults]


def test_a_workbook_becomes_a_problem():
    book = read_timetable(workbook())
    problem = book.problem
    assert book.faults == ()
    assert problem.bells == (
        Bell("甲小学", 1, 480, 520),
        Bell("乙小学", 1, 500, 540),
        Bell("乙小学", 2, 550, 590),
    )
    assert problem.travel == {("甲小学", "乙小学"): 20}
    limits = TeacherLimits("甲小学", 12, 2, frozenset(((1, "am"), (2, "pm"))))
    assert problem.teachers == (
        PlanTeacher("1001", "王雅芬", frozenset(("音乐", "美术")), limits),
        PlanTeacher("1002", "李建国", frozenset(), TeacherLimits("乙小学")),
    )
    assert [(row.lesson, row.locked) for row in problem.rows] == [
        (Lesson(2, "1001", "甲小学", ("一班",), "音乐", 1, 1, 480, 520), True)
    ]
    assert problem.demands == (Demand(2, "乙小学", ("二班",), "音乐", 2, 1),)


def test_names_times_and_days_are_read_as_offices_write_them():
    book = read_timetable(
        workbook(
            节次=[["甲小学", "第1节", "８：００", 0.3611111111111111], ["甲小学", "早读", "07:30", "07:50"]],
            路程=[],
            教师=[[1001, "王雅芬", "甲 小学", "音乐、美术", "12节", None, "周一上午；周二下午"]],
            课表=[
                ["１００１", "甲小学", "一（1）班；一(2)班", "音乐", "星期三", "１", None, None, "３－１２"],
                [None, "甲小学", "一(1)班", "语文", "周四", "早读", None, "否", "双"],
                [1001, "甲小学", None, "教研", 5, 1, None, "是", None],
            ],
            需求=None,
        )
    )
    assert book.faults == ()
    assert [row.lesson for row in book.problem.rows] == [
        Lesson(2, "1001", "甲小学", ("一（1）班", "一(2)班"), "音乐", 3, 1, 480, 520, Weeks(3, 12)),
        Lesson(3, None, "甲小学", ("一（1）班",), "语文", 4, "早读", 450, 470, Weeks(parity=0)),
        Lesson(4, "1001", "甲小学", (), "教研", 5, 1, 480, 520),
    ]


@pytest.mark.parametrize(
    ("sheet", "row", "reason"),
    [
        ("节次", ["甲小学", 2, "25:00", "25:40"], "“开始”看不懂：25:00、“结束”看不懂：25:40"),
        ("节次", ["甲小学", 2, "09:00", "08:40"], "结束不晚于开始"),
        ("节次", ["甲小学", 1, "08:00", "08:40"], "甲小学第1节写了两次"),
        ("节次", ["甲小学", None, "08:00", "08:40"], "“节次”是空的"),
        ("路程", ["甲小学", "丙小学", 20], "工作表“节次”里没有学校丙小学"),
        ("路程", ["甲小学", "乙小学", 25], "甲小学到乙小学的路程写了两次"),
        ("路程", ["甲小学", "甲小学", 5], "甲校和乙校是同一所学校"),
        ("路程", ["乙小学", "甲小学", -5], "“分钟”看不懂：-5"),
        ("教师", ["1001", "同号", "甲小学"], "工号1001写了两次"),
        ("教师", ["1003", "陈丽", "丙小学"], "工作表“节次”里没有学校丙小学"),
        ("教师", ["1003", "陈丽", "甲小学", "", "很多"], "“周课时上限”看不懂：很多"),
        ("教师", ["1003", "陈丽", "甲小学", "", None, None, "星期一"], "“可用半天”看不懂：星期一"),
        ("课表", ["9999", "甲小学", "一班", "音乐", 1, 1], "工作表“教师”里没有工号9999"),
        ("课表", ["1001", "丙小学", "一班", "音乐", 1, 1], "工作表“节次”里没有学校丙小学"),
        ("课表", ["1001", "甲小学", "一班", "音乐", 1, 7], "甲小学没有第7节"),
        ("课表", ["1001", "甲小学", "一班", "音乐", 6, 1], "“星期”看不懂：6"),
        ("课表", ["1001", "甲小学", "一班", "音乐", 1, 1, "", "也许"], "“锁定”看不懂：也许"),
        ("课表", ["1001", "甲小学", "一班", "音乐", 1, 1, "", "", "5-3"], "“周次”看不懂：5-3"),
        ("课表", [None, "甲小学", None, "音乐", 1, 1], "工号和班级都是空的"),
        (
            "课表",
            ["8", "丙小学", "一班", "音乐", None, 1],
            "工作表“教师”里没有工号8、工作表“节次”里没有学校丙小学、“星期”是空的",
        ),
        ("需求", ["乙小学", "二班", "音乐", 3], "与第2行是同一个需求"),
        ("需求", ["乙小学", "三班", "音乐", "两节"], "“周课时”看不懂：两节"),
        ("需求", ["乙小学", "三班", None, 2], "“学科”是空的"),
    ],
)
def test_a_row_that_cannot_be_understood_is_a_fault_at_its_row(sheet, row, reason):
    rows = [*ROWS[sheet], row]
    assert faults(**{sheet: rows}) == [(f"{sheet}!{len(rows) + 1}", reason)]


def test_a_broken_bell_is_one_fault_however_many_lessons_it_has():
    broken = [["甲小学", 1, "25:00", "25:40"], *ROWS["节次"][1:]]
    lessons = ROWS["课表"] * 5
    assert faults(节次=broken, 课表=lessons) == [("节次!2", "“开始”看不懂：25:00、“结束”看不懂：25:40")]


def test_sheets_and_columns_that_are_needed_are_named():
    assert faults(课表=None) == [("课表!1", "没有工作表“课表”")]
    assert faults(路程=None, 需求=None) == []
    sheets = workbook(课表=None)
    short = Sheet("课表", [["学校", "班级", "节次"], ["甲小学", "一班", 1]])
    book = read_timetable(Workbook("a.xlsx", "xlsx", (*sheets.sheets, short)))
    assert [(fault.key, str(fault.message)) for fault in book.faults] == [("课表!1", "缺少列：工号、星期")]


def test_titles_above_and_signatures_below_are_no_rows():
    sheets = workbook(课表=None)
    width = len(HEADERS["课表"])
    rows = [
        ["走教课表"] + [None] * (width - 1),
        HEADERS["课表"],
        ROWS["课表"][0],
        [None] * width,
        ["填表人：王雅芬", None, "审核：", *[None] * (width - 3)],
    ]
    book = read_timetable(Workbook("a.xlsx", "xlsx", (*sheets.sheets, Sheet("课表", rows))))
    assert (book.faults, [row.lesson.row for row in book.problem.rows]) == ((), [3])


def test_unknown_columns_and_sheets_are_reported():
    sheets = workbook(说明=[["请勿修改"]])
    lessons = next(sheet for sheet in sheets.sheets if sheet.name == "课表")
    for row, cell in zip(lessons.rows, ["教室", "101"], strict=True):
        row.append(cell)
    book = read_timetable(sheets)
    assert (book.faults, book.unknown_columns, book.unknown_sheets) == ((), (("课表", "教室"),), ("说明",))


def test_a_plan_completes_the_sheet_and_keeps_everything_else():
    lessons = [
        ["1001", "甲小学", "一班", "音乐", 1, 1, "本校", "是", None],
        ["1001", "乙小学", "二班", "音乐", 1, 2, "走教", "否", "单"],
        ["1001", "乙小学", "三班", "音乐", 2, 2, "走教", None, None],
    ]
    sheets = workbook(课表=lessons, 说明=[["请勿修改"]], 未满足=[["旧"]])
    for row, cell in zip(sheets.sheets[3].rows, ["教室", "101", "102", "103"], strict=True):
        row.append(cell)
    book = read_timetable(sheets)
    plan = Plan(
        added=(Added(0, "1001", 3, 1, 500, 540, replaces=3), Added(0, "1001", 4, 1, 500, 540)),
        left=(),
        dropped=(4,),
        covered=2,
        wanted=2,
        travel_days=2,
        minutes=0,
        uncovered=(Shortfall(0, 1, (message("没有人"),)),),
        seed=1,
        iterations=1,
    )
    made = {each.sheet.name: each.sheet.rows for each in planned_sheets(book, plan)}
    assert made.pop("课表") == [
        [*HEADERS["课表"], "教室"],
        [*lessons[0], "101"],
        ["1001", "乙小学", "二班", "音乐", 3, 1, "走教", "否", None, "102"],
        ["1001", "乙小学", "二班", "音乐", 4, 1, "走教", "否", None, None],
    ]
    assert made.pop("未满足") == [
        ["学校", "班级", "学科", "未排课时", "原因"],
        ["乙小学", "二班", "音乐", 1, "没有人"],
    ]
    assert made == {sheet.name: sheet.rows for sheet in sheets.sheets if sheet.name not in ("课表", "未满足")}
