"""The checker catches every rule that a plan can break; plans themselves come from the planner."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bench.clusters import cluster
from portal.domain.plan_checker import RULES, Violation, check_plan, check_timetable
from portal.domain.planning import plan
from portal.domain.planning_problem import Bell, Demand, PlanRow, PlanTeacher, Problem, Shortfall
from portal.domain.timetable import Lesson, TeacherLimits, Weeks
from tests.support.messy_timetables import messy_problem

STARTS = (480, 530, 580, 840, 890)
SCHOOLS = ("甲小学", "乙小学", "丙小学", "丁小学")
BELLS = tuple(
    Bell(school, period, start, start + 40)
    for school in SCHOOLS
    for period, start in enumerate(STARTS, start=1)
)
WAYS = {("甲小学", "乙小学"): 20, ("甲小学", "丙小学"): 10, ("乙小学", "丙小学"): 10}
LIMITS = TeacherLimits("甲小学", 3, 2, frozenset((day, half) for day in range(1, 5) for half in ("am", "pm")))
TEACHERS = (
    PlanTeacher("1", "王雅芬", frozenset(("音乐",)), LIMITS),
    PlanTeacher("2", "李建国", frozenset(("音乐", "体育")), TeacherLimits("甲小学")),
    PlanTeacher("3", "陈丽", frozenset(("音乐",)), TeacherLimits("乙小学")),
)
DEMANDS = (
    Demand(2, "乙小学", ("一班",), "音乐", 2),
    Demand(3, "丙小学", ("一班",), "音乐", 3, 2),
    Demand(4, "丁小学", ("一班",), "音乐", 1),
)
EVERY = Weeks()


def lesson(
    row, teacher, school, weekday, period, *, classes=("一班",), subject="音乐", weeks=EVERY, start=None
):
    begin = STARTS[period - 1] if start is None else start
    return Lesson(row, teacher, school, classes, subject, weekday, period, begin, begin + 40, weeks)


def problem(*rows):
    """Rows as (lesson, locked)."""
    return Problem(BELLS, WAYS, TEACHERS, tuple(PlanRow(each, locked) for each, locked in rows), DEMANDS)


def broken(lessons, *, rows=()):
    return {each.rule for each in check_timetable(problem(*rows), [each for each, _ in rows] + lessons)}


HOME = lesson(2, "1", "甲小学", 1, 2)
VISIT = lesson(3, "1", "乙小学", 1, 4)
OTHER = lesson(4, "2", "乙小学", 2, 1)


def test_a_timetable_that_keeps_the_rules_is_passed():
    good = [
        lesson("+1", "1", "乙小学", 1, 4),
        lesson("+2", "1", "乙小学", 2, 1),
        lesson("+3", "3", "丙小学", 1, 1),
    ]
    assert check_timetable(problem((HOME, True)), [HOME, *good]) == ()


@pytest.mark.parametrize(
    ("rule", "rows", "lessons"),
    [
        ("slot", (), [lesson("+1", "1", "乙小学", 1, 1, weeks=Weeks(parity=1))]),
        ("slot", (), [lesson("+1", "1", "乙小学", 1, 1, start=485)]),
        ("slot", (), [lesson("+1", "2", "乙小学", 6, 1)]),
        ("demand", (), [lesson("+1", "2", "乙小学", 1, 1, subject="体育")]),
        ("demand", (), [lesson("+1", "1", "乙小学", 1, 1, classes=("一班", "二班"))]),
        ("subject", (), [lesson("+1", "3", "乙小学", 1, 1)]),
        ("subject", (), [lesson("+1", None, "乙小学", 1, 1)]),
        ("one_teacher", (), [lesson("+1", "1", "乙小学", 1, 1), lesson("+2", "2", "乙小学", 2, 1)]),
        ("one_teacher", ((VISIT, True),), [lesson("+1", "2", "乙小学", 2, 1)]),
        ("half_day", (), [lesson("+1", "1", "乙小学", 1, 1), lesson("+2", "1", "丙小学", 1, 3)]),
        (
            "periods",
            ((OTHER, True),),
            [lesson("+1", "2", "乙小学", 3, 1), lesson("+2", "2", "乙小学", 4, 4)],
        ),
        ("daily", (), [lesson("+1", "1", "乙小学", 1, 1), lesson("+2", "1", "乙小学", 1, 4)]),
        ("daily", ((lesson(9, "3", "乙小学", 1, 5), True),), [lesson("+1", "1", "乙小学", 1, 1)]),
        ("teacher", ((lesson(9, "1", "甲小学", 1, 1), True),), [lesson("+1", "1", "乙小学", 1, 1)]),
        (
            "class",
            ((lesson(9, None, "乙小学", 1, 1, subject="语文"), True),),
            [lesson("+1", "1", "乙小学", 1, 1)],
        ),
        ("travel", ((HOME, True),), [lesson("+1", "1", "乙小学", 1, 1)]),
        ("travel_unknown", ((HOME, True),), [lesson("+1", "1", "丁小学", 1, 4)]),
        ("availability", (), [lesson("+1", "1", "乙小学", 5, 1)]),
        (
            "week_limit",
            tuple((lesson(9 + day, "1", "甲小学", day, 1), True) for day in range(1, 4)),
            [lesson("+1", "1", "乙小学", 4, 1)],
        ),
        ("day_limit", (), [lesson(f"+{day}", "1", "丙小学", day, 1) for day in range(1, 4)]),
    ],
)
def test_a_broken_rule_is_found(rule, rows, lessons):
    assert broken(lessons, rows=rows) == {rule}


def test_rows_that_stay_must_be_there_as_they_were():
    given_problem = problem((HOME, False), (VISIT, False), (OTHER, True))
    assert check_timetable(given_problem, [HOME, OTHER]) == ()  # an unlocked visit with a demand may go
    assert check_timetable(given_problem, [VISIT, OTHER]) == (Violation("kept", (2,)),)
    assert check_timetable(given_problem, [HOME, VISIT]) == (Violation("kept", (4,)),)
    changed = replace(OTHER, weekday=3)
    assert check_timetable(given_problem, [HOME, VISIT, changed]) == (Violation("kept", (4,)),)


def test_conflicts_among_rows_that_stay_are_not_the_plans():
    twice = lesson(9, "1", "甲小学", 1, 2)
    assert check_timetable(problem((HOME, True), (twice, True)), [HOME, twice]) == ()


def test_a_movable_row_that_stays_in_a_conflict_is_found():
    clash = lesson(9, "1", "甲小学", 1, 4)
    assert broken([], rows=((clash, True), (VISIT, False))) == {"teacher"}


def test_odd_and_even_rows_do_not_meet():
    odd = lesson(9, None, "乙小学", 1, 4, subject="语文", weeks=Weeks(parity=1))
    even = replace(VISIT, weeks=Weeks(parity=0))
    assert broken([], rows=((odd, True), (even, False))) == set()


def test_counts_that_are_not_true_are_found():
    given_problem = cluster(3, 12)
    made = plan(given_problem, iterations=20)
    first = made.uncovered[0]
    told = (Shortfall(first.demand, first.missing + 1, ()), *made.uncovered[1:])
    row = given_problem.demands[first.demand].row
    assert check_plan(given_problem, made) == ()
    assert check_plan(given_problem, replace(made, uncovered=told)) == (Violation("uncovered", (row,)),)


def test_every_rule_is_tested_above():
    marks = test_a_broken_rule_is_found.pytestmark[0].args[1]
    assert {rule for rule, _, _ in marks} | {"kept", "uncovered"} == set(RULES)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 1_000_000), st.data())
def test_a_lesson_moved_onto_another_is_always_caught(seed, data):
    """A plan with one added lesson laid upon another of its teacher is never passed."""
    given_problem = messy_problem(seed)
    made = plan(given_problem, iterations=5)
    lessons = list(made.lessons(given_problem))
    places = [index for index, each in enumerate(lessons) if isinstance(each.row, str)]
    assume(places)
    index = data.draw(st.sampled_from(places))
    own = [each for each in lessons if each.teacher == lessons[index].teacher and each is not lessons[index]]
    assume(own)
    target = data.draw(st.sampled_from(own))
    lessons[index] = replace(
        lessons[index], weekday=target.weekday, start=target.start, end=target.end, period=target.period
    )
    assert check_timetable(given_problem, lessons) != ()


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 1_000_000), st.data())
def test_a_plan_that_lost_or_doubled_a_lesson_is_always_caught(seed, data):
    given_problem = messy_problem(seed)
    made = plan(given_problem, iterations=5)
    assume(made.added)
    index = data.draw(st.integers(0, len(made.added) - 1))
    added = (*made.added[:index], *made.added[index + 1 :])
    gone = made.added[index].replaces
    dropped = made.dropped if gone is None else (*made.dropped, gone)
    assert check_plan(given_problem, replace(made, added=added, dropped=dropped)) != ()
    doubled = (*made.added, replace(made.added[index], replaces=None))
    assert check_plan(given_problem, replace(made, added=doubled)) != ()
