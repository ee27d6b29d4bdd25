"""What waits about term plans and responsibility letters: to write, to set, to agree, to accept, to do."""

from datetime import date, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from portal.domain import schemes
from portal.domain.access import Actor
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, PlanConsent, PlanItem, ResponsibilityLetter, Term, TermPlan
from portal.queries.figures import scheme_of
from portal.queries.terms import current_term

KIND, LETTER, ITEM = N_("学期计划"), N_("目标责任书"), N_("计划事项")
STATES = {
    "drafting": N_("定稿 %(name)s学期计划"),
    "agreed": N_("报送 %(name)s学期计划"),
    "submitted": N_("受理 %(name)s学期计划"),
}
SOON = timedelta(days=14)


def waiting(actor: Actor, today: date):
    """(kind, sentence, endpoint, target, due, words, meta) of everything that waits for this person."""
    term = current_term(actor.district_id, today)
    if term is None:
        return
    yield from _to_write(actor, term)
    yield from _plans(actor)
    yield from _to_agree(actor, term)
    yield from _items(actor, today)
    yield from _letters(actor)


def _due(cluster: Cluster, term: Term) -> date | None:
    return schemes.due_day(scheme_of(cluster.scheme_code), "term_plan", term.value)


def _to_write(actor: Actor, term: Term):
    """The plan of the term, not begun by who leads the cluster."""
    if not actor.leads:
        return
    begun = (
        select(TermPlan.id)
        .where(
            TermPlan.district_id == Cluster.district_id,
            TermPlan.cluster_id == Cluster.id,
            TermPlan.term_id == term.id,
        )
        .exists()
    )
    rows = db.session.scalars(
        select(Cluster).where(
            Cluster.district_id == actor.district_id,
            Cluster.id.in_(actor.leads),
            Cluster.closed_on.is_(None),
            ~begun,
        )
    )
    for cluster in rows:
        target = {"term": term.code}
        words = {"name": cluster.name}
        yield (
            KIND,
            N_("起草 %(name)s学期计划"),
            "plans.term_plan_list",
            target,
            _due(cluster, term),
            words,
            "",
        )


def _plans(actor: Actor):
    """Plans to set or to submit, for who leads; to accept, for the bureau."""
    waits = []
    if actor.leads:
        waits.append(and_(TermPlan.cluster_id.in_(actor.leads), TermPlan.state.in_(("drafting", "agreed"))))
    if "basic_education" in actor.offices:
        waits.append(and_(TermPlan.state == "submitted", TermPlan.cluster_id.not_in(actor.runs)))
    if not waits:
        return
    rows = db.session.scalars(
        select(TermPlan)
        .where(TermPlan.district_id == actor.district_id, or_(*waits))
        .options(joinedload(TermPlan.cluster), joinedload(TermPlan.term))
        .order_by(TermPlan.id)
        .limit(40)
    )
    for plan in rows:
        due = None if plan.submitted_on else _due(plan.cluster, plan.term)
        words = {"name": plan.cluster.name}
        yield KIND, STATES[plan.state], "plans.term_plan", {"term_plan_id": plan.id}, due, words, ""


def _to_agree(actor: Actor, term: Term):
    """Drafts of equal partners to which one's school has not agreed."""
    equal = {key for key in actor.manages if schemes.PROFILES[actor.profiles[key]].plan_needs_all_members}
    if not actor.principal_of or not equal - actor.leads:
        return
    given = (
        select(PlanConsent.id)
        .where(
            PlanConsent.district_id == TermPlan.district_id,
            PlanConsent.plan_id == TermPlan.id,
            PlanConsent.edition == TermPlan.edition,
            PlanConsent.school_id.in_(actor.principal_of),
        )
        .exists()
    )
    rows = db.session.scalars(
        select(TermPlan)
        .where(
            TermPlan.district_id == actor.district_id,
            TermPlan.cluster_id.in_(equal - actor.leads),
            TermPlan.term_id == term.id,
            TermPlan.state == "drafting",
            TermPlan.goals != "",
            ~given,
        )
        .options(joinedload(TermPlan.cluster))
    )
    for plan in rows:
        words, due = {"name": plan.cluster.name}, _due(plan.cluster, term)
        sentence = N_("请贵校同意 %(name)s学期计划")
        yield KIND, sentence, "plans.term_plan", {"term_plan_id": plan.id}, due, words, ""


def _items(actor: Actor, today: date):
    """Items of plans in force that one's school, or oneself, answers for, due soon or late."""
    mine = [PlanItem.person_id == actor.person_id]
    if actor.manages_schools:
        mine.append(PlanItem.school_id.in_(actor.manages_schools))
    rows = db.session.scalars(
        select(PlanItem)
        .join(TermPlan, and_(TermPlan.district_id == PlanItem.district_id, TermPlan.id == PlanItem.plan_id))
        .join(Term, and_(Term.district_id == TermPlan.district_id, Term.id == TermPlan.term_id))
        .where(
            PlanItem.district_id == actor.district_id,
            PlanItem.state == "open",
            PlanItem.counter == "",
            PlanItem.due_on <= today + SOON,
            TermPlan.state != "drafting",
            Term.last_day >= today,
            or_(*mine),
        )
        .options(joinedload(PlanItem.plan).joinedload(TermPlan.cluster))
        .order_by(PlanItem.due_on, PlanItem.id)
        .limit(30)
    )
    for item in rows:
        words = {"text": item.text}
        yield (
            ITEM,
            "%(text)s",
            "plans.plan_item",
            {"plan_item_id": item.id},
            item.due_on,
            words,
            item.plan.cluster.name,
        )


def _letters(actor: Actor):
    """Letters that wait for the principal's signature."""
    if not actor.principal_of:
        return
    rows = db.session.scalars(
        select(ResponsibilityLetter)
        .where(
            ResponsibilityLetter.district_id == actor.district_id,
            ResponsibilityLetter.school_id.in_(actor.principal_of),
            ResponsibilityLetter.state == "drafted",
        )
        .order_by(ResponsibilityLetter.starts_on, ResponsibilityLetter.id)
        .limit(20)
    )
    for letter in rows:
        words = {"title": letter.title}
        yield LETTER, N_("签订 %(title)s"), "clusters.letter", {"letter_id": letter.id}, None, words, ""
