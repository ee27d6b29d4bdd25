"""`flask roster`: rosters from the command line, without the limit on rows that pages have."""

import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from portal import roster_words
from portal.actions import roster as actions
from portal.actions.clusters import hold_structure
from portal.actions.errors import Refused
from portal.actions.roster_apply import apply
from portal.auth import today
from portal.domain.roster import read_roster
from portal.domain.roster_plan import RosterPlan
from portal.domain.words import untranslated
from portal.extensions import db
from portal.models import District, RosterImport
from portal.queries.roster import scope_by_name
from portal.queries.roster_preview import Scope, plan_of

group = AppGroup("roster", help="Rosters of schools and teachers.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--district", "code", default="", help="Code of the district; may be left out when there is one."
)
@click.option("--cluster", "cluster_name", default="", help="Only the schools of this cluster.")
@click.option(
    "--school", "school_name", default="", help="Only this school; also the school of sheets that name none."
)
@click.option("--create-schools", is_flag=True, help="Schools that the district lacks become new ones.")
@click.option("--dry-run", is_flag=True, help="Report only, write nothing.")
def roster_import(file, code, cluster_name, school_name, create_schools, dry_run):
    """Load a roster (.xlsx, .xls, .csv) and report row by row.

    Rows with an error stay out and the rest is loaded, all of it or nothing. Status 1 when a row has an
    error or the file cannot be read. One line each: place, result, who, school, words, between tabs.
    """
    district = _district(code)
    scope = scope_by_name(district.id, cluster=cluster_name, school=school_name)
    if scope is None:
        _fail(f"There is no {'cluster' if cluster_name else 'school'} {cluster_name or school_name}.")
    data = file.read_bytes()
    try:
        workbook = actions.read_upload(data, file.name)
    except Refused as refused:
        _fail(f"{file.name}: {refused.message % refused.words if refused.words else refused.message}")
    reading = read_roster(workbook, today=today(), default_school=scope.default_school)
    hold_structure(scope.district_id)
    plan = plan_of(scope, reading, None, today(), create_schools=create_schools)
    if not dry_run and not plan.is_empty:
        _write(scope, plan, file.name, data)
    for line in roster_words.report(plan, untranslated):
        click.echo("\t".join(line).rstrip())
    _summary(plan, dry_run)
    sys.exit(1 if plan.errors else 0)


def _write(scope: Scope, plan: RosterPlan, filename: str, data: bytes) -> None:
    now = datetime.now(UTC)
    made = RosterImport(
        district_id=scope.district_id,
        cluster_id=scope.cluster.id if scope.cluster else None,
        school_id=scope.school.id if scope.school else None,
        filename=actions.plain_filename(filename),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        created_at=now,
        state="applied",
        applied_at=now,
    )
    db.session.add(made)
    db.session.flush()  # the audit entry needs the key
    actions.finish(None, made, plan, apply(plan, scope.district_id, today()), now=now)
    db.session.commit()


def _summary(plan: RosterPlan, dry_run: bool) -> None:
    counts = plan.counts
    said = ", ".join(f"{counts[name]} {name.replace('_', ' ')}" for name in counts)
    if dry_run:
        click.echo(f"Nothing was written (--dry-run): {said}.")
    elif plan.is_empty:
        click.echo(f"Nothing to write: {said}.")
    else:
        click.echo(f"Imported: {said}.")


def _district(code: str) -> District:
    found = db.session.scalars(select(District).order_by(District.code).limit(2)).all()
    if code:
        found = db.session.scalars(select(District).where(District.code == code)).all()
        if not found:
            _fail(f"There is no district {code}.")
    if not found:
        _fail("There is no district yet. Create one first.")
    if len(found) > 1:
        _fail("There are several districts: say which with --district CODE.")
    return found[0]


def _fail(message: str):
    click.echo(message, err=True)
    sys.exit(1)
