"""One short statement to the database outside any transaction: for what ten thousand kiosks make the hub do all day."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

Values = tuple[str | int, ...]


class Glances:
    """Connections of their own, each used by one thread at a time; as many as are ever needed at once.

    A glance costs one trip to the database: no transaction, no look whether the connection still lives. One that died
    meanwhile (the database was started anew, or its standby took over) is replaced and asked again, once.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: deque[Any] = deque()
        self._postgresql = engine.dialect.name == "postgresql"

    def row(self, sql: str, values: Values) -> tuple[Any, ...]:
        """The only row of ``sql``, a SELECT with ? for its values, as things stand now."""
        found: tuple[Any, ...] = self._run(sql, values, lambda cursor: cursor.fetchone())
        return found

    def write(self, sql: str, values: Values) -> int:
        """How many rows ``sql`` wrote: on the disk when this returns. It may run twice where a connection died."""
        written: int = self._run(sql, values, lambda cursor: cursor.rowcount)
        return written

    def _run(self, sql: str, values: Values, read: Callable[[Any], Any]) -> Any:
        sql = sql.replace("?", "%s") if self._postgresql else sql
        try:
            connection = self._idle.pop()
        except IndexError:
            return self._ask(self._opened(), sql, values, read)
        try:
            return self._ask(connection, sql, values, read)
        except self._engine.dialect.loaded_dbapi.Error:
            if not self._postgresql:  # a file does not hang up
                raise
            self.close()
            return self._ask(self._opened(), sql, values, read)

    def _ask(self, connection: Any, sql: str, values: Values, read: Callable[[Any], Any]) -> Any:
        try:
            found = read(connection.execute(sql, values))
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return found

    def _opened(self) -> Any:
        """A connection made as the engine makes its own, and then taken from it."""
        taken = self._engine.raw_connection()
        connection: Any = taken.dbapi_connection
        taken.detach()
        if self._postgresql:
            connection.autocommit = True
            connection.prepare_threshold = 0
        return connection

    def close(self) -> None:
        """Let go of the connections that nobody uses now."""
        while self._idle:
            self._idle.pop().close()
