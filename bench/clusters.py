"""Clusters for plan_quality: schools, teachers, home lessons and demands, the same for the same seed.

Nobody real: names are numbers. Proportions follow a rural cluster: small subjects are taught by a few
teachers, each school lacks some of them, half of the visitors may not come on every half-day.
"""

import random

from portal.domain.planning_problem import Bell, Demand, PlanRow, PlanTeacher, Problem
from portal.domain.timetable import AFTERNOON, MORNING, Lesson, TeacherLimits

SUBJECTS = ("音乐", "美术", "体育", "英语", "科学", "信息科技", "劳动")
PERIODS = 8
HOME_CLASSES = 6


def cluster(schools: int, teachers: int, *, seed: int = 1) -> Problem:
    """A cluster whose demands are somewhat more than its visitors can cover."""
    rng = random.Random(f"{schools}/{teachers}/{seed}")
    names = [f"{number}校" for number in range(1, schools + 1)]
    bells = {name: _bells(rng) for name in names}
    places = {name: (rng.uniform(0, 40), rng.uniform(0, 40)) for name in names}
    staff = _staff(rng, names, teachers)
    rows = _home_lessons(rng, staff, bells)
    demands = _demands(rng, names, staff, teachers)
    rows += _class_lessons(rng, demands, bells, len(rows))
    return Problem(
        bells=tuple(
            Bell(name, period, start, end)
            for name in names
            for period, (start, end) in enumerate(bells[name], start=1)
        ),
        travel=_ways(places),
        teachers=tuple(staff),
        rows=tuple(rows),
        demands=tuple(demands),
    )


def _bells(rng: random.Random) -> list[tuple[int, int]]:
    """Eight periods of 40 minutes, four or five of them in the morning."""
    begin = 8 * 60 + rng.choice((-20, -10, 0, 10, 20))
    morning = rng.choice((4, 4, 5))
    bells = []
    for number in range(PERIODS):
        if number == morning:
            begin = 14 * 60 + rng.choice((-10, 0, 10, 20))
        bells.append((begin, begin + 40))
        begin += 40 + (20 if number == 1 else 10)
    return bells


def _ways(places: dict[str, tuple[float, float]]) -> dict[tuple[str, str], int]:
    """Minutes by distance; one way in twenty is not entered."""
    ways = {}
    names = list(places)
    for index, a in enumerate(names):
        for b in names[index + 1 :]:
            (x, y), (v, w) = places[a], places[b]
            minutes = round(10 + ((x - v) ** 2 + (y - w) ** 2) ** 0.5)
            if (index + len(b) * 7 + minutes) % 20:
                ways[a, b] = minutes
    return ways


def _staff(rng: random.Random, names: list[str], teachers: int) -> list[PlanTeacher]:
    staff = []
    for number in range(teachers):
        subject = SUBJECTS[number % len(SUBJECTS)]
        second = rng.choice(SUBJECTS) if rng.random() < 0.2 else subject
        half_days = None
        if rng.random() < 0.5:
            every = [(day, half) for day in range(1, 6) for half in (MORNING, AFTERNOON)]
            half_days = frozenset(rng.sample(every, rng.randint(5, 8)))
        limits = TeacherLimits(names[number % len(names)], rng.randint(12, 17), rng.randint(2, 3), half_days)
        staff.append(
            PlanTeacher(str(1001 + number), f"教师{number + 1}", frozenset((subject, second)), limits)
        )
    return staff


def _home_lessons(rng: random.Random, staff: list[PlanTeacher], bells: dict) -> list[PlanRow]:
    """Four to eight lessons of each teacher at home, locked, in classes of their own."""
    rows: list[PlanRow] = []
    busy: set[tuple] = set()
    for teacher in staff:
        home = teacher.limits.home_school
        taken: set[tuple[int, int]] = set()
        for _ in range(rng.randint(4, 8)):
            for _ in range(50):
                day, period = rng.randint(1, 5), rng.randrange(PERIODS)
                name = f"{rng.randint(1, HOME_CLASSES)}班"
                if (day, period) not in taken and (home, name, day, period) not in busy:
                    break
            else:
                continue
            taken.add((day, period))
            busy.add((home, name, day, period))
            start, end = bells[home][period]
            subject = min(teacher.subjects)
            lesson = Lesson(len(rows) + 2, teacher.key, home, (name,), subject, day, period + 1, start, end)
            rows.append(PlanRow(lesson, locked=True))
    return rows


def _demands(rng: random.Random, names: list[str], staff: list[PlanTeacher], teachers: int) -> list[Demand]:
    """Six to seven periods for each teacher, more in large clusters, in subjects that somebody elsewhere has."""
    demands: dict[tuple, Demand] = {}
    wanted = round(teachers * (6.2 + teachers / 200))
    periods = 0
    while periods < wanted:
        teacher = rng.choice(staff)
        subject = rng.choice(sorted(teacher.subjects))
        school = rng.choice([name for name in names if name != teacher.limits.home_school])
        name = f"{rng.randint(11, 10 + max(4, teachers // len(names)))}班"
        if (school, name, subject) in demands:
            continue
        count = min(rng.randint(1, 3), wanted - periods)
        demand = Demand(len(demands) + 2, school, (name,), subject, count, rng.choice((1, 1, 2)))
        demands[school, name, subject] = demand
        periods += count
    return list(demands.values())


def _class_lessons(rng: random.Random, demands: list[Demand], bells: dict, before: int) -> list[PlanRow]:
    """Main subjects of the classes that ask, by teachers who do not matter here."""
    rows = []
    for school, name in dict.fromkeys((demand.school, demand.classes[0]) for demand in demands):
        every = [(day, period) for day in range(1, 6) for period in range(PERIODS)]
        for day, period in sorted(rng.sample(every, 22)):
            start, end = bells[school][period]
            row = before + len(rows) + 2
            lesson = Lesson(row, None, school, (name,), "语文", day, period + 1, start, end)
            rows.append(PlanRow(lesson, locked=True))
    return rows
