"""`flask search`: what the search reads."""

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from portal.actions import search
from portal.extensions import db
from portal.models import District, SearchEntry

group = AppGroup("search", help="What the search reads.")


@group.command("rebuild")
@with_appcontext
def rebuild():
    """Read every record again, when rows were changed by hand. The portal may run meanwhile."""
    read_everything()


def read_what_was_never_read() -> None:
    """After an upgrade from a version without search: read every record once."""
    if db.session.scalar(select(SearchEntry.id).limit(1)) is None:
        read_everything()


def read_everything() -> None:
    """Make the entries of all districts again, and say how many there are."""
    for district in db.session.scalars(select(District).order_by(District.code)).all():
        code = district.code
        number = search.rebuild(district.id, done=db.session.commit)
        click.echo(f"{code}: {number} records can be found.")
