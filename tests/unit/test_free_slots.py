"""Free times of a week: nearest first, and never one that the rules of a timetable would refuse."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.free_slots import free_slots, moved, not_worse, stands_against
from portal.domain.half_days import written
from portal.domain.timetable import Lesson, TeacherLimits, Weeks, conflicts, parse_half_days

BELLS = {1: (490, 530), 2: (540, 580), 3: (610, 650), 4: (850, 890)}
TRAVEL = {("本校", "甲校"): 30}


def lesson(row, school="甲校", weekday=2, period=1, classes=("三1",), teacher="t", weeks=""):
    start, end = BELLS[period]
    return Lesson(row, teacher, school, classes, "音乐", weekday, period, start, end, Weeks.parse(weeks))


def keys(slots):
    return [slot.key for slot in slots]


def test_nearest_is_the_same_day_then_fewest_days_then_fewest_minutes():
    mine = lesson("new", period=2)
    found = free_slots(mine, [lesson("old", period=2)], BELLS, TRAVEL, {}, weekdays=(1, 2, 3))
    assert keys(found) == ["2-1", "2-3", "2-4", "1-2", "3-2", "1-1", "3-1", "1-3", "3-3", "1-4", "3-4"]


def test_a_way_that_is_too_long_or_unknown_fits_nowhere():
    home = lesson("home", school="本校", period=3, classes=("一1",))
    found = free_slots(lesson("new"), [home], BELLS, TRAVEL, {}, weekdays=(2,))
    # 9:40 to 10:10 are just thirty minutes; at 10:10 the teacher is at home.
    assert keys(found) == ["2-2", "2-4"]
    assert keys(free_slots(lesson("new"), [home], BELLS, {}, {}, weekdays=(2,))) == []


def test_a_class_has_one_lesson_at_a_time():
    other = lesson("other", teacher="u", period=2, classes=("三2", "三1"))
    assert keys(free_slots(lesson("new"), [other], BELLS, TRAVEL, {}, weekdays=(2,))) == ["2-3", "2-4"]


def test_half_days_and_limits_leave_what_they_allow():
    bound = {"t": TeacherLimits("本校", half_days=parse_half_days("周二下;周四上"))}
    assert keys(free_slots(lesson("new"), [], BELLS, TRAVEL, bound)) == ["2-4", "4-1", "4-2", "4-3"]
    full = {"t": TeacherLimits("本校", week_periods=1)}
    assert free_slots(lesson("new"), [lesson("old", weekday=5)], BELLS, TRAVEL, full) == ()


def test_what_others_have_among_themselves_is_not_told():
    pair = [lesson("a", weekday=3), lesson("b", weekday=3)]
    assert stands_against(lesson("new"), pair, TRAVEL, {}) == ()


def test_weeks_of_the_lesson_are_those_in_which_limits_count():
    bound = {"t": TeacherLimits("本校", week_periods=2)}
    early = [lesson(n, weekday=n, weeks="1-2") for n in (3, 4, 5)]
    # Weeks 1 and 2 are over the limit without the lesson; its own weeks hold two, then three.
    late = [lesson(10, weekday=1, weeks="3-20")]
    assert stands_against(lesson("new", weeks="3-8"), early + late, TRAVEL, bound) == ()
    more = [*late, lesson(11, weekday=4, weeks="双")]
    found = stands_against(lesson("new", weeks="3-8"), early + more, TRAVEL, bound)
    assert [(each.kind, dict(each.params)) for each in found] == [
        ("week_limit", {"week": 4, "count": 3, "limit": 2})
    ]


def test_a_limit_that_was_exceeded_as_much_is_no_reason_against_a_change():
    bound = {"t": TeacherLimits("本校", week_periods=1, half_days=parse_half_days("周五上"))}
    others = [lesson("old", weekday=5)]
    had = stands_against(lesson("new"), others, TRAVEL, bound)
    assert [each.kind for each in had] == ["availability", "week_limit"]
    same = stands_against(lesson("new", period=2), others, TRAVEL, bound)
    assert not_worse(same, had) == frozenset(same)
    other_day = stands_against(lesson("new", weekday=3), others, TRAVEL, bound)
    assert {each.kind for each in not_worse(other_day, had)} == {"week_limit"}
    worse = stands_against(lesson("new"), [*others, lesson("more", weekday=4)], TRAVEL, bound)
    assert {each.kind for each in not_worse(worse, had)} == {"availability"}


def test_half_days_are_written_as_they_are_read():
    chosen = parse_half_days("周四下;周二上;周二下")
    assert written(chosen) == "周二上;周二下;周四下"
    assert parse_half_days(written(chosen)) == chosen
    assert written((day, half) for day in range(1, 6) for half in ("am", "pm")) is None


rows = st.builds(
    lesson,
    row=st.integers(0, 10_000),
    school=st.sampled_from(("本校", "甲校", "乙校")),
    weekday=st.integers(1, 5),
    period=st.integers(1, 4),
    classes=st.sampled_from((("三1",), ("三2",), ("三1", "三2"), ())),
    teacher=st.sampled_from(("t", "u")),
    weeks=st.sampled_from(("", "单", "双", "3-6", "5")),
)


@given(
    rows,
    st.lists(rows, max_size=8, unique_by=lambda each: each.row),
    st.none() | st.integers(0, 5),
    st.none() | st.integers(0, 3),
)
def test_a_free_time_never_adds_a_conflict(mine, others, periods, days):
    mine = replace(mine, row="new")
    bound = {
        key: TeacherLimits("本校", periods, days, parse_half_days("周一上;周二上;周二下")) for key in "tu"
    }
    before = set(conflicts(others, TRAVEL, bound))
    found = free_slots(mine, others, BELLS, TRAVEL, bound)
    offered = {slot.key for slot in found}
    assert f"{mine.weekday}-{mine.period}" not in offered
    for weekday in range(1, 6):
        for period, (start, end) in BELLS.items():
            there = replace(mine, weekday=weekday, period=period, start=start, end=end)
            after = conflicts([*others, there], TRAVEL, bound)
            new = [each for each in after if "new" in each.rows and each not in before]
            if f"{weekday}-{period}" in offered:
                assert new == []
    assert [moved(mine, slot).weekday for slot in found] == [slot.weekday for slot in found]
