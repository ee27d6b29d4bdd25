"""Kinds, comments, typical cases and compiled reports of reflection logs.

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = "kind IN ('lesson', 'observation', 'training', 'study', 'reading', 'exchange', 'term', 'other')"
OLD_KINDS = "kind IN ('lesson', 'observation', 'training', 'study', 'exchange', 'other')"
HAS_TEXT = (
    "state = 'draft' OR experience <> '' OR problem <> '' OR solution <> ''"
    " OR observation <> '' OR feelings <> '' OR plan <> ''"
)
OLD_HAS_TEXT = "state = 'draft' OR experience <> '' OR problem <> '' OR solution <> ''"
ADDED = ("observation", "feelings", "plan")


def upgrade():
    kept = _set_aside()
    with op.batch_alter_table("reflection") as table:
        table.add_column(sa.Column("subject", sa.String(length=40), nullable=False, server_default=""))
        table.add_column(sa.Column("theme", sa.String(length=40), nullable=False, server_default=""))
        for name in ADDED:
            table.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        table.add_column(
            sa.Column(
                "lines",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                nullable=False,
                server_default="[]",
            )
        )
        table.add_column(sa.Column("record_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(
            op.f("fk_reflection_district_id_record_id"),
            "work_record",
            ["district_id", "record_id"],
            ["district_id", "id"],
        )
        _checks(table, KINDS, HAS_TEXT)
    op.create_index("ix_reflection_record", "reflection", ["district_id", "record_id"])
    _put_back(kept)
    op.add_column("reflection_comment", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("reflection_comment", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    _talk()
    _cases()
    _reports()
    _files()


def _talk():
    op.create_table(
        "comment_mention",
        *_key(),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        _ref("comment_mention", "comment_id", "reflection_comment", ondelete="CASCADE"),
        _ref("comment_mention", "person_id", "person"),
        *_keys("comment_mention"),
    )
    op.create_index(
        "mentioned_once", "comment_mention", ["district_id", "comment_id", "person_id"], unique=True
    )
    op.create_table(
        "mentor_note",
        *_key(),
        sa.Column("reflection_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *_versions(),
        _ref("mentor_note", "reflection_id", "reflection", ondelete="CASCADE"),
        _ref("mentor_note", "person_id", "person"),
        *_keys("mentor_note"),
    )
    op.create_index(
        "one_note_a_mentor", "mentor_note", ["district_id", "reflection_id", "person_id"], unique=True
    )


def _cases():
    op.create_table(
        "typical_case",
        *_key(),
        *(
            sa.Column(name, sa.Uuid(), nullable=False)
            for name in ("reflection_id", "cluster_id", "term_id", "person_id")
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("extract", sa.String(length=600), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        *_versions(),
        sa.CheckConstraint(
            "state IN ('proposed', 'selected', 'declined', 'withdrawn')",
            name=op.f("ck_typical_case_state_known"),
        ),
        _ref("typical_case", "reflection_id", "reflection"),
        _ref("typical_case", "cluster_id", "cluster"),
        _ref("typical_case", "term_id", "term"),
        _ref("typical_case", "person_id", "person"),
        _ref("typical_case", "proposed_by_id", "person"),
        *_keys("typical_case"),
    )
    op.create_index(
        "case_already_open",
        "typical_case",
        ["district_id", "reflection_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('proposed', 'selected')"),
        postgresql_where=sa.text("state IN ('proposed', 'selected')"),
    )
    op.create_index(
        "ix_typical_case_cluster", "typical_case", ["district_id", "cluster_id", "term_id", "state"]
    )
    op.create_index("ix_typical_case_person", "typical_case", ["district_id", "person_id", "state"])
    op.create_table(
        "log_call",
        *_key(),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *_versions(),
        _ref("log_call", "cluster_id", "cluster"),
        _ref("log_call", "term_id", "term"),
        _ref("log_call", "created_by_id", "person"),
        *_keys("log_call"),
    )
    op.create_index("ix_log_call_cluster", "log_call", ["district_id", "cluster_id", "due_on"])


def _reports():
    op.create_table(
        "log_report",
        *_key(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("closing", sa.Text(), nullable=False),
        sa.Column("made_from", sa.String(length=64), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        *_versions(),
        sa.CheckConstraint("kind IN ('report', 'portfolio')", name=op.f("ck_log_report_kind_known")),
        _ref("log_report", "person_id", "person"),
        _ref("log_report", "file_id", "stored_file"),
        *_keys("log_report"),
    )
    op.create_index("ix_log_report_person", "log_report", ["district_id", "person_id", "created_at"])
    op.create_table(
        "log_report_entry",
        *_key(),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("heading", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *_versions(),
        sa.CheckConstraint(
            "source IN ('log', 'record', 'service')", name=op.f("ck_log_report_entry_source_known")
        ),
        _ref("log_report_entry", "report_id", "log_report", ondelete="CASCADE"),
        *_keys("log_report_entry"),
    )
    op.create_index(
        "ix_log_report_entry_report", "log_report_entry", ["district_id", "report_id", "position"]
    )


def _files():
    op.create_table(
        "reflection_file",
        *_key(),
        sa.Column("reflection_id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.CheckConstraint("kind IN ('photo', 'material')", name=op.f("ck_reflection_file_kind_known")),
        _ref("reflection_file", "attachment_id", "attachment"),
        _ref("reflection_file", "reflection_id", "reflection"),
        *_keys("reflection_file"),
        sa.UniqueConstraint("district_id", "attachment_id", name="reflection_file_once"),
    )
    op.create_index("ix_reflection_file_owner", "reflection_file", ["district_id", "reflection_id"])


def downgrade():
    for name in (
        "reflection_file",
        "log_report_entry",
        "log_report",
        "log_call",
        "typical_case",
        "mentor_note",
        "comment_mention",
    ):
        op.drop_table(name)
    op.execute(sa.text("DELETE FROM reflection_comment WHERE withdrawn_at IS NOT NULL"))
    op.drop_column("reflection_comment", "withdrawn_at")
    op.drop_column("reflection_comment", "edited_at")
    # What a log without these parts can hold: their words go into the first of the three fields.
    for name in ADDED:
        op.execute(
            sa.text(
                f"UPDATE reflection SET experience = experience || CASE WHEN experience = '' THEN ''"
                f" ELSE '\n' END || {name} WHERE {name} <> ''"
            )
        )
    op.execute(sa.text("UPDATE reflection SET kind = 'study' WHERE kind = 'reading'"))
    op.execute(sa.text("UPDATE reflection SET kind = 'other' WHERE kind = 'term'"))
    kept = _set_aside()
    op.drop_index("ix_reflection_record", "reflection")
    with op.batch_alter_table("reflection") as table:
        _checks(table, OLD_KINDS, OLD_HAS_TEXT)
        table.drop_constraint(op.f("fk_reflection_district_id_record_id"), type_="foreignkey")
        for name in ("subject", "theme", *ADDED, "lines", "record_id"):
            table.drop_column(name)
    _put_back(kept)


def _checks(table, kinds: str, has_text: str) -> None:
    table.drop_constraint(op.f("ck_reflection_kind_known"), type_="check")
    table.create_check_constraint(op.f("ck_reflection_kind_known"), kinds)
    table.drop_constraint(op.f("ck_reflection_submitted_has_text"), type_="check")
    table.create_check_constraint(op.f("ck_reflection_submitted_has_text"), has_text)


def _set_aside() -> list[str]:
    """On SQLite the table is made anew, and dropping the old one would take the rows that point at it along."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return []
    inspector = sa.inspect(connection)
    pointing = [
        name
        for name in inspector.get_table_names()
        if any(key["referred_table"] == "reflection" for key in inspector.get_foreign_keys(name))
    ]
    for name in pointing:
        op.execute(sa.text(f'CREATE TEMPORARY TABLE "kept_{name}" AS SELECT * FROM "{name}"'))
        op.execute(sa.text(f'DELETE FROM "{name}"'))
    return pointing


def _put_back(kept: list[str]) -> None:
    for name in kept:
        op.execute(sa.text(f'INSERT INTO "{name}" SELECT * FROM "kept_{name}"'))
        op.execute(sa.text(f'DROP TABLE "kept_{name}"'))


def _key():
    return (
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
    )


def _versions():
    return (
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def _ref(table: str, column: str, other: str, ondelete=None):
    return sa.ForeignKeyConstraint(
        ["district_id", column],
        [f"{other}.district_id", f"{other}.id"],
        name=op.f(f"fk_{table}_district_id_{column}"),
        ondelete=ondelete,
    )


def _keys(table: str):
    return (
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name=f"fk_{table}_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f(f"pk_{table}")),
    )
