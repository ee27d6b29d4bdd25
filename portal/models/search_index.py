"""Keeping what the search reads: whenever a record is written, its entry is written in the same transaction."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import delete, event, inspect, select
from sqlalchemy.dialects import postgresql, sqlite

from portal.domain.search import folded, pairs
from portal.extensions import db
from portal.models.activity_credits import ActivityCredit
from portal.models.activity_work import ActivityCluster
from portal.models.attachments import ActivityFile, Attachment, ResourceFile
from portal.models.clusters import School
from portal.models.observation_forms import ObservationSheet
from portal.models.pairing import MentoringPair, SchoolPairing
from portal.models.people import Person
from portal.models.plans import Activity, Meeting, MeetingTask
from portal.models.quality import QualityAnalysis, QualityStep
from portal.models.records import WorkRecord
from portal.models.reflection_files import ReflectionFile
from portal.models.reflections import Reflection, ReflectionComment
from portal.models.resources import Resource
from portal.models.search import SearchEntry
from portal.models.search_sources import Source, read

BITS = 43  # below the day's number, which takes 20: together they fit an engine's largest integer
# PostgreSQL keeps at most a megabyte of tokens; no text of people comes near this many pairs.
MOST_PAIRS = 100_000
AT_ONCE = 400
#: Which record a row belongs to: kind, column of the record's key.
OWNERS = {
    Reflection: ("reflection", "id"),
    ReflectionComment: ("reflection", "reflection_id"),
    ReflectionFile: ("reflection", "reflection_id"),
    WorkRecord: ("record", "id"),
    ObservationSheet: ("record", "record_id"),
    Meeting: ("meeting", "id"),
    MeetingTask: ("meeting", "meeting_id"),
    Activity: ("activity", "id"),
    ActivityCluster: ("activity", "activity_id"),
    ActivityCredit: ("activity", "activity_id"),
    ActivityFile: ("activity", "activity_id"),
    Resource: ("resource", "id"),
    ResourceFile: ("resource", "resource_id"),
    QualityAnalysis: ("quality", "id"),
    QualityStep: ("quality", "analysis_id"),
}

_LINKS = {link.OWNER: link for link in (ActivityFile, ReflectionFile, ResourceFile)}


def place_of(day, key) -> int:
    """Where a record stands in the order of days: the day above, signs of its key below."""
    below = int.from_bytes(hashlib.blake2b(key.bytes, digest_size=8).digest()) >> (64 - BITS)
    return day.toordinal() << BITS | below


def first_place(day) -> int:
    """The first place of a day."""
    return day.toordinal() << BITS


def refresh(session, kind: str, district_id, ids: Iterable) -> None:
    """Make the entries of these records what the records are now; of what is gone, remove it."""
    ids = sorted(ids)
    for begin in range(0, len(ids), AT_ONCE):
        _refresh(session, kind, district_id, ids[begin : begin + AT_ONCE])


def _refresh(session, kind: str, district_id, ids) -> None:
    entry = SearchEntry.__table__
    own = (entry.c.district_id == district_id, entry.c.id.in_(ids))
    # Locked before the records are read: of two who write parts of one record the second reads the first's too.
    held = select(entry.c.id, entry.c.place).where(*own).order_by(entry.c.id).with_for_update()
    before = {key: place for key, place in session.execute(held)}
    found = read(session, kind, district_id, ids)
    gone = before.keys() - found.keys()
    if gone:
        session.execute(delete(entry).where(entry.c.district_id == district_id, entry.c.id.in_(gone)))
    if found:
        places = _places(session, before, found)
        _write(session, [_entry(kind, district_id, each, places[each.id]) for each in found.values()])


def _places(session, before: dict, found: dict[object, Source]) -> dict:
    """Record -> its place: the present one while its day stays, else one that nobody has."""
    places = {key: place for key, place in before.items() if key in found}
    moved = {
        key: place_of(each.day, key)
        for key, each in found.items()
        if places.get(key, -1) >> BITS != each.day.toordinal()
    }
    if moved:
        column = SearchEntry.__table__.c.place
        taken = set(session.scalars(select(column).where(column.in_(moved.values()))))
        places |= {key: place ^ (place in taken) for key, place in moved.items()}
    return places


def _entry(kind: str, district_id, source: Source, place: int) -> dict:
    text = folded(source.words)
    return {
        "district_id": district_id,
        "id": source.id,
        "kind": kind,
        "place": place,
        "person_id": source.person_id,
        "cluster_id": source.cluster_id,
        "text": text,
        "tokens": " ".join([*sorted(pairs(text))[:MOST_PAIRS], f"k{kind}", *sorted(source.readers)]),
    }


def _write(session, rows: list[dict]) -> None:
    dialect = {"postgresql": postgresql, "sqlite": sqlite}[session.connection().dialect.name]
    made = dialect.insert(SearchEntry.__table__)
    kept = {name: made.excluded[name] for name in rows[0] if name not in ("district_id", "id")}
    session.execute(made.on_conflict_do_update(index_elements=["district_id", "id"], set_=kept), rows)


@event.listens_for(db.session, "after_flush")
def _follow(session, _context) -> None:
    """Bring the entries of everything that was written up to date."""
    asked: dict = defaultdict(set)
    for row in (*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row))):
        owner = OWNERS.get(type(row))
        if owner:
            asked[owner[0], row.district_id].add(getattr(row, owner[1]))
        elif type(row) in _REACHES and row not in session.new:
            for kind, key in _REACHES[type(row)](session, row):
                asked[kind, row.district_id].add(key)
    for (kind, district_id), ids in sorted(asked.items(), key=lambda each: (each[0][0], each[0][1].bytes)):
        refresh(session, kind, district_id, ids)


def _changed(row, *names: str) -> bool:
    return any(inspect(row).attrs[name].history.has_changes() for name in names)


def _of_attachment(session, row):
    """A file that was removed or put back, of what the search reads the files of."""
    link = _LINKS.get(row.owner_kind)
    if link is None:
        return []
    owner = getattr(link, link.OWNER_COLUMN)
    found = select(owner).where(link.district_id == row.district_id, link.attachment_id == row.id)
    return [(row.owner_kind, key) for key in session.scalars(found)]


def _of_pair(column, *names: str):
    def reached(session, row):
        if not _changed(row, *names):
            return []
        found = select(WorkRecord.id).where(WorkRecord.district_id == row.district_id, column == row.id)
        return [("record", key) for key in session.scalars(found)]

    return reached


def _named(session, row):
    """Everything that has the former name of a person or a school."""
    former = [folded(name) for name in inspect(row).attrs["name"].history.deleted if name]
    found = []
    for name in filter(None, former):
        entries = select(SearchEntry.kind, SearchEntry.id).where(
            SearchEntry.district_id == row.district_id, SearchEntry.text.contains(name)
        )
        found += [tuple(each) for each in session.execute(entries)]
    return found


#: Rows beside the records, and what they reach when they change.
_REACHES = {
    Attachment: _of_attachment,
    MentoringPair: _of_pair(
        WorkRecord.mentoring_pair_id, "mentor_id", "mentee_id", "mentee_name", "cluster_id"
    ),
    SchoolPairing: _of_pair(WorkRecord.school_pairing_id, "donor_id", "beneficiary_id", "cluster_id"),
    Person: _named,
    School: _named,
}
