"""Subsidies of a month: the district's tiers, who comes into question and why, the lists of the schools."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.domain import subsidy, workload
from portal.domain.access import Actor
from portal.domain.words import Message
from portal.extensions import db
from portal.models import (
    Person,
    Posting,
    School,
    SubsidyItem,
    SubsidyList,
    SubsidyTier,
    TravelTime,
    VisitingLesson,
    VisitingSession,
)
from portal.queries import months, workloads
from portal.queries.paging import Page, page_by_text


def by_id(district_id, list_id) -> SubsidyList | None:
    """One school's list of a month."""
    return db.session.get(SubsidyList, (district_id, list_id))


def item_by_id(district_id, item_id) -> SubsidyItem | None:
    """One line of a list."""
    return db.session.get(SubsidyItem, (district_id, item_id))


def visible_to(actor: Actor):
    """The lists that ``subsidy.view`` shows this person, as a select."""
    found = select(SubsidyList).where(SubsidyList.district_id == actor.district_id)
    return found if actor.offices else found.where(SubsidyList.school_id.in_(actor.manages_schools))


def of_school(school: School, month: date) -> SubsidyList | None:
    """The list of a school and month; None while nobody has begun it."""
    return db.session.scalar(
        select(SubsidyList)
        .where(
            SubsidyList.district_id == school.district_id,
            SubsidyList.school_id == school.id,
            SubsidyList.month == workload.first_of(month),
        )
        .execution_options(populate_existing=True)
    )


def items_of(sheet: SubsidyList) -> list[SubsidyItem]:
    """The lines of a list, by kind and name."""
    return list(
        db.session.scalars(
            select(SubsidyItem)
            .join(
                Person,
                and_(Person.district_id == SubsidyItem.district_id, Person.id == SubsidyItem.person_id),
            )
            .where(SubsidyItem.district_id == sheet.district_id, SubsidyItem.list_id == sheet.id)
            .options(
                joinedload(SubsidyItem.person),
                joinedload(SubsidyItem.decided_by),
                joinedload(SubsidyItem.proposed_by),
            )
            .order_by(SubsidyItem.kind, Person.pinyin, SubsidyItem.id)
        )
    )


def own_item(actor: Actor, month: date) -> list[SubsidyItem]:
    """What accepted or checked lists of a month say about the person who asks."""
    return list(
        db.session.scalars(
            select(SubsidyItem)
            .join(SubsidyItem.sheet)
            .where(
                SubsidyItem.district_id == actor.district_id,
                SubsidyItem.person_id == actor.person_id,
                SubsidyList.month == workload.first_of(month),
                SubsidyList.state != "drafting",
            )
            .options(joinedload(SubsidyItem.sheet), joinedload(SubsidyItem.decided_by))
            .order_by(SubsidyItem.kind, SubsidyItem.id)
        )
    )


# Tiers


def tiers_of(district_id) -> tuple[str | None, list[subsidy.Tier]]:
    """By what the district's tiers go, and the tiers; None and nothing while it has set none."""
    rows = db.session.scalars(
        select(SubsidyTier).where(SubsidyTier.district_id == district_id).order_by(SubsidyTier.from_value)
    ).all()
    basis = rows[0].basis if rows else None
    return basis, [subsidy.Tier(row.from_value, row.amount) for row in rows]


def values_of(home: School, school_ids: Iterable, basis: str | None) -> dict[UUID, int | None]:
    """Receiving school -> its remoteness, or the minutes on the road from the own school."""
    keys = list(school_ids)
    if basis == "remoteness":
        rows = db.session.execute(
            select(School.id, School.remoteness).where(
                School.district_id == home.district_id, School.id.in_(keys)
            )
        )
    else:
        rows = db.session.execute(
            select(TravelTime.to_school_id, TravelTime.minutes).where(
                TravelTime.district_id == home.district_id,
                TravelTime.from_school_id == home.id,
                TravelTime.to_school_id.in_(keys),
            )
        )
    return {key: value for key, value in rows}


# Who comes into question


