"""What a picture of a finger was worth, in two numbers; reference/serial-devices.md §1.9. No port, no clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from devices.device import DeviceGarbled
from devices.fingerprint import Quality

WIDTHS: Mapping[int, int] = MappingProxyType({36864: 256, 18432: 192})
"""Pixels in a row, by bytes of the picture: 256 x 288 and 192 x 192, two pixels a byte, the left one high."""

_SIDE = 16  # of the square in which ridges are looked for: about two of them at 508 dpi
_DARKEST = 15
_RIDGED = 5  # steps between valley and ridge in a square that shows a finger; an empty glass varies by one or two
_HIGH = bytes(byte >> 4 for byte in range(256))
_LOW = bytes(byte & 0x0F for byte in range(256))


def quality_of(picture: bytes | bytearray) -> Quality:
    """Coverage and contrast of an uploaded picture; DeviceGarbled where its length is no sensor's."""
    width = WIDTHS.get(len(picture))
    if width is None:
        raise DeviceGarbled(f"a picture of {len(picture)} bytes")
    spreads = [_spread(square) for square in _squares(picture, width // 2)]
    ridged = [spread for spread in spreads if spread >= _RIDGED]
    contrast = sum(ridged) / len(ridged) / _DARKEST if ridged else 0.0
    return Quality(len(ridged) / len(spreads), contrast)


def _squares(picture: bytes | bytearray, row: int) -> Iterator[bytes]:
    """The pixels of each square; ``row`` is the length of a row in bytes."""
    across = _SIDE // 2
    for top in range(0, len(picture), row * _SIDE):
        for left in range(top, top + row, across):
            packed = b"".join(bytes(picture[at : at + across]) for at in range(left, left + row * _SIDE, row))
            yield packed.translate(_HIGH) + packed.translate(_LOW)


def _spread(pixels: bytes) -> int:
    """Steps between the darker and the lighter end, leaving out one pixel in twenty at each: noise."""
    by_shade = sorted(pixels)
    outliers = len(by_shade) // 20
    return by_shade[-1 - outliers] - by_shade[outliers]
