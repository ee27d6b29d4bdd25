"""Keeping the file that a job has made."""

import hashlib

from flask import current_app

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
