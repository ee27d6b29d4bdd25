"""Scheduling meetings, writing minutes, keeping attendance and tasks."""

from portal.actions import audit, notices
from portal.actions.errors import Refused
from portal.actions.steps import expect_version, take_step
from portal.domain import schemes
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Cluster, Meeting, MeetingAttendance, MeetingTask
from portal.queries import clusters, terms


def schedule(actor, cluster: Cluster, *, kind, title, starts_at, place, agenda, now) -> Meeting:
    """Call a meeting of the cluster and tell the principals of its schools."""
    day = local_day(starts_at)
    meeting = Meeting(
        district_id=cluster.district_id,
        cluster_id=cluster.id,
        term_id=_term_id(cluster, day),
        kind=kind,
        title=title,
        starts_at=starts_at,
        place=place,
        agenda=agenda,
        created_by_id=actor.person_id,
    )
    db.session.add(meeting)
    db.session.flush()  # the audit entry and the messages need the key
    audit.record(actor, "meeting.create", meeting, {"title": (None, title), "starts_at": (None, starts_at)})
    _tell_principals(actor, meeting, "meeting_scheduled", now)
    return meeting


def _tell_principals(actor, meeting: Meeting, kind: str, now) -> None:
    day = local_day(meeting.starts_at)
    school_ids = [m.school_id for m in clusters.members_on(meeting.cluster, day)]
    principals = clusters.principals_of(meeting.district_id, school_ids, day)
    notices.tell(
        [p.id for p in principals.values()],
        kind,
        district_id=meeting.district_id,
        link=f"/plans/meetings/{meeting.id}",
        now=now,
        besides=actor.person_id,
        who=actor.name,
        what=meeting.title,
    )


def edit(actor, meeting: Meeting, *, expected, now, **values) -> None:
    """Change title, time, place or agenda of a meeting whose minutes are not confirmed."""
    expect_version(meeting, expected)
    _refuse_confirmed(meeting)
    if meeting.state != "scheduled" and values["starts_at"] > now:
        raise Refused(N_("会议已经开过，时间不能改到以后"), field="starts_on")
    values["term_id"] = _term_id(meeting.cluster, local_day(values["starts_at"]))
    changes = audit.changes_of(meeting, values)
    if not changes:
        return
    changes.pop("term_id", None)
    audit.record(actor, "meeting.edit", meeting, changes)
    if meeting.state == "scheduled" and {"starts_at", "place"} & set(changes):
        _tell_principals(actor, meeting, "meeting_changed", now)


def write_minutes(actor, meeting: Meeting, minutes: str, *, expected, now) -> None:
    """Save the minutes; a meeting with minutes waits for confirmation, without any it was just held."""
    expect_version(meeting, expected)
    _refuse_confirmed(meeting)
    if meeting.starts_at > now:
        raise Refused(N_("会议还没有开，先不用写纪要"), field="minutes")
    if not minutes and meeting.state == "minuted":
        raise Refused(N_("请填写这一项"), field="minutes")  # there would be nothing to confirm
    changes = audit.changes_of(meeting, {"minutes": minutes})
    if minutes:
        take_step(actor, meeting, "minute")
    elif meeting.state == "scheduled":
        take_step(actor, meeting, "hold")
    if changes:
        audit.record(actor, "meeting.edit", meeting, changes)
    if not minutes:
        return
    lead = clusters.lead_principal(meeting.cluster, local_day(now))
    notices.tell(
        [lead.id if lead else None],
        "minutes_waiting",
        district_id=meeting.district_id,
        link=f"/plans/meetings/{meeting.id}",
        now=now,
        besides=actor.person_id,
        what=meeting.title,
    )


