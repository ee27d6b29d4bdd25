"""A group writes its summary of a term; while the cluster's is still written, its consents go with the change."""

from portal.actions import audit, summaries
from portal.actions.errors import Refused
from portal.actions.steps import expect_version
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, ClusterGroup, GroupSummary, Term
from portal.queries import group_summaries
from portal.queries import summaries as summary_queries


def write(actor, group: ClusterGroup, term: Term, text: str, *, expected, now) -> GroupSummary:
    """Write what a group did in a term. Conflict for a stale form.

    Refused before the term began, for a term in which the group was not there, and for a group of no cluster.
    A summary of the cluster that is signed already keeps the words that it was signed with.
    """
    if group.cluster_id is None:
        raise Refused(N_("这个小组不在片区里"))
    if local_day(now) < term.first_day:
        raise Refused(N_("学期还没有开始"))
    if group.starts_on > term.last_day or (group.ends_on and group.ends_on < term.first_day):
        raise Refused(N_("这个学期里小组还没有成立或已经结束"))
    # In line with others who write it, agree to the cluster's summary, or sign it at this moment.
    cluster = db.session.get(Cluster, (group.district_id, group.cluster_id), with_for_update=True)
    collected = summary_queries.of_cluster(cluster, term)
    if collected is not None:
        summaries.hold(collected)
    row = group_summaries.of(group, term)
    if row is None:
        row = GroupSummary(district_id=group.district_id, group_id=group.id, term_id=term.id)
        db.session.add(row)
    else:
        expect_version(row, expected)
    old = row.text or ""
    if old == text:
        return row
    row.text, row.edited_by_id = text, actor.person_id
    said = {"term": (None, term.code), "text": (old, text)}
    audit.record(actor, "cluster_group.summary", group, said)
    if collected is not None and collected.state == "drafting":
        summaries.let_consents_lapse(actor, collected)
    return row
