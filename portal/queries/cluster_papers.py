"""What the papers of a cluster say, as plain data: the list of its groups on a day, the minutes of a meeting."""

from datetime import date

from portal.domain.moments import local
from portal.domain.summary_content import issuer_of
from portal.labels.groups import GROUP_POST
from portal.models import Cluster, Meeting
from portal.queries import clusters, groups, meeting_people, meetings
from portal.queries.figures import scheme_of


def groups_content(cluster: Cluster, day: date) -> dict:
    """The groups of a cluster with their members on a day."""
    lead = clusters.lead_school(cluster, day)
    return {
        "cluster": cluster.name,
        "issuer": issuer_of(cluster.name, scheme_of(cluster.scheme_code)),
        "lead_school": lead.name if lead else "",
        "day": day.isoformat(),
        "groups": [
            {
                "name": line.group.name,
                "duties": line.group.duties,
                "members": [
                    [GROUP_POST[row.post], row.shown_name, row.comes_from or "—", row.duty or "—"]
                    for row in line.members
                ],
            }
            for line in groups.lines_in(cluster, day)
        ],
    }


def minutes_content(meeting: Meeting) -> dict:
    """A meeting with its minutes, what was decided, and which schools were there."""
    when = local(meeting.starts_at)
    heads = meeting_people.heads_of(meeting)
    return {
        "title": meeting.title,
        "issuer": issuer_of(meeting.cluster.name, scheme_of(meeting.cluster.scheme_code)),
        "when": f"{when.year}年{when.month}月{when.day}日 {when:%H:%M}",
        "day": when.date().isoformat(),
        "place": meeting.place,
        "agenda": meeting.agenda,
        "minutes": meeting.minutes,
        "confirmed_by": meeting.confirmed_by.name if meeting.state == "confirmed" else "",
        "tasks": [
            {
                "text": task.text,
                "owner": task.school.name if task.school_id else "各成员校",
                "due": task.due_on.isoformat() if task.due_on else "",
            }
            for task in meeting.tasks
            if task.state != "dropped"
        ],
        "attendance": [
            {
                "school": row.school.name,
                "status": row.status,
                "who": row.represented_by,
                "heads": heads.get(row.school_id, row.heads),
            }
            for row in meetings.attendance_of(meeting)
        ],
    }
