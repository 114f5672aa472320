"""Alembic's entry: one connection, one transaction, the engine handed in by ``upgrade``."""

from __future__ import annotations

from alembic import context

from county.models import metadata

with context.config.attributes["engine"].connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
