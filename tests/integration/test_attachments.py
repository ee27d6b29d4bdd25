"""Files at an activity, through the pages: added, fetched, removed, put back, counted against the room there is."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from portal import cli_doctor
from portal.actions import attachments as actions
from portal.extensions import db, files
from portal.models import Activity, Attachment, AuditEntry
from portal.queries import attachments
from tests.conftest import NOW
from tests.support import sample_files as samples
from tests.support.cast_names import ACCOUNTS


@pytest.fixture
def activity(world):
    made = Activity(
        district_id=world.east.id,
        cluster_id=world.cluster.id,
        term_id=world.term.id,
        kind="observation",
        theme="同课异构",
        host_school_id=world.gongchen.id,
        starts_at=datetime(2025, 11, 12, 1, tzinfo=UTC),
        state="held",
        created_by_id=world.principal.id,
    )
    db.session.add(made)
    db.session.commit()
    return made


@pytest.fixture
def add(as_, activity):
    def send(*named, who="principal", kind="photo"):
        data = {"file_kind": kind, "files": [(io.BytesIO(content), name) for name, content in named]}
        return as_(who).post(
            f"/plans/activities/{activity.id}/files", data=data, content_type="multipart/form-data"
        )

    return send


def names_of(activity):
    return [
        row.attachment.name
        for row in attachments.files_of("activity", activity)
        if not row.attachment.removed_at
    ]


def the_file(activity):
    db.session.expire_all()
    return attachments.files_of("activity", activity)[0].attachment


@pytest.mark.promise(25)
def test_several_files_are_kept_and_sent_under_their_own_names(add, as_, activity):
    assert add(("听课 1.jpg", samples.photo(gps=True)), ("方案\x07.pdf", samples.PDF)).status_code == 303
    assert names_of(activity) == ["听课 1.jpg", "方案.pdf"]
    page = as_("teacher").get(f"/plans/activities/{activity.id}").get_data(as_text=True)
    assert "方案.pdf" in page
    paper = attachments.files_of("activity", activity)[1].attachment
    answer = as_("teacher").get(f"/files/{paper.id}")
    assert answer.get_data() == samples.PDF
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename=\"file.pdf\"; filename*=UTF-8''{quote('方案.pdf')}"
    )
    assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert (answer.headers["Cache-Control"], "sandbox" in answer.headers["Content-Security-Policy"]) == (
        "no-store",
        True,
    )
    picture = the_file(activity)
    assert b"PHONEMAKER" not in as_("teacher").get(f"/files/{picture.id}").get_data()
    small = as_("teacher").get(f"/files/{picture.id}/small")
    assert (small.status_code, small.mimetype) == (200, "image/jpeg")
    assert as_("teacher").get(f"/files/{paper.id}/small").status_code == 404
    told = db.session.scalars(db.select(AuditEntry.action).where(AuditEntry.object_id == activity.id)).all()
    assert told == ["file.add", "file.add"]


def test_bad_files_are_named_at_the_field_and_the_good_ones_kept(add, activity):
    answer = add(("好.jpg", samples.photo()), ("坏.jpg", samples.HTML), ("空.pdf", b""))
    page = answer.get_data(as_text=True)
    assert (answer.status_code, names_of(activity)) == (422, ["好.jpg"])
    assert "坏.jpg：文件内容和扩展名不符，请用原来的软件另存后再上传" in page
    assert "空.pdf：文件是空的" in page
    assert "已保存 1 个" in page
    assert add().status_code == 422


def test_the_same_form_again_keeps_nothing_twice(add, activity):
    add(("方案.pdf", samples.PDF))
    answer = add(("方案副本.pdf", samples.PDF))
    assert answer.status_code == 422
    assert "已经有同样的文件" in answer.get_data(as_text=True)
    assert names_of(activity) == ["方案.pdf"]


@pytest.mark.promise(25)
def test_who_may_see_the_activity_may_fetch_and_who_may_change_it_may_remove(add, as_, activity):
    add(("方案.pdf", samples.PDF))
    file = the_file(activity)
    seen, removed = {}, {}
    for role in ACCOUNTS:
        client = as_(role)
        seen[role] = client.get(f"/files/{file.id}").status_code == 200
        assert seen[role] == (client.get(f"/plans/activities/{activity.id}").status_code == 200)
        added = client.get(f"/plans/activities/{activity.id}/files").status_code
        if added != 200:
            removed[role] = client.post(f"/files/{file.id}/remove").status_code
            assert removed[role] == added
    assert (seen["colleague"], seen["equal_lead"], seen["west_lead"]) == (True, False, False)
    assert (removed["colleague"], removed["equal_lead"], removed["west_lead"]) == (403, 404, 404)
    assert as_(None).get(f"/files/{file.id}").status_code == 303
    assert names_of(activity) == ["方案.pdf"]


def test_a_removed_file_is_gone_and_can_be_put_back(add, as_, activity):
    add(("方案.pdf", samples.PDF))
    file, client = the_file(activity), as_("principal")
    assert client.post(f"/files/{file.id}/remove").status_code == 303
    assert names_of(activity) == []
    assert as_("teacher").get(f"/files/{file.id}").status_code == 404
    assert client.post(f"/files/{file.id}/remove").status_code == 409
    page = client.get(f"/plans/activities/{activity.id}").get_data(as_text=True)
    assert f"/files/{file.id}/restore" in page
    assert f"/files/{file.id}/restore" not in as_("teacher").get(f"/plans/activities/{activity.id}").get_data(
        as_text=True
    )
    assert client.post(f"/files/{file.id}/restore").status_code == 303
    assert names_of(activity) == ["方案.pdf"]
    assert client.post(f"/files/{file.id}/restore").status_code == 409


def test_the_archive_keeps_its_files(add, as_, activity):
    add(("方案.pdf", samples.PDF))
    file = the_file(activity)
    activity.state = "closed"
    db.session.commit()
    assert add(("新.jpg", samples.photo())).status_code == 422
    assert as_("principal").post(f"/files/{file.id}/remove").status_code == 409
    assert as_("teacher").get(f"/files/{file.id}").status_code == 200
    assert names_of(activity) == ["方案.pdf"]


@pytest.mark.promise(25)
@pytest.mark.parametrize(
    ("limit", "words"), [("per_cluster", "片区的存储空间不够"), ("per_person", "您的存储空间不够")]
)
def test_room_is_counted_for_the_cluster_and_the_person(add, app, activity, monkeypatch, limit, words):
    monkeypatch.setitem(
        app.extensions, "files", replace(app.extensions["files"], **{limit: len(samples.PDF) + 10})
    )
    answer = add(("一.pdf", samples.PDF), ("二.pdf", samples.PDF + b"\n"))
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert names_of(activity) == ["一.pdf"]


def test_a_full_disk_keeps_neither_row_nor_file(add, app, activity, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portal.storage.os.fsync", full)
    assert add(("方案.pdf", samples.PDF + b"%% full disk %%EOF")).status_code == 503
    assert names_of(activity) == []
    assert not [name for name in files.names(activity.district_id) if "." in name]


def test_a_missing_file_answers_404_and_the_doctor_says_so(add, app, as_, activity, world):
    add(("只此一份.pdf", samples.PDF + b"%% once %%EOF"))
    file = the_file(activity)
    files.drop(file.district_id, file.sha256)
    assert as_("teacher").get(f"/files/{file.id}").status_code == 404
    assert [(word, words.split(":")[0]) for word, words in cli_doctor._stored_files()] == [
        ("bad", "1 attached file is missing or damaged")
    ]
    said = app.test_cli_runner().invoke(args=["files", "check"])
    assert (said.exit_code, said.output.splitlines()) == (
        1,
        [f"{world.east.code}\t{file.sha256}\tmissing", "1 files read, 1 faults."],
    )


def test_sweep_erases_what_nobody_can_reach(add, app, as_, activity, monkeypatch):
    add(("旧.pdf", samples.PDF + b"%% old %%EOF"), ("新.pdf", samples.PDF + b"%% new %%EOF"))
    old = the_file(activity)
    as_("principal").post(f"/files/{old.id}/remove")
    lost = files.put(activity.district_id, b"a form that failed")
    monkeypatch.setattr(actions, "YOUNG", timedelta(seconds=-1))
    db.session.expire_all()
    assert actions.purge(activity.district_id, before=NOW, now=NOW) == 0
    assert actions.purge(activity.district_id, before=NOW + timedelta(days=1), now=NOW) == 1
    db.session.commit()
    assert actions.sweep(activity.district_id) >= 2
    there = set(files.names(activity.district_id))
    assert not there & {lost, old.sha256}
    assert attachments.by_id(activity.district_id, old.id) is None
    assert db.session.get(Attachment, (old.district_id, old.id)).purged_at == NOW
    new = attachments.files_of("activity", activity)[0].attachment
    assert as_("teacher").get(f"/files/{new.id}").get_data().startswith(b"%PDF")
    said = app.test_cli_runner().invoke(args=["files", "sweep"]).output
    assert said.startswith("0 removed files purged")
