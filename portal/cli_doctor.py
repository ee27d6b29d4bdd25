"""`flask doctor`: is this installation fit to run?"""

import ctypes
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from portal.database import begin_reading
from portal.extensions import db, files
from portal.models import Account, CalendarDay, District, Term
from portal.queries import attachments

LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
LEAST_FREE = 500 * 1024 * 1024  # bytes


@click.command()
@with_appcontext
def doctor():
    """Check configuration, libraries, fonts, schema, disk, clock and calendar; status 1 when something is wrong."""
    begin_reading(True)
    findings = [*_configuration(), *_libraries(), *_fonts(), *_database(), *_disk()]
    for word, sentence in findings:
        click.echo(f"[{word:^4}] {sentence}")
    sys.exit(1 if any(word == "bad" for word, _ in findings) else 0)


def _configuration():
    config = current_app.config
    yield "ok", f"mode: {'production' if config['PRODUCTION'] else 'development'}"
    if config["PRODUCTION"] and not config["SESSION_COOKIE_SECURE"]:
        yield "warn", "cookies travel over plain HTTP (PORTAL_PLAIN_HTTP=1)"
    if config["PRODUCTION"] and not config["TRUSTED_HOSTS"]:
        yield "warn", "PORTAL_HOSTS is not set: any Host header is accepted"
    if (Path(config["INSTANCE"]) / "data_key").exists():
        yield "warn", "the data key lies in the instance folder: keep a copy of it apart from the backups"


def _libraries():
    for name in LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            yield "bad", f"{name} is missing: documents are slow or fail (see docs/operations.md)"
        else:
            yield "ok", name


def _fonts():
    folder = Path(current_app.root_path) / "documents" / "fonts"
    files = sorted([*folder.glob("*.ttf"), *folder.glob("*.otf")])
    yield ("ok", f"{len(files)} font files") if len(files) >= 5 else ("bad", "document fonts are missing")


def _database():
    try:
        db.session.execute(text("SELECT 1"))
        with db.engine.connect() as connection:
            here = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        yield "bad", f"the database does not answer: {type(error).__name__}"
        return
    newest = ScriptDirectory(str(Path(current_app.root_path).parent / "migrations")).get_current_head()
    yield (
        ("ok", f"schema {here}")
        if here == newest
        else ("bad", f"schema {here}, needed {newest}: run flask init")
    )
    if here != newest:
        return
    if current_app.config["PRODUCTION"] and db.session.scalar(
        select(Account.id).where(Account.is_demo).limit(1)
    ):
        yield "bad", "there are demonstration accounts in a production database"
    today = datetime.now(UTC).date()
    yield from _stored_files()
    if db.session.scalar(select(Term.id).where(Term.last_day >= today).limit(1)) is None:
        yield "warn", "no term contains or follows today: enter the term calendar"
    if db.session.scalar(select(CalendarDay.id).where(CalendarDay.day >= today).limit(1)) is None:
        yield "warn", "no holidays or swapped workdays from today on: import them when they are published"


def _stored_files():
    """Every attached file lies in the store, of the size it had."""
    whole, faults = 0, 0
    for district_id in db.session.scalars(select(District.id)):
        for name, size in attachments.stored(district_id):
            fault = files.fault(district_id, name, size)
            whole, faults = whole + (not fault), faults + bool(fault)
    if faults:
        verb = "file is" if faults == 1 else "files are"
        yield (
            "bad",
            f"{faults} attached {verb} missing or damaged: bring the folder {files.folder} back from a backup",
        )
    else:
        yield "ok", f"{whole} attached files are in their place"


def _disk():
    free = shutil.disk_usage(current_app.config["INSTANCE"]).free
    yield ("ok" if free >= LEAST_FREE else "bad"), f"{free // 2**20} MB free in the instance folder"
