"""Attached files: those of an owner, one by its key, how much space is used, what the store has to hold."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import Attachment, OwnedFile


def by_id(district_id, attachment_id) -> Attachment | None:
    """A file whose bytes are there; a removed one too, since it can be put back."""
    found = db.session.get(Attachment, (district_id, attachment_id))
    return None if found is None or found.purged_at else found


def rules_of(owner_kind: str) -> tuple[tuple[str, ...], str]:
    """What kinds of file such an owner takes, and the permission on the owner that changing them needs."""
    model = OwnedFile.of_kind(owner_kind)
    return model.KINDS, model.EDIT


def files_of(owner_kind: str, owner) -> list[OwnedFile]:
    """The files of an owner with who added them, in the order of time; removed ones that can be put back too."""
    model = OwnedFile.of_kind(owner_kind)
    return list(
        db.session.scalars(
            select(model)
            .join(model.attachment)
            .where(
                model.district_id == owner.district_id,
                getattr(model, model.OWNER_COLUMN) == owner.id,
                Attachment.purged_at.is_(None),
            )
            .options(joinedload(model.attachment).joinedload(Attachment.person))
            .order_by(model.id)
        )
    )


def kinds_of(owner_kind: str, district_id, owner_ids) -> dict:
    """Owner -> the kinds of the files that it has, removed ones left out; for lists."""
    model = OwnedFile.of_kind(owner_kind)
    column = getattr(model, model.OWNER_COLUMN)
    rows = db.session.execute(
        select(column, model.kind)
        .join(model.attachment)
        .where(model.district_id == district_id, column.in_(owner_ids), Attachment.removed_at.is_(None))
        .distinct()
    )
    found: dict = {}
    for owner_id, kind in rows:
        found.setdefault(owner_id, set()).add(kind)
    return found


def same_file(owner_kind: str, owner, sha256: str) -> OwnedFile | None:
    """The file of the owner that holds the same bytes and is not removed."""
    model = OwnedFile.of_kind(owner_kind)
    return db.session.scalars(
        select(model)
        .join(model.attachment)
        .where(
            model.district_id == owner.district_id,
            getattr(model, model.OWNER_COLUMN) == owner.id,
            Attachment.sha256 == sha256,
            Attachment.removed_at.is_(None),
        )
        .limit(1)
    ).first()


def used_by(district_id, *, cluster_id=None, person_id=None) -> int:
    """Bytes that a cluster's or a person's files take; removed ones until they are purged."""
    column, value = (Attachment.cluster_id, cluster_id) if cluster_id else (Attachment.person_id, person_id)
    found = db.session.scalar(
        select(func.coalesce(func.sum(Attachment.size), 0)).where(
            Attachment.district_id == district_id, column == value, Attachment.purged_at.is_(None)
        )
    )
    return int(found)


def stored(district_id) -> list[tuple[str, int | None]]:
    """Every name that the store has to hold for a district, with its size where it is known."""
    rows = db.session.execute(
        select(Attachment.sha256, Attachment.size, Attachment.small_sha256).where(
            Attachment.district_id == district_id, Attachment.purged_at.is_(None)
        )
    )
    found: dict[str, int | None] = {}
    for sha256, size, small in rows:
        found[sha256] = size
        if small:
            found.setdefault(small, None)
    return sorted(found.items())


def removed_before(district_id, moment) -> list[Attachment]:
    """Files that were removed before a moment and still lie in the store."""
    return list(
        db.session.scalars(
            select(Attachment)
            .where(
                Attachment.district_id == district_id,
                Attachment.removed_at < moment,
                Attachment.purged_at.is_(None),
            )
            .order_by(Attachment.id)
        )
    )


def is_needed(district_id, name: str) -> bool:
    """Whether a row still names these bytes."""
    return bool(
        db.session.scalar(
            select(Attachment.id)
            .where(
                Attachment.district_id == district_id,
                or_(Attachment.sha256 == name, Attachment.small_sha256 == name),
                Attachment.purged_at.is_(None),
            )
            .limit(1)
        )
    )
