"""The folder of pictures: each file is named by the sha256 of its content."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

SHA256 = re.compile(r"[0-9a-f]{64}")


def keep(content: bytes, folder: Path) -> str:
    """Write ``content`` (whole or not at all, on the disk when this returns); its name."""
    sha256 = hashlib.sha256(content).hexdigest()
    handle, beside = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    Path(beside).replace(folder / sha256)
    return sha256


def is_kept(sha256: str, folder: Path) -> bool:
    """True where the folder holds this picture."""
    return SHA256.fullmatch(sha256) is not None and (folder / sha256).is_file()


def media_type(content: bytes) -> str:
    """What a kept picture is."""
    return "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
