"""What the search reads: one row for each record that can be found, kept in the record's own transaction.

The row is derived and can be made again at any time (``flask search rebuild``). Who may see a record is never
decided here: each search asks the record's own ``visible_to``. ``tokens`` only makes the asking quick.
"""

import uuid

from sqlalchemy import BigInteger, Index, Text, event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, one_of

SEARCH_KINDS = ("reflection", "record", "meeting", "activity", "resource", "quality")


class SearchEntry(Tenant, db.Model):
    """A record as the search knows it. ``id`` is the record's own.

    ``place`` orders everything by day: the day's number in the upper bits, signs of the record below
    (``actions.search.place_of``). ``text`` is folded. ``tokens`` are its pairs of signs, its kind, and
    who may come to see it, separated by spaces. There are no foreign keys but the district's: the record is
    the truth, and a row without one is never shown.
    """

    kind: Mapped[str] = mapped_column(Code())
    place: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[uuid.UUID | None]
    cluster_id: Mapped[uuid.UUID | None]
    text: Mapped[str]
    tokens: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))

    __table_args__ = (
        one_of("kind", SEARCH_KINDS),
        # In the whole installation: SQLite's word index knows an entry by this number.
        Index("search_place_taken", "place", unique=True),
        Index("ix_search_entry_place", "district_id", "place"),
    )


SQLITE = [
    "CREATE VIRTUAL TABLE search_word USING fts5(tokens, content='search_entry', content_rowid='place',"
    " tokenize='ascii', detail=none, columnsize=0)",
    """CREATE TRIGGER search_word_insert AFTER INSERT ON search_entry BEGIN
  INSERT INTO search_word(rowid, tokens) VALUES (NEW.place, NEW.tokens);
END""",
    """CREATE TRIGGER search_word_delete AFTER DELETE ON search_entry BEGIN
  INSERT INTO search_word(search_word, rowid, tokens) VALUES ('delete', OLD.place, OLD.tokens);
END""",
    """CREATE TRIGGER search_word_update AFTER UPDATE OF place, tokens ON search_entry BEGIN
  INSERT INTO search_word(search_word, rowid, tokens) VALUES ('delete', OLD.place, OLD.tokens);
  INSERT INTO search_word(rowid, tokens) VALUES (NEW.place, NEW.tokens);
END""",
]
# Without fastupdate a search never reads a list of what is still to be sorted in.
POSTGRESQL = ["CREATE INDEX search_entry_words ON search_entry USING gin (tokens) WITH (fastupdate = off)"]


def is_own_schema(name: str | None, kind: str, parents) -> bool:
    """Whether a comparison of schemas looks at a thing: the word index is made by hand on each engine."""
    return not (name or "").startswith(("search_word", "search_entry_words"))


@event.listens_for(SearchEntry.__table__, "after_create")
def _create(target, connection, **_options) -> None:
    """Databases that are made from the models, as in tests; others get it by migration."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[connection.dialect.name]:
        connection.exec_driver_sql(statement)
