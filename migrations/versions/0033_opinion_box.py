"""The opinion box of a school, the collection of a term, and the teacher representative as a role.

Revision: 0033, after 0032.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BEFORE = ("bureau", "liaison", "assigned_leader", "principal", "office")


def _key(table: str, column: str, of: str):
    return sa.ForeignKeyConstraint(
        ["district_id", column],
        [f"{of}.district_id", f"{of}.id"],
        name=op.f(f"fk_{table}_district_id_{column}"),
    )


def _common(table: str) -> list:
    return [
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _key(table, "school_id", "school"),
        _key(table, "term_id", "term"),
        _key(table, "created_by_id", "person"),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=f"fk_{table}_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f(f"pk_{table}")),
    ]


def _check(table: str, name: str, rule: str):
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _roles(roles: tuple, of_school: tuple) -> None:
    known, named = op.f("ck_role_assignment_role_known"), op.f("ck_role_assignment_school_named")
    with op.batch_alter_table("role_assignment") as table:
        table.drop_constraint(known, type_="check")
        table.drop_constraint(named, type_="check")
        table.create_check_constraint(known, f"role IN ({_listed(roles)})")
        table.create_check_constraint(named, f"role NOT IN ({_listed(of_school)}) OR school_id IS NOT NULL")


def _listed(codes: tuple) -> str:
    return ", ".join(f"'{code}'" for code in codes)


def upgrade():
    _roles((*BEFORE, "representative"), ("principal", "office", "representative"))
    op.create_table(
        "opinion",
        *_common("opinion"),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        _check(
            "opinion", "topic_known", "topic IN ('exchange', 'pairing', 'visiting', 'activities', 'other')"
        ),
        _check("opinion", "state_known", "state IN ('open', 'noted', 'withdrawn')"),
        _check("opinion", "withdrawn_by_someone", "state <> 'withdrawn' OR created_by_id IS NOT NULL"),
    )
    op.create_index(
        "ix_opinion_school",
        "opinion",
        ["district_id", "school_id", "term_id", "state", "written_on", "id"],
    )
    op.create_index("ix_opinion_writer", "opinion", ["district_id", "created_by_id", "term_id"])
    op.create_table(
        "opinion_digest",
        *_common("opinion_digest"),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_by_id", sa.Uuid(), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        _key("opinion_digest", "replied_by_id", "person"),
        _check("opinion_digest", "state_known", "state IN ('drafting', 'submitted', 'answered')"),
        _check("opinion_digest", "submitted_has_day", "state = 'drafting' OR submitted_on IS NOT NULL"),
        _check("opinion_digest", "answered_has_reply", "(state = 'answered') = (reply <> '')"),
        _check("opinion_digest", "reply_by_someone", "(reply <> '') = (replied_by_id IS NOT NULL)"),
        sa.UniqueConstraint("district_id", "school_id", "term_id", name="one_digest_a_term"),
    )


def downgrade():
    op.drop_table("opinion_digest")
    op.drop_table("opinion")
    op.execute(sa.text("DELETE FROM role_assignment WHERE role = 'representative'"))
    _roles(BEFORE, ("principal", "office"))
