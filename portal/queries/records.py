"""Records of work (记一笔): one's own ledger, what may be linked, and who may read which."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.moments import SHANGHAI, local_day
from portal.extensions import db
from portal.models import (
    Activity,
    MentoringPair,
    RemovedRecord,
    SchoolPairing,
    Term,
    VisitingLesson,
    VisitingSession,
    WorkRecord,
)
from portal.queries import mentoring, pairing
from portal.queries.paging import Page, page_of

LINKS = ("session", "pair", "school", "activity")


def by_id(district_id, record_id) -> WorkRecord | None:
    """One record."""
    return db.session.get(WorkRecord, (district_id, record_id))


def removed_by_id(district_id, removed_id) -> RemovedRecord | None:
    """The record that somebody deleted last."""
    return db.session.get(RemovedRecord, (district_id, removed_id))


def removed_of(actor: Actor) -> RemovedRecord | None:
    """What this person deleted last."""
    return db.session.scalar(
        select(RemovedRecord).where(
            RemovedRecord.district_id == actor.district_id, RemovedRecord.person_id == actor.person_id
        )
    )


def by_once_key(actor: Actor, once_key: str) -> WorkRecord | None:
    """The person's own record that was sent with this key, if it has arrived before."""
    return db.session.scalar(
        select(WorkRecord).where(
            WorkRecord.district_id == actor.district_id,
            WorkRecord.person_id == actor.person_id,
            WorkRecord.once_key == once_key,
        )
    )


def visible_to(actor: Actor):
    """The records that ``record.view`` shows this person, as a select."""
    own_pairs = select(MentoringPair.id).where(
        MentoringPair.district_id == actor.district_id,
        or_(MentoringPair.mentor_id == actor.person_id, MentoringPair.mentee_id == actor.person_id),
    )
    # An official record is seen by whoever sees its school pair.
    pairings = pairing.visible_to(actor).with_only_columns(SchoolPairing.id)
    return select(WorkRecord).where(
        WorkRecord.district_id == actor.district_id,
        or_(
            WorkRecord.person_id == actor.person_id,
            WorkRecord.mentoring_pair_id.in_(own_pairs),
            WorkRecord.school_pairing_id.in_(pairings),
        ),
    )


def ledger(actor: Actor, *, term: Term | None = None, kind: str = ""):
    """What the person recorded, with the links that a line shows, as a select."""
    found = (
        select(WorkRecord)
        .where(WorkRecord.district_id == actor.district_id, WorkRecord.person_id == actor.person_id)
        .options(
            joinedload(WorkRecord.mentoring_pair).joinedload(MentoringPair.mentor),
            joinedload(WorkRecord.mentoring_pair).joinedload(MentoringPair.mentee),
            joinedload(WorkRecord.school_pairing).joinedload(SchoolPairing.donor),
            joinedload(WorkRecord.school_pairing).joinedload(SchoolPairing.beneficiary),
            joinedload(WorkRecord.activity),
            joinedload(WorkRecord.session).joinedload(VisitingSession.school),
        )
    )
    if term:
        found = found.where(WorkRecord.happened_on.between(term.first_day, term.last_day))
    return found.where(WorkRecord.kind == kind) if kind else found


def ledger_page(actor: Actor, *, cursor: str | None = None, **filters) -> Page:
    """One page of one's ledger, newest first."""
    return page_of(ledger(actor, **filters), WorkRecord.happened_on, WorkRecord.id, cursor)


def whole_ledger(actor: Actor, **filters) -> list[WorkRecord]:
    """One's ledger for an export, the oldest first."""
    found = ledger(actor, **filters).order_by(WorkRecord.happened_on, WorkRecord.id)
    return list(db.session.scalars(found))


def ledger_counts(actor: Actor, term: Term | None = None) -> list[tuple[str, int, int]]:
    """(kind, records, periods) of one's ledger, the most frequent kind first."""
    found = select(WorkRecord.kind, func.count(), func.coalesce(func.sum(WorkRecord.periods), 0)).where(
        WorkRecord.district_id == actor.district_id, WorkRecord.person_id == actor.person_id
    )
    if term:
        found = found.where(WorkRecord.happened_on.between(term.first_day, term.last_day))
    rows = db.session.execute(found.group_by(WorkRecord.kind).order_by(func.count().desc(), WorkRecord.kind))
    return [tuple(row) for row in rows]


@dataclass(frozen=True)
class Suggestion:
    """Something that a record may belong to: ``value`` such as ``pair:<key>``, its name, where and when."""

    value: str
    label: str
    detail: str = ""
    day: date | None = None

    @property
    def what(self) -> str:
        """session, pair, school or activity."""
        return self.value.partition(":")[0]


