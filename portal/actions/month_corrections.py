"""What a lesson that changes does to its month: a check is taken back, a closed month gets an entry beside it."""

from portal.actions import notices
from portal.actions.steps import take_step
from portal.domain.moments import local_day
from portal.domain.workload import Outcome, first_of, month_code
from portal.extensions import db
from portal.models import MonthCorrection, VisitingSession
from portal.queries import clusters, months


def outcome_of(session: VisitingSession) -> Outcome:
    """What a lesson counts as now."""
    return months.outcome(session.person_id, session.state, session.substitute_id, session.confirmed_by_id)


def counted_in(now) -> str:
    """The month in which a correction that is entered now counts, as 2025-11."""
    return month_code(local_day(now))


def drop_check(actor, session: VisitingSession, old: Outcome, *, now) -> None:
    """Take back the check of a month whose figures are no longer those that were checked.

    Whoever closes it has then to see the new ones, and the receiving school has to check them again.
    """
    home = session.lesson.home_school_id
    row = months.of_pair(session.district_id, session.school_id, home, session.held_on)
    if row is None or row.state != "checked" or outcome_of(session) == old:
        return
    what = f"{session.held_on.isoformat()} {session.class_name}{session.lesson.subject}"
    take_step(actor, row, "take_back", told={"note": (None, what)})
    checker, row.checked_by_id, row.checked_at = row.checked_by_id, None, None
    principals = clusters.principals_of(row.district_id, [row.school_id, home], local_day(now))
    for school_id in (row.school_id, home):
        told = [checker] if school_id == row.school_id else []
        told += [principals[school_id].id] if school_id in principals else []
        notices.tell(
            told,
            "month_changed",
            district_id=row.district_id,
            link=f"/visiting/schools/{school_id}/months?month={month_code(row.month)}",
            now=now,
            besides=actor.person_id,
            what=f"{row.home_school.name}—{row.school.name} {month_code(row.month)}",
        )


def record(actor, session: VisitingSession, old: Outcome, reason: str, *, now) -> MonthCorrection:
    """Write down what changed in a closed month; it counts in the month of ``now``. Tells the other school.

    The history of the lesson tells it already, with the month in which it counts.
    """
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
