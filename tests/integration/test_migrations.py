"""Migrations: the migrated schema is the models' schema; up, down and up again keep both engines whole."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask_migrate import downgrade, upgrade

from portal import config
from portal.extensions import db
from portal.models import Reflection, RoleAssignment
from portal.models.search import is_own_schema
from tests.cast import people_the_world
from tests.conftest import make_app
from tests.populate import populate
from tests.support.postgres import postgres_url

DIRECTORY = str(config.ROOT / "migrations")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request, tmp_path, worker_id):
    """An application over an empty database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        url = postgres_url(f"portal_migrations_{worker_id}")
    app = make_app(url, tmp_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def schema() -> dict:
    """Tables with their columns, as the database tells them."""
    inspector = sa.inspect(db.engine)
    return {
        table: sorted(
            (column["name"], str(column["type"]), column["nullable"])
            for column in inspector.get_columns(table)
        )
        for table in sorted(inspector.get_table_names())
    }


def counts() -> dict:
    """Rows by table, of the tables that stand there."""
    there = set(sa.inspect(db.session.connection()).get_table_names())
    found = {
        table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in db.metadata.sorted_tables
        if table.name in there
    }
    db.session.rollback()
    return found


def test_migrated_schema_equals_the_models(empty):
    upgrade(DIRECTORY)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_own_schema}
        )
        assert compare_metadata(context, db.metadata) == []


def test_up_down_up_on_a_populated_database(empty):
    upgrade(DIRECTORY)
    before = schema()
    populate(people_the_world())
    filled = counts()
    assert sum(filled.values()) > 100
    db.session.remove()
    upgrade(DIRECTORY)
    assert counts() == filled
    db.session.remove()
    downgrade(DIRECTORY, revision="base")
    assert set(schema()) <= {"alembic_version"}
    upgrade(DIRECTORY)
    assert schema() == before


def test_activities_made_anew_keep_what_hangs_on_them(empty):
    """0030 makes the table anew on SQLite, where dropping the old one would take along what points at it."""
    upgrade(DIRECTORY)
    rows = populate(people_the_world())
    activity, log = rows.east["activity"], rows.east["reflection"]
    log.activity_id, key = activity.id, activity.id
    # Before 0033 nobody could be a representative: going back ends what they were.
    db.session.execute(sa.delete(RoleAssignment).where(RoleAssignment.role == "representative"))
    db.session.commit()
    filled = counts()
    hanging = [table for table in filled if table.startswith("activity_") and filled[table]]
    assert len(hanging) >= 6
    linked = sa.text("SELECT count(*) FROM reflection WHERE activity_id IS NOT NULL")
    db.session.remove()
    downgrade(DIRECTORY, revision="0029")
    before = counts()
    assert before == {name: filled[name] for name in before}
    assert set(hanging) < set(before)
    upgrade(DIRECTORY)
    assert {name: number for name, number in counts().items() if name in before} == before
    assert db.session.scalar(linked) >= 1
    assert db.session.scalar(sa.select(Reflection.activity_id).where(Reflection.activity_id == key)) == key
    if db.engine.dialect.name == "sqlite":
        assert db.session.execute(sa.text("PRAGMA foreign_key_check")).all() == []
