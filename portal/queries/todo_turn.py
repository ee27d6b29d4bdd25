"""What waits at the turn of a term: what was under way and nobody has confirmed, closed or carried over."""

from datetime import date, timedelta

from sqlalchemy import func, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.domain import term_turn
from portal.domain.access import Actor
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, ClusterGroup, DutyTurn, MentoringPair, SchoolPairing, Term, TermTurnMark
from portal.queries.terms import all_terms

KIND = N_("学期交接")
TO_SETTLE = N_("办理 %(name)s学期交接，还有 %(count)s 项")
TO_FOLLOW = N_("督促 %(name)s办理学期交接，还有 %(count)s 项")
#: How long before the old term is over the turn is announced.
SOON = timedelta(days=14)


def waiting(actor: Actor, today: date):
    """(kind, sentence, endpoint, target, due, words): a line for each cluster whose turn waits for this person.

    Whoever may settle lines of it is asked to; the liaison of a convened cluster is told what is left there.
    The turn has no day of its own in any scheme, so nothing is late.
    """
    followed = frozenset(key for key in actor.liaison_of if actor.profiles.get(key) == "convenor")
    clusters = actor.manages | followed
    if not clusters:
        return
    turn = term_turn.nearest(all_terms(actor.district_id), today)
    if turn is None or today < turn[0].last_day - SOON:
        return
    for cluster, count in _open_lines(actor, clusters, followed - actor.manages, *turn, today):
        settles = cluster.id in actor.manages
        target = {"cluster_id": cluster.id, "term": turn[1].code}
        words = {"name": cluster.name, "count": count}
        yield KIND, TO_SETTLE if settles else TO_FOLLOW, "clusters.turn", target, None, words


def _open_lines(actor: Actor, clusters, followed, before: Term, term: Term, today: date):
    """(cluster, how many lines this person may settle, or follows), by name. One query."""
    equal = {key for key in actor.manages if actor.profiles.get(key) == "equal"}
    whole, own = actor.decides | followed, actor.manages_schools
    lines = union_all(
        _lines("pairing", SchoolPairing, term, today).where(
            or_(
                SchoolPairing.cluster_id.in_(whole),
                SchoolPairing.donor_id.in_(own),
                SchoolPairing.beneficiary_id.in_(own),
            )
        ),
        _lines("pair", MentoringPair, term, today).where(
            or_(
                MentoringPair.cluster_id.in_(whole),
                MentoringPair.mentor_id == actor.person_id,
                MentoringPair.mentee_id == actor.person_id,
            )
        ),
        _lines("group", ClusterGroup, term, today).where(ClusterGroup.cluster_id.in_(whole | equal)),
        _duties(before, term).where(DutyTurn.cluster_id.in_(whole | equal)),
    ).subquery()
    counts = select(lines.c.cluster_id, func.count().label("count")).group_by(lines.c.cluster_id).subquery()
    return db.session.execute(
        select(Cluster, counts.c.count)
        .join(counts, counts.c.cluster_id == Cluster.id)
        .where(
            Cluster.district_id == actor.district_id, Cluster.id.in_(clusters), Cluster.closed_on.is_(None)
        )
        .order_by(Cluster.name)
    ).all()


def _lines(kind: str, model, term: Term, today: date):
    """What was under way when the term began and goes on or is over, and carries no mark."""
    settled = (
        select(TermTurnMark.id)
        .where(
            TermTurnMark.district_id == model.district_id,
            TermTurnMark.cluster_id == model.cluster_id,
            TermTurnMark.term_id == term.id,
            TermTurnMark.kind == kind,
            TermTurnMark.subject_id == model.id,
        )
        .exists()
    )
    is_under_way = or_(model.ends_on.is_(None), model.ends_on >= today)
    if kind != "group":
        is_under_way = model.state == "active"
    return select(model.district_id, model.cluster_id).where(
        model.district_id == term.district_id,
        model.starts_on < term.first_day,
        is_under_way,
        or_(model.ends_on.is_(None), model.ends_on >= term.first_day, model.ends_on < today),
        ~settled,
    )


def _duties(before: Term, term: Term):
    """The duty table of the old term where the new one has none: one line a cluster."""
    new = aliased(DutyTurn)
    begun = (
        select(new.id)
        .where(
            new.district_id == DutyTurn.district_id,
            new.cluster_id == DutyTurn.cluster_id,
            new.starts_on <= term.last_day,
            new.ends_on >= term.first_day,
        )
        .exists()
    )
    return (
        select(DutyTurn.district_id, DutyTurn.cluster_id)
        .where(
            DutyTurn.district_id == term.district_id,
            DutyTurn.starts_on <= before.last_day,
            DutyTurn.ends_on >= before.first_day,
            ~begun,
        )
        .distinct()
    )
