"""Periods of visiting teachers by month: who gave which, what a correction changes, what a closed month keeps.

A period counts for whoever stood before the class: the teacher when the lesson was given, the substitute when
somebody stood in, nobody when it was missed or cancelled (W7b, F7).
"""

from __future__ import annotations

import calendar as months
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from portal.domain.calendar import SwapDay, Term, teaching_weekday

Person = Hashable
_MONTH = re.compile(r"(\d{4})-(\d{2})")

#: What a lesson of a month can have come to; ``planned`` is not settled yet.
KINDS = ("planned", "given", "missed", "substituted", "cancelled")


@dataclass(frozen=True)
class Outcome:
    """What became of one dated lesson of ``teacher``; ``substitute`` only when somebody stood in."""

    teacher: Person
    state: str
    substitute: Person | None = None

    @property
    def credited(self) -> Person | None:
        """Whose period it is, or nobody's."""
        if self.state == "given":
            return self.teacher
        return self.substitute if self.state == "substituted" else None


@dataclass(frozen=True)
class Figure:
    """One person's month at one school. ``corrected`` is what corrections of closed months add or take away."""

    planned: int = 0
    given: int = 0
    missed: int = 0
    substituted: int = 0
    cancelled: int = 0
    stood_in: int = 0
    corrected: int = 0

    @property
    def periods(self) -> int:
        """The periods that count: given, stood in, and corrections entered in this month."""
        return self.given + self.stood_in + self.corrected

    @property
    def arranged(self) -> int:
        """The person's own lessons of the month, whatever became of them."""
        return self.planned + self.given + self.missed + self.substituted + self.cancelled

    def __add__(self, other: Figure) -> Figure:
        return Figure(*(getattr(self, name) + getattr(other, name) for name in FIELDS))


FIELDS = tuple(Figure.__dataclass_fields__)
NOTHING = Figure()


@dataclass(frozen=True)
class Correction:
    """A lesson of a closed month, put right later: it counts in the month in which it was entered."""

    old: Outcome
    new: Outcome

    @property
    def effect(self) -> Mapping[Person, int]:
        """Person -> periods more or less; nobody when the credit stays where it was."""
        change: Counter = Counter()
        if self.new.credited is not None:
            change[self.new.credited] += 1
        if self.old.credited is not None:
            change[self.old.credited] -= 1
        return {person: periods for person, periods in change.items() if periods}


def figures(outcomes: Iterable[Outcome], corrections: Iterable[Correction] = ()) -> dict[Person, Figure]:
    """Each person's figure of one month at one school, from its lessons and the corrections entered in it."""
    counts: dict[Person, Counter] = {}
    for each in outcomes:
        counts.setdefault(each.teacher, Counter())[each.state] += 1
        if each.state == "substituted" and each.substitute is not None:
            counts.setdefault(each.substitute, Counter())["stood_in"] += 1
    for correction in corrections:
        for person, periods in correction.effect.items():
            counts.setdefault(person, Counter())["corrected"] += periods
    return {person: Figure(**{name: own[name] for name in FIELDS}) for person, own in counts.items()}


@dataclass
class Books:
    """The months of one pair of schools as plain values: what the records of the database must agree with.

    ``lessons`` maps (month, number) to its outcome; ``closed`` keeps the figures of closed months.
    """

    lessons: dict = field(default_factory=dict)
    closed: dict = field(default_factory=dict)
    corrections: dict = field(default_factory=dict)

    def settle(self, key: tuple, state: str, substitute: Person | None, *, today) -> None:
        """Say what became of a lesson; in a closed month this is a correction that counts in ``today``."""
        old = self.lessons[key]
        new = replace(old, state=state, substitute=substitute)
        self.lessons[key] = new
        if key[0] in self.closed:
            self.corrections.setdefault(today, []).append(Correction(old, new))

    def close(self, month) -> None:
        """Freeze a month as its figures stand."""
        self.closed.setdefault(month, self.figures(month))

    def figures(self, month) -> dict[Person, Figure]:
        """The figures of a month: the frozen ones once it is closed."""
        if month in self.closed:
            return self.closed[month]
        own = [outcome for key, outcome in self.lessons.items() if key[0] == month]
        return figures(own, self.corrections.get(month, ()))


# Months


def parse_month(text: str) -> date | None:
    """The first day of a month written as 2025-10; None for anything else."""
    match = _MONTH.fullmatch(text)
    if not match or not (1 <= int(match[2]) <= 12 and 2000 <= int(match[1]) <= 2100):
        return None
    return date(int(match[1]), int(match[2]), 1)


def month_code(day: date) -> str:
    """2025-10, of any day of the month."""
    return f"{day.year:04d}-{day.month:02d}"


def first_of(day: date) -> date:
    """The first day of the month of a day."""
    return day.replace(day=1)


def last_of(day: date) -> date:
    """The last day of the month of a day."""
    return day.replace(day=months.monthrange(day.year, day.month)[1])


def month_before(day: date) -> date:
    """The first day of the month before."""
    return first_of(first_of(day) - timedelta(days=1))


def month_after(day: date) -> date:
    """The first day of the month after."""
    return last_of(day) + timedelta(days=1)


def teaching_days(month: date, terms: Iterable[Term], swaps: Mapping[date, SwapDay]) -> int:
    """How many days of a month have lessons: inside a term, holidays out, swapped workdays in."""
    terms, day, found = list(terms), first_of(month), 0
    while day <= last_of(month):
        if teaching_weekday(day, swaps) is not None and any(day in term for term in terms):
            found += 1
        day += timedelta(days=1)
    return found
