"""The hub's X25519 keys, to which kiosks seal personal content: the one it publishes, and those it replaced.

They live in a file only its owner reads: one key a line, the newest first. What was sealed to an older one, and was
under way or waited in a kiosk that was cut off, is still opened.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.key_list import SealingKey
from county.private_files import check_private, put_private
from county.settings import SettingsError


@dataclass(frozen=True)
class CountyKey:
    """A private key and the name under which kiosks know its public half; ``older``: those it replaced."""

    key_id: str
    public: str
    private: X25519PrivateKey = field(repr=False)
    older: tuple[CountyKey, ...] = ()

    def published(self) -> SealingKey:
        """What ``GET /v1/keys`` tells."""
        return SealingKey(key_id=self.key_id, public_key=self.public)

    def named(self, key_id: str) -> CountyKey | None:
        """The key of that name, this one or one it replaced; None where it was never here."""
        return next((one for one in (self, *self.older) if one.key_id == key_id), None)


def open_key(file: Path) -> CountyKey:
    """The keys in ``file``, made at the first start (mode 0600); raises SettingsError where others may read it."""
    if not file.exists():
        put_private(file, _fresh(), first=True)
    check_private(file)
    try:
        lines = file.read_text(encoding="ascii").split()
        newest, *older = [_key(line) for line in lines]
    except ValueError as error:
        raise SettingsError(f"hub.keys: {file} holds no X25519 key") from error
    return CountyKey(newest.key_id, newest.public, newest.private, tuple(older))


def renew_key(file: Path) -> CountyKey:
    """Put a new key before those in ``file``: hubs publish it from their next start, the older ones go on opening."""
    open_key(file)
    put_private(file, _fresh() + file.read_text(encoding="ascii"), first=False)
    return open_key(file)


def _key(line: str) -> CountyKey:
    private = X25519PrivateKey.from_private_bytes(base64.b64decode(line, validate=True))
    public = private.public_key().public_bytes_raw()
    return CountyKey(hashlib.sha256(public).hexdigest()[:16], base64.b64encode(public).decode(), private)


def _fresh() -> str:
    return base64.b64encode(X25519PrivateKey.generate().private_bytes_raw()).decode() + "\n"
