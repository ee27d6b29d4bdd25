"""Volunteers without a post (S4-43): entered by a school or the bureau; programmes and their targets."""

from sqlalchemy.orm.attributes import flag_modified

from portal.actions import audit
from portal.actions.delivery_rows import main_cluster_id
from portal.actions.errors import Refused
from portal.actions.names import pinyin_of
from portal.actions.steps import expect_version
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Person, Programme, ProgrammeTarget, School, Volunteer
from portal.queries import volunteers


def enter(actor, values: dict, *, school: School | None, is_namesake: bool = False, now) -> Volunteer:
    """Enter somebody who works at no school; ``values``: name, phone, subjects, background.

    Without a school the entry is the bureau's own. Somebody of the same name in sight is refused unless
    ``is_namesake`` says that it is another.
    """
    if school is None and not actor.offices:
        raise Refused(N_("请填写这一项"), field="school")
    if not is_namesake and volunteers.namesakes(actor, values["name"]):
        raise Refused(N_("已有同名的志愿者；确实是另一位，请勾选“同名的另一位”"), field="is_namesake")
    person = Person(
        district_id=actor.district_id,
        name=values["name"],
        phone=values["phone"] or None,
        subjects=values["subjects"],
    )
    person.pinyin, person.initials = pinyin_of(person.name)
    db.session.add(person)
    db.session.flush()  # the entry names the person
    volunteer = Volunteer(
        district_id=actor.district_id,
        person_id=person.id,
        school_id=school.id if school else None,
        cluster_id=main_cluster_id(actor.district_id, school.id, local_day(now)) if school else None,
        background=values["background"],
        created_by_id=actor.person_id,
    )
    db.session.add(volunteer)
    db.session.flush()  # the audit entry needs the key
    changes = {
        "name": (None, person.name),
        "background": (None, volunteer.background),
        "subjects": (None, person.subjects),
        "school": (None, school.name if school else None),
    }
    audit.record(actor, "volunteer.create", volunteer, {k: v for k, v in changes.items() if v[1]})
    return volunteer


def edit(actor, volunteer: Volunteer, values: dict, *, expected) -> None:
    """Change a volunteer's facts. An empty phone number leaves the stored one as it is."""
    expect_version(volunteer, expected)
    person = volunteer.person
    own = {"name": values["name"], "subjects": values["subjects"]}
    if values["phone"]:
        own["phone"] = values["phone"]
    changes = audit.changes_of(person, own)
    if "name" in changes:
        person.pinyin, person.initials = pinyin_of(person.name)
    changes |= audit.changes_of(volunteer, {"background": values["background"]})
    if "phone" in changes:
        changes["phone"] = (None, None)  # never in the audit trail in plain
    if changes:
        flag_modified(volunteer, "background")  # the person belongs to the entry: its version moves too
        audit.record(actor, "volunteer.edit", volunteer, changes)


def reveal_phone(actor, volunteer: Volunteer) -> str:
    """The phone number in full; that somebody looked is on record."""
    audit.record(actor, "volunteer.reveal", volunteer, {"phone": (None, None)})
    return volunteer.person.phone or ""


# Programmes


def create_programme(actor, values: dict, targets: dict) -> Programme:
    """A programme of the district with its targets, kind to number. None of the numbers is made up here."""
    programme = Programme(district_id=actor.district_id, **values)
    _check(programme, targets)
    db.session.add(programme)
    db.session.flush()  # the targets and the audit entry need the key
    _set_targets(programme, targets)
    changes = {name: (None, value) for name, value in values.items() if value}
    audit.record(actor, "programme.create", programme, _named(changes) | {"targets": (None, _words(targets))})
    return programme


def edit_programme(actor, programme: Programme, values: dict, targets: dict, *, expected) -> None:
    """Change a programme and its targets."""
    expect_version(programme, expected)
    before = {each.kind: each.target for each in programme.targets}
    with db.session.no_autoflush:  # the rules speak before the constraints do
        changes = _named(audit.changes_of(programme, values))
        _check(programme, targets)
    if before != targets:
        flag_modified(programme, "name")  # targets belong to the programme: its version moves with them
        _set_targets(programme, targets)
        changes["targets"] = (_words(before), _words(targets))
    if changes:
        audit.record(actor, "programme.edit", programme, changes)


def _check(programme: Programme, targets: dict) -> None:
    if programme.ends_on < programme.starts_on:
        raise Refused(N_("结束日期要在开始日期之后"), field="ends_on")
    if not targets:
        raise Refused(N_("至少填写一项目标"))


def _set_targets(programme: Programme, targets: dict) -> None:
    present = {each.kind: each for each in programme.targets}
    for kind, row in present.items():
        if kind not in targets:
            db.session.delete(row)
        else:
            row.target = targets[kind]
    for kind in targets.keys() - present.keys():
        db.session.add(
            ProgrammeTarget(
                district_id=programme.district_id, programme_id=programme.id, kind=kind, target=targets[kind]
            )
        )
    db.session.flush()  # the list is read anew
    db.session.expire(programme, ["targets"])


def _named(changes: dict) -> dict:
    return {"title" if name == "name" else name: change for name, change in changes.items()}


def _words(targets: dict) -> dict:
    return dict(sorted(targets.items()))
