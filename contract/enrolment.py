"""How a kiosk becomes known to a county: it shows its public keys, a person compares a short fingerprint."""

from __future__ import annotations

import base64
import binascii
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from pydantic import Field

from contract.codes import KioskState
from contract.message import Message, Region

GROUPS, GROUP = 4, 4


class BadKey(ValueError):
    """Not the base64 of a raw public key of 32 bytes."""


class KioskEnrolment(Message):
    """A kiosk asks to be known; the request is signed with the key it names. Keys are raw, in base64."""

    name: str = Field(min_length=1, max_length=64)
    site: Region
    signing_key: str = Field(max_length=64)
    receiving_key: str = Field(max_length=64)
    version: str = Field(default="", max_length=40)

    @property
    def key_id(self) -> str:
        """The name of both keys together: 32 hexadecimal digits."""
        return self._hash()[:32]

    @property
    def fingerprint(self) -> str:
        """The same for people to compare: four groups of four digits."""
        number = str(int(self._hash(), 16))[-GROUPS * GROUP :]
        return "-".join(number[place : place + GROUP] for place in range(0, GROUPS * GROUP, GROUP))

    def _hash(self) -> str:
        return hashlib.sha256(f"{self.signing_key} {self.receiving_key}".encode()).hexdigest()


class KioskStanding(Message):
    """How the county sees a kiosk. ``fingerprint`` is what a person compares before approving it."""

    key_id: str
    fingerprint: str
    state: KioskState


def signing_key(text: str) -> Ed25519PublicKey:
    """The public key that a kiosk signs with; BadKey."""
    return Ed25519PublicKey.from_public_bytes(_raw(text))


def receiving_key(text: str) -> X25519PublicKey:
    """The public key that is sealed to for one kiosk; BadKey."""
    return X25519PublicKey.from_public_bytes(_raw(text))


def written(key: Ed25519PublicKey | X25519PublicKey) -> str:
    """A public key as it travels."""
    return base64.b64encode(key.public_bytes_raw()).decode()


def _raw(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise BadKey("not base64") from error
    if len(raw) != 32:  # noqa: PLR2004 - both curves
        raise BadKey("not 32 bytes")
    return raw
