"""Requests for instruction (请示), level by level, and reports (报告), to any level (S4-11)."""

#: The principal, the cluster (its lead principal, or who speaks for it), the section of the bureau.
LEVELS = ("school", "cluster", "bureau")
KINDS = ("request", "report")
STATES = ("at_school", "at_cluster", "at_bureau", "returned", "answered", "withdrawn", "reported")
OFFICES = ("basic_education", "personnel", "supervision")

#: State -> the level at which a request waits.
LEVEL_AT = {"at_school": "school", "at_cluster": "cluster", "at_bureau": "bureau"}
#: Step -> the level that takes it; the steps of the writer are in none.
LEVEL_OF_STEP = {
    "endorse": "school",
    "pass_school": "school",
    "settle_school": "school",
    "return_school": "school",
    "relay": "cluster",
    "pass_cluster": "cluster",
    "settle_cluster": "cluster",
    "return_cluster": "cluster",
    "answer": "bureau",
    "return_bureau": "bureau",
}
ACTIONS = ("submit", "resubmit", "withdraw", *LEVEL_OF_STEP)


def highest(level: str, other: str) -> str:
    """The higher of two levels: whoever has had a request keeps seeing it."""
    return max(level, other, key=LEVELS.index)


def levels_that_see(kind: str, level: str) -> tuple[str, ...]:
    """A request is seen by each level that it has come through, a report by the one that it was written to."""
    return (level,) if kind == "report" else LEVELS[: LEVELS.index(level) + 1]
