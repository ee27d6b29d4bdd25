"""Months closed by both schools, what is disputed about a lesson, and the monthly list of subsidies.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "subsidy_tier",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.Column("from_value", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.CheckConstraint("basis IN ('remoteness', 'minutes')", name=op.f("ck_subsidy_tier_basis_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_subsidy_tier_tier_amount_sane")),
        sa.CheckConstraint("from_value >= 0", name=op.f("ck_subsidy_tier_tier_value_sane")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_subsidy_tier_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_subsidy_tier")),
        sa.UniqueConstraint("district_id", "from_value", name="tier_once"),
    )
    op.create_table(
        "code_guesses",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.CheckConstraint("wrong >= 0", name=op.f("ck_code_guesses_guesses_counted")),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_code_guesses_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_code_guesses_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_code_guesses")),
        sa.UniqueConstraint("district_id", "person_id", "day", name="guesses_once"),
    )
    op.create_table(
        "home_periods",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("periods", sa.Integer(), nullable=False),
        sa.Column("stated_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("periods BETWEEN 0 AND 300", name=op.f("ck_home_periods_home_periods_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_home_periods_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_home_periods_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "stated_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_home_periods_district_id_stated_by_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_home_periods_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_home_periods")),
        sa.UniqueConstraint("district_id", "person_id", "school_id", "month", name="home_periods_once"),
    )
    op.create_table(
        "subsidy_list",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'accepted' OR accepted_by_id IS NOT NULL",
            name=op.f("ck_subsidy_list_list_accepted_by_somebody"),
        ),
        sa.CheckConstraint(
            "state = 'drafting' OR checked_by_id IS NOT NULL",
            name=op.f("ck_subsidy_list_list_checked_by_somebody"),
        ),
        sa.CheckConstraint(
            "state IN ('drafting', 'checked', 'accepted')", name=op.f("ck_subsidy_list_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "accepted_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_subsidy_list_district_id_accepted_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "checked_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_subsidy_list_district_id_checked_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_subsidy_list_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_subsidy_list_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_subsidy_list")),
        sa.UniqueConstraint("district_id", "school_id", "month", name="subsidy_list_once"),
    )
    with op.batch_alter_table("subsidy_list", schema=None) as batch_op:
        batch_op.create_index("ix_subsidy_list_month", ["district_id", "month", "state"], unique=False)
    op.create_table(
        "visiting_month",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("home_school_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'closed' OR closed_by_id IS NOT NULL", name=op.f("ck_visiting_month_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "state = 'open' OR checked_by_id IS NOT NULL", name=op.f("ck_visiting_month_checked_by_somebody")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'checked', 'closed')", name=op.f("ck_visiting_month_state_known")
        ),
        sa.CheckConstraint("closed_by_id <> checked_by_id", name=op.f("ck_visiting_month_closed_by_another")),
        sa.CheckConstraint(
            "school_id <> home_school_id", name=op.f("ck_visiting_month_month_schools_differ")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "checked_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_visiting_month_district_id_checked_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "closed_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_visiting_month_district_id_closed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "home_school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_visiting_month_district_id_home_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_visiting_month_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_visiting_month_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_visiting_month")),
        sa.UniqueConstraint("district_id", "school_id", "home_school_id", "month", name="month_once"),
    )
    with op.batch_alter_table("visiting_month", schema=None) as batch_op:
        batch_op.create_index(
            "ix_visiting_month_home", ["district_id", "home_school_id", "month"], unique=False
        )
        batch_op.create_index("ix_visiting_month_state", ["district_id", "state", "month"], unique=False)
    op.create_table(
        "month_figure",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("substituted", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("stood_in", sa.Integer(), nullable=False),
        sa.Column("corrected", sa.Integer(), nullable=False),
        sa.CheckConstraint("planned = 0", name=op.f("ck_month_figure_closed_is_settled")),
        sa.ForeignKeyConstraint(
            ["district_id", "month_id"],
            ["visiting_month.district_id", "visiting_month.id"],
            name=op.f("fk_month_figure_district_id_month_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_month_figure_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_month_figure_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_month_figure")),
        sa.UniqueConstraint("district_id", "month_id", "person_id", name="figure_once"),
    )
    with op.batch_alter_table("month_figure", schema=None) as batch_op:
        batch_op.create_index("ix_month_figure_person", ["district_id", "person_id"], unique=False)
    op.create_table(
        "subsidy_item",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("reasons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("host_names", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("own_periods", sa.Integer(), nullable=True),
        sa.Column("visited_periods", sa.Integer(), nullable=True),
        sa.Column("own_average", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("ground", sa.String(length=300), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'discretionary') = (state <> 'computed')",
            name=op.f("ck_subsidy_item_discretion_is_decided"),
        ),
        sa.CheckConstraint(
            "amount IS NULL OR outcome = 'met'", name=op.f("ck_subsidy_item_amount_is_earned")
        ),
        sa.CheckConstraint(
            "kind <> 'discretionary' OR (ground <> '' AND amount IS NOT NULL AND proposed_by_id IS NOT NULL)",
            name=op.f("ck_subsidy_item_discretion_has_ground"),
        ),
        sa.CheckConstraint(
            "kind IN ('circuit', 'support', 'discretionary')", name=op.f("ck_subsidy_item_kind_known")
        ),
        sa.CheckConstraint(
            "outcome IN ('met', 'not_met', 'unknown')", name=op.f("ck_subsidy_item_outcome_known")
        ),
        sa.CheckConstraint(
            "state IN ('computed', 'proposed', 'approved', 'declined')",
            name=op.f("ck_subsidy_item_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'declined') OR decided_by_id IS NOT NULL",
            name=op.f("ck_subsidy_item_decided_by_somebody"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_subsidy_item_item_amount_sane")),
        sa.CheckConstraint(
            "decided_by_id <> proposed_by_id", name=op.f("ck_subsidy_item_decided_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "decided_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_subsidy_item_district_id_decided_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "list_id"],
            ["subsidy_list.district_id", "subsidy_list.id"],
            name=op.f("fk_subsidy_item_district_id_list_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_subsidy_item_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "proposed_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_subsidy_item_district_id_proposed_by_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_subsidy_item_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_subsidy_item")),
        sa.UniqueConstraint("district_id", "list_id", "person_id", "kind", name="subsidy_item_once"),
    )
    with op.batch_alter_table("subsidy_item", schema=None) as batch_op:
        batch_op.create_index("ix_subsidy_item_person", ["district_id", "person_id"], unique=False)
    op.create_table(
        "month_correction",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("home_school_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("counted_in", sa.Date(), nullable=False),
        sa.Column("old_state", sa.String(length=32), nullable=False),
        sa.Column("new_state", sa.String(length=32), nullable=False),
        sa.Column("old_substitute_id", sa.Uuid(), nullable=True),
        sa.Column("new_substitute_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "new_state IN ('given', 'missed', 'substituted', 'cancelled')",
            name=op.f("ck_month_correction_new_state_known"),
        ),
        sa.CheckConstraint(
            "old_state IN ('planned', 'given', 'missed', 'substituted', 'cancelled')",
            name=op.f("ck_month_correction_old_state_known"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_month_correction_correction_has_reason")),
        sa.CheckConstraint("counted_in > month", name=op.f("ck_month_correction_counted_later")),
        sa.ForeignKeyConstraint(
            ["district_id", "home_school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_month_correction_district_id_home_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "made_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_month_correction_district_id_made_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "new_substitute_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_month_correction_district_id_new_substitute_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "old_substitute_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_month_correction_district_id_old_substitute_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_month_correction_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_month_correction_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "session_id"],
            ["visiting_session.district_id", "visiting_session.id"],
            name=op.f("fk_month_correction_district_id_session_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_month_correction_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_month_correction")),
    )
    with op.batch_alter_table("month_correction", schema=None) as batch_op:
        batch_op.create_index(
            "ix_month_correction_home", ["district_id", "home_school_id", "counted_in"], unique=False
        )
        batch_op.create_index(
            "ix_month_correction_school", ["district_id", "school_id", "counted_in"], unique=False
        )
        batch_op.create_index("ix_month_correction_session", ["district_id", "session_id"], unique=False)
    op.create_table(
        "session_dispute",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("home_school_id", sa.Uuid(), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("claim IN ('given', 'missed')", name=op.f("ck_session_dispute_claim_known")),
        sa.CheckConstraint(
            "state IN ('open', 'kept', 'settled', 'withdrawn')", name=op.f("ck_session_dispute_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "home_school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_session_dispute_district_id_home_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_session_dispute_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_session_dispute_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "session_id"],
            ["visiting_session.district_id", "visiting_session.id"],
            name=op.f("fk_session_dispute_district_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_session_dispute_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_session_dispute")),
    )
    with op.batch_alter_table("session_dispute", schema=None) as batch_op:
        batch_op.create_index(
            "dispute_already_open",
            ["district_id", "session_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('open', 'kept')"),
            postgresql_where=sa.text("state IN ('open', 'kept')"),
        )
        batch_op.create_index(
            "ix_session_dispute_home", ["district_id", "home_school_id", "state"], unique=False
        )
        batch_op.create_index(
            "ix_session_dispute_person", ["district_id", "person_id", "state"], unique=False
        )
        batch_op.create_index(
            "ix_session_dispute_school", ["district_id", "school_id", "state"], unique=False
        )


def downgrade():
    with op.batch_alter_table("session_dispute", schema=None) as batch_op:
        batch_op.drop_index("ix_session_dispute_school")
        batch_op.drop_index("ix_session_dispute_person")
        batch_op.drop_index("ix_session_dispute_home")
        batch_op.drop_index(
            "dispute_already_open",
            sqlite_where=sa.text("state IN ('open', 'kept')"),
            postgresql_where=sa.text("state IN ('open', 'kept')"),
        )
    op.drop_table("session_dispute")
    with op.batch_alter_table("month_correction", schema=None) as batch_op:
        batch_op.drop_index("ix_month_correction_session")
        batch_op.drop_index("ix_month_correction_school")
        batch_op.drop_index("ix_month_correction_home")
    op.drop_table("month_correction")
    with op.batch_alter_table("subsidy_item", schema=None) as batch_op:
        batch_op.drop_index("ix_subsidy_item_person")
    op.drop_table("subsidy_item")
    with op.batch_alter_table("month_figure", schema=None) as batch_op:
        batch_op.drop_index("ix_month_figure_person")
    op.drop_table("month_figure")
    with op.batch_alter_table("visiting_month", schema=None) as batch_op:
        batch_op.drop_index("ix_visiting_month_state")
        batch_op.drop_index("ix_visiting_month_home")
    op.drop_table("visiting_month")
    with op.batch_alter_table("subsidy_list", schema=None) as batch_op:
        batch_op.drop_index("ix_subsidy_list_month")
    op.drop_table("subsidy_list")
    op.drop_table("home_periods")
    op.drop_table("code_guesses")
    op.drop_table("subsidy_tier")
