"""What a secondee owes may come as a file, on the page of the entry (S4-66)."""

import io
from datetime import date

import sqlalchemy as sa

from portal.extensions import db
from portal.models import Attachment, SecondmentEntry
from tests.support import sample_files as samples
from tests.support.secondments import open_programme, send


def test_an_assignment_is_done_by_its_file_and_goes_with_it(app, world, as_):
    case = send(as_, world, open_programme(as_))
    teacher = as_("teacher")
    made = teacher.post(
        f"/exchange/secondments/{case.id}/entries/new?kind=assignment", data={"title": "教研方案"}
    )
    entry = db.session.scalars(sa.select(SecondmentEntry).filter_by(title="教研方案")).one()
    page = f"/exchange/secondments/entries/{entry.id}"
    assert made.headers["Location"] == page
    done = {"title": "教研方案", "done_on": "2025-11-18", "version": entry.version}
    refused = teacher.post(page + "/edit", data=done)
    assert (refused.status_code, "或先上传文件" in refused.get_data(as_text=True)) == (422, True)
    file = {"file_kind": "file", "files": (io.BytesIO(samples.PDF), "方案.pdf")}
    assert teacher.post(page + "/files", data=file).headers["Location"] == page + "#attachments"
    assert teacher.post(page + "/edit", data=done).status_code == 303
    db.session.expire_all()
    kept = db.session.scalars(sa.select(Attachment)).one()
    assert (entry.done_on, kept.owner_kind, kept.name) == (date(2025, 11, 18), "secondment_entry", "方案.pdf")
    # Both schools and the office read it, nobody else does, and only the secondee changes it.
    sees = {
        role: as_(role).get(f"/files/{kept.id}").status_code for role in ("principal", "personnel", "mentor")
    }
    assert sees == {"principal": 200, "personnel": 200, "mentor": 404}
    assert "方案.pdf" in as_("principal").get(page).get_data(as_text=True)
    assert as_("principal").get(page + "/files").status_code == 403
    assert as_("mentor").get(page).status_code == 404
    for listed in ("/exchange/secondments/mine", f"/exchange/secondments/{case.id}"):
        assert "有文件" in teacher.get(listed).get_data(as_text=True)
    assert teacher.post(page + "/delete", data={"version": entry.version}).status_code == 303
    db.session.expire_all()
    assert (kept.purged_at is not None, teacher.get(f"/files/{kept.id}").status_code) == (True, 404)
    assert teacher.get(page).status_code == 404
