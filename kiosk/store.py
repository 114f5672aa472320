"""The kiosk's own SQLite file: durable (WAL, synchronous=FULL), migrated only when its schema is old."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select, text
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import QueuePool

from kiosk.errors import KioskError, StoreBusy, StoreFull, StoreUnusable
from kiosk.models import note

HEAD = "0002.1"
POOL = 8
"""Lines that stay open: as many as a face has threads for its pages."""
MORE = 24
"""So many more are opened where every thread of every face holds one: ``/health`` never waits for theirs."""
LEAST_FREE = 20 * 1024 * 1024
"""Bytes that must be free before anything new is begun: what is under way needs room to end."""
NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})
HELD_BY_ANOTHER = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class Store:
    """One SQLite file. ``begin()`` is a transaction that is on disk when it ends.

    ``expected``: this machine had one before. A file that is gone then, or that is broken, is StoreUnusable; nothing is
    made in its place. ``least_free``: bytes; see ``room``.
    """

    def __init__(self, file: Path, *, expected: bool = False, least_free: int = LEAST_FREE) -> None:
        self.file = file
        self.least_free = least_free
        file.parent.mkdir(parents=True, exist_ok=True)
        if expected and not file.exists():
            raise StoreUnusable(f"{file}: the database of this machine is gone; no empty one is made in its place")
        stopped_by_force = Path(f"{file}-wal").exists()
        self.engine = open_engine(file)
        try:
            migrate(self.engine)
            self._make_sure_it_serves(whole=not stopped_by_force)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A write transaction: it waits for other writers at its start, so that what it reads stays true.

        Raises StoreFull or StoreBusy: then nothing of it was kept.
        """
        try:
            with self.engine.connect().execution_options(immediate=True) as connection, connection.begin():
                yield connection
        except OperationalError as error:
            raise trouble_of(error) from error

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

    def room(self) -> bool:
        """False where the disk is so full that nothing new is begun; what is under way still finds its place."""
        try:
            return shutil.disk_usage(self.file.parent).free >= self.least_free
        except OSError:
            return False

    def make_sure_of_room(self) -> None:
        """Before something new is begun: raises StoreFull where it might not find its place."""
        if not self.room():
            raise StoreFull(f"less than {self.least_free} bytes are free")

    def _make_sure_it_serves(self, *, whole: bool) -> None:
        """Raises StoreUnusable for a file that is damaged, or only read: that one opens well, and fails later."""
        if not whole and (wrong := self.check()) != "ok":
            raise StoreUnusable(f"{self.file}: {wrong}; it was left as it is")
        try:
            with self.begin():
                pass
        except StoreFull as error:
            raise StoreUnusable(f"{self.file}: {error}; it was left as it is") from error

    def check(self) -> str:
        """What SQLite finds wrong with the file, or ok."""
        try:
            with self.read() as connection:
                return str(connection.scalar(text("PRAGMA quick_check")))
        except DatabaseError as error:
            return str(error.orig)

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()


def open_engine(file: Path) -> Engine:
    """An engine whose connections are durable and wait for each other."""
    engine = create_engine(
        f"sqlite:///{file}",
        poolclass=QueuePool,
        pool_size=POOL,
        max_overflow=MORE,
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


def trouble_of(error: OperationalError) -> Exception:
    """What SQLite's refusal means for the machine; the error itself where it is a defect of the program."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    kinds: list[tuple[frozenset[int], type[KioskError]]] = [(NO_ROOM, StoreFull), (HELD_BY_ANOTHER, StoreBusy)]
    return next((kind(str(error.orig)) for codes, kind in kinds if code in codes), error)


def schema_version(engine: Engine) -> str:
    """The version the file says it has; "" for a new file. Raises StoreUnusable for a file that is no database."""
    try:
        with engine.connect() as connection:
            known = connection.scalar(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"))
            return str(connection.scalar(text("SELECT version_num FROM alembic_version"))) if known else ""
    except DatabaseError as error:
        raise StoreUnusable(f"{engine.url.database}: not a usable database; it was left as it is") from error


def is_later_step(found: str, mine: str) -> bool:
    """True where ``found`` is ``mine`` with something added: the same generation before the point, a later step."""
    generation, _, step = found.partition(".")
    my_generation, _, my_step = mine.partition(".")
    return generation == my_generation and int(step or 0) > int(my_step or 0)


def migrate(engine: Engine) -> None:
    """Bring the file to the head; alembic is imported only when there is something to do.

    A later step of the same generation ("0002.1" for a program of "0002") only added something: a program that comes
    back because the newer one failed goes on with it (docs/installing.md). A newer generation: StoreUnusable.
    """
    present = schema_version(engine)
    if present == HEAD or is_later_step(present, HEAD):
        return
    if present > HEAD:
        raise StoreUnusable(f"{engine.url.database}: schema {present} is newer than this program ({HEAD})")
    from alembic import command  # noqa: PLC0415  alembic costs 0.85 s and is needed once per upgrade
    from alembic.config import Config  # noqa: PLC0415  see above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    # One transaction: a machine that dies half-way through finds its old schema again, whole.
    with engine.connect().execution_options(immediate=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
