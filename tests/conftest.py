"""Both engines, the named cast, and clients for each of its people."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from portal import create_app
from portal.actions import accounts
from portal.extensions import db
from tests.cast import people_the_world
from tests.populate import populate
from tests.support.client import CheckedClient
from tests.support.postgres import keep_rows, postgres_url, restore_rows

NOW = datetime(2025, 11, 19, 6, 10, tzinfo=UTC)  # Wednesday of week 12, 14:10 in the district
# Tests make many accounts; the strength of production would be most of their time.
accounts._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
accounts._nobody = accounts._hasher.hash("nobody")

settings.register_profile("portal", deadline=None)  # a loaded machine is no failure
settings.load_profile("portal")
# Shared by all test processes: compiling a template takes longer than most tests.
TEMPLATES = Path(tempfile.gettempdir()) / f"portal-templates-{os.getuid()}"
SECRET = "only for tests: not a secret at all, but long enough"


class FewBrowsers(LoadScopeScheduling):
    """The crawl in one process, the other browser tests in another: each shares districts that take long to load.

    The marks of xdist for groups do nothing under pytest 9.2, which keeps the id of a test from being changed.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith("tests/browser/"):
            return "crawl" if "test_crawl" in nodeid else "stories"
        return nodeid


def pytest_xdist_make_scheduler(config, log):
    return FewBrowsers(config, log)


def make_app(url: str, instance: Path, **changes) -> Flask:
    """An application for tests, with its clock stopped at NOW."""
    app = create_app(
        {
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": url,
            "CLOCK": lambda: NOW,
            "JOBS_AT_ONCE": True,
            "SESSION_COOKIE_SECURE": False,
            "TEMPLATES_COMPILED": TEMPLATES,
            **changes,
        },
        {"PORTAL_INSTANCE": str(instance), "PORTAL_SECRET_KEY": SECRET},
    )
    app.test_client_class = CheckedClient
    return app


class Engine:
    """A database with the cast in it, put back to its first state before each test."""

    def __init__(self, kind: str, folder: Path):
        self.kind = kind
        if kind == "sqlite":
            self.file = folder / "portal.sqlite3"
            url = f"sqlite:///{self.file}"
        else:
            self.url = sa.make_url(postgres_url(f"portal_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"))
            url = self.url.render_as_string(hide_password=False)
        self.app = make_app(url, folder)
        with self.app.app_context():
            db.create_all()
            world = people_the_world()
            self.keys = {
                name: (type(row), (row.district_id, row.id) if hasattr(row, "district_id") else row.id)
                for name, row in vars(world).items()
                if isinstance(row, db.Model)
            }
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        self._keep()
        self._populated: dict = {}

    def _keep(self, name: str = "cast") -> None:
        if self.kind == "sqlite":
            with sa.create_engine(f"sqlite:///{self.file}").connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
            shutil.copy(self.file, self.file.with_suffix(f".{name}"))
        else:
            keep_rows(self.url.render_as_string(hide_password=False), name)

    def reset(self, name: str = "cast") -> None:
        """The database as it was with the cast alone, or as it was kept under another name."""
        with self.app.app_context():
            db.engine.dispose()
        if self.kind == "sqlite":
            for tail in ("-wal", "-shm"):
                Path(str(self.file) + tail).unlink(missing_ok=True)
            shutil.copy(self.file.with_suffix(f".{name}"), self.file)
        else:
            restore_rows(self.url.render_as_string(hide_password=False), name)

    @property
    def is_populated(self) -> bool:
        return bool(self._populated)

    def populated(self, world) -> SimpleNamespace:
        """``populate(world)``, carried out once; for a later test `app` has put the database back to that."""
        if not self._populated:
            rows = populate(world)
            self._populated = {
                side: {kind: (type(row), sa.inspect(row).identity) for kind, row in found.items()}
                for side, found in vars(rows).items()
            }
            db.session.remove()
            db.engine.dispose()
            self._keep("populated")
        return SimpleNamespace(**{side: KeptRows(keys) for side, keys in self._populated.items()})


class KeptRows(Mapping):
    """Rows by their kind, each loaded when it is asked for."""

    def __init__(self, keys: dict):
        self._keys = keys

    def __getitem__(self, kind: str):
        model, key = self._keys[kind]
        return db.session.get(model, key)

    def __iter__(self):
        return iter(self._keys)

    def __len__(self):
        return len(self._keys)


class World:
    """The cast by name: ``world.lead`` is the row of the lead principal in the test's own session."""

    def __init__(self, keys: dict):
        self._keys = keys
        self.today = NOW.date()
        self.now = NOW

    def __getattr__(self, name: str):
        if name.startswith("_") or name not in self._keys:
            raise AttributeError(name)
        model, key = self._keys[name]
        return db.session.get(model, key)


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request, tmp_path_factory):
    """One database of each kind for the whole run."""
    made = Engine(request.param, tmp_path_factory.mktemp(request.param))
    yield made
    with made.app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(engine, request):
    """The application over a database that holds the cast alone, with a context for the test itself.

    A test that asks for ``populated`` has its rows in it.
    """
    engine.reset("populated" if "populated" in request.fixturenames and engine.is_populated else "cast")
    with engine.app.app_context():
        yield engine.app
        db.session.rollback()
        db.session.remove()


@pytest.fixture
def world(app, engine) -> World:
    """The named cast."""
    return World(engine.keys)


@pytest.fixture
def populated(engine, world):
    """One record of every kind beside the cast, see ``tests.populate``: ``populated.east["meeting"]``."""
    return engine.populated(world)


@pytest.fixture
def as_(app):
    """``as_("lead")`` is a client logged in as that account; ``as_(None)`` one without a login."""

    def client(username: str | None) -> CheckedClient:
        made = app.test_client()
        return made.log_in(username) if username else made

    return client


@pytest.fixture
def actor_of(app):
    """``actor_of("lead")`` is the actor of that account today."""
    from portal.queries import people

    def find(username: str):
        return people.actor_of(people.account_by_username(username), NOW.date())

    return find
