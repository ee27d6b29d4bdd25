"""Quality analyses of a cluster's common tests: who sees which, a term's list, what a form can link to."""

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.domain.access import Actor
from portal.domain.quality import DONE, STEPS
from portal.extensions import db
from portal.models import Activity, Cluster, Meeting, Problem, QualityAnalysis, QualityStep, Resource, Term
from portal.queries import activities, meetings, resources, supervision
from portal.queries.activity_work import of_cluster
from portal.queries.paging import Page, page_of
from portal.queries.people import escaped

MOST_LINKED = 100


def by_id(district_id, analysis_id) -> QualityAnalysis | None:
    """One analysis."""
    return db.session.get(QualityAnalysis, (district_id, analysis_id))


def steps_of(analysis: QualityAnalysis) -> dict[str, QualityStep]:
    """Step -> what was written of it, in the order of the steps."""
    rows = db.session.scalars(
        select(QualityStep)
        .where(QualityStep.district_id == analysis.district_id, QualityStep.analysis_id == analysis.id)
        .options(
            joinedload(QualityStep.created_by),
            joinedload(QualityStep.meeting),
            joinedload(QualityStep.activity),
        )
    )
    found = {row.kind: row for row in rows}
    return {step: found[step] for step in STEPS if step in found}


def visible_to(actor: Actor):
    """The analyses that ``quality.view`` shows this person, as a select."""
    found = select(QualityAnalysis).where(QualityAnalysis.district_id == actor.district_id)
    if actor.offices:
        return found
    return found.where(QualityAnalysis.cluster_id.in_(actor.belongs_to | actor.oversees))


def _written(step: str):
    return (
        select(QualityStep.id)
        .where(
            QualityStep.district_id == QualityAnalysis.district_id,
            QualityStep.analysis_id == QualityAnalysis.id,
            QualityStep.kind == step,
        )
        .exists()
    )


def _stands_at(step: str):
    """As ``domain.quality.next_step``: what comes before is written, the step itself is not."""
    number = len(STEPS) if step == DONE else STEPS.index(step)
    before = [_written(each) for each in STEPS[:number]]
    return [*before, *([] if step == DONE else [~_written(step)])]


def matching(
    actor: Actor, term: Term, *, cluster_id=None, subject: str = "", step: str = "", words: str = ""
):
    """The analyses of a term that fit; ``step`` is where they stand."""
    found = visible_to(actor).where(QualityAnalysis.term_id == term.id)
    if cluster_id:
        found = found.where(QualityAnalysis.cluster_id == cluster_id)
    if subject:
        found = found.where(QualityAnalysis.subject == subject)
    if step:
        found = found.where(*_stands_at(step))
    if words:
        like = f"%{escaped(words)}%"
        columns = (QualityAnalysis.title, QualityAnalysis.subject, QualityAnalysis.grade)
        found = found.where(or_(*(column.ilike(like, escape="\\") for column in columns)))
    return found.options(joinedload(QualityAnalysis.cluster), selectinload(QualityAnalysis.steps))


def quality_page(actor: Actor, term: Term, cursor: str | None = None, **filters) -> Page:
    """One page of them, the newest first."""
    found = matching(actor, term, **filters)
    return page_of(found, QualityAnalysis.created_at, QualityAnalysis.id, cursor)


def all_matching(actor: Actor, term: Term, **filters) -> list[QualityAnalysis]:
    """The same at once, for export."""
    found = matching(actor, term, **filters)
    newest = found.order_by(QualityAnalysis.created_at.desc(), QualityAnalysis.id.desc()).limit(5_000)
    return list(db.session.scalars(newest))


def subjects(actor: Actor, term: Term) -> list[str]:
    """The subjects of a term's analyses in sight, for the filter."""
    mine = visible_to(actor).where(QualityAnalysis.term_id == term.id)
    return sorted(db.session.scalars(mine.with_only_columns(QualityAnalysis.subject).distinct()))


def of_test(actor: Actor, resource: Resource) -> list[QualityAnalysis]:
    """The analyses in sight that follow a joint test, the newest first."""
    found = visible_to(actor).where(QualityAnalysis.resource_id == resource.id)
    return list(db.session.scalars(found.order_by(QualityAnalysis.id.desc())))


def measures_of(actor: Actor, analysis: QualityAnalysis) -> list[Problem]:
    """The measures of an analysis in the register of problems that this person sees, the first due first."""
    found = supervision.problems_visible_to(actor).where(Problem.analysis_id == analysis.id)
    first = (Problem.due_on.is_(None), Problem.due_on, Problem.id)
    rows = found.options(joinedload(Problem.school), joinedload(Problem.owner)).order_by(*first)
    return list(db.session.scalars(rows))


def tests_of(actor: Actor, cluster: Cluster) -> list[Resource]:
    """The joint tests of a cluster that an analysis can follow, the newest first."""
    found = resources.visible_to(actor).where(
        Resource.cluster_id == cluster.id, Resource.kind == "joint_test"
    )
    newest = found.order_by(Resource.held_on.desc(), Resource.id.desc()).limit(MOST_LINKED)
    return list(db.session.scalars(newest))


def places_of(actor: Actor, analysis: QualityAnalysis) -> tuple[list[Meeting], list[Activity]]:
    """The meetings and activities of the cluster and term at which a step can have been talked about."""
    held = meetings.visible_to(actor).where(
        Meeting.cluster_id == analysis.cluster_id,
        Meeting.term_id == analysis.term_id,
        Meeting.state != "cancelled",
    )
    joint = activities.visible_to(actor).where(
        of_cluster(analysis.cluster_id), Activity.term_id == analysis.term_id, Activity.state != "cancelled"
    )
    return (
        list(db.session.scalars(held.order_by(Meeting.starts_at.desc(), Meeting.id).limit(MOST_LINKED))),
        list(db.session.scalars(joint.order_by(Activity.starts_at.desc(), Activity.id).limit(MOST_LINKED))),
    )
