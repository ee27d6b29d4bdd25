"""Trying a change before it is recommended: with it, does a plan cover more and keep every rule?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from portal.domain.plan_checker import check_plan
from portal.domain.planning_outcome import plan_of
from portal.domain.planning_problem import Problem, Shortfall
from portal.domain.planning_search import Search
from portal.domain.timetable import AFTERNOON, MORNING
from portal.domain.words import Message

#: Rounds of search that a change gets when the missing lesson does not simply fit.
REPAIR_ROUNDS = 60
#: How many changes get such a search, one for so many rounds of the plan's own; and how many are checked.
FEWEST_REPAIRS, MOST_REPAIRS, ROUNDS_A_REPAIR = 2, 12, 300
MOST_CHECKS = 120


@dataclass(frozen=True)
class Change:
    """One thing that somebody could decide; `kind` is a cause of `planning_reasons`, or 'daily'."""

    kind: str
    teacher: int | None
    said: Message
    day: int = 0
    half: int = 0
    value: int = 0


class Trials:
    """Tries changes on the final state of a search and leaves it as it was."""

    def __init__(self, search: Search, rounds: int) -> None:
        self.search = search
        self.state = search.state
        self.frame = search.state.frame
        self.repairs = max(FEWEST_REPAIRS, min(MOST_REPAIRS, rounds // ROUNDS_A_REPAIR))
        self.checks = MOST_CHECKS

    def gain(self, demand: int, change: Change) -> int:
        """Periods more of this demand, and of the whole plan, that the change makes possible; 0 is none."""
        if not self.checks:
            return 0
        with self._changed(demand, change):
            return self._simply(demand, change) or self._by_search(demand, change)

    def _simply(self, demand: int, change: Change) -> int:
        """Whether the missing periods fit beside everything that is placed."""
        state = self.state
        before = state.total_covered
        state.log.clear()
        teachers = (change.teacher,) if change.teacher is not None else state.teachers_for(demand)
        for teacher in teachers:
            self.search.place(demand, teacher, state.missing(demand))
            if state.total_covered > before:
                break
        gained = state.total_covered - before
        holds = gained > 0 and self._holds(demand, change)
        state.undo()
        return gained if holds else 0

    def _by_search(self, demand: int, change: Change) -> int:
        """Whether a short search finds room for them."""
        if not self.repairs:
            return 0
        self.repairs -= 1
        state, own, whole = self.state, self.state.covered[demand], self.state.total_covered
        units = self.search.placed()
        self.search.improve(REPAIR_ROUNDS, around=demand)
        gained = min(state.covered[demand] - own, state.total_covered - whole)
        holds = gained > 0 and self._holds(demand, change)
        self.search.restore(units)
        return gained if holds else 0

    def _holds(self, demand: int, change: Change) -> bool:
        """The independent checker's word on the plan under the changed problem."""
        if not self.checks:
            return False
        self.checks -= 1
        state = self.state
        uncovered = tuple(
            Shortfall(index, want.periods - state.covered[index], ())
            for index, want in enumerate(self.frame.wants)
            if want.periods > state.covered[index]
        )
        plan = plan_of(state, uncovered, seed=0, iterations=0)
        return not check_plan(changed_problem(self.frame.problem, demand, change), plan)

    @contextmanager
    def _changed(self, demand: int, change: Change) -> Iterator[None]:
        """The change in the numbers of the frame, for a while."""
        frame, teacher = self.frame, change.teacher
        if change.kind == "daily":
            places = [(frame.daily, tally) for tally in frame.wants[demand].tallies]
            step = 1
        elif change.kind == "availability":
            places = [(frame.open[teacher], change.day)]
            step = change.half  # the half-day is closed, so its bit is not there yet
        else:
            places = [(frame.day_limit if change.kind == "day_limit" else frame.week_limit, teacher)]
            step = 1
        self._step(places, step, teacher)
        try:
            yield
        finally:
            self._step(places, -step, teacher)

    def _step(self, places: list[tuple[list[int], int]], step: int, teacher: int | None) -> None:
        for numbers, place in places:
            numbers[place] += step
        if teacher is not None:
            self.state.forget(teacher)


def changed_problem(problem: Problem, demand: int, change: Change) -> Problem:
    """The problem as it would be after the change."""
    if change.kind == "daily":
        asked = problem.demands[demand]
        demands = list(problem.demands)
        demands[demand] = replace(asked, daily=change.value)
        return replace(problem, demands=tuple(demands))
    teachers = list(problem.teachers)
    teacher = teachers[change.teacher]
    limits = teacher.limits
    if change.kind == "availability":
        half = MORNING if change.half == 1 else AFTERNOON
        limits = replace(limits, half_days=limits.half_days | {(change.day, half)})
    elif change.kind == "day_limit":
        limits = replace(limits, visit_days=limits.visit_days + 1)
    else:
        limits = replace(limits, week_periods=limits.week_periods + 1)
    teachers[change.teacher] = replace(teacher, limits=limits)
    return replace(problem, teachers=tuple(teachers))
