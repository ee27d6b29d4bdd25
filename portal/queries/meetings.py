"""Meetings of clusters: what a person may see, and which months still lack one."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.domain import calendar, schemes
from portal.domain.access import Actor
from portal.domain.moments import local, local_day
from portal.extensions import db
from portal.models import Cluster, Meeting, MeetingAttendance, MeetingTask, Term
from portal.queries.paging import Page, page_of


def by_id(district_id, meeting_id) -> Meeting | None:
    """One meeting with its cluster."""
    return db.session.get(Meeting, (district_id, meeting_id))


def task_by_id(district_id, task_id) -> MeetingTask | None:
    """One task with its meeting."""
    return db.session.get(MeetingTask, (district_id, task_id))


def visible_to(actor: Actor):
    """The meetings that ``meeting.view`` shows this person, as a select."""
    found = select(Meeting).where(Meeting.district_id == actor.district_id)
    return found if actor.offices else found.where(Meeting.cluster_id.in_(actor.oversees))


class MeetingLine(NamedTuple):
    """A meeting as the list shows it."""

    id: uuid.UUID
    title: str
    kind: str
    state: str
    starts_at: datetime
    place: str
    cluster_name: str


def meeting_page(
    actor: Actor,
    *,
    cluster_id=None,
    term_id=None,
    kind: str = "",
    state: str = "",
    cursor: str | None = None,
    size: int = 50,
) -> Page:
    """One page of ``MeetingLine`` for the meetings in sight, newest first, filtered."""
    found = visible_to(actor)
    for column, value in (
        (Meeting.cluster_id, cluster_id),
        (Meeting.term_id, term_id),
        (Meeting.kind, kind),
        (Meeting.state, state),
    ):
        if value:
            found = found.where(column == value)
    return page_of(found, Meeting.starts_at, Meeting.id, cursor, size=size, read=_lines)


def _lines(found) -> list[MeetingLine]:
    columns = (Meeting.id, Meeting.title, Meeting.kind, Meeting.state, Meeting.starts_at, Meeting.place)
    rows = db.session.execute(found.join(Meeting.cluster).with_only_columns(*columns, Cluster.name))
    return [MeetingLine._make(row) for row in rows]


def attendance_of(meeting: Meeting) -> list[MeetingAttendance]:
    """Attendance with the schools, by name."""
    found = db.session.scalars(
        select(MeetingAttendance)
        .where(
            MeetingAttendance.district_id == meeting.district_id, MeetingAttendance.meeting_id == meeting.id
        )
        .options(joinedload(MeetingAttendance.school))
    )
    return sorted(found, key=lambda row: row.school.name)


@dataclass(frozen=True)
class Month:
    """One month of a term: ``state`` ok (minutes confirmed), soon (a meeting to come, or its minutes before the
    month is over), gap (over without confirmed minutes, or without a meeting) or none, with the meeting that
    decides it."""

    year: int
    month: int
    state: str
    meeting: Meeting | None


def months(cluster: Cluster, term: Term, today) -> list[Month]:
    """The month strip of a cluster's members' meetings (W6: months of the term without a held meeting)."""
    return months_of([cluster], term, today)[cluster.id]


def months_of(clusters: list[Cluster], term: Term, today) -> dict:
    """Cluster -> its month strip, for as many clusters as a page shows, in one query."""
    rows = db.session.scalars(
        select(Meeting)
        .where(
            Meeting.district_id == term.district_id,
            Meeting.cluster_id.in_([cluster.id for cluster in clusters]),
            Meeting.term_id == term.id,
            Meeting.state != "cancelled",
            Meeting.kind.in_(("monthly", "joint")),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
    by_month: dict = {}
    for row in rows:
        here = local(row.starts_at)
        by_month.setdefault((row.cluster_id, here.year, here.month), []).append(row)
    owed = set(calendar.months_owed(term.value))
    return {
        cluster.id: [
            _month(
                year,
                month,
                by_month.get((cluster.id, year, month), []),
                today,
                monthly=monthly(cluster) and (year, month) in owed,
            )
            for year, month in calendar.months_of(term.value)
        ]
        for cluster in clusters
    }


def monthly(cluster: Cluster) -> bool:
    """Whether the cluster's scheme asks for a meeting in every month (D0) and not for a number a term (E5)."""
    counters = schemes.load_scheme(cluster.scheme_code).counters
    return any(counter.key == "meeting" and counter.per == "month" for counter in counters)


def _month(year: int, month: int, rows: list[Meeting], today, *, monthly: bool) -> Month:
    confirmed = [row for row in rows if row.state == "confirmed"]
    if confirmed:
        return Month(year, month, "ok", confirmed[0])
    late = [row for row in rows if row.state in ("held", "minuted") or local_day(row.starts_at) < today]
    if late:
        # The minutes belong to the month of the meeting: until it is over, nothing is missing.
        is_over = (year, month) < (today.year, today.month)
        return Month(year, month, "gap" if is_over else "soon", late[0])
    if rows:
        return Month(year, month, "soon", rows[0])
    is_gap = monthly and (year, month) < (today.year, today.month)
    return Month(year, month, "gap" if is_gap else "none", None)
