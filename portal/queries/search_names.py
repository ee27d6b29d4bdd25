"""Names in a search: people, schools and clusters in sight, and whose name a word in letters may be."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import selectinload

from portal.domain.access import Actor
from portal.domain.search import folded
from portal.extensions import db
from portal.models import Cluster, Employment, Person, School
from portal.queries import clusters, schools
from portal.queries.people import escaped

MOST_NAMES = 20
MOST_SHOWN = 6


def _people(actor: Actor, word: str):
    """The people at work in the schools in sight whose name has the word, or is read so from its beginning."""
    at = schools.visible_to(actor).with_only_columns(School.id)
    found = select(Person).join(
        Employment, and_(Employment.district_id == Person.district_id, Employment.person_id == Person.id)
    )
    found = found.where(
        Person.district_id == actor.district_id, Employment.ends_on.is_(None), Employment.school_id.in_(at)
    )
    like = escaped(word)
    if not word.isascii():
        return found.where(Person.name.like(f"%{like}%", escape="\\"))
    return found.where(
        or_(
            *(
                spelt.like(pattern, escape="\\")
                for spelt in (Person.pinyin, Person.initials)
                for pattern in (f"{like}%", f"% {like}%")
            )
        )
    )


def read_as(actor: Actor, word: str) -> list[str]:
    """The folded names that begin with a word in letters by their pinyin or initials; none for other words."""
    if not (word.isascii() and word.isalpha() and len(word) > 1):
        return []
    names = _people(actor, word).with_only_columns(Person.name).distinct()
    found = db.session.scalars(names.order_by(Person.name).limit(MOST_NAMES))
    return [name for name in dict.fromkeys(folded(name) for name in found) if len(name.replace(" ", "")) > 1]


def people_named(actor: Actor, word: str) -> list[tuple[Person, str]]:
    """The first people in sight of that name or reading, with their school's name, by pinyin."""
    found = (
        _people(actor, word)
        .join(School, and_(School.district_id == Employment.district_id, School.id == Employment.school_id))
        .add_columns(School.name)
        .options(selectinload(Person.employments))
        .order_by(Person.pinyin, Person.id)
        .limit(MOST_SHOWN)
    )
    return [(person, school) for person, school in db.session.execute(found)]


def schools_named(actor: Actor, word: str) -> list[School]:
    """The first schools in sight whose name has the word."""
    found = schools.visible_to(actor).where(School.name.like(f"%{escaped(word)}%", escape="\\"))
    return list(db.session.scalars(found.order_by(School.name, School.id).limit(MOST_SHOWN)))


def clusters_named(actor: Actor, word: str) -> list[Cluster]:
    """The first clusters in sight whose name has the word."""
    found = clusters.visible_clusters(actor).where(
        Cluster.closed_on.is_(None), Cluster.name.like(f"%{escaped(word)}%", escape="\\")
    )
    return list(db.session.scalars(found.order_by(Cluster.name, Cluster.id).limit(MOST_SHOWN)))
