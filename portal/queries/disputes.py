"""Disputes about dated lessons: who sees which, and those that are open."""

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import SessionDispute, VisitingSession

UNSETTLED = ("open", "kept")


def by_id(district_id, dispute_id) -> SessionDispute | None:
    """One dispute."""
    return db.session.get(SessionDispute, (district_id, dispute_id))


def visible_to(actor: Actor):
    """The disputes that ``dispute.view`` shows this person, as a select."""
    found = select(SessionDispute).where(SessionDispute.district_id == actor.district_id)
    if actor.offices:
        return found
    schools = actor.manages_schools | actor.led_schools
    return found.where(
        or_(
            SessionDispute.person_id == actor.person_id,
            SessionDispute.school_id.in_(schools),
            SessionDispute.home_school_id.in_(schools),
        )
    )


def of_sessions(actor: Actor, session_ids) -> dict:
    """Session -> its dispute that is not settled, of those in sight."""
    rows = db.session.scalars(
        visible_to(actor).where(
            SessionDispute.session_id.in_(list(session_ids)), SessionDispute.state.in_(UNSETTLED)
        )
    )
    return {row.session_id: row for row in rows}


def of_session(actor: Actor, session: VisitingSession) -> list[SessionDispute]:
    """The disputes about one lesson that the person may see, newest first."""
    return list(
        db.session.scalars(
            visible_to(actor)
            .where(SessionDispute.session_id == session.id)
            .options(joinedload(SessionDispute.person))
            .order_by(SessionDispute.created_at.desc(), SessionDispute.id.desc())
        )
    )


def unsettled(session: VisitingSession) -> SessionDispute | None:
    """The open dispute about a lesson."""
    return db.session.scalar(
        select(SessionDispute).where(
            SessionDispute.district_id == session.district_id,
            SessionDispute.session_id == session.id,
            SessionDispute.state.in_(UNSETTLED),
        )
    )


def waiting_for(actor: Actor) -> list[SessionDispute]:
    """Disputes that wait for this person: to answer as the receiving school, to agree as the other side."""
    return list(
        db.session.scalars(
            select(SessionDispute)
            .where(
                SessionDispute.district_id == actor.district_id,
                or_(
                    (SessionDispute.state == "open")
                    & SessionDispute.school_id.in_(actor.manages_schools)
                    & (SessionDispute.person_id != actor.person_id),
                    (SessionDispute.state == "kept")
                    & or_(
                        SessionDispute.person_id == actor.person_id,
                        SessionDispute.home_school_id.in_(actor.manages_schools),
                    ),
                ),
            )
            .options(
                joinedload(SessionDispute.session).joinedload(VisitingSession.lesson),
                joinedload(SessionDispute.person),
            )
            .order_by(SessionDispute.created_at, SessionDispute.id)
            .limit(30)
        )
    )
