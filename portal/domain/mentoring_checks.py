"""When the two of a pair look back: half way and at the end of the agreed time."""

from __future__ import annotations

from datetime import date, timedelta

NOTICE_BEFORE = timedelta(days=14)


def midterm_day(starts_on: date, ends_on: date | None) -> date | None:
    """The day in the middle of the agreed time; None for a pair without an end."""
    return starts_on + (ends_on - starts_on) / 2 if ends_on else None


def check_due(starts_on: date, ends_on: date | None, today: date) -> tuple[str, date] | None:
    """The check that is due today or within two weeks, with its day: ``midterm`` or ``final``; None before."""
    middle = midterm_day(starts_on, ends_on)
    if ends_on is None or middle is None:
        return None
    if today >= ends_on - NOTICE_BEFORE:
        return "final", ends_on
    return ("midterm", middle) if today >= middle - NOTICE_BEFORE else None
