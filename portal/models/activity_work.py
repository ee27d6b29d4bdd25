"""What belongs to a joint activity beside its plan: who holds it too, places and sign-up, feedback, new dates."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, one, one_of, ref

USEFULNESS = ("much", "some", "little")


class ActivityCluster(Tenant, db.Model):
    """A further cluster that holds the activity together with the first (联办): counted once by each of them."""

    activity_id: Mapped[uuid.UUID]
    cluster_id: Mapped[uuid.UUID]

    cluster = one("Cluster", "ActivityCluster", "cluster_id")

    __table_args__ = (
        ref("activity_id", "activity", ondelete="CASCADE"),
        ref("cluster_id", "cluster"),
        UniqueConstraint("district_id", "activity_id", "cluster_id", name="held_with_once"),
        Index("ix_activity_cluster_cluster", "district_id", "cluster_id"),
    )


class ActivityEnrolment(Tenant, Versioned, db.Model):
    """That people sign up for an activity: until when, and how many places a school has (None: not set)."""

    activity_id: Mapped[uuid.UUID]
    per_school: Mapped[int | None]
    closes_at: Mapped[datetime | None]
    is_open: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (
        ref("activity_id", "activity", ondelete="CASCADE"),
        UniqueConstraint("district_id", "activity_id", name="enrolment_once"),
        CheckConstraint("per_school BETWEEN 0 AND 500", name="places_sane"),
    )


class ActivityQuota(Tenant, db.Model):
    """A school that has another number of places than the others."""

    activity_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    places: Mapped[int]

    __table_args__ = (
        ref("activity_id", "activity", ondelete="CASCADE"),
        ref("school_id", "school"),
        UniqueConstraint("district_id", "activity_id", "school_id", name="quota_once"),
        CheckConstraint("places BETWEEN 0 AND 500", name="places_sane"),
    )


class ActivitySignup(Tenant, db.Model):
    """One person who wants to come. ``place`` counts from 1 in each school and is given once; None waits."""

    activity_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]
    place: Mapped[int | None]
    signed_at: Mapped[datetime]
    created_by_id: Mapped[uuid.UUID]

    activity = one("Activity", "ActivitySignup", "activity_id")
    person = one("Person", "ActivitySignup", "person_id")
    school = one("School", "ActivitySignup", "school_id")

    __table_args__ = (
        ref("activity_id", "activity", ondelete="CASCADE"),
        ref("person_id", "person"),
        ref("school_id", "school"),
        ref("created_by_id", "person"),
        UniqueConstraint("district_id", "activity_id", "person_id", name="activity_signed_up_once"),
        UniqueConstraint("district_id", "activity_id", "school_id", "place", name="activity_place_once"),
        CheckConstraint("place BETWEEN 1 AND 500", name="place_sane"),
        Index("ix_activity_signup_person", "district_id", "person_id"),
    )

    @property
    def access_clusters(self):
        return self.activity.access_clusters


class ActivityFeedback(Tenant, Versioned, db.Model):
    """What somebody who took part says afterwards: how useful it was, what was learned, what is wished for."""

    activity_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    usefulness: Mapped[str] = mapped_column(Code())
    gained: Mapped[str] = mapped_column(String(500), default="")
    wished: Mapped[str] = mapped_column(String(500), default="")

    person = one("Person", "ActivityFeedback", "person_id")

    __table_args__ = (
        ref("activity_id", "activity", ondelete="CASCADE"),
        ref("person_id", "person"),
        one_of("usefulness", USEFULNESS),
        UniqueConstraint("district_id", "activity_id", "person_id", name="feedback_once"),
    )


class ActivityMove(Tenant, db.Model):
    """That an activity was put off, or brought forward, and why."""

    activity_id: Mapped[uuid.UUID]
    old_starts_at: Mapped[datetime]
    new_starts_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(300))
    person_id: Mapped[uuid.UUID]
    moved_at: Mapped[datetime]

    person = one("Person", "ActivityMove", "person_id")

    __table_args__ = (
        ref("activity_id", "activity", ondelete="CASCADE"),
        ref("person_id", "person"),
        CheckConstraint("reason <> ''", name="moved_with_reason"),
        Index("ix_activity_move_activity", "district_id", "activity_id"),
    )
