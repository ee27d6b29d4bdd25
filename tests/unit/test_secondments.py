"""Ranking, weeks of lessons heard, the five haves, and what is missing by when (S4-02...07, S4-61...66)."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.secondments import (
    Facts,
    Gap,
    Targets,
    five_items,
    five_share,
    gaps,
    heard_enough,
    is_late,
    rank,
    silent_since,
    study_weeks,
    summed,
)

MONDAY = date(2025, 9, 15)
FACTS = Facts("active", MONDAY, date(2025, 12, 30), arrived_on=MONDAY, plan_on=MONDAY)
TODAY = date(2025, 10, 8)


def test_ranking_shares_places_and_skips_the_next():
    found = rank({"a": [80, 90], "b": [85, 85], "c": [70], "d": [95], "e": []})
    assert [(one.key, one.place, one.mean, one.tied) for one in found] == [
        ("d", 1, Fraction(95), False),
        ("a", 2, Fraction(85), True),
        ("b", 2, Fraction(85), True),
        ("c", 4, Fraction(70), False),
    ]


@given(st.dictionaries(st.integers(0, 30), st.lists(st.integers(0, 100), max_size=6), max_size=12))
def test_a_better_mean_never_has_a_later_place(scores):
    found = rank(scores)
    assert {one.key for one in found} == {key for key, given in scores.items() if given}
    for one in found:
        assert one.place == 1 + sum(other.mean > one.mean for other in found)
        assert one.tied == (sum(other.mean == one.mean for other in found) > 1)


@given(
    st.integers(0, 40),
    st.integers(0, 60),
    st.dictionaries(st.integers(0, 90), st.integers(1, 6), max_size=30),
    st.sets(st.integers(0, 90), max_size=10),
)
def test_weeks_count_each_lesson_of_the_time_away_once(start, length, heard, off):
    first = MONDAY + timedelta(days=start)
    last = first + timedelta(days=length)
    lessons = {MONDAY + timedelta(days=n): count for n, count in heard.items()}
    free = {MONDAY + timedelta(days=n) for n in off}
    weeks = study_weeks(first, last, lessons, target=4, off=free)
    inside = sum(count for day, count in lessons.items() if first <= day <= last)
    assert sum(week.count for week in weeks) == inside
    for week in weeks:
        school_days = {week.first + timedelta(days=n) for n in range(5)}
        assert week.held == (
            not free & school_days and min(school_days) >= first and max(school_days) <= last
        )
        assert week.short == (max(4 - week.count, 0) if week.held else 0)


def test_without_a_target_no_week_is_short():
    assert [week.short for week in study_weeks(MONDAY, TODAY, {}, target=None)] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("arrived", "last", "late"),
    [
        (date(2025, 9, 20), date(2025, 9, 20), False),
        (date(2025, 9, 21), date(2025, 9, 20), True),
        (None, date(2025, 9, 20), True),
        (None, TODAY, False),
        (date(2025, 9, 30), None, False),
    ],
)
def test_late_is_after_the_last_day_of_the_window(arrived, last, late):
    assert is_late(arrived, last, TODAY) is late


def test_silence_counts_from_the_last_contact_or_arrival_by_the_programmes_interval():
    assert silent_since(None, MONDAY, None, TODAY) is None
    assert silent_since(None, MONDAY, 4, TODAY) is None
    assert silent_since(None, MONDAY, 3, TODAY) == MONDAY
    assert silent_since(date(2025, 9, 24), MONDAY, 2, TODAY) is None
    assert silent_since(date(2025, 9, 23), MONDAY, 2, TODAY) == date(2025, 9, 23)


def test_the_five_are_complete_when_each_is_there():
    some = replace(FACTS, notes=1, time_stated=True)
    assert five_items(some) == {"plan": True, "notes": True, "time": True, "topic": False, "essay": False}
    assert five_share(some) == 60
    assert five_share(replace(some, topics=1, essays=2)) == 100


def test_missing_things_come_with_their_day_the_longest_due_first():
    targets = Targets(lessons_per_week=4, contact_weeks=2, plan_days=7)
    heard = {date(2025, 9, 16): 4, date(2025, 9, 23): 3}
    facts = replace(
        FACTS,
        plan_on=None,
        heard=heard,
        owed=[(date(2025, 10, 1), False), (date(2025, 10, 2), True), (None, False)],
        leaves_open=[date(2025, 10, 6)],
    )
    assert gaps(facts, targets, TODAY) == [
        Gap(date(2025, 9, 22), "plan"),
        Gap(date(2025, 9, 28), "lessons", 2),
        Gap(date(2025, 9, 29), "contact"),
        Gap(date(2025, 10, 1), "owed"),
        Gap(date(2025, 10, 6), "leave"),
    ]


def test_a_week_with_a_holiday_or_leave_is_not_held_against_anybody():
    targets = Targets(lessons_per_week=4)
    off = frozenset({date(2025, 9, 17), date(2025, 9, 24), date(2025, 10, 1)})
    assert gaps(replace(FACTS, off=off), targets, TODAY) == []


def test_after_the_end_report_essay_books_lessons_and_both_evaluations_are_missing():
    targets = Targets(lessons_total=100, books=2, evaluation_days=14)
    after = replace(FACTS, state="finished", books_noted=1, heard={MONDAY: 90})
    assert {gap.code: gap.count for gap in gaps(after, targets, date(2026, 1, 20))} == {
        "report": 1,
        "essay": 1,
        "books": 1,
        "lessons_total": 10,
        "host_evaluation": 1,
        "office_evaluation": 1,
    }
    early = gaps(after, targets, date(2026, 1, 10))
    assert not {"host_evaluation", "office_evaluation"} & {gap.code for gap in early}


def test_before_arrival_only_the_arrival_can_be_missing():
    waiting = replace(FACTS, state="assigned", arrived_on=None, plan_on=None, arrive_to=date(2025, 9, 20))
    assert gaps(waiting, Targets(plan_days=1), TODAY) == [Gap(date(2025, 9, 20), "arrival")]
    assert gaps(waiting, Targets(plan_days=1), date(2025, 9, 20)) == []


def test_lessons_heard_are_enough_by_week_once_it_is_over_and_in_all_once_the_time_is_over():
    """S4-07, S4-63: nothing is due without a number, nor before a whole week has passed."""
    weekly, total = Targets(lessons_per_week=4), Targets(lessons_total=5)
    first = replace(FACTS, arrived_on=MONDAY, heard={MONDAY: 4}, off=frozenset())
    assert heard_enough(first, Targets(), MONDAY + timedelta(days=7)) is None
    assert heard_enough(replace(first, arrived_on=None), weekly, TODAY) is None
    assert heard_enough(first, weekly, MONDAY + timedelta(days=6)) is None
    assert heard_enough(first, weekly, MONDAY + timedelta(days=7)) is True
    assert heard_enough(first, weekly, MONDAY + timedelta(days=14)) is False
    over = first.ends_on + timedelta(days=1)
    assert [heard_enough(first, total, day) for day in (first.ends_on, over)] == [None, False]
    assert heard_enough(replace(first, heard={MONDAY: 5}), total, over) is True


def test_figures_sum_those_who_arrived_and_nobody_has_no_mean():
    full = replace(FACTS, heard={MONDAY: 7}, notes=1, time_stated=True, topics=1, essays=1)
    none = replace(FACTS, arrived_on=None)
    found = summed([full, replace(FACTS, heard={MONDAY: 2}), none], MONDAY + timedelta(days=9))
    assert (found.people, found.days, found.lessons, found.lessons_mean, found.five_complete) == (
        *(2, 20, 9),
        Fraction(9, 2),
        1,
    )
    assert summed([none], TODAY).lessons_mean is None
