"""Searching everything that was written: what a person may see, newest first, page by page.

Which records fit is asked of the index; whether the person may see each is asked of the record itself, by the same
``visible_to`` as its own list. Nothing is counted: a number would tell of what is out of sight.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, and_, bindparam, cast, column, join, literal_column, or_, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from portal.domain.access import Actor
from portal.domain.search import pairs, piece
from portal.extensions import db
from portal.models import (
    Activity,
    Meeting,
    QualityAnalysis,
    Reflection,
    Resource,
    SearchEntry,
    Term,
    WorkRecord,
)
from portal.models.search_index import first_place
from portal.models.search_sources import mark, read
from portal.queries import activities, meetings, quality, records, reflections, resources, search_names
from portal.queries.paging import Page

PAGE_SIZE = 20
#: Kind -> its table and who sees what of it.
KINDS: dict[str, tuple[type, Callable]] = {
    "reflection": (Reflection, reflections.visible_to),
    "record": (WorkRecord, records.visible_to),
    "meeting": (Meeting, meetings.visible_to),
    "activity": (Activity, activities.visible_to),
    "resource": (Resource, resources.visible_to),
    "quality": (QualityAnalysis, quality.visible_to),
}
Piece = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Hit:
    """A record that was found; ``title``, ``names`` and ``piece`` are (signs, found), ``what`` and ``state`` codes."""

    kind: str
    id: uuid.UUID
    what: str
    state: str
    day: date
    title: Piece
    names: tuple[Piece, ...]
    piece: Piece


def search_page(
    actor: Actor,
    words: Sequence[str],
    *,
    kind: str = "",
    cluster_id: uuid.UUID | None = None,
    term: Term | None = None,
    mine: bool = False,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """One page of ``Hit`` for folded words, each of which a record has; pinyin and initials mean names.

    ``mine`` are the records that the person wrote. ``cursor`` is ``>place`` or ``<place`` of a row.
    """
    if not words:
        return Page([], None, None)
    asked = [[word, *search_names.read_as(actor, word)] for word in words]
    found = _asked(actor, asked, kind if kind in KINDS else "")
    found = found.where(or_(*_sight(actor, kind)))
    if cluster_id:
        found = found.where(SearchEntry.cluster_id == cluster_id)
    if mine:
        found = found.where(SearchEntry.person_id == actor.person_id)
    rows, newer, older = _rows(found, term, cursor, size)
    marked = [each for alternatives in asked for each in alternatives]
    return Page(_hits(actor, rows, marked), newer, older)


def _sight(actor: Actor, kind: str) -> list:
    """For each kind, or the one that is asked for: an entry of it whose record the person sees."""
    return [
        and_(
            SearchEntry.kind == name,
            visible_to(actor).with_only_columns(model.id).where(model.id == SearchEntry.id).exists(),
        )
        for name, (model, visible_to) in KINDS.items()
        if kind not in KINDS or name == kind
    ]


def _readers(actor: Actor) -> list[str]:
    """The marks under which the person may come to see records."""
    people = {actor.person_id, *actor.mentees}
    places = {"p": people, "s": actor.works_at, "c": actor.belongs_to | actor.oversees}
    district = ["a", "o"] if actor.offices else ["a"]
    found = [mark(letter, key) for letter, keys in places.items() for key in keys]
    return sorted(found) + [mark(letter, actor.district_id) for letter in district]


# What differs between the engines: the place of an entry in the order, and how the index is asked.
_WORDS = table("search_word", column("search_word"), column("rowid"))
# The sign keeps SQLite from asking the word index once for each entry of the table.
_WORD_PLACE = literal_column("+search_word.rowid")


def _asked(actor: Actor, asked: list[list[str]], kind: str):
    """(kind, id, place) of the entries that have the words and may be for the reader, as a select."""
    found = select(SearchEntry.kind, SearchEntry.id, SearchEntry.place).where(
        SearchEntry.district_id == actor.district_id
    )
    for alternatives in asked:
        # Two signs are one pair, so the index is exact; what is longer has its pairs in this order, or not.
        if any(len(each) != 2 for each in alternatives):
            found = found.where(or_(*(SearchEntry.text.contains(each) for each in alternatives)))
    groups = [[sorted(pairs(each)) for each in alternatives] for alternatives in asked]
    groups = [group for group in groups if all(group)]
    readers = [[each] for each in _readers(actor)]
    groups += [readers, *([[[f"k{kind}"]]] if kind else [])]
    if db.engine.dialect.name == "sqlite":
        question = _question(groups, '"', " AND ", " OR ")
        joined = join(SearchEntry, _WORDS, SearchEntry.place == _WORD_PLACE)
        return found.select_from(joined).where(_WORDS.c.search_word.op("MATCH")(question))
    # Written out, not bound: a plan that is kept for every question is wrong for the rare and the common alike.
    question = bindparam(None, _question(groups, "'", " & ", " | "), String, literal_execute=True)
    return found.where(SearchEntry.tokens.op("@@")(cast(question, TSQUERY)))


def _question(groups, quote: str, both: str, either: str) -> str:
    """All groups; of a group any alternative; of an alternative all tokens. Tokens are letters and digits alone."""
    return both.join(
        "("
        + either.join("(" + both.join(f"{quote}{token}{quote}" for token in tokens) + ")" for tokens in group)
        + ")"
        for group in groups
    )


def _rows(found, term: Term | None, cursor: str | None, size: int):
    """The rows of a page and the cursors of its neighbours."""
    place = _WORDS.c.rowid if db.engine.dialect.name == "sqlite" else SearchEntry.place
    if term:
        last = date.fromordinal(term.last_day.toordinal() + 1)
        found = found.where(place >= first_place(term.first_day), place < first_place(last))
    direction, number = _parsed(cursor or "")
    if direction == "<":
        rows = db.session.execute(found.where(place > number).order_by(place.asc()).limit(size + 1)).all()
        if not rows:
            return _rows(found, None, None, size)
        more, rows = len(rows) > size, rows[:size][::-1]
        return rows, f"<{rows[0].place}" if more else None, f">{rows[-1].place}"
    if direction == ">":
        found = found.where(place < number)
    rows = db.session.execute(found.order_by(place.desc()).limit(size + 1)).all()
    more, rows = len(rows) > size, rows[:size]
    return (
        rows,
        f"<{rows[0].place}" if direction and rows else None,
        f">{rows[-1].place}" if more else None,
    )


def _parsed(cursor: str) -> tuple[str, int]:
    """Direction and place of a cursor; ("", 0) for anything unreadable."""
    direction, number = cursor[:1], cursor[1:]
    readable = direction in ("<", ">") and number.isascii() and number.isdecimal() and len(number) < 20
    return (direction, min(int(number), (1 << 63) - 1)) if readable else ("", 0)


def _hits(actor: Actor, rows, words: Sequence[str]) -> list[Hit]:
    sources: dict = {}
    for kind in {row.kind for row in rows}:
        keys = [row.id for row in rows if row.kind == kind]
        sources |= {
            (kind, key): each for key, each in read(db.session, kind, actor.district_id, keys).items()
        }
    found = [(row.kind, sources[row.kind, row.id]) for row in rows if (row.kind, row.id) in sources]
    return [
        Hit(
            kind=kind,
            id=each.id,
            what=each.what,
            state=each.state,
            day=each.day,
            title=piece([each.title], words),
            names=tuple(piece([name], words) for name in each.names if name),
            piece=piece(each.texts, words, each.beside),
        )
        for kind, each in found
    ]
