"""What the search reads: one row a record, with an index of pairs of signs on either engine; files of secondments.

Revision: 0019, after 0018. The entries of what is already there are made by `flask search rebuild`.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SQLITE = [
    "CREATE VIRTUAL TABLE search_word USING fts5(tokens, content='search_entry', content_rowid='place',"
    " tokenize='ascii', detail=none, columnsize=0)",
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
POSTGRESQL = ["CREATE INDEX search_entry_words ON search_entry USING gin (tokens) WITH (fastupdate = off)"]


def upgrade():
    op.create_table(
        "search_entry",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('reflection', 'record', 'meeting', 'activity', 'resource')",
            name=op.f("ck_search_entry_kind_known"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_search_entry_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_search_entry")),
    )
    op.create_index("search_place_taken", "search_entry", ["place"], unique=True)
    op.create_index("ix_search_entry_place", "search_entry", ["district_id", "place"])
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name]:
        op.execute(statement)
    op.create_table(
        "secondment_entry_file",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.CheckConstraint("kind IN ('file')", name=op.f("ck_secondment_entry_file_kind_known")),
        sa.ForeignKeyConstraint(
            ["district_id", "attachment_id"],
            ["attachment.district_id", "attachment.id"],
            name=op.f("fk_secondment_entry_file_district_id_attachment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "entry_id"],
            ["secondment_entry.district_id", "secondment_entry.id"],
            name=op.f("fk_secondment_entry_file_district_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_secondment_entry_file_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_secondment_entry_file")),
        sa.UniqueConstraint("district_id", "attachment_id", name="secondment_entry_file_once"),
    )
    op.create_index("ix_secondment_entry_file_owner", "secondment_entry_file", ["district_id", "entry_id"])


def downgrade():
    op.drop_table("secondment_entry_file")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_word")
    op.drop_table("search_entry")
