"""Requests for instruction go level by level; reports go where they are written to (S4-11)."""

from portal.actions import audit, notices
from portal.actions.errors import Refused
from portal.actions.steps import take_step
from portal.domain import school_requests as rules
from portal.domain.access import can
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.domain.workflow import find_step
from portal.extensions import db
from portal.models import School, SchoolRequest, SchoolRequestStep
from portal.queries import school_requests, schools


def submit(actor, school: School, values: dict, *, now) -> SchoolRequest:
    """Write one and send it off: a request to the first level that is not the writer's own, a report at once."""
    today = local_day(now)
    mine = schools.clusters_of(school.district_id, [school.id], today).get(school.id, [])
    if values["cluster_id"] not in {each.cluster_id for each in mine}:
        raise Refused(N_("这所学校今天不在这个片区"), field="cluster")
    asks = values["kind"] == "request"
    values = {**values, "level": "school"} if asks else values
    row = SchoolRequest(
        district_id=school.district_id,
        school_id=school.id,
        created_by_id=actor.person_id,
        waits_since=today,
        state="at_school" if asks else "reported",
        **values,
    )
    db.session.add(row)
    db.session.flush()  # its steps and the audit entry need the key
    audit.record(actor, "school_request.create", row, {"title": (None, row.title)})
    _write(actor, row, "submit", "", now)
    if asks:
        _pass_own_levels(actor, row, now)
        _tell(actor, row, "request_waiting", now)
    else:
        _tell(actor, row, "request_reported", now, level=row.level)
    return row


def resubmit(actor, row: SchoolRequest, values: dict, *, expected, now) -> None:
    """Send a returned one again, as it is written now; it takes the way from the first level."""
    changed = {name: values[name] for name in ("title", "text", "office")}
    with db.session.no_autoflush:
        take_step(actor, row, "resubmit", expected=expected)
        if changes := audit.changes_of(row, changed):
            audit.record(actor, "school_request.edit", row, changes)
        row.waits_since = local_day(now)
    _write(actor, row, "resubmit", "", now)
    _pass_own_levels(actor, row, now)
    _tell(actor, row, "request_waiting", now)


def take(actor, row: SchoolRequest, step, *, now) -> None:
    """Pass on with an opinion, answer, return or withdraw. Whoever holds the next level too passes both at once."""
    also = "pass_cluster" if step.action == "endorse" and _holds_cluster(actor, row) else ""
    _move(actor, row, step.action, also, step.note, step.expected, now)
    if row.waits_at:
        _tell(actor, row, "request_waiting", now)
    elif step.action != "withdraw":
        kind = "request_returned" if row.state == "returned" else "request_answered"
        _tell_people(actor, row, [row.created_by_id], kind, now)


def _holds_cluster(actor, row: SchoolRequest) -> bool:
    """The lead principal is the next level of the own school as well."""
    return row.cluster_id in actor.leads and row.school_id in actor.principal_of


def _pass_own_levels(actor, row: SchoolRequest, now) -> None:
    if can(actor, "school_request.endorse", row):
        _move(actor, row, "pass_school", "pass_cluster" if _holds_cluster(actor, row) else "", "", None, now)


def _move(actor, row: SchoolRequest, action: str, also: str, note: str, expected, now) -> None:
    with db.session.no_autoflush:  # state, level and day change together
        row.waits_since = local_day(now)
        if arrives := rules.LEVEL_AT.get(find_step(row.WORKFLOW, also or action).target):
            row.level = rules.highest(row.level, arrives)
        take_step(actor, row, action, note=note, expected=expected, then=also)
    _write(actor, row, action, note, now)
    if also:
        db.session.flush()  # the rows keep their order
        _write(actor, row, also, "", now)


def _write(actor, row: SchoolRequest, action: str, text: str, now) -> None:
    db.session.add(
        SchoolRequestStep(
            district_id=row.district_id,
            school_request_id=row.id,
            person_id=actor.person_id,
            action=action,
            text=text,
            taken_at=now,
        )
    )


def _tell(actor, row: SchoolRequest, kind: str, now, level: str | None = None) -> None:
    people = school_requests.people_at(row, level or row.waits_at, local_day(now))
    _tell_people(actor, row, people, kind, now)


def _tell_people(actor, row: SchoolRequest, people, kind: str, now) -> None:
    facts = {"district_id": row.district_id, "link": f"/instructions/{row.id}", "now": now}
    notices.tell(people, kind, **facts, besides=actor.person_id, what=row.title, who=actor.name)
