"""Half-days as they are written in the timetable workbook; ``timetable.parse_half_days`` reads them."""

from collections.abc import Iterable

from portal.domain.timetable import AFTERNOON, MORNING, WEEKDAYS

HALF = {MORNING: "上", AFTERNOON: "下"}


def written(half_days: Iterable[tuple[int, str]]) -> str | None:
    """Half-days by weekday, `周一上;周四下`; None for every one of Monday to Friday, which is no limit."""
    chosen = set(half_days)
    if chosen >= {(day, half) for day in range(1, 6) for half in HALF}:
        return None
    ordered = sorted(chosen, key=lambda pair: (pair[0], pair[1] == AFTERNOON))
    return ";".join(f"{WEEKDAYS[day]}{HALF[half]}" for day, half in ordered)
