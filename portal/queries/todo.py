"""What waits for a person, what is late, what comes: gathered from every feature, each by one query."""

import calendar as months
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor, can
from portal.domain.moments import SHANGHAI, local_day
from portal.domain.timetable import format_clock
from portal.domain.words import N_
from portal.extensions import db
from portal.models import (
    Meeting,
    MeetingTask,
    Posting,
    Reflection,
    TermSummary,
    VisitingLesson,
    VisitingSession,
)
from portal.queries import (
    absences,
    todo_deliveries,
    todo_groups,
    todo_handovers,
    todo_months,
    todo_opinions,
    todo_pairs,
    todo_plans,
    todo_reflections,
    todo_requests,
    todo_secondments,
    todo_supervision,
    todo_turn,
    visiting,
)

SOON = timedelta(days=14)


@dataclass(frozen=True)
class Todo:
    """One thing that waits: ``kind`` and ``what`` are message ids with ``words``; ``due`` may be unknown."""

    kind: str
    what: str
    endpoint: str
    target: dict
    due: date | None = None
    words: dict = field(default_factory=dict)
    meta: str = ""

    def is_late(self, today: date) -> bool:
        """Whether the day on which it was due is over."""
        return self.due is not None and self.due < today


def waiting_for(actor: Actor, today: date) -> list[Todo]:
    """Everything that waits for this person, the latest first, then by due date, undated last."""
    found = [
        *_meetings(actor, today),
        *_tasks(actor),
        *_arrivals(actor),
        *_sessions(actor, today),
        *_absences(actor, today),
        *(Todo(*each) for each in todo_months.waiting(actor, today)),
        *(Todo(*each) for each in todo_deliveries.waiting(actor, today)),
        *(Todo(*each) for each in todo_secondments.waiting(actor, today)),
        *(Todo(*each) for each in todo_handovers.waiting(actor, today)),
        *(Todo(*each) for each in todo_pairs.waiting(actor, today)),
        *(Todo(*each) for each in todo_plans.waiting(actor, today)),
        *(Todo(*each) for each in todo_groups.waiting(actor, today)),
        *(Todo(*each) for each in todo_reflections.waiting(actor, today)),
        *(Todo(*each) for each in todo_supervision.waiting(actor, today)),
        *(Todo(*each) for each in todo_requests.waiting(actor)),
        *(Todo(*each) for each in todo_opinions.waiting(actor)),
        *(Todo(*each) for each in todo_turn.waiting(actor, today)),
        *_summaries(actor),
        *_drafts(actor),
    ]
    return sorted(found, key=lambda item: (item.due is None, item.due or today, item.kind, item.what))


def _month_end(day: date) -> date:
    return day.replace(day=months.monthrange(day.year, day.month)[1])


def _meetings(actor: Actor, today: date):
    """Minutes to write or to confirm, and meetings of the next days."""
    if not actor.manages:
        return
    rows = db.session.scalars(
        select(Meeting)
        .where(
            Meeting.district_id == actor.district_id,
            Meeting.cluster_id.in_(actor.manages),
            Meeting.state.in_(("scheduled", "held", "minuted")),
        )
        .options(joinedload(Meeting.cluster))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(60)
    )
    for meeting in rows:
        day, target = local_day(meeting.starts_at), {"meeting_id": meeting.id}
        words = {"title": meeting.title}
        if meeting.state == "minuted":
            if can(actor, "meeting.confirm", meeting):
                yield Todo(
                    N_("会议纪要"),
                    N_("确认 %(title)s 的纪要"),
                    "plans.meeting",
                    target,
                    _month_end(day),
                    words,
                    meeting.cluster.name,
                )
        elif day < today:
            # D0: the members meet every month, so the minutes belong to the month of the meeting.
            if can(actor, "meeting.edit", meeting):
                yield Todo(
                    N_("会议纪要"),
                    N_("补交 %(title)s 的纪要"),
                    "plans.meeting",
                    target,
                    _month_end(day),
                    words,
                    meeting.cluster.name,
                )
        elif day <= today + SOON:
            yield Todo(
                N_("会议"), N_("参加 %(title)s"), "plans.meeting", target, day, words, meeting.cluster.name
            )


def _tasks(actor: Actor):
    """What meetings decided for one's school."""
    if not actor.manages_schools:
        return
    rows = db.session.scalars(
        select(MeetingTask)
        .where(
            MeetingTask.district_id == actor.district_id,
            MeetingTask.state == "open",
            MeetingTask.school_id.in_(actor.manages_schools),
        )
        .options(joinedload(MeetingTask.meeting))
        .order_by(MeetingTask.due_on, MeetingTask.id)
        .limit(30)
    )
    for task in rows:
        yield Todo(
            N_("议定事项"),
            "%(text)s",
            "plans.meeting",
            {"meeting_id": task.meeting_id, "_anchor": "tasks"},
            task.due_on,
            {"text": task.text},
            task.meeting.title,
        )


def _arrivals(actor: Actor):
    """Teachers who come to one's school and whose arrival nobody has confirmed."""
    if not actor.manages_schools:
        return
    rows = db.session.scalars(
        select(Posting)
        .where(
            Posting.district_id == actor.district_id,
            Posting.state == "planned",
            Posting.host_school_id.in_(actor.manages_schools),
            Posting.person_id != actor.person_id,
        )
        .options(joinedload(Posting.person), joinedload(Posting.home_school))
        .order_by(Posting.starts_on, Posting.id)
        .limit(30)
    )
    for posting in rows:
        yield Todo(
            N_("交流到岗"),
            N_("确认 %(name)s 到岗"),
            "exchange.posting",
            {"posting_id": posting.id},
            posting.starts_on,
            {"name": posting.person.name},
            posting.home_school.name,
        )


