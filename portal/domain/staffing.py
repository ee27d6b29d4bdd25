"""Staffing of schools by subject, title and age: what is short, what is over, what a move would change."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

# Decades, for reading only: nothing is decided by them.
AGE_BANDS = ("under_30", "from_30", "from_40", "from_50", "unknown")
NO_TITLE = "unknown"


@dataclass(frozen=True)
class SubjectLine:
    """Teachers of a subject at a school. None is a number that nobody has set.

    ``stated`` is what the school says it has, ``counted`` the people on its roster whose first subject it is.
    """

    subject: str
    need: int | None = None
    stated: int | None = None
    counted: int = 0
    minimum: int | None = None

    @property
    def have(self) -> int:
        """What the school says, and without its word what the roster counts."""
        return self.counted if self.stated is None else self.stated

    @property
    def gap(self) -> int | None:
        """Have less need; None while the need is not set."""
        return None if self.need is None else self.have - self.need

    @property
    def below_minimum(self) -> bool | None:
        """Whether fewer teach it than the minimum asks for (S1-34); None while none is set."""
        return None if self.minimum is None else self.have < self.minimum


def state_of(gap: int | None) -> str:
    """short, over, even or unset: the word that marks a surplus or a shortage (S3-11)."""
    if gap is None:
        return "unset"
    return "short" if gap < 0 else "over" if gap else "even"


def posts_gap(authorised: int | None, staff: int | None) -> int | None:
    """Staff less authorised posts (编制余缺); None while either is not set."""
    return None if authorised is None or staff is None else staff - authorised


def totals(lines: Iterable[Iterable[SubjectLine]]) -> list[SubjectLine]:
    """The lines of several schools added by subject; a need is set where every school with a line set it.

    Surplus at one school does not teach at another, so the total tells where to look, not that all is well.
    Minima belong to a school and are not added.
    """
    by_subject: dict[str, list[SubjectLine]] = {}
    for school in lines:
        for line in school:
            by_subject.setdefault(line.subject, []).append(line)
    return [
        SubjectLine(
            subject,
            need=None if any(each.need is None for each in several) else sum(each.need for each in several),
            stated=sum(each.have for each in several),
            counted=sum(each.counted for each in several),
        )
        for subject, several in sorted(by_subject.items())
    ]


@dataclass(frozen=True)
class Change:
    """One subject of a school before and after a move."""

    before: SubjectLine
    after: SubjectLine

    @property
    def verdict(self) -> str:
        """below, kept or unset (no minimum): S1-34, no subject may fall below its minimum."""
        below = self.after.below_minimum
        return "unset" if below is None else "below" if below else "kept"


def changed_by(lines: Sequence[SubjectLine], subject: str, by: int) -> Change:
    """What one teacher more (``by`` 1) or less (-1) of a subject makes of a school's line (S1-32, S1-34)."""
    before = next((line for line in lines if line.subject == subject), SubjectLine(subject))
    return Change(before, replace(before, stated=max(before.have + by, 0)))


def age_band(born_on: date | None, day: date) -> str:
    """The decade of life somebody is in on a day."""
    if born_on is None:
        return "unknown"
    age = day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
    return "under_30" if age < 30 else "from_30" if age < 40 else "from_40" if age < 50 else "from_50"


@dataclass(frozen=True)
class Worker:
    """What the structure asks of a person at a school."""

    subject: str
    title: str | None
    born_on: date | None
    starts_on: date | None
    ends_on: date | None

    def is_there(self, day: date) -> bool:
        """Whether the person belonged to the school on a day; without a first day always from the start."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or self.ends_on >= day
        )


@dataclass(frozen=True)
class Structure:
    """Numbers of people of a school on a day by subject, title and age band."""

    people: int
    subjects: dict[str, int]
    titles: dict[str, int]
    ages: dict[str, int]


def structure(workers: Iterable[Worker], day: date) -> Structure:
    """The structure on a day (S1-32); everybody counts once in each of the three."""
    there = [worker for worker in workers if worker.is_there(day)]
    return Structure(
        len(there),
        dict(Counter(worker.subject for worker in there if worker.subject)),
        dict(Counter(worker.title or NO_TITLE for worker in there)),
        dict(Counter(age_band(worker.born_on, day) for worker in there)),
    )
