"""The hub's database: transactions, and migrations that load alembic only when there is something to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from county.databases import WRITES, hold, open_engine, reading_engine, turn_within
from county.glances import Glances
from county.settings import SettingsError

HEAD = "0003"


@dataclass(frozen=True)
class Store:
    """The open database. Every transaction is short; what one reads in order to write, it holds (databases.hold)."""

    engine: Engine
    looking: Engine
    glances: Glances

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view."""
        with self.looking.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, *held: str) -> Iterator[Connection]:
        """All or nothing; committed and on the disk when the block ends. ``held``: see databases.hold."""
        with self.engine.connect() as connection:
            writing = connection.execution_options(**{WRITES: True})
            with writing.begin():
                hold(writing, *held)
                yield writing

    @contextmanager
    def writing_soon(self, seconds: float, *held: str) -> Iterator[Connection]:
        """The same, for what can be done another time: OperationalError where its turn does not come so soon."""
        with self.engine.connect() as connection:
            writing = connection.execution_options(**{WRITES: True})
            with turn_within(writing, seconds):
                hold(writing, *held)
                yield writing

    def close(self) -> None:
        self.glances.close()
        self.engine.dispose()


def open_store(database: str) -> Store:
    """Open the database at this SQLAlchemy address and bring its tables to ``HEAD``; raises SettingsError."""
    engine = open_engine(database)
    try:
        migrate(engine)
    except OperationalError as error:
        engine.dispose()
        raise SettingsError(f"hub.database cannot be opened: {error.orig}") from error
    return Store(engine, reading_engine(engine), Glances(engine))


def migrate(engine: Engine) -> None:
    """Bring the tables to ``HEAD``; a database of a newer generation is refused with SettingsError.

    A later step of the same generation ("0003.1" for a program of "0003") only added something: an older hub that
    still serves beside the new one, or comes back because the new one failed, goes on with it (docs/installing.md).
    """
    found = _version(engine)
    if found == HEAD or (found is not None and is_later_step(found, HEAD)):
        return
    from county.migrations.upgrade import upgrade  # noqa: PLC0415 - alembic costs 0.8 s and is seldom needed

    upgrade(engine, found)


def is_later_step(found: str, mine: str) -> bool:
    """True where ``found`` is ``mine`` with something added: the same generation before the point, a later step."""
    generation, _, step = found.partition(".")
    my_generation, _, my_step = mine.partition(".")
    return generation == my_generation and int(step or 0) > int(my_step or 0)


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
