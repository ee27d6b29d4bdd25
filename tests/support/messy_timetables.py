"""Small timetables with everything that makes planning hard, the same for the same seed.

Bells that overlap within a school, ways that are unknown or longer than their detour, odd weeks and
spans, joint lessons, meetings, rows that clash already, visits that may move, limits of zero.
"""

import random

from portal.domain.planning_problem import Bell, Demand, PlanRow, PlanTeacher, Problem
from portal.domain.timetable import AFTERNOON, MORNING, Lesson, TeacherLimits, Weeks

SUBJECTS = ("音乐", "美术", "体育")
CLASSES = ("一班", "二班", "三班")
WEEKS = ("", "", "", "", "单", "双", "3-5", "4")


def messy_problem(seed: int) -> Problem:
    """Two to four schools, up to seven teachers, up to ten demands."""
    rng = random.Random(seed)
    schools = [f"{name}校" for name in "甲乙丙丁"[: rng.randint(2, 4)]]
    bells = [bell for school in schools for bell in _bells(rng, school)]
    travel = {}
    for a in schools:
        for b in schools:
            if a != b and rng.random() < 0.6:
                travel[a, b] = rng.choice((0, 5, 10, 15, 30, 60, 200))
    teachers = [_teacher(rng, number, schools) for number in range(rng.randint(1, 7))]
    demands: dict[tuple, Demand] = {}
    for number in range(rng.randint(1, 10)):
        classes = tuple(sorted(rng.sample(CLASSES, rng.choice((1, 1, 1, 1, 2)))))
        school, subject = rng.choice(schools), rng.choice(SUBJECTS)
        periods, daily = rng.randint(0, 4), rng.choice((0, 1, 1, 1, 2, 3))
        demands[school, classes, subject] = Demand(number + 2, school, classes, subject, periods, daily)
    wanted = list(demands.values())
    rows = [_row(rng, number + 2, bells, teachers, wanted) for number in range(rng.randint(0, 40))]
    return Problem(tuple(bells), travel, tuple(teachers), tuple(rows), tuple(wanted))


def _bells(rng: random.Random, school: str) -> list[Bell]:
    start, bells = rng.choice((470, 480, 500)), []
    for period in range(1, rng.randint(4, 7)):
        if period == 4:
            start = rng.choice((700, 710, 840, 850))
        length = rng.choice((35, 40, 40, 45))
        bells.append(Bell(school, period, start, start + length))
        start += length + rng.choice((0, 10, 10, 20, -5))
    return bells


def _teacher(rng: random.Random, number: int, schools: list[str]) -> PlanTeacher:
    every = [(day, half) for day in range(1, 6) for half in (MORNING, AFTERNOON)]
    limits = TeacherLimits(
        rng.choice(schools),
        rng.choice((None, None, 3, 6, 10)),
        rng.choice((None, None, 0, 1, 2, 3)),
        None if rng.random() < 0.5 else frozenset(rng.sample(every, rng.randint(1, 8))),
    )
    subjects = frozenset(rng.sample(SUBJECTS, rng.randint(0, 2)))
    return PlanTeacher(str(number + 1), f"教师{number + 1}", subjects, limits)


def _row(rng, number: int, bells: list[Bell], teachers: list[PlanTeacher], demands: list[Demand]) -> PlanRow:
    bell = rng.choice(bells)
    teacher = rng.choice(teachers).key if rng.random() < 0.8 else None
    classes = tuple(sorted(rng.sample(CLASSES, rng.choice((1, 1, 1, 2)))))
    subject = rng.choice(SUBJECTS)
    if teacher and rng.random() < 0.15:
        classes = ()
    if demands and rng.random() < 0.4:
        demand = rng.choice(demands)
        classes, subject = demand.classes, demand.subject
        bell = rng.choice([each for each in bells if each.school == demand.school])
    lesson = Lesson(
        row=number,
        teacher=teacher,
        school=bell.school,
        classes=classes,
        subject=subject,
        weekday=rng.randint(1, 5),
        period=bell.period,
        start=bell.start,
        end=bell.end,
        weeks=Weeks.parse(rng.choice(WEEKS)),
    )
    return PlanRow(lesson, locked=rng.random() < 0.4)
