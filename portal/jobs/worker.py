"""The worker process: does the jobs of the queue, and looks after those that were lost."""

import logging
import threading
from datetime import datetime

from portal.documents.renderer import start_early
from portal.extensions import db
from portal.jobs import board, queue
from portal.jobs.running import clock, reading, where

# Two documents at once on a small machine; the renderer bounds memory and time of each.
THREADS = 2
LOOK_EVERY = 10  # seconds
POLL_EVERY = 1  # seconds, where the main database is the queue

log = logging.getLogger("portal.jobs")


def run_worker(app) -> None:
    """Work until SIGTERM, which lets it finish what it does, or Ctrl-C, after which that is done again later."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    huey = queue.queue_of(app)
    queue.task_of(huey, app)
    consumer = huey.create_consumer(
        workers=THREADS,
        worker_type="thread",
        periodic=False,
        max_delay=POLL_EVERY,
        check_worker_health=True,
        graceful_signal="TERM",
    )
    stop = threading.Event()
    looking = threading.Thread(target=_keep_looking, args=(app, stop), name="looking", daemon=True)
    looking.start()
    try:
        # The first document of the day should not wait for the renderer to warm up.
        start_early()
        log.info("The worker is ready.")
        consumer.run()
    finally:
        stop.set()
        looking.join(timeout=5)


def _keep_looking(app, stop: threading.Event) -> None:
    pause = POLL_EVERY if queue.is_polled(app) else LOOK_EVERY
    while True:
        with app.app_context():
            try:
                look_after(app, clock(app))
            except Exception as error:
                # The database may be away for a moment; the next look finds what this one missed.
                log.error("looking for lost jobs failed: %s", where(error))
                db.session.rollback()
        if stop.wait(pause):
            return


def look_after(app, now: datetime) -> int:
    """Queue again what a dead process left running, and wake what waits without a wake-up; how many.

    When the queue holds fewer keys than jobs wait, some were lost. All are then put in: a key that
    comes twice does no harm.
    """
    with reading():
        lost = board.lost(now)
    for district_id, job_id, tries in lost:
        if board.put_back(district_id, job_id, tries, now):
            log.warning("job %s lost its process; it is queued again", job_id)
    with reading():
        found = board.waiting()
    if queue.queue_of(app).pending_count() >= len(found):
        return 0
    for district_id, job_id in found:
        queue.enqueue(app, district_id, job_id)
    return len(found)
