"""Small ledgers: who sees which entries, the list of a term, and what it comes to."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.ledgers import Entry, Totals, totals
from portal.extensions import db
from portal.models import Cluster, LedgerEntry, School, Term
from portal.queries import clusters
from portal.queries.paging import Page, page_of
from portal.queries.people import escaped


def by_id(district_id, entry_id) -> LedgerEntry | None:
    """One entry; a removed one too, since it can be put back."""
    return db.session.get(LedgerEntry, (district_id, entry_id))


def visible_to(actor: Actor):
    """The entries that ``ledger.view`` shows this person, as a select; removed ones left out."""
    found = select(LedgerEntry).where(
        LedgerEntry.district_id == actor.district_id, LedgerEntry.removed_at.is_(None)
    )
    return found if actor.offices else found.where(LedgerEntry.cluster_id.in_(actor.oversees))


def matching(actor: Actor, term: Term, *, kind: str = "", cluster_id=None, school_id=None, words: str = ""):
    """The entries of a term in sight that fit the filters."""
    found = visible_to(actor).where(LedgerEntry.term_id == term.id)
    for column, value in (
        (LedgerEntry.kind, kind),
        (LedgerEntry.cluster_id, cluster_id),
        (LedgerEntry.school_id, school_id),
    ):
        if value:
            found = found.where(column == value)
    if words:
        found = found.where(LedgerEntry.title.ilike(f"%{escaped(words)}%", escape="\\"))
    return found


def entry_page(actor: Actor, term: Term, cursor: str | None = None, **filters) -> Page:
    """One page of what fits, the newest day first."""
    found = matching(actor, term, **filters).options(
        joinedload(LedgerEntry.school), joinedload(LedgerEntry.cluster)
    )
    return page_of(found, LedgerEntry.held_on, LedgerEntry.id, cursor)


def all_matching(actor: Actor, term: Term, **filters) -> list[LedgerEntry]:
    """Everything that fits by kind and day, at most as much as a workbook is good for."""
    found = matching(actor, term, **filters).options(
        joinedload(LedgerEntry.school), joinedload(LedgerEntry.cluster), joinedload(LedgerEntry.created_by)
    )
    ordered = found.order_by(LedgerEntry.kind, LedgerEntry.held_on, LedgerEntry.id).limit(5_000)
    return list(db.session.scalars(ordered))


def term_totals(actor: Actor, term: Term, **filters) -> dict[str, Totals]:
    """Kind -> what the entries that fit come to."""
    names = ("kind", "days", "persons", "person_times", "flow", "cents")
    rows = matching(actor, term, **filters).with_only_columns(*(getattr(LedgerEntry, n) for n in names))
    return totals(Entry(*row) for row in db.session.execute(rows))


def schools_to_write_for(actor: Actor, cluster: Cluster, day, *, for_all: bool) -> list[School]:
    """The members of a cluster for which the person may write: the own ones, or ``for_all``, every one."""
    members = [m.school for m in clusters.members_on(cluster, day)]
    return [school for school in members if for_all or school.id in actor.manages_schools]
