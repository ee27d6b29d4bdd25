"""Counting the statements that a page costs."""

from contextlib import contextmanager
from types import SimpleNamespace

from sqlalchemy import event

from portal.extensions import db


@contextmanager
def counted_queries():
    """``with counted_queries() as found: ...``: ``found.count`` statements were sent, ``found.texts`` are they."""
    found = SimpleNamespace(count=0, texts=[])

    def note(connection, cursor, statement, *rest):
        found.count += 1
        found.texts.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
