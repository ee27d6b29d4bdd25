"""Whose consent a plan or a summary of equal partners waits for, and who has given it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import Person, PlanConsent, School, SummaryConsent
from portal.queries import clusters


@dataclass(frozen=True)
class Consent:
    """One member school: its principal, and the consent to the text as it stands or None."""

    school: School
    principal: Person
    given: PlanConsent | SummaryConsent | None


def of_members(text, model, key, today: date) -> list[Consent]:
    """The members of a text's cluster but the lead, which agrees by setting or signing it (E7 三(一)).

    ``model`` holds the consents and ``key`` its column that names the text. A school without a principal has
    nobody who could agree and is not waited for.
    """
    members = [m for m in clusters.members_on(text.cluster, today) if m.role != "lead"]
    principals = clusters.principals_of(text.district_id, [m.school_id for m in members], today)
    found = select(model).where(
        model.district_id == text.district_id, key == text.id, model.edition == text.edition
    )
    given = {row.school_id: row for row in db.session.scalars(found.options(joinedload(model.person)))}
    return [
        Consent(m.school, principals[m.school_id], given.get(m.school_id))
        for m in members
        if m.school_id in principals
    ]
