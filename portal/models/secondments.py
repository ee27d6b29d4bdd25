"""Secondment programmes (挂职): batches, experts, who is recommended, ranked, assigned and sent (W4)."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.secondments import FORMS, HOST_KINDS, Targets
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref

SECONDMENT_STATES = (
    "nominated",
    "returned",
    "screened",
    "candidate",
    "placing",
    "assigned",
    "arrived",
    "active",
    "finished",
    "evaluated",
    "followed_up",
    "ended_early",
    "declined",
    "withdrawn",
)
# In these a person has a place in a batch.
PLACED = ("placing", "assigned", "arrived", "active", "finished", "evaluated", "followed_up", "ended_early")
# In these the case goes on; a person has one such case in a programme.
OVER = ("declined", "withdrawn", "ended_early", "followed_up")


class SecondmentProgramme(Tenant, Versioned, db.Model):
    """A programme (挂职培养工作方案, S4-01). Its numbers are those of its own text; empty where it names none."""

    name: Mapped[str] = mapped_column(String(80))
    basis: Mapped[str] = mapped_column(String(200), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    host_kinds: Mapped[list] = mapped_column(default=list)
    candidates: Mapped[int | None]
    full_score: Mapped[int | None]
    lessons_per_week: Mapped[int | None]
    lessons_total: Mapped[int | None]
    books: Mapped[int | None]
    contact_weeks: Mapped[int | None]
    plan_days: Mapped[int | None]
    evaluation_days: Mapped[int | None]
    blocks: Mapped[list] = mapped_column(default=list)
    assignments: Mapped[list] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(default="")

    batches = many("SecondmentBatch", "programme_id", "SecondmentBatch.starts_on, SecondmentBatch.id")
    experts = many("SecondmentExpert", "programme_id", "SecondmentExpert.id")

    __table_args__ = (
        UniqueConstraint("district_id", "name", name="secondment_programme_name_taken"),
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("candidates BETWEEN 1 AND 10000", name="candidates_sane"),
        CheckConstraint("full_score BETWEEN 1 AND 1000", name="full_score_sane"),
        CheckConstraint("lessons_per_week BETWEEN 1 AND 40", name="per_week_sane"),
        CheckConstraint("lessons_total BETWEEN 1 AND 2000", name="total_sane"),
        CheckConstraint("books BETWEEN 1 AND 100", name="books_sane"),
        CheckConstraint("contact_weeks BETWEEN 1 AND 52", name="contact_sane"),
        CheckConstraint("plan_days BETWEEN 1 AND 365", name="plan_days_sane"),
        CheckConstraint("evaluation_days BETWEEN 1 AND 365", name="evaluation_days_sane"),
    )

    @property
    def targets(self) -> Targets:
        """The numbers that a secondee is held against."""
        return Targets(
            self.lessons_per_week,
            self.lessons_total,
            self.books,
            self.contact_weeks,
            self.plan_days,
            self.evaluation_days,
        )

    @property
    def expert_ids(self) -> frozenset:
        """Who scores the candidates."""
        return frozenset(each.person_id for each in self.experts)


class SecondmentBatch(Tenant, Versioned, db.Model):
    """One batch of a programme with its dates: nominations by a day, send-off, the window of arrival (S4-03)."""

    programme_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    nominate_by: Mapped[date | None]
    sent_off_on: Mapped[date | None]
    sent_off_place: Mapped[str] = mapped_column(String(80), default="")
    arrive_from: Mapped[date | None]
    arrive_to: Mapped[date | None]
    places: Mapped[int | None]

    programme = one("SecondmentProgramme", "SecondmentBatch", "programme_id")

    __table_args__ = (
        ref("programme_id", "secondment_programme"),
        UniqueConstraint("district_id", "programme_id", "name", name="secondment_batch_name_taken"),
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("arrive_to >= arrive_from", name="window_in_order"),
        CheckConstraint("places BETWEEN 1 AND 10000", name="places_sane"),
    )


class SecondmentExpert(Tenant, db.Model):
    """A member of a programme's expert group."""

    programme_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]

    programme = one("SecondmentProgramme", "SecondmentExpert", "programme_id")
    person = one("Person", "SecondmentExpert", "person_id")

    __table_args__ = (
        ref("programme_id", "secondment_programme", ondelete="CASCADE"),
        ref("person_id", "person"),
        UniqueConstraint("district_id", "programme_id", "person_id", name="secondment_expert_once"),
    )


