"""Alembic's entry: one connection, one transaction, the engine handed in by ``upgrade``."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from county.databases import hold
from county.models import metadata

LOCK_MILLISECONDS = 500
"""Less than PostgreSQL waits before it looks for a deadlock: who gives way is this, never a hub that serves."""

with context.config.attributes["engine"].connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        hold(connection, "migrations")  # of several hubs that start at once, one does it
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}"))
        context.run_migrations()
    connection.commit()
