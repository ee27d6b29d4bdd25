"""People, their roles on a day, accounts and logins."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache

from sqlalchemy import Date, Uuid, and_, bindparam, cast, literal, null, or_, select, text, union_all
from sqlalchemy.orm import defer, joinedload

from portal.domain.access import Actor
from portal.extensions import db
from portal.models import (
    Account,
    Cluster,
    Employment,
    LoginSession,
    Membership,
    MentoringPair,
    Person,
    Posting,
    RoleAssignment,
    School,
)


def open_on(model, day: date):
    """The condition that a dated row is in force on a day; both ends count."""
    return and_(
        or_(model.starts_on.is_(None), model.starts_on <= day),
        or_(model.ends_on.is_(None), model.ends_on >= day),
    )


def account_by_username(username: str) -> Account | None:
    """The account of that name, enabled or not."""
    return db.session.scalar(
        select(Account).where(Account.username == username).options(joinedload(Account.person))
    )


def key_hash(key: str) -> str:
    """What is stored of a session key."""
    return hashlib.sha256(key.encode()).hexdigest()


def live_login(key: str) -> LoginSession | None:
    """The login with this key that has not ended and whose account is enabled."""
    return db.session.scalar(_live_login(), {"key_hash": key_hash(key)})


@cache
def _live_login():
    # Made once: building a statement costs more than running it, and this one runs with every request.
    # What is sealed stays so until a page asks for it: to open it costs as much as to read the rest.
    return (
        select(LoginSession)
        .join(LoginSession.account)
        .where(
            LoginSession.key_hash == bindparam("key_hash"),
            LoginSession.ended_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .options(
            joinedload(LoginSession.account)
            .joinedload(Account.person)
            .options(defer(Person.phone), defer(Person.competent))
        )
    )


def person_by_id(district_id, person_id) -> Person | None:
    """One person of the district."""
    return db.session.get(Person, (district_id, person_id))


def account_by_id(district_id, account_id) -> Account | None:
    """One account of the district."""
    return db.session.get(Account, (district_id, account_id))


def account_of(person: Person) -> Account | None:
    """The account of a person."""
    return db.session.scalar(
        select(Account).where(Account.district_id == person.district_id, Account.person_id == person.id)
    )


def actor_of(account: Account, today: date) -> Actor:
    """Everything that decides what this account may do on a day, in a handful of queries."""
    district, person = account.district_id, account.person_id
    ties = db.session.execute(_ties(), {"district": district, "person": person, "today": today}).all()
    roles = [tie for tie in ties if tie.role not in ("works at", "mentors")]
    works_at = {tie.school_id for tie in ties if tie.role == "works at"}
    principal_of = {r.school_id for r in roles if r.role == "principal"}
    office_of = {r.school_id for r in roles if r.role == "office"}
    own_schools = works_at | principal_of | office_of
    memberships = (
        db.session.execute(
            _memberships("school_id"), {"district": district, "ids": list(own_schools), "today": today}
        ).all()
        if own_schools
        else []
    )
    liaison_of = {r.cluster_id for r in roles if r.role == "liaison"}
    assigned_to = {r.cluster_id for r in roles if r.role == "assigned_leader"}
    leads = {m.cluster_id for m in memberships if m.role == "lead" and m.school_id in principal_of}
    lead_office_of = {m.cluster_id for m in memberships if m.role == "lead" and m.school_id in office_of}
    belongs_to = {m.cluster_id for m in memberships}
    profiles, led, directed = _clusters_in_sight(
        district, belongs_to | liaison_of | assigned_to, leads | lead_office_of, today
    )
    return Actor(
        district_id=district,
        person_id=person,
        account_id=account.id,
        name=account.person.name,
        day=today,
        offices=frozenset(r.office for r in roles if r.role == "bureau"),
        principal_of=frozenset(principal_of),
        office_of=frozenset(office_of),
        represents=frozenset(r.school_id for r in roles if r.role == "representative"),
        works_at=frozenset(own_schools),
        leads=frozenset(leads),
        lead_office_of=frozenset(lead_office_of),
        manages=frozenset(m.cluster_id for m in memberships if m.school_id in principal_of | office_of),
        belongs_to=frozenset(belongs_to),
        liaison_of=frozenset(liaison_of),
        assigned_to=frozenset(assigned_to),
        led_schools=frozenset(led),
        directed_schools=frozenset(directed),
        mentees=frozenset(tie.mentee_id for tie in ties if tie.role == "mentors"),
        profiles=profiles,
    )


def _clusters_in_sight(district, cluster_ids, run_ids, today):
    """Profiles of the clusters, and the schools of those that are run: all, and of directing ones."""
    if not cluster_ids:
        return {}, set(), set()
    in_sight = db.session.execute(_profiles(), {"district": district, "ids": list(cluster_ids)})
    profiles = {cluster_id: profile for cluster_id, profile in in_sight}
    if not run_ids:
        return profiles, set(), set()
    rows = db.session.execute(
        _memberships("cluster_id"), {"district": district, "ids": list(run_ids), "today": today}
    ).all()
    led = {row.school_id for row in rows}
    directed = {row.school_id for row in rows if profiles[row.cluster_id] == "directing"}
    return profiles, led, directed


@cache
def _profiles():
    return select(Cluster.id, Cluster.profile).where(
        Cluster.district_id == bindparam("district"), Cluster.id.in_(bindparam("ids", expanding=True))
    )


@cache
def _memberships(by: str):
    """The memberships in force on a day of these schools (``school_id``) or clusters (``cluster_id``)."""
    return (
        select(Membership.cluster_id, Membership.school_id, Membership.role)
        .where(Membership.district_id == bindparam("district"))
        .where(getattr(Membership, by).in_(bindparam("ids", expanding=True)))
        .where(open_on(Membership, bindparam("today", type_=Date)))
    )


@cache
def _ties():
    """What ties a person to schools, clusters and people on a day: one statement, made once, for every page.

    Rows of role, office, school_id, cluster_id, mentee_id; "works at" and "mentors" stand beside the roles.
    """
    district, person, today = bindparam("district"), bindparam("person"), bindparam("today", type_=Date)
    no_text, no_key = null(), cast(null(), Uuid)
    roles = (
        select(
            RoleAssignment.role,
            RoleAssignment.office,
            RoleAssignment.school_id,
            RoleAssignment.cluster_id,
            no_key.label("mentee_id"),
        )
        .where(RoleAssignment.district_id == district, RoleAssignment.person_id == person)
        .where(open_on(RoleAssignment, today))
    )
    # Posts without an end and posts with one apart, and the latter by school, so that an index finds each of the
    # two: of either, SQLite read the employments of the whole district with every page.
    posts = (
        select(literal("works at"), no_text, Employment.school_id, no_key, no_key)
        .where(Employment.district_id == district, Employment.person_id == person)
        .where(or_(Employment.starts_on.is_(None), Employment.starts_on <= today))
    )
    schools = select(School.id).where(School.district_id == district)
    ending = posts.where(Employment.school_id.in_(schools), Employment.ends_on >= today)
    postings = select(literal("works at"), no_text, Posting.host_school_id, no_key, no_key).where(
        Posting.district_id == district, Posting.person_id == person, Posting.state == "active"
    )
    mentees = select(literal("mentors"), no_text, no_key, no_key, MentoringPair.mentee_id).where(
        MentoringPair.district_id == district,
        MentoringPair.mentor_id == person,
        MentoringPair.state == "active",
        MentoringPair.mentee_id.is_not(None),
        text("mentoring_pair.state IN ('proposed', 'active')"),  # the words of the index that has them
    )
    return union_all(roles, posts.where(Employment.ends_on.is_(None)), ending, postings, mentees)


def people_matching(actor: Actor, words: str, limit: int = 12, school_ids=None) -> list[tuple[Person, str]]:
    """People of the district whose name or pinyin begins with the words, with their school's name.

    ``school_ids`` narrows to schools. Only people with an open home school are offered.
    """
    words = words.strip()
    found = (
        select(Person, School.name)
        .join(
            Employment, and_(Employment.district_id == Person.district_id, Employment.person_id == Person.id)
        )
        .join(School, and_(School.district_id == Employment.district_id, School.id == Employment.school_id))
        .where(Person.district_id == actor.district_id, Employment.ends_on.is_(None))
        .order_by(Person.pinyin, Person.name, Person.id)
        .limit(limit)
    )
    if school_ids is not None:
        found = found.where(Employment.school_id.in_(school_ids))
    if words:
        low = words.lower().replace(" ", "")
        like = escaped(low)
        found = found.where(
            or_(
                Person.name.like(escaped(words) + "%", escape="\\"),
                Person.pinyin.like(like + "%", escape="\\"),
                Person.pinyin.like(f"% {like}%", escape="\\"),
                Person.initials.like(like + "%", escape="\\"),
                Person.initials.like(f"% {like}%", escape="\\"),
                School.name.like(escaped(words) + "%", escape="\\"),
            )
        )
    return [(person, school) for person, school in db.session.execute(found)]


def resolve_person(actor: Actor, text: str, chosen_id=None, school_ids=None) -> Person | None:
    """The person that a person field means: the chosen one, else the only one whose 姓名（学校） or 姓名 fits.

    ``school_ids`` narrows to schools. None when nobody or more than one fits.
    """
    name, _, school = text.strip().rstrip("）)").replace("(", "（").partition("（")
    found = (
        select(Person, School.name)
        .join(
            Employment, and_(Employment.district_id == Person.district_id, Employment.person_id == Person.id)
        )
        .join(School, and_(School.district_id == Employment.district_id, School.id == Employment.school_id))
        .where(
            Person.district_id == actor.district_id, Employment.ends_on.is_(None), Person.name == name.strip()
        )
        .limit(20)
    )
    if school_ids is not None:
        found = found.where(Employment.school_id.in_(school_ids))
    rows = db.session.execute(found).all()
    fitting = [person for person, at in rows if not school or at == school.strip()]
    chosen = [person for person in fitting if person.id == chosen_id]
    if chosen:
        return chosen[0]
    return fitting[0] if len(fitting) == 1 else None


def escaped(words: str) -> str:
    """Text for LIKE in which % and _ mean themselves; use with ``escape="\\\\"``."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def home_school_ids(district_id, person_ids) -> dict:
    """Person -> present home school, for those who have one."""
    rows = db.session.execute(
        select(Employment.person_id, Employment.school_id).where(
            Employment.district_id == district_id,
            Employment.person_id.in_(person_ids),
            Employment.ends_on.is_(None),
        )
    )
    return {person_id: school_id for person_id, school_id in rows}


