r"""Invented fingers: a seed is a finger; its template, its captures and their likeness are computed from it.

The derivation, so that others can make the same bytes without this module::

    template_of(seed, length) = 03 01 + SHAKE-256(b"ef01 template\n" + seed).digest(length - 2)

``seed`` as UTF-8 bytes where it is text, ``length`` 512 unless the sensor is of another size. In Python:
``b"\x03\x01" + hashlib.shake_256(b"ef01 template\n" + seed.encode()).digest(510)``.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

TEMPLATE_SIZE = 512
FULL_SCORE = 300
_HEAD = b"\x03\x01"
_ALTERED = 0.05


class FingerQuality(StrEnum):
    """How a finger lies on the glass."""

    GOOD = "good"
    DRY = "dry"
    WET = "wet"
    SMUDGED = "smudged"
    SMALL = "small"
    LEFTOVER = "leftover"
    SHAKY = "shaky"


def template_of(seed: bytes | str, length: int = TEMPLATE_SIZE) -> bytes:
    """The enrolled template of the finger that ``seed`` names; see the derivation above."""
    seed = seed.encode() if isinstance(seed, str) else seed
    return _HEAD + hashlib.shake_256(b"ef01 template\n" + seed).digest(length - len(_HEAD))


def capture_of(seed: bytes | str, counter: int, length: int = TEMPLATE_SIZE) -> bytes:
    """The feature of the ``counter``-th press: the template, at most 5 % of its bytes altered, the same each run."""
    feature = bytearray(template_of(seed, length))
    altered = int(length * _ALTERED)
    noise = hashlib.shake_256(b"ef01 capture\n" + counter.to_bytes(8, "big")).digest(3 * altered)
    for start in range(0, len(noise), 3):
        place = len(_HEAD) + int.from_bytes(noise[start : start + 2], "big") % (length - len(_HEAD))
        feature[place] ^= noise[start + 2]
    return bytes(feature)


def likeness(one: bytes, other: bytes) -> int:
    """0..300: the share of equal bytes behind the head; 0 for different sizes."""
    if len(one) != len(other) or len(one) <= len(_HEAD):
        return 0
    pairs = list(zip(one, other, strict=True))[len(_HEAD) :]
    return FULL_SCORE * sum(a == b for a, b in pairs) // len(pairs)
