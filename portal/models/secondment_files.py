"""Files of what a secondee owes or keeps: assignments, products, notes (S4-66)."""

import uuid

from sqlalchemy.orm import Mapped

from portal.extensions import db
from portal.models.attachments import OwnedFile, owned_by
from portal.models.base import one


class SecondmentEntryFile(OwnedFile, db.Model):
    """A file of an entry; seen by whoever sees the secondment, changed by the secondee and who wrote the entry."""

    OWNER, OWNER_COLUMN = "secondment_entry", "entry_id"
    VIEW, EDIT = "study_entry.view", "study_entry.edit"
    KINDS = ("file",)

    entry_id: Mapped[uuid.UUID]

    owner = one("SecondmentEntry", "SecondmentEntryFile", "entry_id")

    __table_args__ = owned_by("secondment_entry_file", "entry_id", "secondment_entry", KINDS)
