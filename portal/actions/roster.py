"""Importing rosters: uploaded and stored sealed, mapped by the user, then confirmed once or given up."""

import hashlib
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath

from sqlalchemy import select

from portal.actions import audit
from portal.actions.clusters import hold_structure
from portal.actions.errors import Conflict, NotAllowed, Refused
from portal.actions.roster_apply import apply
from portal.actions.steps import expect_version
from portal.documents.spreadsheets import read_workbook
from portal.domain.access import Actor, can
from portal.domain.roster import RosterReading, read_roster
from portal.domain.roster_columns import SheetChoice
from portal.domain.roster_fields import IGNORE
from portal.domain.roster_plan import RosterPlan
from portal.domain.roster_problems import as_json
from portal.domain.roster_sheets import KIND
from portal.domain.sheets import Workbook, WorkbookProblem
from portal.domain.words import N_
from portal.extensions import db
from portal.models import RosterImport
from portal.queries.roster import scope_of
from portal.queries.roster_preview import Scope, plan_of

ROWS_AT_ONCE = 3_000
WAITING_AT_MOST = 5
WAITING_AT_LONGEST = timedelta(days=30)
PROBLEMS_KEPT = 2_000


def read_upload(data: bytes, filename: str) -> Workbook:
    """The sheets of an uploaded file. Refused with the reason when it is no such workbook.

    Ends the running transaction first: parsing takes its time, and nobody should wait for it.
    """
    db.session.rollback()
    try:
        return read_workbook(data, filename)
    except WorkbookProblem as found:
        raise Refused(found.reason.template, field="file", **dict(found.reason.params)) from found


def upload(
    actor: Actor, scope: Scope, workbook: Workbook, data: bytes, *, now: datetime, today: date
) -> RosterImport:
    """Keep an uploaded roster for its preview. Refused when it has more rows than a page can take.

    Whoever has several waiting already gives up the oldest; nobody's file waits for more than a month.
    """
    _check_scope(actor, scope)
    _check_rows(read_roster(workbook, today=today, default_school=scope.default_school))
    _give_up_old(actor, now)
    made = RosterImport(
        district_id=scope.district_id,
        person_id=actor.person_id,
        cluster_id=scope.cluster.id if scope.cluster else None,
        school_id=scope.school.id if scope.school else None,
        filename=plain_filename(workbook.filename),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        content=data,
        created_at=now,
    )
    db.session.add(made)
    db.session.flush()  # the answer leads to it by its key
    return made


