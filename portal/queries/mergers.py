"""What goes on between a school and others when it becomes part of another one."""

from sqlalchemy import func, or_, select

from portal.extensions import db
from portal.models import Posting, School, SchoolPairing, VisitingLesson
from portal.queries import exchange, pairing, visiting

# Kind -> what it is, the states in which it goes on, and where the school may stand in it.
GOES_ON = {
    "lessons": (VisitingLesson, visiting.IN_FORCE, (VisitingLesson.school_id, VisitingLesson.home_school_id)),
    "postings": (Posting, exchange.OPEN_STATES, (Posting.home_school_id, Posting.host_school_id)),
    "pairs": (SchoolPairing, pairing.OPEN_STATES, (SchoolPairing.donor_id, SchoolPairing.beneficiary_id)),
}


def under_way(school: School) -> dict[str, int]:
    """How many visiting lessons, postings and school pairs of a school go on, by kind."""
    return {
        kind: db.session.scalar(
            select(func.count())
            .select_from(model)
            .where(
                model.district_id == school.district_id,
                model.state.in_(states),
                or_(*(place == school.id for place in places)),
            )
        )
        for kind, (model, states, places) in GOES_ON.items()
    }
