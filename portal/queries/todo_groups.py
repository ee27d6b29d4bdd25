"""What waits for whoever leads a group: its summary of the term, before the term is over (E7, S4-57)."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.domain.groups import HEADS
from portal.domain.words import N_
from portal.extensions import db
from portal.models import ClusterGroup, GroupMember, GroupSummary
from portal.queries.group_summaries import KINDS
from portal.queries.people import open_on
from portal.queries.terms import current_term

SOON = timedelta(days=14)


def waiting(actor: Actor, today: date):
    """(kind, sentence, endpoint, target, due, words, meta) for each group led whose summary nobody wrote."""
    term = current_term(actor.district_id, today)
    if term is None or not term.last_day - SOON <= today <= term.last_day:
        return
    written = (
        select(GroupSummary.id)
        .where(
            GroupSummary.district_id == ClusterGroup.district_id,
            GroupSummary.group_id == ClusterGroup.id,
            GroupSummary.term_id == term.id,
            GroupSummary.text != "",
        )
        .exists()
    )
    led = select(GroupMember.group_id).where(
        GroupMember.district_id == actor.district_id,
        GroupMember.person_id == actor.person_id,
        GroupMember.post.in_(HEADS),
        open_on(GroupMember, today),
    )
    rows = db.session.scalars(
        select(ClusterGroup)
        .where(
            ClusterGroup.district_id == actor.district_id,
            ClusterGroup.id.in_(led),
            ClusterGroup.cluster_id.is_not(None),
            ClusterGroup.kind.in_(KINDS),
            open_on(ClusterGroup, today),
            ~written,
        )
        .options(joinedload(ClusterGroup.cluster))
        .order_by(ClusterGroup.name, ClusterGroup.id)
    )
    for group in rows:
        target, words = {"group_id": group.id, "term": term.code}, {"name": group.name}
        sentence = N_("撰写 %(name)s的学期总结")
        yield (
            N_("小组总结"),
            sentence,
            "clusters.group_summary",
            target,
            term.last_day,
            words,
            group.cluster.name,
        )
