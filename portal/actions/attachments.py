"""Attaching files to something, removing them, putting them back, and erasing what nobody can reach any more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.actions import audit
from portal.actions.errors import Conflict, Refused
from portal.documents.uploads import checked
from portal.domain.files import MOST_AT_ONCE, CheckedFile, UploadProblem, clean_name, room_problem
from portal.domain.words import N_, Message, message
from portal.extensions import db, files
from portal.models import Attachment, Cluster, OwnedFile
from portal.queries import attachments

#: A file that was written a moment ago may belong to a transaction that is not over.
YOUNG = timedelta(hours=6)


@dataclass(frozen=True)
class Looked:
    """What came of looking into the files of one form: those that may be kept, and name and reason of the rest."""

    good: tuple[CheckedFile, ...]
    refused: tuple[tuple[str, Message], ...]


def look_at(uploads: Iterable[tuple[str, bytes]]) -> Looked:
    """Look into (name, bytes) of each file; one that is refused does not keep the others out.

    Ends the running transaction first: drawing pictures anew takes its time, and nobody should wait for it.
    """
    db.session.rollback()
    good, refused = [], []
    for number, (name, data) in enumerate(uploads):
        try:
            if number >= MOST_AT_ONCE:
                raise UploadProblem(N_("一次最多 %(count)s 个文件，请分几次上传"), count=MOST_AT_ONCE)
            good.append(checked(name, data))
        except UploadProblem as problem:
            refused.append((clean_name(name), problem.reason))
    return Looked(tuple(good), tuple(refused))


def attach_all(actor, owner_kind: str, owner, looked: Looked, *, kind: str, now: datetime):
    """Keep what was found good: the rows, and name and reason of every file that was not kept.

    What the owner holds already is not kept twice, so a form that is sent again does no harm.
    """
    kept, refused = [], list(looked.refused)
    for file in looked.good:
        try:
            kept.append(attach(actor, owner_kind, owner, file, kind=kind, now=now))
        except UploadProblem as problem:
            refused.append((file.name, problem.reason))
    return kept, refused


def attach(actor, owner_kind: str, owner, file: CheckedFile, *, kind: str, now: datetime, **columns):
    """Keep one file and its row, ``columns`` beside the kind. UploadProblem when there is no room or it is there.

    The caller has checked the permission on the owner. Refused when the owner keeps its files as they are.
    OSError when the store cannot write: then nothing is kept.
    """
    refuse_closed(owner)
    model = OwnedFile.of_kind(owner_kind)
    if kind not in model.KINDS:
        raise Refused(N_("请选择文件的类别"), field="file_kind")
    cluster_id = min(owner.access_clusters, key=str, default=None)
    _check_room(actor, cluster_id, len(file.content))
    name = files.put(owner.district_id, file.content)
    if attachments.same_file(owner_kind, owner, name):
        raise UploadProblem(N_("已经有同样的文件，没有重复保存"))
    kept = Attachment(
        district_id=owner.district_id,
        owner_kind=owner_kind,
        cluster_id=cluster_id,
        person_id=actor.person_id,
        name=file.name,
        media_type=file.media_type,
        size=len(file.content),
        width=file.width,
        height=file.height,
        sha256=name,
        small_sha256=files.put(owner.district_id, file.small) if file.small else None,
        created_at=now,
    )
    db.session.add(kept)
    db.session.flush()  # its owner's row names it, and the next file counts the room that is left
    link = model(district_id=owner.district_id, attachment_id=kept.id, kind=kind, **columns)
    setattr(link, model.OWNER_COLUMN, owner.id)
    db.session.add(link)
    db.session.flush()  # a second copy in the same form is found
    audit.record(actor, "file.add", owner, {"file": (None, file.name)})
    return link


def remove(actor, attachment: Attachment, *, now: datetime) -> None:
    """Take a file off its owner; it can be put back until it is purged."""
    owner = attachment.owner
    refuse_closed(owner)
    if attachment.removed_at:
        raise Conflict(attachment)
    attachment.removed_at, attachment.removed_by_id = now, actor.person_id
    audit.record(actor, "file.remove", owner, {"file": (attachment.name, None)})


def restore(actor, attachment: Attachment) -> None:
    """Put a removed file back."""
    owner = attachment.owner
    refuse_closed(owner)
    if not attachment.removed_at:
        raise Conflict(attachment)
    if attachments.same_file(attachment.owner_kind, owner, attachment.sha256):
        raise Refused(N_("已经有同样的文件，没有重复保存"))
    attachment.removed_at = attachment.removed_by_id = None
    audit.record(actor, "file.restore", owner, {"file": (None, attachment.name)})


def give_up(actor, owner_kind: str, owner, *, now: datetime) -> None:
    """The owner goes: its files go with it for good; their bytes are erased by the next ``sweep``."""
    model = OwnedFile.of_kind(owner_kind)
    mine = select(model).where(
        model.district_id == owner.district_id, getattr(model, model.OWNER_COLUMN) == owner.id
    )
    for link in db.session.scalars(mine).all():
        attachment = link.attachment
        if not attachment.removed_at:
            attachment.removed_at, attachment.removed_by_id = now, actor.person_id
            audit.record(actor, "file.remove", owner, {"file": (attachment.name, None)})
        attachment.purged_at = attachment.purged_at or now
        db.session.delete(link)
    db.session.flush()  # the links point at the owner


def refuse_closed(owner) -> None:
    """Refused when the owner is in the archive, signed or called off."""
    if not getattr(owner, "takes_files", True):
        raise Refused(N_("已归档或取消，文件不能再改"), field="files")


def purge(district_id, *, before: datetime, now: datetime) -> int:
    """Say of files that were removed before a moment that they are gone; their bytes go with ``sweep``."""
    found = attachments.removed_before(district_id, before)
    for attachment in found:
        attachment.purged_at = now
    return len(found)


def sweep(district_id) -> int:
    """Erase bytes that no row names, such as those of a form whose transaction failed; how many."""
    dropped = 0
    for name in list(files.names(district_id, older_than=int(YOUNG.total_seconds()))):
        if not attachments.is_needed(district_id, name):
            files.drop(district_id, name)
            dropped += 1
    return dropped


def _check_room(actor, cluster_id, size: int) -> None:
    """UploadProblem when the cluster or the person has no room left. Uploads to a cluster stand in line."""
    if cluster_id:
        db.session.execute(
            select(Cluster.id)
            .where(Cluster.district_id == actor.district_id, Cluster.id == cluster_id)
            .with_for_update()
        )
    limits = (
        (files.per_cluster, {"cluster_id": cluster_id}),
        (files.per_person, {"person_id": actor.person_id}),
    )
    for limit, whose in limits:
        if None in whose.values():
            continue
        used = attachments.used_by(actor.district_id, **whose)
        problem = room_problem(used, size, limit, next(iter(whose)).removesuffix("_id"))
        if problem:
            raise problem


def refused_words(refused) -> list[Message]:
    """Name and reason of each file that was not kept, as one sentence each."""
    return [message(N_("%(name)s：%(reason)s"), name=name, reason=reason) for name, reason in refused]
