"""One short question to the database outside any transaction: for addresses asked by ten thousand kiosks, all day."""

from __future__ import annotations

from collections import deque
from typing import Any

from sqlalchemy import Engine


class Glances:
    """Connections of their own, each used by one thread at a time; as many as are ever needed at once.

    A glance costs one trip to the database: no transaction, no look whether the connection still lives. One that died
    meanwhile (the database was started anew, or its standby took over) is replaced and asked again, once.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: deque[Any] = deque()
        self._postgresql = engine.dialect.name == "postgresql"

    def row(self, sql: str, values: tuple[str | int, ...]) -> tuple[Any, ...]:
        """The only row of ``sql``, a SELECT with ? for its values, as things stand now."""
        sql = sql.replace("?", "%s") if self._postgresql else sql
        try:
            connection = self._idle.pop()
        except IndexError:
            return self._ask(self._opened(), sql, values)
        try:
            return self._ask(connection, sql, values)
        except self._engine.dialect.loaded_dbapi.Error:
            self.close()
            return self._ask(self._opened(), sql, values)

    def _ask(self, connection: Any, sql: str, values: tuple[str | int, ...]) -> tuple[Any, ...]:
        try:
            found: tuple[Any, ...] = connection.execute(sql, values).fetchone()
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
