"""Staffing of schools: posts, need and have by subject, structure at two days; a fixed number of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, or_, select

from portal.domain.staffing import Structure, SubjectLine, Worker, posts_gap, structure
from portal.extensions import db
from portal.models import Employment, Person, PersonTitle, School, SubjectStaffing


@dataclass(frozen=True)
class SchoolStaffing:
    """A school with its subjects, and its people on a first and on a last day."""

    school: School
    lines: tuple[SubjectLine, ...]
    before: Structure
    after: Structure

    @property
    def staff(self) -> int:
        """What the school says it has, and without its word the people on its roster."""
        stated = self.school.actual_staff
        return self.after.people if stated is None else stated

    @property
    def gap(self) -> int | None:
        """Staff less authorised posts; None while posts are not set."""
        return posts_gap(self.school.authorised_posts, self.staff)


def of_schools(
    district_id, schools: Sequence[School], first: date, last: date | None = None
) -> list[SchoolStaffing]:
    """The staffing of these schools, in their order, before (``first``) and after (``last``)."""
    last = last or first
    keys = [school.id for school in schools]
    rows: dict = {}
    for row in db.session.scalars(
        select(SubjectStaffing).where(
            SubjectStaffing.district_id == district_id, SubjectStaffing.school_id.in_(keys)
        )
    ):
        rows.setdefault(row.school_id, {})[row.subject] = row
    workers = _workers(district_id, keys, first, last)
    found = []
    for school in schools:
        own = workers.get(school.id, [])
        before, after = structure(own, first), structure(own, last)
        found.append(SchoolStaffing(school, _lines(rows.get(school.id, {}), after.subjects), before, after))
    return found


def _lines(rows: dict, counted: dict) -> tuple[SubjectLine, ...]:
    lines = [
        SubjectLine(
            subject,
            need=rows[subject].need if subject in rows else None,
            stated=rows[subject].actual if subject in rows else None,
            counted=counted.get(subject, 0),
            minimum=rows[subject].minimum if subject in rows else None,
        )
        for subject in {*rows, *counted}
    ]
    return tuple(sorted(lines, key=lambda line: (line.gap is None, line.gap or 0, line.subject)))


def _workers(district_id, school_ids: Iterable, first: date, last: date) -> dict:
    """School -> the people who belonged to it between two days, without their names."""
    rows = db.session.execute(
        select(
            Employment.school_id,
            Person.subjects,
            Person.professional_title,
            Person.born_on,
            Employment.starts_on,
            Employment.ends_on,
        )
        .join(Person, and_(Person.district_id == Employment.district_id, Person.id == Employment.person_id))
        .where(
            Employment.district_id == district_id,
            Employment.school_id.in_(school_ids),
            or_(Employment.starts_on.is_(None), Employment.starts_on <= last),
            or_(Employment.ends_on.is_(None), Employment.ends_on >= first),
        )
    )
    found: dict = {}
    for school_id, subjects, *facts in rows:
        found.setdefault(school_id, []).append(Worker(next(iter(subjects or []), ""), *facts))
    return found


def rows_of(school: School) -> dict[str, SubjectStaffing]:
    """Subject -> what the school has written about it."""
    found = db.session.scalars(
        select(SubjectStaffing).where(
            SubjectStaffing.district_id == school.district_id, SubjectStaffing.school_id == school.id
        )
    )
    return {row.subject: row for row in found}


def honours_by_place(district_id, school_ids: Iterable, day: date) -> dict[str, dict[str, int]]:
    """Honour -> urban or rural -> people at these schools who hold it on a day (S0-19), each once."""
    rows = db.session.execute(
        select(PersonTitle.kind, School.location, func.count(PersonTitle.person_id.distinct()))
        .join(
            Employment,
            and_(
                Employment.district_id == PersonTitle.district_id,
                Employment.person_id == PersonTitle.person_id,
            ),
        )
        .join(School, and_(School.district_id == Employment.district_id, School.id == Employment.school_id))
        .where(
            PersonTitle.district_id == district_id,
            Employment.school_id.in_(school_ids),
            *(
                column
                for table in (PersonTitle, Employment)
                for column in (
                    or_(table.starts_on.is_(None), table.starts_on <= day),
                    or_(table.ends_on.is_(None), table.ends_on >= day),
                )
            ),
        )
        .group_by(PersonTitle.kind, School.location)
    )
    found: dict = {}
    for kind, location, count in rows:
        found.setdefault(kind, {})[location] = count
    return found
