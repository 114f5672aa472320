"""The two databases a hub may stand on, and how each gives a writer its turn: a SQLite file, or PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from county.settings import SettingsError

THREADS = 8
WRITES = "county_writes"
TURN_SECONDS = 10.0
"""So long a writer waits for a SQLite file that another writes to."""
NOT_NOW = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
})  # fmt: skip
NOT_NOW_CLASSES = ("08", "40", "53", "55", "57")
"""Connection, rolled back, resources, not in the state it needs (a lock), an operator's act: SQLSTATE, appendix A."""
POOL = {"pool_size": THREADS, "max_overflow": 0, "pool_timeout": 10, "hide_parameters": True}
WANTED = 'hub.database must be "sqlite:///var/county.sqlite" or "postgresql+psycopg://…"'


def open_engine(database: str) -> Engine:
    """The engine behind a SQLAlchemy address; raises SettingsError for any other database."""
    try:
        url = make_url(database)
    except ArgumentError as error:
        raise SettingsError(WANTED) from error
    match url.drivername:
        case "sqlite" if url.database:
            return _sqlite(url)
        case "postgresql+psycopg":
            return create_engine(url, pool_pre_ping=True, **POOL)
        case _:
            raise SettingsError(WANTED)


def reading_engine(engine: Engine) -> Engine:
    """The same pool, each transaction one consistent view that writes nothing."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@contextmanager
def turn_within(connection: Connection, seconds: float) -> Iterator[None]:
    """A write transaction whose turn is waited for no longer than ``seconds``: OperationalError then."""
    if connection.dialect.name != "sqlite":
        with connection.begin():
            connection.execute(
                text("SELECT set_config('lock_timeout', :most, true)"), {"most": f"{seconds * 1000:.0f}"}
            )
            yield
        return
    driver = connection.connection.cursor()  # by the driver: SQLAlchemy would begin the transaction first
    driver.execute(f"PRAGMA busy_timeout={seconds * 1000:.0f}")
    try:
        with connection.begin():
            yield
    finally:
        driver.execute(f"PRAGMA busy_timeout={TURN_SECONDS * 1000:.0f}")


def cannot_serve_now(error: Exception) -> bool:
    """True where the database is held by another, full, read-only or gone: it may be well the next time it is asked.

    Anything else (a table that is not there) is a defect. The codes are SQLite's, and classes of PostgreSQL's SQLSTATE;
    a server that is not reached at all gives none.
    """
    told = error.orig if isinstance(error, OperationalError) else error
    if isinstance(told, sqlite3.Error):
        return getattr(told, "sqlite_errorcode", 0) & 0xFF in NOT_NOW
    state = getattr(told, "sqlstate", None)
    return state is None or state.startswith(NOT_NOW_CLASSES)


def hold(connection: Connection, *names: str) -> None:
    """From here to the end of this transaction nobody else holds any of ``names``; waits for its turn.

    Whatever is read after it and then written belongs to this transaction alone. In a SQLite file a writer has the
    whole file; in PostgreSQL each name is an advisory lock. Held in the order given: "submissions" before
    "resident:…" before "feed", so that two writers never wait for each other.
    """
    if connection.dialect.name == "sqlite":
        return
    for name in names:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def _sqlite(url: URL) -> Engine:
    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, **POOL)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    wait = f"busy_timeout={TURN_SECONDS * 1000:.0f}"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", wait):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
