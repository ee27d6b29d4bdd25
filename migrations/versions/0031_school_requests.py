"""Requests for instruction and reports of schools, with what each level did.

Revision: 0031, after 0030.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ACTIONS = (
    "action IN ('submit', 'resubmit', 'withdraw', 'endorse', 'pass_school', 'settle_school', 'return_school',"
    " 'relay', 'pass_cluster', 'settle_cluster', 'return_cluster', 'answer', 'return_bureau')"
)
STATES = "state IN ('at_school', 'at_cluster', 'at_bureau', 'returned', 'answered', 'withdrawn', 'reported')"


def _key(table: str, column: str, of: str):
    return sa.ForeignKeyConstraint(
        ["district_id", column],
        [f"{of}.district_id", f"{of}.id"],
        name=op.f(f"fk_{table}_district_id_{column}"),
    )


def _check(name: str, rule: str):
    return sa.CheckConstraint(rule, name=op.f(f"ck_school_request_{name}"))


def upgrade():
    op.create_table(
        "school_request",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("office", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("waits_since", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _check("kind_known", "kind IN ('request', 'report')"),
        _check("office_known", "office IN ('basic_education', 'personnel', 'supervision')"),
        _check("level_known", "level IN ('school', 'cluster', 'bureau')"),
        _check("state_known", STATES),
        _check("report_is_reported", "(kind = 'report') = (state = 'reported')"),
        _check("bureau_has_had_it", "state <> 'at_bureau' OR level = 'bureau'"),
        _key("school_request", "cluster_id", "cluster"),
        _key("school_request", "school_id", "school"),
        _key("school_request", "created_by_id", "person"),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_school_request_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_school_request")),
    )
    op.create_index(
        "ix_school_request_cluster", "school_request", ["district_id", "cluster_id", "created_at", "id"]
    )
    op.create_index("ix_school_request_school", "school_request", ["district_id", "school_id", "state"])
    op.create_index("ix_school_request_writer", "school_request", ["district_id", "created_by_id", "state"])
    op.create_table(
        "school_request_step",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_request_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(ACTIONS, name=op.f("ck_school_request_step_action_known")),
        _key("school_request_step", "school_request_id", "school_request"),
        _key("school_request_step", "person_id", "person"),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_school_request_step_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_school_request_step")),
    )
    op.create_index(
        "ix_school_request_step_request", "school_request_step", ["district_id", "school_request_id"]
    )


def downgrade():
    op.drop_table("school_request_step")
    op.drop_table("school_request")
