"""Reflection logs: one's own, and those that their writers share."""

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import (
    Activity,
    ActivityParticipant,
    CommentMention,
    Membership,
    MentoringPair,
    MentorNote,
    Person,
    Reflection,
    ReflectionComment,
    Term,
)
from portal.queries.paging import Page, page_of
from portal.queries.people import open_on

TABS = ("shared", "mine", "mentees")


def by_id(district_id, reflection_id) -> Reflection | None:
    """One log."""
    return db.session.get(Reflection, (district_id, reflection_id))


def by_once_key(actor: Actor, once_key: str) -> Reflection | None:
    """The writer's own log that was begun with this key, if it has arrived before."""
    return db.session.scalar(
        select(Reflection).where(
            Reflection.district_id == actor.district_id,
            Reflection.person_id == actor.person_id,
            Reflection.once_key == once_key,
        )
    )


def visible_to(actor: Actor):
    """The logs that ``reflection.view`` shows this person, as a select."""
    shared = and_(
        Reflection.state == "submitted",
        or_(
            and_(Reflection.visibility != "own", Reflection.person_id.in_(actor.mentees)),
            and_(Reflection.visibility.in_(("school", "cluster")), Reflection.school_id.in_(actor.works_at)),
            and_(Reflection.visibility == "cluster", Reflection.cluster_id.in_(actor.belongs_to)),
        ),
    )
    return select(Reflection).where(
        Reflection.district_id == actor.district_id,
        or_(Reflection.person_id == actor.person_id, shared),
    )


def reflection_page(
    actor: Actor, *, tab: str, cursor: str | None = None, size: int = 10, link=None, term_id=None, **equal
) -> Page:
    """One page of the logs of a tab, newest first. ``equal`` are kind, subject and theme; empty ones do not count.

    ``link`` is (column, key) of what the logs belong to.
    """
    found = visible_to(actor).options(joinedload(Reflection.person), joinedload(Reflection.school))
    if tab == "mine":
        found = found.where(Reflection.person_id == actor.person_id)
    else:
        found = found.where(Reflection.state == "submitted")
    if tab == "mentees":
        found = found.where(Reflection.person_id.in_(actor.mentees))
    for name, value in equal.items():
        if value:
            found = found.where(getattr(Reflection, name) == value)
    if term_id:
        found = found.where(Reflection.term_id == term_id)
    if link:
        found = found.where(getattr(Reflection, link[0]) == link[1])
    return page_of(found, Reflection.happened_on, Reflection.id, cursor, size=size)


def values_of(actor: Actor, name: str, most: int = 60) -> list[str]:
    """The subjects or themes (``name``) of the logs in sight, the most frequent first."""
    column = getattr(Reflection, name)
    found = (
        visible_to(actor)
        .where(column != "")
        .with_only_columns(column)
        .group_by(column)
        .order_by(func.count().desc(), column)
        .limit(most)
    )
    return list(db.session.scalars(found))


def shared_with_solution(actor: Actor, *, besides=None, most: int = 1500) -> list:
    """(key, problem, title) of the newest submitted logs in sight that say how a problem was solved."""
    found = visible_to(actor).where(
        Reflection.state == "submitted",
        Reflection.problem != "",
        or_(Reflection.solution != "", Reflection.experience != "", Reflection.plan != ""),
    )
    if besides is not None:
        found = found.where(Reflection.id != besides)
    found = found.with_only_columns(Reflection.id, Reflection.problem, Reflection.title, Reflection.theme)
    return db.session.execute(
        found.order_by(Reflection.happened_on.desc(), Reflection.id.desc()).limit(most)
    ).all()


def by_ids(actor: Actor, keys) -> dict:
    """Those of the logs in sight, by key, with writer and school."""
    found = (
        visible_to(actor)
        .where(Reflection.id.in_(list(keys)))
        .options(joinedload(Reflection.person), joinedload(Reflection.school))
    )
    return {row.id: row for row in db.session.scalars(found)}