class Secondment(Tenant, Versioned, db.Model):
    """One person's way through a programme. From the host's consent on it stands on a posting.

    The host is a school of the district (``host_school_id``), or a school or office elsewhere by its name
    (``host_name``, ``host_place``), which has no posting. ``counterpart_id`` is who comes in exchange (对岗互派).
    """

    WORKFLOW = "secondment"

    programme_id: Mapped[uuid.UUID]
    batch_id: Mapped[uuid.UUID | None]
    person_id: Mapped[uuid.UUID]
    home_school_id: Mapped[uuid.UUID]
    form: Mapped[str] = mapped_column(Code(), default="secondment")
    present_post: Mapped[str] = mapped_column(String(40), default="")
    opinion: Mapped[str] = mapped_column(default="")
    time_guarantee: Mapped[str] = mapped_column(String(300), default="")
    screening: Mapped[str] = mapped_column(String(300), default="")
    host_kind: Mapped[str | None] = mapped_column(Code())
    host_school_id: Mapped[uuid.UUID | None]
    host_name: Mapped[str] = mapped_column(String(80), default="")
    host_place: Mapped[str] = mapped_column(String(80), default="")
    host_consent: Mapped[str] = mapped_column(String(200), default="")
    host_post: Mapped[str] = mapped_column(String(40), default="")
    counterpart_id: Mapped[uuid.UUID | None]
    posting_id: Mapped[uuid.UUID | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    arrived_on: Mapped[date | None]
    report: Mapped[str] = mapped_column(default="")
    report_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(Code())
    follow_up: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(Code(), default="nominated")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    created_by_id: Mapped[uuid.UUID]

    programme = one("SecondmentProgramme", "Secondment", "programme_id")
    batch = one("SecondmentBatch", "Secondment", "batch_id")
    person = one("Person", "Secondment", "person_id")
    home_school = one("School", "Secondment", "home_school_id")
    host_school = one("School", "Secondment", "host_school_id")
    posting = one("Posting", "Secondment", "posting_id")
    scores = many("SecondmentScore", "secondment_id", "SecondmentScore.id")

    __table_args__ = (
        ref("programme_id", "secondment_programme"),
        ref("batch_id", "secondment_batch"),
        ref("person_id", "person"),
        ref("home_school_id", "school"),
        ref("host_school_id", "school"),
        ref("counterpart_id", "secondment"),
        ref("posting_id", "posting"),
        ref("created_by_id", "person"),
        one_of("form", FORMS),
        one_of("host_kind", HOST_KINDS),
        one_of("state", SECONDMENT_STATES),
        one_of("outcome", ("returned", "used")),
        CheckConstraint("host_school_id <> home_school_id", name="host_is_another"),
        CheckConstraint("(host_kind = 'school') = (host_school_id IS NOT NULL)", name="host_of_kind"),
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint(
            "state NOT IN ('assigned', 'arrived', 'active', 'finished', 'evaluated', 'followed_up')"
            " OR (starts_on IS NOT NULL AND ends_on IS NOT NULL AND host_kind IS NOT NULL)",
            name="assigned_somewhere",
        ),
        CheckConstraint(
            "state NOT IN ('arrived', 'active', 'finished', 'evaluated', 'followed_up')"
            " OR arrived_on IS NOT NULL",
            name="away_has_arrived",
        ),
        Index("ix_secondment_programme", "district_id", "programme_id", "state", "id"),
        Index("ix_secondment_person", "district_id", "person_id"),
        Index("ix_secondment_home", "district_id", "home_school_id"),
        Index("ix_secondment_host", "district_id", "host_school_id"),
        Index("ix_secondment_posting", "district_id", "posting_id"),
        Index(
            "secondment_already_open",
            "district_id",
            "programme_id",
            "person_id",
            unique=True,
            sqlite_where=text("state NOT IN ('declined', 'withdrawn', 'ended_early', 'followed_up')"),
            postgresql_where=text("state NOT IN ('declined', 'withdrawn', 'ended_early', 'followed_up')"),
        ),
    )

    @property
    def access_schools(self):
        """The own school, and the school of the district that receives."""
        return frozenset(key for key in (self.home_school_id, self.host_school_id) if key)

    @property
    def expert_ids(self) -> frozenset:
        """Who scores this candidate, while there is something to score."""
        return self.programme.expert_ids if self.state in ("screened", "candidate") else frozenset()

    @property
    def host(self) -> str:
        """Where somebody goes, by name; empty before anybody is assigned."""
        return self.host_school.name if self.host_school_id else self.host_name


class SecondmentScore(Tenant, Versioned, db.Model):
    """What one expert gives one candidate."""

    secondment_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    score: Mapped[int]
    note: Mapped[str] = mapped_column(String(300), default="")
    scored_at: Mapped[datetime]

    secondment = one("Secondment", "SecondmentScore", "secondment_id")
    person = one("Person", "SecondmentScore", "person_id")

    __table_args__ = (
        ref("secondment_id", "secondment", ondelete="CASCADE"),
        ref("person_id", "person"),
        UniqueConstraint("district_id", "secondment_id", "person_id", name="secondment_scored_once"),
        CheckConstraint("score BETWEEN 0 AND 1000", name="score_sane"),
    )
