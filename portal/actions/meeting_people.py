"""Who was at a meeting, name by name, from a pasted list."""

from dataclasses import dataclass

from portal.actions import audit
from portal.actions.errors import Refused
from portal.domain.moments import local_day
from portal.domain.name_lists import read_names
from portal.domain.words import N_
from portal.extensions import db
from portal.models import Meeting, MeetingAttendance, MeetingParticipant
from portal.queries import activities, clusters, meeting_people, meetings

MOST_NAMES = 1000


@dataclass(frozen=True)
class Added:
    """What came of a list: how many are new and how many were there, and the lines that name nobody or several."""

    count: int
    known: int
    unknown: tuple[str, ...]
    several: tuple[str, ...]


def add(actor, meeting: Meeting, text: str, *, now) -> Added:
    """Register the people of a pasted list. Only staff of the schools that were members that day are found.

    Who is there already is not counted twice. Their schools count as present, unless something else was said.
    """
    refuse_closed(meeting)
    if meeting.starts_at > now:
        raise Refused(N_("会议还没有开"), field="names")
    entries = read_names(text)
    if len(entries) > MOST_NAMES:
        raise Refused(N_("一次最多登记 %(most)s 人"), field="names", most=MOST_NAMES)
    members = [m.school_id for m in clusters.members_on(meeting.cluster, local_day(meeting.starts_at))]
    staff: dict = {}
    wanted = {entry.name for entry in entries if entry.name}
    for person, school in activities.staff_named(meeting.district_id, wanted, members):
        staff.setdefault(person.name, []).append((person, school))
    present = {row.person_id for row in meeting_people.participants_of(meeting)}
    unknown, several, new, known = [], [], [], 0
    for entry in entries:
        fitting = [
            (person, school)
            for person, school in staff.get(entry.name, [])
            if not entry.school or entry.school == school.name
        ]
        if len(fitting) != 1:
            (several if fitting else unknown).append(entry.line)
            continue
        person, school = fitting[0]
        if person.id in present:
            known += 1
            continue
        present.add(person.id)
        new.append((person, school))
    for person, school in new:
        db.session.add(
            MeetingParticipant(
                district_id=meeting.district_id,
                meeting_id=meeting.id,
                person_id=person.id,
                school_id=school.id,
            )
        )
    if new:
        meeting.updated_at = now  # the list belongs to the meeting: its version moves with it
        _schools_present(meeting, {school.id for _, school in new})
        audit.record(
            actor, "meeting.participants", meeting, {"joined": (None, "、".join(p.name for p, _ in new))}
        )
    return Added(len(new), known, tuple(unknown), tuple(several))


def remove(actor, meeting: Meeting, person_id, *, now) -> str:
    """Take a person off the list; the name."""
    refuse_closed(meeting)
    rows = meeting_people.participants_of(meeting)
    row = next((row for row in rows if row.person_id == person_id), None)
    if row is None:
        raise Refused(N_("名单里没有这位教师"))
    name = row.person.name
    db.session.delete(row)
    meeting.updated_at = now
    audit.record(actor, "meeting.participants", meeting, {"joined": (name, None)})
    return name


def refuse_closed(meeting: Meeting) -> None:
    """Refused once the minutes are confirmed or the meeting is cancelled."""
    if meeting.state in ("confirmed", "cancelled"):
        raise Refused(N_("纪要已确认或会议已取消，要先重新打开"), field="names")


def _schools_present(meeting: Meeting, school_ids: set) -> None:
    """A school of which somebody came was there; what was registered by hand stays."""
    known = {row.school_id for row in meetings.attendance_of(meeting)}
    for school_id in sorted(school_ids - known, key=str):
        db.session.add(
            MeetingAttendance(
                district_id=meeting.district_id,
                meeting_id=meeting.id,
                school_id=school_id,
                status="present",
            )
        )
    db.session.expire(meeting, ["attendance"])
