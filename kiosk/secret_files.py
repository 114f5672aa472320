"""Secrets of this machine: 32 random bytes in a file that only its owner may read, whole or not there at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
from collections.abc import Mapping
from pathlib import Path

OTHERS = 0o077
HANDED_OVER = "CREDENTIALS_DIRECTORY"


class ReadByOthers(ValueError):
    """A secret that is none: the message names the file."""


def secret_file(file: Path) -> bytes:
    """32 random bytes out of a file that only its owner may read; made when it is not there.

    A credential of the same name that systemd hands over (LoadCredential=) is taken instead. Raises ReadByOthers.
    """
    handed = handed_over(file.name)
    if handed is not None:
        return handed.read_bytes()
    try:
        _check(file)
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        _put(file, secrets.token_bytes(32))
    return file.read_bytes()


def handed_over(name: str, environment: Mapping[str, str] = os.environ) -> Path | None:
    """The credential of systemd with this name: read by this program only, whatever its mode says."""
    folder = environment.get(HANDED_OVER)
    file = Path(folder) / name if folder else None
    return file if file is not None and file.is_file() else None


def _check(file: Path) -> None:
    if os.name == "posix" and file.stat().st_mode & OTHERS:
        raise ReadByOthers(f"{file} may be read by others; it must have mode 0600")


def replace_file(file: Path, content: bytes) -> None:
    """Put ``content`` in the place of whatever ``file`` held, on the disk before this returns; never half of it."""
    written = _written_aside(file, content)
    written.replace(file)
    _settle(file.parent)


def _put(file: Path, content: bytes) -> None:
    """Whoever comes second keeps what the first one put there."""
    written = _written_aside(file, content)
    with contextlib.suppress(FileExistsError):
        os.link(written, file)
    written.unlink()
    _settle(file.parent)


def _written_aside(file: Path, content: bytes) -> Path:
    aside = file.with_name(f".{file.name}.{os.getpid()}.{threading.get_ident()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return aside


def _settle(folder: Path) -> None:
    """The folder's own entry is on the disk too."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
