"""Entries that put a lesson of a closed month right: old and new, who, when and why."""

from portal.actions import audit, notices
from portal.domain.moments import local_day
from portal.domain.workload import Outcome, first_of, month_code
from portal.extensions import db
from portal.models import MonthCorrection, VisitingSession
from portal.queries import clusters, months


def outcome_of(session: VisitingSession) -> Outcome:
    """What a lesson counts as now."""
    return months.outcome(session.person_id, session.state, session.substitute_id, session.confirmed_by_id)


def record(actor, session: VisitingSession, old: Outcome, reason: str, *, now) -> MonthCorrection:
    """Write down what changed in a closed month; it counts in the month of ``now``. Tells the other school."""
    entry = MonthCorrection(
        district_id=session.district_id,
        session_id=session.id,
        person_id=session.person_id,
        school_id=session.school_id,
        home_school_id=session.lesson.home_school_id,
        month=first_of(session.held_on),
        counted_in=first_of(local_day(now)),
        old_state=old.state,
        new_state=session.state,
        old_substitute_id=old.substitute,
        new_substitute_id=session.substitute_id,
        reason=reason[:300],
        made_by_id=actor.person_id,
        made_at=now,
    )
    db.session.add(entry)
    counted = {"counted_in": (None, month_code(entry.counted_in)), "note": (None, reason)}
    audit.record(actor, "visiting_session.correct_closed", session, counted)
    _tell(actor, session, now)
    return entry


def _tell(actor, session: VisitingSession, now) -> None:
    principals = clusters.principals_of(session.district_id, [session.lesson.home_school_id], local_day(now))
    notices.tell(
        [session.person_id, *(principal.id for principal in principals.values())],
        "month_corrected",
        district_id=session.district_id,
        link=f"/visiting/sessions/{session.id}",
        now=now,
        besides=actor.person_id,
        what=f"{session.person.name} {session.held_on.isoformat()} {session.class_name}{session.lesson.subject}",
    )
