"""Secondment (挂职): ranking, weeks of lessons heard, the "five haves" (五有), what is missing and when.

Every number to be reached is the programme's own (``Targets``); where it names none there is none to fall
short of. Days and counts come in, nothing is read here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

FORMS = (
    "secondment",
    "shadow_training",
    "counterpart_swap",
    "promoted_use",
    "principal_study",
    "upward_secondment",
)
HOST_KINDS = ("school", "outside", "office")
#: Parts of a study plan (S4-61).
PLAN_PARTS = ("goals", "contents", "measures", "topics", "homework")
#: What a secondee keeps beside the records of work (S4-60, S4-62, S4-64...66).
ENTRY_KINDS = ("duty", "product", "assignment", "topic", "book", "meeting", "discussion")
#: Those that somebody owes by a day.
OWED = ("product", "assignment")
#: The "five haves" (五有) of E1: study plan, study notes, time guarantee, study topic, reflection essay (S4-04).
FIVE = ("plan", "notes", "time", "topic", "essay")
#: From the nomination to the way back (W4); those in which somebody is away from the own school.
AWAY = ("arrived", "active")
UNDER_WAY = ("assigned", *AWAY, "finished")


@dataclass(frozen=True)
class Targets:
    """What a programme's own text asks of a secondee; None where it says nothing."""

    lessons_per_week: int | None = None
    lessons_total: int | None = None
    books: int | None = None
    contact_weeks: int | None = None
    plan_days: int | None = None
    evaluation_days: int | None = None


@dataclass(frozen=True)
class Ranked:
    """A candidate's place: ``place`` counts from 1; those of one mean share it (``tied``)."""

    key: object
    place: int
    mean: Fraction
    scores: int
    tied: bool


def rank(scores: Mapping[object, Sequence[int]]) -> list[Ranked]:
    """Order candidates by the mean of their experts' scores, the best first (S4-02).

    Equal means share a place and the next place is skipped. Who has no score has no place.
    """
    means = {key: Fraction(sum(given), len(given)) for key, given in scores.items() if given}
    order = sorted(means, key=lambda key: (-means[key], str(key)))
    listed = list(means.values())
    return [
        Ranked(
            key,
            1 + sum(other > means[key] for other in listed),
            means[key],
            len(scores[key]),
            listed.count(means[key]) > 1,
        )
        for key in order
    ]


def is_late(arrived_on: date | None, last: date | None, today: date) -> bool:
    """Whether somebody came after the window of arrival, or has not come though it is over."""
    return last is not None and (arrived_on or today) > last


@dataclass(frozen=True)
class StudyWeek:
    """One week away: lessons heard in it. ``held`` says that the target counts for it."""

    first: date
    last: date
    count: int
    held: bool
    target: int | None

    @property
    def short(self) -> int:
        """How many lessons are missing in a week that counts; 0 without a target."""
        return max(self.target - self.count, 0) if self.held and self.target else 0


def study_weeks(
    first: date,
    last: date,
    heard: Mapping[date, int],
    *,
    target: int | None,
    off: Iterable[date] = (),
    until: date | None = None,
) -> list[StudyWeek]:
    """The weeks from Monday to Sunday that touch the days ``first`` to ``last``, the oldest first (S4-63).

    Only those that have begun by ``until``.

    A week is held against the target only when Monday to Friday lie inside and none of them is ``off``
    (holiday or leave): a part of a week has no target of its own in the sources.
    """
    free, found = set(off), []
    monday = first - timedelta(days=first.weekday())
    while monday <= min(last, until or last):
        days = [monday + timedelta(days=n) for n in range(7)]
        whole = first <= days[0] and days[4] <= last and not free & set(days[:5])
        count = sum(heard.get(day, 0) for day in days if first <= day <= last)
        found.append(StudyWeek(days[0], days[6], count, whole, target))
        monday += timedelta(days=7)
    return found


def silent_since(last_contact: date | None, arrived_on: date, weeks: int | None, today: date) -> date | None:
    """The day of the last contact (or of arrival) when the programme's own interval is over, else None (S4-06)."""
    since = max(last_contact, arrived_on) if last_contact else arrived_on
    return since if weeks is not None and today > since + timedelta(weeks=weeks) else None


@dataclass(frozen=True)
class Facts:
    """What is there of one secondment, counted from the records."""

    state: str
    starts_on: date
    ends_on: date
    arrive_to: date | None = None
    arrived_on: date | None = None
    plan_on: date | None = None
    time_stated: bool = False
    heard: Mapping[date, int] = field(default_factory=dict)
    notes: int = 0
    topics: int = 0
    essays: int = 0
    books: int = 0
    books_noted: int = 0
    owed: Sequence[tuple[date | None, bool]] = ()
    last_contact: date | None = None
    leaves_open: Sequence[date] = ()
    report_on: date | None = None
    host_evaluated: bool = False
    office_evaluated: bool = False
    off: frozenset[date] = frozenset()

    @property
    def lessons(self) -> int:
        """Lessons heard in all."""
        return sum(self.heard.values())


