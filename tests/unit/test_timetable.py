"""Lessons by the clock, week by week: conflicts and dated sessions."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.calendar import SwapDay, Term, teaching_weekday, week_number
from portal.domain.timetable import (
    EVERY_WEEK,
    Conflict,
    Lesson,
    TeacherLimits,
    Weeks,
    conflicts,
    format_clock,
    half_day,
    overlap,
    parse_clock,
    parse_half_days,
    sessions,
    travel_minutes,
)

FILES = Path(__file__).parents[1] / "fixtures" / "timetables"
TERM = Term("2025-2026-1", date(2025, 9, 1), date(2026, 1, 30), date(2025, 9, 1))
HOME = {"1001": TeacherLimits("甲小学")}


def read(name):
    """Lessons, travel and limits of a workbook; a reader for these tests only."""
    book = openpyxl.load_workbook(FILES / name, read_only=True)

    def rows(sheet):
        return list(book[sheet].iter_rows(min_row=2, values_only=True))

    bells = {(school, period): (start, end) for school, period, start, end in rows("节次")}
    limits = {
        key: TeacherLimits(home, week, days, parse_half_days(half or ""))
        for key, _, home, _, week, days, half in rows("教师")
    }
    lessons = []
    for number, cells in enumerate(rows("课表"), start=2):
        key, school, classes, subject, weekday, period, _, _, weeks = cells
        start, end = bells[school, period]
        lessons.append(
            Lesson(
                row=number,
                teacher=key,
                school=school,
                classes=tuple(classes.split(";")) if classes else (),
                subject=subject,
                weekday=weekday,
                period=period,
                start=parse_clock(start),
                end=parse_clock(end),
                weeks=Weeks.parse(weeks or ""),
            )
        )
    return lessons, {(a, b): minutes for a, b, minutes in rows("路程")}, limits


def lesson(row, start, end, *, school="甲小学", teacher="1001", classes=("一班",), **more):
    values = {"subject": "音乐", "weekday": 1, "period": row, **more}
    return Lesson(row, teacher, school, classes, start=parse_clock(start), end=parse_clock(end), **values)


def found(lessons, travel=None, limits=HOME):
    return [(each.kind, each.key, each.rows) for each in conflicts(lessons, travel or {}, limits)]


# Reading


def test_clock_reads_full_width_and_writes_back():
    assert parse_clock("８：４０") == parse_clock("8:40") == parse_clock("08:40:00") == 520
    assert format_clock(520) == "08:40"


@pytest.mark.parametrize("text", ["", "24:00", "8.40", "08:60", "noon"])
def test_clock_refuses_what_is_no_time(text):
    with pytest.raises(ValueError, match="time of day"):
        parse_clock(text)


def test_half_day_turns_at_noon():
    assert [half_day(parse_clock(t)) for t in ("11:59", "12:00")] == ["am", "pm"]


def test_half_days_are_read_and_empty_means_all():
    assert parse_half_days("周一上；周四下;") == {(1, "am"), (4, "pm")}
    assert parse_half_days(" ") is None
    with pytest.raises(ValueError, match="half-days"):
        parse_half_days("周一上;星期二")


@pytest.mark.parametrize(
    ("text", "included"),
    [
        ("", [1, 2, 3, 4, 5, 6]),
        ("单", [1, 3, 5]),
        ("双", [2, 4, 6]),
        ("3-5", [3, 4, 5]),
        ("３－５", [3, 4, 5]),
        ("5", [5]),
    ],
)
def test_weeks_include_what_the_text_says(text, included):
    assert [week for week in range(7) if Weeks.parse(text).includes(week)] == included


@pytest.mark.parametrize("text", ["", "单", "双", "3-12", "5"])
def test_weeks_write_back(text):
    assert str(Weeks.parse(text)) == text


@pytest.mark.parametrize("text", ["5-3", "0", "0-3", "单双", "3,5", "每周"])
def test_weeks_refuse_what_they_cannot_read(text):
    with pytest.raises(ValueError, match="names no weeks"):
        Weeks.parse(text)


def test_lesson_refuses_to_end_before_it_begins():
    with pytest.raises(ValueError, match="row 7"):
        lesson(7, "09:00", "09:00")


# Whole files


def test_small_timetable_has_no_conflict():
    assert conflicts(*read("timetable-small.xlsx")) == ()


def test_conflicts_timetable_has_exactly_the_six():
    found = conflicts(*read("timetable-conflicts.xlsx"))
    assert [(each.kind, each.key, each.rows) for each in found] == [
        ("teacher", "1001", (80, 81)),
        ("class", "柳溪小学 六(1)班", (82, 83)),
        ("travel", "1003", (84, 85)),
        ("availability", "2001", (86,)),
        ("week_limit", "3001", (33, 34, 35, 36, 87, 88, 89, 90, 91)),
        ("day_limit", "2002", (92, 93)),
    ]
    assert [each.message.text() for each in found] == [
        "同一教师周四两处有课：柳溪小学三(2)班音乐 10:10-10:50，中心小学三(1)班音乐 10:40-11:20",
        "同一班级周一同时有两节课：柳溪小学六(1)班体育 16:05-16:45，柳溪小学六(1)班科学 16:05-16:45",
        "周三从石桥小学到中心小学需要35分钟，课间只有30分钟",
        "周一下午不在该教师可用的半天内",
        "第1周共9节，超过每周上限8节",
        "第1周有2天走教，超过每周上限1天",
    ]


# Overlaps


def test_lessons_that_touch_do_not_overlap():
    assert found([lesson(1, "08:00", "08:40"), lesson(2, "08:40", "09:20")]) == []


def test_two_classes_of_one_school_at_once_conflict_but_a_joint_lesson_does_not():
    apart = [lesson(1, "08:00", "08:40"), lesson(2, "08:00", "08:40", classes=("二班",))]
    assert found(apart) == [("teacher", "1001", (1, 2))]
    assert found([lesson(1, "08:00", "08:40", classes=("一班", "二班"))]) == []


def test_joint_lesson_occupies_each_of_its_classes():
    lessons = [
        lesson(1, "08:00", "08:40", classes=("一班", "二班")),
        lesson(2, "08:20", "09:00", teacher="1002", classes=("二班",)),
    ]
    assert found(lessons) == [("class", "甲小学 二班", (1, 2))]


def test_lesson_without_teacher_binds_the_class_and_duty_binds_the_teacher():
    lessons = [
        lesson(1, "08:00", "08:40", teacher=None),
        lesson(2, "08:00", "08:40", teacher=None),
        lesson(3, "10:00", "10:40", classes=()),
        lesson(4, "10:20", "11:00", classes=("三班",)),
    ]
    assert found(lessons) == [("teacher", "1001", (3, 4)), ("class", "甲小学 一班", (1, 2))]


def test_same_class_name_at_two_schools_is_two_classes():
    lessons = [
        lesson(1, "08:00", "08:40", teacher=None),
        lesson(2, "08:00", "08:40", teacher=None, school="乙小学"),
    ]
    assert found(lessons) == []


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        ("单", "双", False),
        ("单", "", True),
        ("1-4", "5-8", False),
        ("1-5", "5", True),
        ("单", "4", False),
        ("双", "3-4", True),
    ],
)
def test_rows_that_share_no_week_never_meet(one, other, meets):
    lessons = [
        lesson(1, "08:00", "08:40", weeks=Weeks.parse(one)),
        lesson(2, "08:00", "08:40", classes=("二班",), weeks=Weeks.parse(other)),
    ]
    assert found(lessons) == ([("teacher", "1001", (1, 2))] if meets else [])


# Travel


def test_travel_needs_the_whole_way_and_equal_is_enough():
    day = [lesson(1, "08:00", "08:40"), lesson(2, "09:00", "09:40", school="乙小学")]
    assert found(day, {("甲小学", "乙小学"): 20}) == []
    assert found(day, {("甲小学", "乙小学"): 21}) == [("travel", "1001", (1, 2))]


def test_way_back_uses_its_own_row_or_else_the_way_out():
    travel = {("甲", "乙"): 20, ("乙", "甲"): 25, ("甲", "丙"): 30}
    assert travel_minutes(travel, "甲", "乙") == 20
    assert travel_minutes(travel, "乙", "甲") == 25
    assert travel_minutes(travel, "丙", "甲") == 30
    assert travel_minutes(travel, "乙", "丙") is None


def test_unknown_way_is_listed_even_over_noon_and_not_summed_over_a_third_school():
    day = [lesson(1, "08:00", "08:40", school="乙小学"), lesson(2, "14:00", "14:40", school="丙小学")]
    travel = {("甲小学", "乙小学"): 10, ("甲小学", "丙小学"): 10}
    assert found(day, travel) == [("travel_unknown", "1001", (1, 2))]


def test_travel_looks_at_neighbours_only_and_counts_duties():
    travel = {("甲小学", "乙小学"): 60}
    day = [
        lesson(1, "08:00", "08:40"),
        lesson(2, "08:50", "09:10", classes=()),
        lesson(3, "09:40", "10:20", school="乙小学"),
    ]
    assert found(day, travel) == [("travel", "1001", (2, 3))]


def test_neighbours_change_with_the_weeks():
    travel = {("甲小学", "乙小学"): 20, ("甲小学", "丙小学"): 20, ("乙小学", "丙小学"): 20}
    day = [
        lesson(1, "08:00", "08:40"),
        lesson(2, "08:45", "09:10", school="乙小学", weeks=Weeks.parse("双")),
        lesson(3, "09:10", "09:50", school="丙小学", classes=("二班",)),
    ]
    assert found(day, travel) == [("travel", "1001", (1, 2)), ("travel", "1001", (2, 3))]


def test_overlapping_lessons_are_no_travel():
    day = [lesson(1, "08:00", "09:00"), lesson(2, "08:30", "09:10", school="乙小学")]
    assert found(day, {("甲小学", "乙小学"): 20}) == [("teacher", "1001", (1, 2))]


# Limits


def test_half_days_bind_visits_and_not_lessons_at_home():
    limits = {"1001": TeacherLimits("甲小学", half_days=frozenset({(1, "pm")}))}
    assert found([lesson(1, "08:00", "08:40")], limits=limits) == []
    assert found([lesson(1, "08:00", "08:40", school="乙小学")], limits=limits) == [
        ("availability", "1001", (1,))
    ]


def test_week_limit_counts_a_joint_lesson_once_and_a_duty_never():
    limits = {"1001": TeacherLimits("甲小学", week_periods=1)}
    rows = [lesson(1, "08:00", "08:40", classes=("一班", "二班")), lesson(2, "09:00", "09:40", classes=())]
    assert found(rows, limits=limits) == []
    rows.append(lesson(3, "10:00", "10:40", weeks=Weeks.parse("3-4")))
    (conflict,) = conflicts(rows, {}, limits)
    assert conflict == Conflict("week_limit", "1001", (1, 3))
    assert conflict.params == (("week", 3), ("count", 2), ("limit", 1))


def test_odd_and_even_rows_count_by_the_fullest_week():
    limits = {"1001": TeacherLimits("甲小学", week_periods=1)}
    rows = [
        lesson(1, "08:00", "08:40", weeks=Weeks.parse("单")),
        lesson(2, "08:00", "08:40", weeks=Weeks.parse("双")),
    ]
    assert found(rows, limits=limits) == []


def test_no_visit_day_allowed_lists_the_first_visit():
    limits = {"1001": TeacherLimits("甲小学", visit_days=0)}
    rows = [lesson(1, "08:00", "08:40", school="乙小学", weekday=3)]
    assert found(rows, limits=limits) == [("day_limit", "1001", (1,))]


def test_teacher_without_limits_has_none():
    rows = [lesson(1, "08:00", "08:40", school="乙小学", teacher="9999")]
    assert found(rows) == []


# Sessions


def test_sessions_follow_odd_weeks_holidays_and_swapped_workdays():
    swaps = {
        date(2025, 9, 17): SwapDay(is_workday=False),
        date(2025, 10, 1): SwapDay(is_workday=False),
        date(2025, 10, 11): SwapDay(is_workday=True, teaches_like=3),
    }
    wednesdays = lesson(1, "08:00", "08:40", weekday=3, weeks=Weeks.parse("单"))
    dates = sessions(wednesdays, TERM, swaps, last_day=date(2025, 10, 31))
    assert dates == (
        date(2025, 9, 3),
        date(2025, 10, 15),
        date(2025, 10, 29),
    )
    every = lesson(1, "08:00", "08:40", weekday=3)
    assert date(2025, 10, 11) in sessions(every, TERM, swaps)


def test_sessions_skip_the_preparation_week():
    term = Term("2025-2026-1", date(2025, 8, 27), date(2025, 9, 5), date(2025, 9, 1))
    wednesdays = lesson(1, "08:00", "08:40", weekday=3)
    assert sessions(wednesdays, term, {}) == (date(2025, 9, 3),)


def test_sessions_keep_to_the_part_of_the_term_that_is_asked_for():
    mondays = lesson(1, "08:00", "08:40")
    assert sessions(mondays, TERM, {}, first_day=date(2025, 9, 2), last_day=date(2025, 9, 15)) == (
        date(2025, 9, 8),
        date(2025, 9, 15),
    )


# Properties

patterns = st.sampled_from(["", "单", "双", "1-4", "3-12", "5"]).map(Weeks.parse)
teaching = st.builds(
    lambda row, teacher, school, name, weekday, start, length, weeks: Lesson(
        row,
        teacher,
        school,
        (name,) if name else (),
        "音乐",
        weekday,
        1,
        start,
        start + length,
        weeks,
    ),
    row=st.integers(2, 99),
    teacher=st.sampled_from([None, "1001", "1002"]),
    school=st.sampled_from(["甲小学", "乙小学", "丙小学"]),
    name=st.sampled_from(["", "一班", "二班"]),
    weekday=st.integers(1, 2),
    start=st.integers(48, 60).map(lambda n: n * 10),
    length=st.sampled_from([10, 40]),
    weeks=patterns,
)
timetables = st.lists(teaching, max_size=7, unique_by=lambda each: each.row)
WAYS = {("甲小学", "乙小学"): 20, ("乙小学", "甲小学"): 30, ("甲小学", "丙小学"): 10}
BOUND = {
    "1001": TeacherLimits("甲小学", 2, 1, frozenset({(1, "am")})),
    "1002": TeacherLimits("乙小学", 1),
}


@given(teaching, teaching)
def test_overlap_is_symmetric(a, b):
    assert overlap(a, b) == overlap(b, a)


@given(timetables, st.randoms())
def test_conflicts_do_not_depend_on_the_order_of_rows(lessons, random):
    shuffled = list(lessons)
    random.shuffle(shuffled)
    assert [(c, c.params) for c in conflicts(lessons, WAYS, BOUND)] == [
        (c, c.params) for c in conflicts(shuffled, WAYS, BOUND)
    ]


@given(timetables)
def test_conflicts_are_listed_once_and_name_rows_in_order(lessons):
    listed = conflicts(lessons, WAYS, BOUND)
    assert len(set(listed)) == len(listed)
    assert all(a < b for each in listed for a, b in pairwise(each.rows))


@given(timetables)
def test_conflicts_equal_those_seen_week_by_week(lessons):
    """The weeks that are judged stand for all: looking at every single week finds no more."""
    pairs = {"teacher", "class", "travel", "travel_unknown", "availability"}
    single = set()
    for week in range(1, 15):
        now = [Lesson(**{**vars(each), "weeks": EVERY_WEEK}) for each in lessons if each.weeks.includes(week)]
        single |= {each for each in conflicts(now, WAYS, BOUND) if each.kind in pairs}
    assert {each for each in conflicts(lessons, WAYS, BOUND) if each.kind in pairs} == single


@given(
    st.integers(1, 5),
    patterns,
    st.dictionaries(
        st.dates(TERM.first_day, TERM.last_day),
        st.one_of(
            st.just(SwapDay(is_workday=False)),
            st.integers(1, 5).map(lambda n: SwapDay(is_workday=True, teaches_like=n)),
        ),
        max_size=12,
    ),
)
def test_sessions_are_the_days_of_the_term_that_teach_the_weekday(weekday, weeks, swaps):
    dates = sessions(lesson(1, "08:00", "08:40", weekday=weekday, weeks=weeks), TERM, swaps)
    every = [TERM.first_day + timedelta(days=i) for i in range(152)]
    assert list(dates) == [
        day
        for day in every
        if teaching_weekday(day, swaps) == weekday and weeks.includes(week_number(TERM, day))
    ]
