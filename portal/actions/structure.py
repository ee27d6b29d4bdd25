"""The first rows of an installation: a district and the people of its bureau."""

from datetime import date

from sqlalchemy import select

from portal.actions import audit
from portal.extensions import db
from portal.models import District, Person, RoleAssignment


def district_with_code(code: str, name: str = "") -> District:
    """The district of that code, made when there is none."""
    found = db.session.scalar(select(District).where(District.code == code))
    if found is None:
        found = District(code=code, name=name or code, bureau_name=(name or code) + "教育局")
        db.session.add(found)
        db.session.flush()  # rows below it need its key
    return found


def bureau_person(district: District, name: str, office: str | None, *, today: date) -> Person:
    """A person of the district, with a role in a bureau office when one is named."""
    person = Person(district_id=district.id, name=name)
    db.session.add(person)
    db.session.flush()  # the role and the audit entry need the key
    audit.record(None, "person.create", person, {"name": (None, name)})
    if office:
        db.session.add(
            RoleAssignment(
                district_id=district.id, person_id=person.id, role="bureau", office=office, starts_on=today
            )
        )
    return person
