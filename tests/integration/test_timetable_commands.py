"""flask timetable: what is printed, the exit status, and the workbook that is written."""

import re
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from portal import cli_timetable
from tests.conftest import make_app

FILES = Path(__file__).parents[1] / "fixtures" / "timetables"
SMALL, CONFLICTS = FILES / "timetable-small.xlsx", FILES / "timetable-conflicts.xlsx"


@pytest.fixture
def run(tmp_path):
    """Run a command; gives exit status, standard output and standard error."""
    app = make_app(f"sqlite:///{tmp_path / 'none.sqlite3'}", tmp_path)

    def command(*words):
        result = app.test_cli_runner().invoke(args=["timetable", *map(str, words)])
        return result.exit_code, result.stdout, result.stderr

    return command


def changed(source, target, change):
    """A copy of a workbook with something changed."""
    book = openpyxl.load_workbook(source)
    change(book)
    book.save(target)
    return target


def cells(path, sheet):
    return [list(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]


def test_check_says_nothing_of_a_timetable_without_conflicts(run):
    assert run("check", SMALL) == (0, "", "")


def test_check_lists_each_conflict_with_kind_key_rows_and_reason(run):
    code, output, errors = run("check", CONFLICTS)
    assert (code, errors) == (1, "")
    assert output.splitlines() == [
        "teacher\t1001\t80,81\t同一教师周四两处有课：柳溪小学三(2)班音乐 10:10-10:50，中心小学三(1)班音乐 10:40-11:20",
        "class\t柳溪小学 六(1)班\t82,83\t同一班级周一同时有两节课："
        "柳溪小学六(1)班体育 16:05-16:45，柳溪小学六(1)班科学 16:05-16:45",
        "travel\t1003\t84,85\t周三从石桥小学到中心小学需要35分钟，课间只有30分钟",
        "availability\t2001\t86\t周一下午不在该教师可用的半天内",
        "week_limit\t3001\t33,34,35,36,87,88,89,90,91\t第1周共9节，超过每周上限8节",
        "day_limit\t2002\t92,93\t第1周有2天走教，超过每周上限1天",
    ]


def test_check_lists_rows_that_cannot_be_understood_beside_the_conflicts(run, tmp_path):
    def spoil(book):
        book["课表"]["A77"] = "9999"
        book["需求"].append(["柳溪小学", "五(1)班", "音乐", 1, None])

    code, output, _ = run("check", changed(CONFLICTS, tmp_path / "spoilt.xlsx", spoil))
    lines = output.splitlines()
    assert (code, lines[:2]) == (
        1,
        [
            "fault\t课表!77\t77\t工作表“教师”里没有工号9999",
            "fault\t需求!12\t12\t与第2行是同一个需求",
        ],
    )
    assert [line.split("\t")[0] for line in lines[2:]] == [
        "teacher",
        "class",
        "travel",
        "availability",
        "week_limit",
        "day_limit",
    ]


def test_check_names_what_it_keeps_without_understanding(run, tmp_path):
    def add(book):
        book["课表"]["J1"] = "教室"
        book.create_sheet("说明")["A1"] = "请勿修改"

    path = changed(SMALL, tmp_path / "more.xlsx", add)
    assert run("check", path) == (
        0,
        "",
        "课表: column 教室 is kept as it is.\nSheet 说明 is kept as it is.\n",
    )


def test_check_refuses_what_is_no_workbook(run, tmp_path):
    path = tmp_path / "timetable.xlsx"
    path.write_bytes(b"no workbook")
    assert run("check", path) == (
        1,
        "",
        "timetable.xlsx: 文件已损坏，不能读取；请用表格软件打开后另存为 .xlsx 再试\n",
    )


def test_plan_writes_the_timetable_completed(run, tmp_path):
    out = tmp_path / "plan.xlsx"
    code, output, errors = run("plan", SMALL, "--out", out)
    assert (code, errors) == (0, "")
    assert re.fullmatch(
        r"16 of 19 periods covered: 14 rows added, 0 moved, 0 dropped; "
        r"\d+ travel days, \d+ minutes on the road\.\n",
        output,
    )
    before, after = cells(SMALL, "课表"), cells(out, "课表")
    assert after[: len(before)] == before
    new = after[len(before) :]
    assert [row[6:] for row in new] == [["走教", "否", None]] * 14
    assert {sheet: cells(out, sheet) for sheet in ("节次", "路程", "教师", "需求")} == {
        sheet: cells(SMALL, sheet) for sheet in ("节次", "路程", "教师", "需求")
    }
    assert [row[:4] for row in cells(out, "未满足")] == [
        ["学校", "班级", "学科", "未排课时"],
        ["柳溪小学", "六(1)班", "英语", 1],
        ["中心小学", "一(5)班", "科学", 1],
        ["石桥小学", "六(1)班", "书法", 1],
    ]
    assert run("check", out) == (0, "", "")


def test_the_same_file_and_seed_give_the_same_bytes(run, tmp_path):
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    for out in (first, second):
        run("plan", SMALL, "--out", out, "--seed", "5", "--iterations", "40")
    assert first.read_bytes() == second.read_bytes()


def test_a_plan_of_a_plan_moves_nothing(run, tmp_path):
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    run("plan", SMALL, "--out", first)
    code, output, errors = run("plan", first, "--out", second)
    assert (code, errors) == (0, "")
    assert output.startswith("16 of 19 periods covered: 0 rows added, 0 moved, 0 dropped;")
    assert cells(second, "课表") == cells(first, "课表")


def test_plan_keeps_columns_sheets_merged_titles_and_words_that_look_like_formulas(run, tmp_path):
    def add(book):
        lessons = book["课表"]
        lessons["J1"], lessons["J2"] = "备注", "=1+1"
        lessons["J2"].data_type = "s"
        lessons.insert_rows(1)
        lessons["A1"] = "走教课表"
        lessons.merge_cells("A1:I1")
        book.create_sheet("说明")["A1"] = "请勿修改"

    source, out = changed(SMALL, tmp_path / "more.xlsx", add), tmp_path / "plan.xlsx"
    assert run("plan", source, "--out", out)[0] == 0
    book = openpyxl.load_workbook(out)
    lessons = book["课表"]
    assert book.sheetnames == ["节次", "路程", "教师", "课表", "需求", "说明", "未满足"]
    assert (lessons["A1"].value, [str(each) for each in lessons.merged_cells.ranges]) == (
        "走教课表",
        ["A1:I1"],
    )
    assert (lessons["J3"].value, lessons["J3"].data_type) == ("=1+1", "s")
    assert cells(out, "说明") == [["请勿修改"]]


def test_plan_lists_the_conflicts_that_stay_and_writes_all_the_same(run, tmp_path):
    out = tmp_path / "plan.xlsx"
    code, output, _ = run("plan", CONFLICTS, "--out", out)
    assert code == 0
    assert output.splitlines()[:6] == run("check", CONFLICTS)[1].splitlines()
    assert run("check", out)[1].splitlines() == output.splitlines()[:6]


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "line"),
    [
        ("课表", "A77", "9999", "fault\t课表!77\t77\t工作表“教师”里没有工号9999"),
        ("节次", "C2", "25:00", "fault\t节次!2\t2\t“开始”看不懂：25:00"),
        ("课表", "I78", "单双", "fault\t课表!78\t78\t“周次”看不懂：单双"),
    ],
)
def test_plan_writes_nothing_when_a_row_cannot_be_understood(run, tmp_path, sheet, cell, value, line):
    def spoil(book):
        book[sheet][cell] = value

    out = tmp_path / "plan.xlsx"
    out.write_bytes(b"before")
    path = changed(SMALL, tmp_path / "spoilt.xlsx", spoil)
    assert run("plan", path, "--out", out) == (1, line + "\n", "Nothing was written.\n")
    assert out.read_bytes() == b"before"


