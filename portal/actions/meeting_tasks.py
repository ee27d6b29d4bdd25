"""Changing what a meeting decided: its words, who does it, by when. The history keeps what it was."""

from portal.actions import audit, notices
from portal.actions.errors import Refused
from portal.actions.steps import expect_version
from portal.domain.moments import local_day
from portal.domain.words import N_
from portal.extensions import db
from portal.models import MeetingTask
from portal.queries import clusters


def edit(actor, task: MeetingTask, *, text: str, school_id, due_on, expected, now) -> None:
    """Change an open task. Refused for a school that was no member on the day of the meeting, and when over."""
    expect_version(task, expected)
    if task.state != "open":
        raise Refused(N_("这一项已经办结或不再办理，要先继续办理"))
    meeting = task.meeting
    day = local_day(meeting.starts_at)
    members = {m.school_id: m.school.name for m in clusters.members_on(meeting.cluster, day)}
    if school_id and school_id not in members:
        raise Refused(N_("有学校当天不在这个片区"), field="school")
    before, school_before = task.school.name if task.school_id else "", task.school_id
    changes = audit.changes_of(task, {"text": text, "school_id": school_id, "due_on": due_on})
    if not changes:
        return
    if changes.pop("school_id", None):
        changes["school"] = (before or None, members.get(school_id))
    if "due_on" in changes:
        changes["due_on"] = tuple(each.isoformat() if each else None for each in changes["due_on"])
    audit.record(actor, "meeting_task.edit", task, changes)
    db.session.flush()  # the school is read back
    db.session.expire(task, ["school"])
    if school_id and school_id != school_before:
        principal = clusters.principals_of(task.district_id, [school_id], local_day(now)).get(school_id)
        notices.tell(
            [principal.id if principal else None],
            "task_assigned",
            district_id=task.district_id,
            link=f"/plans/meetings/{meeting.id}",
            now=now,
            besides=actor.person_id,
            what=text,
        )
