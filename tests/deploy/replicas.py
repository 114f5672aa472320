"""A primary and its standby, as docs/installing.md sets them up: a write counts when both have it on their disks."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from tests.hall import eventually
from tests.postgres import PostgresServer

NAME = "standby1"
DURABLE = "-c fsync=on -c synchronous_commit=on -c max_connections=60 -c shared_buffers=16MB"


class Primary(PostgresServer):
    """Writes are acknowledged only once the standby has them; until one has connected, nothing waits."""

    def __init__(self) -> None:
        super().__init__(DURABLE)

    def wait_for_standby(self) -> None:
        """From now on a commit waits for the standby."""
        self.tell(f"ALTER SYSTEM SET synchronous_standby_names = '{NAME}'")
        self.tell("SELECT pg_reload_conf()")
        eventually(lambda: self.asked("SELECT sync_state FROM pg_stat_replication") == "sync", 30)

    def kill(self) -> None:
        """The machine is gone: postmaster and all of its children at once."""
        number = int(Path(self.data, "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
        for one in (number, *map(int, children)):
            os.kill(one, signal.SIGKILL)


class Standby(PostgresServer):
    """A copy of ``primary`` that follows it until it is promoted."""

    def __init__(self, primary: PostgresServer) -> None:
        super().__init__(DURABLE)
        self.primary = primary

    def __enter__(self) -> Self:
        self.own_folder()
        source = f"host={self.primary.folder} user=postgres application_name={NAME}"
        self.run("pg_basebackup", "-d", source, "-D", self.data, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        with Path(self.data, "postgresql.auto.conf").open("a") as settings:
            settings.write("synchronous_standby_names = ''\n")  # promoted, it has no standby of its own yet
        self.start()
        return self

    @contextmanager
    def deaf(self) -> Iterator[None]:
        """Its receiver hears nothing inside the block."""
        receiver = int(str(self.asked("SELECT pid FROM pg_stat_wal_receiver")))
        os.kill(receiver, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(receiver, signal.SIGCONT)

    def promote(self) -> None:
        self.run("pg_ctl", "-D", self.data, "-w", "-s", "promote")
