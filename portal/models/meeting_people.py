"""Who was at a meeting, name by name, where a list was kept."""

import uuid

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from portal.extensions import db
from portal.models.base import Tenant, one, ref


class MeetingParticipant(Tenant, db.Model):
    """A person who was at a meeting, with the school that the person came from on that day."""

    meeting_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]

    person = one("Person", "MeetingParticipant", "person_id")
    school = one("School", "MeetingParticipant", "school_id")

    __table_args__ = (
        ref("meeting_id", "meeting", ondelete="CASCADE"),
        ref("person_id", "person"),
        ref("school_id", "school"),
        UniqueConstraint("district_id", "meeting_id", "person_id", name="meeting_participant_once"),
        Index("ix_meeting_participant_person", "district_id", "person_id"),
    )
