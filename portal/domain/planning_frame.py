"""A planning problem as small numbers, made once, so that the search has nothing to look up.

Weeks: of all weeks only those matter in which another set of rows is on; each is one bit of a mask.
Periods of a school are bits of a day's mask. Times are minutes since midnight.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.planning_problem import PLANNED_DAYS, Problem
from portal.domain.timetable import MORNING, Lesson, Weeks, half_day, is_visit, travel_minutes, weeks_to_judge

#: Minutes of a way that nobody has entered: longer than any day.
UNKNOWN = 1_000_000
NO_LIMIT = 1_000_000
DAYS = 8  # weekdays are 1 to 7


@dataclass(slots=True, eq=False)
class Slot:
    """A period of a school; `clash` are the periods there that touch the same minute, itself too."""

    bit: int
    period: int | str
    start: int
    end: int
    half: int
    clash: int


@dataclass(slots=True, eq=False)
class Unit:
    """One lesson of a demand: to be added (`row` is None), or a movable row that may stay.

    `weeks` is a mask of weeks, `busy` one of the school's periods that the class cannot use then.
    """

    number: int
    demand: int
    teacher: int
    school: int
    day: int
    start: int
    end: int
    half: int
    weeks: int
    busy: int
    slot: Slot | None
    row: int | None = None


@dataclass(slots=True)
class Want:
    """A demand: `base` counts, week by week, kept visits that serve it; `fixed` says they bind the teacher."""

    school: int
    classes: tuple[int, ...]
    tallies: tuple[int, ...]
    periods: int
    base: tuple[int, ...]
    teachers: tuple[int, ...]
    fixed: bool
    stays: tuple[Unit, ...] = ()


class Frame:
    """Everything about a problem that no plan changes, by number.

    An entry of a teacher's day is (start, end, school, weeks, visit, half, unit's number or -1).
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.movable = problem.movable()
        self._number_weeks()
        self._number_schools()
        self._number_teachers()
        self._number_classes()
        self._read_rows()
        self._read_demands()

    def _number_weeks(self) -> None:
        patterns = list(dict.fromkeys(row.lesson.weeks for row in self.problem.rows))
        seen: dict[tuple[bool, ...], int] = {}
        for week in weeks_to_judge([row.lesson for row in self.problem.rows]):
            seen.setdefault(tuple(pattern.includes(week) for pattern in patterns), week)
        weeks = sorted(seen.values()) or [1]
        self.weeks = range(len(weeks))
        self.every_week = (1 << len(weeks)) - 1
        self._masks = {
            pattern: sum(1 << index for index, week in enumerate(weeks) if pattern.includes(week))
            for pattern in patterns
        }

    def mask(self, weeks: Weeks) -> int:
        """The bits of a row's weeks."""
        return self._masks[weeks]

    def _number_schools(self) -> None:
        problem = self.problem
        names = dict.fromkeys(
            [
                *(bell.school for bell in problem.bells),
                *(row.lesson.school for row in problem.rows),
                *(demand.school for demand in problem.demands),
                *(teacher.limits.home_school for teacher in problem.teachers),
            ]
        )
        self.school_names = list(names)
        self.school = {name: index for index, name in enumerate(names)}
        self.ways = [[UNKNOWN] * len(names) for _ in names]
        for a, here in self.school.items():
            for b, there in self.school.items():
                minutes = travel_minutes(problem.travel, a, b)
                if minutes is not None:
                    self.ways[here][there] = minutes
        bells: dict[int, list] = {index: [] for index in range(len(names))}
        for bell in problem.bells:
            bells[self.school[bell.school]].append(bell)
        self.slots: list[tuple[Slot, ...]] = []
        for index in range(len(names)):
            own = sorted(bells[index], key=lambda bell: (bell.start, bell.end, str(bell.period)))
            self.slots.append(
                tuple(
                    Slot(
                        1 << place,
                        bell.period,
                        bell.start,
                        bell.end,
                        half_bit(bell.start),
                        sum(
                            1 << other
                            for other, b in enumerate(own)
                            if b.start < bell.end and bell.start < b.end
                        ),
                    )
                    for place, bell in enumerate(own)
                )
            )

    def _number_teachers(self) -> None:
        teachers = self.problem.teachers
        self.teacher = {teacher.key: index for index, teacher in enumerate(teachers)}
        self.home = [self.school[teacher.limits.home_school] for teacher in teachers]
        self.week_limit = [_limit(teacher.limits.week_periods) for teacher in teachers]
        self.day_limit = [_limit(teacher.limits.visit_days) for teacher in teachers]
        self.open = [
            [
                3
                if teacher.limits.half_days is None
                else sum({half_bit_of(half) for weekday, half in teacher.limits.half_days if weekday == day})
                for day in range(DAYS)
            ]
            for teacher in teachers
        ]

    def _number_classes(self) -> None:
        self.classes: dict[tuple[int, str], int] = {}
        self.tallies: dict[tuple[int, str], int] = {}
        for demand in self.problem.demands:
            for name in demand.classes:
                self._class(self.school[demand.school], name)
                self._tally(self._class(self.school[demand.school], name), demand.subject)
        self.class_rows = [[[] for _ in range(DAYS)] for _ in self.classes]
        self.class_busy = [[0] * DAYS for _ in self.classes]
        self.tally_base = [[[0] * len(self.weeks) for _ in range(DAYS)] for _ in self.tallies]
        self.daily = [NO_LIMIT] * len(self.tallies)

    def _class(self, school: int, name: str) -> int:
        return self.classes.setdefault((school, name), len(self.classes))

    def _tally(self, number: int, subject: str) -> int:
        return self.tallies.setdefault((number, subject), len(self.tallies))

    def busy(self, school: int, start: int, end: int) -> int:
        """The school's periods that touch a span of time."""
        return sum(slot.bit for slot in self.slots[school] if slot.start < end and start < slot.end)

    def _read_rows(self) -> None:
        """Kept rows into the days of teachers and classes."""
        limits = self.problem.limits
        self.day_rows = [[[] for _ in range(DAYS)] for _ in self.problem.teachers]
        self.load_base = [[0] * len(self.weeks) for _ in self.problem.teachers]
        self.served: dict[tuple[int, str], list[tuple[Lesson, int]]] = {}
        for index, row in enumerate(self.problem.rows):
            if index in self.movable:
                continue
            lesson = row.lesson
            mask, school = self.mask(lesson.weeks), self.school[lesson.school]
            visit = is_visit(lesson, limits)
            teacher = self.teacher.get(lesson.teacher or "")
            if teacher is not None:
                entry = (lesson.start, lesson.end, school, mask, visit, half_bit(lesson.start), -1)
                self.day_rows[teacher][lesson.weekday].append(entry)
                if lesson.classes:
                    _count(self.load_base[teacher], mask)
            for name in dict.fromkeys(lesson.classes):
                number = self.classes.get((school, name))
                if number is None:
                    continue
                self.class_rows[number][lesson.weekday].append((lesson.start, lesson.end, mask))
                self.class_busy[number][lesson.weekday] |= self.busy(school, lesson.start, lesson.end)
                tally = self.tallies.get((number, lesson.subject))
                if tally is not None:
                    _count(self.tally_base[tally][lesson.weekday], mask)
            if visit and lesson.classes:
                self.served.setdefault((school, lesson.subject), []).append((lesson, mask))
        for days in self.day_rows:
            for day in days:
                day.sort()

    def _read_demands(self) -> None:
        by_subject: dict[str, list[int]] = {}
        for index, teacher in enumerate(self.problem.teachers):
            for subject in sorted(teacher.subjects):
                by_subject.setdefault(subject, []).append(index)
        self.wants: list[Want] = []
        for demand in self.problem.demands:
            school = self.school[demand.school]
            classes = tuple(self.classes[school, name] for name in demand.classes)
            tallies = tuple(self.tallies[number, demand.subject] for number in classes)
            for tally in tallies:
                self.daily[tally] = min(self.daily[tally], demand.daily)
            base, bound = [0] * len(self.weeks), set()
            for lesson, mask in self.served.get((school, demand.subject), ()):
                if set(demand.classes) <= set(lesson.classes):
                    _count(base, mask)
                    bound.add(self.teacher[lesson.teacher])
            able = [
                teacher
                for teacher in by_subject.get(demand.subject, ())
                if self.home[teacher] != school and (not bound or teacher in bound)
            ]
            self.wants.append(
                Want(school, classes, tallies, demand.periods, tuple(base), tuple(able), bool(bound))
            )
        for number, (index, want) in enumerate(self.movable.items()):
            self.wants[want].stays += (self._stay(number, index, want),)
        self.first_free = len(self.movable)

    def _stay(self, number: int, index: int, want: int) -> Unit:
        lesson = self.problem.rows[index].lesson
        school = self.school[lesson.school]
        return Unit(
            number=number,
            demand=want,
            teacher=self.teacher[lesson.teacher],
            school=school,
            day=lesson.weekday,
            start=lesson.start,
            end=lesson.end,
            half=half_bit(lesson.start),
            weeks=self.mask(lesson.weeks),
            busy=self.busy(school, lesson.start, lesson.end),
            slot=None,
            row=index,
        )


def half_bit(start: int) -> int:
    """1 in the morning, 2 in the afternoon."""
    return half_bit_of(half_day(start))


def half_bit_of(half: str) -> int:
    """1 for the morning, 2 for the afternoon."""
    return 1 if half == MORNING else 2


def planned_days() -> tuple[int, ...]:
    """Weekdays on which a lesson can be added."""
    return PLANNED_DAYS


def _limit(value: int | None) -> int:
    return NO_LIMIT if value is None else value


def _count(weeks: list[int], mask: int) -> None:
    for week in range(len(weeks)):
        weeks[week] += mask >> week & 1
