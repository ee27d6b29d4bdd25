"""Demands of classes, and proposals of a timetable.

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "lesson_demand",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("class_name", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("periods", sa.Integer(), nullable=False),
        sa.Column("daily", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("daily BETWEEN 1 AND 4", name=op.f("ck_lesson_demand_daily_sane")),
        sa.CheckConstraint("periods BETWEEN 1 AND 20", name=op.f("ck_lesson_demand_periods_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_lesson_demand_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "term_id"],
            ["term.district_id", "term.id"],
            name=op.f("fk_lesson_demand_district_id_term_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_lesson_demand_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_lesson_demand")),
        sa.UniqueConstraint(
            "district_id", "term_id", "school_id", "class_name", "subject", name="lesson_demand_once"
        ),
    )
    op.create_table(
        "plan_proposal",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("planner", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("iterations", sa.Integer(), nullable=False),
        sa.Column("covered", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("travel_days", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("uncovered", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('computing', 'proposed', 'cancelled', 'discarded')",
            name=op.f("ck_plan_proposal_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cluster_id"],
            ["cluster.district_id", "cluster.id"],
            name=op.f("fk_plan_proposal_district_id_cluster_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_plan_proposal_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "term_id"],
            ["term.district_id", "term.id"],
            name=op.f("fk_plan_proposal_district_id_term_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_plan_proposal_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_plan_proposal")),
    )
    op.create_index("ix_plan_proposal_cluster", "plan_proposal", ["district_id", "cluster_id", "created_at"])

    op.create_table(
        "proposed_lesson",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("class_name", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("starts < ends", name=op.f("ck_proposed_lesson_times_in_order")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 5", name=op.f("ck_proposed_lesson_weekday_known")),
        sa.ForeignKeyConstraint(
            ["district_id", "lesson_id"],
            ["visiting_lesson.district_id", "visiting_lesson.id"],
            name=op.f("fk_proposed_lesson_district_id_lesson_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_proposed_lesson_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "proposal_id"],
            ["plan_proposal.district_id", "plan_proposal.id"],
            name=op.f("fk_proposed_lesson_district_id_proposal_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_proposed_lesson_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_proposed_lesson_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_proposed_lesson")),
    )
    op.create_index("ix_proposed_lesson_proposal", "proposed_lesson", ["district_id", "proposal_id"])


def downgrade():
    op.drop_table("proposed_lesson")
    op.drop_table("plan_proposal")
    op.drop_table("lesson_demand")
