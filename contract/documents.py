"""Public content signed as documents (Ed25519): whoever carries it on the way can read it and cannot change it.

The signature stands beside the bytes, in the header ``Document-Signature``, so that any cache may keep both. Signed is
what the bytes are about as well (``feed_page``, ``feed_unchanged``, ``KEYS``): an answer to one question is none to
another. Pure: the key is handed in.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

HEADER = "Document-Signature"
KEYS = "keys"
"""What the list of keys (GET /v1/keys) is about."""
MOST_SIGNATURES = 8


class Unsigned(ValueError):
    """No signature that can be read."""


class Forged(ValueError):
    """Signed by no key that is trusted, or not these bytes, or about something else."""


def feed_page(area: str, cursor: str) -> str:
    """What a page of the feed is about: the question it answers, as it was asked."""
    return f"feed {area} {cursor}"


def feed_unchanged(etag: str) -> str:
    """What an As-Of is about that comes with 304: the copy that is still whole, by its ETag, weak or not."""
    return f"unchanged {etag.removeprefix('W/').strip(chr(34))}"


def key_name(key: Ed25519PublicKey) -> str:
    """The name of a document key: the first 16 hexadecimal digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def fingerprint(name: str) -> str:
    """The name of a key for people to compare: "5f2d-1c0b-77aa-90e4"."""
    return "-".join(name[place : place + 4] for place in range(0, len(name), 4))


def sign(content: bytes, about: str, key: Ed25519PrivateKey, name: str = "") -> str:
    """One signature as it stands in the header: the key's name (given by who knows it), a colon, base64."""
    signature = base64.b64encode(key.sign(_signed(content, about))).decode()
    return f"{name or key_name(key.public_key())}:{signature}"


def check(content: bytes, about: str, header: str, trusted: Mapping[str, Ed25519PublicKey]) -> str:
    """The name of the trusted key that signed ``content``; raises Unsigned or Forged.

    ``header`` may hold several signatures, with commas: while a county changes its key, both sign its list of keys;
    and an answer that a cache may turn into a 304 carries the signature of its As-Of beside that of its body.
    """
    for name, signature in _signatures(header):
        key = trusted.get(name)
        if key is not None and _is_good(key, signature, _signed(content, about)):
            return name
    raise Forged(f"no trusted key signed this {about.partition(' ')[0]}")


def _signed(content: bytes, about: str) -> bytes:
    return f"county-document\n{about}\n{hashlib.sha256(content).hexdigest()}".encode()


def _signatures(header: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for part in header.split(",")[:MOST_SIGNATURES]:
        name, _, text = part.strip().partition(":")
        try:
            found.append((name, base64.b64decode(text, validate=True)))
        except (binascii.Error, ValueError):
            continue
    if not any(signature for _, signature in found):
        raise Unsigned("not signed as a document")
    return found


def _is_good(key: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True
