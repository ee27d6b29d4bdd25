"""Calendar feeds: whose they are, and the dated lessons they show."""

from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import CalendarFeed, VisitingLesson, VisitingSession
from portal.queries import people
from portal.queries.people import key_hash

# A calendar keeps what is just over; older lessons are in the portal.
LOOK_BACK = timedelta(days=60)


def by_id(district_id, feed_id) -> CalendarFeed | None:
    """One feed, ended or not."""
    return db.session.get(CalendarFeed, (district_id, feed_id))


def visible_to(actor: Actor):
    """The feeds that ``feed.view`` shows this person, as a select: the own ones."""
    return select(CalendarFeed).where(
        CalendarFeed.district_id == actor.district_id, CalendarFeed.person_id == actor.person_id
    )


def live_of(actor: Actor) -> list[CalendarFeed]:
    """The person's feeds that have not ended, newest first."""
    found = visible_to(actor).where(CalendarFeed.ended_at.is_(None)).options(joinedload(CalendarFeed.school))
    return list(db.session.scalars(found.order_by(CalendarFeed.created_at.desc(), CalendarFeed.id)))


def live_by_key(key: str, today: date) -> CalendarFeed | None:
    """The feed of this key, while it has not ended, its holder's account is open, and the holder still may.

    What the holder may is found anew each time: whoever no longer manages a school loses its calendar.
    """
    feed = db.session.scalar(
        select(CalendarFeed)
        .where(CalendarFeed.key_hash == key_hash(key), CalendarFeed.ended_at.is_(None))
        .options(joinedload(CalendarFeed.person), joinedload(CalendarFeed.school))
    )
    account = people.account_of(feed.person) if feed else None
    if account is None or account.disabled_at is not None:
        return None
    if feed.school_id and feed.school_id not in people.actor_of(account, today).manages_schools:
        return None
    return feed


def sessions_of(feed: CalendarFeed, today: date) -> list[VisitingSession]:
    """The dated lessons of a feed, those of the last weeks and all to come, cancelled ones too."""
    found = (
        select(VisitingSession)
        .join(VisitingSession.lesson)
        .where(VisitingSession.district_id == feed.district_id, VisitingSession.held_on >= today - LOOK_BACK)
        .options(
            joinedload(VisitingSession.lesson),
            joinedload(VisitingSession.school),
            joinedload(VisitingSession.person),
            joinedload(VisitingSession.substitute),
        )
    )
    if feed.school_id:
        whose = or_(
            VisitingSession.school_id == feed.school_id, VisitingLesson.home_school_id == feed.school_id
        )
    else:
        whose = or_(
            VisitingSession.person_id == feed.person_id, VisitingSession.substitute_id == feed.person_id
        )
    ordered = found.where(whose).order_by(VisitingSession.held_on, VisitingSession.starts, VisitingSession.id)
    return list(db.session.scalars(ordered))
