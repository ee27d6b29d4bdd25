"""During and after a secondment: arrival, plan, entries, leave, contacts, evaluations (S4-04...08, S4-60...66)."""

from datetime import date

from portal.actions import attachments, audit, secondment_postings, secondments
from portal.actions.errors import Conflict, NotAllowed, Refused
from portal.actions.steps import expect_version, take_step
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.secondments import OWED, PLAN_PARTS, UNDER_WAY
from portal.domain.words import N_
from portal.extensions import db
from portal.models import (
    Secondment,
    SecondmentContact,
    SecondmentEntry,
    SecondmentEvaluation,
    SecondmentLeave,
    StudyPlan,
    StudyTrip,
)
from portal.queries import attachments as files
from portal.queries import clusters, people
from portal.queries import secondment_work as known


def arrive(actor, secondment: Secondment, day: date, *, expected, now) -> None:
    """The host says when somebody arrived; a day after the window is kept as it is and shown as late."""
    if secondment.state != "assigned":
        raise Conflict(secondment)
    if day > local_day(now):
        raise Refused(N_("到岗日期不能在今天以后"), field="day")
    if day > secondment.ends_on:
        raise Refused(N_("到岗日期要在结束日期之前"), field="day")
    secondment.arrived_on = day
    take_step(actor, secondment, "arrive", expected=expected)
    audit.record(actor, "secondment.record", secondment, {"arrived_on": (None, day)})
    secondment_postings.arrive(actor, secondment)
    secondments.tell(
        actor, secondment, "secondment_moved", now, whom=_both(secondment, now), what=_name(secondment)
    )


def save_plan(actor, secondment: Secondment, values: dict, *, hand_in: bool, expected, now) -> None:
    """Keep the study plan; hand it in when all five parts have words (S4-61). That opens the time of study."""
    if secondment.state not in ("assigned", "arrived", "active"):
        raise Refused(N_("现在不能修改学习计划"))
    plan = known.plan_of(secondment)
    if plan is None:
        plan = StudyPlan(district_id=secondment.district_id, secondment_id=secondment.id, **values)
        db.session.add(plan)
        db.session.flush()  # two windows that begin one: the second is refused here
        changes = dict.fromkeys(values, (None, None))
    else:
        expect_version(plan, expected)
        changes = dict.fromkeys(audit.changes_of(plan, values), (None, None))
    if changes:
        audit.record(actor, "secondment.plan", secondment)
    if not hand_in:
        return
    if secondment.state == "assigned":
        raise Refused(N_("到岗登记以后再提交，写好的内容已经在这里"))
    for part in PLAN_PARTS:
        if not getattr(plan, part).strip():
            raise Refused(N_("请填写这一项"), field=part)
    if plan.handed_in_on is None:
        plan.handed_in_on = local_day(now)
        if secondment.state == "arrived":
            take_step(actor, secondment, "start")
        whom = secondments.principals(secondment, now, host_only=True)
        secondments.tell(actor, secondment, "study_plan_handed_in", now, whom=whom, what=_name(secondment))


def add_entry(actor, secondment: Secondment, kind: str, values: dict, *, now) -> SecondmentEntry:
    """Write a duty, product, assignment, topic, book, meeting or discussion."""
    if not can(actor, _entry_permission(kind), secondment):
        raise NotAllowed(_entry_permission(kind))
    if secondment.state not in UNDER_WAY:
        raise Refused(N_("现在不能登记"))
    _check_entry(kind, values, now)
    row = SecondmentEntry(
        district_id=secondment.district_id,
        secondment_id=secondment.id,
        kind=kind,
        created_by_id=actor.person_id,
        **values,
    )
    db.session.add(row)
    audit.record(
        actor, "secondment.entry", secondment, {"entry_kind": (None, kind), "title": (None, row.title)}
    )
    return row


def edit_entry(actor, entry: SecondmentEntry, values: dict, *, expected, now) -> None:
    """Change an entry, or say that what was owed is done."""
    expect_version(entry, expected)
    _check_entry(entry.kind, values, now, entry)
    before = entry.title
    if audit.changes_of(entry, values):
        audit.record(
            actor,
            "secondment.entry",
            entry.secondment,
            {"entry_kind": (entry.kind, entry.kind), "title": (before, entry.title)},
        )


