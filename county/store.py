"""The hub's database: engine, transactions, and migrations that load alembic only when there is something to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url

from county.settings import SettingsError

HEAD = "0001"
THREADS = 8
_WRITES = "county_writes"


@dataclass(frozen=True)
class Store:
    """The open database. Every transaction is short; a writing one takes its turn at the start, not half-way."""

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All or nothing; committed and on the disk when the block ends."""
        with self.engine.connect() as connection:
            writing = connection.execution_options(**{_WRITES: True})
            with writing.begin():
                yield writing

    def close(self) -> None:
        self.engine.dispose()


def open_store(database: str) -> Store:
    """Open the database at this SQLAlchemy address and bring its tables to ``HEAD``; raises SettingsError."""
    url = make_url(database)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise SettingsError('hub.database must be a SQLite file, "sqlite:///var/county.sqlite"')
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=THREADS, max_overflow=0, pool_timeout=10, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    migrate(engine)
    return Store(engine)


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def migrate(engine: Engine) -> None:
    """Bring the tables to ``HEAD``; a database of a newer program is refused with SettingsError."""
    found = _version(engine)
    if found == HEAD:
        return
    from county.migrations.upgrade import upgrade  # noqa: PLC0415 - alembic costs 0.8 s and is seldom needed

    upgrade(engine, found)


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