@dataclass(frozen=True)
class Candidate:
    """One person's month for a list: what it is judged by, the judgement, and the amount if there is one.

    ``open_schools`` are receiving schools, by name, whose month is not closed, so that the figures may change.
    """

    person: Person
    kind: str
    host_names: tuple[str, ...]
    judgement: subsidy.Judgement
    award: subsidy.Award
    own_periods: int | None
    visited_periods: int | None
    own_average: int | None
    days: int | None
    open_schools: tuple[str, ...] = ()

    @property
    def reasons(self) -> list[Message]:
        """Why, condition by condition, and what is to be said of the amount."""
        said = [condition.reason for condition in self.judgement.conditions]
        return [*said, self.award.reason] if self.judgement.outcome == subsidy.MET else said


def candidates(home: School, month: date, today: date) -> list[Candidate]:
    """The school's own teachers of a month: visiting ones (S1-12), then those in 支教 elsewhere (S1-11)."""
    basis, tiers = tiers_of(home.district_id)
    found = []
    for each in workloads.of_school(home, month, today):
        judgement = each.judgement
        values = values_of(home, judgement.schools, basis) if judgement.schools else {}
        load = each.load
        found.append(
            Candidate(
                each.person,
                "circuit",
                tuple(visit.name for visit in load.visits),
                judgement,
                subsidy.award(judgement, tiers, basis, values),
                load.own_periods,
                load.visited,
                load.own_average,
                each.days,
                tuple(school.name for school in each.open_schools),
            )
        )
    is_over = today > workload.last_of(month)
    for posting in _postings(home, month):
        host = posting.host_school
        judgement = subsidy.judge_support(
            host.id, host.name, posting.weekly_periods, host.average_periods, is_over=is_over
        )
        values = values_of(home, judgement.schools, basis) if judgement.schools else {}
        award = subsidy.award(judgement, tiers, basis, values)
        found.append(
            Candidate(posting.person, "support", (host.name,), judgement, award, None, None, None, None)
        )
    return found


