"""Schools of a district: which ones a person sees, and what a school's page shows."""

from datetime import date

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Employment, Membership, Person, School
from portal.queries.paging import Page, page_by_text
from portal.queries.people import escaped, open_on


def by_id(district_id, school_id) -> School | None:
    """One school."""
    return db.session.get(School, (district_id, school_id))


def by_name(district_id, name: str) -> School | None:
    """The school of that name."""
    return db.session.scalar(select(School).where(School.district_id == district_id, School.name == name))


def visible_to(actor: Actor):
    """The schools that ``school.view`` shows this person, as a select.

    Past members of a cluster stay in sight of it, as they do on its page.
    """
    found = select(School).where(School.district_id == actor.district_id)
    if actor.offices:
        return found
    in_a_cluster = exists().where(
        Membership.district_id == School.district_id,
        Membership.school_id == School.id,
        Membership.cluster_id.in_(actor.belongs_to | actor.oversees),
    )
    return found.where(or_(School.id.in_(actor.works_at | actor.led_schools), in_a_cluster))


def matching(
    actor: Actor,
    day: date,
    *,
    name: str = "",
    kind: str = "",
    location: str = "",
    weak: str = "",
    public: str = "",
    cluster_id=None,
    closed: str = "",
):
    """The schools in sight that fit the filters, as a select. ``weak``, ``public``, ``closed``: yes, no or ""."""
    found = visible_to(actor)
    if name:
        found = found.where(School.name.like(f"%{escaped(name)}%", escape="\\"))
    if kind:
        found = found.where(School.kind == kind)
    if location:
        found = found.where(School.location == location)
    for column, value in ((School.is_weak, weak), (School.is_public, public)):
        if value in ("yes", "no"):
            found = found.where(column.is_(value == "yes"))
    if cluster_id:
        members = (
            select(Membership.school_id)
            .where(Membership.district_id == actor.district_id, Membership.cluster_id == cluster_id)
            .where(open_on(Membership, day))
        )
        found = found.where(School.id.in_(members))
    if closed != "all":
        found = found.where(School.closed_on.is_not(None) if closed == "yes" else School.closed_on.is_(None))
    return found


def school_page(actor: Actor, day: date, *, cursor: str | None = None, **filters) -> Page:
    """One page of the schools in sight by name, filtered, each with its centre school."""
    found = matching(actor, day, **filters).options(joinedload(School.parent))
    return page_by_text(found, School.name, School.id, cursor)


def all_matching(actor: Actor, day: date, **filters) -> list[School]:
    """Every school that fits, by name, for an export."""
    found = matching(actor, day, **filters).options(joinedload(School.parent))
    return list(db.session.scalars(found.order_by(School.name, School.id)))


def clusters_of(district_id, school_ids, day: date) -> dict:
    """School -> its memberships on a day, the main one first."""
    rows = db.session.scalars(
        select(Membership)
        .where(Membership.district_id == district_id, Membership.school_id.in_(school_ids))
        .where(open_on(Membership, day))
        .options(joinedload(Membership.cluster))
        .order_by(Membership.is_main.desc(), Membership.starts_on, Membership.id)
    )
    found: dict = {}
    for row in rows:
        found.setdefault(row.school_id, []).append(row)
    return found


def memberships_of(school: School) -> list[Membership]:
    """Every membership of a school, newest first."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.district_id == school.district_id, Membership.school_id == school.id)
            .options(joinedload(Membership.cluster))
            .order_by(Membership.starts_on.desc(), Membership.id)
        )
    )


def memberships_after(school: School, day: date) -> list[Membership]:
    """The memberships of a school that are in force after a day."""
    return [m for m in memberships_of(school) if m.ends_on is None or m.ends_on > day]


def memberships_from(school: School, day: date, *, is_main: bool, cluster_id=None) -> list[Membership]:
    """The memberships of a school that are in force on a day or later: its main ones, or the others."""
    found = select(Membership).where(
        Membership.district_id == school.district_id,
        Membership.school_id == school.id,
        Membership.is_main.is_(is_main),
        or_(Membership.ends_on.is_(None), Membership.ends_on >= day),
    )
    if cluster_id is not None:
        found = found.where(Membership.cluster_id == cluster_id)
    return list(db.session.scalars(found.order_by(Membership.starts_on, Membership.id)))


def without_main(district_id, school_ids, day: date) -> set:
    """Those of the schools that count in no cluster on a day: none of theirs is the main one."""
    counted = db.session.scalars(
        select(Membership.school_id)
        .where(
            Membership.district_id == district_id,
            Membership.school_id.in_(school_ids),
            Membership.is_main.is_(True),
        )
        .where(open_on(Membership, day))
    )
    return set(school_ids) - set(counted)


def people_on_staff(school: School) -> int:
    """How many people have this school as their present home school."""
    return db.session.scalar(
        select(func.count())
        .select_from(Employment)
        .where(
            Employment.district_id == school.district_id,
            Employment.school_id == school.id,
            Employment.ends_on.is_(None),
        )
    )


def staff_of(school: School):
    """The people whose present home school this is, by name, as a select."""
    return (
        select(Person)
        .join(
            Employment,
            and_(Employment.district_id == Person.district_id, Employment.person_id == Person.id),
        )
        .where(
            Employment.district_id == school.district_id,
            Employment.school_id == school.id,
            Employment.ends_on.is_(None),
        )
        .order_by(Person.pinyin, Person.id)
    )


def sub_schools(school: School, *, closed: bool = True) -> list[School]:
    """The schools under a centre school, by name; without ``closed`` only those that still run."""
    found = (
        select(School)
        .where(School.district_id == school.district_id, School.parent_id == school.id)
        .order_by(School.name, School.id)
    )
    return list(db.session.scalars(found if closed else found.where(School.closed_on.is_(None))))


def open_schools(district_id) -> list[School]:
    """The schools that run, by name: the choices of a form."""
    return list(
        db.session.scalars(
            select(School)
            .where(School.district_id == district_id, School.closed_on.is_(None))
            .order_by(School.name, School.id)
        )
    )


def possible_centres(district_id, besides=None) -> list[School]:
    """The schools that may have sub-schools: running and not below another one."""
    return [s for s in open_schools(district_id) if s.parent_id is None and s.id != besides]


def with_id_in(district_id, school_ids) -> list[School]:
    """The schools with these keys, by name."""
    return list(
        db.session.scalars(
            select(School)
            .where(School.district_id == district_id, School.id.in_(school_ids))
            .order_by(School.name, School.id)
        )
    )


def in_hand(actor: Actor) -> list[School]:
    """The running schools whose people a person looks after: all for the bureau, else own and directed ones."""
    if actor.offices:
        return open_schools(actor.district_id)
    return [
        s
        for s in with_id_in(actor.district_id, actor.manages_schools | actor.directed_schools)
        if s.closed_on is None
    ]
