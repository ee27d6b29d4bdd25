"""Whom a timetable workbook means by what it writes in the column of teachers."""

from collections.abc import Iterable

from sqlalchemy import and_, select

from portal.extensions import db
from portal.models import Employment, Person, School


def teachers_written(
    district_id, written: Iterable[str], schools: Iterable[School]
) -> dict[str, tuple[Person, School]]:
    """What stands for a teacher -> the person and the home school, where only one fits.

    A teacher is written as 工号, 姓名 or 姓名（学校）; the home school has to be one of ``schools``.
    """
    texts = list(written)
    homes = {school.id: school for school in schools}
    rows = _candidates(district_id, texts)
    found = {}
    for text in texts:
        name, at = _name_and_place(text)
        fitting = [row for row in rows if row[0].staff_no == text] or [
            (person, home)
            for person, home in rows
            if person.name == name and (not at or (home in homes and homes[home].name == at))
        ]
        if len(fitting) == 1 and fitting[0][1] in homes:
            found[text] = (fitting[0][0], homes[fitting[0][1]])
    return found


def _name_and_place(text: str) -> tuple[str, str]:
    name, _mark, place = text.replace("(", "（").rstrip("）)").partition("（")
    return name, place


def _candidates(district_id, texts: list[str]) -> list[tuple]:
    """(person, key of the home school) of everybody whom one of the texts could mean."""
    rows = db.session.execute(
        select(Person, Employment.school_id)
        .join(
            Employment,
            and_(
                Employment.district_id == Person.district_id,
                Employment.person_id == Person.id,
                Employment.ends_on.is_(None),
            ),
        )
        .where(
            Person.district_id == district_id,
            Person.staff_no.in_(texts) | Person.name.in_({_name_and_place(text)[0] for text in texts}),
        )
    )
    return [(person, home) for person, home in rows]
