"""Carrying out a form once, however often it arrives."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from portal.extensions import db
from portal.models import SentForm

# A page that was left open longer is asked to be loaded anew anyway, since its token is too old.
REMEMBERED = timedelta(days=3)


class AlreadySent(Exception):
    """The same form with the same content was carried out before; ``link`` is where it led, if known."""

    def __init__(self, link: str = ""):
        super().__init__("sent before")
        self.link = link


def take(district_id, key: uuid.UUID, now: datetime) -> None:
    """Note that a form is being carried out, in the transaction that does it. AlreadySent when it was."""
    found = db.session.get(SentForm, (district_id, key))
    if found is None:
        db.session.execute(
            delete(SentForm).where(SentForm.district_id == district_id, SentForm.sent_at < now - REMEMBERED)
        )
        db.session.add(SentForm(district_id=district_id, id=key, sent_at=now))
        try:
            db.session.flush()  # two at once: the second is told here, before it does anything
        except IntegrityError:
            db.session.rollback()
            found = db.session.get(SentForm, (district_id, key))
            raise AlreadySent(found.link if found else "") from None
        return
    raise AlreadySent(found.link)


def keep_day_only(district_id, key: uuid.UUID) -> None:
    """Take the time of day from the note of a form."""
    found = db.session.get(SentForm, (district_id, key))
    if found is not None:
        found.sent_at = found.sent_at.replace(hour=0, minute=0, second=0, microsecond=0)


def lead_to(district_id, key: uuid.UUID, link: str) -> None:
    """Keep where a form led, for the one who sends it again."""
    found = db.session.get(SentForm, (district_id, key))
    if found is not None:
        found.link = link[:300]