def home_school(person: Person) -> School | None:
    """The present home school of one person."""
    return db.session.scalar(
        select(School)
        .join(
            Employment, and_(Employment.district_id == School.district_id, Employment.school_id == School.id)
        )
        .where(Employment.district_id == person.district_id, Employment.person_id == person.id)
        .where(Employment.ends_on.is_(None))
    )


def last_logins(district_id, account_ids) -> dict:
    """Account -> moment of the last login."""
    rows = db.session.execute(
        select(LoginSession.account_id, LoginSession.started_at)
        .where(LoginSession.district_id == district_id, LoginSession.account_id.in_(account_ids))
        .order_by(LoginSession.started_at)
    )
    return {account_id: moment for account_id, moment in rows}


def is_locked(account: Account, now: datetime) -> bool:
    """Whether too many wrong passwords have closed the account for a while."""
    return account.locked_until is not None and account.locked_until > now


def holders_of(district_id, offices: Iterable[str], day: date) -> list:
    """The keys of the people who hold one of these offices of the bureau on a day."""
    return list(
        db.session.scalars(
            select(RoleAssignment.person_id).where(
                RoleAssignment.district_id == district_id,
                RoleAssignment.role == "bureau",
                RoleAssignment.office.in_(list(offices)),
                open_on(RoleAssignment, day),
            )
        )
    )
