"""What absences did to dated lessons: moved away, come from elsewhere, or arranged."""

from sqlalchemy import and_, or_, select

from portal.extensions import db
from portal.models import AbsentSession, VisitingSession


def moved_here(district_id, lesson_ids) -> set:
    """The dated lessons of weekly ones that came from another time: they keep their place."""
    return set(
        db.session.scalars(
            select(AbsentSession.moved_to_id)
            .join(
                VisitingSession,
                and_(
                    VisitingSession.district_id == AbsentSession.district_id,
                    VisitingSession.id == AbsentSession.moved_to_id,
                ),
            )
            .where(AbsentSession.district_id == district_id, VisitingSession.lesson_id.in_(list(lesson_ids)))
        )
    )


def moved_to(session: VisitingSession) -> VisitingSession | None:
    """The dated lesson that is given instead of this one, while it stands."""
    return db.session.scalar(
        select(VisitingSession)
        .join(
            AbsentSession,
            and_(
                AbsentSession.district_id == VisitingSession.district_id,
                AbsentSession.moved_to_id == VisitingSession.id,
            ),
        )
        .where(
            AbsentSession.district_id == session.district_id,
            AbsentSession.session_id == session.id,
            VisitingSession.state != "cancelled",
        )
        .limit(1)
    )


def arranged(district_id, session_ids) -> set:
    """Those of the dated lessons that an absence has left or brought: they stay, for its history."""
    keys = list(session_ids)
    rows = db.session.execute(
        select(AbsentSession.session_id, AbsentSession.moved_to_id).where(
            AbsentSession.district_id == district_id,
            or_(AbsentSession.session_id.in_(keys), AbsentSession.moved_to_id.in_(keys)),
        )
    )
    return {key for row in rows for key in row} & set(keys)
