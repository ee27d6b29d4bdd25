"""Inspections written and published; problems registered, mended, confirmed."""

from portal.actions import audit, notices
from portal.actions.errors import Refused
from portal.actions.steps import expect_version, take_step
from portal.domain import supervision as rules
from portal.domain.access import can
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, Inspection, Problem
from portal.queries import clusters, supervision, terms


def write_inspection(actor, cluster: Cluster, values: dict, *, today) -> Inspection:
    """Write the draft of an inspection. The bureau's inspection is the bureau's, any other one the lead's."""
    row = Inspection(
        district_id=cluster.district_id,
        cluster_id=cluster.id,
        created_by_id=actor.person_id,
        body="bureau" if actor.offices else "lead",
    )
    for name, value in _checked(cluster, values, today).items():
        setattr(row, name, value)
    if not can(actor, "inspection.edit", row):
        raise Refused(N_("不督导自己的学校，请由区教育局督导"), field="school")
    db.session.add(row)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "inspection.create", row, {"title": (None, row.title)})
    return row


def edit_inspection(actor, row: Inspection, values: dict, *, expected, today) -> None:
    """Change a draft. Refused once it was published: take it back first."""
    expect_version(row, expected)
    if row.is_public:
        raise Refused(N_("已公布的督导要先撤回，才能修改"))
    changes = audit.changes_of(row, _checked(row.cluster, values, today))
    if not can(actor, "inspection.edit", row):
        raise Refused(N_("不督导自己的学校，请由区教育局督导"), field="school")
    if changes:
        audit.record(actor, "inspection.edit", row, _told(changes))


def take_inspection(actor, row: Inspection, step, *, now, today) -> None:
    """Publish, or take back. What became a line of the register stands: then it cannot be taken back."""
    if step.action == "take_back" and supervision.of_findings(row):
        raise Refused(N_("有发现已列入问题清单，不能再撤回"), field="note")
    take_step(actor, row, step.action, note=step.note, expected=step.expected)
    if row.is_public:
        schools = [row.school_id] if row.school_id else _members(row.cluster, today)
        link = f"/supervision/inspections/{row.id}"
        _tell(actor, row, _principals(row, schools, today), "inspection_published", row.title, link, now)


def register(
    actor, cluster: Cluster, values: dict, *, today, now, inspection=None, finding=None, analysis=None
) -> Problem:
    """Enter a problem; with ``inspection``, the one of its published findings, with ``analysis`` a measure of it."""
    row = Problem(district_id=cluster.district_id, cluster_id=cluster.id, created_by_id=actor.person_id)
    row.found_on, row.analysis_id = today, analysis and analysis.id
    if inspection is not None:
        row.inspection_id, row.finding, row.found_on = inspection.id, finding, inspection.held_on
        if not inspection.is_public:
            raise Refused(N_("公布督导以后才能列入问题清单"))
    for name, value in _problem(actor, row, cluster, values, today).items():
        setattr(row, name, value)
    db.session.add(row)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "problem.create", row, {"text": (None, row.text)})
    _tell_owner(actor, row, now, today)
    return row


def edit_problem(actor, row: Problem, values: dict, *, expected, today, now) -> None:
    """Change a line that is not confirmed yet."""
    expect_version(row, expected)
    if row.state == "confirmed":
        raise Refused(N_("已销号的问题要先重新整改，才能修改"))
    before = (row.school_id, row.owner_id)
    changes = audit.changes_of(row, _problem(actor, row, row.cluster, values, today))
    if changes:
        audit.record(actor, "problem.edit", row, _told(changes))
    if before != (row.school_id, row.owner_id):
        db.session.flush()  # the new owner is read back
        _tell_owner(actor, row, now, today)


