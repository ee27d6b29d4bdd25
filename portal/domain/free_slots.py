"""Where a lesson fits: what stands against a time, and the free times nearest to it.

A time is free when class and teacher have nothing else then, every way before and after it is known and
short enough, the half-day is one of the teacher's, and no limit is exceeded: the same rules as those by
which a timetable is checked (`portal.domain.timetable`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from portal.domain.timetable import Conflict, Lesson, TeacherLimits, Travel, Weeks, conflicts

#: Weekdays on which times are looked for.
WEEKDAYS = (1, 2, 3, 4, 5)
#: Kinds that come from what binds a teacher, not from another lesson.
LIMIT_KINDS = frozenset(("availability", "week_limit", "day_limit"))


@dataclass(frozen=True)
class FreeSlot:
    """A free time of a week: weekday from 1, the period's number, its begin and end in minutes."""

    weekday: int
    period: int
    start: int
    end: int

    @property
    def key(self) -> str:
        """How a form names it: `3-2`."""
        return f"{self.weekday}-{self.period}"


def stands_against(
    lesson: Lesson, others: Iterable[Lesson], travel: Travel, limits: Mapping[str, TeacherLimits]
) -> tuple[Conflict, ...]:
    """The conflicts that one lesson is part of; what others have among themselves is left out."""
    return _against(lesson, _near(lesson, others), travel, limits)


def free_slots(
    lesson: Lesson,
    others: Iterable[Lesson],
    bells: Mapping[int, tuple[int, int]],
    travel: Travel,
    limits: Mapping[str, TeacherLimits],
    *,
    weekdays: Iterable[int] = WEEKDAYS,
) -> tuple[FreeSlot, ...]:
    """The times of a school's bells at which a lesson fits, nearest first; its own time is not among them.

    Nearest is the same weekday, then the fewest days away, then the fewest minutes by the clock. The
    lesson itself must not stand in `others`. A way that nobody has registered does not fit.
    """
    near, found = _near(lesson, others), []
    for weekday in weekdays:
        for period, (start, end) in bells.items():
            if (weekday, start) == (lesson.weekday, lesson.start):
                continue
            slot = FreeSlot(weekday, period, start, end)
            if not _against(moved(lesson, slot), near, travel, limits):
                found.append(slot)
    return tuple(
        sorted(
            found,
            key=lambda slot: (
                abs(slot.weekday - lesson.weekday),
                abs(slot.start - lesson.start),
                slot.weekday,
                slot.start,
            ),
        )
    )


def moved(lesson: Lesson, slot: FreeSlot) -> Lesson:
    """The lesson at another time of the week."""
    return replace(lesson, weekday=slot.weekday, period=slot.period, start=slot.start, end=slot.end)


def not_worse(found: Iterable[Conflict], before: Iterable[Conflict]) -> frozenset[Conflict]:
    """The exceeded limits that were exceeded as much before: a change need not mend what it did not break."""
    had = {conflict.kind: dict(conflict.params) for conflict in before if conflict.kind in LIMIT_KINDS}
    return frozenset(
        conflict
        for conflict in found
        if conflict.kind in had and _burden(conflict.kind, dict(conflict.params), had[conflict.kind])
    )


def _burden(kind: str, now: Mapping, then: Mapping) -> bool:
    """Whether an exceeded limit is exceeded no more than then."""
    if kind == "availability":
        return now == then
    return now["count"] <= then["count"]


def _against(lesson: Lesson, near: list[Lesson], travel: Travel, limits: Mapping) -> tuple[Conflict, ...]:
    return tuple(found for found in conflicts([lesson, *near], travel, limits) if lesson.row in found.rows)


def _near(lesson: Lesson, others: Iterable[Lesson]) -> list[Lesson]:
    """The lessons of the same teacher or of one of the classes, in the weeks of the lesson alone.

    So the fullest week, which is what a limit is measured by, is one in which the lesson is given.
    """
    found = []
    for other in others:
        same_teacher = lesson.teacher is not None and lesson.teacher == other.teacher
        same_class = lesson.school == other.school and bool(set(lesson.classes) & set(other.classes))
        weeks = _both(lesson.weeks, other.weeks) if same_teacher or same_class else None
        if weeks is not None:
            found.append(replace(other, weeks=weeks))
    return found


def _both(a: Weeks, b: Weeks) -> Weeks | None:
    """The weeks that lie in both; None when there is none."""
    if a.parity is not None and b.parity is not None and a.parity != b.parity:
        return None
    parity = b.parity if a.parity is None else a.parity
    first = max(a.first, b.first)
    last = b.last if a.last is None else a.last if b.last is None else min(a.last, b.last)
    if parity is not None and first % 2 != parity:
        first += 1
    return None if last is not None and first > last else Weeks(first, last, parity)
