"""Months of visiting lessons: figures of a school and of people, what still stands open, corrections."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from portal.domain import workload
from portal.domain.access import Actor
from portal.domain.workload import FIELDS, NOTHING, Correction, Figure, Outcome
from portal.extensions import db
from portal.models import (
    MonthCorrection,
    MonthFigure,
    Person,
    School,
    SessionDispute,
    VisitingLesson,
    VisitingMonth,
    VisitingSession,
)
from portal.queries import terms
from portal.queries.paging import Page, page_by_text


def by_id(district_id, month_id) -> VisitingMonth | None:
    """One month of a pair of schools."""
    return db.session.get(VisitingMonth, (district_id, month_id))


def visible_to(actor: Actor):
    """The months that ``month.view`` shows this person, as a select."""
    found = select(VisitingMonth).where(VisitingMonth.district_id == actor.district_id)
    if actor.offices:
        return found
    schools = actor.works_at | actor.led_schools
    return found.where(or_(VisitingMonth.school_id.in_(schools), VisitingMonth.home_school_id.in_(schools)))


def of_pair(district_id, school_id, home_school_id, month: date) -> VisitingMonth | None:
    """The row of a receiving and a sending school, read anew after a lock; None while nobody has begun."""
    return db.session.scalar(
        select(VisitingMonth)
        .where(
            VisitingMonth.district_id == district_id,
            VisitingMonth.school_id == school_id,
            VisitingMonth.home_school_id == home_school_id,
            VisitingMonth.month == workload.first_of(month),
        )
        .execution_options(populate_existing=True)
    )


def is_closed(session: VisitingSession) -> bool:
    """Whether both schools have closed the month of a dated lesson."""
    home = session.lesson.home_school_id
    row = of_pair(session.district_id, session.school_id, home, session.held_on)
    return row is not None and row.state == "closed"


@dataclass
class PairMonth:
    """What one school's teachers gave at another in a month: figures by person, frozen once it is closed.

    ``unsettled`` lessons and ``disputes`` stand against closing. ``corrections`` were entered in this month
    and count in it; ``later`` put lessons of this month right and count elsewhere.
    """

    school: School
    home_school: School
    month: date
    row: VisitingMonth | None = None
    figures: dict[UUID, Figure] = field(default_factory=dict)
    people: dict[UUID, Person] = field(default_factory=dict)
    unsettled: int = 0
    disputes: int = 0
    corrections: list[MonthCorrection] = field(default_factory=list)
    later: list[MonthCorrection] = field(default_factory=list)

    @property
    def state(self) -> str:
        """open, checked or closed."""
        return self.row.state if self.row else "open"

    @property
    def total(self) -> Figure:
        """Everybody together."""
        return sum(self.figures.values(), NOTHING)

    @property
    def mark(self) -> str:
        """A mark of the figures as they stand, by which a page that is behind is told."""
        told = sorted(
            (str(key), *(getattr(self.figures[key], name) for name in FIELDS)) for key in self.figures
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    @property
    def lines(self) -> list[tuple[Person, Figure]]:
        """People with their figures, by name."""
        order = sorted(self.figures, key=lambda key: (self.people[key].pinyin, str(key)))
        return [(self.people[key], self.figures[key]) for key in order]


def of_school(school: School, month: date) -> list[PairMonth]:
    """Every pair of a school in a month: those it receives from, then those it sends to."""
    found = _pairs(
        school.district_id,
        month,
        or_(VisitingSession.school_id == school.id, VisitingLesson.home_school_id == school.id),
        or_(MonthCorrection.school_id == school.id, MonthCorrection.home_school_id == school.id),
        or_(VisitingMonth.school_id == school.id, VisitingMonth.home_school_id == school.id),
    )
    return sorted(
        found, key=lambda pair: (pair.school.id != school.id, pair.school.name, pair.home_school.name)
    )


def of_pair_month(district_id, school_id, home_school_id, month: date) -> PairMonth | None:
    """One pair's month; None when nothing was planned or corrected in it."""
    found = _pairs(
        district_id,
        month,
        and_(VisitingSession.school_id == school_id, VisitingLesson.home_school_id == home_school_id),
        and_(MonthCorrection.school_id == school_id, MonthCorrection.home_school_id == home_school_id),
        and_(VisitingMonth.school_id == school_id, VisitingMonth.home_school_id == home_school_id),
    )
    return found[0] if found else None


