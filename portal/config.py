"""Settings from the environment. Every setting read here is described in docs/operations.md."""

import os
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parent.parent


class BadSetting(Exception):
    """A setting is missing or cannot be right; the message says which and what to do."""


def load(environ=None) -> dict:
    """Return the Flask configuration. BadSetting when production lacks a secret of its own.

    In development (the default) a missing secret and data key are made once and kept in the
    instance folder, readable by the owner alone.
    """
    env = os.environ if environ is None else environ
    instance = Path(env.get("PORTAL_INSTANCE") or ROOT / "instance")
    instance.mkdir(parents=True, exist_ok=True)
    production = env.get("PORTAL_ENV", "development") == "production"
    return {
        "PRODUCTION": production,
        "INSTANCE": instance,
        "TEMPLATES_COMPILED": instance / "template_cache",
        "SECRET_KEY": _secret(env, "PORTAL_SECRET_KEY", instance / "secret_key", production, _new_secret),
        "DATA_KEYS": _secret(
            env, "PORTAL_DATA_KEYS", instance / "data_key", production, lambda: Fernet.generate_key().decode()
        ).split(","),
        "SQLALCHEMY_DATABASE_URI": database_url(env.get("DATABASE_URL", ""), instance),
        "FILES": Path(env.get("PORTAL_FILES") or instance / "files"),
        "FILES_PER_CLUSTER": int(env.get("PORTAL_FILES_CLUSTER_MB", "4096")) * 1024 * 1024,
        "FILES_PER_PERSON": int(env.get("PORTAL_FILES_PERSON_MB", "1024")) * 1024 * 1024,
        "QUEUE_URL": env.get("PORTAL_QUEUE_URL", f"sqlite:///{instance / 'queue.sqlite3'}"),
        "JOBS_AT_ONCE": env.get("PORTAL_JOBS_AT_ONCE", "") == "1",
        "DEMO_PASSWORD": env.get("PORTAL_DEMO_PASSWORD", ""),
        "SESSION_COOKIE_SECURE": env.get("PORTAL_PLAIN_HTTP", "" if production else "1") != "1",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "portal",
        "IDLE_TIMEOUT": timedelta(minutes=int(env.get("PORTAL_IDLE_MINUTES", "120"))),
        "ABSOLUTE_TIMEOUT": timedelta(hours=int(env.get("PORTAL_SESSION_HOURS", "12"))),
        "TRUSTED_HOSTS": [h for h in env.get("PORTAL_HOSTS", "").split(",") if h] or None,
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 2000,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "zh",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        # What people wrote stays out of the messages of database errors, and so out of the log.
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
    }


def database_url(given: str, instance: Path) -> str:
    """The address for SQLAlchemy; empty means the embedded database of the instance."""
    if not given:
        return f"sqlite:///{instance / 'portal.sqlite3'}"
    for prefix in ("postgres://", "postgresql://"):
        if given.startswith(prefix):
            return "postgresql+psycopg://" + given.removeprefix(prefix)
    return given


def _new_secret() -> str:
    return secrets.token_urlsafe(48)


def _secret(env, name: str, file: Path, production: bool, make) -> str:
    value = env.get(name, "")
    if value:
        if len(value) < 32:
            raise BadSetting(f"{name} is too short: give at least 32 random characters")
        return value
    if production:
        raise BadSetting(f"{name} is not set: production needs its own (see docs/operations.md)")
    if not file.exists():
        # Two processes that start together must agree on one secret: the first file that gets the name wins,
        # and it has the name only when it is whole.
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        with open(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as out:
            out.write(make())
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return file.read_text().strip()
