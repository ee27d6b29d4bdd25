"""The visiting timetable: lessons by the clock, week by week, and what is wrong with them.

A lesson is judged by its begin and end in minutes since midnight, never by the number of its
period, since bell times differ between schools. Planning builds on the same pieces.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice

from portal.domain.calendar import SwapDay, Term, teaching_weekday, week_number
from portal.domain.timetable_sweeps import following, overlapping
from portal.domain.words import N_, Message, message

MORNING, AFTERNOON = "am", "pm"
NOON = 12 * 60

WEEKDAYS = {
    1: N_("周一"),
    2: N_("周二"),
    3: N_("周三"),
    4: N_("周四"),
    5: N_("周五"),
    6: N_("周六"),
    7: N_("周日"),
}

#: Kinds of conflict in the order in which they are listed, each with its reason in words.
REASONS = {
    "teacher": N_("同一教师%(weekday)s两处有课：%(first)s，%(second)s"),
    "class": N_("同一班级%(weekday)s同时有两节课：%(first)s，%(second)s"),
    "travel": N_("%(weekday)s从%(origin)s到%(destination)s需要%(needed)s分钟，课间只有%(gap)s分钟"),
    "travel_unknown": N_("%(weekday)s从%(origin)s到%(destination)s没有登记路程"),
    "availability": N_("%(weekday)s%(half)s不在该教师可用的半天内"),
    "week_limit": N_("第%(week)s周共%(count)s节，超过每周上限%(limit)s节"),
    "day_limit": N_("第%(week)s周有%(count)s天走教，超过每周上限%(limit)s天"),
}
HALVES = {MORNING: N_("上午"), AFTERNOON: N_("下午")}

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_WEEK_SPAN = re.compile(r"(\d{1,2})(?:-(\d{1,2}))?")
_HALF_DAY = re.compile(r"周([一二三四五六日])(上|下)午?")


def parse_clock(text: str) -> int:
    """Minutes since midnight of `08:40`; full-width digits and colon are read too."""
    match = _CLOCK.fullmatch(_plain(text))
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(f"{text!r} is not a time of day")
    return int(match[1]) * 60 + int(match[2])


def format_clock(minutes: int) -> str:
    """`08:40` for minutes since midnight."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def half_day(start: int) -> str:
    """Morning when a lesson begins before 12:00, else afternoon, whatever its number."""
    return MORNING if start < NOON else AFTERNOON


def parse_half_days(text: str) -> frozenset[tuple[int, str]] | None:
    """(weekday, half) pairs of `周一上;周四下`; None, which is all, when nothing is written."""
    parts = [part for part in _plain(text).split(";") if part]
    if not parts:
        return None
    matches = [_HALF_DAY.fullmatch(part) for part in parts]
    if not all(matches):
        raise ValueError(f"{text!r} is not a list of half-days such as 周一上;周四下")
    return frozenset(
        ("一二三四五六日".index(match[1]) + 1, MORNING if match[2] == "上" else AFTERNOON)
        for match in matches
    )


@dataclass(frozen=True)
class Weeks:
    """The teaching weeks in which a lesson takes place: a span, or every odd or even week."""

    first: int = 1
    last: int | None = None
    parity: int | None = None

    @classmethod
    def parse(cls, text: str) -> Weeks:
        """Read `` (every week), `单`, `双`, `3-12` or `5`; ValueError for anything else."""
        plain = _plain(text)
        if plain in ("", "单", "双", "单周", "双周"):
            return cls(parity=None if not plain else 1 if plain[0] == "单" else 0)
        match = _WEEK_SPAN.fullmatch(plain)
        if match:
            first, last = int(match[1]), int(match[2] or match[1])
            if 1 <= first <= last:
                return cls(first, last)
        raise ValueError(f"{text!r} names no weeks: leave it empty, or write 单, 双, 3-12 or 5")

    def includes(self, week: int) -> bool:
        """Whether a teaching week, from 1 on, is one of these; week 0 never is."""
        return (
            self.first <= week
            and (self.last is None or week <= self.last)
            and (self.parity is None or week % 2 == self.parity)
        )

    def __str__(self) -> str:
        if self.parity is not None:
            return "单" if self.parity else "双"
        if self.last is None:
            return ""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


EVERY_WEEK = Weeks()


