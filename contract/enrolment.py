"""How a kiosk becomes known to a county, how it comes by new keys, and who sees to it there.

It shows its public keys; a person compares a short fingerprint. New keys are announced in a request that the old ones
sign, with a proof that whoever announces them holds them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from pydantic import Field

from contract.codes import KioskState
from contract.message import Instant, Message, Region

GROUPS, GROUP = 4, 4
FINGERPRINT = r"^[0-9]{4}(-[0-9]{4}){3}$"


class BadKey(ValueError):
    """Not the base64 of a raw public key of 32 bytes."""


class PublicKeys(Message):
    """Both public keys of a kiosk, raw, in base64."""

    signing_key: str = Field(max_length=64)
    receiving_key: str = Field(max_length=64)

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


class KioskEnrolment(PublicKeys):
    """A kiosk asks to be known; the request is signed with the key it names."""

    name: str = Field(min_length=1, max_length=64)
    site: Region
    version: str = Field(default="", max_length=40)


class NewKeys(PublicKeys):
    """A kiosk announces the pair it will use from now on; the request is signed with its present key.

    ``possession``: the signature (base64) of the new signing key over ``said_of_new_keys``: nobody takes over keys
    that they do not hold.
    """

    possession: str = Field(max_length=100)


class KioskStanding(Message):
    """How the county sees a kiosk. ``fingerprint`` is what a person compares before approving it."""

    key_id: str
    fingerprint: str
    state: KioskState


class KnownKiosk(Message):
    """A kiosk as an administrator sees it in the registry; ``settled_by``: who approved or withdrew it last."""

    fingerprint: str
    name: str
    site: Region
    state: KioskState
    version: str = ""
    enrolled_at: Instant
    settled_at: Instant | None = None
    settled_by: str = ""


class KnownKiosks(Message):
    """The kiosks of the areas of the asking administrator: those that wait first, then the newest first."""

    kiosks: tuple[KnownKiosk, ...]


def said_of_new_keys(present_key_id: str, keys: PublicKeys) -> bytes:
    """What the new signing key signs: which pair it follows, and which it is."""
    return f"kiosk-keys {present_key_id} {keys.key_id}".encode()


def prove_possession(key: Ed25519PrivateKey, present_key_id: str, keys: PublicKeys) -> NewKeys:
    """The announcement of ``keys``, whose private half is ``key``."""
    proof = base64.b64encode(key.sign(said_of_new_keys(present_key_id, keys))).decode()
    return NewKeys(signing_key=keys.signing_key, receiving_key=keys.receiving_key, possession=proof)


def possesses(announced: NewKeys, present_key_id: str) -> bool:
    """True where whoever announced the pair holds it; BadKey where either key is none."""
    key = signing_key(announced.signing_key)
    receiving_key(announced.receiving_key)
    try:
        key.verify(base64.b64decode(announced.possession, validate=True), said_of_new_keys(present_key_id, announced))
    except (InvalidSignature, ValueError):
        return False
    return True


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
    except (binascii.Error, ValueError) as error:
        raise BadKey("not base64") from error
    if len(raw) != 32:  # noqa: PLR2004 - both curves
        raise BadKey("not 32 bytes")
    return raw
