"""Quality analyses with their four steps; what is to be improved are lines of the register of problems.

Revision: 0028, after 0026.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None

KINDS = "kind IN ('reflection', 'record', 'meeting', 'activity', 'resource'{more})"
# Making the table anew on SQLite loses the triggers that keep its word index.
TRIGGERS = [
    """CREATE TRIGGER search_word_insert AFTER INSERT ON search_entry BEGIN
  INSERT INTO search_word(rowid, tokens) VALUES (NEW.place, NEW.tokens);
END""",
    """CREATE TRIGGER search_word_delete AFTER DELETE ON search_entry BEGIN
  INSERT INTO search_word(search_word, rowid, tokens) VALUES ('delete', OLD.place, OLD.tokens);
END""",
    """CREATE TRIGGER search_word_update AFTER UPDATE OF place, tokens ON search_entry BEGIN
  INSERT INTO search_word(search_word, rowid, tokens) VALUES ('delete', OLD.place, OLD.tokens);
  INSERT INTO search_word(rowid, tokens) VALUES (NEW.place, NEW.tokens);
END""",
]


def _key(table: str, column: str, of: str, ondelete: str | None = None):
    return sa.ForeignKeyConstraint(
        ["district_id", column],
        [f"{of}.district_id", f"{of}.id"],
        name=op.f(f"fk_{table}_district_id_{column}"),
        ondelete=ondelete,
    )


def _searches(more: str) -> None:
    """Which kinds of records the search knows."""
    with op.batch_alter_table("search_entry") as table:
        table.drop_constraint(op.f("ck_search_entry_kind_known"), type_="check")
        table.create_check_constraint(op.f("ck_search_entry_kind_known"), KINDS.format(more=more))
    if op.get_bind().dialect.name == "sqlite":
        for statement in TRIGGERS:
            op.execute(statement)


def upgrade():
    op.create_table(
        "quality_analysis",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _key("quality_analysis", "cluster_id", "cluster"),
        _key("quality_analysis", "term_id", "term"),
        _key("quality_analysis", "resource_id", "resource"),
        _key("quality_analysis", "created_by_id", "person"),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_quality_analysis_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_quality_analysis")),
        sa.UniqueConstraint("district_id", "resource_id", "subject", "grade", name="test_analysed_once"),
    )
    op.create_index(
        "ix_quality_analysis_term",
        "quality_analysis",
        ["district_id", "term_id", "cluster_id", "created_at", "id"],
    )
    op.create_table(
        "quality_step",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("analysis_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('survey', 'analyse', 'discuss', 'improve')", name=op.f("ck_quality_step_kind_known")
        ),
        sa.CheckConstraint(
            "meeting_id IS NULL OR activity_id IS NULL", name=op.f("ck_quality_step_talked_in_one_place")
        ),
        _key("quality_step", "analysis_id", "quality_analysis", "CASCADE"),
        _key("quality_step", "meeting_id", "meeting"),
        _key("quality_step", "activity_id", "activity"),
        _key("quality_step", "created_by_id", "person"),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_quality_step_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_quality_step")),
        sa.UniqueConstraint("district_id", "analysis_id", "kind", name="quality_step_once"),
    )
    with op.batch_alter_table("problem") as table:
        table.add_column(sa.Column("analysis_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f("fk_problem_district_id_analysis_id"),
            "quality_analysis",
            ["district_id", "analysis_id"],
            ["district_id", "id"],
        )
        table.create_check_constraint(
            op.f("ck_problem_found_in_one_place"), "inspection_id IS NULL OR analysis_id IS NULL"
        )
    op.create_index("ix_problem_analysis", "problem", ["district_id", "analysis_id"])
    _searches(", 'quality'")


def downgrade():
    op.execute(sa.text("DELETE FROM search_entry WHERE kind = 'quality'"))
    _searches("")
    op.drop_index("ix_problem_analysis", table_name="problem")
    with op.batch_alter_table("problem") as table:
        table.drop_constraint(op.f("ck_problem_found_in_one_place"), type_="check")
        table.drop_constraint(op.f("fk_problem_district_id_analysis_id"), type_="foreignkey")
        table.drop_column("analysis_id")
    op.drop_table("quality_step")
    op.drop_table("quality_analysis")
