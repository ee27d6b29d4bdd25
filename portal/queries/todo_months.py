"""What waits about months of visiting lessons: checking, closing, disputes, lists of subsidies."""

from collections import defaultdict
from datetime import date

from sqlalchemy import case, extract, func, or_, select

from portal.domain.access import Actor
from portal.domain.words import N_
from portal.domain.workload import first_of, last_of, month_before, month_code
from portal.extensions import db
from portal.models import SubsidyList, VisitingLesson, VisitingMonth, VisitingSession
from portal.queries import disputes
from portal.queries.visiting import unsettled

#: Older months stay on their pages; home shows what is still to be expected.
MONTHS_BACK = 3


def waiting(actor: Actor, today: date):
    """(kind, sentence, endpoint, target, due, words) of each thing that waits for this person."""
    yield from _disputes(actor)
    if actor.manages_schools:
        yield from _months(actor, today)
    if actor.offices & {"basic_education", "personnel"}:
        yield from _lists(actor)


def _disputes(actor: Actor):
    for dispute in disputes.waiting_for(actor):
        session = dispute.session
        words = {"what": f"{session.held_on.month}-{session.held_on.day} {session.class_name}"}
        target = {"session_id": dispute.session_id}
        yield N_("走教"), N_("了结上课登记的异议：%(what)s"), "visiting.session", target, None, words


def _months(actor: Actor, today: date):
    """A line a school and month: checking as the receiving school, closing and the list as the sending one."""
    first = first_of(today)
    for _number in range(MONTHS_BACK):
        first = month_before(first)
    left, rows = _left(actor, first, last_of(month_before(today))), _rows(actor, first)
    lists = _sheets(actor, first)
    check, close, sends = defaultdict(int), defaultdict(int), defaultdict(list)
    for (host, home, month), count in left.items():
        state = rows.get((host, home, month), "open")
        if host in actor.manages_schools and state == "open" and not count:
            check[host, month] += 1
        if home in actor.manages_schools:
            close[home, month] += state == "checked"
            sends[home, month].append(state)
    for (school, month), _count in sorted(check.items(), key=str):
        yield _line(N_("核对%(year)s年%(month)s月的走教课时"), "visiting.month", school, month)
    for (school, month), count in sorted(close.items(), key=str):
        if count:
            yield _line(N_("关账：%(year)s年%(month)s月的走教课时"), "visiting.month", school, month)
    for (school, month), states in sorted(sends.items(), key=str):
        if set(states) == {"closed"} and lists.get((school, month), "drafting") == "drafting":
            yield _line(N_("核对%(year)s年%(month)s月的补助名单"), "visiting.subsidy_sheet", school, month)


def _line(what: str, endpoint: str, school_id, month: date):
    target = {"school_id": school_id, "month": month_code(month)}
    return N_("走教"), what, endpoint, target, None, {"year": month.year, "month": month.month}


def _left(actor: Actor, first: date, last: date) -> dict:
    """(host, home, month) -> lessons that nobody has settled, of the months with visits."""
    year, month = extract("year", VisitingSession.held_on), extract("month", VisitingSession.held_on)
    mine = actor.manages_schools
    found = db.session.execute(
        select(
            VisitingSession.school_id,
            VisitingLesson.home_school_id,
            year,
            month,
            func.sum(case((unsettled(), 1), else_=0)),
        )
        .join(VisitingSession.lesson)
        .where(
            VisitingSession.district_id == actor.district_id,
            VisitingSession.held_on.between(first, last),
            VisitingLesson.home_school_id != VisitingLesson.school_id,
            or_(VisitingSession.school_id.in_(mine), VisitingLesson.home_school_id.in_(mine)),
        )
        .group_by(VisitingSession.school_id, VisitingLesson.home_school_id, year, month)
    )
    return {(host, home, date(int(y), int(m), 1)): int(count) for host, home, y, m, count in found}


def _rows(actor: Actor, first: date) -> dict:
    mine = actor.manages_schools
    found = db.session.execute(
        select(
            VisitingMonth.school_id, VisitingMonth.home_school_id, VisitingMonth.month, VisitingMonth.state
        ).where(
            VisitingMonth.district_id == actor.district_id,
            VisitingMonth.month >= first,
            or_(VisitingMonth.school_id.in_(mine), VisitingMonth.home_school_id.in_(mine)),
        )
    )
    return {(host, home, month): state for host, home, month, state in found}


def _sheets(actor: Actor, first: date) -> dict:
    found = db.session.execute(
        select(SubsidyList.school_id, SubsidyList.month, SubsidyList.state).where(
            SubsidyList.district_id == actor.district_id,
            SubsidyList.month >= first,
            SubsidyList.school_id.in_(actor.manages_schools),
        )
    )
    return {(school, month): state for school, month, state in found}


def _lists(actor: Actor):
    """The lists that schools have checked, a line a month, for the bureau."""
    found = db.session.execute(
        select(SubsidyList.month, func.count())
        .where(SubsidyList.district_id == actor.district_id, SubsidyList.state == "checked")
        .group_by(SubsidyList.month)
        .order_by(SubsidyList.month)
    )
    for month, count in found:
        words = {"year": month.year, "month": month.month, "count": count}
        target = {"month": month_code(month), "state": "checked"}
        what = N_("受理%(year)s年%(month)s月的补助名单 %(count)s 校")
        yield N_("走教"), what, "visiting.subsidy_list", target, None, words
