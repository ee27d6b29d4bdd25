"""Forms that were carried out, so that one that arrives twice is not carried out twice."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Tenant


class SentForm(Tenant, db.Model):
    """A form by the hash of who sent which key with what in it (``id``); ``link`` is where it led."""

    link: Mapped[str] = mapped_column(String(300), default="")
    sent_at: Mapped[datetime]

    __table_args__ = (Index("ix_sent_form_sent_at", "sent_at"),)
