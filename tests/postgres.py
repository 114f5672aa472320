"""A PostgreSQL of the tests' own: Debian's package, a socket in a temporary folder, no port, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from typing import Self

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
OWNER = "postgres"
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


def missing() -> str:
    """Why there is none; empty where there is."""
    if not FOLDERS:
        return "PostgreSQL is not installed (apt install postgresql)"
    return "" if os.geteuid() else _no_owner()


def _no_owner() -> str:
    """PostgreSQL never runs as root: Debian's package brings a user for it."""
    try:
        pwd.getpwnam(OWNER)
    except KeyError:
        return f"there is no user {OWNER}"
    return ""


class PostgresServer:
    """One cluster; ``options`` are those of ``postgres``: quick ones, unless a test asks for the real thing."""

    def __init__(self, options: str = FAST, folder: Path | None = None) -> None:
        """``folder``: of one that runs already."""
        self.folder = folder or Path(tempfile.mkdtemp(prefix="kiosk-pg-"))
        self.options = options
        self._names = (f"office{os.getpid()}_{number}" for number in count(1))

    def __enter__(self) -> Self:
        self.own_folder()
        self.run("initdb", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "-U", OWNER, "-D", self.data)
        self.start()
        return self

    def own_folder(self) -> None:
        if not os.geteuid():
            shutil.chown(self.folder, OWNER)

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def start(self) -> None:
        options = f"{self.options} -c listen_addresses='' -c unix_socket_directories={self.folder}"
        self.run("pg_ctl", "-D", self.data, "-w", "-s", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, how: str = "fast") -> None:
        self.run("pg_ctl", "-D", self.data, "-w", "-s", "-m", how, "stop", check=False)

    def run(self, program: str, *arguments: str, check: bool = True) -> None:
        command = [str(FOLDERS[-1] / program), *arguments]
        if not os.geteuid():
            command = ["runuser", "-u", OWNER, "--", *command]
        log = self.folder / "started"  # a file: the server would keep a pipe open
        with log.open("a") as said:
            ended = subprocess.run(  # noqa: S603 - the programs of Debian's package
                command, cwd="/", check=False, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
            )
        if check and ended.returncode:
            raise RuntimeError(f"{program}: {log.read_text()}")

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{OWNER}@/{name}?host={self.folder}"

    def database(self, template: str = "template0") -> str:
        """A new database, a copy of ``template``; its name."""
        name = next(self._names)
        self.tell(f'CREATE DATABASE {name} TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        self.tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def tell(self, statement: str) -> None:
        engine = create_engine(self.url("postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))

    def asked(self, question: str) -> object:
        """The first value of the first row; None where there is no row."""
        engine = create_engine(self.url("postgres"), poolclass=NullPool)
        with engine.connect() as connection:
            return connection.scalar(text(question))
