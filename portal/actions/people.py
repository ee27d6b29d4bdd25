"""People by hand: added, edited, moved to another school, and leaving. Rosters do the same in bulk."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm.attributes import flag_modified

from portal.actions import accounts, audit
from portal.actions.clusters import hold_structure
from portal.actions.errors import Refused
from portal.actions.names import pinyin_of
from portal.actions.roles import end_at_school
from portal.actions.steps import expect_version
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Employment, Person, School
from portal.queries import people as people_queries
from portal.queries import staff

DAY = timedelta(days=1)
# Facts of a post; the others are the person's own.
POST_FACTS = ("post_kind", "cadre_level", "on_establishment")
# Never in the audit trail in plain.
SEALED = ("phone", "competent")


def create(
    actor, *, school: School | None, since: date | None, today: date, is_namesake: bool = False, **facts
) -> Person:
    """Add a person, at a school since a day, or without one for the bureau itself.

    Somebody of the same name at the same school is refused unless ``is_namesake`` says that it is another.
    """
    hold_structure(actor.district_id)
    _check_facts(actor.district_id, None, facts, today)
    if school is not None:
        _check_day(since, today, "since")
        if not is_namesake and staff.namesakes_at(school, facts["name"]):
            raise Refused(N_("本校已有同名的人；确实是另一位，请勾选“同名的另一位”"), field="is_namesake")
    own = {name: value for name, value in facts.items() if name not in POST_FACTS}
    person = Person(district_id=actor.district_id, **own)
    person.pinyin, person.initials = pinyin_of(person.name)
    db.session.add(person)
    db.session.flush()  # the post and the audit entry need the key
    changes = {"name": (None, person.name)}
    if school is not None:
        post = {name: facts[name] for name in POST_FACTS if facts.get(name) is not None}
        _employ(person, school, since, **post)
        changes |= {"school": (None, school.name), "starts_on": (None, since)}
    audit.record(actor, "person.create", person, changes)
    return person


def edit(actor, person: Person, *, expected, today: date, **facts) -> None:
    """Change a person's facts and those of the present post."""
    hold_structure(person.district_id)
    expect_version(person, expected)
    _check_facts(person.district_id, person, facts, today)
    changes = audit.changes_of(person, {k: v for k, v in facts.items() if k not in POST_FACTS})
    if "name" in changes:
        person.pinyin, person.initials = pinyin_of(person.name)
    post = staff.present_post(person)
    if post is not None:
        given = {k: v for k, v in facts.items() if k in POST_FACTS and (v is not None or k != "cadre_level")}
        changes |= audit.changes_of(post, given)
    if not changes:
        return
    for name in SEALED:
        if name in changes:
            changes[name] = (None, None)
    _touch(person)
    audit.record(actor, "person.edit", person, changes)


def move(actor, person: Person, school: School, *, since: date, today: date, expected) -> None:
    """Let a person work at another school from a day on. What the person was at the old one ends."""
    hold_structure(person.district_id)
    expect_version(person, expected)
    _check_day(since, today, "since")
    if school.closed_on is not None and school.closed_on <= since:
        raise Refused(N_("%(school)s那时已经停办"), field="school", school=school.name)
    post = staff.present_post(person)
    facts = {}
    if post is not None:
        if post.school_id == school.id:
            raise Refused(N_("这位教师已经在这所学校"), field="school")
        if post.starts_on and since <= post.starts_on:
            raise Refused(N_("要在来校之后（%(day)s）"), field="since", day=post.starts_on.isoformat())
        facts = {"post_kind": post.post_kind, "on_establishment": post.on_establishment}
        post.ends_on = since - DAY
        end_at_school(person, post.school_id, since - DAY)
        db.session.flush()  # one open home school, says the index: the old one ends first
    else:
        last = max((e.ends_on for e in person.employments), default=None)
        if last and since <= last:
            raise Refused(N_("要在上一次离开之后（%(day)s）"), field="since", day=last.isoformat())
    _employ(person, school, since, **facts)
    _touch(person)
    changes = {"school": (post.school.name if post else None, school.name), "starts_on": (None, since)}
    audit.record(actor, "person.move", person, changes)
    db.session.expire(person, ["employments", "roles"])


def leave(
    actor, person: Person, *, last_day: date, reason: str, today: date, now: datetime, expected
) -> None:
    """End a person's post with its last day; school roles end with it, and the account is closed."""
    hold_structure(person.district_id)
    expect_version(person, expected)
    post = staff.present_post(person)
    if post is None:
        raise Refused(N_("这位教师现在没有任职学校"))
    _check_day(last_day, today, "last_day")
    if post.starts_on and last_day < post.starts_on:
        raise Refused(N_("最后一天要在来校之后"), field="last_day")
    post.ends_on = last_day
    end_at_school(person, post.school_id, last_day)
    account = people_queries.account_of(person)
    if account is not None and account.disabled_at is None:
        accounts.disable(actor, account, reason, now=now)
    _touch(person)
    changes = {"school": (post.school.name, None), "ends_on": (None, last_day), "note": (None, reason)}
    audit.record(actor, "person.depart", person, changes)
    db.session.expire(person, ["employments", "roles"])


def reveal_phone(actor, person: Person) -> str:
    """The phone number in full; that somebody looked is on record."""
    audit.record(actor, "person.reveal", person, {"phone": (None, None)})
    return person.phone or ""


def _employ(person: Person, school: School, since: date | None, **facts) -> None:
    db.session.add(
        Employment(
            district_id=person.district_id,
            person_id=person.id,
            school_id=school.id,
            starts_on=since,
            **facts,
        )
    )
    db.session.expire(person, ["employments"])


def _touch(person: Person) -> None:
    """Posts belong to the person: the version moves with them."""
    flag_modified(person, "name")


def _check_day(day: date | None, today: date, field: str) -> None:
    # Lists and figures read "present" off the open post, so a post cannot begin or end ahead of its day.
    if day is not None and day > today:
        raise Refused(N_("日期不能晚于今天，到那天再登记"), field=field)


def _check_facts(district_id, person: Person | None, facts: dict, today: date) -> None:
    staff_no = facts.get("staff_no")
    holder = staff.with_staff_no(district_id, staff_no) if staff_no else None
    if holder is not None and holder is not person:
        raise Refused(N_("工号已被使用"), field="staff_no")
    born = facts.get("born_on")
    if born and not date(1920, 1, 1) <= born <= today - timedelta(days=365 * 16):
        raise Refused(N_("请核对出生日期"), field="born_on")
