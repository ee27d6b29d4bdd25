"""Lessons that plans leave alone, and proposals that move lessons.

Revision: 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade():
    # A plain added column: making the table anew on SQLite would lose the triggers beside it.
    op.add_column(
        "visiting_lesson", sa.Column("locked", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "plan_proposal", sa.Column("adjusts", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    with op.batch_alter_table("proposed_lesson") as table:
        table.add_column(sa.Column("replaces_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("is_drop", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.create_foreign_key(
            op.f("fk_proposed_lesson_district_id_replaces_id"),
            "visiting_lesson",
            ["district_id", "replaces_id"],
            ["district_id", "id"],
        )
        table.drop_constraint(op.f("ck_proposed_lesson_weekday_known"), type_="check")
        table.create_check_constraint(op.f("ck_proposed_lesson_weekday_known"), "weekday BETWEEN 1 AND 7")
        table.create_check_constraint(
            op.f("ck_proposed_lesson_drop_names_its_lesson"), "NOT is_drop OR replaces_id IS NOT NULL"
        )


def downgrade():
    op.execute(sa.text("DELETE FROM proposed_lesson WHERE is_drop OR weekday > 5"))
    with op.batch_alter_table("proposed_lesson") as table:
        table.drop_constraint(op.f("ck_proposed_lesson_drop_names_its_lesson"), type_="check")
        table.drop_constraint(op.f("ck_proposed_lesson_weekday_known"), type_="check")
        table.create_check_constraint(op.f("ck_proposed_lesson_weekday_known"), "weekday BETWEEN 1 AND 5")
        table.drop_constraint(op.f("fk_proposed_lesson_district_id_replaces_id"), type_="foreignkey")
        table.drop_column("is_drop")
        table.drop_column("replaces_id")
    op.drop_column("plan_proposal", "adjusts")
    op.drop_column("visiting_lesson", "locked")