def delete_entry(actor, entry: SecondmentEntry, *, expected, now) -> None:
    """Take an entry out, and its files with it."""
    expect_version(entry, expected)
    attachments.give_up(actor, "secondment_entry", entry, now=now)
    audit.record(
        actor,
        "secondment.entry",
        entry.secondment,
        {"entry_kind": (entry.kind, None), "title": (entry.title, None)},
    )
    db.session.delete(entry)


def _entry_permission(kind: str) -> str:
    """Duties and what is owed may be set by the host too; the rest is the secondee's own."""
    return "secondment.task" if kind in (*OWED, "duty") else "secondment.write"


def _check_entry(kind: str, values: dict, now, entry: SecondmentEntry | None = None) -> None:
    for name in ("happened_on", "done_on"):
        if values.get(name) and values[name] > local_day(now):
            raise Refused(N_("日期不能晚于今天"), field=name)
    if values.get("done_on") and not (values.get("body") or values.get("address") or _has_file(entry)):
        raise Refused(N_("完成了请写一句说明，填写链接，或先上传文件"), field="body")
    if kind in ("meeting", "discussion") and not values.get("happened_on"):
        raise Refused(N_("请填写这一项"), field="happened_on")


def _has_file(entry: SecondmentEntry | None) -> bool:
    """Whether a file stands for the words (S4-66)."""
    rows = files.files_of("secondment_entry", entry) if entry is not None else []
    return any(not row.attachment.removed_at for row in rows)


# Leave


def ask_leave(actor, secondment: Secondment, first: date, last: date, reason: str, *, now) -> SecondmentLeave:
    """Ask for leave (S4-05). The reason is sealed and not in the history."""
    if secondment.state not in ("arrived", "active"):
        raise Refused(N_("到岗期间才能请假"))
    if last < first:
        raise Refused(N_("结束日期要在开始日期之后"), field="last_day")
    if first < secondment.arrived_on or last > secondment.ends_on:
        raise Refused(N_("请假日期要在挂职期间"), field="first_day")
    for other in known.leaves_of(secondment):
        if (
            other.state in ("requested", "approved", "back")
            and other.first_day <= last
            and first <= other.last_day
        ):
            raise Refused(N_("这几天已经请过假"), field="first_day")
    row = SecondmentLeave(
        district_id=secondment.district_id,
        secondment_id=secondment.id,
        first_day=first,
        last_day=last,
        reason=reason or None,
    )
    db.session.add(row)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "secondment_leave.create", row, {"starts_on": (None, first), "ends_on": (None, last)})
    whom = secondments.principals(secondment, now, host_only=True)
    secondments.tell(actor, secondment, "study_leave_asked", now, whom=whom, what=_name(secondment))
    return row


def take_leave(actor, leave: SecondmentLeave, action: str, *, note: str, expected, now) -> None:
    """Approve, refuse, withdraw, or report back; the day of reporting back is kept."""
    if action == "report_back" and leave.state == "approved":
        if local_day(now) < leave.first_day:
            raise Refused(N_("假期还没有开始"))
        leave.back_on = local_day(now)
    with db.session.no_autoflush:  # the day of reporting back and the state are written together
        take_step(actor, leave, action, note=note, expected=expected)
    if action in ("approve", "refuse"):
        leave.decided_by_id = actor.person_id
        secondments.tell(
            actor, leave.secondment, "study_leave_decided", now, whom=[leave.secondment.person_id]
        )


# Contacts, report, evaluation, way back


def contact(actor, secondment: Secondment, day: date, way: str, note: str, *, now) -> SecondmentContact:
    """The office notes that it spoke with a secondee (S4-06)."""
    if day > local_day(now):
        raise Refused(N_("日期不能晚于今天"), field="held_on")
    if secondment.arrived_on is None or day < secondment.arrived_on:
        raise Refused(N_("联系日期要在到岗以后"), field="held_on")
    row = SecondmentContact(
        district_id=secondment.district_id,
        secondment_id=secondment.id,
        person_id=actor.person_id,
        held_on=day,
        way=way,
        note=note,
    )
    db.session.add(row)
    audit.record(actor, "secondment.contact", secondment, {"starts_on": (None, day)})
    return row


