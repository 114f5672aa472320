"""Files with private keys: whole or not there at all, and read by their owner only."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from county.settings import SettingsError

OTHERS = 0o077
HANDED_OVER = "CREDENTIALS_DIRECTORY"
"""The folder of systemd's credentials (LoadCredential=): no other program sees it, whatever the modes say."""


def check_private(file: Path, environment: Mapping[str, str] = os.environ) -> None:
    """Raise SettingsError where others may read ``file``."""
    if environment.get(HANDED_OVER) and file.parent == Path(environment[HANDED_OVER]):
        return
    if os.name == "posix" and file.stat().st_mode & OTHERS:
        raise SettingsError(f"hub.keys: {file} may be read by others; it must have mode 0600")


def put_private(file: Path, content: str, *, first: bool) -> None:
    """Write ``content``, on the disk when this returns. ``first``: of two that make it at once, one wins.

    Raises SettingsError where it cannot be made: systemd's credentials, for one, are only to be read.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part = _written_aside(file, content)
    except OSError as error:
        raise SettingsError(f"hub.keys: {file} is not there and cannot be made: {error.strerror}") from error
    if not first:
        part.replace(file)
        return
    try:
        os.link(part, file)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def _written_aside(file: Path, content: str) -> Path:
    part = file.with_name(f".{file.name}.{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return part