@dataclass(frozen=True)
class Lesson:
    """One row of a timetable.

    `row` names its source (a sheet's row number, a record's id) and orders conflicts.
    `teacher` None: only the class is busy. `classes` empty: only the teacher is busy (meeting,
    duty); several classes are one joint lesson. `start` and `end` are minutes since midnight.
    """

    row: int | str
    teacher: str | None
    school: str
    classes: tuple[str, ...]
    subject: str
    weekday: int
    period: int | str
    start: int
    end: int
    weeks: Weeks = EVERY_WEEK

    def __post_init__(self) -> None:
        if not 1 <= self.weekday <= 7:
            raise ValueError(f"row {self.row}: a weekday runs from 1 to 7")
        if not 0 <= self.start < self.end <= 24 * 60:
            raise ValueError(f"row {self.row}: a lesson must end after it begins")

    @property
    def time(self) -> str:
        """`08:20-09:00`."""
        return f"{format_clock(self.start)}-{format_clock(self.end)}"


@dataclass(frozen=True)
class TeacherLimits:
    """What binds one teacher; None is no limit. A lesson away from `home_school` is a visit."""

    home_school: str
    week_periods: int | None = None
    visit_days: int | None = None
    half_days: frozenset[tuple[int, str]] | None = None


#: Minutes from one school to another; the reverse direction is used when it has no own entry.
Travel = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Conflict:
    """Something wrong with a timetable: where (`rows`, ascending), whose (`key`), and why.

    `key` is the teacher, for a class its school and name with a space between. The reason's
    sentence is `REASONS[kind]` filled with `params`.
    """

    kind: str
    key: str
    rows: tuple[int | str, ...]
    params: tuple[tuple[str, object], ...] = field(default=(), compare=False)

    @property
    def message(self) -> Message:
        """The reason as a sentence."""
        return Message(REASONS[self.kind], self.params)


def travel_minutes(travel: Travel, origin: str, destination: str) -> int | None:
    """Minutes of a way; None when neither direction is known, which is not zero."""
    if origin == destination:
        return 0
    return travel.get((origin, destination), travel.get((destination, origin)))


def overlap(a: Lesson, b: Lesson) -> bool:
    """Whether two lessons of one day touch the same minute; begin and end may coincide."""
    return a.weekday == b.weekday and a.start < b.end and b.start < a.end


def is_visit(lesson: Lesson, limits: Mapping[str, TeacherLimits]) -> bool:
    """Whether a lesson is given away from the teacher's own school."""
    own = limits.get(lesson.teacher or "")
    return own is not None and lesson.school != own.home_school


def conflicts(
    lessons: Iterable[Lesson],
    travel: Travel,
    limits: Mapping[str, TeacherLimits],
    *,
    most: int | None = None,
) -> tuple[Conflict, ...]:
    """Every conflict of a timetable, once each however many weeks it has, in a fixed order.

    A teacher without an entry in `limits` has no limit and no visit. `most` ends the search after so
    many findings, since a table pasted in a thousand times has millions.
    """
    by_teacher: dict[str, list[Lesson]] = defaultdict(list)
    by_class: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in sorted(lessons, key=lambda each: _row_order(each.row)):
        if lesson.teacher is not None:
            by_teacher[lesson.teacher].append(lesson)
        for name in dict.fromkeys(lesson.classes):
            by_class[f"{lesson.school} {name}"].append(lesson)

    found = islice(_each_once(_all_conflicts(by_teacher, by_class, travel, limits)), most)
    return tuple(sorted(found, key=_conflict_order))


def _all_conflicts(
    by_teacher: Mapping[str, list[Lesson]],
    by_class: Mapping[str, list[Lesson]],
    travel: Travel,
    limits: Mapping[str, TeacherLimits],
) -> Iterable[Conflict]:
    for teacher, own in by_teacher.items():
        if teacher in limits:
            yield from _limit_conflicts(teacher, own, limits)
        yield from _travel_conflicts(teacher, own, travel)
        yield from _overlaps("teacher", teacher, own)
    for key, own in by_class.items():
        yield from _overlaps("class", key, own)


def _each_once(found: Iterable[Conflict]) -> Iterable[Conflict]:
    seen: set[Conflict] = set()
    for conflict in found:
        if conflict not in seen:
            seen.add(conflict)
            yield conflict


def sessions(
    lesson: Lesson,
    term: Term,
    swaps: Mapping[date, SwapDay],
    *,
    first_day: date | None = None,
    last_day: date | None = None,
) -> tuple[date, ...]:
    """Dates on which a weekly lesson takes place in a term, or in a part of it.

    Holidays drop out; a swapped workday gives the lessons of the weekday it teaches like, in the
    calendar week in which it lies, so odd and even follow the day itself.
    """
    day = max(term.first_day, first_day or term.first_day)
    end = min(term.last_day, last_day or term.last_day)
    dates = []
    while day <= end:
        week = week_number(term, day)
        if teaching_weekday(day, swaps) == lesson.weekday and week and lesson.weeks.includes(week):
            dates.append(day)
        day += timedelta(days=1)
    return tuple(dates)


