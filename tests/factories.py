"""Rows for tests: each function makes one thing with sensible facts and nothing else."""

from datetime import date

from portal.extensions import db
from portal.models import (
    Account,
    Cluster,
    District,
    Employment,
    Membership,
    Person,
    RoleAssignment,
    School,
    Term,
)

# Argon2 of "correct horse battery", made once so that tests do not spend their time hashing.
PASSWORD = "correct horse battery"
PASSWORD_HASH = None


def _add(obj):
    db.session.add(obj)
    db.session.flush()  # the key is needed by whatever comes next
    return obj


def district(code: str, name: str) -> District:
    """A district with its bureau."""
    return _add(District(code=code, name=name, bureau_name=name + "教育局"))


def term(of: District, code: str, first: date, last: date, monday: date) -> Term:
    """A term."""
    return _add(Term(district_id=of.id, code=code, first_day=first, last_day=last, week_one_monday=monday))


def school(of: District, name: str, **facts) -> School:
    """A public primary school in town."""
    return _add(School(district_id=of.id, name=name, **facts))


def cluster(of: District, name: str, lead: School, members=(), *, since=date(2024, 9, 1), **facts) -> Cluster:
    """A cluster with its lead and members since a day."""
    made = _add(Cluster(district_id=of.id, name=name, **facts))
    for row, role in [(lead, "lead"), *((m, "member") for m in members)]:
        _add(Membership(district_id=of.id, cluster_id=made.id, school_id=row.id, role=role, starts_on=since))
    return made


def person(of: District, name: str, at: School | None = None, *, pinyin="", **facts) -> Person:
    """A person, employed at a school when one is given."""
    made = _add(Person(district_id=of.id, name=name, pinyin=pinyin or "x", initials="x", **facts))
    if at is not None:
        _add(Employment(district_id=of.id, person_id=made.id, school_id=at.id, starts_on=date(2018, 9, 1)))
    return made


def role(who: Person, kind: str, **scope) -> RoleAssignment:
    """A role since 2024."""
    return _add(
        RoleAssignment(
            district_id=who.district_id, person_id=who.id, role=kind, starts_on=date(2024, 9, 1), **scope
        )
    )


def account(who: Person, username: str) -> Account:
    """An account whose password is PASSWORD."""
    global PASSWORD_HASH
    if PASSWORD_HASH is None:
        from argon2 import PasswordHasher

        PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    return _add(
        Account(district_id=who.district_id, person_id=who.id, username=username, password_hash=PASSWORD_HASH)
    )