def plain_filename(name: str) -> str:
    """The last part of a name, for showing: no folders, no control characters, at most 200 characters."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(ch for ch in last if ch.isprintable())[-200:] or "roster.xlsx"


def reading_of(made: RosterImport, today: date, mapping: dict | None = None) -> RosterReading:
    """The roster as its present mapping (or another one) reads it.

    Ends the running transaction first: parsing takes its time, and nobody should wait for it.
    """
    mapping = made.mapping if mapping is None else mapping
    default = mapping.get("default_school") or scope_of(made).default_school
    content, filename = made.content, made.filename
    db.session.rollback()
    workbook = read_workbook(content, filename)
    return read_roster(workbook, today=today, choices=choices_of(mapping), default_school=default)


def preview(actor: Actor, made: RosterImport, today: date) -> RosterPlan:
    """What the import would write now. NotAllowed when the person may no longer load rosters there."""
    scope = scope_of(made)
    _check_scope(actor, scope)
    return _plan(actor, made, scope, reading_of(made, today), today)


def choices_of(mapping: dict) -> dict[str, SheetChoice]:
    """The stored decisions about sheets as the reading takes them."""
    return {
        name: SheetChoice(
            kind=choice.get("kind") or None,
            header_row=choice.get("header_row") or None,
            columns={int(index): key for index, key in choice.get("columns", {}).items()},
        )
        for name, choice in mapping.get("sheets", {}).items()
    }


def map_sheet(
    actor: Actor, made: RosterImport, sheet: str, choice: SheetChoice, *, expected, today: date
) -> None:
    """Decide about one sheet: its kind, header row and columns. Two columns of one meaning are refused."""
    _open(actor, made, expected)
    fields = {field.key for field in KIND[choice.kind].fields} if choice.kind in KIND else None
    columns = {
        str(index): key
        for index, key in choice.columns.items()
        if key == IGNORE or fields is None or key in fields
    }
    chosen = [key for key in columns.values() if key != IGNORE]
    if len(chosen) != len(set(chosen)):
        raise Refused(N_("有两列选了同一个含义，请改其中一列"), field="columns")
    kept = {"kind": choice.kind, "header_row": choice.header_row, "columns": columns}
    sheets = {**made.mapping.get("sheets", {}), sheet: kept}
    _remap(actor, made, {"sheets": sheets}, expected=expected, today=today)


def set_options(
    actor: Actor, made: RosterImport, *, default_school: str, create_schools: bool, expected, today: date
) -> None:
    """The school of sheets that name none, and whether unknown schools become new ones (district only)."""
    _open(actor, made, expected)
    create = create_schools and scope_of(made).is_district and can(actor, "school.create")
    options = {"default_school": default_school[:80], "create_schools": create}
    _remap(actor, made, options, expected=expected, today=today)


def decide(actor: Actor, made: RosterImport, answers: dict[str, str], *, expected, today: date) -> None:
    """Say of rows in question whether they are somebody new ('new') or a move ('move'); '' undoes it."""
    _open(actor, made, expected)
    before = made.mapping.get("people", {})
    kept = {row: answer for row, answer in {**before, **answers}.items() if answer in ("new", "move")}
    _remap(actor, made, {"people": kept}, expected=expected, today=today)


def cancel(actor: Actor, made: RosterImport, *, expected) -> None:
    """Give an import up; its file goes."""
    _open(actor, made, expected)
    made.state, made.content = "cancelled", None


def confirm(
    actor: Actor, made: RosterImport, *, expected, digest: str, now: datetime, today: date
) -> RosterPlan:
    """Carry out what the preview showed, all of it or nothing.

    Conflict when it was confirmed already or the database has changed so that something else would be
    written than what `digest` stands for; Refused when there is nothing to write.
    """
    key = made.district_id, made.id
    _open(actor, made, expected)
    reading = reading_of(made, today)
    # Reading held no lock; from here on imports and changes by hand come one after the other.
    hold_structure(key[0])
    made = db.session.get(RosterImport, key, with_for_update=True, populate_existing=True)
    scope = _open(actor, made, expected)
    plan = _plan(actor, made, scope, reading, today)
    if plan.digest != digest:
        raise Conflict(made)
    if plan.is_empty:
        raise Refused(N_("名册和系统里的一致，没有要写入的内容"))
    done = apply(plan, made.district_id, today)
    finish(actor, made, plan, done, now=now)
    return plan


def finish(actor: Actor | None, made: RosterImport, plan: RosterPlan, done: list, *, now: datetime) -> None:
    """Close the import: what came of it, and the audit trail; the file goes."""
    made.state, made.applied_at, made.content = "applied", now, None
    made.outcome = {
        "counts": plan.counts,
        "problems": [as_json(found) for found in plan.problems[:PROBLEMS_KEPT]],
        "missing": [[each.name, each.school_name] for each in plan.missing[:PROBLEMS_KEPT]],
    }
    counts = {
        name: (None, plan.counts[name])
        for name in ("new", "changed", "moved", "left_out")
        if plan.counts[name]
    }
    audit.record_all(
        actor, made.district_id, [("roster.import", made, {"file": (None, made.filename), **counts}), *done]
    )


def _plan(actor, made: RosterImport, scope: Scope, reading: RosterReading, today: date) -> RosterPlan:
    return plan_of(
        scope,
        reading,
        actor,
        today,
        decisions=made.mapping.get("people", {}),
        create_schools=bool(made.mapping.get("create_schools")),
    )


def _open(actor: Actor, made: RosterImport, expected) -> Scope:
    scope = scope_of(made)
    _check_scope(actor, scope)
    if made.state != "previewed":
        raise Conflict(made)
    expect_version(made, expected)
    return scope


def _remap(actor: Actor, made: RosterImport, changes: dict, *, expected, today: date) -> None:
    mapping = {**made.mapping, **changes}
    _check_rows(reading_of(made, today, mapping))
    made = db.session.get(
        RosterImport, (made.district_id, made.id), with_for_update=True, populate_existing=True
    )
    _open(actor, made, expected)
    made.mapping = mapping


def _check_scope(actor: Actor, scope: Scope) -> None:
    if scope.is_district:
        permission, obj = "roster.into_district", None
    elif scope.cluster:
        permission, obj = "roster.into_cluster", scope.cluster
    else:
        permission, obj = "roster.into_school", scope.school
    if not can(actor, permission, obj):
        raise NotAllowed(permission)


def _check_rows(reading: RosterReading) -> None:
    rows = sum(sheet.rows for sheet in reading.sheets)
    if rows > ROWS_AT_ONCE:
        raise Refused(
            N_("名册有 %(rows)s 行，页面一次最多 %(limit)s 行：请按学校分成几个文件，或请管理员用命令导入"),
            field="file",
            rows=rows,
            limit=ROWS_AT_ONCE,
        )


def _give_up_old(actor: Actor, now: datetime) -> None:
    waiting = select(RosterImport).where(
        RosterImport.district_id == actor.district_id, RosterImport.state == "previewed"
    )
    own = waiting.where(RosterImport.person_id == actor.person_id).order_by(
        RosterImport.created_at.desc(), RosterImport.id.desc()
    )
    old = waiting.where(RosterImport.created_at < now - WAITING_AT_LONGEST)
    for made in [*db.session.scalars(own.offset(WAITING_AT_MOST - 1)), *db.session.scalars(old)]:
        made.state, made.content = "cancelled", None
