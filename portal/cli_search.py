"""`flask search`: what the search reads."""

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from portal.actions import search
from portal.extensions import db
from portal.models import District

group = AppGroup("search", help="What the search reads.")


@group.command("rebuild")
@with_appcontext
def rebuild():
    """Read every record again: after an upgrade, or when rows were changed by hand. The portal may run meanwhile."""
    for district in db.session.scalars(select(District).order_by(District.code)).all():
        code = district.code
        number = search.rebuild(district.id, done=db.session.commit)
        click.echo(f"{code}: {number} records can be found.")
