"""What a cluster publishes: groups' summaries of a term, circulars as they were issued.

Revision: 0021, after 0020.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def _to(column: str, table: str, owner: str, **more):
    return sa.ForeignKeyConstraint(
        ["district_id", column],
        [f"{table}.district_id", f"{table}.id"],
        name=op.f(f"fk_{owner}_district_id_{column}"),
        **more,
    )


def upgrade():
    op.create_table(
        "group_summary",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_group_summary_district"),
        _to("group_id", "cluster_group", "group_summary"),
        _to("term_id", "term", "group_summary"),
        _to("edited_by_id", "person", "group_summary"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_group_summary")),
        sa.UniqueConstraint("district_id", "group_id", "term_id", name="group_summary_once"),
    )
    op.create_table(
        "circular_edition",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column(
            "content",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number <> ''", name=op.f("ck_circular_edition_circular_has_number")),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_circular_edition_district"),
        _to("term_id", "term", "circular_edition"),
        _to("issued_by_id", "person", "circular_edition"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_circular_edition")),
        sa.UniqueConstraint("district_id", "term_id", "edition", name="circular_edition_once"),
        sa.UniqueConstraint("district_id", "number", name="circular_number_once"),
    )


def downgrade():
    op.drop_table("circular_edition")
    op.drop_table("group_summary")
