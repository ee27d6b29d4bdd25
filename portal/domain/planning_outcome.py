"""From the units of a search to the plan that people see: what stays, moves, goes and is new."""

from __future__ import annotations

from portal.domain.planning_frame import Unit
from portal.domain.planning_problem import Added, Plan, Shortfall
from portal.domain.planning_state import State
from portal.domain.timetable import EVERY_WEEK, Lesson


def plan_of(
    state: State,
    uncovered: tuple[Shortfall, ...],
    *,
    seed: int,
    iterations: int,
    finished: bool = True,
) -> Plan:
    """The plan of a state; a demand's rows that left their places are moved to its new lessons."""
    problem = state.frame.problem
    left: list[int] = []
    added: list[Added] = []
    dropped: list[int] = []
    for demand, units in enumerate(state.units):
        rows = [unit.row for unit in state.frame.wants[demand].stays]
        staying = {unit.row for unit in units if unit.row is not None}
        new = sorted((unit for unit in units if unit.row is None), key=lambda each: (each.day, each.start))
        for unit in list(new):
            same = _same_place(state, unit, [row for row in rows if row not in staying])
            if same is not None:
                staying.add(same)
                new.remove(unit)
        gone = [row for row in rows if row not in staying]
        left += sorted(staying)
        dropped += gone[len(new) :]
        names = [problem.rows[row].lesson.row for row in gone[: len(new)]]
        names += [None] * (len(new) - len(names))
        added += [
            Added(
                demand,
                problem.teachers[unit.teacher].key,
                unit.day,
                unit.slot.period,
                unit.start,
                unit.end,
                replaces,
            )
            for unit, replaces in zip(new, names, strict=True)
        ]
    return Plan(
        added=tuple(added),
        left=tuple(problem.rows[row].lesson.row for row in sorted(left)),
        dropped=tuple(problem.rows[row].lesson.row for row in sorted(dropped)),
        covered=state.total_covered,
        wanted=sum(demand.periods for demand in problem.demands),
        travel_days=state.total_days,
        minutes=state.total_minutes,
        uncovered=uncovered,
        seed=seed,
        iterations=iterations,
        finished=finished,
    )


def _same_place(state: State, unit: Unit, rows: list[int]) -> int | None:
    """A row that says just what the unit says, so that nothing moves."""
    problem = state.frame.problem
    for row in rows:
        lesson: Lesson = problem.rows[row].lesson
        if (lesson.teacher, lesson.weekday, lesson.period, lesson.start, lesson.weeks) == (
            problem.teachers[unit.teacher].key,
            unit.day,
            unit.slot.period,
            unit.start,
            EVERY_WEEK,
        ):
            return row
    return None
