"""Sealing personal content to the county (HPKE, RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305).

The kiosk holds the public key only: what it has sealed it cannot open again.
"""

from __future__ import annotations

import base64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class CannotOpen(ValueError):
    """Sealed to another key, or changed on the way."""


def seal(content: bytes, public_key: str, purpose: str) -> str:
    """Seal ``content`` to a raw base64 X25519 key, bound to ``purpose``; the result is base64."""
    key = X25519PublicKey.from_public_bytes(base64.b64decode(public_key))
    return base64.b64encode(_SUITE.encrypt(content, key, purpose.encode())).decode()


def unseal(sealed: str, key: X25519PrivateKey, purpose: str) -> bytes:
    """Open what was sealed to ``key`` for ``purpose``; raises CannotOpen."""
    try:
        return _SUITE.decrypt(base64.b64decode(sealed, validate=True), key, purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("sealed to another key, or changed") from error
