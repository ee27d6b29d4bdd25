"""What happens during a secondment: study plan, entries, leave, contacts, evaluations; visits in a group."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.secondments import ENTRY_KINDS, PLAN_PARTS
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, one, one_of, ref
from portal.vault import SealedText


class OfSecondment:
    """A row that belongs to a secondment: who may see or do what with it follows from that."""

    @property
    def home_school_id(self):
        """The own school."""
        return self.secondment.home_school_id

    @property
    def host_school_id(self):
        """The school of the district that receives; None for a host elsewhere."""
        return self.secondment.host_school_id

    @property
    def access_schools(self):
        return self.secondment.access_schools

    @property
    def access_people(self):
        return self.secondment.access_people


class StudyPlan(OfSecondment, Tenant, Versioned, db.Model):
    """The secondee's own plan in five parts (S4-61); handed in when ``handed_in_on`` is set."""

    secondment_id: Mapped[uuid.UUID]
    goals: Mapped[str] = mapped_column(default="")
    contents: Mapped[str] = mapped_column(default="")
    measures: Mapped[str] = mapped_column(default="")
    topics: Mapped[str] = mapped_column(default="")
    homework: Mapped[str] = mapped_column(default="")
    handed_in_on: Mapped[date | None]

    secondment = one("Secondment", "StudyPlan", "secondment_id")

    __table_args__ = (
        ref("secondment_id", "secondment", ondelete="CASCADE"),
        UniqueConstraint("district_id", "secondment_id", name="study_plan_once"),
    )

    @property
    def is_whole(self) -> bool:
        """Whether every part has words."""
        return all(getattr(self, part).strip() for part in PLAN_PARTS)


class SecondmentEntry(OfSecondment, Tenant, Versioned, db.Model):
    """A duty at the host, a product or assignment owed, a topic, a book with notes, a meeting attended."""

    secondment_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code())
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(default="")
    compared: Mapped[str] = mapped_column(default="")
    happened_on: Mapped[date | None]
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    address: Mapped[str] = mapped_column(String(300), default="")
    created_by_id: Mapped[uuid.UUID]

    secondment = one("Secondment", "SecondmentEntry", "secondment_id")

    __table_args__ = (
        ref("secondment_id", "secondment", ondelete="CASCADE"),
        ref("created_by_id", "person"),
        one_of("kind", ENTRY_KINDS),
        CheckConstraint("done_on IS NULL OR kind IN ('product', 'assignment')", name="owed_is_done"),
        Index("ix_secondment_entry_of", "district_id", "secondment_id", "kind"),
    )


class SecondmentLeave(OfSecondment, Tenant, Versioned, db.Model):
    """Leave asked for, decided by the host's principal, and reported back (请销假, S4-05). The reason is sealed."""

    WORKFLOW = "secondment_leave"

    secondment_id: Mapped[uuid.UUID]
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str | None] = mapped_column(SealedText())
    decided_by_id: Mapped[uuid.UUID | None]
    back_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(Code(), default="requested")
    state_note: Mapped[str] = mapped_column(String(300), default="")

    secondment = one("Secondment", "SecondmentLeave", "secondment_id")
    decided_by = one("Person", "SecondmentLeave", "decided_by_id")

    __table_args__ = (
        ref("secondment_id", "secondment", ondelete="CASCADE"),
        ref("decided_by_id", "person"),
        one_of("state", ("requested", "approved", "refused", "withdrawn", "back")),
        CheckConstraint("last_day >= first_day", name="dates_in_order"),
        CheckConstraint("(state = 'back') = (back_on IS NOT NULL)", name="back_has_day"),
        Index("ix_secondment_leave_of", "district_id", "secondment_id", "first_day"),
    )


class SecondmentContact(OfSecondment, Tenant, db.Model):
    """The office spoke with a secondee (S4-06)."""

    secondment_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    held_on: Mapped[date]
    way: Mapped[str] = mapped_column(Code(), default="phone")
    note: Mapped[str] = mapped_column(String(300), default="")

    secondment = one("Secondment", "SecondmentContact", "secondment_id")
    person = one("Person", "SecondmentContact", "person_id")

    __table_args__ = (
        ref("secondment_id", "secondment", ondelete="CASCADE"),
        ref("person_id", "person"),
        one_of("way", ("phone", "visit", "message")),
        Index("ix_secondment_contact_of", "district_id", "secondment_id", "held_on"),
    )


class SecondmentEvaluation(OfSecondment, Tenant, Versioned, db.Model):
    """What the host, or the programme office, says at the end (W4: dual evaluation)."""

    secondment_id: Mapped[uuid.UUID]
    side: Mapped[str] = mapped_column(Code())
    person_id: Mapped[uuid.UUID]
    grade: Mapped[str] = mapped_column(String(20), default="")
    text: Mapped[str] = mapped_column(default="")
    written_at: Mapped[datetime]

    secondment = one("Secondment", "SecondmentEvaluation", "secondment_id")
    person = one("Person", "SecondmentEvaluation", "person_id")

    __table_args__ = (
        ref("secondment_id", "secondment", ondelete="CASCADE"),
        ref("person_id", "person"),
        one_of("side", ("host", "office")),
        UniqueConstraint("district_id", "secondment_id", "side", name="secondment_evaluated_once"),
    )


class StudyTrip(Tenant, Versioned, db.Model):
    """A visit in a group: 影子培训 at a school (S4-33), or a delegation that a secondee arranged (S4-08)."""

    school_id: Mapped[uuid.UUID]
    secondment_id: Mapped[uuid.UUID | None]
    kind: Mapped[str] = mapped_column(Code(), default="shadow_training")
    title: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(80))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    size: Mapped[int]
    members: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    created_by_id: Mapped[uuid.UUID]

    school = one("School", "StudyTrip", "school_id")
    secondment = one("Secondment", "StudyTrip", "secondment_id")
    created_by = one("Person", "StudyTrip", "created_by_id")

    __table_args__ = (
        ref("school_id", "school"),
        ref("secondment_id", "secondment"),
        ref("created_by_id", "person"),
        one_of("kind", ("shadow_training", "delegation")),
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("size BETWEEN 1 AND 1000", name="size_sane"),
        Index("ix_study_trip_day", "district_id", "starts_on", "id"),
        Index("ix_study_trip_school", "district_id", "school_id", "starts_on"),
    )

    @property
    def days(self) -> int:
        """How many days it lasts, both ends included."""
        return (self.ends_on - self.starts_on).days + 1
