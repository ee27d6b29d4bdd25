"""Places per school at a joint activity (S4-58): who gets one, who waits, who moves up."""

from collections.abc import Iterable

#: Where no number is set there is always one more place, up to what a table holds.
NO_LIMIT = 500


def limit_of(school_id, per_school: int | None, quotas: dict) -> int | None:
    """How many places a school has: its own number, else the common one; None when none is set."""
    return quotas.get(school_id, per_school)


def next_place(limit: int | None, taken: Iterable[int]) -> int | None:
    """The first free place of a school, counted from 1; None when all are taken."""
    used = set(taken)
    for place in range(1, (NO_LIMIT if limit is None else limit) + 1):
        if place not in used:
            return place
    return None
