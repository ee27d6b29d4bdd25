"""What classes need, and proposals of a timetable: asked for, cancelled, adopted lesson by lesson."""

from datetime import date, timedelta

from portal.actions import audit, visiting
from portal.actions.errors import Conflict, Refused
from portal.actions.steps import expect_version, take_step
from portal.actions.visiting_dates import hold
from portal.domain.planning import DEFAULT_SEED
from portal.domain.words import N_, Message
from portal.extensions import db
from portal.models import Cluster, LessonDemand, PlanProposal, ProposedLesson, School, Term
from portal.queries import clusters, people, proposals

# What the history of a lesson says that a plan moved.
ADJUSTED = "排课方案调整"


def ask_for(actor, school: School, term: Term, values: dict) -> LessonDemand:
    """Say that a class needs a visitor. The same class and subject twice breaks the unique constraint."""
    demand = LessonDemand(district_id=school.district_id, school_id=school.id, term_id=term.id, **values)
    db.session.add(demand)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "lesson_demand.create", demand, {name: (None, each) for name, each in values.items()})
    return demand


def withdraw(actor, demand: LessonDemand, *, expected: int | None) -> None:
    """A class needs it no more. Lessons that were planned for it stay."""
    expect_version(demand, expected)
    audit.record(
        actor, "lesson_demand.delete", demand, {"class_name": (f"{demand.class_name} {demand.subject}", None)}
    )
    db.session.delete(demand)


def begin(
    actor, cluster: Cluster, term: Term, *, first_day: date, adjusts: bool = False, today: date
) -> PlanProposal:
    """Open a proposal, to be computed by a job. Refused when no class of the cluster needs anything.

    One that ``adjusts`` may move the unlocked lessons that stand, from tomorrow on at the earliest.
    """
    day = max(first_day, term.first_day)
    if adjusts:
        day = max(day, today + timedelta(days=1))
    if day > term.last_day:
        raise Refused(N_("这个学期已经结束"), field="first_day")
    members = [m.school_id for m in clusters.members_on(cluster, day)]
    if not proposals.demand_total(cluster.district_id, term.id, members):
        raise Refused(N_("片区各校还没有登记走教需求"))
    proposal = PlanProposal(
        district_id=cluster.district_id,
        cluster_id=cluster.id,
        term_id=term.id,
        person_id=actor.person_id,
        first_day=day,
        adjusts=adjusts,
        seed=DEFAULT_SEED,
    )
    db.session.add(proposal)
    db.session.flush()  # the job is asked with the key
    told = {"first_day": (None, day.isoformat())} | ({"adjusts": (None, True)} if adjusts else {})
    audit.record(actor, "plan_proposal.create", proposal, told)
    return proposal


def step(actor, proposal: PlanProposal, action: str, *, expected: int | None) -> None:
    """Cancel a computation, or discard a proposal."""
    take_step(actor, proposal, action, expected=expected)


def adopt(actor, proposal: PlanProposal, rows: list[ProposedLesson], *, today: date, now) -> int:
    """Make lessons of a proposal real, all or none; how many there are now.

    First those that they are moved from end, then each is scheduled as one entered by hand would be, with the
    same checks. Conflict when one was adopted before or the proposal is open no more; Refused, with the lesson
    named, where one no longer fits.
    """
    if proposal.state != "proposed" or any(row.lesson_id is not None for row in rows):
        raise Conflict(proposal)
    if not rows:
        raise Refused(N_("请先选要采纳的课"))
    # A lesson that is moved is held today where it was.
    from_day = max(proposal.first_day, today + timedelta(days=1 if proposal.adjusts else 0))
    if from_day > proposal.term.last_day:
        raise Refused(N_("这个学期已经结束"))
    people_ids = {row.person_id for row in rows} | {row.replaces.person_id for row in rows if row.replaces}
    hold(proposal.district_id, {row.school_id for row in rows}, people_ids)
    _make_room(actor, proposal, rows, from_day, today, now)
    for row in sorted(rows, key=lambda each: (str(each.person_id), each.weekday, each.starts)):
        if row.is_drop:
            row.lesson_id = row.replaces_id
        else:
            _schedule(actor, row, from_day, now)
    audit.record(actor, "plan_proposal.adopt", proposal, {"lessons": (None, len(rows))})
    return len(rows)


def _make_room(actor, proposal: PlanProposal, rows, from_day: date, today: date, now) -> None:
    """End the lessons that rows are moved from. Who keeps another place is told of that one alone."""
    going = [row for row in rows if row.replaces_id is not None]
    if not going:
        return
    movable = proposals.movable_lessons(proposal.cluster, proposal.term, from_day, today)
    for row in going:
        old = row.replaces
        if old.id not in movable:
            raise Refused(
                N_("%(person)s %(class_name)s %(subject)s 已锁定、停止或调整过，不能再移动"),
                person=old.person.name,
                class_name=old.class_name,
                subject=old.subject,
            )
        visiting.end(
            actor,
            old,
            note=ADJUSTED,
            expected=None,
            now=now,
            told=row.is_drop or row.person_id != old.person_id,
        )


def _schedule(actor, row: ProposedLesson, from_day: date, now) -> None:
    person = people.person_by_id(row.district_id, row.person_id)
    values = {
        "school_id": row.school_id,
        "class_name": row.class_name,
        "subject": row.subject,
        "weekday": row.weekday,
        "period": row.period,
        "weeks": "",
        "form": row.replaces.form if row.replaces else "circuit_teaching",
    }
    moved = row.replaces is not None and row.replaces.person_id == row.person_id
    try:
        saved = visiting.schedule(
            actor,
            person,
            values,
            from_day=from_day,
            now=now,
            kind="lesson_changed" if moved else "lesson_scheduled",
        )
    except Refused as refused:
        raise Refused(
            N_("%(person)s %(class_name)s %(subject)s 排不进去：%(reason)s"),
            person=person.name,
            class_name=row.class_name,
            subject=row.subject,
            reason=Message(refused.message, tuple(refused.words.items())),
        ) from refused
    row.lesson_id = saved.lesson.id
