"""What somebody is told about a lesson in the way: all of it, or, out of sight, only at which school and when.

A teacher is in one place at a time in the whole district, so lessons that a person may not see still stand
against theirs. Names of schools are known to everybody; classes and subjects are not.
"""

from collections.abc import Set
from dataclasses import replace

from portal.domain.access import Actor
from portal.domain.timetable import Lesson


def sees(actor: Actor | None, row) -> bool:
    """Whether ``lesson.view`` shows this person a row of lessons or taken hours; None is the command line."""
    if actor is None or actor.offices or row.person_id == actor.person_id:
        return True
    at = actor.works_at | actor.led_schools
    return row.school_id in at or getattr(row, "home_school_id", None) in at


def told(actor: Actor | None, row, value: Lesson | None, classes: Set[str] = frozenset()) -> Lesson | None:
    """A lesson as a value without what the person may not see of it.

    ``classes`` are those that the person has named: a class with two lessons has to be found.
    """
    if value is None or sees(actor, row):
        return value
    return replace(value, classes=tuple(name for name in value.classes if name in classes), subject="")
