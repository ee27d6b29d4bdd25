"""What happened in one cluster and term, as plain facts from which figures are computed.

Ids are the records' own, of any sortable or unsortable kind; a fact that comes twice counts once.
Facts of other terms do no harm: every figure looks at the days itself.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

Id = Hashable

#: Meetings of the members that a scheme's meeting counter means (月例会, 联席会议).
MEMBERS_MEETINGS = ("monthly", "joint")


@dataclass(frozen=True)
class SchoolFact:
    """A school of the cluster in the term.

    `teacher_count` None is a missing fact, not zero. `titled` are its teachers who hold a
    county-or-higher 名师, 教学能手, 骨干教师 or 学科带头人 title on the reference date.
    """

    id: Id
    name: str
    teacher_count: int | None
    is_lead: bool = False
    location: str | None = None
    titled: frozenset[Id] = frozenset()


@dataclass(frozen=True)
class MeetingFact:
    """A meeting of the cluster; `held` once it took place, `minuted` once minutes are confirmed."""

    id: Id
    day: date
    kind: str = "monthly"
    held: bool = True
    minuted: bool = True


@dataclass(frozen=True)
class ActivityFact:
    """A joint activity that took place, with (person, school) of everyone who took part."""

    id: Id
    day: date
    kind: str
    participants: frozenset[tuple[Id, Id]] = frozenset()
    is_large: bool = False


@dataclass(frozen=True)
class PostingFact:
    """A person's time at another school.

    It counts from `arrived_on`; without it the posting is approved and waiting. `origin` and
    `destination` are the locations (urban, rural) of both schools. `counts` says whether the
    scheme counts this form as exchange.
    """

    id: Id
    person_id: Id
    form: str
    first_day: date
    last_day: date | None = None
    arrived_on: date | None = None
    origin: str | None = None
    destination: str | None = None
    personnel_transfer: bool = False
    counts: bool = True
    is_principal: bool = False


@dataclass(frozen=True)
class SessionFact:
    """A dated lesson of a visiting teacher: planned, given, missed, substituted or cancelled."""

    id: Id
    day: date
    teacher_id: Id
    state: str = "planned"


@dataclass(frozen=True)
class PairFact:
    """A pair that was agreed and began: `kind` is school or mentoring.

    `every_weeks` is the agreed rhythm of contact; without it nobody can say that a pair rests.
    """

    id: Id
    kind: str
    first_day: date
    last_day: date | None = None
    mentor_id: Id | None = None
    every_weeks: int | None = None


@dataclass(frozen=True)
class RecordFact:
    """A record of work of one or more pairs; it counts once in sums, and for each of its pairs."""

    id: Id
    day: date
    pair_ids: frozenset[Id]


@dataclass(frozen=True)
class SecondmentFact:
    """A secondment that began: the days away, lessons heard in them as (record, day, periods), the five haves.

    `heard_enough` is None where the programme asks for no number, or nothing of it is due yet.
    """

    id: Id
    person_id: Id
    first_day: date
    last_day: date
    heard: tuple[tuple[Id, date, int], ...] = ()
    heard_enough: bool | None = None
    has_five: bool = False


@dataclass(frozen=True)
class ReflectionFact:
    """A submitted reflection log; drafts are no facts. `visibility` as the writer chose it."""

    id: Id
    day: date
    author_id: Id
    school_id: Id | None
    visibility: str = "own"
    is_selected: bool = False


@dataclass(frozen=True)
class LedgerFact:
    """A line of a ledger that is not removed; `flow` and `cents` (hundredths of a yuan) belong to funds."""

    id: Id
    kind: str
    days: int | None = None
    person_times: int | None = None
    flow: str | None = None
    cents: int | None = None


@dataclass(frozen=True)
class InspectionFact:
    """An inspection that was published."""

    id: Id


@dataclass(frozen=True)
class ProblemFact:
    """A line of the register that a term's list shows; `is_open` while nobody said that it is mended."""

    id: Id
    category: str
    is_open: bool = True
    due_on: date | None = None
    confirmed_on: date | None = None


@dataclass(frozen=True)
class TermFacts:
    """Everything about one cluster that its figures rest on."""

    schools: tuple[SchoolFact, ...] = ()
    meetings: tuple[MeetingFact, ...] = ()
    activities: tuple[ActivityFact, ...] = ()
    postings: tuple[PostingFact, ...] = ()
    sessions: tuple[SessionFact, ...] = ()
    pairs: tuple[PairFact, ...] = ()
    records: tuple[RecordFact, ...] = ()
    reflections: tuple[ReflectionFact, ...] = ()
    ledgers: tuple[LedgerFact, ...] = ()
    inspections: tuple[InspectionFact, ...] = ()
    problems: tuple[ProblemFact, ...] = ()
    secondments: tuple[SecondmentFact, ...] = ()
