"""Summaries that working and subject groups write of a term, as the cluster's summary collects them (S4-57)."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import Cluster, ClusterGroup, GroupSummary, Term
from portal.queries import groups

#: Which groups sum up: those that work, not those that advise or direct.
KINDS = ("working", "subject")


@dataclass(frozen=True)
class Line:
    """A group with its summary of the term, or None while nobody wrote it."""

    group: ClusterGroup
    summary: GroupSummary | None

    @property
    def text(self) -> str:
        """What it says; empty while nobody wrote it."""
        return self.summary.text if self.summary else ""


def of_term(cluster: Cluster, term: Term) -> list[Line]:
    """Each working or subject group of a cluster's term with its summary, and any other that wrote one."""
    rows = db.session.scalars(
        select(GroupSummary)
        .join(ClusterGroup, ClusterGroup.id == GroupSummary.group_id)
        .where(
            ClusterGroup.district_id == cluster.district_id,
            ClusterGroup.cluster_id == cluster.id,
            GroupSummary.district_id == cluster.district_id,
            GroupSummary.term_id == term.id,
        )
        .options(joinedload(GroupSummary.edited_by))
    )
    written = {row.group_id: row for row in rows}
    listed = groups.working_groups(cluster, term.first_day, term.last_day)
    return [
        Line(group, written.get(group.id)) for group in listed if group.kind in KINDS or group.id in written
    ]


def of_group(group: ClusterGroup) -> list[GroupSummary]:
    """What a group wrote of its terms, the latest term first."""
    return list(
        db.session.scalars(
            select(GroupSummary)
            .join(Term, Term.id == GroupSummary.term_id)
            .where(
                GroupSummary.district_id == group.district_id,
                GroupSummary.group_id == group.id,
                GroupSummary.text != "",
                Term.district_id == group.district_id,
            )
            .options(joinedload(GroupSummary.term), joinedload(GroupSummary.edited_by))
            .order_by(Term.first_day.desc())
        )
    )


def of(group: ClusterGroup, term: Term) -> GroupSummary | None:
    """What a group wrote of one term."""
    return db.session.scalar(
        select(GroupSummary).where(
            GroupSummary.district_id == group.district_id,
            GroupSummary.group_id == group.id,
            GroupSummary.term_id == term.id,
        )
    )
