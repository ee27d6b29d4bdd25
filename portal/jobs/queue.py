"""Waking the worker. What is lost here is found by the worker itself: the job's row is the truth."""

import logging
import uuid
from functools import cache

from flask import current_app
from huey import MemoryHuey, RedisHuey, SqliteHuey
from huey.api import Huey
from huey.serializer import SignedSerializer

from portal.config import BadSetting
from portal.jobs import running

QUEUE = "portal"

log = logging.getLogger("portal.jobs")


def wake(job) -> None:
    """Tell the worker that a committed job waits; with JOBS_AT_ONCE do it here and now."""
    app = current_app._get_current_object()
    district_id, job_id = job.district_id, job.id
    if app.config["JOBS_AT_ONCE"]:
        running.run(app, district_id, job_id)
    elif not is_polled(app):
        try:
            enqueue(app, district_id, job_id)
        except Exception as error:
            # The worker looks for waiting jobs by itself every few seconds.
            log.warning("job %s was not put into the queue: %s", job_id, type(error).__name__)


def enqueue(app, district_id, job_id) -> None:
    """Put a job's key into the queue. A key that comes twice does no harm: one worker takes the job."""
    huey = queue_of(app)
    huey.enqueue(task_of(huey, app).s(str(district_id), str(job_id)))


def queue_of(app) -> Huey:
    """The application's queue, made at first use."""
    if "portal.queue" not in app.extensions:
        app.extensions["portal.queue"] = make_queue(app.config["QUEUE_URL"], app.secret_key)
    return app.extensions["portal.queue"]


def make_queue(url: str, secret: str) -> Huey:
    """A queue for an address: ``sqlite:///file``, ``redis://host/0``, or ``database``.

    ``database`` needs nothing beside the main database: the worker asks it every second. Messages are
    signed, since reading one unpickles it: who can write into the queue must not run code here.
    """
    options = {"results": False, "serializer": SignedSerializer(secret=secret, salt=QUEUE)}
    if url == "database":
        return MemoryHuey(QUEUE, **options)
    if url.startswith("sqlite:///"):
        return SqliteHuey(QUEUE, filename=url.removeprefix("sqlite:///"), timeout=15, **options)
    if url.startswith(("redis://", "rediss://")):
        try:
            return RedisHuey(QUEUE, url=url, **options)
        except Exception as error:
            raise BadSetting(f"PORTAL_QUEUE_URL: {error}. Redis needs the package redis.") from error
    raise BadSetting("PORTAL_QUEUE_URL must be sqlite:///FILE, redis://HOST or database")


def is_polled(app) -> bool:
    """Whether the worker finds jobs by asking the main database alone."""
    return app.config["QUEUE_URL"] == "database"


def task_of(huey: Huey, app):
    """The one task of the queue: do the job with this key."""
    return _task(huey, app)


@cache
def _task(huey: Huey, app):
    @huey.task(name="portal-job")
    def portal_job(district_id: str, job_id: str):
        with app.app_context():
            running.run(app, uuid.UUID(district_id), uuid.UUID(job_id))

    return portal_job
