"""An activity's day: put off with a reason, who comes enters the code at the door, and says afterwards how it was."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.actions import audit
from portal.actions.activity_signups import hold_row, tell_concerned
from portal.actions.errors import Refused
from portal.actions.steps import expect_version, take_step
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import (
    Activity,
    ActivityCluster,
    ActivityFeedback,
    ActivityMove,
    ActivityParticipant,
    CodeGuesses,
    Person,
)
from portal.queries import activity_work, terms

#: Wrong codes a person and day, as at a school's door.
GUESSES = 5


def postpone(actor, activity: Activity, *, starts_at, ends_at, reason: str, expected, now) -> None:
    """Give a planned activity another time, with a reason; who signed up and the principals hear of it (W7)."""
    if starts_at == activity.starts_at:
        raise Refused(N_("时间没有变"), field="starts_on")
    if starts_at <= now:
        raise Refused(N_("新的时间要在今后"), field="starts_on")
    term = terms.term_of_day(activity.district_id, local_day(starts_at))
    if term is None:
        raise Refused(N_("还没有学期，请先由区教育局设置校历"), field="starts_on")
    take_step(actor, activity, "postpone", note=reason, expected=expected)
    db.session.add(
        ActivityMove(
            district_id=activity.district_id,
            activity_id=activity.id,
            old_starts_at=activity.starts_at,
            new_starts_at=starts_at,
            reason=reason,
            person_id=actor.person_id,
            moved_at=now,
        )
    )
    enrolment = activity_work.enrolment_of(activity)
    if enrolment and enrolment.closes_at and enrolment.closes_at > starts_at:
        enrolment.closes_at = starts_at  # nobody signs up for what has begun
    activity.starts_at, activity.ends_at, activity.term_id = starts_at, ends_at, term.id
    tell_concerned(actor, activity, "activity_moved", now)


def hold_with(actor, activity: Activity, cluster_ids, *, now) -> None:
    """Say which further clusters hold the activity together with the first one: each counts it once."""
    if activity.cluster_id is None:
        raise Refused(N_("全区活动没有联办片区"))
    if not activity.takes_files:
        raise Refused(N_("活动已归档或取消，要先重新打开"))
    possible = {cluster.id: cluster for cluster in activity_work.possible_partners(activity)}
    wanted = {key for key in cluster_ids if key in possible}
    before = {row.cluster_id: row for row in activity.held_with}
    if wanted == set(before):
        return
    names = [possible[key].name for key in sorted(wanted, key=str)]
    old = [row.cluster.name for _, row in sorted(before.items(), key=lambda pair: str(pair[0]))]
    for key, row in before.items():
        if key not in wanted:
            db.session.delete(row)
    for key in sorted(wanted - set(before), key=str):
        db.session.add(
            ActivityCluster(district_id=activity.district_id, activity_id=activity.id, cluster_id=key)
        )
    activity.updated_at = now
    audit.record(actor, "activity.hold_with", activity, {"held_with": (old, names)})
    db.session.flush()  # the list of clusters is read anew
    db.session.expire(activity, ["held_with"])


@dataclass(frozen=True)
class Arrival:
    """What came of a code: ``done``, ``again``, ``wrong``, ``locked``, ``day`` or ``school``; ``left`` tries remain."""

    result: str
    left: int = 0


def arrive(actor, activity: Activity, code: str, *, now) -> Arrival:
    """Put whoever enters the code of the door on the list of those who came. A wrong code counts and is kept,
    so the caller commits whatever the result is."""
    hold_row(activity)
    day = local_day(now)
    if activity.state not in ("planned", "held") or local_day(activity.starts_at) != day:
        return Arrival("day")
    school = activity_work.school_of_person(activity.district_id, actor.person_id, day)
    allowed = activity_work.may_send(activity)
    if school is None or (allowed is not None and school.id not in allowed):
        return Arrival("school")
    guesses = _guesses(actor, day)
    if guesses.wrong >= GUESSES:
        return Arrival("locked")
    if not activity_work.is_door_code(activity, code):
        guesses.wrong += 1
        return Arrival("wrong", GUESSES - guesses.wrong)
    if activity_work.took_part(activity, actor.person_id):
        return Arrival("again")
    db.session.add(
        ActivityParticipant(
            district_id=activity.district_id,
            activity_id=activity.id,
            person_id=actor.person_id,
            school_id=school.id,
        )
    )
    audit.record(actor, "activity.arrive", activity, {"joined": (None, actor.name)})
    return Arrival("done")


def _guesses(actor, day) -> CodeGuesses:
    # One row a person and day: the person's own row lets two requests of one person stand in line.
    db.session.execute(
        select(Person.id)
        .where(Person.district_id == actor.district_id, Person.id == actor.person_id)
        .with_for_update()
    )
    found = db.session.scalars(
        select(CodeGuesses)
        .filter_by(district_id=actor.district_id, person_id=actor.person_id, day=day)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        found = CodeGuesses(district_id=actor.district_id, person_id=actor.person_id, day=day, wrong=0)
        db.session.add(found)
    return found


def give_feedback(
    actor, activity: Activity, *, usefulness: str, gained: str, wished: str, expected, now
) -> ActivityFeedback:
    """Say how the activity was, or say it anew. Only who took part, as long as it is not in the archive."""
    if activity.state != "held":
        raise Refused(N_("活动开展之后、归档之前可以反馈"))
    if not activity_work.took_part(activity, actor.person_id):
        raise Refused(N_("参加了活动的教师才能反馈"))
    found = own_feedback(actor, activity)
    values = {"usefulness": usefulness, "gained": gained, "wished": wished}
    if found is None:
        found = ActivityFeedback(
            district_id=activity.district_id, activity_id=activity.id, person_id=actor.person_id, **values
        )
        db.session.add(found)
        audit.record(actor, "activity.feedback", activity)
    else:
        expect_version(found, expected)
        if audit.changes_of(found, values):
            audit.record(actor, "activity.feedback", activity)
    return found


def own_feedback(actor, activity: Activity) -> ActivityFeedback | None:
    """What the person said already."""
    return db.session.scalars(
        select(ActivityFeedback).filter_by(
            district_id=activity.district_id, activity_id=activity.id, person_id=actor.person_id
        )
    ).first()
