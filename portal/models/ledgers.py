"""Small ledgers of a term (training, publicity, funds, honours, support measures)."""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain import ledgers
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, one, one_of, ref

CATEGORIES = [code for codes in ledgers.CATEGORIES.values() for code in codes]


class LedgerEntry(Tenant, Versioned, db.Model):
    """One line of a ledger. ``school_id`` is whose it is; without one it is the whole cluster's.

    ``domain/ledgers.py`` says which columns a kind has. Money is counted in hundredths of a yuan.
    """

    cluster_id: Mapped[uuid.UUID]
    term_id: Mapped[uuid.UUID]
    school_id: Mapped[uuid.UUID | None]
    created_by_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code())
    title: Mapped[str] = mapped_column(String(120))
    held_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(500), default="")
    category: Mapped[str | None] = mapped_column(Code())
    last_day: Mapped[date | None]
    place: Mapped[str] = mapped_column(String(80), default="")
    days: Mapped[int | None]
    persons: Mapped[int | None]
    person_times: Mapped[int | None]
    composition: Mapped[str] = mapped_column(String(200), default="")
    audience: Mapped[str | None] = mapped_column(Code())
    flow: Mapped[str | None] = mapped_column(Code())
    source: Mapped[str | None] = mapped_column(Code())
    cents: Mapped[int | None] = mapped_column(BigInteger)
    approver: Mapped[str] = mapped_column(String(60), default="")
    voucher: Mapped[str] = mapped_column(String(60), default="")
    level: Mapped[str | None] = mapped_column(Code())
    recipient: Mapped[str] = mapped_column(String(120), default="")
    issuer: Mapped[str] = mapped_column(String(120), default="")
    removed_at: Mapped[datetime | None]

    cluster = one("Cluster", "LedgerEntry", "cluster_id")
    term = one("Term", "LedgerEntry", "term_id")
    school = one("School", "LedgerEntry", "school_id")
    created_by = one("Person", "LedgerEntry", "created_by_id")

    __table_args__ = (
        ref("cluster_id", "cluster"),
        ref("term_id", "term"),
        ref("school_id", "school"),
        ref("created_by_id", "person"),
        one_of("kind", ledgers.KINDS),
        one_of("category", CATEGORIES),
        one_of("audience", ledgers.AUDIENCES),
        one_of("flow", ledgers.FLOWS),
        one_of("source", ledgers.SOURCES),
        one_of("level", ledgers.LEVELS),
        CheckConstraint(
            "person_times IS NULL OR persons IS NULL OR person_times >= persons", name="times_cover"
        ),
        CheckConstraint("last_day IS NULL OR last_day >= held_on", name="days_in_order"),
        CheckConstraint("cents IS NULL OR cents > 0", name="money_positive"),
        CheckConstraint(
            "kind <> 'fund' OR (cents IS NOT NULL AND flow IS NOT NULL)", name="fund_says_how_much"
        ),
        Index("ix_ledger_entry_cluster", "district_id", "cluster_id", "term_id", "held_on", "id"),
    )

    @property
    def access_people(self):
        """Nobody's own: an entry belongs to its school or cluster."""
        return frozenset()
