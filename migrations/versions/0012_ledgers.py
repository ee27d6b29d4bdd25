"""Small ledgers of a term.

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "ledger_entry",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("persons", sa.Integer(), nullable=True),
        sa.Column("person_times", sa.Integer(), nullable=True),
        sa.Column("composition", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=32), nullable=True),
        sa.Column("flow", sa.String(length=32), nullable=True),
        sa.Column("source", sa.String(length=32), nullable=True),
        sa.Column("cents", sa.BigInteger(), nullable=True),
        sa.Column("approver", sa.String(length=60), nullable=False),
        sa.Column("voucher", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=True),
        sa.Column("recipient", sa.String(length=120), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "audience IN ('schools', 'teachers', 'parents', 'society')",
            name=op.f("ck_ledger_entry_audience_known"),
        ),
        sa.CheckConstraint(
            "category IN ('before_exchange', 'teaching', 'management', 'counselling', 'other_training', 'press', 'broadcast', 'website', 'wechat', 'bulletin', 'meeting', 'other_channel', 'facilities', 'culture', 'safety', 'transport', 'lodging', 'care', 'other_measure')",
            name=op.f("ck_ledger_entry_category_known"),
        ),
        sa.CheckConstraint(
            "flow IN ('applied', 'granted', 'spent')", name=op.f("ck_ledger_entry_flow_known")
        ),
        sa.CheckConstraint(
            "kind <> 'fund' OR (cents IS NOT NULL AND flow IS NOT NULL)",
            name=op.f("ck_ledger_entry_fund_says_how_much"),
        ),
        sa.CheckConstraint(
            "kind IN ('training', 'publicity', 'fund', 'honour', 'measure')",
            name=op.f("ck_ledger_entry_kind_known"),
        ),
        sa.CheckConstraint(
            "level IN ('school', 'cluster', 'district', 'city', 'province', 'national')",
            name=op.f("ck_ledger_entry_level_known"),
        ),
        sa.CheckConstraint(
            "source IN ('allocation', 'own', 'project', 'donation', 'other_source')",
            name=op.f("ck_ledger_entry_source_known"),
        ),
        sa.CheckConstraint("cents IS NULL OR cents > 0", name=op.f("ck_ledger_entry_money_positive")),
        sa.CheckConstraint(
            "last_day IS NULL OR last_day >= held_on", name=op.f("ck_ledger_entry_days_in_order")
        ),
        sa.CheckConstraint(
            "person_times IS NULL OR persons IS NULL OR person_times >= persons",
            name=op.f("ck_ledger_entry_times_cover"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_ledger_entry_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_ledger_entry_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_ledger_entry_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "term_id"],
            ["term.district_id", "term.id"],
            name=op.f("fk_ledger_entry_district_id_term_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_ledger_entry_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_ledger_entry")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ledger_entry_cluster", ["district_id", "cluster_id", "term_id", "held_on", "id"], unique=False
        )


def downgrade():
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_entry_cluster")

    op.drop_table("ledger_entry")
