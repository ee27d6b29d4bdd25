"""`flask files`: the store of attached files."""

import sys
from datetime import UTC, datetime, timedelta

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from portal.actions import attachments as actions
from portal.database import begin_reading
from portal.extensions import db, files
from portal.models import District
from portal.queries import attachments

group = AppGroup("files", help="The store of attached files.")


@group.command("sweep")
@click.option("--days", default=90, show_default=True, help="How long a removed file can be put back.")
@with_appcontext
def sweep(days):
    """Give up files that were removed long ago, and erase bytes that no row names any more."""
    now = datetime.now(UTC)
    purged = erased = 0
    for district_id in db.session.scalars(select(District.id)).all():
        purged += actions.purge(district_id, before=now - timedelta(days=days), now=now)
        db.session.commit()  # the bytes go only when it is on record that they may
        erased += actions.sweep(district_id)
    click.echo(f"{purged} removed files purged, {erased} erased from the store.")


@group.command("check")
@with_appcontext
def check():
    """Read every attached file and compare it with its hash; status 1 when one is missing or changed."""
    begin_reading(True)
    read = faults = 0
    for district in db.session.scalars(select(District).order_by(District.code)).all():
        for name, size in attachments.stored(district.id):
            read += 1
            if fault := files.fault(district.id, name, size, reads=True):
                faults += 1
                click.echo(f"{district.code}\t{name}\t{fault}")
    click.echo(f"{read} files read, {faults} faults.")
    sys.exit(1 if faults else 0)
