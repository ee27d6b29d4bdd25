"""Files that people attach to something: one row for the file, one row of the owner's own kind that points at both.

The bytes lie in the file store under their hash (``portal.storage``). Who may see or change the owner may
fetch or change its files; nothing else decides.
"""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from portal.extensions import db
from portal.models.base import Code, Tenant, one, one_of, ref


class Attachment(Tenant, db.Model):
    """A file: its name for people, what it was found to be, and the hashes under which it and a small copy lie.

    ``cluster_id`` says whose space it takes beside the person's. A removed file can be put back until it
    is purged; only then its bytes are gone.
    """

    owner_kind: Mapped[str] = mapped_column(Code())
    cluster_id: Mapped[uuid.UUID | None]
    person_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(String(160))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    sha256: Mapped[str] = mapped_column(String(64))
    small_sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[uuid.UUID | None]
    purged_at: Mapped[datetime | None]

    person = one("Person", "Attachment", "person_id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("person_id", "person"),
        ref("removed_by_id", "person"),
        CheckConstraint("size BETWEEN 1 AND 100000000", name="size_sane"),
        CheckConstraint("(width IS NULL) = (height IS NULL)", name="pixels_both"),
        CheckConstraint("purged_at IS NULL OR removed_at IS NOT NULL", name="purged_was_removed"),
        Index("ix_attachment_cluster", "district_id", "cluster_id"),
        Index("ix_attachment_person", "district_id", "person_id"),
        Index("ix_attachment_content", "district_id", "sha256"),
    )

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture with a small copy."""
        return self.small_sha256 is not None

    @property
    def link(self) -> "OwnedFile":
        """The row that says whose file it is."""
        model = OwnedFile.of_kind(self.owner_kind)
        return db.session.scalars(
            select(model).where(model.district_id == self.district_id, model.attachment_id == self.id)
        ).one()

    @property
    def owner(self):
        """What it is attached to."""
        return self.link.owner

    @property
    def view_permission(self) -> str:
        """Who may see the owner may see the file."""
        return OwnedFile.of_kind(self.owner_kind).VIEW

    @property
    def edit_permission(self) -> str:
        """Who may change the owner's files."""
        return OwnedFile.of_kind(self.owner_kind).EDIT

    @property
    def access_clusters(self):
        return self.owner.access_clusters

    @property
    def access_schools(self):
        return self.owner.access_schools

    @property
    def access_people(self):
        return self.owner.access_people


class OwnedFile(Tenant):
    """What the table of one kind of owner has in common; a subclass is the table ``<owner>_file``.

    It sets ``OWNER`` (the kind, also the table of the owner), ``OWNER_COLUMN``, ``VIEW`` and ``EDIT`` (the
    permissions on the owner), ``KINDS`` (the kinds of file that its form offers; the first is the usual
    one), has the owner's column and a relationship ``owner``, and gives ``owned_by(...)`` in its table
    arguments. An owner whose ``takes_files`` is False keeps its files as they are.
    """

    OWNER = ""
    OWNER_COLUMN = ""
    VIEW = ""
    EDIT = ""
    KINDS: tuple[str, ...] = ("file",)

    attachment_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code(), default="file")

    @declared_attr
    def attachment(cls):
        return relationship(
            "Attachment",
            foreign_keys=f"[{cls.__name__}.district_id, {cls.__name__}.attachment_id]",
            viewonly=True,
            lazy="joined",
            innerjoin=True,
        )

    @staticmethod
    def of_kind(owner_kind: str) -> type["OwnedFile"]:
        """The table of a kind of owner. KeyError for a kind that has none."""
        return {model.OWNER: model for model in OwnedFile.__subclasses__()}[owner_kind]

    @property
    def owner_id(self) -> uuid.UUID:
        """The key of the owner."""
        return getattr(self, self.OWNER_COLUMN)

    @property
    def access_clusters(self):
        return self.owner.access_clusters

    @property
    def access_schools(self):
        return self.owner.access_schools

    @property
    def access_people(self):
        return self.owner.access_people


def owned_by(table: str, column: str, owner_table: str, kinds: tuple[str, ...]) -> tuple:
    """The keys of a table of owned files: each file has one owner, and an owner's files are found together."""
    return (
        one_of("kind", kinds),
        ref("attachment_id", "attachment"),
        ref(column, owner_table),
        UniqueConstraint("district_id", "attachment_id", name=f"{table}_once"),
        Index(f"ix_{table}_owner", "district_id", column),
    )


class ActivityFile(OwnedFile, db.Model):
    """A paper or photo of a joint activity, a part of its dossier (材料袋)."""

    OWNER, OWNER_COLUMN = "activity", "activity_id"
    VIEW, EDIT = "activity.view", "activity.edit"
    KINDS = ("photo", "plan", "sign_in", "material", "summary", "feedback")

    activity_id: Mapped[uuid.UUID]

    owner = one("Activity", "ActivityFile", "activity_id")

    __table_args__ = owned_by("activity_file", "activity_id", "activity", KINDS)


class ResourceFile(OwnedFile, db.Model):
    """One version of a shared resource, counted from 1; a new one leaves the old ones in place."""

    OWNER, OWNER_COLUMN = "resource", "resource_id"
    VIEW, EDIT = "resource.view", "resource.edit"
    KINDS = ("file",)

    resource_id: Mapped[uuid.UUID]
    number: Mapped[int]
    note: Mapped[str] = mapped_column(String(200), default="")

    owner = one("Resource", "ResourceFile", "resource_id")

    __table_args__ = (
        *owned_by("resource_file", "resource_id", "resource", KINDS),
        UniqueConstraint("district_id", "resource_id", "number", name="resource_version_once"),
        CheckConstraint("number BETWEEN 1 AND 9999", name="number_sane"),
    )
