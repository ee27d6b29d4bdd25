"""Which named constraint an integrity error broke, on either engine."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import IntegrityError

from portal.extensions import db


def violated(error: IntegrityError) -> str:
    """The constraint's name as the models give it (``pair_schools_differ``), or "" when unknown.

    PostgreSQL tells the name; SQLite tells the name of a check but only the columns of a unique key.
    """
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None and diagnosis.constraint_name:
        return _plain(diagnosis.constraint_name)
    text = str(error.orig)
    if text.startswith("CHECK constraint failed: "):
        return _plain(text.removeprefix("CHECK constraint failed: "))
    if text.startswith("UNIQUE constraint failed: "):
        columns = text.removeprefix("UNIQUE constraint failed: ").split(", ")
        return _unique_on(columns)
    return ""


def _plain(name: str) -> str:
    for table in db.metadata.tables.values():
        prefix = f"ck_{table.name}_"
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return name


def _unique_on(columns: list[str]) -> str:
    table = db.metadata.tables.get(columns[0].split(".")[0])
    if table is None:
        return ""
    names = {column.split(".")[1] for column in columns}
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and {c.name for c in constraint.columns} == names:
            return str(constraint.name)
    for index in table.indexes:
        if index.unique and {c.name for c in index.columns} == names:
            return str(index.name)
    return ""
