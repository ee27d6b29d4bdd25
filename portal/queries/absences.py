"""Absences, the lessons they leave, and asks to stand in: who sees which, and what still waits."""

from collections import defaultdict
from datetime import date

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor, can
from portal.domain.substitution import Span, has_begun
from portal.domain.timetable import AFTERNOON, MORNING
from portal.extensions import db
from portal.models import (
    Absence,
    AbsentSession,
    Person,
    RoleAssignment,
    SubstituteAsk,
    VisitingSession,
)
from portal.queries.paging import Page, page_of
from portal.queries.people import open_on


def by_id(district_id, absence_id) -> Absence | None:
    """One absence."""
    return db.session.get(Absence, (district_id, absence_id))


def cover_by_id(district_id, cover_id) -> AbsentSession | None:
    """One lesson that an absence leaves."""
    return db.session.get(AbsentSession, (district_id, cover_id))


def ask_by_id(district_id, ask_id) -> SubstituteAsk | None:
    """One ask to stand in."""
    return db.session.get(SubstituteAsk, (district_id, ask_id))


def visible_to(actor: Actor):
    """The absences that ``absence.view`` shows this person, as a select."""
    return select(Absence).where(Absence.district_id == actor.district_id, seen_by(actor))


def seen_by(actor: Actor):
    """The condition that ``absence.view`` shows this person an absence of the own district."""
    schools = actor.manages_schools | actor.directed_schools
    return or_(
        Absence.person_id == actor.person_id,
        Absence.home_school_id.in_(schools),
        _has_cover(AbsentSession.school_id.in_(schools)),
    )


def _has_cover(*conditions):
    return exists().where(
        AbsentSession.district_id == Absence.district_id,
        AbsentSession.absence_id == Absence.id,
        *conditions,
    )


def _waits(today: date):
    """The condition that nothing is final about a lesson that still lies ahead."""
    return exists().where(
        VisitingSession.district_id == AbsentSession.district_id,
        VisitingSession.id == AbsentSession.session_id,
        VisitingSession.state == "planned",
        VisitingSession.held_on >= today,
    )


def matching(
    actor: Actor,
    today: date,
    *,
    state: str = "",
    school_id=None,
    name: str = "",
    first: date | None = None,
    last: date | None = None,
):
    """The absences in sight that fit, with person and school, as a select.

    ``state``: ``waiting`` (a lesson waits), ``settled`` (none does), ``withdrawn``. ``school_id`` is the own or
    a receiving school.
    """
    found = visible_to(actor).options(joinedload(Absence.person), joinedload(Absence.home_school))
    if state == "waiting":
        found = found.where(Absence.state == "open", _has_cover(_waits(today)))
    elif state == "settled":
        found = found.where(Absence.state == "open", ~_has_cover(_waits(today)))
    elif state == "withdrawn":
        found = found.where(Absence.state == "withdrawn")
    if school_id:
        found = found.where(
            or_(Absence.home_school_id == school_id, _has_cover(AbsentSession.school_id == school_id))
        )
    if name:
        found = found.join(
            Person, and_(Person.district_id == Absence.district_id, Person.id == Absence.person_id)
        ).where(Person.name.contains(name, autoescape=True))
    if first:
        found = found.where(Absence.last_day >= first)
    if last:
        found = found.where(Absence.first_day <= last)
    return found


def absence_page(actor: Actor, today: date, *, cursor: str | None = None, **filters) -> Page:
    """One page of the absences in sight, the latest first, filtered."""
    found = matching(actor, today, **filters)
    return page_of(found, Absence.first_day, Absence.id, cursor)


def all_matching(actor: Actor, today: date, **filters) -> list[Absence]:
    """The same list whole, for an export."""
    found = matching(actor, today, **filters)
    return list(db.session.scalars(found.order_by(Absence.first_day.desc(), Absence.id.desc())))


def counts_of(rows: list[Absence], actor: Actor, today: date) -> dict:
    """Absence -> (lessons, those that still wait), of the lessons that the person sees."""
    if not rows:
        return {}
    covers = db.session.scalars(
        select(AbsentSession)
        .where(
            AbsentSession.district_id == actor.district_id,
            AbsentSession.absence_id.in_([row.id for row in rows]),
        )
        .options(joinedload(AbsentSession.session), joinedload(AbsentSession.absence))
    )
    found: dict = defaultdict(lambda: (0, 0))
    for cover in covers:
        if can(actor, "cover.view", cover):
            every, open_ones = found[cover.absence_id]
            found[cover.absence_id] = (every + 1, open_ones + waits(cover, today))
    return found


