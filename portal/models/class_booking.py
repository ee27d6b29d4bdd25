"""The database refuses two dated lessons of one class at the same time, joint lessons included.

The unique index ``class_booked_twice`` compares begins and whole names only. Here 三（1）班；三（2）班 are two
classes, and times that overlap meet. On PostgreSQL the school is locked first, so that two transactions cannot
both look before either has written; SQLite has one writer. The name says class, which sorts before person: the
trigger runs before the one that locks people, in the order of ``actions.visiting_dates.hold``.
"""

from sqlalchemy import event

from portal.models.visiting import VisitingSession

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


@event.listens_for(VisitingSession.__table__, "after_create")
def _create(target, connection, **_options) -> None:
    """Databases that are made from the models, as in tests; others get it by migration."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[connection.dialect.name]:
        connection.exec_driver_sql(statement)


@event.listens_for(VisitingSession.__table__, "after_drop")
def _drop(target, connection, **_options) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS refuse_class_booked_twice()")
