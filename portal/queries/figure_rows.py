"""The records behind a figure, as rows to list: each with its link where the reader may open it.

Names of people stand in a row only where the reader may see the record. Logs are never listed: a school's
numbers are all that anybody learns here (G10), but for typical cases, to which their writers agreed.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.domain.access import Actor, can
from portal.domain.figure_definitions import DEFINITIONS
from portal.domain.figures import Figure
from portal.domain.words import N_, message
from portal.extensions import db
from portal.models import (
    Activity,
    Employment,
    Inspection,
    LedgerEntry,
    Meeting,
    MentoringPair,
    Person,
    Posting,
    Problem,
    Reflection,
    School,
    SchoolPairing,
    Secondment,
    VisitingLesson,
    VisitingSession,
    WorkRecord,
)
from portal.queries import figure_cells, figure_secondments, typical_cases
from portal.queries.activities import participant_counts
from portal.queries.clusters import staff_counts

PAGE = 100


@dataclass(frozen=True)
class Row:
    """One record: its cells (text, numbers, days, or messages to translate) and where it is found."""

    cells: tuple
    endpoint: str = ""
    target: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Rows:
    """The records behind a figure: column words, one page of rows, how many there are and how many are gone."""

    columns: tuple[str, ...]
    rows: list[Row]
    total: int
    gone: int = 0


def rows_of(
    actor: Actor, key: str, figure: Figure, *, first: int = 0, size: int | None = PAGE
) -> Rows | None:
    """The records behind a figure from number ``first`` on; None for a figure without records.

    ``size`` None gives all of them (for export).
    """
    kind = DEFINITIONS[key].rows
    ids = [each if isinstance(each, uuid.UUID) else uuid.UUID(each) for each in figure.rows]
    if key == "logs_selected":
        return _cases(actor, ids)
    if kind == "reflection":
        return _reflections(actor, ids)
    if kind == "pair":
        return _pairs(actor, ids)
    listing = _LISTINGS.get(kind)
    if listing is None:
        return None
    found = select(listing.model).where(
        listing.model.district_id == actor.district_id, listing.model.id.in_(ids)
    )
    known = db.session.scalar(select(func.count()).select_from(found.subquery()))
    page = db.session.scalars(
        found.options(*listing.load()).order_by(*listing.order()).offset(first).limit(size)
    ).all()
    more = listing.more(actor, page) if listing.more else {}
    return Rows(
        listing.columns,
        [_row(actor, listing, record, more) for record in page],
        known,
        len(set(ids)) - known,
    )


@dataclass(frozen=True)
class _Listing:
    """How records of one kind are listed."""

    model: type
    columns: tuple[str, ...]
    permission: str
    endpoint: str
    argument: str
    order: Callable
    load: Callable
    cells: Callable
    more: Callable | None = None
    # Where the row leads, when that is not the record itself: (record, more) -> (endpoint, target) or None.
    leads: Callable | None = None


def _row(actor: Actor, listing: _Listing, record, more: dict) -> Row:
    seen = can(actor, listing.permission, record)
    cells = listing.cells(record, seen, more)
    if listing.leads:
        return Row(cells, *(listing.leads(record, more) or ()))
    return Row(cells, listing.endpoint, {listing.argument: record.id}) if seen else Row(cells)


def _pairs_shown(actor: Actor, records) -> dict:
    """Record -> whether the reader may open its pair; what was written in it is another matter."""
    return {
        record.id: can(actor, "pairing.view", record.school_pairing)
        if record.school_pairing_id
        else can(actor, "mentoring.view", record.mentoring_pair)
        for record in records
    }


def _pair_of(record, shown: dict):
    if not shown[record.id]:
        return None
    if record.school_pairing_id:
        return "pairing.school_pair", {"pairing_id": record.school_pairing_id}
    return "pairing.pair", {"pair_id": record.mentoring_pair_id}


def _home_names(actor: Actor, people) -> dict:
    rows = db.session.execute(
        select(Employment.person_id, School.name)
        .join(School, and_(School.district_id == Employment.district_id, School.id == Employment.school_id))
        .where(
            Employment.district_id == actor.district_id,
            Employment.person_id.in_([person.id for person in people]),
            Employment.ends_on.is_(None),
        )
    )
    return {person_id: name for person_id, name in rows}


_PAIR_LOAD = (joinedload(MentoringPair.mentor), joinedload(MentoringPair.mentee))
_LISTINGS = {
    "school": _Listing(
        School,
        (N_("学校"), N_("城乡"), N_("现在教职工（人）")),
        "school.view",
        "clusters.school",
        "school_id",
        lambda: (School.name, School.id),
        lambda: (selectinload(School.memberships),),
        figure_cells.school_cells,
        lambda actor, page: staff_counts(actor.district_id, [school.id for school in page]),
    ),
    "meeting": _Listing(
        Meeting,
        (N_("日期"), N_("会议名称"), N_("会议类别"), N_("状态")),
        "meeting.view",
        "plans.meeting",
        "meeting_id",
        lambda: (Meeting.starts_at, Meeting.id),
        lambda: (),
        figure_cells.meeting_cells,
    ),
    "ledger": _Listing(
        LedgerEntry,
        (N_("日期"), N_("台账"), N_("名称"), N_("学校")),
        "ledger.view",
        "ledgers.entry",
        "ledger_id",
        lambda: (LedgerEntry.held_on, LedgerEntry.id),
        lambda: (joinedload(LedgerEntry.school),),
        figure_cells.ledger_cells,
    ),
    "inspection": _Listing(
        Inspection,
        (N_("日期"), N_("督导主题"), N_("学校")),
        "inspection.view",
        "supervision.inspection",
        "inspection_id",
        lambda: (Inspection.held_on, Inspection.id),
        lambda: (joinedload(Inspection.school),),
        figure_cells.inspection_cells,
    ),
    "problem": _Listing(
        Problem,
        (N_("发现日期"), N_("类别"), N_("问题"), N_("学校"), N_("状态")),
        "problem.view",
        "supervision.problem",
        "problem_id",
        lambda: (Problem.found_on, Problem.id),
        lambda: (joinedload(Problem.school),),
        figure_cells.problem_cells,
    ),
    "activity": _Listing(
        Activity,
        (N_("日期"), N_("主题"), N_("类别"), N_("承办学校"), N_("参加（人次）")),
        "activity.view",
        "plans.activity",
        "activity_id",
        lambda: (Activity.starts_at, Activity.id),
        lambda: (joinedload(Activity.host_school),),
        figure_cells.activity_cells,
        lambda actor, page: participant_counts(actor.district_id, [row.id for row in page]),
    ),
    "posting": _Listing(
        Posting,
        (N_("到岗日期"), N_("姓名"), N_("从"), N_("到"), N_("形式"), N_("状态")),
        "posting.view",
        "exchange.posting",
        "posting_id",
        lambda: (Posting.starts_on, Posting.id),
        lambda: (
            joinedload(Posting.person),
            joinedload(Posting.home_school),
            joinedload(Posting.host_school),
        ),
        figure_cells.posting_cells,
    ),
    "session": _Listing(
        VisitingSession,
        (N_("日期"), N_("姓名"), N_("学校"), N_("班级"), N_("学科"), N_("状态")),
        "session.view",
        "visiting.session",
        "session_id",
        lambda: (VisitingSession.held_on, VisitingSession.starts, VisitingSession.id),
        lambda: (
            joinedload(VisitingSession.person),
            joinedload(VisitingSession.school),
            joinedload(VisitingSession.lesson).load_only(
                VisitingLesson.subject, VisitingLesson.home_school_id
            ),
        ),
        figure_cells.session_cells,
    ),
    "school_pair": _Listing(
        SchoolPairing,
        (N_("支援学校"), N_("受援学校"), N_("开始日期"), N_("结束日期"), N_("状态")),
        "pairing.view",
        "pairing.school_pair",
        "pairing_id",
        lambda: (SchoolPairing.starts_on, SchoolPairing.id),
        lambda: (joinedload(SchoolPairing.donor), joinedload(SchoolPairing.beneficiary)),
        figure_cells.pairing_cells,
    ),
    "mentoring_pair": _Listing(
        MentoringPair,
        (N_("导师"), N_("徒弟"), N_("徒弟学校"), N_("学科"), N_("状态")),
        "mentoring.view",
        "pairing.pair",
        "pair_id",
        lambda: (MentoringPair.starts_on, MentoringPair.id),
        lambda: (*_PAIR_LOAD, joinedload(MentoringPair.mentee_school)),
        figure_cells.mentoring_cells,
    ),
    "record": _Listing(
        WorkRecord,
        (N_("日期"), N_("类别"), N_("结对"), N_("记录人")),
        "record.view",
        "",
        "",
        lambda: (WorkRecord.happened_on, WorkRecord.id),
        lambda: (
            joinedload(WorkRecord.person),
            joinedload(WorkRecord.mentoring_pair).options(*_PAIR_LOAD),
            joinedload(WorkRecord.school_pairing).options(
                joinedload(SchoolPairing.donor), joinedload(SchoolPairing.beneficiary)
            ),
        ),
        figure_cells.record_cells,
        _pairs_shown,
        _pair_of,
    ),
    "secondment": _Listing(
        Secondment,
        (N_("到岗日期"), N_("姓名"), N_("派出学校"), N_("接收单位"), N_("结束日期"), N_("状态")),
        "secondment.view",
        "exchange.secondment",
        "secondment_id",
        lambda: (Secondment.arrived_on, Secondment.id),
        lambda: (
            joinedload(Secondment.person),
            joinedload(Secondment.home_school),
            joinedload(Secondment.host_school),
        ),
        figure_cells.secondment_cells,
    ),
    "lesson_heard": _Listing(
        WorkRecord,
        (N_("日期"), N_("姓名"), N_("听课（节）")),
        "record.view",
        "",
        "",
        lambda: (WorkRecord.happened_on, WorkRecord.id),
        lambda: (joinedload(WorkRecord.person),),
        figure_cells.heard_cells,
        figure_secondments.of_records,
        figure_secondments.page_of,
    ),
    "person": _Listing(
        Person,
        (N_("姓名"), N_("学校")),
        "person.view",
        "admin.person",
        "person_id",
        lambda: (Person.pinyin, Person.id),
        lambda: (selectinload(Person.employments),),
        figure_cells.person_cells,
        _home_names,
    ),
}


def _pairs(actor: Actor, ids: list) -> Rows:
    """Pairs of both kinds with the day of their last record, the one that rests longest first."""
    last = {
        pair_id: day
        for column in (WorkRecord.mentoring_pair_id, WorkRecord.school_pairing_id)
        for pair_id, day in db.session.execute(
            select(column, func.max(WorkRecord.happened_on))
            .where(WorkRecord.district_id == actor.district_id, column.in_(ids))
            .group_by(column)
        )
    }
    rows = []
    for model, permission, endpoint, argument, load in (
        (MentoringPair, "mentoring.view", "pairing.pair", "pair_id", _PAIR_LOAD),
        (
            SchoolPairing,
            "pairing.view",
            "pairing.school_pair",
            "pairing_id",
            (joinedload(SchoolPairing.donor), joinedload(SchoolPairing.beneficiary)),
        ),
    ):
        for pair in db.session.scalars(
            select(model).where(model.district_id == actor.district_id, model.id.in_(ids)).options(*load)
        ):
            seen = can(actor, permission, pair)
            if model is MentoringPair:
                name, kind = (
                    figure_cells.pair_name(pair) if seen else message(figure_cells.HIDDEN),
                    message(N_("师徒结对")),
                )
            else:
                name, kind = f"{pair.donor.name}—{pair.beneficiary.name}", message(N_("学校结对"))
            cells = (name, kind, last.get(pair.id))
            rows.append(Row(cells, endpoint, {argument: pair.id}) if seen else Row(cells))
    rows.sort(key=lambda row: (row.cells[2] is not None, row.cells[2], str(row.cells[0])))
    return Rows((N_("结对"), N_("类别"), N_("最近一次记录")), rows, len(rows), len(set(ids)) - len(rows))


def _cases(actor: Actor, ids: list) -> Rows:
    """Typical cases by name, since their writers agreed to be shown; one withdrawn since is gone."""
    found = typical_cases.of_logs(actor, ids)
    rows = [
        Row(
            (case.title, case.person.name, case.reflection.school.name if case.reflection.school else "—"),
            "reflections.case",
            {"case_id": case.id},
        )
        for case in found
    ]
    return Rows((N_("题目"), N_("作者"), N_("学校")), rows, len(rows), len(set(ids)) - len(rows))


def _reflections(actor: Actor, ids: list) -> Rows:
    """Logs as numbers of each school: how many, by how many writers, how many of them shared."""
    found = db.session.execute(
        select(
            School.name,
            func.count(),
            func.count(Reflection.person_id.distinct()),
            func.count().filter(Reflection.visibility == "cluster"),
        )
        .select_from(Reflection)
        .outerjoin(
            School, and_(School.district_id == Reflection.district_id, School.id == Reflection.school_id)
        )
        .where(Reflection.district_id == actor.district_id, Reflection.id.in_(ids))
        .group_by(School.id, School.name)
        .order_by(School.name)
    ).all()
    rows = [Row((name or message(N_("未登记学校")), *counts)) for name, *counts in found]
    columns = (N_("学校"), N_("篇数"), N_("撰写人数"), N_("片区内共享"))
    return Rows(columns, rows, len(rows), len(set(ids)) - sum(row.cells[1] for row in rows))
