"""What absences did to dated lessons: put elsewhere, or arranged."""

from sqlalchemy import or_, select

from portal.extensions import db
from portal.models import AbsentSession, VisitingSession


def line_to(session: VisitingSession) -> AbsentSession | None:
    """The line of the absence that put a dated lesson where it is; None where none did."""
    found = select(AbsentSession).where(
        AbsentSession.district_id == session.district_id, AbsentSession.moved_to_id == session.id
    )
    return db.session.scalar(found.limit(1))


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
