"""Dated lessons that are given at another time; one at most of the times of a lesson stands.

Revision: 0023, after 0022.
"""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def _others(key: str, origin: str) -> str:
    """Whether another time of the lesson stands besides the one with this key."""
    return f"""EXISTS (
    SELECT 1 FROM visiting_session AS other
    WHERE other.district_id = NEW.district_id AND other.state <> 'cancelled' AND other.id <> {key}
      AND other.id IN (
        SELECT {origin} UNION ALL
        SELECT moved.session_id FROM moved_session AS moved
        WHERE moved.district_id = NEW.district_id AND moved.origin_id = {origin}))"""


_ORIGIN = """COALESCE((SELECT first.origin_id FROM moved_session AS first
        WHERE first.district_id = NEW.district_id AND first.session_id = NEW.id), NEW.id)"""
BACK = _others("NEW.id", _ORIGIN)
AWAY = f"""EXISTS (SELECT 1 FROM visiting_session AS own WHERE own.district_id = NEW.district_id
  AND own.id = NEW.session_id AND own.state <> 'cancelled') AND {_others("NEW.session_id", "NEW.origin_id")}"""

_REFUSED = "SELECT RAISE(ABORT, 'CHECK constraint failed: lesson_given_twice') WHERE"
SQLITE = [
    f"""CREATE TRIGGER lesson_given_twice_update BEFORE UPDATE OF state ON visiting_session
WHEN NEW.state <> 'cancelled' AND OLD.state = 'cancelled'
BEGIN
  {_REFUSED} {BACK};
END""",
    f"""CREATE TRIGGER lesson_given_twice_insert BEFORE INSERT ON moved_session
BEGIN
  {_REFUSED} {AWAY};
END""",
]


def _function(name: str, clash: str) -> str:
    return f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {clash} THEN
    RAISE EXCEPTION 'lesson given twice' USING ERRCODE = 'unique_violation', CONSTRAINT = 'lesson_given_twice';
  END IF;
  RETURN NEW;
END $$"""


# By its name it runs after class_booked_twice, which has put the writers of a school in line.
POSTGRESQL = [
    _function("refuse_lesson_back_twice", BACK),
    _function("refuse_lesson_away_twice", AWAY),
    """CREATE TRIGGER lesson_given_twice BEFORE UPDATE OF state ON visiting_session
FOR EACH ROW WHEN (NEW.state <> 'cancelled' AND OLD.state = 'cancelled')
EXECUTE FUNCTION refuse_lesson_back_twice()""",
    """CREATE TRIGGER lesson_given_twice BEFORE INSERT ON moved_session
FOR EACH ROW EXECUTE FUNCTION refuse_lesson_away_twice()""",
]
FUNCTIONS = ("refuse_lesson_back_twice", "refuse_lesson_away_twice")


# A week of a cluster is found by the schools that send, and the dates of a lesson by their lesson.
INDEXES = (
    ("ix_visiting_lesson_home", "visiting_lesson", ["district_id", "term_id", "home_school_id"]),
    ("ix_visiting_session_lesson", "visiting_session", ["district_id", "lesson_id", "held_on"]),
)


def upgrade():
    op.create_table(
        "moved_session",
        sa.Column("district_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("origin_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["district_id"], ["district.id"], name="fk_moved_session_district"),
        *(
            sa.ForeignKeyConstraint(
                ["district_id", column],
                ["visiting_session.district_id", "visiting_session.id"],
                name=op.f(f"fk_moved_session_district_id_{column}"),
                ondelete="CASCADE",
            )
            for column in ("session_id", "origin_id", "from_id")
        ),
        sa.PrimaryKeyConstraint("district_id", "id", name=op.f("pk_moved_session")),
        sa.UniqueConstraint("district_id", "session_id", name="moved_from_once"),
    )
    op.create_index("ix_moved_session_origin", "moved_session", ["district_id", "origin_id"])
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    op.create_index("ix_moved_session_from", "moved_session", ["district_id", "from_id"])
    _keep_moves()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _keep_moves():
    """What absences have moved so far; until now only their lines told of it."""
    key = {"type_": sa.Uuid()}
    line = sa.table(
        "absent_session",
        *(sa.column(name, **key) for name in ("district_id", "session_id", "moved_to_id")),
    )
    moved = sa.table(
        "moved_session",
        *(sa.column(name, **key) for name in ("district_id", "id", "session_id", "origin_id", "from_id")),
    )
    rows = op.get_bind().execute(sa.select(line).where(line.c.moved_to_id.is_not(None))).all()
    before = {row.moved_to_id: row.session_id for row in rows}
    for row in rows:
        origin = row.session_id
        while origin in before:
            origin = before[origin]
        op.execute(
            moved.insert().values(
                district_id=row.district_id,
                id=uuid.uuid4(),
                session_id=row.moved_to_id,
                origin_id=origin,
                from_id=row.session_id,
            )
        )


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER lesson_given_twice_update")
        op.execute("DROP TRIGGER lesson_given_twice_insert")
    else:
        op.execute("DROP TRIGGER lesson_given_twice ON visiting_session")
        op.execute("DROP TRIGGER lesson_given_twice ON moved_session")
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION {name}()")
    for name, table, _columns in INDEXES:
        op.drop_index(name, table_name=table)
    op.drop_table("moved_session")
