"""What cells mean, in the forms that offices write."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import roster_choices as choices
from portal.domain.roster_values import (
    NOTHING,
    Reading,
    read_code,
    read_date,
    read_identity,
    read_list,
    read_month_end,
    read_name,
    read_number,
    read_phone,
    read_post_grade,
    read_text,
)

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
WIDE = str.maketrans("0123456789.-/", "０１２３４５６７８９．－／")

DAY_FORMS = (
    "{0:%Y-%m-%d}",
    "{0.year}.{0.month}.{0.day}",
    "{0.year}/{0.month}/{0.day}",
    "{0.year}年{0.month}月{0.day}日",
    "{0:%Y%m%d}",
    "{0:%Y.%m.%d}",
    " {0.year} 年 {0.month} 月 {0.day} 日 ",
    "{0:%Y-%m-%d} 00:00:00",
    "{0.year}年{0.month}月{0.day}号",
)
MONTH_FORMS = (
    "{0.year}.{0.month}",
    "{0:%Y-%m}",
    "{0.year}年{0.month}月",
    "{0:%Y%m}",
    "{0.year}/{0.month}",
    "{0:%Y.%m}",
)


@given(day=DAYS, form=st.sampled_from(DAY_FORMS), wide=st.booleans())
def test_date_reads_back_in_every_form(day, form, wide):
    text = form.format(day)
    assert read_date(text.translate(WIDE) if wide else text) == Reading(day)


@given(day=DAYS, form=st.sampled_from(MONTH_FORMS))
def test_month_is_its_first_day_and_as_end_its_last(day, form):
    assert read_date(form.format(day)) == Reading(day.replace(day=1))
    last = read_month_end(form.format(day)).value
    assert (last.year, last.month) == (day.year, day.month)
    assert last.toordinal() + 1 == (date(day.year + day.month // 12, day.month % 12 + 1, 1)).toordinal()


@given(day=st.dates(date(1912, 1, 1), date(2099, 12, 31)))
def test_date_reads_serial_numbers_numbers_and_date_cells(day):
    serial = (day - date(1899, 12, 30)).days
    expected = Reading(day)
    assert read_date(day) == expected
    assert read_date(datetime(day.year, day.month, day.day, 13, 5)) == expected  # noqa: DTZ001 - a cell has no zone
    assert read_date(int(day.strftime("%Y%m%d"))) == expected
    assert read_date(int(day.strftime("%Y%m"))) == Reading(day.replace(day=1))
    if serial > 9_999:
        assert read_date(serial) == expected
        assert read_date(serial + 0.5) == expected
        assert read_date(str(serial)) == expected


@given(cell=st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.dates(), st.none()))
def test_every_cell_has_a_reading_without_an_exception(cell):
    for read in (
        read_date,
        read_month_end,
        read_name,
        read_code,
        read_phone,
        read_identity,
        read_list,
        read_number,
        read_post_grade,
        read_text,
        choices.read_honours,
    ):
        assert isinstance(read(cell), Reading)
    for table in (choices.SEX, choices.TITLE, choices.ESTABLISHED):
        assert isinstance(choices.read_choice(table, cell), Reading)


@pytest.mark.parametrize(
    ("cell", "code", "params"),
    [
        ("1979.13", "month_impossible", {"month": 13}),
        ("2023-02-30", "day_impossible", {"month": 2, "day": 30}),
        ("20230229", "day_impossible", {"month": 2, "day": 29}),
        ("1879年3月14日", "year_impossible", {"year": 1879}),
        ("2016", "month_missing", {}),
        (2016, "month_missing", {}),
        ("98.9.1", "date_unreadable", {}),
        ("去年九月", "date_unreadable", {}),
        (True, "date_unreadable", {}),
        (-3.5, "date_unreadable", {}),
    ],
)
def test_date_that_cannot_be_is_named(cell, code, params):
    assert read_date(cell) == Reading(code=code, params=params)


def test_date_typed_as_a_number_may_have_lost_its_zero():
    assert read_date(2016.1) == Reading(date(2016, 1, 1), "month_ambiguous", "warning", {"year": "2016"})
    assert read_date("2016.1") == Reading(date(2016, 1, 1))
    assert read_date(2016.9) == Reading(date(2016, 9, 1))
    assert read_date(2016.11) == Reading(date(2016, 11, 1))


@pytest.mark.parametrize("cell", [None, "", "  ", "　", "—", "/", "无", "-", "\u200b"])
def test_empty_cells_and_signs_for_nothing_say_nothing(cell):
    assert read_date(cell) == read_phone(cell) == read_code(cell) == NOTHING


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("张　三", "张三"),
        (" 李  欣 ", "李欣"),
        ("王\u200b磊", "王磊"),
        ("䶮𬭎喆", "䶮𬭎喆"),
        ("阿依努尔•买买提", "阿依努尔·买买提"),
        ("John  Smith", "John Smith"),
        ("﨑野", "﨑野"),
    ],
)
def test_name_loses_its_spaces_and_keeps_its_characters(cell, name):
    assert read_name(cell) == Reading(name)


def test_name_that_lost_its_characters_is_named():
    assert read_name("张?").code == read_name("张\ufffd").code == read_name("张3").code == "name_unreadable"
    assert read_name("张" * 61).code == "text_too_long"
    assert read_name("张\ue863") == Reading("张\ue863", "private_character", "warning")


@pytest.mark.parametrize(
    ("cell", "digits"),
    [
        ("13900000001", "13900000001"),
        (13900000001, "13900000001"),
        ("１３９ 0000 0001", "13900000001"),
        ("+86 139-0000-0001", "13900000001"),
        ("0937-2661234", "09372661234"),
        ("13900000001/13900000002", "13900000001"),
    ],
)
def test_phone_is_read_as_digits(cell, digits):
    assert read_phone(cell) == Reading(digits)


def test_phone_and_identity_number_that_cannot_be_are_doubts():
    assert read_phone("1390000000") == Reading(None, "phone_unreadable", "warning")
    assert read_identity("35030419940821127") == Reading(None, "identity_unreadable", "warning")
    assert read_identity(350304199408211000) == Reading(None, "identity_rounded", "warning")
    assert read_identity("35030419910628632x") == Reading("35030419910628632X")


@pytest.mark.parametrize(
    ("cell", "grade"),
    [(9, 9), ("9级", 9), ("专技九级", 9), ("专业技术十一级", 11), ("１３", 13), ("五级", 5)],
)
def test_post_grade_is_five_to_thirteen(cell, grade):
    assert read_post_grade(cell) == Reading(grade)


@pytest.mark.parametrize("cell", [4, 14, "四级", "很高", True])
def test_post_grade_beyond_is_a_doubt(cell):
    assert read_post_grade(cell) == Reading(None, "grade_unreadable", "warning")


def test_lists_are_parted_by_any_of_the_usual_marks():
    assert read_list("语文；数学、英语,音乐/美术").value == ("语文", "数学", "英语", "音乐", "美术")
    assert read_list("语文 数学").value == ("语文", "数学")
    assert read_list("语 文").value == ("语文",)
    assert read_list("语文\n语文").value == ("语文",)


@pytest.mark.parametrize(
    ("cell", "honours"),
    [
        ("骨干教师(县级)", (("backbone_teacher", "county"),)),
        ("校级骨干；县学科带头人", (("backbone_teacher", "school"), ("subject_leader", "county"))),
        ("市骨干教师", (("backbone_teacher", "city"),)),
        ("省特级教师、全国模范教师", (("special_grade_teacher", "province"), ("model_teacher", "national"))),
        ("自治区级教学能手", (("teaching_expert", "province"),)),
        ("骨干教师", (("backbone_teacher", None),)),
        ("名校长", ()),
    ],
)
def test_honours_have_a_kind_and_a_level(cell, honours):
    assert choices.read_honours(cell).value == honours


def test_words_that_are_not_known_are_named_not_guessed():
    assert choices.read_honours("骨干教师(县级);三八红旗手") == Reading(
        (("backbone_teacher", "county"),), "words_unknown", "warning", {"words": ("三八红旗手",)}
    )
    assert choices.read_choice(choices.TITLE, "工程师") == Reading(None, "choice_unknown", "warning")


@pytest.mark.parametrize(
    ("table", "cell", "value"),
    [
        (choices.SEX, " 男 ", "male"),
        (choices.SEX, "女性", "female"),
        (choices.SEX, "Ｆ", "female"),
        (choices.TITLE, "小教高级", "middle"),
        (choices.TITLE, "一级教师", "middle"),
        (choices.TITLE, "中学高级教师", "senior"),
        (choices.TITLE, "小学一级", "junior"),
        (choices.TITLE, "未评", "none"),
        (choices.TITLE, "正高级教师", "senior"),
        (choices.POST_KIND, "行政兼课", "administrative"),
        (choices.POST_KIND, "专任教师", "teaching"),
        (choices.CADRE_LEVEL, "副校长", "vice_principal"),
        (choices.CADRE_LEVEL, "班主任", "none"),
        (choices.CADRE_LEVEL, "无", "none"),
        (choices.CADRE_LEVEL, "教导主任", "middle"),
        (choices.ESTABLISHED, "编外", False),
        (choices.ESTABLISHED, "√", True),
        (choices.YES_NO, 1, True),
        (choices.YES_NO, True, True),
        (choices.YES_NO, "否", False),
    ],
)
def test_choices_are_read_in_the_words_of_offices(table, cell, value):
    assert choices.read_choice(table, cell) == Reading(value)
