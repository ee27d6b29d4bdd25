"""Meetings with attendance, minutes and tasks; joint activities with who took part."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref

MEETING_KINDS = ("monthly", "joint", "hearing", "seminar", "other")
MEETING_STATES = ("scheduled", "held", "minuted", "confirmed", "cancelled")
ATTENDANCE = ("present", "leave", "absent")
TASK_STATES = ("open", "done", "dropped")
ACTIVITY_STATES = ("planned", "held", "closed", "cancelled")


class Meeting(Tenant, Versioned, db.Model):
    """A members' meeting of a cluster (月例会, 联席会议), from notice to confirmed minutes."""

    WORKFLOW = "meeting"

    cluster_id: Mapped[uuid.UUID]
    term_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code(), default="monthly")
    title: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(120), default="")
    agenda: Mapped[str] = mapped_column(default="")
    minutes: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(Code(), default="scheduled")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    created_by_id: Mapped[uuid.UUID]
    confirmed_by_id: Mapped[uuid.UUID | None]

    cluster = one("Cluster", "Meeting", "cluster_id")
    term = one("Term", "Meeting", "term_id")
    created_by = one("Person", "Meeting", "created_by_id")
    confirmed_by = one("Person", "Meeting", "confirmed_by_id")
    attendance = many("MeetingAttendance", "meeting_id", "MeetingAttendance.id")
    tasks = many("MeetingTask", "meeting_id", "MeetingTask.due_on, MeetingTask.id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("term_id", "term"),
        ref("created_by_id", "person"),
        ref("confirmed_by_id", "person"),
        one_of("kind", MEETING_KINDS),
        one_of("state", MEETING_STATES),
        CheckConstraint("state <> 'confirmed' OR minutes <> ''", name="confirmed_has_minutes"),
        CheckConstraint("state <> 'confirmed' OR confirmed_by_id IS NOT NULL", name="confirmed_by_someone"),
        Index("ix_meeting_cluster", "district_id", "cluster_id", "term_id", "starts_at", "id"),
        # Few are not settled, whatever their term.
        Index("ix_meeting_state", "district_id", "cluster_id", "state", "starts_at", "id"),
    )


class MeetingAttendance(Tenant, db.Model):
    """One school at one meeting: present, on leave or absent, and by whom it was represented."""

    meeting_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    status: Mapped[str] = mapped_column(Code())
    heads: Mapped[int] = mapped_column(default=1)
    represented_by: Mapped[str] = mapped_column(String(60), default="")

    school = one("School", "MeetingAttendance", "school_id")

    __table_args__ = (
        ref("meeting_id", "meeting", ondelete="CASCADE"),
        ref("school_id", "school"),
        one_of("status", ATTENDANCE),
        CheckConstraint("heads BETWEEN 0 AND 500", name="heads_sane"),
        UniqueConstraint("district_id", "meeting_id", "school_id", name="attendance_once"),
    )


class MeetingTask(Tenant, Versioned, db.Model):
    """What a meeting decided, with the school that does it and the day it is due."""

    WORKFLOW = "meeting_task"

    meeting_id: Mapped[uuid.UUID]
    text: Mapped[str] = mapped_column(String(300))
    school_id: Mapped[uuid.UUID | None]
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(Code(), default="open")
    state_note: Mapped[str] = mapped_column(String(300), default="")

    meeting = one("Meeting", "MeetingTask", "meeting_id")
    school = one("School", "MeetingTask", "school_id")

    __table_args__ = (
        ref("meeting_id", "meeting", ondelete="CASCADE"),
        ref("school_id", "school"),
        one_of("state", TASK_STATES),
        Index("ix_meeting_task_meeting", "district_id", "meeting_id"),
        Index("ix_meeting_task_due", "district_id", "school_id", "state", "due_on"),
    )

    @property
    def access_clusters(self):
        return frozenset([self.meeting.cluster_id])


class Activity(Tenant, Versioned, db.Model):
    """A joint activity: research, lesson, forum, visit ... (联合活动). Without a cluster the district holds it."""

    WORKFLOW = "activity"

    cluster_id: Mapped[uuid.UUID | None]
    term_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code())
    level: Mapped[str] = mapped_column(Code(), default="teacher")
    theme: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(40), default="")
    host_school_id: Mapped[uuid.UUID | None]
    group_id: Mapped[uuid.UUID | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(String(120), default="")
    presenters: Mapped[str] = mapped_column(String(200), default="")
    guests: Mapped[int] = mapped_column(default=0)
    is_large: Mapped[bool] = mapped_column(default=False)
    is_open: Mapped[bool] = mapped_column(default=False)
    summary: Mapped[str] = mapped_column(default="")
    improvement: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(Code(), default="planned")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    created_by_id: Mapped[uuid.UUID]

    cluster = one("Cluster", "Activity", "cluster_id")
    term = one("Term", "Activity", "term_id")
    host_school = one("School", "Activity", "host_school_id")
    held_by = one("ClusterGroup", "Activity", "group_id")
    created_by = one("Person", "Activity", "created_by_id")
    participants = many("ActivityParticipant", "activity_id", "ActivityParticipant.id")
    held_with = many("ActivityCluster", "activity_id", "ActivityCluster.id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("term_id", "term"),
        ref("host_school_id", "school"),
        ref("group_id", "cluster_group"),
        ref("created_by_id", "person"),
        one_of("state", ACTIVITY_STATES),
        one_of("level", ("school", "middle", "teacher", "resource")),
        CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="times_in_order"),
        CheckConstraint("guests BETWEEN 0 AND 10000", name="guests_sane"),
        CheckConstraint("cluster_id IS NULL OR host_school_id IS NOT NULL", name="cluster_has_host"),
        Index("ix_activity_cluster", "district_id", "cluster_id", "term_id", "starts_at", "id"),
        # Held together by several clusters: then the first index says too little.
        Index("ix_activity_term", "district_id", "term_id", "cluster_id", "state", "id"),
        # What is on in these days, the district's own with the cluster's.
        Index("ix_activity_begins", "district_id", "starts_at", "id"),
    )

    @property
    def access_schools(self):
        return frozenset([self.host_school_id]) if self.host_school_id else frozenset()

    @property
    def joined_clusters(self):
        """The clusters that hold it together with the first one: they see it, the first one keeps it."""
        return frozenset(row.cluster_id for row in self.held_with)

    @property
    def takes_files(self) -> bool:
        """A dossier in the archive, and an activity that was called off, stay as they are."""
        return self.state in ("planned", "held")


class ActivityParticipant(Tenant, db.Model):
    """A person who took part, with the school that the person came from on that day."""

    activity_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]

    person = one("Person", "ActivityParticipant", "person_id")
    school = one("School", "ActivityParticipant", "school_id")

    __table_args__ = (
        ref("activity_id", "activity", ondelete="CASCADE"),
        ref("person_id", "person"),
        ref("school_id", "school"),
        UniqueConstraint("district_id", "activity_id", "person_id", name="participant_once"),
        Index("ix_activity_participant_person", "district_id", "person_id"),
    )
