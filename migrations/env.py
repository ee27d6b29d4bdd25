"""Alembic over the application's engine. `flask db upgrade`; `flask init` does it too."""

from alembic import context
from flask import current_app
from sqlalchemy import JSON

import portal.models  # noqa: F401  (fills the metadata)
from portal.database import UtcDateTime
from portal.extensions import db
from portal.models.search import is_own_schema
from portal.vault import SealedBytes, SealedText

config = context.config


def plain_type(kind, obj, autogen_context):
    """Migrations name plain types, so that they stay true when the portal's own types change."""
    if kind == "type" and isinstance(obj, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(obj, SealedText):
        return "sa.Text()"
    if kind == "type" and isinstance(obj, SealedBytes):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(obj, JSON):
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run_migrations() -> None:
    """Run within one transaction: a migration is whole or absent, on either engine."""
    if context.is_offline_mode():
        context.configure(
            url=current_app.config["SQLALCHEMY_DATABASE_URI"], target_metadata=db.metadata, literal_binds=True
        )
        with context.begin_transaction():
            context.run_migrations()
        return
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            include_name=is_own_schema,
            render_item=plain_type,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run_migrations()
