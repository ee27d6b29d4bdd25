"""The monthly list of subsidies of a school (S1-11 to S1-13): computed, checked, accepted. Nothing is paid here."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.subsidy import BASES
from portal.extensions import db
from portal.models.base import Code, Tenant, Versioned, many, one, one_of, ref

ITEM_KINDS = ("circuit", "support", "discretionary")
OUTCOMES = ("met", "not_met", "unknown")


class SubsidyTier(Tenant, db.Model):
    """One line of the district's own table: from this remoteness or these minutes on, so many yuan a month."""

    basis: Mapped[str] = mapped_column(Code())
    from_value: Mapped[int]
    amount: Mapped[int]

    __table_args__ = (
        one_of("basis", tuple(BASES)),
        UniqueConstraint("district_id", "from_value", name="tier_once"),
        CheckConstraint("from_value >= 0", name="tier_value_sane"),
        CheckConstraint("amount > 0", name="tier_amount_sane"),
    )


class SubsidyList(Tenant, Versioned, db.Model):
    """What a school reports for its own teachers of one month; the facts are kept as they were when checked."""

    WORKFLOW = "subsidy_list"

    school_id: Mapped[uuid.UUID]
    month: Mapped[date]
    state: Mapped[str] = mapped_column(Code(), default="drafting")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    checked_by_id: Mapped[uuid.UUID | None]
    accepted_by_id: Mapped[uuid.UUID | None]
    checked_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]

    school = one("School", "SubsidyList", "school_id")
    checked_by = one("Person", "SubsidyList", "checked_by_id")
    accepted_by = one("Person", "SubsidyList", "accepted_by_id")
    items = many("SubsidyItem", "list_id", "SubsidyItem.kind, SubsidyItem.id")

    __table_args__ = (
        ref("school_id", "school"),
        ref("checked_by_id", "person"),
        ref("accepted_by_id", "person"),
        one_of("state", ("drafting", "checked", "accepted")),
        UniqueConstraint("district_id", "school_id", "month", name="subsidy_list_once"),
        CheckConstraint("state = 'drafting' OR checked_by_id IS NOT NULL", name="list_checked_by_somebody"),
        CheckConstraint(
            "state <> 'accepted' OR accepted_by_id IS NOT NULL", name="list_accepted_by_somebody"
        ),
        Index("ix_subsidy_list_month", "district_id", "month", "state"),
    )

    @property
    def access_people(self):
        """Everybody on the list."""
        return frozenset(item.person_id for item in self.items)


class SubsidyItem(Tenant, Versioned, db.Model):
    """One person on a list: whether the conditions are met, why, and the amount in yuan where one is set.

    ``reasons`` holds message ids with their words. A discretionary amount (S1-13) has a reason of the
    school and a decision of the bureau.
    """

    WORKFLOW = "subsidy_item"

    list_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(Code())
    state: Mapped[str] = mapped_column(Code(), default="computed")
    state_note: Mapped[str] = mapped_column(String(300), default="")
    outcome: Mapped[str] = mapped_column(Code(), default="met")
    reasons: Mapped[list] = mapped_column(default=list)
    host_names: Mapped[list] = mapped_column(default=list)
    own_periods: Mapped[int | None]
    visited_periods: Mapped[int | None]
    own_average: Mapped[int | None]
    days: Mapped[int | None]
    amount: Mapped[int | None]
    ground: Mapped[str] = mapped_column(String(300), default="")
    proposed_by_id: Mapped[uuid.UUID | None]
    decided_by_id: Mapped[uuid.UUID | None]

    sheet = one("SubsidyList", "SubsidyItem", "list_id")
    person = one("Person", "SubsidyItem", "person_id")
    proposed_by = one("Person", "SubsidyItem", "proposed_by_id")
    decided_by = one("Person", "SubsidyItem", "decided_by_id")

    __table_args__ = (
        ref("list_id", "subsidy_list", ondelete="CASCADE"),
        ref("person_id", "person"),
        ref("proposed_by_id", "person"),
        ref("decided_by_id", "person"),
        one_of("kind", ITEM_KINDS),
        one_of("outcome", OUTCOMES),
        one_of("state", ("computed", "proposed", "approved", "declined")),
        UniqueConstraint("district_id", "list_id", "person_id", "kind", name="subsidy_item_once"),
        CheckConstraint("amount > 0", name="item_amount_sane"),
        CheckConstraint("amount IS NULL OR outcome = 'met'", name="amount_is_earned"),
        CheckConstraint(
            "kind <> 'discretionary' OR (ground <> '' AND amount IS NOT NULL AND proposed_by_id IS NOT NULL)",
            name="discretion_has_ground",
        ),
        CheckConstraint("(kind = 'discretionary') = (state <> 'computed')", name="discretion_is_decided"),
        CheckConstraint(
            "state NOT IN ('approved', 'declined') OR decided_by_id IS NOT NULL", name="decided_by_somebody"
        ),
        CheckConstraint("decided_by_id <> proposed_by_id", name="decided_by_another"),
        Index("ix_subsidy_item_person", "district_id", "person_id"),
    )

    @property
    def access_schools(self):
        """The school whose list it stands in."""
        return frozenset([self.sheet.school_id])
