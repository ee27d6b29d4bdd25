"""Keeping the file that a job has made."""

import hashlib
import uuid

from flask import current_app
from sqlalchemy import select

from portal.extensions import db
from portal.jobs.running import clock
from portal.models import StoredFile


def keep_pdf(district_id, name: str, pdf: bytes, *, owner_id, **facts) -> StoredFile:
    """The stored file of a PDF, with its key; the caller commits, with what names it."""
    file = StoredFile(
        district_id=district_id,
        name=name,
        mime="application/pdf",
        size=len(pdf),
        sha256=hashlib.sha256(pdf).hexdigest(),
        owner_id=owner_id,
        created_at=clock(current_app),
        content=pdf,
        **facts,
    )
    db.session.add(file)
    db.session.flush()  # what names the file needs its key
    return file


def made_before(district_id, person_id, key: str) -> uuid.UUID | None:
    """The file that a person has already of the same content."""
    return db.session.scalar(
        select(StoredFile.id).where(
            StoredFile.district_id == district_id,
            StoredFile.owner_id == person_id,
            StoredFile.summary_id.is_(None),
            StoredFile.made_from == key,
        )
    )


def keep_own(district_id, person_id, name: str, key: str, pdf: bytes) -> uuid.UUID:
    """Keep a PDF for who asked for it, and commit: its key."""
    file_id = keep_pdf(district_id, name[-200:], pdf, owner_id=person_id, made_from=key).id
    db.session.commit()
    return file_id
