"""Background work: the row is the truth; what a queue or a process loses is found again."""

import contextvars
import io
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from portal.config import BadSetting
from portal.documents.renderer import DocumentFailed
from portal.domain.summary_content import content_hash
from portal.extensions import db
from portal.jobs import board, kinds, queue, running, summary_pdf, worker
from portal.models import Job, Reflection, StoredFile
from portal.queries import summaries
from tests.integration.test_summaries import CANARY, begin, finish, step, text_of, work
from tests.support.cast_names import ACCOUNTS

NOW = datetime(2025, 11, 19, 6, 10, tzinfo=UTC)
__all__ = ["work"]  # the fixture of the summaries' tests


def pdf_text(content: bytes) -> str:
    """The text of a PDF without white space, since lines end where they end."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages)


def export(client, summary, **data):
    return client.post(f"/summaries/{summary.id}/export", data=data)


def the_job() -> Job:
    return db.session.scalars(db.select(Job)).one()


@pytest.fixture
def kind(monkeypatch):
    """A kind of work for tests; ``kind(function)`` sets what it does."""

    def does(function):
        made = kinds.Kind("unused:unused")
        monkeypatch.setattr(kinds.Kind, "function", lambda self: function)
        monkeypatch.setitem(kinds.KINDS, "for_tests", made)
        return "for_tests"

    return does


@pytest.fixture
def queued(app, tmp_path):
    """Jobs wait for a worker, over a queue of their own."""
    before = {name: app.config[name] for name in ("JOBS_AT_ONCE", "QUEUE_URL")}
    app.config.update(JOBS_AT_ONCE=False, QUEUE_URL=f"sqlite:///{tmp_path / 'queue.sqlite3'}")
    app.extensions.pop("portal.queue", None)
    yield app
    app.extensions.pop("portal.queue", None)
    app.config.update(before)


def ask(actor, kind="for_tests", **params) -> Job:
    job = board.ask(actor, kind, params, now=NOW, total=3)
    db.session.commit()
    return job


# --- The PDF ---


def test_the_pdf_says_what_the_page_says(as_, world, work):
    summary = begin(as_, world)
    finish(as_, summary)
    step(as_("lead"), summary, "sign")
    client = as_("lead")
    answer = export(client, summary)
    assert answer.status_code == 303
    page = text_of(client, answer.location)
    assert "已完成" in page
    job = the_job()
    file = client.get(f"/summaries/files/{job.file_id}")
    assert file.mimetype == "application/pdf"
    assert file.headers["Content-Disposition"].startswith("attachment; ")
    printed = pdf_text(file.data)
    db.session.refresh(summary)
    content = summary.snapshot.content
    for section in content["sections"]:
        for sentence in section["sentences"]:
            assert "".join(text for text, _ in sentence) in printed
        assert section["text"] in printed
    for expected in ("阶段稿", "领导小组", "（麟峰小学代章）", "2025年11月19日", "陈怀瑾"):
        assert expected in printed
    assert "草稿" not in printed


def test_a_draft_says_that_it_is_one(as_, world, work):
    summary = begin(as_, world)
    export(as_("principal"), summary)
    file = db.session.get(StoredFile, (world.east.id, the_job().file_id))
    assert "（草稿" in pdf_text(file.content)
    assert file.name == "麟峰小学片区2025—2026学年第一学期工作总结（草稿）.pdf"


@pytest.mark.promise(4)
def test_a_private_log_is_in_no_document(as_, world, work):
    assert db.session.scalars(db.select(Reflection)).one().experience == CANARY
    summary = begin(as_, world)
    finish(as_, summary)
    step(as_("lead"), summary, "sign")
    export(as_("lead"), summary)
    file = db.session.get(StoredFile, (world.east.id, the_job().file_id))
    assert CANARY not in pdf_text(file.content)
    assert "反思日志1篇" in pdf_text(file.content)


def test_unchanged_content_is_made_once(as_, world, work):
    summary = begin(as_, world)
    first = export(as_("lead"), summary)
    assert "/summaries/jobs/" in first.location
    file_id = the_job().file_id
    for who in ("lead", "bureau"):
        assert export(as_(who), summary).location == f"/summaries/files/{file_id}"
    assert len(db.session.scalars(db.select(Job)).all()) == 1
    section = summaries.section_of(summary, "next")
    section.text = "改了"
    db.session.commit()
    assert "/summaries/jobs/" in export(as_("lead"), summary).location
    # Of drafts only the newest is kept.
    files = db.session.scalars(db.select(StoredFile)).all()
    assert [file.made_from for file in files] == [content_hash(summaries.content_of(summary, world.today))]
    assert as_("lead").get(f"/summaries/files/{file_id}").status_code == 404


def test_each_signed_edition_keeps_its_file(as_, world, work):
    summary = begin(as_, world)
    finish(as_, summary)
    for number in (1, 2):
        step(as_("lead"), summary, "sign")
        export(as_("lead"), summary)
        step(as_("lead"), summary, "revise", note=f"第{number}次更正")
    names = sorted(file.name for file in db.session.scalars(db.select(StoredFile)))
    title = "麟峰小学片区2025—2026学年第一学期工作总结"
    assert names == [f"{title}（阶段稿）.pdf", f"{title}（阶段稿）（第2稿）.pdf"]
    again = export(as_("bureau"), summary, edition="1")
    assert as_("bureau").get(again.location).data[:5] == b"%PDF-"
    assert export(as_("bureau"), summary, edition="9").status_code == 404


def test_who_may_see_the_summary_may_fetch_its_file_and_nobody_else(as_, world, work):
    summary = begin(as_, world)
    export(as_("lead"), summary)
    job_id, file_id = the_job().id, the_job().file_id
    found = {name: as_(name).get(f"/summaries/files/{file_id}").status_code for name in ACCOUNTS}
    readers = {"lead", "principal", "office", "nanjiao_principal", "liaison", "bureau", "personnel"}
    assert found == {name: 200 if name in readers else 404 for name in ACCOUNTS}
    own = {name: as_(name).get(f"/summaries/jobs/{job_id}").status_code for name in ACCOUNTS}
    assert own == {name: 200 if name == "lead" else 404 for name in ACCOUNTS}


def test_a_file_of_another_kind_is_its_owners_alone(as_, world):
    file = StoredFile(
        district_id=world.east.id,
        name="名册.xlsx",
        mime="application/octet-stream",
        size=1,
        sha256="0" * 64,
        owner_id=world.principal.id,
        created_at=NOW,
        content=b"x",
    )
    db.session.add(file)
    db.session.commit()
    found = {name: as_(name).get(f"/summaries/files/{file.id}").status_code for name in ACCOUNTS}
    assert found == {name: 200 if name == "principal" else 404 for name in ACCOUNTS}


def test_a_document_that_cannot_be_made_says_so_and_can_be_tried_again(as_, world, work, monkeypatch):
    summary = begin(as_, world)
    client = as_("lead")
    with monkeypatch.context() as patch:

        def too_long(content):
            raise DocumentFailed("time")

        patch.setattr(summary_pdf, "summary_pdf", too_long)
        page = text_of(client, export(client, summary).location)
    job = the_job()
    assert (job.state, job.file_id) == ("failed", None)
    assert "没有在规定时间内排完" in page
    assert "重试" in page
    assert "重试" in text_of(client, f"/summaries/{summary.id}")
    assert as_("principal").post(f"/summaries/jobs/{job.id}/retry").status_code == 404
    assert client.post(f"/summaries/jobs/{job.id}/retry").status_code == 303
    db.session.refresh(job)
    assert (job.state, job.done, job.file_id is not None) == ("done", 3, True)


# --- The board ---


def test_progress_is_a_fragment_that_asks_again_until_it_is_over(queued, as_, world, work):
    summary = begin(as_, world)
    client = as_("lead")
    address = export(client, summary).location
    block = client.get(address, htmx="pdf_job").get_data(as_text=True)
    assert "正在排队" in block
    assert "every 2s" in block
    assert "<html" not in block
    running.run(queued, world.east.id, the_job().id)
    block = client.get(address, htmx="pdf_job").get_data(as_text=True)
    assert "已完成" in block
    assert "every 2s" not in block
    assert "下载 PDF" in block


def test_asking_again_while_it_waits_gives_the_same_job(queued, world, actor_of):
    lead = actor_of("lead")
    first = ask(lead, what="a")
    assert ask(lead, what="a").id == first.id
    assert ask(lead, what="b").id != first.id
    assert ask(actor_of("principal"), what="a").id != first.id


def test_a_job_is_done_by_one_worker_only(queued, world, actor_of, kind):
    done, barrier = [], threading.Barrier(6)
    job = ask(actor_of("lead"), kind(lambda job, say: done.append(job.id)))
    district_id, job_id = job.district_id, job.id
    db.session.remove()

    def work_on():
        with queued.app_context():
            barrier.wait()
            running.run(queued, district_id, job_id)

    threads = [threading.Thread(target=contextvars.Context().run, args=(work_on,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [job_id]
    assert (the_job().state, the_job().tries) == ("done", 1)


def test_a_fault_is_a_clear_failure_and_its_words_stay_out_of_the_log(queued, world, actor_of, kind, caplog):
    secret = "陈怀瑾的电话"

    def breaks(job, say):
        raise ValueError(secret)

    job = ask(actor_of("lead"), kind(breaks))
    running.run(queued, job.district_id, job.id)
    job = the_job()
    assert (job.state, job.message) == ("failed", running.FAULT)
    assert "ValueError" in caplog.text
    assert secret not in caplog.text


def test_a_wake_up_that_was_lost_is_found(queued, world, actor_of, kind):
    job = ask(actor_of("lead"), kind(lambda job, say: None))
    # Nobody woke the worker: the key never came into the queue.
    assert worker.look_after(queued, NOW) == 1
    huey = queue.queue_of(queued)
    assert huey.pending_count() == 1
    # As long as the key is there, it is not put in again.
    assert worker.look_after(queued, NOW) == 0
    huey.execute(huey.dequeue())
    db.session.refresh(job)
    assert job.state == "done"


def test_a_key_that_comes_twice_does_no_harm(queued, world, actor_of, kind):
    done = []
    job = ask(actor_of("lead"), kind(lambda job, say: done.append(1)))
    huey = queue.queue_of(queued)
    for _ in range(2):
        queue.enqueue(queued, job.district_id, job.id)
    db.session.rollback()  # this session holds no lock while the worker works
    for _ in range(2):
        huey.execute(huey.dequeue())
    assert done == [1]


def test_a_job_whose_process_died_is_done_again_three_times_at_most(queued, world, actor_of, kind):
    job = ask(actor_of("lead"), kind(lambda job, say: None))
    states = []
    for number in range(1, 4):
        moment = NOW + timedelta(minutes=number)
        assert board.take(job.district_id, job.id, moment) is True
        # A beating job is left alone.
        worker.look_after(queued, moment + timedelta(seconds=20))
        db.session.refresh(job)
        assert job.state == "running"
        worker.look_after(queued, moment + timedelta(seconds=40))
        db.session.refresh(job)
        states.append((job.state, job.tries))
    assert states == [("queued", 1), ("queued", 2), ("failed", 3)]
    assert (job.message, job.words) == (board.GAVE_UP, {"tries": 3})


def test_a_job_that_beats_is_not_lost(queued, world, actor_of, kind, monkeypatch):
    monkeypatch.setattr(board, "BEAT_EVERY", timedelta(milliseconds=20))
    seen = []

    def slow(job, say):
        say(1, "一")
        for _ in range(200):
            db.session.rollback()
            seen.append(db.session.scalar(db.select(Job.beat_at)))
            db.session.rollback()
            if len(set(seen)) > 2:
                return
            time.sleep(0.02)

    moments = iter(NOW + timedelta(seconds=n) for n in range(10_000))
    monkeypatch.setattr(running, "clock", lambda app: next(moments))
    job = ask(actor_of("lead"), kind(slow))
    running.run(queued, job.district_id, job.id)
    db.session.refresh(job)
    assert job.state == "done"
    assert seen == sorted(seen)
    assert len(set(seen)) > 2


def test_a_queue_that_cannot_be_written_loses_no_job(queued, as_, world, work, tmp_path):
    queued.config["QUEUE_URL"] = f"sqlite:///{tmp_path / 'nowhere' / 'queue.sqlite3'}"
    queued.extensions.pop("portal.queue", None)
    summary = begin(as_, world)
    answer = export(as_("lead"), summary)
    assert (answer.status_code, the_job().state) == (303, "queued")


def test_thirty_exports_are_one_job_a_person(queued, as_, world, work):
    summary = begin(as_, world)
    for number in range(30):
        section = summaries.section_of(summary, "next")
        section.text = f"第{number}稿"
        db.session.commit()
        assert export(as_("lead" if number % 2 else "principal"), summary).status_code == 303
    # What is printed is the draft as it stands when its turn comes.
    assert [job.state for job in db.session.scalars(db.select(Job))] == ["queued", "queued"]


def test_a_message_that_nobody_signed_is_not_read(queued, world):
    huey = queue.queue_of(queued)
    stranger = queue.make_queue(queued.config["QUEUE_URL"], "another secret of a stranger, long enough")
    task = queue.task_of(stranger, queued)
    stranger.enqueue(task.s("1", "2"))
    with pytest.raises(ValueError):
        huey.dequeue()


@pytest.mark.parametrize("url", ["", "mysql://x", "/tmp/queue"])
def test_a_queue_address_that_cannot_be_right_is_refused(url):
    with pytest.raises(BadSetting, match="PORTAL_QUEUE_URL"):
        queue.make_queue(url, "x" * 40)


# --- The process ---


WORKER = """
import sys
from tests.conftest import make_app
from pathlib import Path
from portal.jobs.worker import run_worker
run_worker(make_app(sys.argv[1], Path(sys.argv[2]), JOBS_AT_ONCE=False, QUEUE_URL=sys.argv[3]))
"""


@pytest.mark.parametrize("how", ["sqlite", "database"])
def test_the_worker_does_what_waits_and_ends_when_told(queued, as_, world, work, tmp_path, how):
    address = queued.config["QUEUE_URL"] if how == "sqlite" else "database"
    queued.config["QUEUE_URL"] = address
    queued.extensions.pop("portal.queue", None)
    summary = begin(as_, world)
    export(as_("lead"), summary)
    job, job_id = the_job(), the_job().id
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.commit()
    process = subprocess.Popen([sys.executable, "-c", WORKER, url, str(tmp_path), address])
    try:
        for _ in range(300):
            state = db.session.scalar(sa.select(Job.state).where(Job.id == job_id))
            db.session.rollback()  # this session holds no lock while the worker works
            if state == "done":
                break
            time.sleep(0.2)
        db.session.refresh(job)
        assert (job.state, job.file_id is not None) == ("done", True)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