def waits(cover: AbsentSession, today: date) -> bool:
    """Whether nothing is final about a lesson that still lies ahead."""
    session = cover.session
    return cover.absence.state == "open" and session.state == "planned" and session.held_on >= today


def covers_of(absence: Absence) -> list[AbsentSession]:
    """The lessons that an absence leaves, in the order of time, with all that their page shows."""
    return list(
        db.session.scalars(
            select(AbsentSession)
            .join(AbsentSession.session)
            .where(AbsentSession.district_id == absence.district_id, AbsentSession.absence_id == absence.id)
            .options(
                joinedload(AbsentSession.session).options(
                    joinedload(VisitingSession.lesson),
                    joinedload(VisitingSession.school),
                    joinedload(VisitingSession.person),
                    joinedload(VisitingSession.substitute),
                ),
                joinedload(AbsentSession.absence),
                joinedload(AbsentSession.moved_to),
            )
            .order_by(VisitingSession.held_on, VisitingSession.starts, AbsentSession.id)
        )
    )


def line_of(
    session: VisitingSession, *, absence: Absence | None = None, outcome: str | None = None
) -> AbsentSession | None:
    """The line by which an absence that is not withdrawn leaves a lesson: of one absence, or with an outcome."""
    found = (
        select(AbsentSession)
        .join(AbsentSession.absence)
        .where(
            AbsentSession.district_id == session.district_id,
            AbsentSession.session_id == session.id,
            Absence.state == "open",
        )
    )
    if absence is not None:
        found = found.where(AbsentSession.absence_id == absence.id)
    if outcome is not None:
        found = found.where(AbsentSession.outcome == outcome)
    return db.session.scalar(found.order_by(AbsentSession.id.desc()).limit(1))


def same_hour(session: VisitingSession, besides: VisitingSession | None = None) -> bool:
    """Whether the weekly lesson has another date at the same hour, as one that was moved there."""
    found = select(VisitingSession.id).where(
        VisitingSession.district_id == session.district_id,
        VisitingSession.lesson_id == session.lesson_id,
        VisitingSession.held_on == session.held_on,
        VisitingSession.state != "cancelled",
        VisitingSession.starts < session.ends,
        VisitingSession.ends > session.starts,
        VisitingSession.id.not_in([row.id for row in (session, besides) if row is not None]),
    )
    return db.session.scalar(found.limit(1)) is not None


def asks_for(covers: list[AbsentSession]) -> dict:
    """Line -> everybody who was asked, in the order of asking."""
    found: dict = defaultdict(list)
    if covers:
        rows = db.session.scalars(
            select(SubstituteAsk)
            .where(
                SubstituteAsk.district_id == covers[0].district_id,
                SubstituteAsk.cover_id.in_([cover.id for cover in covers]),
            )
            .options(joinedload(SubstituteAsk.person))
            .order_by(SubstituteAsk.asked_at, SubstituteAsk.id)
        )
        for row in rows:
            found[row.cover_id].append(row)
    return found


def asks_about(session: VisitingSession) -> list[SubstituteAsk]:
    """Everybody who was asked about a dated lesson, by whichever line."""
    return list(
        db.session.scalars(
            select(SubstituteAsk)
            .where(SubstituteAsk.district_id == session.district_id, SubstituteAsk.session_id == session.id)
            .order_by(SubstituteAsk.asked_at, SubstituteAsk.id)
        )
    )


def open_asks(cover: AbsentSession) -> list[SubstituteAsk]:
    """The asks of a line that wait for an answer."""
    return [ask for ask in asks_for([cover])[cover.id] if ask.state == "open"]


def asks_of(actor: Actor, today: date) -> tuple[list[SubstituteAsk], list[SubstituteAsk]]:
    """What one is asked: (lessons ahead that wait for an answer, the latest others)."""
    rows = db.session.scalars(
        select(SubstituteAsk)
        .join(SubstituteAsk.session)
        .where(SubstituteAsk.district_id == actor.district_id, SubstituteAsk.person_id == actor.person_id)
        .options(
            joinedload(SubstituteAsk.asked_by),
            joinedload(SubstituteAsk.session).options(
                joinedload(VisitingSession.lesson),
                joinedload(VisitingSession.school),
                joinedload(VisitingSession.person),
            ),
        )
        .order_by(VisitingSession.held_on.desc(), VisitingSession.starts.desc(), SubstituteAsk.id)
        .limit(60)
    ).all()
    ahead = [row for row in rows if row.state == "open" and row.session.held_on >= today]
    return ahead[::-1], [row for row in rows if row not in ahead]


