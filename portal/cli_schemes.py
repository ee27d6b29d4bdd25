"""`flask scheme`: the shipped schemes and the check of a scheme file."""

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.domain import schemes

group = AppGroup("scheme", help="Schemes as data files.")


@group.command("list")
def scheme_list():
    """The shipped schemes: code and name."""
    for code in schemes.scheme_codes():
        click.echo(f"{code}\t{schemes.load_scheme(code).name}")


@group.command("show")
@click.argument("code")
def scheme_show(code):
    """The data of one scheme."""
    if code not in schemes.scheme_codes():
        click.echo(f"There is no scheme {code}. Known: {', '.join(schemes.scheme_codes())}", err=True)
        sys.exit(1)
    path = Path(schemes.__file__).parent.parent / "schemes" / f"{code}.json"
    click.echo(path.read_text(encoding="utf-8").rstrip())


@group.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def scheme_check(file):
    """Explain every mistake of a scheme file with its place; status 1 when there is one."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        click.echo(f"{file.name}: no readable JSON: {error}")
        sys.exit(1)
    mistakes = schemes.check_scheme(data)
    for mistake in mistakes:
        click.echo(f"{mistake.path}: {mistake.message}")
    click.echo(f"{len(mistakes)} mistakes." if mistakes else "The scheme is in order.")
    sys.exit(1 if mistakes else 0)
