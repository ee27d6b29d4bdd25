"""The turn of a term (新学期): between which terms, what goes on, what is over, and turns of duty a term later."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.domain.calendar import Term

GOES_ON, OVER, RUNS_OUT = "goes_on", "over", "runs_out"


def nearest(terms: Sequence[Any], today: date) -> tuple[Any, Any] | None:
    """(the term that ends, the one that begins) whose turn is nearest to a day; None with fewer than two terms.

    Each has ``first_day``. Halfway between two turns the later one counts: one looks ahead.
    """
    ordered = sorted(terms, key=lambda term: term.first_day)
    turns = list(itertools.pairwise(ordered))
    return min(reversed(turns), key=lambda turn: abs((turn[1].first_day - today).days)) if turns else None


def fate(ends_on: date | None, begins: date, today: date) -> str:
    """What becomes of something that is under way when a term begins.

    GOES_ON: its dates reach into the term. OVER: its last day has passed. RUNS_OUT: it ends before the term,
    and that day is still to come, so nothing is closed yet.
    """
    if ends_on is None or ends_on >= begins:
        return GOES_ON
    return OVER if ends_on < today else RUNS_OUT


@dataclass(frozen=True)
class Moved:
    """A turn of duty in the new term: which school, from and to, and what it does."""

    who: Any
    first: date
    last: date
    task: str


def moved_turns(turns: Iterable[Moved], before: Term, term: Term, members: Iterable[Any]) -> list[Moved]:
    """The duty table of one term in the same weeks of the next one, for those who are still members.

    What would lie outside of the new term is cut off or left out.
    """
    shift, inside = term.week_one_monday - before.week_one_monday, set(members)
    found = []
    for turn in turns:
        first = max(_later(turn.first, shift), term.first_day)
        last = min(_later(turn.last, shift), term.last_day)
        if turn.who in inside and first <= last:
            found.append(Moved(turn.who, first, last, turn.task))
    return found


def _later(day: date, shift: timedelta) -> date:
    return day + shift