def comment_counts(district_id, reflection_ids) -> dict:
    """Log -> number of comments."""
    rows = db.session.execute(
        select(ReflectionComment.reflection_id, func.count())
        .where(
            ReflectionComment.district_id == district_id,
            ReflectionComment.reflection_id.in_(reflection_ids),
            ReflectionComment.withdrawn_at.is_(None),
        )
        .group_by(ReflectionComment.reflection_id)
    )
    return {reflection_id: count for reflection_id, count in rows}


def comment_by_id(district_id, comment_id) -> ReflectionComment | None:
    """One comment."""
    return db.session.get(ReflectionComment, (district_id, comment_id))


def mentions_of(comment: ReflectionComment) -> list[CommentMention]:
    """Whom a comment has named so far."""
    return list(
        db.session.scalars(
            select(CommentMention).where(
                CommentMention.district_id == comment.district_id, CommentMention.comment_id == comment.id
            )
        )
    )


def note_of(actor: Actor, reflection: Reflection) -> MentorNote | None:
    """The note that this person keeps about a log."""
    return db.session.scalar(
        select(MentorNote).where(
            MentorNote.district_id == reflection.district_id,
            MentorNote.reflection_id == reflection.id,
            MentorNote.person_id == actor.person_id,
        )
    )


def comments_of(reflection: Reflection) -> list[ReflectionComment]:
    """The comments with their writers, oldest first."""
    return list(
        db.session.scalars(
            select(ReflectionComment)
            .where(
                ReflectionComment.district_id == reflection.district_id,
                ReflectionComment.reflection_id == reflection.id,
            )
            .options(joinedload(ReflectionComment.person))
            .order_by(ReflectionComment.created_at, ReflectionComment.id)
        )
    )


def drafts(actor: Actor) -> list[Reflection]:
    """One's unfinished logs, newest first."""
    return list(
        db.session.scalars(
            select(Reflection)
            .where(
                Reflection.district_id == actor.district_id,
                Reflection.person_id == actor.person_id,
                Reflection.state == "draft",
            )
            .order_by(Reflection.happened_on.desc(), Reflection.id.desc())
            .limit(20)
        )
    )


def term_counts(actor: Actor, term: Term) -> dict[str, int]:
    """How many logs the person wrote and submitted in a term: ``written``, ``submitted``."""
    row = db.session.execute(
        select(func.count(), func.count().filter(Reflection.state == "submitted")).where(
            Reflection.district_id == actor.district_id,
            Reflection.person_id == actor.person_id,
            Reflection.term_id == term.id,
        )
    ).one()
    return {"written": row[0], "submitted": row[1]}


def linkable_activities(actor: Actor) -> list[Activity]:
    """The activities of the last weeks in which the person took part."""
    return list(
        db.session.scalars(
            select(Activity)
            .join(
                ActivityParticipant,
                and_(
                    ActivityParticipant.district_id == Activity.district_id,
                    ActivityParticipant.activity_id == Activity.id,
                ),
            )
            .where(
                Activity.district_id == actor.district_id, ActivityParticipant.person_id == actor.person_id
            )
            .order_by(Activity.starts_at.desc(), Activity.id)
            .limit(8)
        )
    )


def main_cluster_id(district_id, school_id, day):
    """The cluster in which a school counts on a day, or None."""
    return db.session.scalar(
        select(Membership.cluster_id)
        .where(
            Membership.district_id == district_id,
            Membership.school_id == school_id,
            Membership.is_main.is_(True),
        )
        .where(open_on(Membership, day))
        .order_by(Membership.starts_on)
        .limit(1)
    )


def mentors_of(district_id, person_id) -> list[Person]:
    """The people who mentor this person now."""
    return list(
        db.session.scalars(
            select(Person)
            .join(
                MentoringPair,
                and_(MentoringPair.district_id == Person.district_id, MentoringPair.mentor_id == Person.id),
            )
            .where(
                MentoringPair.district_id == district_id,
                MentoringPair.mentee_id == person_id,
                MentoringPair.state == "active",
            )
            .order_by(Person.pinyin, Person.id)
        )
    )
