"""plan_quality: covered periods of a visiting plan / the most that is known for the same cluster.

The best known is the best plan of our own long searches (two to five times the rounds), as
`python -m bench.bench_plan_quality` finds it: no proof, unless it reaches `bound`, which no plan can pass
by counting alone (10/60 does). Every plan passes the independent checker.
"""

import time

from bench.clusters import cluster
from portal.domain.plan_checker import check_plan
from portal.domain.planning import plan
from portal.domain.planning_problem import PLANNED_DAYS, Problem

#: (schools, teachers): rounds that fit into the CPU seconds of the aim (1.4, 17 and 30), seeds of which the
#: mean is taken, best known.
SIZES = {(5, 30): (1_000, 5, 186), (10, 60): (6_000, 1, 390), (15, 120): (12_000, 1, 814)}
LONGER = 5


def measure() -> list[tuple[str, float, str]]:
    """Covered over best known, with the CPU seconds that the search took."""
    rows = []
    for (schools, teachers), (rounds, seeds, known) in SIZES.items():
        problem = cluster(schools, teachers)
        begin = time.process_time()
        plans = [plan(problem, seed=seed, iterations=rounds) for seed in range(1, seeds + 1)]
        seconds = (time.process_time() - begin) / seeds
        for made in plans:
            assert check_plan(problem, made) == (), "a plan breaks a rule"
            assert made.covered <= bound(problem), "the bound is none"
        covered = sum(made.covered for made in plans) / seeds
        note = (
            f"{covered:g} of {plans[0].wanted} periods, best known {known}, none can pass {bound(problem)}; "
            f"{seconds:.1f} s of CPU"
        )
        rows.append((f"plan_quality {schools}/{teachers}", covered / known, note))
    return rows


def bound(problem: Problem) -> int:
    """Periods that no plan can pass: demands against the weeks of their teachers, as a flow.

    Left out are ways, half-days and that one teacher serves a demand, so the truth lies below.
    """
    room = {teacher.key: _room(problem, teacher) for teacher in problem.teachers}
    asked, able = [], []
    for demand in problem.demands:
        teachers = [
            teacher.key
            for teacher in problem.teachers
            if demand.subject in teacher.subjects and teacher.limits.home_school != demand.school
        ]
        asked.append(min(demand.periods, demand.daily * len(PLANNED_DAYS)))
        able.append(teachers)
    return _flow(asked, able, room)


def _room(problem: Problem, teacher) -> int:
    """Periods that a teacher's week still takes."""
    lessons = [row.lesson for row in problem.rows if row.lesson.teacher == teacher.key]
    return max(teacher.limits.week_periods - len(lessons), 0)


def _flow(asked: list[int], able: list[list[str]], room: dict[str, int]) -> int:
    """The largest flow, one period at a time along a path that frees room where it must."""
    served: dict[str, dict[int, int]] = {key: {} for key in room}
    total = 0
    for demand, periods in enumerate(asked):
        for _ in range(periods):
            total += _augment(demand, able, room, served)
    return total


def _augment(demand: int, able, room, served) -> int:
    came: dict[str, int] = {}
    before: dict[int, str | None] = {demand: None}
    queue = [demand]
    for current in queue:
        for key in able[current]:
            if key in came:
                continue
            came[key] = current
            if room[key]:
                room[key] -= 1
                _shift(key, came, before, served)
                return 1
            for other in served[key]:
                if served[key][other] and other not in before:
                    before[other] = key
                    queue.append(other)
    return 0


def _shift(key: str, came, before, served) -> None:
    """Along the path back: each demand takes the teacher found for it and gives up the one before."""
    while True:
        demand = came[key]
        served[key][demand] = served[key].get(demand, 0) + 1
        key = before[demand]
        if key is None:
            return
        served[key][demand] -= 1


def search_known() -> None:
    """Print the best plan of long searches for each size, to be written into `SIZES`."""
    for (schools, teachers), (rounds, _, known) in SIZES.items():
        problem = cluster(schools, teachers)
        found = [plan(problem, seed=seed, iterations=rounds * LONGER).covered for seed in (1, 2)]
        print(f"{schools}/{teachers}: {found}, known {known}, bound {bound(problem)}", flush=True)


if __name__ == "__main__":
    search_known()
