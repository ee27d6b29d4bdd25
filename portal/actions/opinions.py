"""The opinion box: putting something in, collecting it, answering the collection (S1-49)."""

import uuid
from datetime import UTC, datetime, time

from portal.actions import audit, notices
from portal.actions.errors import Refused
from portal.actions.steps import expect_version, take_step
from portal.domain import opinions as rules
from portal.domain.ids import uuid7
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Opinion, OpinionDigest, School, Term
from portal.queries import clusters, opinions


def put(actor, school: School, term: Term, *, topic: str, text: str, named: bool, now) -> Opinion:
    """Put an opinion into the box of the own school.

    One without a name leaves no trace of who wrote it: no author, no entry in the audit trail, no message at the
    moment of writing, a random key instead of one that tells the time, and moments that are the day's. The view
    takes the moment from the note of the sent form as well.
    """
    today = local_day(now)
    if opinions.written_on(school, today) >= rules.MOST_A_DAY:
        raise Refused(N_("今天的意见已经很多，请明天再写"), field="text")
    day = datetime.combine(today, time(), UTC)
    row = Opinion(
        district_id=school.district_id,
        id=uuid7() if named else uuid.uuid4(),
        school_id=school.id,
        term_id=term.id,
        created_by_id=actor.person_id if named else None,
        topic=topic,
        text=text,
        written_on=today,
        created_at=day,
        updated_at=day,
    )
    db.session.add(row)
    if named:
        db.session.flush()  # the entry names the row
        audit.record(actor, "opinion.create", row, {"topic": (None, topic)})
    return row


def take(actor, row: Opinion, step) -> None:
    """Take into the collection, leave out again, or withdraw."""
    take_step(actor, row, step.action, note=step.note, expected=step.expected)


def collect(actor, school: School, term: Term, text: str, *, expected) -> OpinionDigest:
    """Write the collection of a term, as long as it is not handed in."""
    row = opinions.digest_of(school, term)
    if row is None:
        row = OpinionDigest(
            district_id=school.district_id,
            id=uuid7(),
            school_id=school.id,
            term_id=term.id,
            created_by_id=actor.person_id,
            text=text,
        )
        db.session.add(row)
        db.session.flush()  # of two first ones the second is met here, as the constraint's name
        audit.record(actor, "opinion_digest.create", row, {"text": (None, text)})
        return row
    expect_version(row, expected)
    if row.state != "drafting":
        raise Refused(N_("已经报送，不能再修改；需要修改先撤回"))
    if changes := audit.changes_of(row, {"text": text}):
        audit.record(actor, "opinion_digest.edit", row, changes)
    return row


def hand_in(actor, row: OpinionDigest, step, *, now) -> None:
    """Hand the collection to the principal, or take it back before it is answered."""
    with db.session.no_autoflush:  # state and day change together
        row.submitted_on = local_day(now) if step.action == "submit" else None
        take_step(actor, row, step.action, note=step.note, expected=step.expected)
    if step.action == "submit":
        heads = clusters.principals_of(row.district_id, [row.school_id], local_day(now))
        _tell(actor, row, [head.id for head in heads.values()], "digest_submitted", now)


def answer(actor, row: OpinionDigest, text: str, *, expected, now) -> None:
    """The principal's answer; with it all who work at the school read the collection."""
    with db.session.no_autoflush:
        row.reply, row.replied_by_id, row.replied_on = text, actor.person_id, local_day(now)
        take_step(actor, row, "answer", expected=expected, told={"reply": (None, text)})
    _tell(actor, row, opinions.representatives(row.school, local_day(now)), "digest_answered", now)


def _tell(actor, row: OpinionDigest, people, kind: str, now) -> None:
    facts = {"district_id": row.district_id, "link": f"/opinions/digests/{row.id}", "now": now}
    notices.tell(people, kind, **facts, besides=actor.person_id, what=row.school.name, who=actor.name)
