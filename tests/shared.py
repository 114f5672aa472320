"""What is made once a test run by whichever worker needs it first, and read or copied by all others."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.postgres import PostgresServer

FOLDER = "KIOSK_TESTS_SHARED"
MADE = "made"


def begin() -> bool:
    """Have a folder for all workers of this run; True for the process that is to end it."""
    if FOLDER in os.environ:
        return False
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="hall-tests-")
    return True


def end() -> None:
    """Remove it, and stop what runs out of it."""
    folder = Path(os.environ.pop(FOLDER))
    if (folder / "postgres" / MADE).exists():
        shared_postgres(folder).__exit__()
    shutil.rmtree(folder, ignore_errors=True)


def once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder that ``make`` filled; where it failed, the next one who asks begins anew."""
    shared = Path(os.environ[FOLDER])
    place = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / MADE).exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            make(place)
            (place / MADE).touch()
    return place


def shared_postgres(folder: Path | None = None) -> PostgresServer:
    """The one server of this run, started if nobody did; each worker's databases have names of their own."""
    place = folder / "postgres" if folder else once("postgres", _start)
    return PostgresServer(folder=Path((place / "folder").read_text(encoding="utf-8")))


def _start(place: Path) -> None:
    server = PostgresServer()
    (place / "folder").write_text(str(server.folder), encoding="utf-8")
    server.__enter__()
