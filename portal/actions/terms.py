"""The district's calendar: terms, and the days that differ from their weekday."""

from datetime import date, timedelta

from chinese_calendar import constants as official

from portal.actions import audit
from portal.actions.clusters import hold_structure
from portal.actions.errors import Refused
from portal.actions.steps import expect_version
from portal.domain import calendar
from portal.domain.words import N_
from portal.extensions import db
from portal.models import CalendarDay, District, Term
from portal.queries import clusters, terms


def edit_district(actor, district: District, *, expected, name: str, bureau_name: str) -> None:
    """Change the names of the district and of its bureau, as they stand on documents."""
    expect_version(district, expected)
    changes = audit.changes_of(district, {"name": name, "bureau_name": bureau_name})
    if "name" in changes:
        changes["title"] = changes.pop("name")
    if changes:
        audit.record(actor, "district.edit", district, changes, district_id=district.id)


def create(actor, *, code: str, first_day: date, last_day: date, week_one_monday: date) -> Term:
    """Add a term to the district's calendar."""
    hold_structure(actor.district_id)
    facts = {
        "code": code,
        "first_day": first_day,
        "last_day": last_day,
        "week_one_monday": week_one_monday,
    }
    _check(actor.district_id, **facts)
    term = Term(district_id=actor.district_id, **facts)
    db.session.add(term)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "term.create", term, {name: (None, value) for name, value in facts.items()})
    return term


def edit(actor, term: Term, *, expected, first_day: date, last_day: date, week_one_monday: date) -> None:
    """Change the days of a term. Its code stays: records belong to it."""
    hold_structure(term.district_id)
    expect_version(term, expected)
    facts = {"first_day": first_day, "last_day": last_day, "week_one_monday": week_one_monday}
    _check(term.district_id, code=term.code, besides=term.id, **facts)
    changes = audit.changes_of(term, facts)
    if changes:
        audit.record(actor, "term.edit", term, changes)


def add_day(actor, *, day: date, kind: str, follows_weekday: int | None, note: str) -> CalendarDay:
    """Register a holiday, a day off here, or a swapped workday."""
    hold_structure(actor.district_id)
    _refuse_taken(actor.district_id, day)
    row = CalendarDay(
        district_id=actor.district_id,
        day=day,
        kind=kind,
        follows_weekday=follows_weekday if kind == "swapped" else None,
        note=note,
        source="local",
    )
    db.session.add(row)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "day.create", row, {"day": (None, day), "day_kind": (None, kind)})
    return row


def edit_day(
    actor, row: CalendarDay, *, expected, day: date, kind: str, follows_weekday: int | None, note: str
) -> None:
    """Change an unusual day. It is the district's own from then on."""
    hold_structure(row.district_id)
    expect_version(row, expected)
    if day != row.day:
        _refuse_taken(row.district_id, day)
    follows = follows_weekday if kind == "swapped" else None
    changes = audit.changes_of(row, {"day": day, "kind": kind, "follows_weekday": follows, "note": note})
    if "kind" in changes:
        changes["day_kind"] = changes.pop("kind")
    if changes:
        row.source = "local"
        audit.record(actor, "day.edit", row, changes)


def delete_day(actor, row: CalendarDay, *, expected) -> None:
    """Let a day be an ordinary day again."""
    hold_structure(row.district_id)
    expect_version(row, expected)
    audit.record(actor, "day.delete", row, {"day": (row.day, None), "day_kind": (row.kind, None)})
    db.session.delete(row)


def is_published(year: int) -> bool:
    """Whether the official holidays of that year are known here."""
    return date(year, 10, 1) in official.holidays  # the list of a year always has the National Day


def import_year(actor, year: int) -> tuple[int, int]:
    """Take over the official holidays and swapped workdays of a year: (days added, days kept as they were).

    Which weekday a swapped workday follows is each district's decision, so it stays open. A year that is
    not published is refused; nothing is ever guessed.
    """
    if not is_published(year):
        raise Refused(N_("%(year)s年的放假安排未公布，什么都没有导入"), field="year", year=year)
    hold_structure(actor.district_id)
    there = {row.day for row in terms.days_of_year(actor.district_id, year)}
    days = [
        *((day, "holiday", name) for day, name in official.holidays.items() if day.year == year),
        *((day, "swapped", name) for day, name in official.workdays.items() if day.year == year),
    ]
    added = 0
    for day, kind, name in sorted(days):
        if day in there:
            continue
        db.session.add(
            CalendarDay(
                district_id=actor.district_id,
                day=day,
                kind=kind,
                note=official.Holiday(name).chinese,
                source="national",
            )
        )
        added += 1
    if added:
        district = clusters.district(actor.district_id)
        changes = {"year": (None, year), "added": (None, added)}
        audit.record(actor, "day.import_year", district, changes, district_id=district.id)
    return added, len(days) - added


def _refuse_taken(district_id, day: date) -> None:
    if terms.unusual_days(district_id, day, day):
        raise Refused(N_("这一天已经登记过"), field="day")


def _check(district_id, *, code, first_day, last_day, week_one_monday, besides=None) -> None:
    try:
        calendar.parse_term_code(code)
    except ValueError:
        raise Refused(N_("学期代码要像 2025-2026-1"), field="code") from None
    if last_day <= first_day:
        raise Refused(N_("最后一天要在第一天之后"), field="last_day")
    if last_day - first_day > timedelta(days=300):
        raise Refused(N_("一个学期不会超过 300 天，请核对日期"), field="last_day")
    if week_one_monday.isoweekday() != 1:
        raise Refused(
            N_("第一周要从周一算起，%(day)s 不是周一"),
            field="week_one_monday",
            day=week_one_monday.isoformat(),
        )
    if not -6 <= (week_one_monday - first_day).days <= 7:
        raise Refused(N_("第一周的周一要在第一天那一周或下一周"), field="week_one_monday")
    same = terms.by_code(district_id, code)
    if same and same.id != besides:
        raise Refused(N_("这个学期已经有了"), field="code")
    other = terms.overlapping(district_id, first_day, last_day, besides)
    if other:
        raise Refused(N_("和 %(code)s 的日期重叠"), field="first_day", code=other.code)