def save_report(actor, secondment: Secondment, text: str, *, hand_in: bool, expected, now) -> None:
    """Keep the final report; handing it in ends the time, from its last day on."""
    expect_version(secondment, expected)
    if secondment.state != "active":
        raise Refused(N_("现在不能修改总结报告"))
    if audit.changes_of(secondment, {"report": text}):
        audit.record(actor, "secondment.report", secondment)
    if not hand_in:
        return
    if not text.strip():
        raise Refused(N_("请填写这一项"), field="report")
    if local_day(now) < secondment.ends_on:
        raise Refused(N_("还没有到期，先保存；期满当天起可以提交"))
    secondment.report_on = local_day(now)
    take_step(actor, secondment, "finish")
    secondment_postings.complete(actor, secondment)
    secondments.tell(
        actor, secondment, "secondment_moved", now, whom=_both(secondment, now), what=_name(secondment)
    )


def evaluate(actor, secondment: Secondment, side: str, grade: str, text: str, *, expected, now) -> None:
    """One of the two evaluations; with both the case is evaluated (W4). Nobody evaluates oneself."""
    if not can(actor, f"secondment.evaluate_{side}", secondment):
        raise NotAllowed(f"secondment.evaluate_{side}")
    if secondment.state != "finished":
        raise Refused(N_("提交总结报告以后才能评价"))
    both = known.evaluations_of(secondment)
    row = both.get(side)
    other = next((each for name, each in both.items() if name != side), None)
    if other and other.person_id == actor.person_id and secondment.host_school_id is not None:
        raise Refused(N_("两方评价要由两个人填写"))
    if row is None:
        row = SecondmentEvaluation(
            district_id=secondment.district_id,
            secondment_id=secondment.id,
            side=side,
            person_id=actor.person_id,
            grade=grade,
            text=text,
            written_at=now,
        )
        db.session.add(row)
        db.session.flush()  # a second one of the same side is refused here
    else:
        expect_version(row, expected)
        row.person_id, row.grade, row.text, row.written_at = actor.person_id, grade, text, now
    audit.record(actor, "secondment.evaluation", secondment)
    if other is not None:
        take_step(actor, secondment, "evaluate")
        secondments.tell(
            actor, secondment, "secondment_moved", now, whom=_both(secondment, now), what=_name(secondment)
        )


def follow_up(actor, secondment: Secondment, outcome: str, text: str, *, expected, now) -> None:
    """The way back: to the own school, or used elsewhere, and what follows (W4)."""
    expect_version(secondment, expected)
    secondment.outcome, secondment.follow_up = outcome, text
    take_step(actor, secondment, "follow_up")
    audit.record(actor, "secondment.record", secondment, {"secondment_outcome": (None, outcome)})
    secondments.tell(
        actor, secondment, "secondment_moved", now, whom=_both(secondment, now), what=_name(secondment)
    )


def _both(secondment: Secondment, now) -> list:
    return [secondment.person_id, *secondments.principals(secondment, now)]


def _name(secondment: Secondment) -> str:
    return people.person_by_id(secondment.district_id, secondment.person_id).name


# Visits in a group


def save_trip(actor, trip: StudyTrip | None, values: dict, *, expected=None, now) -> StudyTrip:
    """Enter or change a visit in a group (S4-08, S4-33)."""
    if values["ends_on"] < values["starts_on"]:
        raise Refused(N_("结束日期要在开始日期之后"), field="ends_on")
    if trip is not None:
        expect_version(trip, expected)
        changes = audit.changes_of(trip, values)
        if changes:
            audit.record(actor, "study_trip.edit", trip, {"title": (None, trip.title)})
        return trip
    if not actor.offices and values["school_id"] not in actor.manages_schools:
        raise Refused(N_("请从列出的选项里选择"), field="school")
    if clusters.school_by_id(actor.district_id, values["school_id"]) is None:
        raise Refused(N_("请从列出的选项里选择"), field="school")
    trip = StudyTrip(district_id=actor.district_id, created_by_id=actor.person_id, **values)
    db.session.add(trip)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "study_trip.create", trip, {"title": (None, trip.title)})
    return trip