def suggestions(actor: Actor, day: date, besides: Iterable[Suggestion] = ()) -> list[Suggestion]:
    """What the person has most likely just done on a day: lessons, pairs, school pairs, activities.

    ``besides`` are added when they are not among them: what a form has chosen already.
    """
    found = [*_sessions(actor, day), *_pairs(actor), *_activities(actor, day), *_school_pairs(actor)]
    known = {one.value for one in found}
    return found + [one for one in besides if one.value not in known]


def _sessions(actor: Actor, day: date) -> list[Suggestion]:
    rows = db.session.execute(
        select(VisitingSession, VisitingLesson.subject, VisitingLesson.period)
        .join(
            VisitingLesson,
            and_(
                VisitingLesson.district_id == VisitingSession.district_id,
                VisitingLesson.id == VisitingSession.lesson_id,
            ),
        )
        .where(
            VisitingSession.district_id == actor.district_id,
            VisitingSession.held_on == day,
            VisitingSession.state.in_(("planned", "given", "substituted")),
            or_(
                and_(VisitingSession.person_id == actor.person_id, VisitingSession.state != "substituted"),
                and_(
                    VisitingSession.substitute_id == actor.person_id, VisitingSession.state == "substituted"
                ),
            ),
        )
        .options(joinedload(VisitingSession.school))
        .order_by(VisitingSession.starts, VisitingSession.id)
    )
    return [
        Suggestion(
            f"session:{row.id}", f"{row.class_name} {subject}", f"{row.school.name} {_clock(row.starts)}"
        )
        for row, subject, period in rows
    ]


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def _pairs(actor: Actor) -> list[Suggestion]:
    return [
        Suggestion(f"pair:{pair.id}", other_side(pair, actor.person_id), pair.subject)
        for pair in mentoring.own_pairs(actor)
    ]


def other_side(pair: MentoringPair, person_id) -> str:
    """The name of whom a person is paired with: mentor, mentee, group or project."""
    if pair.mentor_id != person_id:
        return pair.mentor.name
    return pair.mentee.name if pair.mentee else pair.mentee_name


def _school_pairs(actor: Actor) -> list[Suggestion]:
    if not actor.works_at:
        return []
    rows = db.session.scalars(
        select(SchoolPairing)
        .where(
            SchoolPairing.district_id == actor.district_id,
            SchoolPairing.state == "active",
            or_(
                SchoolPairing.donor_id.in_(actor.works_at),
                SchoolPairing.beneficiary_id.in_(actor.works_at),
            ),
        )
        .options(joinedload(SchoolPairing.donor), joinedload(SchoolPairing.beneficiary))
        .order_by(SchoolPairing.starts_on, SchoolPairing.id)
        .limit(6)
    )
    return [Suggestion(f"school:{row.id}", f"{row.donor.name}—{row.beneficiary.name}") for row in rows]


def _activities(actor: Actor, day: date) -> list[Suggestion]:
    """Activities of the day and the two before it, of the person's clusters and of the whole district."""
    end = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    rows = db.session.scalars(
        select(Activity)
        .where(
            Activity.district_id == actor.district_id,
            or_(Activity.cluster_id.in_(actor.belongs_to), Activity.cluster_id.is_(None)),
            Activity.state != "cancelled",
            Activity.starts_at >= end - timedelta(days=3),
            Activity.starts_at < end,
        )
        .order_by(Activity.starts_at.desc(), Activity.id)
        .limit(4)
    )
    return [Suggestion(f"activity:{row.id}", row.theme, day=local_day(row.starts_at)) for row in rows]


def session_by_id(district_id, session_id) -> VisitingSession | None:
    """One dated lesson of a visiting teacher."""
    return db.session.get(VisitingSession, (district_id, session_id))


def link_of(record: WorkRecord, person_id) -> Suggestion | None:
    """What the record belongs to first of all, as ``person_id`` would call it; None without a link."""
    return next(iter(links_of(record, person_id)), None)


def links_of(record: WorkRecord, person_id) -> list[Suggestion]:
    """Everything that the record belongs to: the pair, the school pair, the activity, the lesson."""
    found = []
    if record.mentoring_pair_id:
        name = other_side(record.mentoring_pair, person_id)
        found.append(Suggestion(f"pair:{record.mentoring_pair_id}", name, record.mentoring_pair.subject))
    if record.school_pairing_id:
        pair = record.school_pairing
        found.append(Suggestion(f"school:{pair.id}", f"{pair.donor.name}—{pair.beneficiary.name}"))
    if record.activity_id:
        day = local_day(record.activity.starts_at)
        found.append(Suggestion(f"activity:{record.activity_id}", record.activity.theme, day=day))
    if record.session_id:
        one = record.session
        label = f"{one.school.name} {_clock(one.starts)}"
        found.append(Suggestion(f"session:{one.id}", one.class_name, label))
    return found
