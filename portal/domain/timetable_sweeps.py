"""Pairs of lessons that meet or follow each other, found in one sweep instead of by comparing all.

The cost is that of what is found, so a sheet of fifty thousand rows is no burden. A lesson here is
anything with `weekday`, `start`, `end` and `school`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar


class Timed(Protocol):
    """What the sweeps look at; `start` and `end` in minutes since midnight."""

    weekday: int
    start: int
    end: int
    school: str


T = TypeVar("T", bound=Timed)


def overlapping(own: Sequence[T]) -> Iterable[tuple[T, T]]:
    """Pairs that touch the same minute of a weekday, each pair in the order of `own`."""
    order = sorted(range(len(own)), key=lambda index: (own[index].weekday, own[index].start))
    running: list[int] = []
    for index in order:
        lesson = own[index]
        running = [
            each for each in running if own[each].weekday == lesson.weekday and own[each].end > lesson.start
        ]
        for each in running:
            yield own[min(each, index)], own[max(each, index)]
        running.append(index)


def following(day: Sequence[T]) -> Iterable[tuple[T, T]]:
    """Pairs of one day at different schools with nothing that begins or ends in between."""
    starts = sorted(lesson.start for lesson in day)
    ends = sorted(lesson.end for lesson in day)
    ending: dict[int, list[T]] = defaultdict(list)
    for lesson in day:
        ending[lesson.end].append(lesson)
    for lesson in day:
        before = bisect_right(ends, lesson.start)
        if not before:
            continue
        last_end = ends[before - 1]
        if starts[bisect_left(starts, last_end)] < lesson.start:
            continue
        for earlier in ending[last_end]:
            if earlier.school != lesson.school:
                yield earlier, lesson
