"""The opinion box: what lies in it for whom, the collection of a term, who represents the teachers."""

from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Opinion, OpinionDigest, RoleAssignment, School, Term
from portal.queries.paging import Page, page_of
from portal.queries.people import open_on


def by_id(district_id, opinion_id) -> Opinion | None:
    """One opinion."""
    return db.session.get(Opinion, (district_id, opinion_id))


def digest_by_id(district_id, digest_id) -> OpinionDigest | None:
    """One collection."""
    return db.session.get(OpinionDigest, (district_id, digest_id))


def visible_to(actor: Actor):
    """What ``opinion.view`` shows this person, as a select."""
    return select(Opinion).where(
        Opinion.district_id == actor.district_id,
        or_(Opinion.school_id.in_(actor.represents), Opinion.created_by_id == actor.person_id),
    )


def in_box(actor: Actor, school: School, term: Term, cursor: str | None, *, topic="", state="") -> Page:
    """A page of the box as the representative reads it, the newest day first; what was withdrawn is gone."""
    found = visible_to(actor).where(
        Opinion.school_id == school.id, Opinion.term_id == term.id, Opinion.state != "withdrawn"
    )
    for column, value in ((Opinion.topic, topic), (Opinion.state, state)):
        if value:
            found = found.where(column == value)
    return page_of(found.options(joinedload(Opinion.created_by)), Opinion.written_on, Opinion.id, cursor)


def own(actor: Actor, term: Term) -> list[Opinion]:
    """What this person put in with the name in a term, the newest first."""
    found = select(Opinion).where(
        Opinion.district_id == actor.district_id,
        Opinion.created_by_id == actor.person_id,
        Opinion.term_id == term.id,
    )
    return list(db.session.scalars(found.order_by(Opinion.written_on.desc(), Opinion.id.desc()).limit(100)))


def counts(school: School, term: Term) -> dict[str, int]:
    """Opinions of a term by topic, without those that were withdrawn."""
    found = (
        select(Opinion.topic, func.count())
        .where(
            Opinion.district_id == school.district_id,
            Opinion.school_id == school.id,
            Opinion.term_id == term.id,
            Opinion.state != "withdrawn",
        )
        .group_by(Opinion.topic)
    )
    return dict(db.session.execute(found).all())


def written_on(school: School, day: date) -> int:
    """How many were put into this box on a day."""
    found = select(func.count()).where(
        Opinion.district_id == school.district_id, Opinion.school_id == school.id, Opinion.written_on == day
    )
    return db.session.scalar(found)


def digest_of(school: School, term: Term) -> OpinionDigest | None:
    """The collection of a term."""
    return db.session.scalar(
        select(OpinionDigest).where(
            OpinionDigest.district_id == school.district_id,
            OpinionDigest.school_id == school.id,
            OpinionDigest.term_id == term.id,
        )
    )


def representatives(school: School, day: date) -> list:
    """The keys of those who represent the teachers of a school."""
    return [row.person_id for row in representing(school, day)]


def representing(school: School, day: date) -> list[RoleAssignment]:
    """Who represents the teachers of a school on a day, by name."""
    found = select(RoleAssignment).where(
        RoleAssignment.district_id == school.district_id,
        RoleAssignment.school_id == school.id,
        RoleAssignment.role == "representative",
        open_on(RoleAssignment, day),
    )
    rows = db.session.scalars(found.options(joinedload(RoleAssignment.person)))
    return sorted(rows, key=lambda row: (row.person.pinyin, row.person.id))


def open_in(actor: Actor) -> list[tuple]:
    """(school, code of the term, count) of the opinions that this representative has not looked through."""
    if not actor.represents:
        return []
    found = (
        select(Opinion.school_id, Term.code, func.count())
        .join(Term, and_(Term.district_id == Opinion.district_id, Term.id == Opinion.term_id))
        .where(
            Opinion.district_id == actor.district_id,
            Opinion.school_id.in_(actor.represents),
            Opinion.state == "open",
        )
        .group_by(Opinion.school_id, Term.code)
        .order_by(Term.code, Opinion.school_id)
    )
    return [tuple(row) for row in db.session.execute(found)]


def to_answer(actor: Actor) -> list[OpinionDigest]:
    """Collections that wait for this principal."""
    if not actor.principal_of:
        return []
    found = select(OpinionDigest).where(
        OpinionDigest.district_id == actor.district_id,
        OpinionDigest.school_id.in_(actor.principal_of - actor.represents),
        OpinionDigest.state == "submitted",
    )
    return list(
        db.session.scalars(found.options(joinedload(OpinionDigest.school)).order_by(OpinionDigest.id))
    )
