"""The flask commands. Each has a test and is described in docs/operations.md."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from portal import (
    cli_demo,
    cli_doctor,
    cli_roster,
    cli_schemes,
    cli_search,
    cli_summary,
    cli_timetable,
    cli_uploads,
)
from portal.actions import accounts, audit
from portal.actions.errors import Refused
from portal.extensions import db
from portal.models import Account, District
from portal.queries import people

user = AppGroup("user", help="Accounts: create, reset-password, disable.")
trail = AppGroup("audit", help="The audit trail.")


def register(app: Flask) -> None:
    """Bind every command and group of commands."""
    groups = (
        user,
        trail,
        cli_demo.group,
        cli_roster.group,
        cli_schemes.group,
        cli_search.group,
        cli_summary.group,
        cli_timetable.group,
        cli_uploads.group,
    )
    for command in (init, setup, worker, *groups, cli_doctor.doctor):
        app.cli.add_command(command)


def fail(message: str):
    """End the command with a message and status 1."""
    click.echo(message, err=True)
    sys.exit(1)


@click.command()
@with_appcontext
def init():
    """Bring the database to the present schema. Nothing else: no accounts, no data."""
    migrate_database()
    click.echo("The database is ready.")


@click.command()
@with_appcontext
def setup():
    """What `make run` does first: the schema, and the demonstration district into an empty database."""
    migrate_database()
    if db.session.scalar(select(District.id).limit(1)) is None:
        if current_app.config["PRODUCTION"]:
            click.echo("The database is empty. Create its first person: flask user create --help")
            return
        db.session.rollback()
        cli_demo.load_demonstration()
    cli_demo.print_accounts()


def migrate_database() -> None:
    """Upgrade to the newest migration; the search reads what stood there before it."""
    from flask_migrate import upgrade

    upgrade(directory=str(Path(current_app.root_path).parent / "migrations"))
    cli_search.read_what_was_never_read()


@click.command()
@with_appcontext
def worker():
    """Work on background jobs until Ctrl-C."""
    from portal.jobs.worker import run_worker

    run_worker(current_app._get_current_object())


@user.command("create")
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--district", "district_code", required=True, help="Code of the district.")
@click.option(
    "--office",
    type=click.Choice(["basic_education", "personnel", "supervision"]),
    help="Makes the person a member of this bureau office.",
)
@click.option("--password", envvar="PORTAL_USER_PASSWORD", help="Default: a random one, printed once.")
def user_create(username, name, district_code, office, password):
    """Create a person of a district with an account; the district is made when it is new."""
    from portal.actions import structure

    district = structure.district_with_code(district_code)
    person = structure.bureau_person(district, name, office, today=datetime.now(UTC).date())
    try:
        account, plain = accounts.create_account(None, person, username, password)
    except Refused as refused:
        fail(refused.message)
    _commit_or_fail(f"The username {username} is taken.")
    click.echo(f"{account.username}  {plain}  (to be changed at the first login)")


def _commit_or_fail(message: str) -> None:
    from sqlalchemy.exc import IntegrityError

    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        fail(message)


def _account(username: str) -> Account:
    account = people.account_by_username(username)
    if account is None:
        fail(f"There is no account {username}.")
    return account


@user.command("reset-password")
@click.argument("username")
def user_reset_password(username):
    """Set a random password, end all sessions, and print it once."""
    account = _account(username)
    plain = accounts.reset_password(None, account, now=datetime.now(UTC))
    db.session.commit()
    click.echo(f"{username}  {plain}  (to be changed at the first login)")


@user.command("disable")
@click.argument("username")
@click.option("--reason", default="", help="Kept in the audit trail.")
def user_disable(username, reason):
    """Close an account; its sessions end with their next request."""
    accounts.disable(None, _account(username), reason, now=datetime.now(UTC))
    db.session.commit()
    click.echo(f"{username} is disabled.")


@trail.command("verify")
def audit_verify():
    """Check every district's chain; status 1 when a link is broken."""
    broken = 0
    for district in db.session.scalars(select(District).order_by(District.code)):
        problems = audit.broken_links(district.id)
        broken += len(problems)
        for problem in problems:
            click.echo(f"{district.code}: {problem}")
    click.echo("The audit trail is whole." if not broken else f"{broken} problems.")
    sys.exit(1 if broken else 0)
