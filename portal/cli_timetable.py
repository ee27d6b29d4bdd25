"""`flask timetable`: conflicts and plans of a visiting timetable workbook."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

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
