"""Doing one job: taken, beating while it works, finished or failed. Never raises."""

import logging
import threading
import traceback
from contextlib import contextmanager
from datetime import UTC, datetime

from portal.database import begin_reading
from portal.domain.words import N_
from portal.extensions import db
from portal.jobs import board
from portal.jobs.kinds import KINDS

DONE = N_("已完成")
FAULT = N_("出了意外，已经记录下来；请重试，仍不成功请联系管理员")

log = logging.getLogger("portal.jobs")


def run(app, district_id, job_id) -> None:
    """Do a job unless somebody else does. What goes wrong stands on the board afterwards."""
    begin_reading(False)
    key = (district_id, job_id)
    if not board.take(*key, clock(app)):
        return

    def say(done: int, message: str, **words) -> None:
        board.tell(*key, clock(app), done=done, message=message, **words)

    job = board.by_id(*key)
    kind, tries = job.kind, job.tries
    db.session.rollback()  # nothing is held while the work goes on
    with _heart(app, key):
        try:
            file_id = KINDS[kind].function()(board.by_id(*key), say)
        except board.JobFailed as failure:
            db.session.rollback()
            log.warning("job %s %s failed: %s", kind, job_id, failure.message)
            board.fail(*key, clock(app), message=failure.message, **failure.words)
        except Exception as error:
            db.session.rollback()
            log.error("job %s %s fault, try %s: %s", kind, job_id, tries, where(error))
            board.fail(*key, clock(app), message=FAULT)
        else:
            board.finish(*key, clock(app), message=DONE, file_id=file_id)


@contextmanager
def reading():
    """Read without taking the write lock, and hold nothing afterwards."""
    db.session.rollback()
    begin_reading(True)
    try:
        yield
    finally:
        db.session.rollback()
        begin_reading(False)


def clock(app) -> datetime:
    """The present moment. Tests move it with the ``CLOCK`` setting."""
    moved = app.config.get("CLOCK")
    return moved() if moved else datetime.now(UTC)


def where(error: Exception) -> str:
    """Kind and place of a fault for the log, without its message, which may quote personal text."""
    return type(error).__name__ + "\n" + "".join(traceback.format_tb(error.__traceback__))


@contextmanager
def _heart(app, key: tuple):
    """Write the beat of a job while the block runs, from a thread of its own."""
    stop = threading.Event()

    def keep_beating():
        while not stop.wait(board.BEAT_EVERY.total_seconds()):
            with app.app_context():
                try:
                    board.beat(*key, clock(app))
                except Exception as error:
                    # A missed beat is no reason to end the work; the next one follows.
                    log.warning("job %s missed a beat: %s", key[1], type(error).__name__)

    thread = threading.Thread(target=keep_beating, name=f"heart-{key[1]}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
