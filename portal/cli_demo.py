"""`flask demo`: the demonstration district and its accounts."""

import secrets
import sys

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from portal.actions.accounts import password_is
from portal.auth import today
from portal.extensions import db
from portal.models import Account, District

group = AppGroup("demo", help="The demonstration district.")


@group.command("load")
@click.option("--scale", default=1, show_default=True, help="Multiplies the district, for benchmarks.")
def demo_load(scale):
    """Load the demonstration district into an empty database."""
    if db.session.scalar(select(District.id).limit(1)) is not None:
        click.echo("The database is not empty; the demonstration is loaded into an empty one only.", err=True)
        sys.exit(1)
    db.session.rollback()
    load_demonstration(scale)
    print_accounts()


def load_demonstration(scale: int = 1) -> None:
    """Load it, with a word about how far it is."""
    from portal.demo import load

    password = demo_password()
    click.echo("Loading the demonstration district ...")
    load(today=today(), password=password, scale=scale, say=click.echo)
    db.session.commit()


def demo_password() -> str:
    """PORTAL_DEMO_PASSWORD, or a random one that is kept in the instance folder for the next start."""
    given = current_app.config["DEMO_PASSWORD"]
    if given:
        return given
    file = current_app.config["INSTANCE"] / "demo_password"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text("demo-" + secrets.token_hex(4))
    return file.read_text().strip()


def print_accounts() -> None:
    """Say which demonstration accounts there are; silent without any."""
    accounts = db.session.scalars(select(Account).where(Account.is_demo).order_by(Account.username)).all()
    if not accounts:
        return
    if password_is(accounts[0], demo_password()):
        click.echo("\nDemonstration accounts, password: " + demo_password())
    else:  # PORTAL_DEMO_PASSWORD changed, or somebody changed the password on the page
        click.echo("\nDemonstration accounts; they keep the password they were loaded with:")
    for account in accounts:
        click.echo(f"  {account.username:<12} {account.person.name}")