def mark_of(found: list[Candidate]) -> str:
    """A mark of the people, judgements and amounts of a list, by which a page that is behind is told."""
    told = [
        (
            (str(each.person.id), each.kind, each.own_periods, each.visited_periods, each.award.amount),
            [(reason.template, reason.params) for reason in each.reasons],
        )
        for each in found
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _postings(home: School, month: date) -> list[Posting]:
    """支教 from the school that was under way in a month, by name."""
    first, last = workload.first_of(month), workload.last_of(month)
    return list(
        db.session.scalars(
            select(Posting)
            .join(Person, and_(Person.district_id == Posting.district_id, Person.id == Posting.person_id))
            .where(
                Posting.district_id == home.district_id,
                Posting.home_school_id == home.id,
                Posting.form == "support_teaching",
                Posting.state.in_(("active", "completed", "ended_early")),
                Posting.arrived_on <= last,
                or_(Posting.ends_on.is_(None), Posting.ends_on >= first),
            )
            .options(joinedload(Posting.person), joinedload(Posting.host_school))
            .order_by(Person.pinyin, Posting.id)
        )
    )


def open_pairs(home: School, month: date) -> list:
    """The receiving schools' months that are not closed yet: the list waits for them."""
    pairs = months.of_school(home, month)
    sent = [pair for pair in pairs if pair.home_school.id == home.id and pair.figures]
    return [pair for pair in sent if pair.state != "closed"]


# Lists


@dataclass(frozen=True)
class Line:
    """A school in a month's overview: its list if there is one, people on it, who qualifies, yuan, undecided."""

    school: School
    sheet: SubsidyList | None
    people: int = 0
    qualified: int = 0
    amount: int = 0
    proposed: int = 0

    @property
    def state(self) -> str:
        """drafting, checked or accepted."""
        return self.sheet.state if self.sheet else "drafting"


def school_page(actor: Actor, month: date, *, state="", school_ids=None, cursor=None) -> Page:
    """One page of the schools that have people to list in a month, or a list, by name, as ``Line``."""
    month = workload.first_of(month)
    found = select(School).where(School.district_id == actor.district_id, _has_something(actor, month))
    if not actor.offices:
        found = found.where(School.id.in_(actor.manages_schools))
    if school_ids is not None:
        found = found.where(School.id.in_(school_ids))
    if state:
        with_list = select(SubsidyList.school_id).where(
            SubsidyList.district_id == actor.district_id, SubsidyList.month == month
        )
        if state == "drafting":
            found = found.where(School.id.not_in(with_list.where(SubsidyList.state != "drafting")))
        else:
            found = found.where(School.id.in_(with_list.where(SubsidyList.state == state)))
    page = page_by_text(found, School.name, School.id, cursor)
    lines = _lines(actor.district_id, month, [school.id for school in page.rows])
    return Page([lines.get(s.id) or Line(s, None) for s in page.rows], page.newer, page.older)


def _has_something(actor: Actor, month: date):
    """Whether a school sends visiting or supporting teachers in a month, or has a list of it."""
    last = workload.last_of(month)
    sends = (
        select(VisitingLesson.home_school_id)
        .join(VisitingSession, and_(VisitingSession.lesson_id == VisitingLesson.id))
        .where(
            VisitingSession.district_id == actor.district_id,
            VisitingLesson.district_id == actor.district_id,
            VisitingSession.held_on.between(month, last),
            VisitingLesson.home_school_id != VisitingLesson.school_id,
        )
    )
    supports = select(Posting.home_school_id).where(
        Posting.district_id == actor.district_id,
        Posting.form == "support_teaching",
        Posting.state.in_(("active", "completed", "ended_early")),
        Posting.arrived_on <= last,
        or_(Posting.ends_on.is_(None), Posting.ends_on >= month),
    )
    listed = select(SubsidyList.school_id).where(
        SubsidyList.district_id == actor.district_id, SubsidyList.month == month
    )
    stood_in = workloads.stand_in_schools(actor.district_id, month)
    return or_(*(School.id.in_(found) for found in (sends, supports, listed, *stood_in)))


def _lines(district_id, month: date, school_ids: list) -> dict[UUID, Line]:
    """School -> its line, for those with a list that has been checked once."""
    counted = SubsidyItem.state.in_(("computed", "approved"))
    rows = db.session.execute(
        select(
            SubsidyList,
            func.count(SubsidyItem.id),
            func.sum(case((and_(counted, SubsidyItem.outcome == "met"), 1), else_=0)),
            func.sum(case((counted, func.coalesce(SubsidyItem.amount, 0)), else_=0)),
            func.sum(case((SubsidyItem.state == "proposed", 1), else_=0)),
        )
        .outerjoin(
            SubsidyItem,
            and_(SubsidyItem.district_id == SubsidyList.district_id, SubsidyItem.list_id == SubsidyList.id),
        )
        .where(
            SubsidyList.district_id == district_id,
            SubsidyList.month == month,
            SubsidyList.school_id.in_(school_ids),
        )
        .group_by(SubsidyList.district_id, SubsidyList.id)
        .options(joinedload(SubsidyList.school))
        .execution_options(populate_existing=True)
    )
    found = {}
    for sheet, people, qualified, amount, proposed in rows:
        sums = (int(value or 0) for value in (people, qualified, amount, proposed))
        found[sheet.school_id] = Line(sheet.school, sheet, *sums)
    return found


def for_export(actor: Actor, month: date, *, state="", school_ids=None) -> list[SubsidyList]:
    """The checked and accepted lists of a month in sight, by school, each with its lines."""
    found = visible_to(actor).where(
        SubsidyList.month == workload.first_of(month), SubsidyList.state != "drafting"
    )
    if state in ("checked", "accepted"):
        found = found.where(SubsidyList.state == state)
    if school_ids is not None:
        found = found.where(SubsidyList.school_id.in_(school_ids))
    rows = db.session.scalars(
        found.join(SubsidyList.school)
        .options(
            joinedload(SubsidyList.school),
            selectinload(SubsidyList.items).joinedload(SubsidyItem.person),
            selectinload(SubsidyList.items).joinedload(SubsidyItem.decided_by),
        )
        .order_by(School.name, SubsidyList.id)
    )
    return list(rows)
