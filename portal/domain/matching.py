"""Mentors and mentees by their ranked wishes: a stable suggestion, with the reason of every line.

Mentees ask in the order of their wishes; a mentor keeps the dearest up to the capacity and lets the others
ask on (deferred acceptance). Only people who named each other are brought together. The outcome does not
depend on the order in which lists arrive: no mentor and mentee who named each other would both rather have
each other, and no other stable outcome suits any mentee better.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

Id = Hashable


@dataclass(frozen=True)
class Wishes:
    """The people somebody named, the dearest first, and how many a mentor would take."""

    order: Sequence[Id]
    capacity: int = 1


@dataclass(frozen=True)
class Match:
    """A suggested pair: at which place the mentee named the mentor, and the mentor the mentee (from 1).

    ``before`` are mentors whom the mentee named earlier and who kept others.
    """

    mentor: Id
    mentee: Id
    mentee_rank: int
    mentor_rank: int
    before: tuple[Id, ...] = ()


@dataclass(frozen=True)
class Alone:
    """A mentee without a suggestion: named by none of the mentors whom they named, or all of those kept others."""

    mentee: Id
    named: tuple[Id, ...]
    mutual: tuple[Id, ...]


@dataclass(frozen=True)
class Suggestion:
    """The pairs, the mentees left alone, and places that mentors have left: mentor -> number."""

    matches: tuple[Match, ...]
    alone: tuple[Alone, ...]
    free: Mapping[Id, int]


def suggest(mentors: Mapping[Id, Wishes], mentees: Mapping[Id, Wishes]) -> Suggestion:
    """The suggestion for these lists. Names that are on no list of the other side are passed over.

    A capacity below one takes nobody. Lines are in the order of the mentees' keys, as text.
    """
    rank = {
        mentor: {mentee: place for place, mentee in enumerate(wishes.order, 1)}
        for mentor, wishes in mentors.items()
    }
    asks = {
        mentee: [m for m in dict.fromkeys(wishes.order) if m != mentee and mentee in rank.get(m, ())]
        for mentee, wishes in mentees.items()
    }
    kept: dict[Id, list[Id]] = {mentor: [] for mentor in mentors}
    asked = dict.fromkeys(asks, 0)
    waiting = sorted(asks, key=str, reverse=True)
    while waiting:
        mentee = waiting.pop()
        if asked[mentee] == len(asks[mentee]):
            continue
        mentor = asks[mentee][asked[mentee]]
        asked[mentee] += 1
        kept[mentor].append(mentee)
        kept[mentor].sort(key=lambda one: rank[mentor][one])
        if len(kept[mentor]) > max(mentors[mentor].capacity, 0):
            waiting.append(kept[mentor].pop())
    of_mentee = {mentee: mentor for mentor, some in kept.items() for mentee in some}
    ordered = sorted(mentees, key=str)
    return Suggestion(
        tuple(
            Match(
                of_mentee[mentee],
                mentee,
                list(mentees[mentee].order).index(of_mentee[mentee]) + 1,
                rank[of_mentee[mentee]][mentee],
                tuple(asks[mentee][: asks[mentee].index(of_mentee[mentee])]),
            )
            for mentee in ordered
            if mentee in of_mentee
        ),
        tuple(
            Alone(mentee, tuple(mentees[mentee].order), tuple(asks[mentee]))
            for mentee in ordered
            if mentee not in of_mentee
        ),
        {mentor: max(mentors[mentor].capacity, 0) - len(some) for mentor, some in kept.items()},
    )
