"""What a school says about its staffing by subject."""

from sqlalchemy.orm.attributes import flag_modified

from portal.actions import audit
from portal.actions.clusters import hold_structure
from portal.actions.errors import Refused
from portal.actions.steps import expect_version
from portal.domain.words import N_
from portal.extensions import db
from portal.models import School, SubjectStaffing
from portal.queries import staffing

NUMBERS = ("need", "actual", "minimum")


def set_subjects(actor, school: School, lines: list[dict], *, expected) -> None:
    """Write need, staff and minimum by subject (S3-04, S1-34): ``lines`` is all of it, what is missing goes.

    The version is the school's, so that two who write at once do not overwrite each other.
    """
    hold_structure(school.district_id)
    expect_version(school, expected)
    subjects = [line["subject"] for line in lines]
    twice = next((subject for subject in subjects if subjects.count(subject) > 1), None)
    if twice:
        raise Refused(N_("%(subject)s写了两行，请合成一行"), subject=twice)
    known = staffing.rows_of(school)
    before, after = {}, {}
    for line in lines:
        row = known.pop(line["subject"], None)
        old = _told(row) if row else None
        if row is None and all(line[name] is None for name in NUMBERS):
            continue  # offered by the form, and left empty
        if row is None:
            row = SubjectStaffing(
                district_id=school.district_id, school_id=school.id, subject=line["subject"]
            )
            db.session.add(row)
        for name in NUMBERS:
            setattr(row, name, line[name])
        if _told(row) != old:
            before |= {row.subject: old} if old else {}
            after[row.subject] = _told(row)
    for subject, row in known.items():
        before[subject] = _told(row)
        db.session.delete(row)
    if not before and not after:
        return
    flag_modified(school, "name")  # the version of the school moves with its lines
    audit.record(actor, "school.edit", school, {"subject_staffing": (before or None, after or None)})


def _told(row: SubjectStaffing) -> str:
    """need/actual/minimum, a dash where none is set."""
    return "/".join("-" if getattr(row, name) is None else str(getattr(row, name)) for name in NUMBERS)
