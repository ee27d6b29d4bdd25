"""Writing down what was just done (记一笔), completing it, deleting it and putting it back."""

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError

from portal.actions import audit, mentoring, notices, pairing, record_presence, reflections
from portal.actions.errors import Refused
from portal.actions.steps import expect_version
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Reflection, RemovedRecord, WorkRecord
from portal.queries import activities, people, records
from portal.queries import mentoring as pairs
from portal.queries import pairing as school_pairs
from portal.queries import reflections as logs

TEXTS = ("line", "body", "who")
LINKS = ("mentoring_pair_id", "school_pairing_id", "activity_id", "session_id")
KEPT = (
    *("id", "school_id", "kind", "happened_on", *TEXTS, "periods", "quantity", "with_person_id"),
    *("place_school_id", *LINKS, "once_key"),
)
LESSONS = ("lesson", "observation")
UNDO_WITHIN = timedelta(days=1)
EARLIEST = date(2000, 1, 1)


def jot(actor, *, link: str, once_key: str, now, **values) -> WorkRecord | Reflection:
    """Write one record, or for a thought the draft of a reflection log. ``link`` such as ``pair:<key>`` or "".

    A second arrival of the same ``once_key`` gives the first record; what was added in between is
    saved, unless the record has been changed on its own page since.
    """
    write, find = (_think, logs.by_once_key) if values["kind"] == "thought" else (_write, records.by_once_key)
    try:
        with db.session.begin_nested():
            return write(actor, link=link, once_key=once_key, now=now, **values)
    except IntegrityError:
        # Its twin was being written at the same moment and came first.
        twin = find(actor, once_key) if once_key else None
        if twin is None:
            raise
        return twin


def _write(actor, *, link: str, once_key: str, now, **values) -> WorkRecord:
    found = records.by_once_key(actor, once_key) if once_key else None
    if found is None:
        return add(actor, link=link, once_key=once_key, now=now, **values)
    if found.version == 1:
        edit(actor, found, link=link, expected=None, now=now, **values)
    return found


def add(actor, *, link: str, now, once_key: str = "", **values) -> WorkRecord:
    """Write one record and tell the other side of a mentoring pair."""
    values = _checked(values, now)
    linked = _linked(actor, link, values["kind"])
    if not any((values["line"], values["body"], link)):
        raise Refused(N_("写一句就够"), field="text")
    record = WorkRecord(
        district_id=actor.district_id,
        person_id=actor.person_id,
        school_id=people.home_school_ids(actor.district_id, [actor.person_id]).get(actor.person_id),
        once_key=once_key or None,
        **linked,
        **values,
    )
    db.session.add(record)
    db.session.flush()  # the audit entry needs the key
    told = {"record_kind": (None, record.kind), "happened_on": (None, record.happened_on)}
    audit.record(actor, "record.create", record, told)
    record_presence.keep(actor, record, now=now)
    if record.mentoring_pair_id:
        pair = pairs.by_id(actor.district_id, record.mentoring_pair_id)
        notices.tell(
            pair.access_people,
            "pair_record",
            district_id=actor.district_id,
            link=f"/records/{record.id}",
            now=now,
            besides=actor.person_id,
            who=actor.name,
            what=f"{pair.mentor.name}—{pair.mentee.name if pair.mentee else pair.mentee_name}",
        )
    return record


def edit(actor, record: WorkRecord, *, link: str, expected, now, **values) -> None:
    """Complete or correct one's own record."""
    expect_version(record, expected)
    before = records.links_of(record, actor.person_id)
    values = _checked(values, now)
    if not any((values["line"], values["body"], link)):
        raise Refused(N_("写一句就够"), field="line")
    moved = _linked(actor, link, values["kind"]) if set(link.split()) != {one.value for one in before} else {}
    changes = audit.changes_of(record, {**values, **moved})
    if not changes:
        return
    db.session.flush()  # the new link is read from the database
    db.session.refresh(record)
    audit.record(actor, "record.edit", record, _told(actor, record, changes, before))
    record_presence.keep(actor, record, now=now)


def delete(actor, record: WorkRecord, *, expected, now) -> RemovedRecord:
    """Take a record out of every list and count; until the next deletion it can be put back."""
    expect_version(record, expected)
    removed = records.removed_of(actor)
    if removed is None:
        removed = RemovedRecord(district_id=actor.district_id, person_id=actor.person_id)
        db.session.add(removed)
    removed.record_id, removed.removed_at = record.id, now
    removed.values = {name: _plain(getattr(record, name)) for name in KEPT}
    told = {"record_kind": (record.kind, None), "happened_on": (record.happened_on, None)}
    audit.record(actor, "record.delete", record, told)
    reflections.forget_record(record)
    record_presence.forget(actor, record, now=now)
    db.session.delete(record)
    db.session.flush()  # the message that offers to undo needs the key
    return removed


