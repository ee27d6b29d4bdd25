"""Who can stand in for a teacher who is away, in which order, and why; in values, without a database.

A lesson that needs somebody (`Need`) is set against what people do that day. What stands against a
person is one sentence, `obstacle`; who has no obstacle is ranked by `suggestions`, each with the reasons in
words: teaches the subject, is at the school that half-day already, way known, fair share of this term.
Rule source: S3-30 (both timetables stay covered), W7b.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.domain.timetable import (
    AFTERNOON,
    HALVES,
    MORNING,
    TeacherLimits,
    Travel,
    format_clock,
    half_day,
    travel_minutes,
)
from portal.domain.words import N_, Message, message

OBSTACLES = {
    "self": N_("就是这节课的任课教师"),
    "away": N_("这个时间不在"),
    "busy": N_("%(time)s在%(school)s有课或有事"),
    "travel": N_("从%(origin)s到%(destination)s要%(needed)s分钟，只有%(gap)s分钟"),
    "half_day": N_("不在可以走教的半天内"),
    "week_limit": N_("这一周已有%(count)s节，上限%(limit)s节"),
    "day_limit": N_("这一周已走教%(count)s天，上限%(limit)s天"),
}
REASONS = {
    "free": N_("这个时间没有课"),
    "unknown": N_("没有登记课表，有没有课请本人确认"),
    "subject": N_("任教%(subject)s"),
    "other_subject": N_("不教%(subject)s"),
    "there": N_("这个%(half)s就在%(school)s"),
    "way": N_("从%(origin)s到%(destination)s要%(needed)s分钟，有%(gap)s分钟"),
    "from_home": N_("要从%(origin)s过去，路上%(needed)s分钟"),
    "way_unknown": N_("从%(origin)s到%(destination)s的路程没有登记"),
    "first_time": N_("本学期还没有代过课"),
    "share": N_("本学期已代课%(count)s节"),
}


@dataclass(frozen=True)
class Span:
    """A time away, from a half-day to a half-day, both included."""

    first_day: date
    first_half: str
    last_day: date
    last_half: str

    def __post_init__(self) -> None:
        if {self.first_half, self.last_half} - {MORNING, AFTERNOON}:
            raise ValueError("a half-day is am or pm")
        if self._begin > self._end:
            raise ValueError("an absence must end after it begins")

    def covers(self, day: date, start: int) -> bool:
        """Whether a lesson on a day that begins at `start` minutes after midnight falls into it."""
        return self._begin <= (day, half_day(start) == AFTERNOON) <= self._end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a half-day."""
        return self._begin <= other._end and other._begin <= self._end

    @property
    def _begin(self) -> tuple[date, bool]:
        return self.first_day, self.first_half == AFTERNOON

    @property
    def _end(self) -> tuple[date, bool]:
        return self.last_day, self.last_half == AFTERNOON


@dataclass(frozen=True)
class Hour:
    """A dated lesson as somebody's time: minutes since midnight, at a school."""

    day: date
    start: int
    end: int
    school: str

    def meets(self, other: Hour) -> bool:
        """Whether the two share a minute; begin and end may coincide."""
        return self.day == other.day and self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Need:
    """A dated lesson that somebody has to give; `teacher` is who was to give it."""

    key: object
    hour: Hour
    subject: str
    teacher: object


@dataclass(frozen=True)
class Candidate:
    """A teacher with everything that decides about standing in.

    `busy` holds the dated lessons of the weeks in question, given or stood in for, `taken` hours that are taken
    otherwise (meetings, duty), which count for no limit; `stand_ins` counts those of the term. `is_listed`
    says that a timetable of the teacher is known at all: without it, no lesson does not mean free.
    """

    key: object
    name: str
    home: str
    subjects: frozenset[str] = frozenset()
    busy: tuple[Hour, ...] = ()
    taken: tuple[Hour, ...] = ()
    away: tuple[Span, ...] = ()
    stand_ins: int = 0
    is_listed: bool = True
    limits: TeacherLimits | None = None

    def with_hour(self, hour: Hour) -> Candidate:
        """The same teacher with one lesson more."""
        return replace(self, busy=(*self.busy, hour), stand_ins=self.stand_ins + 1)


@dataclass(frozen=True)
class Suggestion:
    """Somebody who can stand in, with the reasons in words; `doubts` are those that need a question first."""

    candidate: Candidate
    reasons: tuple[Message, ...]
    doubts: tuple[Message, ...] = ()


def has_begun(day: date, start: int, today: date, minute: int) -> bool:
    """Whether a lesson is past or under way at `minute` of today: such lessons are never rearranged."""
    return (day, start) <= (today, minute)


def obstacle(need: Need, candidate: Candidate, travel: Travel) -> Message | None:
    """What stands against somebody giving a lesson, as a sentence; None when nothing does.

    By the clock, whatever the bells of both schools say; a way that nobody registered is no obstacle.
    """
    hour = need.hour
    if candidate.key == need.teacher:
        return message(OBSTACLES["self"])
    if any(span.covers(hour.day, hour.start) for span in candidate.away):
        return message(OBSTACLES["away"])
    for own in (*candidate.busy, *candidate.taken):
        if own.meets(hour):
            return message(OBSTACLES["busy"], time=_clock(own), school=own.school)
    return _too_far(hour, candidate, travel) or _over_limit(hour, candidate)


def suggestions(need: Need, candidates: Iterable[Candidate], travel: Travel) -> tuple[Suggestion, ...]:
    """Everybody who can stand in, the best first.

    In this order: teaches the subject, is at the school that half-day, way known, timetable known, fewer
    stand-ins this term; then by name, so that the order is the same every time.
    """
    free = [each for each in candidates if obstacle(need, each, travel) is None]
    free.sort(key=lambda each: _rank(need, each, travel))
    return tuple(_suggestion(need, each, travel) for each in free)


