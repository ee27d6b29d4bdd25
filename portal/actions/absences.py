"""A teacher is away: entering it, changing its days, withdrawing it; lessons that lie ahead follow (W7b).

What has begun never changes. A lesson that is no longer left goes back to what it was, with all that was
arranged for it.
"""

from portal.actions import audit
from portal.actions.absence_lessons import leave, put_back
from portal.actions.absence_news import News
from portal.actions.errors import Conflict, Refused
from portal.actions.steps import expect_version, take_step
from portal.actions.visiting_dates import hold
from portal.domain.access import can
from portal.domain.ids import uuid7
from portal.domain.moments import local, local_day
from portal.domain.substitution import Span
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Absence, Person
from portal.queries import absences, months, people

TIMES = ("first_day", "first_half", "last_day", "last_half")


def enter(actor, person: Person, values: dict, *, now) -> Absence:
    """Say that a teacher is away; the dated lessons of that time that lie ahead wait to be arranged.

    ``values``: kind, first_day, first_half, last_day, last_half, reason. Refused for a teacher of another school
    and for a time in which the teacher is away already, or that is over.
    """
    home_id = people.home_school_ids(person.district_id, [person.id]).get(person.id)
    if home_id is None:
        raise Refused(N_("这位教师现在没有任职学校"), field="person")
    absence = Absence(
        district_id=person.district_id,
        id=uuid7(),
        person_id=person.id,
        home_school_id=home_id,
        created_by_id=actor.person_id,
        state="open",
        **{**values, "reason": values["reason"] or None},
    )
    span = _span(values, now)
    if not can(actor, "absence.edit", absence):
        raise Refused(N_("只能登记本人或本校教师"), field="person")
    sessions = _held(absence, span, now)
    _refuse_twice(absence, span)
    db.session.add(absence)
    db.session.flush()  # the lines and the audit entry point at it
    told = {"absence_kind": (None, absence.kind), **{name: (None, values[name]) for name in TIMES}}
    audit.record(actor, "absence.create", absence, told)
    for session in sessions:
        leave(actor, absence, session, now)
    return absence


def edit(actor, absence: Absence, values: dict, *, expected, now) -> None:
    """Change the days or the kind: lessons that fall out go back, new ones are left.

    Without ``reason`` in the values the sealed text stays as it is.
    """
    expect_version(absence, expected)
    if absence.state != "open":
        raise Refused(N_("已经撤销，请另行登记"))
    span = _span(values, now, absence)
    _held(absence, span, now)
    _refuse_twice(absence, span)
    reason = values.pop("reason", absence.reason) or None
    changes = audit.changes_of(absence, {**values, "reason": reason})
    if not changes:
        return
    told = {name: changes[name] for name in TIMES if name in changes}
    told |= {"absence_kind": changes["kind"]} if "kind" in changes else {}
    told |= {"reason": (None, None)} if "reason" in changes else {}
    audit.record(actor, "absence.edit", absence, told)
    news = News(actor, now)
    for cover in absences.covers_of(absence):
        if not span.covers(cover.session.held_on, cover.session.starts):
            put_back(actor, cover, news, gone=True)
    db.session.flush()  # what has gone back is read again
    news.send()
    for session in _left(absence, span, now):
        leave(actor, absence, session, now)


def withdraw(actor, absence: Absence, *, expected, now) -> None:
    """The teacher is there after all: asks lapse, stand-ins are released, lessons ahead go back."""
    _held(absence, absence.span, now)
    take_step(actor, absence, "withdraw", expected=expected)
    news = News(actor, now)
    for cover in absences.covers_of(absence):
        put_back(actor, cover, news)
    news.send()


def _held(absence: Absence, span: Span, now) -> list:
    """The lessons ahead that the time leaves, after everybody who could touch them stands in line."""
    known = absences.covers_of(absence) if absence in db.session else []
    sessions = [*_left(absence, span, now), *(cover.session for cover in known)]
    involved = {absence.person_id, *(key for s in sessions for key in (s.person_id, s.substitute_id) if key)}
    hold(absence.district_id, {session.school_id for session in sessions}, involved)
    if absence in db.session:
        version = absence.version
        db.session.refresh(absence)
        if absence.version != version:
            raise Conflict(absence)
    return _left(absence, span, now)


def _left(absence: Absence, span: Span, now) -> list:
    """The lessons of the time that lie ahead, in months that are not closed."""
    clock = local(now)
    minute = clock.hour * 60 + clock.minute
    found = absences.left_by(absence.person_id, absence.district_id, span, clock.date(), minute)
    closed = months.closed_among(found)
    return [session for session in found if session.id not in closed]


def _span(values: dict, now, absence: Absence | None = None) -> Span:
    try:
        span = Span(*(values[name] for name in TIMES))
    except ValueError:
        raise Refused(N_("结束要在开始之后"), field="last_day") from None
    if absence is None and span.last_day < local_day(now):
        raise Refused(N_("已经过去的日子不用再安排，请选今天或以后"), field="last_day")
    return span


def _refuse_twice(absence: Absence, span: Span) -> None:
    other = absences.overlapping(absence.district_id, absence.person_id, span, absence.id)
    if other is not None:
        raise Refused(
            N_("这段时间已经登记过（%(first)s 至 %(last)s），请修改那一次"),
            field="first_day",
            first=other.first_day.isoformat(),
            last=other.last_day.isoformat(),
        )
