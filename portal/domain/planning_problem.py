"""What a visiting plan is made from and what it is: values that planner, checker and files share."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from portal.domain.timetable import EVERY_WEEK, Lesson, TeacherLimits, is_visit
from portal.domain.words import Message

#: Weekdays on which lessons can be added.
PLANNED_DAYS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Bell:
    """One period of a school by the clock; `start` and `end` in minutes since midnight."""

    school: str
    period: int | str
    start: int
    end: int


@dataclass(frozen=True)
class PlanTeacher:
    """Somebody who may visit: `subjects` are those that may be added, limits those of every lesson."""

    key: str
    name: str
    subjects: frozenset[str]
    limits: TeacherLimits

    @property
    def shown(self) -> str:
        """The name, or the number where there is no name."""
        return self.name or self.key


@dataclass(frozen=True)
class PlanRow:
    """A lesson of the timetable that is there; `locked` keeps a visit where it is."""

    lesson: Lesson
    locked: bool = False


@dataclass(frozen=True)
class Demand:
    """Periods a week that a class needs from a visitor; `daily` binds all its lessons of the subject.

    Several `classes` ask for joint lessons.
    """

    row: int | str
    school: str
    classes: tuple[str, ...]
    subject: str
    periods: int
    daily: int = 1


@dataclass(frozen=True)
class Problem:
    """A timetable, who can visit, and what is asked for. Row names are unique."""

    bells: tuple[Bell, ...]
    travel: Mapping[tuple[str, str], int]
    teachers: tuple[PlanTeacher, ...]
    rows: tuple[PlanRow, ...]
    demands: tuple[Demand, ...]

    @property
    def limits(self) -> dict[str, TeacherLimits]:
        """Teacher -> what binds them, as `timetable.conflicts` asks for it."""
        return {teacher.key: teacher.limits for teacher in self.teachers}

    def movable(self) -> dict[int, int]:
        """Index of each row that a plan may leave, move or drop -> index of its demand.

        These are the unlocked visits for which there is a demand of just these classes.
        """
        wanted = {
            (demand.school, frozenset(demand.classes), demand.subject): index
            for index, demand in enumerate(self.demands)
        }
        limits = self.limits
        found = {}
        for index, row in enumerate(self.rows):
            lesson = row.lesson
            demand = wanted.get((lesson.school, frozenset(lesson.classes), lesson.subject))
            if demand is not None and not row.locked and is_visit(lesson, limits):
                found[index] = demand
        return found

    def fingerprint(self) -> str:
        """Hash of everything that a plan depends on; two problems with the same have the same plans."""
        digest = hashlib.sha256()
        for part in (self.bells, sorted(self.travel.items()), self.rows, self.demands):
            digest.update(repr(part).encode())
        for teacher in self.teachers:
            half_days = teacher.limits.half_days
            digest.update(
                repr(
                    (
                        teacher.key,
                        teacher.name,
                        sorted(teacher.subjects),
                        teacher.limits.home_school,
                        teacher.limits.week_periods,
                        teacher.limits.visit_days,
                        None if half_days is None else sorted(half_days),
                    )
                ).encode()
            )
        return digest.hexdigest()


@dataclass(frozen=True)
class Added:
    """A visit that the plan adds for a demand; `replaces` names the row it was moved from."""

    demand: int
    teacher: str
    weekday: int
    period: int | str
    start: int
    end: int
    replaces: int | str | None = None


@dataclass(frozen=True)
class Unlock:
    """A change that was tried: with it the plan covers `periods` more."""

    change: Message
    periods: int


@dataclass(frozen=True)
class Shortfall:
    """What of a demand is not covered, why, and what would help."""

    demand: int
    missing: int
    reasons: tuple[Message, ...]
    unlocks: tuple[Unlock, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The outcome: what is added, what of the movable rows stays (`left`) or goes (`dropped`).

    `travel_days` counts weekdays with a visit, teacher by teacher; `minutes` are those on the road
    between lessons in the fullest week of each day. `finished` is False when somebody cancelled: the
    best plan until then.
    """

    added: tuple[Added, ...]
    left: tuple[int | str, ...]
    dropped: tuple[int | str, ...]
    covered: int
    wanted: int
    travel_days: int
    minutes: int
    uncovered: tuple[Shortfall, ...]
    seed: int
    iterations: int
    finished: bool = True

    @property
    def moved(self) -> int:
        """How many of the rows that were there are now elsewhere."""
        return sum(each.replaces is not None for each in self.added)

    def lessons(self, problem: Problem) -> tuple[Lesson, ...]:
        """The whole timetable with this plan; added lessons are named `+1`, `+2` ... as far as free."""
        gone = set(self.dropped) | {each.replaces for each in self.added if each.replaces is not None}
        kept = [row.lesson for row in problem.rows if row.lesson.row not in gone]
        taken = {row.lesson.row for row in problem.rows}
        names = (name for name in map("+{}".format, count(1)) if name not in taken)
        for each, name in zip(self.added, names, strict=False):
            demand = problem.demands[each.demand]
            kept.append(
                Lesson(
                    row=name,
                    teacher=each.teacher,
                    school=demand.school,
                    classes=demand.classes,
                    subject=demand.subject,
                    weekday=each.weekday,
                    period=each.period,
                    start=each.start,
                    end=each.end,
                    weeks=EVERY_WEEK,
                )
            )
        return tuple(kept)
