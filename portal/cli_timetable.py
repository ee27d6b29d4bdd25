"""`flask timetable`: conflicts and plans of a visiting timetable workbook."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.cli_files import write_whole
from portal.domain.planning import DEFAULT_SEED, plan
from portal.domain.sheets import WorkbookProblem
from portal.domain.timetable import conflicts
from portal.domain.timetable_book import TimetableBook

group = AppGroup("timetable", help="Visiting timetables in workbooks.")

#: A table that was pasted in a thousand times has millions of conflicts; nobody reads more than these.
MOST_LISTED = 50_000

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@group.command("check")
@click.argument("file", type=_FILE)
def timetable_check(file):
    """List every conflict of a timetable workbook; status 1 when there is one.

    One line each, with tabs between: kind, key, rows of the sheet 课表, reason. A row that cannot be
    understood is a line of kind fault with sheet and row as its key.
    """
    book = read_book(file)
    found = print_faults(book) + print_conflicts(book)
    sys.exit(1 if found else 0)


@group.command("plan")
@click.argument("file", type=_FILE)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The new .xlsx.")
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Another one, another plan.")
@click.option(
    "--iterations",
    type=click.IntRange(0, 10_000_000),
    help="Rounds of search. Default: by the periods asked for.",
)
def timetable_plan(file, out, seed, iterations):
    """Complete a timetable workbook: locked rows stay, visits are added for the sheet 需求.

    The sheet 未满足 says what is not covered and why. Conflicts among rows that stay are listed as check
    does and stay. The same file, seed and rounds give the same plan. Status 1, and nothing is written,
    when a row cannot be understood.
    """
    if out.suffix.lower() != ".xlsx":
        fail(f"{out.name}: the new file must end in .xlsx.")
    book = read_book(file)
    if print_faults(book):
        fail("Nothing was written.")
    from portal.documents.timetable_workbook import planned_workbook

    made = plan(book.problem, seed=seed, iterations=iterations, progress=_progress())
    print_conflicts(book)
    try:
        write_whole(out, planned_workbook(book, made))
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}.")
    new = len(made.added) - made.moved
    click.echo(
        f"{made.covered} of {made.wanted} periods covered: {new} rows added, {made.moved} moved, "
        f"{len(made.dropped)} dropped; {made.travel_days} travel days, {made.minutes} minutes on the road."
    )


def _progress():
    """Shows on a terminal how far the search has come."""
    if not sys.stderr.isatty():
        return None
    return lambda done, total: click.echo(
        f"\r{100 * done // max(total, 1)} %" + ("\n" if done == total else ""), err=True, nl=False
    )


def read_book(file: Path) -> TimetableBook:
    """The workbook, or an end with status 1; what is kept without being understood is named on stderr."""
    from portal.documents.timetable_workbook import read_timetable_file

    try:
        book = read_timetable_file(file.read_bytes(), file.name)
    except WorkbookProblem as problem:
        fail(f"{file.name}: {problem.reason}")
    for sheet, header in book.unknown_columns:
        click.echo(f"{sheet}: column {header} is kept as it is.", err=True)
    for sheet in book.unknown_sheets:
        click.echo(f"Sheet {sheet} is kept as it is.", err=True)
    return book


def print_faults(book: TimetableBook) -> int:
    """A line for each row that cannot be understood; how many there are."""
    for fault in book.faults:
        click.echo("\t".join(("fault", fault.key, str(fault.row), str(fault.message))))
    return len(book.faults)


def print_conflicts(book: TimetableBook) -> int:
    """A line for each conflict among the rows that are understood; how many there are."""
    problem = book.problem
    lessons = [row.lesson for row in problem.rows]
    found = conflicts(lessons, problem.travel, problem.limits, most=MOST_LISTED)
    for conflict in found:
        rows = ",".join(map(str, conflict.rows))
        click.echo("\t".join((conflict.kind, conflict.key, rows, str(conflict.message))))
    if len(found) == MOST_LISTED:
        click.echo(f"Only the first {MOST_LISTED} conflicts are listed.", err=True)
    return len(found)


def fail(message: str):
    """End the command with a message and status 1."""
    click.echo(message, err=True)
    sys.exit(1)
