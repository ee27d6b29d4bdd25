"""Bringing the lessons of an absent teacher through with the fewest moves: stand-ins first, then free slots.

A lesson that somebody stands in for keeps its place in everybody's week; one that moves changes the week of a
class and a teacher. So a plan leaves as few lessons open as possible, then moves as few as possible, then
takes the better ranked people (W7b, S3-30). Values in, values out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from portal.domain.substitution import Candidate, Hour, Need, Suggestion, obstacle
from portal.domain.timetable import Travel

# The search looks at this many people and slots a lesson, and at this many half-made plans.
PEOPLE, SLOTS, PLANS = 6, 4, 20_000


@dataclass(frozen=True)
class Slot:
    """A free time of a class: the day, the number of the period, and its minutes at the school."""

    period: int
    hour: Hour


@dataclass(frozen=True)
class Options:
    """What can be done about one lesson: people in their order, free slots the nearest first.

    `teacher` is who gives the lesson when it is moved, with all that this person does.
    """

    need: Need
    people: tuple[Suggestion, ...]
    slots: tuple[Slot, ...]
    teacher: Candidate
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fix:
    """What the plan does about a lesson: somebody stands in, it moves, or (both None) nothing helps."""

    need: Need
    person: Candidate | None = None
    slot: Slot | None = None


def free_slots(
    need: Need,
    teacher: Candidate,
    class_busy: Iterable[Hour],
    days: Iterable[date],
    bells: Mapping[int, tuple[int, int]],
    travel: Travel,
) -> tuple[Slot, ...]:
    """The times on the days at which teacher and class are free and the ways fit, the nearest day first.

    `bells` are those of the school where the lesson is given; the lesson's own time is not offered. The
    teacher's own lesson and the class's must not stand in `busy`, since it is the one that moves.
    """
    taken = tuple(class_busy)
    anybody = replace(need, teacher=None)
    found = []
    for day in days:
        for period, (start, end) in bells.items():
            hour = Hour(day, start, end, need.hour.school)
            if hour.meets(need.hour) or any(hour.meets(other) for other in taken):
                continue
            if obstacle(replace(anybody, hour=hour), teacher, travel) is None:
                found.append(Slot(period, hour))
    origin = need.hour.day
    return tuple(
        sorted(found, key=lambda slot: (abs((slot.hour.day - origin).days), slot.hour.day, slot.hour.start))
    )


def repair(options: Iterable[Options], travel: Travel) -> tuple[Fix, ...]:
    """A plan for all lessons together, in the order of time; the same input gives the same plan."""
    ordered = sorted(options, key=lambda each: (each.need.hour.day, each.need.hour.start, str(each.need.key)))
    search = _Search(ordered, travel)
    search.go(0, (), (0, 0, 0))
    return search.best


class _Search:
    """Depth first with the best cost so far: (left open, moved, sum of ranks)."""

    def __init__(self, options: list[Options], travel: Travel):
        self.options, self.travel, self.looked = options, travel, 0
        self.best: tuple[Fix, ...] = tuple(Fix(each.need) for each in options)
        self.cost = (len(options), 0, 0)

    def go(self, at: int, plan: tuple[Fix, ...], cost: tuple[int, int, int]) -> None:
        self.looked += 1
        if cost >= self.cost or self.looked > PLANS:
            return
        if at == len(self.options):
            self.best, self.cost = plan, cost
            return
        lost, moved, ranks = cost
        each = self.options[at]
        for rank, suggestion in enumerate(each.people[:PEOPLE]):
            if self._can_stand_in(suggestion.candidate, each.need, plan):
                fix = Fix(each.need, person=suggestion.candidate)
                self.go(at + 1, (*plan, fix), (lost, moved, ranks + rank))
        for rank, slot in enumerate(each.slots[:SLOTS]):
            if self._can_move(slot, each, plan):
                self.go(at + 1, (*plan, Fix(each.need, slot=slot)), (lost, moved + 1, ranks + rank))
        self.go(at + 1, (*plan, Fix(each.need)), (lost + 1, moved, ranks))

    def _can_stand_in(self, person: Candidate, need: Need, plan: tuple[Fix, ...]) -> bool:
        for fix in plan:
            if fix.person is not None and fix.person.key == person.key:
                person = person.with_hour(fix.need.hour)
        return obstacle(need, person, self.travel) is None

    def _can_move(self, slot: Slot, options: Options, plan: tuple[Fix, ...]) -> bool:
        teacher, classes = options.teacher, {(slot.hour.school, name) for name in options.classes}
        for fix, other in zip(plan, self.options, strict=False):
            if fix.slot is None:
                continue
            if other.teacher.key == teacher.key:
                teacher = teacher.with_hour(fix.slot.hour)
            same_class = classes & {(fix.slot.hour.school, name) for name in other.classes}
            if same_class and fix.slot.hour.meets(slot.hour):
                return False
        moved = replace(options.need, hour=slot.hour, teacher=None)
        return obstacle(moved, teacher, self.travel) is None