def restore(actor, removed: RemovedRecord, *, now) -> WorkRecord:
    """Put the record deleted last back as it was, within a day."""
    if now - removed.removed_at > UNDO_WITHIN:
        raise Refused(N_("删除已超过一天，不能撤销"))
    values = dict(removed.values)
    values["happened_on"] = date.fromisoformat(values["happened_on"])
    for name in ("id", "school_id", "with_person_id", "place_school_id", *LINKS):
        values[name] = uuid.UUID(values[name]) if values[name] else None
    if values["session_id"] and records.session_by_id(actor.district_id, values["session_id"]) is None:
        values["session_id"] = None  # the timetable has changed meanwhile
    if values["once_key"] and records.by_once_key(actor, values["once_key"]):
        values["once_key"] = None  # the same line was sent again meanwhile and stands on its own
    record = WorkRecord(district_id=actor.district_id, person_id=actor.person_id, **values)
    db.session.add(record)
    db.session.delete(removed)
    db.session.flush()  # the audit entry tells of a row that is there
    audit.record(actor, "record.restore", record)
    record_presence.keep(actor, record, now=now)
    return record


def _think(actor, *, link, once_key, now, **values) -> Reflection:
    """A thought is the beginning of a reflection log that only its writer sees."""
    values = _checked(values, now)
    text = "\n".join(part for part in (values["line"], values["body"]) if part)
    if not text:
        raise Refused(N_("写一句就够"), field="text")
    found = logs.by_once_key(actor, once_key) if once_key else None
    if found is not None and found.version > 1:
        return found
    linked = _linked(actor, link, values["kind"])
    own = {activity.id for activity in logs.linkable_activities(actor)}
    content = {
        "kind": "other",
        "title": "",
        "happened_on": values["happened_on"],
        "experience": text,
        "problem": "",
        "solution": "",
        "visibility": "own",
        "activity_id": linked["activity_id"] if linked["activity_id"] in own else None,
        "mentoring_pair_id": linked["mentoring_pair_id"],
        "session_id": linked["session_id"],
    }
    return reflections.save_draft(actor, found, content, expected=None, once_key=once_key, now=now)


def _checked(values: dict, now: datetime) -> dict:
    """The values with the periods that go without saying. Refused for a day to come."""
    day = values["happened_on"]
    if day > local_day(now):
        raise Refused(N_("日期不能晚于今天"), field="happened_on")
    if day < EARLIEST:
        raise Refused(N_("请检查年份"), field="happened_on")
    if values.get("periods") is None and values["kind"] in LESSONS:
        values = {**values, "periods": 1}
    return values


def _linked(actor, link: str, kind: str) -> dict:
    """The columns that links fill: one of each kind, such as ``pair:… activity:…``.

    Refused for what the person has nothing to do with, and for two pairs at once: a record of two teachers
    is theirs alone, one of two schools is official.
    """
    filled = dict.fromkeys((*LINKS, "with_person_id", "place_school_id"))
    kinds = [part.partition(":")[0] for part in link.split()]
    if len(set(kinds)) < len(kinds) or {"pair", "school"} <= set(kinds):
        raise Refused(N_("请从列出的选项里选择"), field="link")
    for part in link.split():
        found = _found(actor, part, kind)
        filled |= {name: value for name, value in found.items() if filled[name] is None}
    return filled


def _found(actor, part: str, kind: str) -> dict:
    what, _, text = part.partition(":")
    try:
        key = uuid.UUID(text)
    except ValueError:
        raise Refused(N_("请从列出的选项里选择"), field="link") from None
    find = {"pair": _pair, "school": _school_pair, "activity": _activity, "session": _session}.get(what)
    found = find(actor, key, kind) if find else None
    if found is None:
        raise Refused(N_("请从列出的选项里选择"), field="link")
    return found


def _pair(actor, key, kind) -> dict | None:
    pair = pairs.by_id(actor.district_id, key)
    if pair is None or not can(actor, "mentoring.record", pair):
        return None
    mentoring.refuse_unless_begun(pair)
    other = pair.mentee_id if pair.mentor_id == actor.person_id else pair.mentor_id
    return {"mentoring_pair_id": key, "with_person_id": other}


def _school_pair(actor, key, kind) -> dict | None:
    row = school_pairs.by_id(actor.district_id, key)
    if row is None or not can(actor, "pairing.record", row):
        return None
    pairing.refuse_unless_begun(row, kind)
    return {"school_pairing_id": key}


def _activity(actor, key, kind) -> dict | None:
    activity = activities.by_id(actor.district_id, key)
    if activity is None or not can(actor, "activity.view", activity):
        return None
    return {"activity_id": key, "place_school_id": activity.host_school_id}


def _session(actor, key, kind) -> dict | None:
    session = records.session_by_id(actor.district_id, key)
    if session is None or actor.person_id not in (session.person_id, session.substitute_id):
        return None
    return {"session_id": key, "place_school_id": session.school_id}


def _told(actor, record: WorkRecord, changes: dict, before) -> dict:
    """What the audit trail may hold: the words of a private record stay out of it."""
    told = {}
    for name, change in changes.items():
        if name in LINKS:
            after = records.links_of(record, actor.person_id)
            told["link"] = (_labels(before), _labels(after))
        elif name in TEXTS:
            told[name] = change if record.school_pairing_id else (None, None)
        elif name not in ("with_person_id", "place_school_id"):
            told["record_kind" if name == "kind" else name] = change
    return told


def _labels(links) -> str | None:
    return "、".join(one.label for one in links) or None


def _plain(value):
    return value if value is None or isinstance(value, int | str) else str(value)
