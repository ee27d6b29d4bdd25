"""What binds a teacher in a term: set by the own school, half-days also by the teacher."""

from portal.actions import audit
from portal.actions.errors import NotAllowed, Refused
from portal.actions.steps import expect_version
from portal.actions.visiting_dates import hold
from portal.domain.access import can
from portal.domain.ids import uuid7
from portal.domain.timetable import WEEKDAYS
from portal.domain.words import N_
from portal.extensions import db
from portal.models import BusyHour, Person, School, TeacherLimit, Term
from portal.queries import limits, people, visiting


def set_limits(actor, person: Person, term: Term, values: dict, *, expected) -> TeacherLimit | None:
    """Set what binds a teacher in a term; ``values`` are ``half_days`` and, for the own school, the limits.

    Lessons that are there stay where they are, shown as over the limit; new ones are refused. Refused for a
    teacher without a school, and where a half-day is left out without any that stays.
    """
    if not can(actor, "limit.half_days", person) or (
        {"week_periods", "visit_days"} & set(values) and not can(actor, "limit.edit", person)
    ):
        raise NotAllowed("limit.edit")
    if person.id not in people.home_school_ids(person.district_id, [person.id]):
        raise Refused(N_("这位教师现在没有任职学校"))
    # Schedulers of this teacher wait, so that none of them checks against what is just being changed.
    hold(person.district_id, [], [person.id])
    row = limits.limit_of(person, term)
    if row is None:
        row = TeacherLimit(district_id=person.district_id, id=uuid7(), term_id=term.id, person_id=person.id)
        changed = audit.changes_of(row, values)
        if not changed:
            return None
        db.session.add(row)
        db.session.flush()  # of two first ones the second is met here, as the constraint's name
    else:
        expect_version(row, expected)
        changed = audit.changes_of(row, values)
        if not changed:
            return row
    audit.record(actor, "teacher_limit.edit", row, {**changed, "name": (None, person.name)})
    return row


# Hours that are taken otherwise


def take_hour(actor, school: School, term: Term, values: dict) -> BusyHour:
    """Enter an hour of a teacher (教研, 值班) or of a class that lessons may not use.

    ``values``: person_id or class_name, subject, weekday, period, weeks. Lessons that are there stay, shown as
    a conflict. Refused when the school has no such period.
    """
    hold(school.district_id, [school.id], [values["person_id"]] if values["person_id"] else [])
    bells = visiting.bells_of(school.district_id, [school.id]).get(school.id, {})
    if values["period"] not in bells:
        raise Refused(
            N_("%(school)s没有登记第%(period)s节的作息时间"),
            field="period",
            school=school.name,
            period=values["period"],
        )
    starts, ends = bells[values["period"]]
    row = BusyHour(
        district_id=school.district_id,
        id=uuid7(),
        term_id=term.id,
        school_id=school.id,
        starts=starts,
        ends=ends,
        **values,
    )
    db.session.add(row)
    db.session.flush()  # the entry names the row
    audit.record(actor, "busy_hour.create", row, {"times": (None, said(row))})
    return row


def give_hour(actor, hour: BusyHour) -> None:
    """The hour is free again."""
    audit.record(actor, "busy_hour.delete", hour, {"times": (said(hour), None)})
    db.session.delete(hour)


def said(hour: BusyHour) -> str:
    """A taken hour as a history tells it."""
    whose = hour.class_name
    if hour.person_id:
        whose = people.person_by_id(hour.district_id, hour.person_id).name
    parts = (whose, hour.subject, WEEKDAYS[hour.weekday], f"第{hour.period}节", hour.weeks)
    return " ".join(part for part in parts if part)
