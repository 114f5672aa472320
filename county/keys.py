"""The hub's X25519 key, to which kiosks seal personal content. It lives in a file only its owner reads."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.feed import SealingKey
from county.private_files import check_private, put_private
from county.settings import SettingsError


@dataclass(frozen=True)
class CountyKey:
    """The private key and the name under which kiosks know its public half."""

    key_id: str
    public: str
    private: X25519PrivateKey = field(repr=False)

    def published(self) -> SealingKey:
        """What ``GET /v1/keys`` tells."""
        return SealingKey(key_id=self.key_id, public_key=self.public)


def open_key(file: Path) -> CountyKey:
    """The key in ``file``, made at the first start (mode 0600); raises SettingsError where others may read it."""
    if not file.exists():
        _make(file)
    check_private(file)
    try:
        raw = base64.b64decode(file.read_text(encoding="ascii").strip(), validate=True)
        private = X25519PrivateKey.from_private_bytes(raw)
    except ValueError as error:
        raise SettingsError(f"hub.keys: {file} holds no X25519 key") from error
    public = private.public_key().public_bytes_raw()
    return CountyKey(hashlib.sha256(public).hexdigest()[:16], base64.b64encode(public).decode(), private)


def _make(file: Path) -> None:
    raw = X25519PrivateKey.generate().private_bytes_raw()
    put_private(file, base64.b64encode(raw).decode() + "\n", first=True)
