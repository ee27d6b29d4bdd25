"""The rhythm of a pair: when the next contact is due, and how many of the agreed rounds were kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Cadence:
    """How a pair stands with its agreed rhythm.

    ``due`` is the last day of the next contact, None once the pair's time is over before it;
    ``last`` the latest contact ever. ``kept`` of ``rounds`` full rounds of the term had a contact.
    """

    due: date | None
    last: date | None
    kept: int
    rounds: int

    def days_late(self, today: date) -> int:
        """Days since the due day; 0 while there is time."""
        return max((today - self.due).days, 0) if self.due else 0


def next_contact(
    every_weeks: int,
    starts_on: date,
    ends_on: date | None,
    last: date | None,
    term_starts: date | None = None,
) -> date | None:
    """The day by which the next contact is due: so many weeks after the last one, or after the start.

    The count begins anew with the term, so that holidays are no rest (as the figure of resting
    pairs counts). None when the pair ends before.
    """
    since = max(day for day in (starts_on, last, term_starts) if day is not None)
    due = since + timedelta(weeks=every_weeks)
    return None if ends_on is not None and due > ends_on else due


def cadence_of(
    every_weeks: int,
    starts_on: date,
    ends_on: date | None,
    contacts: Iterable[date],
    today: date,
    term: tuple[date, date] | None = None,
) -> Cadence:
    """How a pair stands on a day. ``term`` holds the first and last day of the term under way.

    Rounds are counted from the start of the pair or of the term, whichever is later; the round
    that is still running is not judged. Contacts after ``today`` do not count.
    """
    days = {day for day in contacts if day <= today}
    last = max(days, default=None)
    first = max(starts_on, term[0]) if term else starts_on
    end = min(day for day in (today, ends_on, term[1] if term else None) if day is not None)
    length = timedelta(weeks=every_weeks)
    rounds = max((end - first + _DAY) // length, 0)
    kept = sum(
        any(first + number * length <= day < first + (number + 1) * length for day in days)
        for number in range(rounds)
    )
    return Cadence(
        due=next_contact(every_weeks, starts_on, ends_on, last, term[0] if term else None),
        last=last,
        kept=kept,
        rounds=rounds,
    )
