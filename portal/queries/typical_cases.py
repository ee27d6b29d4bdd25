"""Typical cases: those in sight, the open one of a log, and those that a summary lists."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Cluster, Reflection, TermSummary, TypicalCase
from portal.queries.paging import Page, page_of

OPEN = ("proposed", "selected")


def by_id(district_id, case_id) -> TypicalCase | None:
    """One case."""
    return db.session.get(TypicalCase, (district_id, case_id))


def open_case_of(log: Reflection) -> TypicalCase | None:
    """The case of a log that is proposed or selected."""
    return db.session.scalar(
        select(TypicalCase).where(
            TypicalCase.district_id == log.district_id,
            TypicalCase.reflection_id == log.id,
            TypicalCase.state.in_(OPEN),
        )
    )


def open_cases_of(district_id, log_ids) -> dict:
    """Log -> its open case, for a page of logs."""
    rows = db.session.scalars(
        select(TypicalCase).where(
            TypicalCase.district_id == district_id,
            TypicalCase.reflection_id.in_(list(log_ids)),
            TypicalCase.state.in_(OPEN),
        )
    )
    return {row.reflection_id: row for row in rows}


def visible_to(actor: Actor):
    """The cases that ``case.view`` shows this person, as a select."""
    decides = actor.runs | {
        key for key in actor.manages if actor.profiles.get(key) == "equal" and actor.principal_of
    }
    shown = [TypicalCase.person_id == actor.person_id, TypicalCase.cluster_id.in_(decides)]
    known = actor.belongs_to | actor.oversees
    selected = TypicalCase.state == "selected"
    shown.append(selected if actor.offices else and_(selected, TypicalCase.cluster_id.in_(known)))
    return select(TypicalCase).where(TypicalCase.district_id == actor.district_id, or_(*shown))


def case_page(actor: Actor, *, state: str = "", term_id=None, cursor: str | None = None) -> Page:
    """One page of the cases in sight, the newest first, with people and places."""
    found = visible_to(actor).options(
        joinedload(TypicalCase.person),
        joinedload(TypicalCase.cluster),
        joinedload(TypicalCase.term),
        joinedload(TypicalCase.reflection).joinedload(Reflection.school),
    )
    if state:
        found = found.where(TypicalCase.state == state)
    if term_id:
        found = found.where(TypicalCase.term_id == term_id)
    return page_of(found, TypicalCase.created_at, TypicalCase.id, cursor, size=20)


def waiting_for_answer(actor: Actor) -> list[TypicalCase]:
    """Proposals that wait for this person's word."""
    return list(
        db.session.scalars(
            select(TypicalCase)
            .where(
                TypicalCase.district_id == actor.district_id,
                TypicalCase.person_id == actor.person_id,
                TypicalCase.state == "proposed",
            )
            .options(joinedload(TypicalCase.term))
            .order_by(TypicalCase.created_at, TypicalCase.id)
        )
    )


def selected_logs(cluster: Cluster) -> set:
    """The keys of the logs that are typical cases of a cluster."""
    return set(
        db.session.scalars(
            select(TypicalCase.reflection_id).where(
                TypicalCase.district_id == cluster.district_id,
                TypicalCase.cluster_id == cluster.id,
                TypicalCase.state == "selected",
            )
        )
    )


def of_logs(actor: Actor, log_ids) -> list[TypicalCase]:
    """The selected cases of these logs in sight, by title."""
    found = (
        visible_to(actor)
        .where(TypicalCase.reflection_id.in_(list(log_ids)), TypicalCase.state == "selected")
        .options(
            joinedload(TypicalCase.person), joinedload(TypicalCase.reflection).joinedload(Reflection.school)
        )
        .order_by(TypicalCase.title, TypicalCase.id)
    )
    return list(db.session.scalars(found))


def listed(cluster: Cluster, log_ids) -> list[dict]:
    """What a summary prints of the selected cases of these logs: as their writers agreed to it (S0-14)."""
    rows = db.session.scalars(
        select(TypicalCase)
        .where(
            TypicalCase.district_id == cluster.district_id,
            TypicalCase.cluster_id == cluster.id,
            TypicalCase.reflection_id.in_(list(log_ids)),
            TypicalCase.state == "selected",
        )
        .options(
            joinedload(TypicalCase.person), joinedload(TypicalCase.reflection).joinedload(Reflection.school)
        )
        .order_by(TypicalCase.title, TypicalCase.id)
    )
    return [
        {
            "id": str(row.id),
            "title": row.title,
            "author": row.person.name,
            "school": row.reflection.school.name if row.reflection.school else "",
            "extract": row.extract,
        }
        for row in rows
    ]


def summary_of(case: TypicalCase, *, lock: bool = False) -> TermSummary | None:
    """The summary that would print the case; with ``lock`` its signing waits for what is being done."""
    found = select(TermSummary).where(
        TermSummary.district_id == case.district_id,
        TermSummary.cluster_id == case.cluster_id,
        TermSummary.term_id == case.term_id,
    )
    if lock:
        found = found.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(found)


def is_printed(case: TypicalCase, summary: TermSummary | None) -> bool:
    """Whether the signed summary prints the case."""
    if summary is None or summary.state == "drafting" or summary.snapshot is None:
        return False
    return str(case.id) in {each["id"] for each in summary.snapshot.content.get("cases", [])}