def test_plan_says_where_it_cannot_write(run, tmp_path):
    assert run("plan", SMALL, "--out", tmp_path / "plan.csv")[0::2] == (
        1,
        "plan.csv: the new file must end in .xlsx.\n",
    )
    out = tmp_path / "missing" / "plan.xlsx"
    code, _, errors = run("plan", SMALL, "--out", out, "--iterations", "0")
    assert (code, errors) == (1, f"{out} cannot be written: No such file or directory.\n")


@pytest.fixture
def huge(tmp_path):
    """Fifty thousand rows of one lesson, a third of them by teachers whom nobody knows."""
    path = tmp_path / "huge.xlsx"
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    source = openpyxl.load_workbook(SMALL)
    for sheet in source:
        page = book.add_worksheet(sheet.title)
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        if sheet.title == "课表":
            rows = [rows[0], *([["x9", *rows[1][1:]], rows[1], rows[1]] * 17_000)][:50_001]
        for index, row in enumerate(rows):
            page.write_row(index, 0, row)
    book.close()
    return path


@pytest.mark.slow
def test_fifty_thousand_bad_rows_are_located_and_nothing_is_written(run, huge, tmp_path, monkeypatch):
    monkeypatch.setattr(cli_timetable, "MOST_LISTED", 500)
    code, output, errors = run("check", huge)
    lines = output.splitlines()
    assert (code, len(lines), errors) == (1, 16_667 + 500, "Only the first 500 conflicts are listed.\n")
    assert lines[0] == "fault\t课表!2\t2\t工作表“教师”里没有工号x9"
    assert [line.split("\t")[:3] for line in lines[-1:]] == [["week_limit", "1001", lines[-1].split("\t")[2]]]
    out = tmp_path / "plan.xlsx"
    code, output, errors = run("plan", huge, "--out", out)
    assert (code, len(output.splitlines()), errors) == (1, 16_667, "Nothing was written.\n")
    assert not out.exists()
