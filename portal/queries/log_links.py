"""What a log may belong to: a lesson, a record, an activity, a pair or a posting of its writer."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.moments import local_day
from portal.domain.timetable import format_clock
from portal.extensions import db
from portal.models import Posting, Reflection, VisitingLesson, VisitingSession, WorkRecord
from portal.queries import mentoring, reflections
from portal.queries.records import Suggestion, other_side

COLUMNS = {
    "session": "session_id",
    "record": "record_id",
    "activity": "activity_id",
    "pair": "mentoring_pair_id",
    "posting": "posting_id",
}
MOST = 8


def choices(actor: Actor, besides: Reflection | None = None) -> list[Suggestion]:
    """What the person may link a log to, the latest of each kind; what ``besides`` has stays a choice."""
    found = [
        *(_session(row) for row in _sessions(actor)),
        *(_record(row, actor.person_id) for row in _records(actor)),
        *(_activity(row) for row in reflections.linkable_activities(actor)),
        *(_pair(row, actor.person_id) for row in mentoring.own_pairs(actor)),
        *(_posting(row) for row in _postings(actor)),
    ]
    chosen = link_of(besides) if besides is not None else None
    if chosen is not None and chosen.value not in {each.value for each in found}:
        found.append(chosen)
    return found


def link_of(log: Reflection) -> Suggestion | None:
    """What a log belongs to; None without a link."""
    if log.session_id:
        return _session(log.session)
    if log.record_id:
        return _record(log.record, log.person_id)
    if log.activity_id:
        return _activity(log.activity)
    if log.mentoring_pair_id:
        return _pair(log.mentoring_pair, log.person_id)
    return _posting(log.posting) if log.posting_id else None


def linked_to(actor: Actor, what: str, key):
    """The logs in sight that belong to one thing, as a select; ``what`` such as activity."""
    column = getattr(Reflection, COLUMNS[what])
    return reflections.visible_to(actor).where(column == key)


def _sessions(actor: Actor):
    return db.session.scalars(
        select(VisitingSession)
        .where(
            VisitingSession.district_id == actor.district_id,
            VisitingSession.person_id == actor.person_id,
            VisitingSession.held_on <= (actor.day or date.max),
            VisitingSession.state.in_(("planned", "given", "substituted")),
        )
        .options(joinedload(VisitingSession.school), joinedload(VisitingSession.lesson))
        .order_by(VisitingSession.held_on.desc(), VisitingSession.starts.desc(), VisitingSession.id)
        .limit(MOST)
    )


def _records(actor: Actor):
    return db.session.scalars(
        select(WorkRecord)
        .where(WorkRecord.district_id == actor.district_id, WorkRecord.person_id == actor.person_id)
        .order_by(WorkRecord.happened_on.desc(), WorkRecord.id.desc())
        .limit(MOST)
    )


def _postings(actor: Actor):
    return db.session.scalars(
        select(Posting)
        .where(
            Posting.district_id == actor.district_id,
            Posting.person_id == actor.person_id,
            Posting.state.in_(("planned", "active", "completed")),
        )
        .options(joinedload(Posting.host_school))
        .order_by(Posting.starts_on.desc(), Posting.id)
        .limit(MOST)
    )


def _session(row: VisitingSession) -> Suggestion:
    subject = row.lesson.subject if isinstance(row.lesson, VisitingLesson) else ""
    return Suggestion(
        f"session:{row.id}",
        f"{row.class_name} {subject}".strip(),
        f"{row.school.name} {format_clock(row.starts)}",
        row.held_on,
    )


def _record(row: WorkRecord, person_id) -> Suggestion:
    return Suggestion(f"record:{row.id}", row.line or row.body[:40], row.kind, row.happened_on)


def _activity(row) -> Suggestion:
    return Suggestion(f"activity:{row.id}", row.theme, "", local_day(row.starts_at))


def _pair(row, person_id) -> Suggestion:
    return Suggestion(f"pair:{row.id}", other_side(row, person_id), row.subject)


def _posting(row: Posting) -> Suggestion:
    return Suggestion(f"posting:{row.id}", row.host_school.name, row.subject, row.starts_on)
