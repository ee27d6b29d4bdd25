"""One-off deliveries of lessons and service: what is asked for or brought, who signs up, who offers time."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.deliveries import KINDS
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref

DELIVERY_STATES = ("open", "filled", "held", "confirmed", "cancelled")
SIGNUP_STATES = ("invited", "waiting", "taken", "declined", "withdrawn")
# Those that still lead somewhere.
LIVE_SIGNUPS = ("invited", "waiting", "taken")
STAGES = ("kindergarten", "primary", "junior", "senior")


class Delivery(Tenant, Versioned, db.Model):
    """A day or a stretch of days on which people from elsewhere teach or serve at a school.

    ``from_school_id`` is the school that brings it (送教); without one the receiving school asks for people.
    ``cluster_id`` is the receiving school's cluster when it was published; ``is_open`` shows it to the whole
    district. ``starts`` is minutes after midnight, ``minutes`` how long it lasts each time. ``direct`` says
    that a sign-up takes a place at once; otherwise the schools accept it first.
    """

    WORKFLOW = "delivery"

    cluster_id: Mapped[uuid.UUID | None]
    is_open: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(Code())
    title: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(40), default="")
    stage: Mapped[str | None] = mapped_column(Code())
    school_id: Mapped[uuid.UUID]
    from_school_id: Mapped[uuid.UUID | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    starts: Mapped[int | None]
    minutes: Mapped[int | None]
    rhythm: Mapped[str] = mapped_column(String(60), default="")
    wanted: Mapped[int] = mapped_column(default=1)
    direct: Mapped[bool] = mapped_column(default=False)
    audience: Mapped[str] = mapped_column(String(60), default="")
    details: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(Code(), default="open")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    held_on: Mapped[date | None]
    audience_count: Mapped[int | None]
    thanks: Mapped[str] = mapped_column(String(300), default="")
    created_by_id: Mapped[uuid.UUID]
    confirmed_by_id: Mapped[uuid.UUID | None]

    cluster = one("Cluster", "Delivery", "cluster_id")
    school = one("School", "Delivery", "school_id")
    from_school = one("School", "Delivery", "from_school_id")
    created_by = one("Person", "Delivery", "created_by_id")
    confirmed_by = one("Person", "Delivery", "confirmed_by_id")
    signups = many("DeliverySignup", "delivery_id", "DeliverySignup.signed_at, DeliverySignup.id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("school_id", "school"),
        ref("from_school_id", "school"),
        ref("created_by_id", "person"),
        ref("confirmed_by_id", "person"),
        one_of("kind", KINDS),
        one_of("stage", STAGES),
        one_of("state", DELIVERY_STATES),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("from_school_id <> school_id", name="brought_from_elsewhere"),
        CheckConstraint("wanted BETWEEN 1 AND 200", name="wanted_sane"),
        CheckConstraint("starts BETWEEN 0 AND 1439", name="starts_sane"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes_sane"),
        CheckConstraint("audience_count BETWEEN 0 AND 10000", name="audience_sane"),
        CheckConstraint("state NOT IN ('held', 'confirmed') OR held_on IS NOT NULL", name="held_has_day"),
        CheckConstraint("state <> 'confirmed' OR confirmed_by_id IS NOT NULL", name="confirmed_by_someone"),
        Index("ix_delivery_day", "district_id", "starts_on", "id"),
        Index("ix_delivery_school", "district_id", "school_id", "starts_on", "id"),
        Index("ix_delivery_cluster", "district_id", "cluster_id", "starts_on", "id"),
    )

    @property
    def access_schools(self):
        """The school that receives, and the one that brings."""
        return frozenset(key for key in (self.school_id, self.from_school_id) if key)

    @property
    def access_people(self):
        """Who has a place, waits for one or is asked to come: others confirm their hours."""
        return frozenset(each.person_id for each in self.signups if each.state in LIVE_SIGNUPS)


class DeliverySignup(Tenant, Versioned, db.Model):
    """One person on a delivery. ``place`` counts from 1; the database gives each place once.

    ``home_school_id`` is where the person works, or which school keeps a guest, somebody without a post.
    ``came``, ``minutes`` and ``periods`` are what the receiving school confirmed.
    """

    WORKFLOW = "delivery_signup"

    delivery_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    home_school_id: Mapped[uuid.UUID | None]
    is_guest: Mapped[bool] = mapped_column(default=False)
    is_volunteer: Mapped[bool] = mapped_column(default=False)
    offer_id: Mapped[uuid.UUID | None]
    state: Mapped[str] = mapped_column(Code(), default="waiting")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    place: Mapped[int | None]
    came: Mapped[bool | None]
    minutes: Mapped[int | None]
    periods: Mapped[int | None]
    signed_at: Mapped[datetime]
    created_by_id: Mapped[uuid.UUID]

    delivery = one("Delivery", "DeliverySignup", "delivery_id")
    person = one("Person", "DeliverySignup", "person_id")
    home_school = one("School", "DeliverySignup", "home_school_id")

    __table_args__ = (
        ref("delivery_id", "delivery"),
        ref("person_id", "person"),
        ref("home_school_id", "school"),
        ref("offer_id", "teaching_offer"),
        ref("created_by_id", "person"),
        one_of("state", SIGNUP_STATES),
        UniqueConstraint("district_id", "delivery_id", "person_id", name="signed_up_once"),
        UniqueConstraint("district_id", "delivery_id", "place", name="delivery_place_once"),
        CheckConstraint("(state = 'taken') = (place IS NOT NULL)", name="taken_has_place"),
        CheckConstraint("place BETWEEN 1 AND 200", name="place_sane"),
        CheckConstraint("came IS NULL OR state = 'taken'", name="came_had_place"),
        CheckConstraint("minutes BETWEEN 0 AND 60000", name="minutes_sane"),
        CheckConstraint("periods BETWEEN 0 AND 500", name="periods_sane"),
        Index("ix_delivery_signup_person", "district_id", "person_id"),
    )

    @property
    def cluster_id(self):
        """The cluster of the delivery, by which it is in sight."""
        return self.delivery.cluster_id

    @property
    def is_open(self):
        """Whether the delivery is shown to the whole district."""
        return self.delivery.is_open

    @property
    def access_schools(self):
        return self.delivery.access_schools


class TeachingOffer(Tenant, Versioned, db.Model):
    """Somebody has time: what for, when and where. ``school_id`` is the home school, or the one that keeps a guest.

    Without ``schools`` the person goes to any school in sight of the offer.
    """

    WORKFLOW = "teaching_offer"

    cluster_id: Mapped[uuid.UUID | None]
    is_open: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID | None]
    is_guest: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(Code())
    subject: Mapped[str] = mapped_column(String(40))
    stage: Mapped[str | None] = mapped_column(Code())
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    times: Mapped[str] = mapped_column(String(80), default="")
    details: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(Code(), default="open")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    created_by_id: Mapped[uuid.UUID]

    person = one("Person", "TeachingOffer", "person_id")
    school = one("School", "TeachingOffer", "school_id")
    schools = many("OfferSchool", "offer_id", "OfferSchool.id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("person_id", "person"),
        ref("school_id", "school"),
        ref("created_by_id", "person"),
        one_of("kind", KINDS),
        one_of("stage", STAGES),
        one_of("state", ("open", "ended")),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
        Index("ix_teaching_offer_cluster", "district_id", "cluster_id", "state"),
        Index("ix_teaching_offer_person", "district_id", "person_id"),
    )


class OfferSchool(Tenant, db.Model):
    """A school that somebody who has time would go to."""

    offer_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID]

    school = one("School", "OfferSchool", "school_id")

    __table_args__ = (
        ref("offer_id", "teaching_offer", ondelete="CASCADE"),
        ref("school_id", "school"),
        UniqueConstraint("district_id", "offer_id", "school_id", name="offer_school_once"),
    )