def weeks_to_judge(lessons: Iterable[Lesson]) -> tuple[int, ...]:
    """The fewest weeks that show every combination of lessons, each the first of its kind.

    Between two weeks where a span begins or ends only odd and even differ.
    """
    turns = {1}
    for lesson in lessons:
        turns.add(lesson.weeks.first)
        if lesson.weeks.last is not None:
            turns.add(lesson.weeks.last + 1)
    return tuple(sorted(turns | {week + 1 for week in turns}))


def _overlaps(kind: str, key: str, own: list[Lesson]) -> Iterable[Conflict]:
    for a, b in overlapping(own):
        if _share_a_week(a, b):
            yield _conflict(
                kind,
                key,
                (a, b),
                weekday=_weekday(a.weekday),
                first=_place(a),
                second=_place(b),
            )


def _travel_conflicts(teacher: str, own: list[Lesson], travel: Travel) -> Iterable[Conflict]:
    for week in weeks_to_judge(own):
        days: dict[int, list[Lesson]] = defaultdict(list)
        for lesson in own:
            if lesson.weeks.includes(week):
                days[lesson.weekday].append(lesson)
        for day in days.values():
            for a, b in following(day):
                needed = travel_minutes(travel, a.school, b.school)
                way = {
                    "weekday": _weekday(a.weekday),
                    "origin": a.school,
                    "destination": b.school,
                }
                if needed is None:
                    yield _conflict("travel_unknown", teacher, (a, b), **way)
                elif b.start - a.end < needed:
                    yield _conflict("travel", teacher, (a, b), needed=needed, gap=b.start - a.end, **way)


def _limit_conflicts(
    teacher: str, own: list[Lesson], limits: Mapping[str, TeacherLimits]
) -> Iterable[Conflict]:
    bound = limits[teacher]
    visits = [lesson for lesson in own if is_visit(lesson, limits)]
    if bound.half_days is not None:
        for lesson in visits:
            half = half_day(lesson.start)
            if (lesson.weekday, half) not in bound.half_days:
                yield _conflict(
                    "availability",
                    teacher,
                    (lesson,),
                    weekday=_weekday(lesson.weekday),
                    half=message(HALVES[half]),
                )
    taught = [lesson for lesson in own if lesson.classes]
    yield from _over("week_limit", teacher, taught, bound.week_periods, len)
    yield from _over("day_limit", teacher, visits, bound.visit_days, _days)


def _over(
    kind: str,
    teacher: str,
    counted: list[Lesson],
    limit: int | None,
    measure: Callable[[list[Lesson]], int],
) -> Iterable[Conflict]:
    """The fullest week, the first of equals, when it exceeds a limit."""
    if limit is None or not counted:
        return
    weeks = {
        week: [lesson for lesson in counted if lesson.weeks.includes(week)]
        for week in weeks_to_judge(counted)
    }
    fullest = max(weeks, key=lambda week: (measure(weeks[week]), -week))
    count = measure(weeks[fullest])
    if count > limit:
        yield _conflict(kind, teacher, weeks[fullest], week=fullest, count=count, limit=limit)


def _days(lessons: list[Lesson]) -> int:
    return len({lesson.weekday for lesson in lessons})


def _share_a_week(a: Lesson, b: Lesson) -> bool:
    return any(a.weeks.includes(week) and b.weeks.includes(week) for week in weeks_to_judge((a, b)))


def _conflict(kind: str, key: str, lessons: Iterable[Lesson], **params: object) -> Conflict:
    rows = tuple(sorted((lesson.row for lesson in lessons), key=_row_order))
    return Conflict(kind, key, rows, tuple(params.items()))


def _place(lesson: Lesson) -> Message:
    """Where, what and when a lesson is."""
    where = f"{lesson.school}{';'.join(lesson.classes)}{lesson.subject}"
    return message(N_("%(where)s %(time)s"), where=where, time=lesson.time)


def _weekday(number: int) -> Message:
    return message(WEEKDAYS[number])


def _row_order(row: int | str) -> tuple[int, int, str]:
    """Numbers by size, then names; a timetable may mix both."""
    return (0, row, "") if isinstance(row, int) else (1, 0, row)


def _conflict_order(conflict: Conflict) -> tuple:
    kinds = list(REASONS)
    return kinds.index(conflict.kind), conflict.key, tuple(map(_row_order, conflict.rows))


def _plain(text: str) -> str:
    """Text without spaces, with half-width digits and plain dashes and colons."""
    folded = unicodedata.normalize("NFKC", str(text))
    return re.sub(r"[–—~]", "-", re.sub(r"\s", "", folded))
