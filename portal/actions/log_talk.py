"""What is said about a log: comments with @, and the note that a mentor keeps alone."""

import re

from portal.actions import audit, notices
from portal.actions.errors import Refused
from portal.actions.steps import expect_version
from portal.domain.words import N_
from portal.extensions import db
from portal.models import CommentMention, MentorNote, Reflection, ReflectionComment
from portal.queries import log_audience, reflections

NAMED = re.compile(r"[@＠]([\u3400-\u9fffA-Za-z·]{1,20})(?:[（(]([^）)\n]{1,40})[）)])?")
MOST_NAMED = 10


def comment(actor, log: Reflection, text: str, *, now) -> tuple[ReflectionComment, list[str]]:
    """Write under a log; tell its writer, and once each person named with @ who may see the log.

    Also answers the names that were not told: nobody of that name may see the log, or more than one.
    """
    row = ReflectionComment(
        district_id=log.district_id,
        reflection_id=log.id,
        person_id=actor.person_id,
        text=text,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()  # mentions point at it
    audit.record(actor, "reflection.comment", log)
    named, unknown = _name(actor, row, log, now)
    notices.tell(
        [log.person_id] if log.person_id not in named else [],
        "comment_written",
        district_id=log.district_id,
        link=f"/reflections/{log.id}",
        now=now,
        besides=actor.person_id,
        who=actor.name,
        what=log.title or log.happened_on.isoformat(),
    )
    return row, unknown


def edit_comment(actor, row: ReflectionComment, text: str, *, now) -> list[str]:
    """Correct one's own comment; only people newly named are told. Answers the names that were not."""
    _still_there(row)
    if text == row.text:
        return []
    row.text, row.edited_at = text, now
    audit.record(actor, "reflection.comment_edit", row.reflection)
    return _name(actor, row, row.reflection, now)[1]


def withdraw_comment(actor, row: ReflectionComment, *, now) -> None:
    """Take one's own comment back: its words are gone for good, its place stays."""
    _still_there(row)
    row.text, row.withdrawn_at = "", now
    audit.record(actor, "reflection.comment_withdraw", row.reflection)


def write_note(actor, log: Reflection, text: str, *, expected) -> MentorNote:
    """Keep what a mentor notes about a log for nobody else's eyes; an empty text clears it."""
    note = reflections.note_of(actor, log)
    if note is None:
        note = MentorNote(district_id=log.district_id, reflection_id=log.id, person_id=actor.person_id)
        db.session.add(note)
    else:
        expect_version(note, expected)
    note.text = text
    db.session.flush()  # the audit entry needs the key
    # That there is a note is the mentor's own affair as well: the history of the log does not tell.
    audit.record(actor, "mentor_note.mentor_note", note)
    return note


def _still_there(row: ReflectionComment) -> None:
    if row.withdrawn_at is not None:
        raise Refused(N_("这条评论已经撤回"))


def _name(actor, row: ReflectionComment, log: Reflection, now) -> tuple[set, list[str]]:
    """Tell the people named with @, each once; their keys, and the names that fit nobody or several."""
    wanted = list(dict.fromkeys(NAMED.findall(row.text)))[:MOST_NAMED]
    if not wanted:
        return set(), []
    # 何思源老师请看 is 何思源: the longest beginning that is a reader's name.
    starts = {name[:length] for name, _ in wanted for length in range(2, min(len(name), 8) + 1)}
    readers = log_audience.readers_named(log, starts)
    told, unknown = {}, []
    for name, school in wanted:
        fitting = _fitting(readers, name, school)
        if len(fitting) == 1:
            told[fitting[0].id] = fitting[0]
        else:
            unknown.append(name[:4])
    known = {mention.person_id for mention in reflections.mentions_of(row)}
    fresh = [key for key in told if key not in known]
    for key in fresh:
        db.session.add(CommentMention(district_id=row.district_id, comment_id=row.id, person_id=key))
    notices.tell(
        fresh,
        "comment_mentions",
        district_id=row.district_id,
        link=f"/reflections/{log.id}",
        now=now,
        besides=actor.person_id,
        who=actor.name,
    )
    return set(told), unknown


def _fitting(readers, name: str, school: str) -> list:
    for length in range(min(len(name), 8), 1, -1):
        found = {
            person.id: person
            for person, at in readers
            if person.name == name[:length] and (not school or at == school.strip())
        }
        if found:
            return list(found.values())
    return []
