"""The rows of background work: asked for, taken, beating, done or failed. Each change is committed at once."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from portal.domain.words import N_
from portal.extensions import db
from portal.models import Job

MOST_TRIES = 3
BEAT_EVERY = timedelta(seconds=5)
# A running job whose beat is older has lost its process.
LOST_AFTER = timedelta(seconds=30)

WAITS = N_("正在排队")
AGAIN = N_("上次没有做完，重新排队")
GAVE_UP = N_("生成过程中断了 %(tries)s 次，请重试；仍不成功请联系管理员")


class JobFailed(Exception):
    """A job cannot be done; ``message`` is a message id with ``words``, as the person should read it."""

    def __init__(self, message: str, **words):
        super().__init__(message)
        self.message, self.words = message, words


def by_id(district_id, job_id) -> Job | None:
    """One job."""
    return db.session.get(Job, (district_id, job_id))


def ask(actor, kind: str, params: dict, *, now: datetime, total: int = 0) -> Job:
    """Put a job on the board, to be committed by the caller and then woken (``queue.wake``).

    Who asks again while the same work waits or runs gets that job.
    """
    waiting = db.session.scalars(
        select(Job)
        .where(
            Job.district_id == actor.district_id,
            Job.person_id == actor.person_id,
            Job.kind == kind,
            Job.state.in_(("queued", "running")),
        )
        .order_by(Job.created_at)
    )
    for job in waiting:
        if job.params == params:
            return job
    job = Job(
        district_id=actor.district_id,
        kind=kind,
        params=params,
        person_id=actor.person_id,
        total=total,
        message=WAITS,
        created_at=now,
    )
    db.session.add(job)
    db.session.flush()  # the key is what the queue and the page carry
    return job


def latest(actor, kind: str, **params) -> Job | None:
    """The newest of a person's recent jobs of a kind that was asked for with these params."""
    recent = db.session.scalars(
        select(Job)
        .where(Job.district_id == actor.district_id, Job.person_id == actor.person_id, Job.kind == kind)
        .order_by(Job.created_at.desc(), Job.id.desc())
        .limit(20)
    )
    return next((job for job in recent if params.items() <= job.params.items()), None)


def retry(job: Job, *, now: datetime) -> bool:
    """Queue a failed job again, with its tries counted from nought. False when it has not failed."""
    return _change(
        job.district_id,
        job.id,
        "failed",
        state="queued",
        tries=0,
        done=0,
        message=WAITS,
        words={},
        created_at=now,
        started_at=None,
        ended_at=None,
    )


def take(district_id, job_id, now: datetime) -> bool:
    """Take a queued job to work on it. False when another worker was first or it waits no more."""
    return _change(
        district_id,
        job_id,
        "queued",
        state="running",
        tries=Job.tries + 1,
        done=0,
        started_at=now,
        beat_at=now,
    )


def tell(district_id, job_id, now: datetime, *, done: int, message: str, **words) -> None:
    """Say how far a running job is."""
    _change(district_id, job_id, "running", done=done, message=message, words=words, beat_at=now)


def beat(district_id, job_id, now: datetime) -> None:
    """Say that a job is still being worked on."""
    _change(district_id, job_id, "running", beat_at=now)


def finish(district_id, job_id, now: datetime, *, message: str, file_id=None, **words) -> bool:
    """A job is done, with the file that it made."""
    return _change(
        district_id,
        job_id,
        "running",
        state="done",
        done=Job.total,
        message=message,
        words=words,
        file_id=file_id,
        ended_at=now,
    )


def fail(district_id, job_id, now: datetime, *, message: str, **words) -> bool:
    """A job cannot be done; the message says why and what to do."""
    return _change(district_id, job_id, "running", state="failed", message=message, words=words, ended_at=now)


def put_back(district_id, job_id, tries: int, now: datetime) -> bool:
    """A running job lost its process: queued again, or failed after MOST_TRIES. Whether it is queued."""
    if tries >= MOST_TRIES:
        fail(district_id, job_id, now, message=GAVE_UP, tries=tries)
        return False
    return _change(district_id, job_id, "running", state="queued", done=0, message=AGAIN, words={})


def lost(now: datetime) -> list:
    """Running jobs without a recent beat: (district, job, tries)."""
    return list(
        db.session.execute(
            select(Job.district_id, Job.id, Job.tries).where(
                Job.state == "running", or_(Job.beat_at.is_(None), Job.beat_at < now - LOST_AFTER)
            )
        )
    )


def waiting(limit: int = 200) -> list:
    """Queued jobs, the oldest first: (district, job)."""
    return list(
        db.session.execute(
            select(Job.district_id, Job.id)
            .where(Job.state == "queued")
            .order_by(Job.created_at, Job.id)
            .limit(limit)
        )
    )


def _change(district_id, job_id, source: str, **values) -> bool:
    """Compare and set: change a job that is in ``source``; whether it was."""
    answer = db.session.execute(
        update(Job)
        .where(Job.district_id == district_id, Job.id == job_id, Job.state == source)
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
    db.session.commit()
    return answer.rowcount == 1
