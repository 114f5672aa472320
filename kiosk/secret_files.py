"""Secrets of this machine: 32 random bytes in a file that only its owner may read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_file(file: Path) -> bytes:
    """32 random bytes out of a file that only its owner may read; made when it is not there."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(secrets.token_bytes(32))
        return file.read_bytes()
