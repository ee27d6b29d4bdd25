"""Who is asking, and may they: sessions, ``@requires`` and ``can``."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps

from flask import abort, current_app, g, request, session
from flask_login import UserMixin, current_user

from portal.actions.errors import NotAllowed
from portal.domain import access
from portal.domain.moments import local_day
from portal.extensions import login
from portal.queries import people

# Views that anybody may call, logged in or not. Every other view carries @requires.
PUBLIC_ENDPOINTS = frozenset(
    {
        "static",
        "account.login",
        "account.log_in",
        "account.log_out",
        "account.set_language",
        "health.healthz",
        "health.readyz",
        "notices.index",
        "feeds.feed",  # the key in its address is the secret
    }
)

# The only pages of an account that still has the password somebody else gave it.
WITH_FIRST_PASSWORD = frozenset({"account.index", "account.change_password"})


class OwnPasswordFirst(Exception):
    """The account must get a password of its own before anything else."""


class User(UserMixin):
    """The logged-in account, with its actor for today."""

    def __init__(self, login_session):
        self.key_id = str(login_session.id)
        self.account = login_session.account
        self.person = login_session.account.person
        self.started_at = login_session.started_at

    def get_id(self) -> str:
        return self.key_id


def now() -> datetime:
    """The present moment. Tests move it with the ``CLOCK`` setting."""
    clock = current_app.config.get("CLOCK")
    return clock() if clock else datetime.now(UTC)


def today():
    """Today's date in the district."""
    return local_day(now())


@login.request_loader
def load_user(req) -> User | None:
    """The user of the session cookie, unless idle, too old, logged out or disabled.

    The moment of the last request stands in the signed cookie, so that reading a page writes nothing.
    """
    key = session.get("key")
    if not key:
        return None
    moment = now()
    seen = datetime.fromtimestamp(session.get("seen", 0), UTC)
    if moment - seen > current_app.config["IDLE_TIMEOUT"]:
        session.clear()
        return None
    found = people.live_login(key)
    if found is None or moment - found.started_at > current_app.config["ABSOLUTE_TIMEOUT"]:
        session.clear()
        return None
    if moment - seen > timedelta(seconds=60):
        session["seen"] = int(moment.timestamp())
    return User(found)


def begin_session(account, key: str) -> None:
    """Put a new login into a fresh cookie."""
    language = session.get("locale")
    session.clear()
    session["key"] = key
    session["seen"] = int(now().timestamp())
    if language:
        session["locale"] = language
    g.pop("_login_user", None)
    g.pop("actor", None)


def drop_session() -> str:
    """Forget the login in the cookie and return its key."""
    key = session.get("key", "")
    language = session.get("locale")
    session.clear()
    if language:
        session["locale"] = language
    g.pop("_login_user", None)
    g.pop("actor", None)
    return key


def actor() -> access.Actor | None:
    """The actor of this request, computed once; None without a login."""
    if "actor" not in g:
        g.actor = people.actor_of(current_user.account, today()) if current_user.is_authenticated else None
    return g.actor


def can(permission: str, obj=None) -> bool:
    """Whether the person asking holds the permission; for templates and views."""
    return access.can(actor(), permission, obj)


def requires(permission: str, load: Callable | None = None, name: str | None = None):
    """Guard a view with a permission; with ``load``, load its object and authorise in one call.

    ``load(district_id, id)`` is called with the view's one ``<uuid:..._id>`` argument, and the view
    receives the object instead, as ``name`` or the argument's name without ``_id``. What the person may
    not even see answers 404, as does what does not exist; what may be seen but not done answers 403.
    Without a login: 401.
    """

    def decorate(view):
        @wraps(view)
        def guarded(**arguments):
            who = actor()
            if who is None:
                abort(401)
            if current_user.account.must_change and request.endpoint not in WITH_FIRST_PASSWORD:
                raise OwnPasswordFirst()
            obj = None
            if load is not None:
                key = next(k for k in arguments if k.endswith("_id"))
                obj = load(who.district_id, arguments.pop(key))
                if obj is None:
                    abort(404)
                arguments[name or key.removesuffix("_id")] = obj
            if not access.can(who, permission, obj):
                seen = access.view_permission(permission)
                if obj is not None and not (seen and access.can(who, seen, obj)):
                    abort(404)
                raise NotAllowed(permission)
            return view(**arguments)

        guarded.__permission__ = permission
        return guarded

    return decorate


def may_on(permission: str, obj) -> None:
    """Authorise a second object of a request: 404 when it may not be seen, 403 when not done."""
    if obj is None:
        abort(404)
    who = actor()
    if access.can(who, permission, obj):
        return
    seen = access.view_permission(permission)
    if not (seen and access.can(who, seen, obj)):
        abort(404)
    raise NotAllowed(permission)