def take_problem(actor, row: Problem, step, *, now, today) -> None:
    """A step of a problem. The note of 'close' is what was done; whoever closes does not confirm (S0-22)."""
    if step.action == "confirm":  # first, for a confirmed line has its day
        row.confirmed_by_id, row.confirmed_on = actor.person_id, today
    with db.session.no_autoflush:
        take_step(actor, row, step.action, note=step.note, expected=step.expected)
    link = f"/supervision/problems/{row.id}"
    if step.action == "close":
        row.result, row.closed_by_id, row.closed_on = step.note, actor.person_id, today
        _tell(actor, row, [row.created_by_id], "problem_closed", row.text, link, now)
    if step.action in ("return", "reopen"):
        row.closed_by_id = row.closed_on = row.confirmed_by_id = row.confirmed_on = None
        _tell_owner(actor, row, now, today, "problem_returned")


def _checked(cluster: Cluster, values: dict, today) -> dict:
    day = values["held_on"]
    if day > today:
        raise Refused(N_("督导记已经发生的事，日期不能在今天以后"), field="held_on")
    term = terms.term_of_day(cluster.district_id, day)
    if term is None:
        raise Refused(N_("还没有学期，请先由区教育局设置校历"), field="held_on")
    members = {school.id for school in supervision.schools_of(cluster, day)}
    if values["school_id"] is not None and values["school_id"] not in members:
        raise Refused(N_("这所学校当天不在片区里"), field="school")
    findings = rules.findings_of(values["findings"])
    if len(findings) > rules.MOST_FINDINGS or any(len(line) > 300 for line in findings):
        raise Refused(N_("发现最多 30 条，每条最多 300 字"), field="findings")
    return {**values, "term_id": term.id, "findings": "\n".join(findings)}


def _problem(actor, row: Problem, cluster: Cluster, values: dict, today) -> dict:
    """The columns of a line; Refused where school, person or day do not fit."""
    school_id, owner_id = values["school_id"], values["owner_id"]
    members = _members(cluster, today)
    allowed = [
        key for key in members if key in actor.manages_schools or can(actor, "problem.for_members", cluster)
    ]
    if school_id is None and not can(actor, "problem.for_all", cluster):
        raise Refused(N_("请选择您管理的学校"), field="school")
    if school_id is not None and school_id != row.school_id and school_id not in allowed:
        raise Refused(N_("这所学校不在片区里，或不由您登记"), field="school")
    if owner_id and owner_id != row.owner_id:
        schools = [school_id] if school_id else members
        staff = supervision.staff_of(row.district_id, schools, today)
        if owner_id not in {person.id for person, _ in staff}:
            raise Refused(N_("责任人不在这所学校"), field="owner")
    if values["due_on"] and values["due_on"] < row.found_on:
        raise Refused(N_("整改期限不能早于发现日期"), field="due_on")
    return values


def _members(cluster: Cluster, day) -> list:
    return [school.id for school in supervision.schools_of(cluster, day)]


def _told(changes: dict) -> dict:
    """What a history tells: no keys."""
    return {name: pair for name, pair in changes.items() if not name.endswith("_id")} or {
        "school": (None, None)
    }


def _tell_owner(actor, row: Problem, now, today, kind: str = "problem_assigned") -> None:
    """Tell whoever answers for it, and the principal of the school, or of the lead school, once each."""
    cluster = row.cluster or clusters.cluster_by_id(row.district_id, row.cluster_id)
    lead = clusters.lead_school(cluster, today) if row.school_id is None else None
    schools = [row.school_id] if row.school_id else [lead.id] if lead else []
    people = [row.owner_id, *_principals(row, schools, today)]
    _tell(actor, row, people, kind, row.text, f"/supervision/problems/{row.id}", now)


def _principals(row, school_ids, today) -> list:
    return [person.id for person in clusters.principals_of(row.district_id, school_ids, today).values()]


def _tell(actor, row, people, kind: str, what: str, link: str, now) -> None:
    facts = {"district_id": row.district_id, "link": link, "now": now, "besides": actor.person_id}
    notices.tell(people, kind, **facts, what=what, who=actor.name)
