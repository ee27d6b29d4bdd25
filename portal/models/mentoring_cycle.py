"""What belongs to mentoring pairs beside the agreement: ranked wishes, dates, checks, the private word, renewals."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref

SIDES = ("mentor", "mentee")
REVIEWS = ("midterm", "final")
REACHED = ("yes", "partly", "no")
FITS = ("well", "talk", "change")


class WishList(Tenant, Versioned, db.Model):
    """With whom somebody would like to be paired, as mentor or as mentee, the dearest first.

    ``capacity`` is how many a mentor would take; a mentee has one mentor.
    """

    cluster_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    side: Mapped[str] = mapped_column(Code())
    capacity: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(String(300), default="")

    cluster = one("Cluster", "WishList", "cluster_id")
    person = one("Person", "WishList", "person_id")
    choices = many("WishChoice", "list_id", "WishChoice.rank")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("person_id", "person"),
        one_of("side", SIDES),
        CheckConstraint("capacity BETWEEN 1 AND 10", name="capacity_sane"),
        UniqueConstraint("district_id", "cluster_id", "person_id", "side", name="one_wish_list"),
    )


class WishChoice(Tenant, db.Model):
    """One person on a list of wishes; rank 1 is the dearest."""

    list_id: Mapped[uuid.UUID]
    rank: Mapped[int]
    wanted_id: Mapped[uuid.UUID]

    wanted = one("Person", "WishChoice", "wanted_id")

    __table_args__ = (
        ref("list_id", "wish_list", ondelete="CASCADE"),
        ref("wanted_id", "person"),
        UniqueConstraint("district_id", "list_id", "rank", name="wish_rank_once"),
        UniqueConstraint("district_id", "list_id", "wanted_id", name="wished_once"),
        CheckConstraint("rank BETWEEN 1 AND 10", name="rank_sane"),
    )


class PairDate(Tenant, db.Model):
    """A day on which the two agreed to meet, and what for."""

    pair_id: Mapped[uuid.UUID]
    day: Mapped[date]
    what: Mapped[str] = mapped_column(String(120), default="")

    __table_args__ = (
        ref("pair_id", "mentoring_pair", ondelete="CASCADE"),
        UniqueConstraint("district_id", "pair_id", "day", name="pair_day_once"),
    )


class PairReview(Tenant, Versioned, db.Model):
    """What one of the two says half way, or at the end. Both read both; others learn only that it is written.

    ``round`` counts the agreed times of a pair: after a renewal the next one begins.
    """

    pair_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code())
    round: Mapped[int] = mapped_column(default=1)
    reached: Mapped[str] = mapped_column(Code())
    progress: Mapped[str]
    further: Mapped[str] = mapped_column(default="")
    written_on: Mapped[date]

    pair = one("MentoringPair", "PairReview", "pair_id")
    person = one("Person", "PairReview", "person_id")

    __table_args__ = (
        ref("pair_id", "mentoring_pair"),
        ref("person_id", "person"),
        one_of("kind", REVIEWS),
        one_of("reached", REACHED),
        UniqueConstraint("district_id", "pair_id", "person_id", "kind", "round", name="pair_reviewed_once"),
    )

    @property
    def access_people(self):
        """Both of the pair."""
        return self.pair.access_people


class PairFit(Tenant, Versioned, db.Model):
    """Whether the pairing suits somebody: for the writer and for who arranges pairs, never for the other side."""

    pair_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID | None]
    answer: Mapped[str] = mapped_column(Code())
    text: Mapped[str] = mapped_column(String(500), default="")
    answered_on: Mapped[date]
    seen_at: Mapped[datetime | None]

    pair = one("MentoringPair", "PairFit", "pair_id")
    person = one("Person", "PairFit", "person_id")

    __table_args__ = (
        ref("pair_id", "mentoring_pair"),
        ref("person_id", "person"),
        ref("school_id", "school"),
        one_of("answer", FITS),
        UniqueConstraint("district_id", "pair_id", "person_id", name="fit_once"),
    )

    @property
    def access_clusters(self):
        """The cluster whose lead arranges pairs."""
        return self.pair.access_clusters


class MentoringRenewal(Tenant, Versioned, db.Model):
    """That a pair goes on to a later day: asked for by one, agreed to by both."""

    pair_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    old_ends_on: Mapped[date | None]
    ends_on: Mapped[date]
    goals: Mapped[str] = mapped_column(default="")
    mentor_agreed: Mapped[bool] = mapped_column(default=False)
    mentee_agreed: Mapped[bool] = mapped_column(default=False)
    settled_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]

    pair = one("MentoringPair", "MentoringRenewal", "pair_id")
    person = one("Person", "MentoringRenewal", "person_id")

    __table_args__ = (
        ref("pair_id", "mentoring_pair"),
        ref("person_id", "person"),
        CheckConstraint("old_ends_on IS NULL OR ends_on > old_ends_on", name="goes_on_longer"),
        CheckConstraint("settled_on IS NULL OR mentor_agreed", name="renewed_with_the_mentor"),
        Index(
            "renewal_already_open",
            "district_id",
            "pair_id",
            unique=True,
            sqlite_where=db.text("settled_on IS NULL AND withdrawn_on IS NULL"),
            postgresql_where=db.text("settled_on IS NULL AND withdrawn_on IS NULL"),
        ),
    )

    @property
    def access_people(self):
        """Both of the pair."""
        return self.pair.access_people

    @property
    def access_clusters(self):
        """The pair's cluster."""
        return self.pair.access_clusters
