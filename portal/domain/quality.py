"""Quality analysis of a common test (S4-36): four steps in their order, each with its day."""

from collections.abc import Mapping
from datetime import date

#: 调研, 分析, 研讨, 改进.
STEPS = ("survey", "analyse", "discuss", "improve")
DONE = "done"


def next_step(written) -> str:
    """The first step that is not written yet, or ``done``: where an analysis stands follows from its steps."""
    there = set(written)
    return next((step for step in STEPS if step not in there), DONE)


def may_write(step: str, written) -> bool:
    """Whether a step can be written: it is there already, or its turn has come."""
    return step in written or step == next_step(written)


def earliest_day(step: str, days: Mapping[str, date]) -> date | None:
    """The day of the last step before this one; the step is not earlier."""
    return max((days[each] for each in STEPS[: STEPS.index(step)] if each in days), default=None)


def latest_day(step: str, days: Mapping[str, date]) -> date | None:
    """The day of the first step after this one; the step is not later."""
    return min((days[each] for each in STEPS[STEPS.index(step) + 1 :] if each in days), default=None)
