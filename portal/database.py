"""The declarative base and the engine settings: UTC times, names of constraints, SQLite as it should be."""

import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import JSON, DateTime, MetaData, Text, TypeDecorator, Uuid, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, registry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator):
    """A moment, always aware and in UTC; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value, dialect):
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Key(Uuid):
    """A key. One that was read lately is given as the same object: it need not be made, and is compared at once."""

    cache_ok = True

    def result_processor(self, dialect, coltype):
        """None where the driver makes the keys itself, as PostgreSQL's does."""
        return _read_key if super().result_processor(dialect, coltype) else None


# Some megabytes at most. A page reads the keys of the same schools, people and terms again and again.
_known_key = lru_cache(1 << 15)(uuid.UUID)


def _read_key(value: str | None) -> uuid.UUID | None:
    return None if value is None else _known_key(value)


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            uuid.UUID: Key(),
            datetime: UtcDateTime(),
            str: Text(),
            dict: JSON().with_variant(JSONB(), "postgresql"),
            list: JSON().with_variant(JSONB(), "postgresql"),
        },
    )


# Reading requests begin a deferred transaction; everything else takes SQLite's write lock at once,
# so that two writers queue instead of failing half way.
_reading: ContextVar[bool] = ContextVar("reading", default=False)


def begin_reading(value: bool) -> None:
    """Say whether the transactions of this request or task only read."""
    _reading.set(value)


@event.listens_for(Engine, "connect")
def _set_up_sqlite(connection, record) -> None:
    if type(connection).__module__.split(".")[0] != "sqlite3":
        return
    # The driver's own transaction handling would commit before some statements and lose updates.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=15000")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")
