"""The kiosk's own SQLite file: durable (WAL, synchronous=FULL), migrated only when its schema is old."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool

from kiosk.errors import ProgramDefect
from kiosk.models import note

HEAD = "0002"
POOL = 8


class Store:
    """One SQLite file. ``begin()`` is a transaction that is on disk when it ends."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        self.engine = open_engine(file)
        migrate(self.engine)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A write transaction: it waits for other writers at its start, so that what it reads stays true."""
        with self.engine.connect().execution_options(immediate=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading; each statement sees the newest whole state."""
        with self.engine.connect() as connection:
            yield connection

    def rows(self, sql: str, values: tuple[str | int, ...]) -> list[tuple[Any, ...]]:
        """The rows of one SELECT with ? for its values, read by the driver alone: half the cost of a short query."""
        connection = self.engine.raw_connection()
        try:
            found: list[tuple[Any, ...]] = connection.cursor().execute(sql, values).fetchall()
        finally:
            connection.close()
        return found

    def recall(self, name: str, default: str = "") -> str:
        """A small fact by name."""
        with self.read() as connection:
            return connection.scalar(select(note.c.value).where(note.c.name == name)) or default

    def remember(self, name: str, value: str, connection: Connection | None = None) -> None:
        """Keep a small fact, in the caller's transaction where one is given."""
        statement = upsert(note).values(name=name, value=value)
        statement = statement.on_conflict_do_update(index_elements=["name"], set_={"value": value})
        if connection is not None:
            connection.execute(statement)
            return
        with self.begin() as own:
            own.execute(statement)

    def check(self) -> str:
        """What SQLite finds wrong with the file, or ok."""
        with self.read() as connection:
            return str(connection.scalar(text("PRAGMA quick_check")))

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()


def open_engine(file: Path) -> Engine:
    """An engine whose connections are durable and wait for each other."""
    engine = create_engine(
        f"sqlite:///{file}",
        poolclass=QueuePool,
        pool_size=POOL,
        max_overflow=4,
        connect_args={"timeout": 10},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("immediate", False):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def schema_version(engine: Engine) -> str:
    """The version the file says it has; "" for a new file. Raises ProgramDefect for a file that is no database."""
    try:
        with engine.connect() as connection:
            known = connection.scalar(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"))
            return str(connection.scalar(text("SELECT version_num FROM alembic_version"))) if known else ""
    except DatabaseError as error:
        raise ProgramDefect(f"{engine.url.database}: not a usable database; it was left as it is") from error


def migrate(engine: Engine) -> None:
    """Bring the file to the head; alembic is imported only when there is something to do."""
    present = schema_version(engine)
    if present == HEAD:
        return
    if present > HEAD:
        raise ProgramDefect(f"{engine.url.database}: schema {present} is newer than this program ({HEAD})")
    from alembic import command  # noqa: PLC0415  alembic costs 0.85 s and is needed once per upgrade
    from alembic.config import Config  # noqa: PLC0415  see above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
