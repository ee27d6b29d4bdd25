"""Term plans: those in sight, their items with progress, their parts, and the content as it stands."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import labels
from portal.domain import schemes, term_plans
from portal.domain.access import Actor
from portal.domain.calendar import term_title
from portal.domain.figures import DEFINITIONS, Figure
from portal.domain.moments import local_day
from portal.domain.summary_content import issuer_of
from portal.extensions import db
from portal.models import (
    Cluster,
    ClusterGroup,
    Meeting,
    PlanConsent,
    PlanEdition,
    PlanItem,
    PlanPart,
    Term,
    TermPlan,
)
from portal.queries import clusters, consents, groups, people
from portal.queries.figures import scheme_of, term_figures

FORMAT = 1


def by_id(district_id, plan_id) -> TermPlan | None:
    """One plan."""
    return db.session.get(TermPlan, (district_id, plan_id))


def item_by_id(district_id, item_id) -> PlanItem | None:
    """One item of a plan."""
    return db.session.get(PlanItem, (district_id, item_id))


def visible_to(actor: Actor):
    """The plans that ``term_plan.view`` shows this person, as a select."""
    found = select(TermPlan).where(TermPlan.district_id == actor.district_id)
    if actor.offices:
        return found
    return found.where(TermPlan.cluster_id.in_(actor.belongs_to | actor.oversees))


def of_cluster(cluster: Cluster, term: Term) -> TermPlan | None:
    """The plan of a cluster and term, if it was begun."""
    return db.session.scalar(
        select(TermPlan).where(
            TermPlan.district_id == cluster.district_id,
            TermPlan.cluster_id == cluster.id,
            TermPlan.term_id == term.id,
        )
    )


def of_clusters(many: list[Cluster], term: Term) -> dict:
    """Cluster -> its plan of a term or None, in one query."""
    rows = db.session.scalars(
        select(TermPlan).where(
            TermPlan.district_id == term.district_id,
            TermPlan.term_id == term.id,
            TermPlan.cluster_id.in_([cluster.id for cluster in many]),
        )
    )
    return {cluster.id: None for cluster in many} | {row.cluster_id: row for row in rows}


def due_on(cluster: Cluster, term: Term) -> date | None:
    """The day on which the plan is due, as the scheme says; None where it sets none (E5)."""
    return schemes.due_day(scheme_of(cluster.scheme_code), "term_plan", term.value)


def items_of(plan: TermPlan) -> list[PlanItem]:
    """The items with who answers for them: by phase, due date and the order in which they were written."""
    rows = db.session.scalars(
        select(PlanItem)
        .where(PlanItem.district_id == plan.district_id, PlanItem.plan_id == plan.id)
        .options(joinedload(PlanItem.school), joinedload(PlanItem.group), joinedload(PlanItem.person))
    )
    return sorted(
        rows,
        key=lambda row: (
            term_plans.PHASES.index(row.phase),
            row.due_on is None,
            row.due_on or date.max,
            row.position,
            row.id,
        ),
    )


@dataclass(frozen=True)
class Part:
    """A group of the cluster with its part of the plan, or None while nobody wrote it."""

    group: ClusterGroup
    part: PlanPart | None


def parts_of(plan: TermPlan) -> list[Part]:
    """Each working or subject group of the term with its part (E7 工作要求1), and any other that wrote one."""
    written = {
        row.group_id: row
        for row in db.session.scalars(
            select(PlanPart)
            .where(PlanPart.district_id == plan.district_id, PlanPart.plan_id == plan.id)
            .options(joinedload(PlanPart.edited_by), joinedload(PlanPart.group))
        )
    }
    listed = groups.working_groups(plan.cluster, plan.term.first_day, plan.term.last_day)
    return [
        Part(group, written.get(group.id))
        for group in listed
        if group.kind in ("working", "subject") or group.id in written
    ]


def part_of(plan: TermPlan, group: ClusterGroup) -> PlanPart | None:
    """What a group wrote in a plan."""
    return db.session.scalar(
        select(PlanPart).where(
            PlanPart.district_id == plan.district_id,
            PlanPart.plan_id == plan.id,
            PlanPart.group_id == group.id,
        )
    )


def meetings_for(plan: TermPlan) -> list[Meeting]:
    """The meetings of the cluster in which the plan may have been discussed, the latest first."""
    return list(
        db.session.scalars(
            select(Meeting)
            .where(
                Meeting.district_id == plan.district_id,
                Meeting.cluster_id == plan.cluster_id,
                Meeting.term_id == plan.term_id,
                Meeting.state != "cancelled",
            )
            .order_by(Meeting.starts_at.desc(), Meeting.id)
            .limit(60)
        )
    )


def consents_of(plan: TermPlan, today: date) -> list[consents.Consent]:
    """The members whose consent the setting waits for; none where the profile asks for none (W5)."""
    if not schemes.PROFILES[plan.cluster.profile].plan_needs_all_members:
        return []
    return consents.of_members(plan, PlanConsent, PlanConsent.plan_id, today)


def receivers(plan: TermPlan, today: date) -> list:
    """The people of 基础教育科, who take plans in, by key."""
    return people.holders_of(plan.district_id, {"basic_education"}, today)


# Progress


@dataclass(frozen=True)
class ItemProgress:
    """An item with how far it is; ``is_scheme`` says that the target is the scheme's, not the plan's own."""

    item: PlanItem
    progress: term_plans.Progress
    is_scheme: bool


def progress_of(plan: TermPlan, today: date) -> list[ItemProgress]:
    """Every item with its progress, counted from the records of the term up to today (W5)."""
    items = items_of(plan)
    figures: dict[str, Figure] = {}
    if any(item.counter for item in items):
        figures = term_figures(plan.cluster, plan.term, min(today, plan.term.last_day)).figures
    found = []
    for item in items:
        target = item.target or scheme_target(plan, item.counter)
        found.append(
            ItemProgress(
                item,
                term_plans.progress(
                    state=item.state,
                    counter=item.counter,
                    target=target,
                    due=item.due_on,
                    actual=term_plans.actual_of(item.counter, figures) if item.counter else None,
                    today=today,
                ),
                item.target is None and target is not None,
            )
        )
    return found


def scheme_target(plan: TermPlan, counter: str) -> int | None:
    """What the scheme asks for under the same counter in a term; None where it sets nothing."""
    key = term_plans.SCHEME_COUNTER.get(counter)
    return schemes.counter_target(scheme_of(plan.cluster.scheme_code), key, plan.term.value) if key else None


def counter_word(counter: str) -> tuple[str, str]:
    """(message id of what is counted, its unit) of a counter."""
    if counter.startswith(term_plans.OF_KIND):
        return labels.ACTIVITY_KIND[counter.removeprefix(term_plans.OF_KIND)], "次"
    definition = DEFINITIONS[counter]
    return definition.label, definition.unit


def counters() -> list[str]:
    """Every counter that an item can be linked to."""
    kinds = [term_plans.OF_KIND + kind for kind in labels.ACTIVITY_KIND if kind != "other"]
    return [*term_plans.FIGURE_COUNTERS, *kinds]


# The content of an edition


def content_of(plan: TermPlan, today: date) -> dict:
    """The content as it stands: frozen once it is set, else the draft."""
    if plan.state != "drafting":
        return edition_of(plan, plan.edition).content
    return draft_content(plan, today)


def edition_of(plan: TermPlan, edition: int) -> PlanEdition | None:
    """One edition that was set."""
    return db.session.scalar(
        select(PlanEdition).where(
            PlanEdition.district_id == plan.district_id,
            PlanEdition.plan_id == plan.id,
            PlanEdition.edition == edition,
        )
    )


def editions_of(plan: TermPlan) -> list[PlanEdition]:
    """The editions that were set, with who set them, newest first."""
    return list(
        db.session.scalars(
            select(PlanEdition)
            .where(PlanEdition.district_id == plan.district_id, PlanEdition.plan_id == plan.id)
            .options(joinedload(PlanEdition.set_by))
            .order_by(PlanEdition.edition.desc())
        )
    )


def draft_content(plan: TermPlan, today: date, *, signatory: str = "", set_on: date | None = None) -> dict:
    """The plan as plain data; with ``set_on`` as setting it freezes it. Official Chinese, JSON values only."""
    cluster, scheme = plan.cluster, scheme_of(plan.cluster.scheme_code)
    lead = clusters.lead_school(cluster, max(min(today, plan.term.last_day), plan.term.first_day))
    due = scheme.due_item("term_plan", plan.term.value)
    return {
        "format": FORMAT,
        "title": f"{cluster.name}{term_title(plan.term.code)}工作计划",
        "cluster": cluster.name,
        "term": plan.term.code,
        "recipient": due.recipients[0] if due and due.recipients else scheme.summary.body,
        "issuer": issuer_of(cluster.name, scheme),
        "lead_school": lead.name if lead else "",
        "edition": plan.edition,
        "is_draft": set_on is None,
        "signatory": signatory,
        "signed_on": set_on.isoformat() if set_on else None,
        "meeting": _meeting(plan.meeting),
        "texts": {key: getattr(plan, key) for key in term_plans.TEXTS},
        "items": [_item(plan, item) for item in items_of(plan) if item.state != "dropped"],
        "parts": [
            {"group": each.group.name, "text": each.part.text}
            for each in parts_of(plan)
            if each.part and each.part.text
        ],
    }


def _meeting(meeting: Meeting | None) -> str:
    if meeting is None:
        return ""
    day = local_day(meeting.starts_at)
    return f"{day.year}年{day.month}月{day.day}日 {meeting.title}"


def _item(plan: TermPlan, item: PlanItem) -> dict:
    counted = ""
    if item.counter:
        label, unit = counter_word(item.counter)
        target = item.target or scheme_target(plan, item.counter)
        counted = f"{label}{target}{unit}" if target else label
    return {
        "key": str(item.id),
        "phase": item.phase,
        "text": item.text,
        "measure": item.measure,
        "criteria": item.criteria,
        "owner": item.owner,
        "due": item.due_on.isoformat() if item.due_on else "",
        "counted": counted,
    }
