"""People as those see them who look after them: lists of a school or district, posts, roles, accounts."""

from datetime import date

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import Account, Employment, Person, RoleAssignment, School
from portal.queries.paging import Page, page_by_text
from portal.queries.people import escaped, open_on
from portal.queries.schools import staff_of


def visible_to(actor: Actor):
    """The people that ``person.view`` shows this person, as a select."""
    found = select(Person).where(Person.district_id == actor.district_id)
    if actor.offices:
        return found
    schools = actor.manages_schools | actor.directed_schools
    return found.where(or_(Person.id == actor.person_id, _kept_by(schools)))


def _kept_by(schools):
    """Whose present home school is one of these; after leaving, the last one."""
    post, later = aliased(Employment), aliased(Employment)
    own = and_(post.district_id == Person.district_id, post.person_id == Person.id)
    present = exists().where(own, post.ends_on.is_(None))
    ended_later = exists().where(
        later.district_id == post.district_id,
        later.person_id == post.person_id,
        or_(later.ends_on > post.ends_on, and_(later.ends_on == post.ends_on, later.id > post.id)),
    )
    return or_(
        exists().where(own, post.ends_on.is_(None), post.school_id.in_(schools)),
        and_(~present, exists().where(own, post.school_id.in_(schools), ~ended_later)),
    )


def matching(
    actor: Actor, day: date, *, school_id=None, words: str = "", role: str = "", state: str = "", account=""
):
    """The people in sight that fit the filters, as a select.

    ``state``: "" at a school or bureau now, left. ``account``: yes, no or "". ``words``: of name or pinyin.
    """
    found = visible_to(actor)
    present = exists().where(
        Employment.district_id == Person.district_id,
        Employment.person_id == Person.id,
        Employment.ends_on.is_(None),
    )
    ever = exists().where(Employment.district_id == Person.district_id, Employment.person_id == Person.id)
    found = found.where(and_(ever, ~present) if state == "left" else or_(present, ~ever))
    if school_id:
        found = found.where(_kept_by([school_id]))
    if role:
        found = found.where(
            exists().where(
                RoleAssignment.district_id == Person.district_id,
                RoleAssignment.person_id == Person.id,
                RoleAssignment.role == role,
                open_on(RoleAssignment, day),
            )
        )
    if account in ("yes", "no"):
        has = exists().where(Account.district_id == Person.district_id, Account.person_id == Person.id)
        found = found.where(has if account == "yes" else ~has)
    if words:
        low = escaped(words.lower().replace(" ", ""))
        found = found.where(
            or_(
                Person.name.like(f"%{escaped(words)}%", escape="\\"),
                Person.pinyin.like(f"{low}%", escape="\\"),
                Person.pinyin.like(f"% {low}%", escape="\\"),
                Person.initials.like(f"{low}%", escape="\\"),
                Person.initials.like(f"% {low}%", escape="\\"),
                Person.staff_no == words,
            )
        )
    return found


def _loaded(found):
    return found.options(
        selectinload(Person.employments).joinedload(Employment.school),
        selectinload(Person.roles).joinedload(RoleAssignment.school),
        selectinload(Person.roles).joinedload(RoleAssignment.cluster),
    )


def person_page(actor: Actor, day: date, *, cursor: str | None = None, **filters) -> Page:
    """One page of people in the order of their names' pinyin, with posts and roles."""
    return page_by_text(_loaded(matching(actor, day, **filters)), Person.pinyin, Person.id, cursor)


def all_matching(actor: Actor, day: date, **filters) -> list[Person]:
    """Everybody who fits, for an export."""
    found = _loaded(matching(actor, day, **filters))
    return list(db.session.scalars(found.order_by(Person.pinyin, Person.id)))


def number_matching(actor: Actor, day: date, **filters) -> int:
    """How many fit."""
    return db.session.scalar(select(func.count()).select_from(matching(actor, day, **filters).subquery()))


def present_post(person: Person) -> Employment | None:
    """The post at the present home school, from the loaded ones."""
    return next((e for e in person.employments if e.ends_on is None), None)


def roles_in_force(person: Person, day: date) -> list[RoleAssignment]:
    """The roles that a person holds on a day, from the loaded ones."""
    return [r for r in person.roles if r.starts_on <= day and (r.ends_on is None or r.ends_on >= day)]


def accounts_of(district_id, person_ids) -> dict:
    """Person -> account, for those who have one."""
    found = db.session.scalars(
        select(Account).where(Account.district_id == district_id, Account.person_id.in_(person_ids))
    )
    return {account.person_id: account for account in found}


def account_by_id(district_id, account_id) -> Account | None:
    """One account."""
    return db.session.get(Account, (district_id, account_id))


def without_account(school: School) -> list[Person]:
    """The people of a school who have no account yet, by name."""
    has = exists().where(Account.district_id == Person.district_id, Account.person_id == Person.id)
    people = staff_of(school).where(~has)
    return list(
        db.session.scalars(people.options(selectinload(Person.employments), selectinload(Person.roles)))
    )


def posts_of(person: Person) -> list[Employment]:
    """All posts of a person with their schools, newest first."""
    return list(
        db.session.scalars(
            select(Employment)
            .where(Employment.district_id == person.district_id, Employment.person_id == person.id)
            .options(joinedload(Employment.school))
            .order_by(Employment.ends_on.is_(None).desc(), Employment.starts_on.desc(), Employment.id)
        )
    )


def roles_of(person: Person) -> list[RoleAssignment]:
    """All roles of a person with what they are for, newest first."""
    return list(
        db.session.scalars(
            select(RoleAssignment)
            .where(RoleAssignment.district_id == person.district_id, RoleAssignment.person_id == person.id)
            .options(joinedload(RoleAssignment.school), joinedload(RoleAssignment.cluster))
            .order_by(RoleAssignment.starts_on.desc(), RoleAssignment.id)
        )
    )


def role_by_id(district_id, role_id) -> RoleAssignment | None:
    """One role assignment."""
    return db.session.get(RoleAssignment, (district_id, role_id))


def principal_rows(district_id, school_id) -> list[RoleAssignment]:
    """Everybody who was, is or will be principal of a school."""
    return list(
        db.session.scalars(
            select(RoleAssignment)
            .where(
                RoleAssignment.district_id == district_id,
                RoleAssignment.role == "principal",
                RoleAssignment.school_id == school_id,
            )
            .options(joinedload(RoleAssignment.person))
            .order_by(RoleAssignment.starts_on, RoleAssignment.id)
        )
    )


def namesakes_at(school: School, name: str) -> list[Person]:
    """People of that very name whose present home school this is."""
    return list(
        db.session.scalars(
            select(Person)
            .join(
                Employment,
                and_(Employment.district_id == Person.district_id, Employment.person_id == Person.id),
            )
            .where(
                Person.district_id == school.district_id,
                Person.name == name,
                Employment.school_id == school.id,
                Employment.ends_on.is_(None),
            )
        )
    )


def with_staff_no(district_id, staff_no: str) -> Person | None:
    """The person who has that staff number."""
    return db.session.scalar(
        select(Person).where(Person.district_id == district_id, Person.staff_no == staff_no)
    )
