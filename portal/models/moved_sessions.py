"""Dated lessons that are given at another time, and the guard that such a lesson is given once.

A lesson that moves stays at its old time, cancelled. However often it moves, and wherever it goes back to, of all
its times one at most stands: the database sees to it by ``lesson_given_twice``, on either engine.
"""

import uuid

from sqlalchemy import Index, UniqueConstraint, event
from sqlalchemy.orm import Mapped

from portal.extensions import db
from portal.models.base import Tenant, one, ref
from portal.models.visiting import VisitingSession


class MovedSession(Tenant, db.Model):
    """``session_id`` is given instead of ``origin_id``, the timetable's own; it came there from ``from_id``.

    The last two differ where a lesson that had moved was moved once more.
    """

    session_id: Mapped[uuid.UUID]
    origin_id: Mapped[uuid.UUID]
    from_id: Mapped[uuid.UUID]

    session = one("VisitingSession", "MovedSession", "session_id")
    before = one("VisitingSession", "MovedSession", "from_id")

    __table_args__ = (
        ref("session_id", "visiting_session", ondelete="CASCADE"),
        ref("origin_id", "visiting_session", ondelete="CASCADE"),
        ref("from_id", "visiting_session", ondelete="CASCADE"),
        UniqueConstraint("district_id", "session_id", name="moved_from_once"),
        Index("ix_moved_session_origin", "district_id", "origin_id"),
        Index("ix_moved_session_from", "district_id", "from_id"),
    )


def _others(key: str, origin: str) -> str:
    """Whether another time of the lesson stands besides the one with this key."""
    return f"""EXISTS (
    SELECT 1 FROM visiting_session AS other
    WHERE other.district_id = NEW.district_id AND other.state <> 'cancelled' AND other.id <> {key}
      AND other.id IN (
        SELECT {origin} UNION ALL
        SELECT moved.session_id FROM moved_session AS moved
        WHERE moved.district_id = NEW.district_id AND moved.origin_id = {origin}))"""


_ORIGIN = """COALESCE((SELECT first.origin_id FROM moved_session AS first
        WHERE first.district_id = NEW.district_id AND first.session_id = NEW.id), NEW.id)"""
BACK = _others("NEW.id", _ORIGIN)
AWAY = f"""EXISTS (SELECT 1 FROM visiting_session AS own WHERE own.district_id = NEW.district_id
  AND own.id = NEW.session_id AND own.state <> 'cancelled') AND {_others("NEW.session_id", "NEW.origin_id")}"""

_REFUSED = "SELECT RAISE(ABORT, 'CHECK constraint failed: lesson_given_twice') WHERE"
SQLITE = [
    f"""CREATE TRIGGER lesson_given_twice_update BEFORE UPDATE OF state ON visiting_session
WHEN NEW.state <> 'cancelled' AND OLD.state = 'cancelled'
BEGIN
  {_REFUSED} {BACK};
END""",
    f"""CREATE TRIGGER lesson_given_twice_insert BEFORE INSERT ON moved_session
BEGIN
  {_REFUSED} {AWAY};
END""",
]


def _function(name: str, clash: str) -> str:
    return f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {clash} THEN
    RAISE EXCEPTION 'lesson given twice' USING ERRCODE = 'unique_violation', CONSTRAINT = 'lesson_given_twice';
  END IF;
  RETURN NEW;
END $$"""


# By its name it runs after class_booked_twice, which has put the writers of a school in line.
POSTGRESQL = [
    _function("refuse_lesson_back_twice", BACK),
    _function("refuse_lesson_away_twice", AWAY),
    """CREATE TRIGGER lesson_given_twice BEFORE UPDATE OF state ON visiting_session
FOR EACH ROW WHEN (NEW.state <> 'cancelled' AND OLD.state = 'cancelled')
EXECUTE FUNCTION refuse_lesson_back_twice()""",
    """CREATE TRIGGER lesson_given_twice BEFORE INSERT ON moved_session
FOR EACH ROW EXECUTE FUNCTION refuse_lesson_away_twice()""",
]
FUNCTIONS = ("refuse_lesson_back_twice", "refuse_lesson_away_twice")


@event.listens_for(MovedSession.__table__, "after_create")
def _create(target, connection, **_options) -> None:
    """Databases that are made from the models, as in tests; others get it by migration."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[connection.dialect.name]:
        connection.exec_driver_sql(statement)


@event.listens_for(VisitingSession.__table__, "after_drop")
def _drop(target, connection, **_options) -> None:
    if connection.dialect.name == "postgresql":
        for name in FUNCTIONS:
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}()")