def overlapping(district_id, person_id, span: Span, besides=None) -> Absence | None:
    """Another absence of the person, not withdrawn, that shares a half-day."""
    rows = db.session.scalars(
        select(Absence).where(
            Absence.district_id == district_id,
            Absence.person_id == person_id,
            Absence.state == "open",
            Absence.first_day <= span.last_day,
            Absence.last_day >= span.first_day,
        )
    )
    return next((row for row in rows if row.id != besides and row.span.overlaps(span)), None)


def left_by(person_id, district_id, span: Span, today: date, minute: int) -> list[VisitingSession]:
    """The dated lessons that a person was to give in a time and that lie ahead: own ones, and as a stand-in."""
    rows = db.session.scalars(
        select(VisitingSession)
        .where(
            VisitingSession.district_id == district_id,
            VisitingSession.held_on.between(max(span.first_day, today), span.last_day),
            or_(
                and_(VisitingSession.person_id == person_id, VisitingSession.state == "planned"),
                and_(VisitingSession.substitute_id == person_id, VisitingSession.state == "substituted"),
            ),
        )
        .options(joinedload(VisitingSession.lesson), joinedload(VisitingSession.school))
        .order_by(VisitingSession.held_on, VisitingSession.starts, VisitingSession.id)
        .execution_options(populate_existing=True)
    )
    return [
        row
        for row in rows
        if span.covers(row.held_on, row.starts) and not has_begun(row.held_on, row.starts, today, minute)
    ]


def away(district_id, person_ids, first: date, last: date) -> dict:
    """Person -> the times away that touch the days."""
    found: dict = defaultdict(list)
    rows = db.session.scalars(
        select(Absence).where(
            Absence.district_id == district_id,
            Absence.person_id.in_(list(person_ids)),
            Absence.state == "open",
            Absence.first_day <= last,
            Absence.last_day >= first,
        )
    )
    for row in rows:
        found[row.person_id].append(row.span)
    return found


def offices_of(district_id, school_ids, day: date) -> set:
    """Who is told for these schools: their offices, and the principal where a school has none."""
    rows = db.session.execute(
        select(RoleAssignment.school_id, RoleAssignment.role, RoleAssignment.person_id)
        .where(
            RoleAssignment.district_id == district_id,
            RoleAssignment.school_id.in_(list(school_ids)),
            RoleAssignment.role.in_(("principal", "office")),
        )
        .where(open_on(RoleAssignment, day))
    ).all()
    with_office = {row.school_id for row in rows if row.role == "office"}
    return {row.person_id for row in rows if row.role == "office" or row.school_id not in with_office}


def waiting(actor: Actor, today: date) -> list[tuple[Absence, int, date]]:
    """Absences with lessons that one's schools have to arrange: (which, how many, the first day of them)."""
    if not actor.manages_schools:
        return []
    rows = db.session.execute(
        select(AbsentSession.absence_id, func.count(), func.min(VisitingSession.held_on))
        .join(AbsentSession.session)
        .join(AbsentSession.absence)
        .where(
            AbsentSession.district_id == actor.district_id,
            Absence.state == "open",
            VisitingSession.state == "planned",
            VisitingSession.held_on >= today,
            or_(
                AbsentSession.school_id.in_(actor.manages_schools),
                AbsentSession.home_school_id.in_(actor.manages_schools),
            ),
        )
        .group_by(AbsentSession.absence_id)
    ).all()
    if not rows:
        return []
    by_key = {
        row.id: row
        for row in db.session.scalars(
            select(Absence)
            .where(Absence.district_id == actor.district_id, Absence.id.in_([row[0] for row in rows]))
            .options(joinedload(Absence.person))
        )
    }
    return sorted(
        ((by_key[key], count, day) for key, count, day in rows), key=lambda row: (row[2], row[0].id)
    )


def half_day_words(span: Span) -> tuple:
    """(first day, its half or "", last day, its half or ""): whole days need no half."""
    if span.first_half == MORNING and span.last_half == AFTERNOON:
        return span.first_day, "", span.last_day, ""
    return span.first_day, span.first_half, span.last_day, span.last_half
