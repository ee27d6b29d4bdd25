"""Pages of a long list by key: as quick on the thousandth page as on the first."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_

from portal.extensions import db

PAGE_SIZE = 50


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the cursors of its neighbours (None at an end)."""

    rows: list
    newer: str | None
    older: str | None


def page_of(found, column, key, cursor: str | None, *, size: int = PAGE_SIZE, read=None) -> Page:
    """One page of a select, newest first, ordered by ``column`` then ``key``.

    ``cursor`` is ``>value~id`` for the rows after (older than) that row or ``<value~id`` for those before
    it; anything unreadable gives the first page. ``read`` turns the select into rows (default: entities).
    """
    read = read or (lambda statement: list(db.session.scalars(statement)))
    direction, value, row_id = _parsed(cursor)
    if direction == "<":
        statement = found.where(or_(column > value, and_(column == value, key > row_id)))
        rows = read(statement.order_by(column.asc(), key.asc()).limit(size + 1))
        more, rows = len(rows) > size, rows[:size][::-1]
        if not rows:
            return page_of(found, column, key, None, size=size, read=read)
        return Page(
            rows, _cursor("<", rows[0], column, key) if more else None, _cursor(">", rows[-1], column, key)
        )
    if direction == ">":
        found = found.where(or_(column < value, and_(column == value, key < row_id)))
    rows = read(found.order_by(column.desc(), key.desc()).limit(size + 1))
    more, rows = len(rows) > size, rows[:size]
    return Page(
        rows,
        _cursor("<", rows[0], column, key) if direction and rows else None,
        _cursor(">", rows[-1], column, key) if more else None,
    )


def page_by_text(found, column, key, cursor: str | None, *, size: int = PAGE_SIZE, read=None) -> Page:
    """One page of a select in the order of a text column, then ``key``: names, pinyin.

    ``cursor`` is ``>id~text`` for the rows after that row or ``<id~text`` for those before it; anything
    unreadable gives the first page. ``newer`` of the answer is the page before, ``older`` the one after.
    """
    read = read or (lambda statement: list(db.session.scalars(statement)))
    direction, text, row_id = _parsed_text(cursor)
    if direction == "<":
        statement = found.where(or_(column < text, and_(column == text, key < row_id)))
        rows = read(statement.order_by(column.desc(), key.desc()).limit(size + 1))
        more, rows = len(rows) > size, rows[:size][::-1]
        if not rows:
            return page_by_text(found, column, key, None, size=size, read=read)
        before = _text_cursor("<", rows[0], column, key) if more else None
        return Page(rows, before, _text_cursor(">", rows[-1], column, key))
    if direction == ">":
        found = found.where(or_(column > text, and_(column == text, key > row_id)))
    rows = read(found.order_by(column.asc(), key.asc()).limit(size + 1))
    more, rows = len(rows) > size, rows[:size]
    return Page(
        rows,
        _text_cursor("<", rows[0], column, key) if direction and rows else None,
        _text_cursor(">", rows[-1], column, key) if more else None,
    )


def _text_cursor(direction: str, row, column, key) -> str:
    return f"{direction}{getattr(row, key.key)}~{getattr(row, column.key)}"


def _parsed_text(cursor: str | None):
    """(direction, text, key), or three Nones."""
    try:
        direction, (row_id, text) = cursor[0], cursor[1:].split("~", 1)
        if direction not in "<>" or "\0" in text:
            return None, None, None
        return direction, text, uuid.UUID(row_id)
    except (TypeError, ValueError, IndexError):
        return None, None, None


def _cursor(direction: str, row, column, key) -> str:
    return f"{direction}{getattr(row, column.key).isoformat()}~{getattr(row, key.key)}"


def _parsed(cursor: str | None):
    """(direction, date or moment, key), or three Nones."""
    try:
        direction, (value, row_id) = cursor[0], cursor[1:].split("~")
        if direction not in "<>":
            return None, None, None
        moment = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        if isinstance(moment, datetime) and moment.tzinfo is None:
            return None, None, None
        return direction, moment, uuid.UUID(row_id)
    except (TypeError, ValueError, IndexError):
        return None, None, None
