"""Signing up for a joint activity: places per school are given once, who waits moves up (S4-58)."""

from sqlalchemy import delete, select

from portal.actions import audit, notices
from portal.actions.errors import Refused
from portal.actions.steps import expect_version
from portal.domain import places
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Activity, ActivityEnrolment, ActivityQuota, ActivitySignup, Person
from portal.queries import activity_work, clusters


def hold_row(activity: Activity) -> None:
    """Let writers of one activity's list stand in line, and read it as the one before left it."""
    db.session.execute(
        select(Activity.id)
        .where(Activity.district_id == activity.district_id, Activity.id == activity.id)
        .with_for_update()
    )
    db.session.refresh(activity)


def open_enrolment(
    actor, activity: Activity, *, per_school, closes_at, quotas: dict, is_open: bool, expected, now
) -> ActivityEnrolment:
    """Say that people sign up, until when and how many of a school; the principals hear of it once.

    Fewer places than are taken leave those who have one where they are; more let those who wait move up.
    """
    _refuse_over(activity)
    hold_row(activity)
    if closes_at and closes_at > activity.starts_at:
        raise Refused(N_("报名截止要在活动开始之前"), field="closes_on")
    found = activity_work.enrolment_of(activity)
    values = {"per_school": per_school, "closes_at": closes_at, "is_open": is_open}
    if found is None:
        found = ActivityEnrolment(district_id=activity.district_id, activity_id=activity.id, **values)
        db.session.add(found)
        audit.record(actor, "activity.enrol", activity, {"places": (None, per_school)})
        _tell_principals(actor, activity, "activity_enrolling", now)
    else:
        expect_version(found, expected)
        changes = audit.changes_of(found, values)
        if changes:
            audit.record(actor, "activity.enrol", activity, {"places": (None, per_school)})
    _keep_quotas(activity, quotas)
    db.session.flush()  # places are counted in the database
    for school_id in {row.school_id for row in activity_work.signups_of(activity)}:
        _move_up(actor, activity, found, school_id, now)
    return found


def _keep_quotas(activity: Activity, quotas: dict) -> None:
    known = {school.id for school in activity_work.schools_of(activity)}
    db.session.execute(
        delete(ActivityQuota).where(
            ActivityQuota.district_id == activity.district_id, ActivityQuota.activity_id == activity.id
        )
    )
    for school_id, number in sorted(quotas.items(), key=lambda pair: str(pair[0])):
        if school_id in known and number is not None:
            db.session.add(
                ActivityQuota(
                    district_id=activity.district_id,
                    activity_id=activity.id,
                    school_id=school_id,
                    places=number,
                )
            )


def join(actor, activity: Activity, person: Person | None = None, *, now) -> ActivitySignup:
    """Sign up oneself, or somebody of a school that one manages. With no place left the person waits."""
    hold_row(activity)
    enrolment = activity_work.enrolment_of(activity)
    _refuse_closed(activity, enrolment, now)
    person_id = person.id if person else actor.person_id
    school = activity_work.school_of_person(activity.district_id, person_id, local_day(now))
    allowed = activity_work.may_send(activity)
    if school is None or (allowed is not None and school.id not in allowed):
        raise Refused(N_("只有参加学校的教职工可以报名"), field="person")
    if person_id != actor.person_id and school.id not in actor.manages_schools:
        raise Refused(N_("只能替本校教师报名"), field="person")
    rows = activity_work.signups_of(activity)
    if any(row.person_id == person_id for row in rows):
        raise Refused(N_("这一位已经报过名"), field="person")
    row = ActivitySignup(
        district_id=activity.district_id,
        activity_id=activity.id,
        person_id=person_id,
        school_id=school.id,
        place=_free_place(activity, enrolment, school.id, rows),
        signed_at=now,
        created_by_id=actor.person_id,
    )
    db.session.add(row)
    db.session.flush()  # a place that was given meanwhile is refused here
    audit.record(actor, "activity.sign_up", activity, {"joined": (None, _name(row))})
    if person_id != actor.person_id:
        _tell(actor, activity, [person_id], "activity_signed_up", now)
    return row


def leave(actor, row: ActivitySignup, *, now) -> str:
    """Take somebody off the list; the first of the same school who waits gets the place. Returns the name."""
    activity = row.activity
    hold_row(activity)
    _refuse_over(activity)
    name, school_id, had_place = _name(row), row.school_id, row.place is not None
    if row.person_id != actor.person_id:
        _tell(actor, activity, [row.person_id], "activity_signed_off", now)
    db.session.delete(row)
    db.session.flush()  # the place is free for the next one
    audit.record(actor, "activity.sign_off", activity, {"joined": (name, None)})
    enrolment = activity_work.enrolment_of(activity)
    if had_place and enrolment:
        _move_up(actor, activity, enrolment, school_id, now)
    return name


def _move_up(actor, activity: Activity, enrolment, school_id, now) -> None:
    rows = [row for row in activity_work.signups_of(activity) if row.school_id == school_id]
    for row in sorted((r for r in rows if r.place is None), key=lambda r: (r.signed_at, r.id)):
        place = _free_place(activity, enrolment, school_id, rows)
        if place is None:
            return
        row.place = place
        _tell(actor, activity, [row.person_id], "activity_seated", now)
        audit.record(actor, "activity.seat", activity, {"joined": (None, _name(row))})


def _free_place(activity: Activity, enrolment, school_id, rows) -> int | None:
    limit = places.limit_of(school_id, enrolment.per_school, activity_work.quotas_of(activity))
    return places.next_place(limit, [row.place for row in rows if row.school_id == school_id and row.place])


def _refuse_over(activity: Activity) -> None:
    if activity.state != "planned":
        raise Refused(N_("活动已经开展或取消，报名不能再改"))


def _refuse_closed(activity: Activity, enrolment, now) -> None:
    _refuse_over(activity)
    if enrolment is None or not enrolment.is_open:
        raise Refused(N_("这次活动没有开放报名"), field="person")
    if now >= (enrolment.closes_at or activity.starts_at):
        raise Refused(N_("报名已经截止"), field="person")


def _name(row: ActivitySignup) -> str:
    return db.session.get(Person, (row.district_id, row.person_id)).name


def _tell_principals(actor, activity: Activity, kind: str, now) -> None:
    schools = [school.id for school in activity_work.schools_of(activity)]
    principals = clusters.principals_of(activity.district_id, schools, local_day(now))
    _tell(actor, activity, [person.id for person in principals.values()], kind, now)


def _tell(actor, activity: Activity, people, kind: str, now) -> None:
    notices.tell(
        people,
        kind,
        district_id=activity.district_id,
        link=f"/plans/activities/{activity.id}",
        now=now,
        besides=actor.person_id,
        who=actor.name,
        what=f"{activity.theme}（{local_day(activity.starts_at).isoformat()}）",
    )


def tell_concerned(actor, activity: Activity, kind: str, now) -> None:
    """Tell those who signed up, and the principals of its schools."""
    signed = [row.person_id for row in activity_work.signups_of(activity)]
    schools = [school.id for school in activity_work.schools_of(activity)]
    principals = clusters.principals_of(activity.district_id, schools, local_day(now))
    _tell(actor, activity, [*signed, *(person.id for person in principals.values())], kind, now)
