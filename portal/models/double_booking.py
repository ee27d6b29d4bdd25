"""The database refuses two lessons of one person at the same time, as teacher or standing in.

Unique indexes compare begins only, and a column each; bells differ between schools, and who stands in has
lessons of the own. So a trigger looks at whole times and both columns. On PostgreSQL it first takes the locks of
the people, so that two transactions cannot both look before either has written; SQLite has one writer.
The constraint's name is ``person_booked_twice`` on either engine.
"""

from sqlalchemy import Index, event, text

from portal.models.visiting import VisitingSession

_table = VisitingSession.__table__

# Finds what somebody stands in for, and is the quick way of the trigger for that column.
Index(
    "substitute_booked_twice",
    _table.c.district_id,
    _table.c.substitute_id,
    _table.c.held_on,
    _table.c.starts,
    unique=True,
    sqlite_where=text("state <> 'cancelled'"),
    postgresql_where=text("state <> 'cancelled'"),
)

CLASH = """
EXISTS (
  SELECT 1 FROM visiting_session AS other
  WHERE other.district_id = NEW.district_id AND other.held_on = NEW.held_on AND other.id <> NEW.id
    AND other.state <> 'cancelled' AND other.starts < NEW.ends AND other.ends > NEW.starts
    AND (other.person_id IN (NEW.person_id, NEW.substitute_id)
      OR other.substitute_id IN (NEW.person_id, NEW.substitute_id)))
"""

SQLITE = [
    f"""CREATE TRIGGER person_booked_twice_{event_name} BEFORE {when} ON visiting_session
WHEN NEW.state <> 'cancelled'
BEGIN
  SELECT RAISE(ABORT, 'CHECK constraint failed: person_booked_twice') WHERE {CLASH};
END"""
    for event_name, when in (
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


@event.listens_for(_table, "after_create")
def _create(target, connection, **_options) -> None:
    """Databases that are made from the models, as in tests; others get it by migration."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[connection.dialect.name]:
        connection.exec_driver_sql(statement)


@event.listens_for(_table, "after_drop")
def _drop(target, connection, **_options) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_person_booked_twice()")
