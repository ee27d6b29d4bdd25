"""Handovers of a post with their signatures; what a posting is to reach.

Revision: 0029, after 0028.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def _key(table: str) -> tuple:
    return (
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=f"fk_{table}_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f(f"pk_{table}")),
    )


def _ref(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["district_id", column],
        [f"{target}.district_id", f"{target}.id"],
        name=op.f(f"fk_{table}_district_id_{column}"),
    )


def _edited() -> tuple:
    return (
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def upgrade():
    op.create_table(
        "handover",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("phase", sa.String(length=32), nullable=False),
        sa.Column("at_home", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("taker_id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("classes", "progress", "materials", "pupils", "issues")
        ),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        *_edited(),
        sa.CheckConstraint("phase IN ('start', 'end')", name=op.f("ck_handover_phase_known")),
        sa.CheckConstraint("state IN ('open', 'signed', 'cancelled')", name=op.f("ck_handover_state_known")),
        sa.CheckConstraint("giver_id <> taker_id", name=op.f("ck_handover_handed_to_another")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_handover_number_sane")),
        _ref("handover", "posting_id", "posting"),
        _ref("handover", "giver_id", "person"),
        _ref("handover", "taker_id", "person"),
        _ref("handover", "created_by_id", "person"),
        *_key("handover"),
        sa.UniqueConstraint("district_id", "posting_id", "phase", "at_home", "number", name="handover_once"),
    )
    op.create_index("ix_handover_giver", "handover", ["district_id", "giver_id", "state"])
    op.create_index("ix_handover_taker", "handover", ["district_id", "taker_id", "state"])
    op.create_table(
        "handover_signature",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("side IN ('giver', 'taker')", name=op.f("ck_handover_signature_side_known")),
        _ref("handover_signature", "handover_id", "handover"),
        _ref("handover_signature", "person_id", "person"),
        _ref("handover_signature", "account_id", "account"),
        *_key("handover_signature"),
        sa.UniqueConstraint("district_id", "handover_id", "side", name="signed_once"),
    )
    op.create_table(
        "posting_result",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("reached", sa.String(length=32), nullable=True),
        sa.Column("judgement", sa.Text(), nullable=False),
        sa.Column("judged_by_id", sa.Uuid(), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=True),
        *_edited(),
        sa.CheckConstraint(
            "reached IN ('met', 'partly', 'not_met')", name=op.f("ck_posting_result_reached_known")
        ),
        sa.CheckConstraint(
            "reached IS NULL OR (judged_by_id IS NOT NULL AND judged_on IS NOT NULL)",
            name=op.f("ck_posting_result_judged_by_someone"),
        ),
        _ref("posting_result", "posting_id", "posting"),
        _ref("posting_result", "judged_by_id", "person"),
        *_key("posting_result"),
        sa.UniqueConstraint("district_id", "posting_id", name="result_once"),
    )


def downgrade():
    op.drop_table("posting_result")
    op.drop_table("handover_signature")
    op.drop_table("handover")
