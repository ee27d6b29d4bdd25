"""Calendar feeds: giving out an address, and ending it."""

import secrets
from datetime import datetime

from portal.actions import audit
from portal.actions.errors import NotAllowed, Refused
from portal.domain.access import can
from portal.domain.words import N_
from portal.extensions import db
from portal.models import CalendarFeed, School
from portal.queries import feeds
from portal.queries.people import key_hash

MOST = 10  # addresses of one person at a time


def create(actor, *, name: str, school: School | None = None) -> str:
    """Make a feed of the own lessons or of a school that one manages; returns its key.

    The key has 128 bits and is not stored, so it can be shown this once only. Refused beyond ``MOST``.
    """
    if school is not None and not can(actor, "school.feed", school):
        raise NotAllowed("school.feed")
    if len(feeds.live_of(actor)) >= MOST:
        raise Refused(N_("最多同时有 %(most)s 个订阅，请先停用不用的"), most=MOST)
    key = secrets.token_urlsafe(16)
    feed = CalendarFeed(
        district_id=actor.district_id,
        person_id=actor.person_id,
        school_id=school.id if school else None,
        name=name,
        key_hash=key_hash(key),
    )
    db.session.add(feed)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "calendar_feed.create", feed, {"name": (None, name)})
    return key


def end(actor, feed: CalendarFeed, *, now: datetime) -> None:
    """End a feed: its address is not found from now on. Ending it again changes nothing."""
    if feed.ended_at is None:
        feed.ended_at = now
        audit.record(
            actor, "calendar_feed.disable", feed, {"ended_at": (None, now.isoformat(timespec="minutes"))}
        )
