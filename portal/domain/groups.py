"""Rules of committees and groups: posts in them, times that must not overlap, turns of duty."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

#: 组长, 副组长, 秘书 (协调人), 成员, 顾问; in the order in which a list prints them (S0-03, S1-76, S4-52).
POSTS = ("head", "deputy", "secretary", "member", "adviser")
#: Who leads a group and writes its part of the plan (S4-46).
HEADS = ("head", "deputy")
STEPS = ("week", "month")


@dataclass(frozen=True)
class Span:
    """A time from a day to a day, both included; without ``last`` it goes on."""

    first: date
    last: date | None = None

    def meets(self, other: "Span") -> bool:
        """Whether both share a day."""
        return (self.last is None or other.first <= self.last) and (
            other.last is None or self.first <= other.last
        )


def overlapping(span: Span, others: Iterable[Span]) -> Span | None:
    """The first of the other times that shares a day with this one, by its beginning."""
    return next((each for each in sorted(others, key=lambda o: o.first) if span.meets(each)), None)


@dataclass(frozen=True)
class Turn:
    """One turn of duty: who, from which day to which day."""

    who: object
    first: date
    last: date


def rotation(who: Sequence, first: date, last: date, step: str) -> list[Turn]:
    """Turns of a week (to Sunday) or a calendar month each, round and round, from a day to a day (S4-25).

    The first and the last turn may be shorter. Nobody to take turns, or no days: no turns.
    """
    found: list[Turn] = []
    day = first
    while who and day <= last:
        if step == "week":
            end = day + timedelta(days=7 - day.isoweekday())
        else:
            end = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        found.append(Turn(who[len(found) % len(who)], day, min(end, last)))
        day = end + timedelta(days=1)
    return found
