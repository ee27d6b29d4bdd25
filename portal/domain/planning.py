"""Plans of visiting lessons: keep what is locked, cover what is asked for, say why something is not.

First as many covered periods as possible, then few travel days, then few minutes on the road. The
method stands in docs/decisions; the rules are those of the timetable workbook. The same problem, seed
and number of iterations give the same plan on every machine.
"""

from __future__ import annotations

from collections.abc import Callable

from portal.domain.plan_checker import Violation, check_plan
from portal.domain.planning_frame import Frame
from portal.domain.planning_outcome import plan_of
from portal.domain.planning_problem import Plan, Problem
from portal.domain.planning_reasons import shortfalls
from portal.domain.planning_search import Search
from portal.domain.planning_state import State

#: Goes up when the same input would give another plan; stored with each proposal.
PLANNER_VERSION = 1
DEFAULT_SEED = 1
FEWEST_ITERATIONS, MOST_ITERATIONS = 500, 12_000
ITERATIONS_A_PERIOD = 16


class PlanRefused(Exception):
    """The checker found a broken rule in a plan; it must not be shown or written."""

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        super().__init__(", ".join(f"{each.rule} {each.rows}" for each in violations[:5]))
        self.violations = violations


def default_iterations(problem: Problem) -> int:
    """Rounds that a problem of this size deserves."""
    wanted = sum(min(demand.periods, 40) for demand in problem.demands)
    return max(FEWEST_ITERATIONS, min(MOST_ITERATIONS, ITERATIONS_A_PERIOD * wanted))


def plan(
    problem: Problem,
    *,
    seed: int = DEFAULT_SEED,
    iterations: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Plan:
    """The best plan found in so many rounds.

    `progress(done, all)` is called now and then; when `cancelled()` says so, the best plan until then
    is given with `finished` False and without changes that would help, since these take trials.
    The independent checker reads every plan; `PlanRefused` would be a defect of the planner.
    """
    rounds = default_iterations(problem) if iterations is None else iterations
    search = Search(State(Frame(problem)), seed)
    search.construct()
    made = search.improve(rounds, progress=progress, cancelled=cancelled)
    search.complete()
    stopped = bool(cancelled and cancelled())
    uncovered = shortfalls(search, rounds=made, cancelled=cancelled, trials=not stopped)
    if progress:
        progress(rounds, rounds)
    outcome = plan_of(search.state, uncovered, seed=seed, iterations=made, finished=not stopped)
    violations = check_plan(problem, outcome)
    if violations:
        raise PlanRefused(violations)
    return outcome
