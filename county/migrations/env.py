"""Alembic's entry: one connection, one transaction, the engine handed in by ``upgrade``."""

from __future__ import annotations

from alembic import context

from county.databases import hold
from county.models import metadata

with context.config.attributes["engine"].connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        hold(connection, "migrations")  # of several hubs that start at once, one does it
        context.run_migrations()
    connection.commit()
