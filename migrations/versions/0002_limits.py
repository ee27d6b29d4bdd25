"""What binds a timetable beside its lessons: limits of teachers, hours that are taken otherwise, workbooks
that wait for their confirmation; the database refuses two lessons of one class at one time.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SAME_TIME = """other.district_id = NEW.district_id AND other.school_id = NEW.school_id
    AND other.held_on = NEW.held_on AND other.id <> NEW.id AND other.state <> 'cancelled'
    AND other.starts < NEW.ends AND other.ends > NEW.starts"""
CHANGES = "school_id, class_name, held_on, starts, ends, state"


def _listed(row: str) -> str:
    """The classes of a row as a JSON list, for SQLite."""
    return f"""'[' || replace(json_quote({row}.class_name), '；', '","') || ']'"""


SQLITE = [
    f"""CREATE TRIGGER class_booked_twice_{name} BEFORE {when} ON visiting_session
WHEN NEW.state <> 'cancelled'
BEGIN
  SELECT RAISE(ABORT, 'CHECK constraint failed: class_booked_twice') WHERE EXISTS (
    SELECT 1 FROM visiting_session AS other
    CROSS JOIN json_each({_listed("other")}) AS theirs CROSS JOIN json_each({_listed("NEW")}) AS mine
    WHERE {SAME_TIME} AND mine.value = theirs.value);
END"""
    for name, when in (("insert", "INSERT"), ("update", f"UPDATE OF {CHANGES}"))
]
POSTGRESQL = [
    f"""CREATE FUNCTION refuse_class_booked_twice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM school WHERE district_id = NEW.district_id AND id = NEW.school_id FOR NO KEY UPDATE;
  IF EXISTS (
    SELECT 1 FROM visiting_session AS other
    WHERE {SAME_TIME}
      AND string_to_array(other.class_name, '；') && string_to_array(NEW.class_name, '；')) THEN
    RAISE EXCEPTION 'class booked twice' USING ERRCODE = 'unique_violation', CONSTRAINT = 'class_booked_twice';
  END IF;
  RETURN NEW;
END $$""",
    f"""CREATE TRIGGER class_booked_twice
BEFORE INSERT OR UPDATE OF {CHANGES} ON visiting_session
FOR EACH ROW WHEN (NEW.state <> 'cancelled') EXECUTE FUNCTION refuse_class_booked_twice()""",
]


def upgrade():
    op.create_table(
        "busy_hour",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("class_name", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (class_name = '')", name=op.f("ck_busy_hour_teacher_or_class")
        ),
        sa.CheckConstraint(
            "starts < ends AND starts >= 0 AND ends <= 1440", name=op.f("ck_busy_hour_times_in_order")
        ),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_busy_hour_weekday_known")),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_busy_hour_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "school_id"],
            ["school.district_id", "school.id"],
            name=op.f("fk_busy_hour_district_id_school_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "term_id"],
            ["term.district_id", "term.id"],
            name=op.f("fk_busy_hour_district_id_term_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_busy_hour_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_busy_hour")),
    )
    op.create_index("ix_busy_hour_person", "busy_hour", ["district_id", "term_id", "person_id"], unique=False)
    op.create_index("ix_busy_hour_school", "busy_hour", ["district_id", "term_id", "school_id"], unique=False)
    op.create_table(
        "teacher_limit",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("week_periods", sa.Integer(), nullable=True),
        sa.Column("visit_days", sa.Integer(), nullable=True),
        sa.Column("half_days", sa.String(length=80), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("visit_days BETWEEN 0 AND 7", name=op.f("ck_teacher_limit_visit_days_sane")),
        sa.CheckConstraint("week_periods BETWEEN 0 AND 60", name=op.f("ck_teacher_limit_week_periods_sane")),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_teacher_limit_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "term_id"],
            ["term.district_id", "term.id"],
            name=op.f("fk_teacher_limit_district_id_term_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_teacher_limit_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_teacher_limit")),
        sa.UniqueConstraint("district_id", "term_id", "person_id", name="teacher_limit_once"),
    )
    op.create_index("ix_teacher_limit_person", "teacher_limit", ["district_id", "person_id"], unique=False)
    op.create_table(
        "timetable_import",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("term_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("source IN ('file', 'paste')", name=op.f("ck_timetable_import_source_known")),
        sa.CheckConstraint(
            "state <> 'applied' OR applied_at IS NOT NULL",
            name=op.f("ck_timetable_import_applied_has_moment"),
        ),
        sa.CheckConstraint(
            "state = 'previewed' OR content IS NULL", name=op.f("ck_timetable_import_file_goes_with_the_end")
        ),
        sa.CheckConstraint(
            "state IN ('previewed', 'applied', 'cancelled')", name=op.f("ck_timetable_import_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"],
            ["person.district_id", "person.id"],
            name=op.f("fk_timetable_import_district_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["district_id", "term_id"],
            ["term.district_id", "term.id"],
            name=op.f("fk_timetable_import_district_id_term_id"),
        ),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_timetable_import_district"),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_timetable_import")),
    )
    op.create_index(
        "ix_timetable_import_person",
        "timetable_import",
        ["district_id", "person_id", "created_at", "id"],
        unique=False,
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(sa.DDL(statement))


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER class_booked_twice_update")
        op.execute("DROP TRIGGER class_booked_twice_insert")
    else:
        op.execute("DROP TRIGGER class_booked_twice ON visiting_session")
        op.execute("DROP FUNCTION refuse_class_booked_twice()")
    op.drop_index("ix_timetable_import_person", table_name="timetable_import")
    op.drop_table("timetable_import")
    op.drop_index("ix_teacher_limit_person", table_name="teacher_limit")
    op.drop_table("teacher_limit")
    op.drop_index("ix_busy_hour_school", table_name="busy_hour")
    op.drop_index("ix_busy_hour_person", table_name="busy_hour")
    op.drop_table("busy_hour")