def five_items(facts: Facts) -> dict[str, bool]:
    """Which of the five are there (S4-04), computed from what is there and ticked by nobody."""
    return {
        "plan": facts.plan_on is not None,
        "notes": facts.notes > 0,
        "time": facts.time_stated,
        "topic": facts.topics > 0,
        "essay": facts.essays > 0,
    }


def five_share(facts: Facts) -> int:
    """Completion of the five in percent."""
    return 100 * sum(five_items(facts).values()) // len(FIVE)


@dataclass(frozen=True, order=True)
class Gap:
    """Something that is missing: since when it is due (None: by the end), its code, how many."""

    due: date
    code: str
    count: int = 1


def last_day(facts: Facts, today: date) -> date:
    """The last day that counts so far."""
    return min(facts.ends_on, today)


def gaps(facts: Facts, targets: Targets, today: date) -> list[Gap]:
    """What is missing by today, the longest due first. Nothing before arrival but the arrival itself."""
    found = []
    if facts.state == "assigned" and is_late(None, facts.arrive_to, today):
        found.append(Gap(facts.arrive_to, "arrival"))
    if facts.arrived_on is None:
        return found
    found += _plan_gap(facts, targets, today)
    found += _study_gaps(facts, targets, today)
    late = [due for due, done in facts.owed if not done and due is not None and due < today]
    if late:
        found.append(Gap(min(late), "owed", len(late)))
    back = [day for day in facts.leaves_open if day < today]
    if back:
        found.append(Gap(min(back), "leave", len(back)))
    if facts.state in AWAY:
        silent = silent_since(facts.last_contact, facts.arrived_on, targets.contact_weeks, today)
        if silent:
            found.append(Gap(silent + timedelta(weeks=targets.contact_weeks), "contact"))
    return sorted([*found, *_end_gaps(facts, targets, today)])


def _plan_gap(facts: Facts, targets: Targets, today: date) -> list[Gap]:
    if facts.plan_on is not None:
        return []
    due = facts.arrived_on + timedelta(days=targets.plan_days or 0)
    return [Gap(due, "plan")] if targets.plan_days is None or today > due else []


def _weeks(facts: Facts, targets: Targets, today: date):
    return study_weeks(
        facts.arrived_on,
        facts.ends_on,
        facts.heard,
        target=targets.lessons_per_week,
        off=facts.off,
        until=today,
    )


def _study_gaps(facts: Facts, targets: Targets, today: date) -> list[Gap]:
    """Whole weeks that are over and had too few lessons."""
    short = [week for week in _weeks(facts, targets, today) if week.short and week.last < today]
    return [Gap(short[0].last, "lessons", len(short))] if short else []


def _end_gaps(facts: Facts, targets: Targets, today: date) -> list[Gap]:
    """What has to be there when the time is over: report, essay, books, lessons in all, both evaluations."""
    if today <= facts.ends_on and facts.state != "finished":
        return []
    found = []
    if facts.report_on is None:
        found.append(Gap(facts.ends_on, "report"))
    if not facts.essays:
        found.append(Gap(facts.ends_on, "essay"))
    if targets.books and facts.books_noted < targets.books:
        found.append(Gap(facts.ends_on, "books", targets.books - facts.books_noted))
    if targets.lessons_total and facts.lessons < targets.lessons_total:
        found.append(Gap(facts.ends_on, "lessons_total", targets.lessons_total - facts.lessons))
    if facts.state == "finished":
        due = facts.ends_on + timedelta(days=targets.evaluation_days or 0)
        if targets.evaluation_days is None or today > due:
            found += [Gap(due, "host_evaluation")] if not facts.host_evaluated else []
            found += [Gap(due, "office_evaluation")] if not facts.office_evaluated else []
    return found


def heard_enough(facts: Facts, targets: Targets, today: date) -> bool | None:
    """Whether the lessons heard reach what the programme asks for by now (S4-07, S4-63).

    Of weeks those that are over and whole, of the number in all once the time is over. None: nothing is due.
    """
    if facts.arrived_on is None:
        return None
    weeks = _weeks(facts, targets, today)
    due = [not week.short for week in weeks if week.held and week.target and week.last < today]
    if targets.lessons_total and today > facts.ends_on:
        due.append(facts.lessons >= targets.lessons_total)
    return all(due) if due else None


@dataclass(frozen=True)
class Summary:
    """Figures of 挂职 for a term or programme (summary, section 8). ``lessons_mean`` is None of nobody."""

    people: int
    days: int
    lessons: int
    lessons_mean: Fraction | None
    five_complete: int


def summed(facts: Sequence[Facts], today: date) -> Summary:
    """People who arrived, their days away, lessons heard and their mean, how many have all five (S4-07)."""
    here = [each for each in facts if each.arrived_on is not None]
    lessons = sum(each.lessons for each in here)
    days = sum(max((last_day(each, today) - each.arrived_on).days + 1, 0) for each in here)
    return Summary(
        len(here),
        days,
        lessons,
        Fraction(lessons, len(here)) if here else None,
        sum(five_share(each) == 100 for each in here),
    )