def keep_attendance(actor, meeting: Meeting, rows: dict, *, expected, now) -> None:
    """Set the attendance of every school: school id -> (status, heads, represented_by).

    Schools that were no members on the day are refused; a school left out keeps no row.
    """
    expect_version(meeting, expected)
    _refuse_confirmed(meeting)
    day = local_day(meeting.starts_at)
    members = {m.school_id: m.school.name for m in clusters.members_on(meeting.cluster, day)}
    if not set(rows) <= set(members):
        raise Refused(N_("有学校当天不在这个片区"))
    before = {row.school_id: row for row in meeting.attendance}
    changes = {}
    for school_id, (status, heads, represented_by) in rows.items():
        row = before.get(school_id)
        new = (status, heads, represented_by)
        old = (row.status, row.heads, row.represented_by) if row else None
        if old == new:
            continue
        changes[members[school_id]] = (old, new)
        if row is None:
            row = MeetingAttendance(
                district_id=meeting.district_id, meeting_id=meeting.id, school_id=school_id
            )
            db.session.add(row)
        row.status, row.heads, row.represented_by = new
    for school_id in set(before) - set(rows):
        changes[before[school_id].school.name] = (before[school_id].status, None)
        db.session.delete(before[school_id])
    if changes:
        meeting.updated_at = now  # attendance belongs to the meeting: its version moves with it
        audit.record(actor, "meeting.attendance", meeting, changes)
    db.session.expire(meeting, ["attendance"])


def add_task(actor, meeting: Meeting, *, text, school_id, due_on, now) -> MeetingTask:
    """Register what the meeting decided, for a member school or for all (None)."""
    day = local_day(meeting.starts_at)
    if school_id and school_id not in {m.school_id for m in clusters.members_on(meeting.cluster, day)}:
        raise Refused(N_("有学校当天不在这个片区"), field="school")
    task = MeetingTask(
        district_id=meeting.district_id, meeting_id=meeting.id, text=text, school_id=school_id, due_on=due_on
    )
    db.session.add(task)
    db.session.flush()  # the audit entry needs the key
    audit.record(actor, "meeting_task.create", task, {"text": (None, text)})
    if school_id:
        principal = clusters.principals_of(meeting.district_id, [school_id], day).get(school_id)
        notices.tell(
            [principal.id if principal else None],
            "task_assigned",
            district_id=meeting.district_id,
            link=f"/plans/meetings/{meeting.id}",
            now=now,
            besides=actor.person_id,
            what=text,
        )
    return task


def take(actor, meeting: Meeting, action: str, *, note: str, expected, now) -> None:
    """Confirm, return, cancel or reopen a meeting."""
    if action == "confirm":
        meeting.confirmed_by_id = actor.person_id
    take_step(actor, meeting, action, note=note, expected=expected)
    if action == "cancel":
        _tell_principals(actor, meeting, "meeting_cancelled", now)
    kind = {"confirm": "minutes_confirmed", "return": "minutes_returned"}.get(action)
    if kind:
        notices.tell(
            [meeting.created_by_id],
            kind,
            district_id=meeting.district_id,
            link=f"/plans/meetings/{meeting.id}",
            now=now,
            besides=actor.person_id,
            what=meeting.title,
        )


def take_task(actor, task: MeetingTask, action: str, *, note: str, expected) -> None:
    """Finish, drop or resume a task."""
    take_step(actor, task, action, note=note, expected=expected)


def _term_id(cluster: Cluster, day):
    """The term that holds a day. Before it, only what the scheme asks for before its first day belongs to it."""
    term = terms.term_of_day(cluster.district_id, day)
    if term is None:
        raise Refused(N_("还没有学期，请先由区教育局设置校历"), field="starts_on")
    scheme = schemes.load_scheme(cluster.scheme_code)
    asked = [schemes.due_day(scheme, item.key, term.value) for item in scheme.due]
    opens = min([term.first_day, *(each for each in asked if each)])
    if not opens <= day <= term.last_day:
        raise Refused(
            N_("%(day)s 不在学期里：%(term)s 学期从 %(first)s 到 %(last)s"),
            field="starts_on",
            day=day.isoformat(),
            term=term.code,
            first=term.first_day.isoformat(),
            last=term.last_day.isoformat(),
        )
    return term.id


def _refuse_confirmed(meeting: Meeting) -> None:
    if meeting.state in ("confirmed", "cancelled"):
        raise Refused(N_("纪要已确认或会议已取消，要先重新打开"))