def school_page(actor: Actor, month: date, *, school_id=None, school_ids=None, cursor=None) -> Page:
    """One page of the schools that receive in a month, by name, each with its pairs in ``pairs``.

    ``school_id`` narrows to one school and what it sends; ``school_ids`` to receiving schools with these keys.
    """
    first, last = workload.first_of(month), workload.last_of(month)
    hosts = (
        select(VisitingSession.school_id)
        .join(VisitingSession.lesson)
        .where(
            VisitingSession.district_id == actor.district_id,
            VisitingSession.held_on.between(first, last),
            VisitingLesson.home_school_id != VisitingLesson.school_id,
        )
    )
    in_sight = None
    if not actor.offices:
        mine = actor.works_at | actor.led_schools
        in_sight = lambda host, home: or_(host.in_(mine), home.in_(mine))  # noqa: E731  used three times
        hosts = hosts.where(in_sight(VisitingSession.school_id, VisitingLesson.home_school_id))
    if school_id:
        hosts = hosts.where(
            or_(VisitingSession.school_id == school_id, VisitingLesson.home_school_id == school_id)
        )
    found = select(School).where(School.district_id == actor.district_id, School.id.in_(hosts))
    if school_ids is not None:
        found = found.where(School.id.in_(school_ids))
    page = page_by_text(found, School.name, School.id, cursor)
    keys = [school.id for school in page.rows]
    wheres = []
    for host, home in (
        (VisitingSession.school_id, VisitingLesson.home_school_id),
        (MonthCorrection.school_id, MonthCorrection.home_school_id),
        (VisitingMonth.school_id, VisitingMonth.home_school_id),
    ):
        where = host.in_(keys)
        if in_sight:
            where &= in_sight(host, home)
        if school_id:
            where &= or_(host == school_id, home == school_id)
        wheres.append(where)
    by_host = defaultdict(list)
    for pair in _pairs(actor.district_id, month, *wheres):
        by_host[pair.school.id].append(pair)
    rows = [(school, sorted(by_host[school.id], key=lambda p: p.home_school.name)) for school in page.rows]
    return Page(rows, page.newer, page.older)


def _pairs(district_id, month: date, of_sessions, of_corrections, of_rows) -> list[PairMonth]:
    """The pairs of a month that the three conditions choose, with everything that their pages show."""
    month = workload.first_of(month)
    rows = {
        (row.school_id, row.home_school_id): row
        for row in db.session.scalars(
            select(VisitingMonth)
            .where(VisitingMonth.district_id == district_id, VisitingMonth.month == month, of_rows)
            .options(joinedload(VisitingMonth.checked_by), joinedload(VisitingMonth.closed_by))
        )
    }
    outcomes, unsettled = outcomes_of(district_id, month, of_sessions)
    corrections = list(
        db.session.scalars(
            select(MonthCorrection)
            .where(
                MonthCorrection.district_id == district_id,
                or_(MonthCorrection.counted_in == month, MonthCorrection.month == month),
                of_corrections,
            )
            .options(
                joinedload(MonthCorrection.session).joinedload(VisitingSession.lesson),
                joinedload(MonthCorrection.person),
                joinedload(MonthCorrection.old_substitute),
                joinedload(MonthCorrection.new_substitute),
                joinedload(MonthCorrection.made_by),
            )
            .order_by(MonthCorrection.made_at, MonthCorrection.id)
        )
    )
    entered = defaultdict(list)
    for row in corrections:
        if row.counted_in == month:
            entered[row.school_id, row.home_school_id].append(row)
    keys = sorted({*outcomes, *entered, *rows}, key=str)
    frozen = _frozen(district_id, {row.id: key for key, row in rows.items() if row.state == "closed"})
    disputes = _disputes(district_id, month, keys)
    found = []
    schools = _schools(district_id, {school for key in keys for school in key})
    for key in keys:
        pair = PairMonth(schools[key[0]], schools[key[1]], month, rows.get(key))
        closed = pair.state == "closed"
        live = workload.figures(outcomes.get(key, ()), [as_correction(row) for row in entered[key]])
        pair.figures = frozen.get(key, {}) if closed else live
        pair.unsettled = 0 if closed else unsettled[key]
        pair.disputes = disputes[key]
        pair.corrections = entered[key]
        pair.later = [
            row for row in corrections if (row.school_id, row.home_school_id) == key and row.month == month
        ]
        found.append(pair)
    people = _people(district_id, {person for pair in found for person in pair.figures})
    for pair in found:
        pair.people = people
    return [pair for pair in found if pair.figures or pair.row]


