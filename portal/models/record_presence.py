"""That a record of work put its writer on the attendance list of an activity."""

import uuid

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from portal.extensions import db
from portal.models.base import Tenant, ref


class RecordPresence(Tenant, db.Model):
    """Kept beside the attendance so that it goes with the record, unless the organiser had listed the person."""

    record_id: Mapped[uuid.UUID]
    activity_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]

    __table_args__ = (
        ref("record_id", "work_record", ondelete="CASCADE"),
        ref("activity_id", "activity", ondelete="CASCADE"),
        ref("person_id", "person"),
        UniqueConstraint("district_id", "record_id", name="one_presence_a_record"),
    )
