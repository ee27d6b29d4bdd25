"""How much a cluster did in a term, in numbers for its page. The figures of the summary are another matter."""

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from portal.extensions import db
from portal.models import (
    Activity,
    AssessmentRound,
    Cluster,
    Meeting,
    MentoringPair,
    Posting,
    Reflection,
    Resource,
    SchoolPairing,
    Term,
    VisitingLesson,
)
from portal.queries.activity_work import of_cluster
from portal.queries.clusters import members_during


@dataclass(frozen=True)
class TermCounts:
    """Numbers of one cluster and term. Persons (人) are counted once, however often they moved."""

    meetings: int
    activities: int
    school_pairs: int
    mentoring_pairs: int
    moved_within: int
    moved_out: int
    moved_in: int
    visiting_people: int
    visiting_lessons: int
    reflections: int
    resources: int
    rounds: int


def term_counts(cluster: Cluster, term: Term) -> TermCounts:
    """Count what the records of the cluster hold for the term."""
    schools = [school.id for school in members_during(cluster, term.first_day, term.last_day)]
    moved = _moved(cluster, term, schools)
    visiting = db.session.execute(
        select(func.count(VisitingLesson.person_id.distinct()), func.count()).where(
            VisitingLesson.district_id == cluster.district_id,
            VisitingLesson.term_id == term.id,
            VisitingLesson.state.in_(("running", "ended")),
            VisitingLesson.school_id != VisitingLesson.home_school_id,
            or_(VisitingLesson.school_id.in_(schools), VisitingLesson.home_school_id.in_(schools)),
        )
    ).one()
    return TermCounts(
        meetings=_number(
            Meeting,
            cluster,
            Meeting.term_id == term.id,
            Meeting.state.in_(("held", "minuted", "confirmed")),
            Meeting.kind.in_(("monthly", "joint")),
        ),
        activities=_number(
            Activity, cluster, Activity.term_id == term.id, Activity.state.in_(("held", "closed"))
        ),
        school_pairs=_number(
            SchoolPairing,
            cluster,
            SchoolPairing.state.in_(("active", "closed")),
            SchoolPairing.starts_on <= term.last_day,
            SchoolPairing.ends_on >= term.first_day,
        ),
        mentoring_pairs=_number(
            MentoringPair,
            cluster,
            MentoringPair.state.in_(("active", "finished", "broken_off")),
            MentoringPair.starts_on <= term.last_day,
            or_(MentoringPair.ends_on.is_(None), MentoringPair.ends_on >= term.first_day),
        ),
        moved_within=len(moved["within"]),
        moved_out=len(moved["out"]),
        moved_in=len(moved["in"]),
        visiting_people=visiting[0],
        visiting_lessons=visiting[1],
        reflections=_number(
            Reflection, cluster, Reflection.term_id == term.id, Reflection.state == "submitted"
        ),
        resources=_number(Resource, cluster, Resource.removed_at.is_(None)),
        rounds=_number(
            AssessmentRound,
            cluster,
            AssessmentRound.term_id == term.id,
            AssessmentRound.level.in_(("group", "school")),
        ),
    )


def _number(model, cluster: Cluster, *conditions) -> int:
    return db.session.scalar(
        select(func.count())
        .select_from(model)
        .where(
            model.district_id == cluster.district_id,
            of_cluster(cluster.id) if model is Activity else model.cluster_id == cluster.id,
            *conditions,
        )
    )


def _moved(cluster: Cluster, term: Term, schools: list) -> dict[str, set]:
    """Persons with a posting that began and overlaps the term, by direction seen from the cluster."""
    rows = db.session.execute(
        select(Posting.person_id, Posting.home_school_id, Posting.host_school_id).where(
            Posting.district_id == cluster.district_id,
            Posting.state.in_(("active", "completed", "ended_early")),
            or_(Posting.home_school_id.in_(schools), Posting.host_school_id.in_(schools)),
            and_(
                Posting.starts_on <= term.last_day,
                or_(Posting.ends_on.is_(None), Posting.ends_on >= term.first_day),
            ),
        )
    )
    inside, moved = set(schools), {"within": set(), "out": set(), "in": set()}
    for person_id, home, host in rows:
        direction = "within" if {home, host} <= inside else "out" if home in inside else "in"
        moved[direction].add(person_id)
    return moved
