"""Offers of time: for oneself, or for a volunteer whom one's school or the bureau keeps."""

from sqlalchemy.orm.attributes import flag_modified

from portal.actions import audit
from portal.actions.delivery_rows import main_cluster_id
from portal.actions.errors import Refused
from portal.actions.steps import expect_version, take_step
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import OfferSchool, Person, TeachingOffer
from portal.queries import people, schools, volunteers

COLUMNS = ("kind", "subject", "stage", "starts_on", "ends_on", "times", "details", "is_open")


def offer(actor, person: Person, values: dict, school_ids, *, now) -> TeachingOffer:
    """Say that somebody has time. ``school_ids`` are where they would go; none means any school in sight."""
    home_id = people.home_school_ids(person.district_id, [person.id]).get(person.id)
    volunteer = volunteers.of_person(person.district_id, person.id) if home_id is None else None
    if home_id is None and volunteer is None:
        raise Refused(N_("只有在校教师和登记过的志愿者可以登记有空的时间"), field="person")
    keeper = home_id or volunteer.school_id
    made = TeachingOffer(
        district_id=person.district_id,
        person_id=person.id,
        school_id=keeper,
        is_guest=volunteer is not None,
        created_by_id=actor.person_id,
        **values,
    )
    made.cluster_id = main_cluster_id(person.district_id, keeper, local_day(now))
    # Whoever the bureau entered belongs to no cluster: the whole district may ask for them.
    made.is_open = made.is_open or made.cluster_id is None
    if not can(actor, "offer.edit", made):
        raise Refused(N_("只能登记自己，或本校登记的志愿者"), field="person")
    _check(made)
    db.session.add(made)
    db.session.flush()  # the audit entry and the schools need the key
    told = {name: (None, getattr(made, name)) for name in COLUMNS if getattr(made, name)}
    told["person"] = (None, person.name)
    names = _set_schools(made, school_ids, [])
    audit.record(actor, "teaching_offer.create", made, _as_told(told) | _schools_told([], names))
    return made


def edit(actor, made: TeachingOffer, values: dict, school_ids, *, expected) -> None:
    """Change an offer."""
    expect_version(made, expected)
    with db.session.no_autoflush:  # the rules speak before the constraints do
        changes = audit.changes_of(made, values)
        _check(made)
    before = [row.school.name for row in made.schools]
    names = _set_schools(made, school_ids, list(made.schools))
    told = _as_told(changes) | _schools_told(before, names)
    if told:
        flag_modified(made, "times")  # schools belong to the offer: its version moves with them
        audit.record(actor, "teaching_offer.edit", made, told)


def take(actor, made: TeachingOffer, action: str, *, note: str = "", expected) -> None:
    """Take an offer off the board, or put it there again."""
    take_step(actor, made, action, note=note, expected=expected)


def _check(made: TeachingOffer) -> None:
    if made.ends_on and made.ends_on < made.starts_on:
        raise Refused(N_("结束日期要在开始日期之后"), field="ends_on")


def _set_schools(made: TeachingOffer, school_ids, present: list[OfferSchool]) -> list[str]:
    """Let these be the schools of an offer; their names."""
    wanted = {school.id: school for school in schools.with_id_in(made.district_id, set(school_ids))}
    for row in present:
        if row.school_id not in wanted:
            db.session.delete(row)
    for key in wanted.keys() - {row.school_id for row in present}:
        db.session.add(OfferSchool(district_id=made.district_id, offer_id=made.id, school_id=key))
    db.session.flush()  # the list is read anew
    db.session.expire(made, ["schools"])
    return [school.name for school in wanted.values()]


def _as_told(changes: dict) -> dict:
    return {"delivery_kind" if name == "kind" else name: change for name, change in changes.items()}


def _schools_told(before: list, after: list) -> dict:
    return {"schools": (sorted(before), sorted(after))} if sorted(before) != sorted(after) else {}
