"""The picture that a simulated finger leaves on the glass: arches of an invented finger, no real one."""

from __future__ import annotations

import hashlib
import math

from devices.fingerprint.simulated.fingers import FingerQuality

SHAPES = {36864: (256, 288), 18432: (192, 192)}
PALE = {FingerQuality.DRY: 0.45, FingerQuality.WET: 0.5}
_RIDGE = 9.0  # pixels from ridge to ridge at 508 dpi
_GLASS = 13  # the grey of an empty glass, of 15


def picture_of(seed: bytes | str, quality: FingerQuality, size: int) -> bytes:
    """``size`` bytes, two pixels each, the left one high; top row first."""
    wide, high = SHAPES[size]
    seed = seed.encode() if isinstance(seed, str) else seed
    turn = hashlib.shake_256(b"ef01 picture\n" + seed).digest(2)
    centre = wide / 2 + turn[0] % 16 - 8, high / 2 + turn[1] % 16 - 8
    reach = (0.22 if quality is FingerQuality.SMALL else 0.46) * wide
    depth = 6.5 * PALE.get(quality, 1.0)
    rows = (_row(y, wide, centre, reach, depth) for y in range(high))
    return b"".join(bytes(left << 4 | right for left, right in zip(row[::2], row[1::2], strict=True)) for row in rows)


def _row(y: int, wide: int, centre: tuple[float, float], reach: float, depth: float) -> list[int]:
    shades = []
    for x in range(wide):
        away = math.hypot(x - centre[0], 0.8 * (y - centre[1]))
        ridge = 7.5 + depth * math.sin(2 * math.pi * away / _RIDGE)
        shades.append(min(15, max(0, round(ridge))) if away < reach else _GLASS)
    return shades
