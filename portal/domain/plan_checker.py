"""Does a timetable keep the rules of planning? Written from the format's text, apart from the planner.

It walks through the weeks and compares lesson with lesson, slowly and plainly, so that it shares no
idea with the search that it judges. It passes judgement on people's edits just as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from portal.domain.planning_problem import Demand, Plan, PlanTeacher, Problem
from portal.domain.timetable import Lesson

#: Rules by the name under which a violation is reported.
RULES = {
    "kept": "a row that is no movable visit stays as it is; a movable one stays or goes",
    "slot": "an added lesson lies in a period of its school, on one of the five days, every week",
    "demand": "an added lesson serves a demand of the same school, classes and subject",
    "subject": "it is given by a teacher of another school who has the subject",
    "one_teacher": "one teacher for what is added to a demand, one of those who serve it already",
    "half_day": "beside an added lesson its teacher visits one school in that half-day",
    "periods": "a demand never gets more than its periods",
    "daily": "classes have no more lessons of the subject on a day than allowed",
    "teacher": "nobody is in two places",
    "class": "no class has two lessons",
    "travel": "the gap between two schools is as long as the way",
    "travel_unknown": "no way is gone that nobody has entered",
    "availability": "visits lie in half-days that are open",
    "week_limit": "periods of a week stay within the limit",
    "day_limit": "days with a visit stay within the limit",
    "uncovered": "what is said to be uncovered is what is missing",
}


@dataclass(frozen=True)
class Violation:
    """A rule of `RULES` and the rows that break it together."""

    rule: str
    rows: tuple[int | str, ...]


def check_plan(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """What is wrong with a plan; nothing when it keeps every rule and counts truly."""
    check = _Check(problem, plan.lessons(problem))
    found = list(dict.fromkeys(check.all()))
    missing = {each.demand: each.missing for each in plan.uncovered}
    for index, demand in enumerate(problem.demands):
        if missing.get(index, 0) != demand.periods - check.covered(demand):
            found.append(Violation("uncovered", (demand.row,)))
    return tuple(found)


def check_timetable(problem: Problem, lessons: Sequence[Lesson]) -> tuple[Violation, ...]:
    """What is wrong with a timetable that somebody made from the problem's rows.

    Conflicts among kept rows alone are not its business: they were there before.
    """
    return tuple(dict.fromkeys(_Check(problem, lessons).all()))


class _Check:
    def __init__(self, problem: Problem, lessons: Sequence[Lesson]) -> None:
        self.problem = problem
        self.lessons = lessons
        self.teachers = {teacher.key: teacher for teacher in problem.teachers}
        before = {row.lesson.row: row for row in problem.rows}
        self.added = [lesson for lesson in lessons if lesson.row not in before]
        asked = {_what(demand) for demand in problem.demands}
        self.movable = {
            row.lesson.row
            for row in problem.rows
            if not row.locked and self._visits(row.lesson) and _what(row.lesson) in asked
        }
        #: Rows that must not be part of a conflict: what was added, and visits left though they could go.
        self.bound = {lesson.row for lesson in self.added} | (
            self.movable & {lesson.row for lesson in lessons}
        )
        self.weeks = _different_weeks(lessons)
        self.new = {lesson.row for lesson in self.added}
        self.of_teacher: dict[str, list[Lesson]] = {}
        self.of_subject: dict[tuple[str, str], list[Lesson]] = {}
        for lesson in lessons:
            if lesson.teacher is not None:
                self.of_teacher.setdefault(lesson.teacher, []).append(lesson)
            self.of_subject.setdefault((lesson.school, lesson.subject), []).append(lesson)

    def all(self) -> Iterator[Violation]:
        """Every rule in turn."""
        yield from self._kept()
        yield from self._added()
        yield from self._demands()
        for week in self.weeks:
            on = [lesson for lesson in self.lessons if lesson.weeks.includes(week)]
            yield from self._overlaps(on)
            yield from self._teachers(on)

    def _visits(self, lesson: Lesson) -> bool:
        teacher = self.teachers.get(lesson.teacher or "")
        return teacher is not None and teacher.limits.home_school != lesson.school

    def _kept(self) -> Iterator[Violation]:
        now = {lesson.row: lesson for lesson in self.lessons}
        if len(now) != len(self.lessons):
            yield Violation(
                "kept", tuple(lesson.row for lesson in self.lessons if now[lesson.row] is not lesson)
            )
        for row in self.problem.rows:
            name = row.lesson.row
            if name in now and now[name] != row.lesson:
                yield Violation("kept", (name,))
            if name not in now and name not in self.movable:
                yield Violation("kept", (name,))

    def _added(self) -> Iterator[Violation]:
        asked = {_what(demand) for demand in self.problem.demands}
        bells = {(bell.school, bell.period, bell.start, bell.end) for bell in self.problem.bells}
        for lesson in self.added:
            every_week = lesson.weeks.first == 1 and lesson.weeks.last is None and lesson.weeks.parity is None
            bell = (lesson.school, lesson.period, lesson.start, lesson.end)
            if bell not in bells or lesson.weekday > 5 or not every_week:
                yield Violation("slot", (lesson.row,))
            if _what(lesson) not in asked:
                yield Violation("demand", (lesson.row,))
            teacher = self.teachers.get(lesson.teacher or "")
            if teacher is None or not self._visits(lesson) or lesson.subject not in teacher.subjects:
                yield Violation("subject", (lesson.row,))
            for other in self.of_teacher.get(lesson.teacher or "", ()):
                if (
                    other.weekday == lesson.weekday
                    and (other.start < 720) == (lesson.start < 720)
                    and other.school != lesson.school
                    and self._visits(other)
                ):
                    yield Violation("half_day", (lesson.row, other.row))

    def _demands(self) -> Iterator[Violation]:
        for demand in self.problem.demands:
            same = self.of_subject.get((demand.school, demand.subject), [])
            serving = [lesson for lesson in same if self._visits(lesson) and self._counts(demand, lesson)]
            added = [lesson for lesson in serving if lesson.row in self.new]
            kept = [lesson for lesson in serving if lesson.row not in self.new]
            fixed = {lesson.teacher for lesson in kept if lesson.row not in self.movable}
            allowed = fixed or {lesson.teacher for lesson in kept}
            givers = {lesson.teacher for lesson in added}
            if len(givers) > 1 or (allowed and not givers <= allowed):
                yield Violation("one_teacher", tuple(lesson.row for lesson in added))
            for week in self.weeks:
                on = [lesson.row for lesson in serving if lesson.weeks.includes(week)]
                # What is added counts beside the fullest week of what is kept.
                least = sum(lesson.weeks.includes(week) for lesson in kept) + len(added)
                if least > demand.periods and self.bound.intersection(on):
                    yield Violation("periods", tuple(on))
            for name in demand.classes:
                yield from self._daily(demand, [lesson for lesson in same if name in lesson.classes])

    def covered(self, demand: Demand) -> int:
        """Periods of a demand in the fullest week."""
        same = self.of_subject.get((demand.school, demand.subject), [])
        serving = [lesson for lesson in same if self._visits(lesson) and self._counts(demand, lesson)]
        counts = [sum(lesson.weeks.includes(week) for lesson in serving) for week in self.weeks]
        return min(demand.periods, max(counts, default=0))

    def _counts(self, demand: Demand, lesson: Lesson) -> bool:
        """Whether a visit serves a demand: asked for by it, or a joint lesson that no demand can move."""
        if _asks(demand, lesson):
            return True
        loose = lesson.row in self.new or lesson.row in self.movable
        return not loose and set(demand.classes) <= set(lesson.classes)

    def _daily(self, demand: Demand, same: list[Lesson]) -> Iterator[Violation]:
        for week in self.weeks:
            for weekday in range(1, 8):
                on = [
                    lesson.row for lesson in same if lesson.weekday == weekday and lesson.weeks.includes(week)
                ]
                if len(on) > demand.daily and self.bound.intersection(on):
                    yield Violation("daily", tuple(on))

    def _overlaps(self, on: list[Lesson]) -> Iterator[Violation]:
        by_day: dict[int, list[Lesson]] = {}
        for lesson in on:
            by_day.setdefault(lesson.weekday, []).append(lesson)
        for day in by_day.values():
            for lesson in day:
                if lesson.row not in self.bound:
                    continue
                for other in day:
                    if other is lesson or other.end <= lesson.start or lesson.end <= other.start:
                        continue
                    if other.teacher is not None and other.teacher == lesson.teacher:
                        yield Violation("teacher", _names(lesson, other))
                    if other.school == lesson.school and set(other.classes) & set(lesson.classes):
                        yield Violation("class", _names(lesson, other))

    def _teachers(self, on: list[Lesson]) -> Iterator[Violation]:
        by_teacher: dict[str, list[Lesson]] = {}
        for lesson in on:
            if lesson.teacher is not None:
                by_teacher.setdefault(lesson.teacher, []).append(lesson)
        for key, teacher in self.teachers.items():
            own = by_teacher.get(key, [])
            if not self.bound.intersection(lesson.row for lesson in own):
                continue
            yield from self._limits(teacher, own)
            for weekday in range(1, 8):
                yield from self._ways([lesson for lesson in own if lesson.weekday == weekday])

    def _limits(self, teacher: PlanTeacher, own: list[Lesson]) -> Iterator[Violation]:
        limits = teacher.limits
        visits = [lesson for lesson in own if lesson.school != limits.home_school]
        for lesson in visits:
            half = "am" if lesson.start < 720 else "pm"
            closed = limits.half_days is not None and (lesson.weekday, half) not in limits.half_days
            if closed and lesson.row in self.bound:
                yield Violation("availability", (lesson.row,))
        taught = [lesson for lesson in own if lesson.classes]
        if limits.week_periods is not None and len(taught) > limits.week_periods:
            yield from self._if_bound("week_limit", taught)
        if limits.visit_days is not None and len({lesson.weekday for lesson in visits}) > limits.visit_days:
            yield from self._if_bound("day_limit", visits)

    def _if_bound(self, rule: str, lessons: Iterable[Lesson]) -> Iterator[Violation]:
        rows = tuple(lesson.row for lesson in lessons)
        if self.bound.intersection(rows):
            yield Violation(rule, rows)

    def _ways(self, day: list[Lesson]) -> Iterator[Violation]:
        """Lessons that follow each other at different schools; nothing lies between them."""
        for first in day:
            for second in day:
                if first.end > second.start or first.school == second.school:
                    continue
                if not self.bound.intersection((first.row, second.row)):
                    continue
                if any(
                    first.end <= other.start < second.start or first.end < other.end <= second.start
                    for other in day
                    if other is not first and other is not second
                ):
                    continue
                travel = self.problem.travel
                minutes = travel.get((first.school, second.school))
                if minutes is None:
                    minutes = travel.get((second.school, first.school))
                if minutes is None:
                    yield Violation("travel_unknown", _names(first, second))
                elif second.start - first.end < minutes:
                    yield Violation("travel", _names(first, second))


def _asks(demand: Demand, lesson: Lesson) -> bool:
    """Whether a lesson is just what a demand asks for."""
    return _what(demand) == _what(lesson)


def _what(asked: Demand | Lesson) -> tuple[str, frozenset[str], str]:
    return asked.school, frozenset(asked.classes), asked.subject


def _different_weeks(lessons: Sequence[Lesson]) -> list[int]:
    """Weeks from 1 to two beyond the last one that a row names, each combination of rows once."""
    kinds = list(dict.fromkeys(lesson.weeks for lesson in lessons))
    last = max([each.last or each.first for each in kinds], default=1)
    seen: dict[tuple[bool, ...], int] = {}
    for week in range(1, last + 3):
        seen.setdefault(tuple(each.includes(week) for each in kinds), week)
    return list(seen.values())


def _names(first: Lesson, second: Lesson) -> tuple[int | str, ...]:
    return tuple(sorted((first.row, second.row), key=str))
