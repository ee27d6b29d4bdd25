"""What offices write over their columns, and problems that many rows share."""

import pytest
import sqlalchemy as sa

from portal.extensions import db
from portal.models import VisitingLesson
from tests.integration.test_timetable_import import (
    HEAD,
    ROW,
    confirm,
    known,
    paste,
    preview,
    problems,
    text,
    upload,
    words,
    workbook,
)

__all__ = ["known"]

# What schools write over the columns


@pytest.mark.parametrize("head", ["教师", "姓名", "任课教师", "教师（姓名）", "任课老师"])
def test_a_column_of_names_is_the_column_of_teachers(as_, known, head):
    client, rows = as_("lead"), [[head, *HEAD[1:]], ["林晓岚", *ROW[1:]]]
    for kept in (paste(client, *rows), upload(client, workbook(课表=rows))):
        page = preview(client, kept)
        assert problems(page) == []
        assert "要排的课 1 节" in words(page)
        assert "占用的时间 0" in words(page)
        assert "没有读" not in text(page)


def test_where_the_number_is_empty_the_name_counts(as_, known):
    client = as_("lead")
    rows = [["工号", "姓名", *HEAD[1:]], ["", "林晓岚", *ROW[1:]], ["T2", "周以宁", *ROW[1:4], 3, *ROW[5:]]]
    kept = paste(client, *rows)
    page = preview(client, kept)
    assert problems(page) == []
    confirm(client, page, kept.headers["Location"])
    found = db.session.scalars(sa.select(VisitingLesson).order_by(VisitingLesson.weekday)).all()
    assert [row.person.name for row in found] == ["林晓岚", "周以宁"]


def test_a_name_in_a_workbook_is_found_by_its_sheet_of_teachers(as_, known):
    client = as_("lead")
    teachers = [["工号", "姓名", "本校"], ["T1", "林晓岚", "麟峰小学"]]
    data = workbook(课表=[["教师", *HEAD[1:]], ["林晓岚", *ROW[1:]]], 教师=teachers)
    page = preview(client, upload(client, data))
    assert (problems(page), "要排的课 1 节" in words(page)) == ([], True)


def test_an_unknown_name_is_an_error_and_no_taken_hour(as_, known):
    client = as_("lead")
    page = preview(client, paste(client, ["教师", *HEAD[1:]], ["林小岚", *ROW[1:]]))
    assert [place for place, _said in problems(page)] == ["课表 第2行"]
    assert "确认导入" not in text(page)


# Problems that many rows share


def test_one_cause_is_one_line_with_its_rows_and_the_clashes_of_the_others_stand_beside_it(as_, known):
    client = as_("lead")
    strange = ["T1", "某某小学", *ROW[2:]]
    rows = [strange, strange, strange, ROW, strange, [*ROW[:2], "三（2）班", *ROW[3:]]]
    found = problems(preview(client, paste(client, *rows)))
    assert [place for place, _said in found] == ["课表 第1–3、5行", "课表 第6行"]
    assert "没有某某小学这所学校" in found[0][1]
    assert "同一教师周二两处有课" in found[1][1]


def test_of_very_many_rows_the_first_are_named_and_all_counted(as_, known):
    client, rows = as_("lead"), []
    for number in range(1, 31):
        rows.append(["T1", "某某小学", *ROW[2:]] if number % 2 else ["T1", "另一小学", *ROW[2:]])
    found = problems(preview(client, paste(client, *rows)))
    assert [place for place, _said in found] == [
        "课表 第1、3、5、7、9、11、13、15、17、19、21、23行等 15 行",
        "课表 第2、4、6、8、10、12、14、16、18、20、22、24行等 15 行",
    ]