def outcomes_of(district_id, month: date, where) -> tuple[dict, dict]:
    """(host, home) -> outcomes of the month's visits, and how many of them nobody has settled."""
    rows = db.session.execute(
        select(
            VisitingSession.school_id,
            VisitingLesson.home_school_id,
            VisitingSession.person_id,
            VisitingSession.state,
            VisitingSession.substitute_id,
            VisitingSession.confirmed_by_id,
        )
        .join(VisitingSession.lesson)
        .where(
            VisitingSession.district_id == district_id,
            VisitingSession.held_on.between(month, workload.last_of(month)),
            VisitingLesson.home_school_id != VisitingLesson.school_id,
            where,
        )
    )
    outcomes, unsettled = defaultdict(list), defaultdict(int)
    for host, home, person, state, substitute, confirmed_by in rows:
        outcomes[host, home].append(outcome(person, state, substitute, confirmed_by))
        unsettled[host, home] += state == "planned" or (state == "substituted" and confirmed_by is None)
    return outcomes, unsettled


def outcome(person, state: str, substitute, confirmed_by) -> Outcome:
    """What became of a lesson. A stand-in that the receiving school has not confirmed counts for nobody yet."""
    if state == "substituted" and confirmed_by is None:
        return Outcome(person, "planned")
    return Outcome(person, state, substitute)


def as_correction(row: MonthCorrection) -> Correction:
    """A stored correction as a value of the domain."""
    return Correction(
        Outcome(row.person_id, row.old_state, row.old_substitute_id),
        Outcome(row.person_id, row.new_state, row.new_substitute_id),
    )


def _frozen(district_id, keys: dict) -> dict:
    """(host, home) -> person -> figure of closed months; ``keys`` maps their ids to the pair."""
    found: dict = defaultdict(dict)
    for row in db.session.scalars(
        select(MonthFigure).where(
            MonthFigure.district_id == district_id, MonthFigure.month_id.in_(list(keys))
        )
    ):
        found[keys[row.month_id]][row.person_id] = as_figure(row)
    return found


def as_figure(row: MonthFigure) -> Figure:
    """A kept figure as a value of the domain."""
    return Figure(**{name: getattr(row, name) for name in FIELDS})


def _disputes(district_id, month: date, keys) -> dict:
    found = defaultdict(int)
    if not keys:
        return found
    rows = db.session.execute(
        select(SessionDispute.school_id, SessionDispute.home_school_id, func.count())
        .join(
            VisitingSession,
            and_(
                VisitingSession.district_id == SessionDispute.district_id,
                VisitingSession.id == SessionDispute.session_id,
            ),
        )
        .where(
            SessionDispute.district_id == district_id,
            SessionDispute.state.in_(("open", "kept")),
            VisitingSession.held_on.between(month, workload.last_of(month)),
            tuple_(SessionDispute.school_id, SessionDispute.home_school_id).in_(list(keys)),
        )
        .group_by(SessionDispute.school_id, SessionDispute.home_school_id)
    )
    for host, home, count in rows:
        found[host, home] = count
    return found


def _schools(district_id, keys) -> dict:
    rows = db.session.scalars(select(School).where(School.district_id == district_id, School.id.in_(keys)))
    return {row.id: row for row in rows}


def _people(district_id, keys: Iterable) -> dict:
    rows = db.session.scalars(select(Person).where(Person.district_id == district_id, Person.id.in_(keys)))
    return {row.id: row for row in rows}


def teaching_days(district_id, month: date) -> int:
    """The days of a month on which there are lessons."""
    swaps = terms.swap_days(district_id, workload.first_of(month), workload.last_of(month))
    return workload.teaching_days(month, [term.value for term in terms.all_terms(district_id)], swaps)


def corrections_of(session: VisitingSession) -> list[MonthCorrection]:
    """What was put right in a lesson after its month was closed, oldest first."""
    return list(
        db.session.scalars(
            select(MonthCorrection)
            .where(
                MonthCorrection.district_id == session.district_id,
                MonthCorrection.session_id == session.id,
            )
            .options(
                joinedload(MonthCorrection.made_by),
                joinedload(MonthCorrection.old_substitute),
                joinedload(MonthCorrection.new_substitute),
            )
            .order_by(MonthCorrection.made_at, MonthCorrection.id)
        )
    )


def closed_among(sessions: Iterable[VisitingSession]) -> set[UUID]:
    """Which of these lessons lie in a month that both schools have closed."""
    sessions = list(sessions)
    if not sessions:
        return set()
    rows = db.session.execute(
        select(VisitingMonth.school_id, VisitingMonth.home_school_id, VisitingMonth.month).where(
            VisitingMonth.district_id == sessions[0].district_id,
            VisitingMonth.state == "closed",
            VisitingMonth.school_id.in_({each.school_id for each in sessions}),
            VisitingMonth.month.in_({workload.first_of(each.held_on) for each in sessions}),
        )
    )
    closed = {tuple(row) for row in rows}
    return {
        each.id
        for each in sessions
        if (each.school_id, each.lesson.home_school_id, workload.first_of(each.held_on)) in closed
    }
