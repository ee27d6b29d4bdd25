"""Absences and who stands in; the database refuses two lessons of one person at one time.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CLASH = """
EXISTS (
  SELECT 1 FROM visiting_session AS other
  WHERE other.district_id = NEW.district_id AND other.held_on = NEW.held_on AND other.id <> NEW.id
    AND other.state <> 'cancelled' AND other.starts < NEW.ends AND other.ends > NEW.starts
    AND (other.person_id IN (NEW.person_id, NEW.substitute_id)
      OR other.substitute_id IN (NEW.person_id, NEW.substitute_id)))
"""
SQLITE = [
    f"""CREATE TRIGGER person_booked_twice_{name} BEFORE {when} ON visiting_session
WHEN NEW.state <> 'cancelled'
BEGIN
  SELECT RAISE(ABORT, 'CHECK constraint failed: person_booked_twice') WHERE {CLASH};
END"""
    for name, when in (
        ("insert", "INSERT"),
        ("update", "UPDATE OF person_id, substitute_id, held_on, starts, ends, state"),
    )
]
POSTGRESQL = [
    f"""CREATE FUNCTION refuse_person_booked_twice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM person
  WHERE district_id = NEW.district_id AND id IN (NEW.person_id, NEW.substitute_id)
  ORDER BY id FOR NO KEY UPDATE;
  IF {CLASH} THEN
    RAISE EXCEPTION 'person booked twice' USING ERRCODE = 'unique_violation', CONSTRAINT = 'person_booked_twice';
  END IF;
  RETURN NEW;
END $$""",
    """CREATE TRIGGER person_booked_twice
BEFORE INSERT OR UPDATE OF person_id, substitute_id, held_on, starts, ends, state ON visiting_session
FOR EACH ROW WHEN (NEW.state <> 'cancelled') EXECUTE FUNCTION refuse_person_booked_twice()""",
]


def upgrade():
    op.create_table(
        "absence",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("home_school_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("first_half", sa.String(length=2), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("last_half", sa.String(length=2), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_half IN ('am', 'pm')", name=op.f("ck_absence_first_half_known")),
        sa.CheckConstraint(
            "kind IN ('sick', 'personal', 'official_travel', 'training', 'other')",
            name=op.f("ck_absence_kind_known"),
        ),
        sa.CheckConstraint("last_half IN ('am', 'pm')", name=op.f("ck_absence_last_half_known")),
        sa.CheckConstraint("state IN ('open', 'withdrawn')", name=op.f("ck_absence_state_known")),
        sa.CheckConstraint(
            "first_day < last_day OR (first_day = last_day AND first_half <= last_half)",
            name=op.f("ck_absence_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "created_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_absence_district_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "home_school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_absence_district_id_home_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_absence_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_absence_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_person", "absence", ["district_id", "person_id", "first_day"], unique=False)
    op.create_index(
        "ix_absence_school", "absence", ["district_id", "home_school_id", "first_day"], unique=False
    )
    op.create_table(
        "absent_session",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("absence_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("home_school_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("moved_to_id", sa.Uuid(), nullable=True),
        sa.Column("arranged_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'moved') = (moved_to_id IS NOT NULL)", name=op.f("ck_absent_session_moved_somewhere")
        ),
        sa.CheckConstraint(
            "outcome IN ('covered', 'moved', 'cancelled')", name=op.f("ck_absent_session_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "absence_id"],
            ["absence.district_id", "absence.id"],
            name=op.f("fk_absent_session_district_id_absence_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "arranged_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_absent_session_district_id_arranged_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "home_school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_absent_session_district_id_home_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "moved_to_id"],
            ["visiting_session.district_id", "visiting_session.id"],
            name=op.f("fk_absent_session_district_id_moved_to_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_absent_session_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "session_id"],
            ["visiting_session.district_id", "visiting_session.id"],
            name=op.f("fk_absent_session_district_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_absent_session_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_absent_session")),
        sa.UniqueConstraint("district_id", "absence_id", "session_id", name="absent_session_once"),
    )
    op.create_index(
        "ix_absent_session_moved_to", "absent_session", ["district_id", "moved_to_id"], unique=False
    )
    op.create_index(
        "ix_absent_session_school", "absent_session", ["district_id", "school_id", "outcome"], unique=False
    )
    op.create_index(
        "ix_absent_session_session", "absent_session", ["district_id", "session_id"], unique=False
    )
    op.create_table(
        "substitute_ask",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cover_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("state_note", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'declined', 'lapsed', 'released')",
            name=op.f("ck_substitute_ask_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "asked_by_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_substitute_ask_district_id_asked_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "cover_id"],
            ["absent_session.district_id", "absent_session.id"],
            name=op.f("fk_substitute_ask_district_id_cover_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_substitute_ask_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "session_id"],
            ["visiting_session.district_id", "visiting_session.id"],
            name=op.f("fk_substitute_ask_district_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_substitute_ask_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_substitute_ask")),
    )
    op.create_index(
        "already_asked",
        "substitute_ask",
        ["district_id", "session_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_substitute_ask_cover", "substitute_ask", ["district_id", "cover_id"], unique=False)
    op.create_index(
        "ix_substitute_ask_person", "substitute_ask", ["district_id", "person_id", "state"], unique=False
    )
    op.create_index(
        "one_stands_in",
        "substitute_ask",
        ["district_id", "session_id"],
        unique=True,
        sqlite_where=sa.text("state = 'accepted'"),
        postgresql_where=sa.text("state = 'accepted'"),
    )
    op.create_index(
        "substitute_booked_twice",
        "visiting_session",
        ["district_id", "substitute_id", "held_on", "starts"],
        unique=True,
        sqlite_where=sa.text("state <> 'cancelled'"),
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.DDL(statement))


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER IF EXISTS person_booked_twice_insert")
        op.execute("DROP TRIGGER IF EXISTS person_booked_twice_update")
    else:
        op.execute("DROP TRIGGER IF EXISTS person_booked_twice ON visiting_session")
        op.execute("DROP FUNCTION IF EXISTS refuse_person_booked_twice()")
    op.drop_index(
        "substitute_booked_twice",
        table_name="visiting_session",
        sqlite_where=sa.text("state <> 'cancelled'"),
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    op.drop_index(
        "one_stands_in",
        table_name="substitute_ask",
        sqlite_where=sa.text("state = 'accepted'"),
        postgresql_where=sa.text("state = 'accepted'"),
    )
    op.drop_index("ix_substitute_ask_person", table_name="substitute_ask")
    op.drop_index("ix_substitute_ask_cover", table_name="substitute_ask")
    op.drop_index(
        "already_asked",
        table_name="substitute_ask",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("substitute_ask")
    op.drop_index("ix_absent_session_session", table_name="absent_session")
    op.drop_index("ix_absent_session_school", table_name="absent_session")
    op.drop_index("ix_absent_session_moved_to", table_name="absent_session")
    op.drop_table("absent_session")
    op.drop_index("ix_absence_school", table_name="absence")
    op.drop_index("ix_absence_person", table_name="absence")
    op.drop_table("absence")
