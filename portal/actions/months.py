"""Closing a month of visiting lessons by both schools, and what a school says of its teachers' lessons at home."""

from datetime import date

from portal.actions import audit, notices
from portal.actions.errors import Refused
from portal.actions.steps import expect_version, take_step
from portal.actions.visiting_dates import hold
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.domain.workload import FIELDS, first_of, last_of, month_code
from portal.extensions import db
from portal.models import HomePeriods, MonthFigure, School, VisitingMonth
from portal.queries import clusters, months, subsidies, workloads

CHANGED = N_("数字在您打开以后有改动，请看最新的数字再办理")
TOLD = {"check": "month_checked", "return": "month_returned", "close": "month_closed"}


def begin(actor, school: School, home: School, month: date, *, now, seen: str = "") -> VisitingMonth:
    """The receiving school has checked a month that nobody has begun: make its row and take the step.

    ``seen`` is as in ``step``.
    """
    hold(school.district_id, [school.id], [])
    row = months.of_pair(school.district_id, school.id, home.id, month)
    if row is None:
        if months.of_pair_month(school.district_id, school.id, home.id, month) is None:
            raise Refused(N_("这个月两校之间没有走教课"))
        row = VisitingMonth(
            district_id=school.district_id,
            school_id=school.id,
            home_school_id=home.id,
            month=first_of(month),
            state="open",
        )
        db.session.add(row)
        db.session.flush()  # the history needs its key
    step(actor, row, "check", note="", expected=None, now=now, seen=seen)
    return row


def step(actor, row: VisitingMonth, action: str, *, note: str, expected, now, seen: str = "") -> None:
    """Check, take back, return or close a month. Closing keeps the figures; nothing changes them afterwards.

    ``seen`` is the mark of the figures that the page showed: nobody answers for others than those.
    """
    hold(row.district_id, [row.school_id], [])
    expect_version(row, expected)
    pair = months.of_pair_month(row.district_id, row.school_id, row.home_school_id, row.month)
    if action in ("check", "close"):
        _refuse_unready(actor, row, pair, action, local_day(now))
        if seen and pair and seen != pair.mark:
            raise Refused(CHANGED)
    if action == "check":
        row.state_note = ""  # why it was returned before is in the history
        row.checked_by_id, row.checked_at = actor.person_id, now
    if action == "close":
        row.closed_by_id, row.closed_at = actor.person_id, now
        _keep(row, pair)
    take_step(actor, row, action, note=note)
    if action in ("take_back", "return"):
        row.checked_by_id = row.checked_at = None
    if action in TOLD:
        _tell(actor, row, TOLD[action], now)


def _refuse_unready(actor, row: VisitingMonth, pair, action: str, today: date) -> None:
    """A month is closed when it is over, every lesson is settled, and nobody disputes one."""
    if not can(actor, f"month.{action}", row):
        return  # the step itself says that it is not allowed
    if today <= last_of(row.month):
        raise Refused(N_("这个月还没有结束"))
    if pair and pair.unsettled:
        raise Refused(N_("还有 %(count)s 节课没有确认，先确认上课"), count=pair.unsettled)
    if pair and pair.disputes:
        raise Refused(N_("还有 %(count)s 条异议没有了结"), count=pair.disputes)
    if pair and actor.person_id in pair.figures:
        raise Refused(N_("里面有您本人的课，请由本校另一位负责人办理"))


def _keep(row: VisitingMonth, pair) -> None:
    for person_id, figure in (pair.figures if pair else {}).items():
        values = {name: getattr(figure, name) for name in FIELDS}
        db.session.add(
            MonthFigure(district_id=row.district_id, month_id=row.id, person_id=person_id, **values)
        )


def record_own(actor, school: School, month: date, stated: dict, *, now) -> int:
    """Write down the periods at home of the school's visiting teachers: person id -> periods, None for unknown.

    How many changed. Refused once the month's subsidies have been checked, and for oneself.
    """
    hold(school.district_id, [school.id], [])
    sheet = subsidies.of_school(school, month)
    if sheet is not None and sheet.state != "drafting":
        raise Refused(N_("这个月的补助名单已经核对；先收回再改"))
    known = workloads.stated_periods(school, month)
    possible = {e.person.id: e.person.name for e in workloads.of_school(school, month, local_day(now))}
    changed = {}
    for person_id, periods in stated.items():
        old = known[person_id].periods if person_id in known else None
        if person_id not in possible or periods == old:
            continue
        if person_id == actor.person_id:
            raise Refused(N_("您本人的本校课时，请由本校另一位负责人登记"))
        _state(actor, school, month, person_id, periods, known.get(person_id))
        changed[possible[person_id]] = (old, periods)
    for name, (old, new) in changed.items():
        told = {"month": (None, month_code(month)), "home_periods": (old, new), "person": (None, name)}
        audit.record(actor, "school.home_periods", school, told)
    return len(changed)


def _state(actor, school: School, month: date, person_id, periods: int | None, row) -> None:
    if periods is None:
        db.session.delete(row)
    elif row is None:
        db.session.add(
            HomePeriods(
                district_id=school.district_id,
                person_id=person_id,
                school_id=school.id,
                month=first_of(month),
                periods=periods,
                stated_by_id=actor.person_id,
            )
        )
    else:
        row.periods, row.stated_by_id = periods, actor.person_id


def _tell(actor, row: VisitingMonth, kind: str, now) -> None:
    """The other school's principal; when it is closed, both."""
    schools = {"month_checked": [row.home_school_id], "month_returned": [row.school_id]}
    told = schools.get(kind, [row.school_id, row.home_school_id])
    principals = clusters.principals_of(row.district_id, told, local_day(now))
    for school_id, principal in principals.items():
        notices.tell(
            [principal.id],
            kind,
            district_id=row.district_id,
            link=f"/visiting/schools/{school_id}/months?month={month_code(row.month)}",
            now=now,
            besides=actor.person_id,
            what=f"{row.home_school.name}—{row.school.name} {month_code(row.month)}",
            **({"who": actor.name} if kind == "month_checked" else {}),
        )