def _sessions(actor: Actor, today: date):
    """Visiting lessons of past weeks that one's school has not confirmed, a line a week."""
    if not actor.manages_schools:
        return
    monday = today - timedelta(days=today.weekday())
    rows = db.session.execute(
        select(VisitingSession.held_on, func.count())
        .join(VisitingSession.lesson)
        .where(
            VisitingSession.district_id == actor.district_id,
            visiting.unsettled(),
            VisitingSession.school_id.in_(actor.manages_schools),
            VisitingSession.held_on < monday,
            # Lessons at home stand in the timetable for its conflicts; nobody has to confirm them.
            VisitingLesson.school_id != VisitingLesson.home_school_id,
        )
        .group_by(VisitingSession.held_on)
    )
    weeks: dict[date, int] = {}
    for day, count in rows:
        start = day - timedelta(days=day.weekday())
        weeks[start] = weeks.get(start, 0) + count
    for start, count in sorted(weeks.items()):
        words = {"month": start.month, "day": start.day, "count": count}
        yield Todo(
            N_("走教"),
            N_("确认 %(month)s月%(day)s日 这一周的走教 %(count)s 节"),
            "visiting.confirm",
            {"day": start.isoformat()},
            start + timedelta(days=6),
            words,
        )


def _absences(actor: Actor, today: date):
    """Lessons that somebody is asked to stand in for, and those of absent teachers that one's schools arrange."""
    for ask in absences.asks_of(actor, today)[0]:
        session = ask.session
        words = {
            "month": session.held_on.month,
            "day": session.held_on.day,
            "time": format_clock(session.starts),
            "what": f"{session.class_name}{session.lesson.subject}",
        }
        yield Todo(
            N_("请您代课"),
            N_("%(month)s月%(day)s日 %(time)s %(what)s，能不能代？"),
            "visiting.ask",
            {"ask_id": ask.id},
            session.held_on,
            words,
            session.school.name,
        )
    for absence, count, day in absences.waiting(actor, today):
        yield Todo(
            N_("代课"),
            N_("安排 %(name)s 不在时的 %(count)s 节课"),
            "visiting.absence",
            {"absence_id": absence.id},
            day,
            {"name": absence.person.name, "count": count},
        )


def _summaries(actor: Actor):
    """Summaries to finish, for who runs the cluster; to accept, for the bureau."""
    waits = []
    if actor.leads:
        waits.append(
            and_(TermSummary.cluster_id.in_(actor.leads), TermSummary.state.in_(("drafting", "signed")))
        )
    if "basic_education" in actor.offices:
        waits.append(TermSummary.state == "submitted")
    if not waits:
        return
    rows = db.session.scalars(
        select(TermSummary)
        .where(TermSummary.district_id == actor.district_id, or_(*waits))
        .options(joinedload(TermSummary.cluster), joinedload(TermSummary.term))
        .order_by(TermSummary.id)
        .limit(40)
    )
    kinds = {
        "drafting": N_("撰写 %(name)s学期总结"),
        "signed": N_("报送 %(name)s学期总结"),
        "submitted": N_("受理 %(name)s学期总结"),
    }
    for summary in rows:
        due = summary.term.last_day if summary.state != "submitted" else None
        yield Todo(
            N_("学期总结"),
            kinds[summary.state],
            "summaries.workspace",
            {"summary_id": summary.id},
            due,
            {"name": summary.cluster.name},
        )


def _drafts(actor: Actor):
    """One's own unfinished logs."""
    rows = db.session.scalars(
        select(Reflection)
        .where(
            Reflection.district_id == actor.district_id,
            Reflection.person_id == actor.person_id,
            Reflection.state == "draft",
        )
        .order_by(Reflection.happened_on.desc(), Reflection.id.desc())
        .limit(10)
    )
    for log in rows:
        words = {"title": log.title or log.happened_on.isoformat()}
        yield Todo(
            N_("反思日志"),
            N_("写完反思：%(title)s"),
            "reflections.edit",
            {"reflection_id": log.id},
            None,
            words,
        )


@dataclass(frozen=True)
class WeekItem:
    """Something of this week: its moment, title, link and where."""

    moment: object
    title: str
    endpoint: str
    target: dict
    place: str


def this_week(actor: Actor, today: date) -> list[WeekItem]:
    """Meetings and activities of the week, of the clusters that one belongs to or follows, by time.

    Activities of the whole district are everybody's.
    """
    from datetime import datetime, time

    from portal.models import Activity

    monday = today - timedelta(days=today.weekday())
    start = datetime.combine(monday, time(), SHANGHAI)
    clusters = actor.belongs_to | actor.oversees
    found = []
    of_these = Activity.cluster_id.in_(clusters) | Activity.cluster_id.is_(None)
    for model, endpoint, key, which, title in (
        (Meeting, "plans.meeting", "meeting_id", Meeting.cluster_id.in_(actor.oversees), "title"),
        (Activity, "plans.activity", "activity_id", of_these, "theme"),
    ):
        rows = db.session.scalars(
            select(model)
            .where(
                model.district_id == actor.district_id,
                which,
                model.state != "cancelled",
                model.starts_at >= start,
                model.starts_at < start + timedelta(days=7),
            )
            .order_by(model.starts_at, model.id)
            .limit(20)
        )
        found += [WeekItem(r.starts_at, getattr(r, title), endpoint, {key: r.id}, r.place) for r in rows]
    return sorted(found, key=lambda item: item.moment)
