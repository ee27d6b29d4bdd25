"""Timetables from a workbook or a paste: kept sealed for the preview, then written whole or not at all."""

import csv
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select

from portal.actions import audit, limits, school_times, timetable_rows
from portal.actions.errors import Conflict, NotAllowed, Refused
from portal.actions.roster import plain_filename
from portal.actions.steps import expect_version
from portal.actions.visiting_dates import hold
from portal.documents.spreadsheets import read_workbook
from portal.domain.access import can
from portal.domain.sheets import Workbook, WorkbookProblem
from portal.domain.timetable_paste import pasted_sheet
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Term, TimetableImport
from portal.queries import people, schools, terms
from portal.queries.timetable_book_rows import BookPlan, plan_of

ROWS_AT_ONCE = 3_000
WAITING_AT_MOST = 5
LONGEST_PASTE = 400_000


def upload(actor, term: Term, data: bytes, filename: str, *, now: datetime) -> TimetableImport:
    """Keep a workbook for its preview. Refused with the reason when it is none or has too many rows."""
    name = plain_filename(filename)
    _refuse_many(_read(data, name))
    return _keep(actor, term, "file", name, data, now)


def paste(actor, term: Term, text: str, *, now: datetime) -> TimetableImport:
    """Keep pasted rows for their preview. Refused when nothing was pasted, or too much."""
    if not text.strip():
        raise Refused(N_("请先粘贴课表的行"), field="text")
    if len(text) > LONGEST_PASTE:
        raise Refused(N_("粘贴的内容太多，请上传文件"), field="text")
    try:
        sheet, _before = pasted_sheet(text)
    except csv.Error as fault:
        raise Refused(N_("粘贴的内容里有一格太长，请检查引号有没有成对"), field="text") from fault
    _refuse_many(Workbook("", "paste", (sheet,)), field="text")
    return _keep(actor, term, "paste", "", text.encode(), now)


def preview(actor, made: TimetableImport, today: date) -> BookPlan:
    """What the import would write now. Ends the running transaction first: parsing takes its time."""
    _own(actor, made)
    workbook, before = _workbook(made)
    return plan_of(actor, workbook, _term(made, today), today, before=before)


def confirm(actor, made: TimetableImport, *, expected, digest: str, now: datetime, today: date) -> None:
    """Write what the preview showed, all of it. Conflict when that is no longer what would be written.

    Refused while anything stands against a row.
    """
    _own(actor, made)
    workbook, before = _workbook(made)
    expect_version(made, expected)
    if made.state != "previewed":
        raise Conflict(made)
    term = _term(made, today)
    _hold(plan_of(actor, workbook, term, today, before=before), actor.district_id)
    # Under the locks once more: what another scheduler has written meanwhile counts.
    plan = plan_of(actor, workbook, term, today, before=before)
    if plan.problems:
        raise Refused(N_("还有问题没有解决，什么都没有写入"))
    if plan.digest != digest:
        raise Conflict(made)
    made.outcome = _write(actor, plan, term, today, now)
    made.state, made.content, made.applied_at = "applied", None, now
    audit.record(actor, "timetable_import.import", made, {"count": (None, made.outcome["lessons"])})


def cancel(actor, made: TimetableImport, *, expected) -> None:
    """Give an import up; what was uploaded goes."""
    _own(actor, made)
    expect_version(made, expected)
    if made.state != "previewed":
        raise Conflict(made)
    made.state, made.content = "cancelled", None


def _write(actor, plan: BookPlan, term: Term, today: date, now: datetime) -> dict:
    for school, times in plan.bells.items():
        school_times.set_bells(actor, school, times, now=now)
    for (origin_id, target_id), minutes in plan.ways.items():
        here = schools.by_id(actor.district_id, origin_id)
        if can(actor, "school.edit", here):
            school_times.set_ways(actor, here, {target_id: minutes}, {})
        else:
            there = schools.by_id(actor.district_id, target_id)
            school_times.set_ways(actor, there, {}, {origin_id: minutes})
    for person_id, values in plan.limits.items():
        person = people.person_by_id(actor.district_id, person_id)
        limits.set_limits(actor, person, term, values, expected=None)
    dates = timetable_rows.write(actor, plan.rows, plan.hours, term, from_day=today, now=now)
    return {
        "lessons": len(plan.rows),
        "dates": dates,
        "hours": len(plan.hours),
        "known": plan.known,
        "limits": len(plan.limits),
        "bells": len(plan.bells),
        "ways": len(plan.ways),
    }


def _hold(plan: BookPlan, district_id) -> None:
    at = {row.idea.school_id for row in plan.rows} | {hour.school_id for hour in plan.hours}
    at |= {school.id for school in plan.bells}
    who = {row.idea.person_id for row in plan.rows} | {h.person_id for h in plan.hours if h.person_id}
    hold(district_id, at, who | set(plan.limits))


def _own(actor, made: TimetableImport) -> None:
    if not can(actor, "timetable.import") or not can(actor, "timetable_import.view", made):
        raise NotAllowed("timetable.import")


def _term(made: TimetableImport, today: date) -> Term:
    term = terms.by_id(made.district_id, made.term_id)
    if term.last_day < today:
        raise Refused(N_("这个学期已经结束"))
    return term


def _keep(actor, term: Term, source: str, filename: str, content: bytes, now: datetime) -> TimetableImport:
    waiting = db.session.scalars(
        select(TimetableImport)
        .where(
            TimetableImport.district_id == actor.district_id,
            TimetableImport.person_id == actor.person_id,
            TimetableImport.state == "previewed",
        )
        .order_by(TimetableImport.created_at.desc())
        .offset(WAITING_AT_MOST - 1)
    )
    for old in waiting:
        old.state, old.content = "cancelled", None
    made = TimetableImport(
        district_id=actor.district_id,
        person_id=actor.person_id,
        term_id=term.id,
        source=source,
        filename=filename,
        content=content,
        created_at=now,
    )
    db.session.add(made)
    db.session.flush()  # the answer leads to it by its key
    return made


def _workbook(made: TimetableImport) -> tuple[Workbook, int]:
    """The sheets of an import, and how many rows stand before the first pasted one."""
    content, filename = made.content, made.filename
    if content is None:
        raise Conflict(made)
    if made.source == "paste":
        sheet, before = pasted_sheet(content.decode())
        return Workbook("", "paste", (sheet,)), before
    db.session.rollback()
    return _read(content, filename), 0


def _read(data: bytes, filename: str) -> Workbook:
    try:
        found = read_workbook(data, filename)
    except WorkbookProblem as problem:
        raise Refused(problem.reason.template, field="file", **dict(problem.reason.params)) from problem
    # A text file has one sheet under its own name: it is sheet 课表.
    if found.kind == "csv":
        return replace(found, sheets=tuple(replace(sheet, name="课表") for sheet in found.sheets))
    return found


def _refuse_many(workbook: Workbook, field: str = "file") -> None:
    longest = max((len(sheet.rows) for sheet in workbook.sheets), default=0)
    if longest > ROWS_AT_ONCE:
        raise Refused(
            N_("一次最多 %(limit)s 行，这里有 %(count)s 行：请按学校分开"),
            field=field,
            limit=ROWS_AT_ONCE,
            count=longest,
        )
