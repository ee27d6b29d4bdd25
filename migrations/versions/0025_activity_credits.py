"""Guests and results of an activity, by name.

Revision: 0025, after 0024.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "activity_credit",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.CheckConstraint("kind IN ('guest', 'result')", name=op.f("ck_activity_credit_kind_known")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_activity_credit_credit_has_name")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_activity_credit_district"),
        sa.ForeignKeyConstraint(
            ["district_id", "activity_id"],
            ["activity.district_id", "activity.id"],
            name=op.f("fk_activity_credit_district_id_activity_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_activity_credit")),
        sa.UniqueConstraint(
            "district_id", "activity_id", "kind", "name", "unit", "about", name="credited_once"
        ),
    )


def downgrade():
    op.drop_table("activity_credit")