def unsuited(
    need: Need, candidates: Iterable[Candidate], travel: Travel
) -> tuple[tuple[Candidate, Message], ...]:
    """Those who teach the subject and still cannot, each with the reason."""
    found = [
        (each, reason)
        for each in candidates
        if need.subject in each.subjects
        and each.key != need.teacher
        and (reason := obstacle(need, each, travel)) is not None
    ]
    return tuple(sorted(found, key=lambda pair: (pair[0].name, str(pair[0].key))))


def _suggestion(need: Need, candidate: Candidate, travel: Travel) -> Suggestion:
    reasons, doubts = [], []
    if candidate.is_listed:
        reasons.append(message(REASONS["free"]))
    else:
        doubts.append(message(REASONS["unknown"]))
    teaches = need.subject in candidate.subjects
    (reasons if teaches else doubts).append(
        message(REASONS["subject" if teaches else "other_subject"], subject=need.subject)
    )
    if is_there(need.hour, candidate):
        half = message(HALVES[half_day(need.hour.start)])
        reasons.append(message(REASONS["there"], half=half, school=need.hour.school))
    known, unknown = _ways(need.hour, candidate, travel)
    reasons += known
    doubts += unknown
    count = candidate.stand_ins
    reasons.append(message(REASONS["share"], count=count) if count else message(REASONS["first_time"]))
    return Suggestion(candidate, tuple(reasons), tuple(doubts))


def is_there(hour: Hour, candidate: Candidate) -> bool:
    """Whether somebody is at the school that half-day: has a lesson there, or belongs there and has none away."""
    same_half = [
        own for own in candidate.busy if own.day == hour.day and half_day(own.start) == half_day(hour.start)
    ]
    if any(own.school == hour.school for own in same_half):
        return True
    return candidate.home == hour.school and not same_half


def _rank(need: Need, candidate: Candidate, travel: Travel) -> tuple:
    return (
        need.subject not in candidate.subjects,
        not is_there(need.hour, candidate),
        bool(_ways(need.hour, candidate, travel)[1]),
        not candidate.is_listed,
        candidate.stand_ins,
        candidate.name,
        str(candidate.key),
    )


def _beside(hour: Hour, candidate: Candidate) -> list[tuple[Hour, Hour]]:
    """The way to the lesson and the way on from it, as pairs in the order of time."""
    day = [own for own in (*candidate.busy, *candidate.taken) if own.day == hour.day]
    before = max((own for own in day if own.end <= hour.start), key=lambda own: own.end, default=None)
    after = min((own for own in day if own.start >= hour.end), key=lambda own: own.start, default=None)
    pairs = [(before, hour)] if before else []
    return [*pairs, (hour, after)] if after else pairs


def _too_far(hour: Hour, candidate: Candidate, travel: Travel) -> Message | None:
    for a, b in _beside(hour, candidate):
        needed = travel_minutes(travel, a.school, b.school)
        if needed is not None and b.start - a.end < needed:
            return message(OBSTACLES["travel"], **_way(a, b, needed))
    return None


def _ways(hour: Hour, candidate: Candidate, travel: Travel) -> tuple[list[Message], list[Message]]:
    """The ways of that day in words: those that fit, and those that nobody registered."""
    known, unknown = [], []
    pairs = [(a, b) for a, b in _beside(hour, candidate) if a.school != b.school]
    for a, b in pairs:
        needed = travel_minutes(travel, a.school, b.school)
        if needed is None:
            unknown.append(message(REASONS["way_unknown"], origin=a.school, destination=b.school))
        else:
            known.append(message(REASONS["way"], **_way(a, b, needed)))
    if not _beside(hour, candidate) and candidate.home and candidate.home != hour.school:
        needed = travel_minutes(travel, candidate.home, hour.school)
        if needed is None:
            unknown.append(message(REASONS["way_unknown"], origin=candidate.home, destination=hour.school))
        else:
            known.append(message(REASONS["from_home"], origin=candidate.home, needed=needed))
    return known, unknown


def _way(a: Hour, b: Hour, needed: int) -> dict:
    return {"origin": a.school, "destination": b.school, "needed": needed, "gap": b.start - a.end}


def _over_limit(hour: Hour, candidate: Candidate) -> Message | None:
    """What the registered limits of a teacher say; without limits nothing is assumed."""
    limits = candidate.limits
    if limits is None:
        return None
    week = [own for own in candidate.busy if _monday(own.day) == _monday(hour.day)]
    if limits.week_periods is not None and len(week) + 1 > limits.week_periods:
        return message(OBSTACLES["week_limit"], count=len(week), limit=limits.week_periods)
    if hour.school == limits.home_school:
        return None
    if limits.half_days is not None and (hour.day.isoweekday(), half_day(hour.start)) not in limits.half_days:
        return message(OBSTACLES["half_day"])
    days = {own.day for own in week if own.school != limits.home_school}
    if limits.visit_days is not None and len(days | {hour.day}) > max(limits.visit_days, len(days)):
        return message(OBSTACLES["day_limit"], count=len(days), limit=limits.visit_days)
    return None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _clock(hour: Hour) -> str:
    return f"{format_clock(hour.start)}-{format_clock(hour.end)}"


def clashes(hours: Mapping[object, Iterable[Hour]]) -> list[tuple[object, Hour, Hour]]:
    """Whose lessons share a minute: (who, one, other). The check that needs no knowledge of how they came."""
    found = []
    for who, listed in hours.items():
        ordered = sorted(listed, key=lambda each: (each.day, each.start, each.end))
        found += [(who, a, b) for i, a in enumerate(ordered) for b in ordered[i + 1 :] if a.meets(b)]
    return found
