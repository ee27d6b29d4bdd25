"""Accounts and logins: creating, checking passwords, starting and ending sessions."""

import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select, update

from portal.actions import audit
from portal.actions.errors import Refused
from portal.domain import passwords
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Account, LoginSession, Person
from portal.queries import people

_hasher = PasswordHasher()
# Checked when no such account exists, so that a wrong name takes as long as a wrong password.
_nobody = _hasher.hash(secrets.token_hex(16))
# For first passwords alone: they are random (59 bits), so that slow hashing adds nothing, and a whole school
# gets its accounts in one go. The first login hashes anew.
_quick = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
FREE_TRIES = 5
LONGEST_LOCK = timedelta(minutes=15)


def create_account(
    actor,
    person: Person,
    username: str,
    password: str | None = None,
    *,
    must_change: bool = True,
    is_demo: bool = False,
) -> tuple[Account, str]:
    """Give a person an account; returns it with the password in plain, to be shown once.

    Refused when the password breaks the policy. A taken username breaks the unique constraint.
    """
    plain = password or first_password()
    check_password_policy(plain, username)
    account = Account(
        district_id=person.district_id,
        person_id=person.id,
        username=username,
        password_hash=_hasher.hash(plain) if password else _quick.hash(plain),
        must_change=must_change,
        is_demo=is_demo,
    )
    db.session.add(account)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "account.create", account, {"username": (None, username)})
    return account, plain


def give_account(actor, person: Person) -> tuple[Account, str]:
    """Give a person an account under the pinyin of the name; returns it with its first password."""
    if people.account_of(person):
        raise Refused(N_("这位教师已有账号"), field="username")
    base = (person.pinyin or "").split(" ")[0] or "user"
    return create_account(actor, person, free_username(base[:40]))


def first_password() -> str:
    """A random first password without letters that look alike."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(3))


def check_password_policy(plain: str, username: str) -> None:
    """Raise Refused for a password that is too short, too long or too common."""
    problem = passwords.problem(plain, username)
    if problem:
        raise Refused(problem, field="password")


def check_login(username: str, password: str, now: datetime) -> Account | None:
    """The account when name and password are right, it is enabled and not locked; else None.

    Wrong passwords beyond the free tries lock for a time that doubles, at most a quarter of an hour,
    so that guessing is slow and the owner is never shut out for good.
    """
    account = people.account_by_username(username) if passwords.is_plain_text(username) else None
    right = _verify(account.password_hash if account else _nobody, password)
    if account is None or account.disabled_at is not None or people.is_locked(account, now):
        return None
    if right:
        account.failures, account.locked_until = 0, None
        if _hasher.check_needs_rehash(account.password_hash):
            account.password_hash = _hasher.hash(password)
        return account
    account.failures += 1
    if account.failures >= FREE_TRIES:
        account.locked_until = now + min(
            timedelta(seconds=15 * 2 ** (account.failures - FREE_TRIES)), LONGEST_LOCK
        )
    return None


def _verify(hashed: str, password: str) -> bool:
    if hashed != _nobody and _hasher.check_needs_rehash(hashed):
        _verify(_nobody, password)  # a quick hash takes as long as any other, so that nobody learns from time
    try:
        return _hasher.verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def start_login(account: Account, now: datetime) -> str:
    """Begin a session and return its secret key; only the key's hash is stored."""
    key = secrets.token_urlsafe(32)
    db.session.add(
        LoginSession(
            key_hash=people.key_hash(key),
            district_id=account.district_id,
            account_id=account.id,
            started_at=now,
        )
    )
    audit.record(_as_actor(account), "account.login", account)
    return key


def end_login(key: str, now: datetime) -> None:
    """End the session with this key, if it is still going on."""
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.key_hash == people.key_hash(key), LoginSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all_logins(account: Account, now: datetime, *, except_key: str = "") -> None:
    """End every session of an account, but for the one with ``except_key``."""
    db.session.execute(
        update(LoginSession)
        .where(
            LoginSession.district_id == account.district_id,
            LoginSession.account_id == account.id,
            LoginSession.ended_at.is_(None),
            LoginSession.key_hash != people.key_hash(except_key),
        )
        .values(ended_at=now)
    )


def change_password(actor, account: Account, plain: str, *, now: datetime, keep_key: str = "") -> None:
    """Set a new password chosen by its owner; other sessions end."""
    check_password_policy(plain, account.username)
    account.password_hash = _hasher.hash(plain)
    account.must_change = False
    end_all_logins(account, now, except_key=keep_key)
    audit.record(actor, "account.change_password", account)


def password_is(account: Account, plain: str) -> bool:
    """Whether this is the account's password."""
    return _verify(account.password_hash, plain)


def reset_password(actor, account: Account, *, now: datetime) -> str:
    """Set a random first password, end all sessions, and return it to be shown once."""
    plain = first_password()
    account.password_hash = _quick.hash(plain)
    account.must_change, account.failures, account.locked_until = True, 0, None
    end_all_logins(account, now)
    audit.record(actor, "account.reset_password", account)
    return plain


def disable(actor, account: Account, reason: str, *, now: datetime) -> None:
    """Close an account; its sessions end with their next request."""
    account.disabled_at, account.disabled_reason = now, reason[:200]
    end_all_logins(account, now)
    audit.record(actor, "account.disable", account, {"reason": (None, reason)})


def enable(actor, account: Account) -> None:
    """Open a closed account again."""
    account.disabled_at, account.disabled_reason = None, ""
    audit.record(actor, "account.enable", account)


def set_locale(account: Account, locale: str) -> None:
    """Remember the language of an account. Refused for one that the portal does not speak."""
    if locale not in ("zh", "en"):
        raise Refused(N_("没有这种语言"))
    account.locale = locale


def free_username(base: str) -> str:
    """``base`` when nobody has it, else ``base2``, ``base3`` ..."""
    taken = set(db.session.scalars(select(Account.username).where(Account.username.like(base + "%"))))
    if base not in taken:
        return base
    number = 2
    while f"{base}{number}" in taken:
        number += 1
    return f"{base}{number}"


class _as_actor:
    def __init__(self, account: Account):
        self.person_id = account.person_id
