"""Photos and papers of a reflection log."""

import uuid

from sqlalchemy.orm import Mapped

from portal.extensions import db
from portal.models.attachments import OwnedFile, owned_by
from portal.models.base import one


class ReflectionFile(OwnedFile, db.Model):
    """A photo or paper of a log; seen by whoever sees the log, changed by its writer."""

    OWNER, OWNER_COLUMN = "reflection", "reflection_id"
    VIEW, EDIT = "reflection.view", "reflection.edit"
    KINDS = ("photo", "material")

    reflection_id: Mapped[uuid.UUID]

    owner = one("Reflection", "ReflectionFile", "reflection_id")

    __table_args__ = owned_by("reflection_file", "reflection_id", "reflection", KINDS)
