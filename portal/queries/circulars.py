"""The circular (通报) of a term (S3-27): the figures of all clusters today, and the editions that were issued."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import CircularEdition, Cluster, Membership, Term
from portal.queries import assessment, clusters, overview, supervision
from portal.queries.people import open_on

#: The figures of a line, in their order; ``labels.CIRCULAR_FIGURE`` has their words and units.
FIGURES = (
    "meetings",
    "activities",
    "school_pairs",
    "late_tasks",
    "inspections",
    "problems",
    "confirmed",
    "late",
    "result",
)


def by_id(district_id, circular_id) -> CircularEdition | None:
    """One edition."""
    return db.session.get(CircularEdition, (district_id, circular_id))


def lines_of(district_id, term: Term, today: date) -> list[dict]:
    """Every cluster of the district with its figures, by name; values as JSON knows them, so they can be frozen.

    No school and no person is named. ``result`` is the published assessment out of a hundred, or None.
    """
    found = clusters.open_clusters(district_id)
    did = overview.numbers_of(found, term, today)
    seen = supervision.numbers_of(district_id, [row.id for row in found], term, today)
    results = assessment.cluster_results(district_id, term)
    return [_line(row, did[row.id], seen[row.id], results.get(row.id)) for row in found]


def _line(cluster: Cluster, did, seen, result) -> dict:
    values = {
        "meetings": did.meetings,
        "activities": did.activities,
        "school_pairs": did.school_pairs,
        "late_tasks": did.late_tasks,
        "inspections": seen.inspections,
        "problems": seen.problems,
        "confirmed": seen.confirmed,
        "late": seen.late,
        "result": None if result is None else round(result, 1),
    }
    return {"id": str(cluster.id), "cluster": cluster.name, **values}


def editions_of(term: Term) -> list[CircularEdition]:
    """What was issued about a term, the latest first."""
    return list(
        db.session.scalars(
            select(CircularEdition)
            .where(CircularEdition.district_id == term.district_id, CircularEdition.term_id == term.id)
            .options(joinedload(CircularEdition.issued_by))
            .order_by(CircularEdition.edition.desc())
        )
    )


def receivers(district_id, today: date) -> list:
    """The principals of all schools of open clusters, by key: whom a circular is sent to."""
    schools = db.session.scalars(
        select(Membership.school_id)
        .join(Cluster, Cluster.id == Membership.cluster_id)
        .where(
            Membership.district_id == district_id,
            Cluster.district_id == district_id,
            Cluster.closed_on.is_(None),
            open_on(Membership, today),
        )
        .distinct()
    ).all()
    found = clusters.principals_of(district_id, schools, today)
    return sorted({person.id for person in found.values()}, key=str)
