"""Receipt printers in a trace: commands and status bytes as they are, dots and texts by their number.

Written from reference/serial-devices.md §3.1 and §3.2, without the driver. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from devices.trace.fakes import Fakes
from devices.trace.scrubber import Scrubbed, by_length

COMMANDS: Mapping[bytes, int] = MappingProxyType(
    {
        b"\x10\x04": 3, b"\x10\x05": 3, b"\x1b\x40": 2, b"\x1b\x64": 3, b"\x1b\x4a": 3, b"\x1d\x72": 3,
        b"\x1d\x61": 3, b"\x1d\x49": 3, b"\x1c\x26": 2, b"\x1c\x2e": 2,
    }
)  # fmt: skip
RASTER, CUT = b"\x1d\x76", b"\x1d\x56"
RASTER_HEAD = 8
LEADS = b"\x10\x1b\x1c\x1d\x00\x0a"
QUEUED = b"\x00\x03\x0c\x0f\x11\x13\xff"
"""Answers to GS r, XON, XOFF, and the FF of a line without a printer."""
BLOCK = 4
NAME = b"\x5f"
FULL_STATUS, FULL_ANSWER, FULL_SIZE = b"\x10\x04\x14", b"\x10\x0f", 6


class Escpos:
    """ESC/POS."""

    def __init__(self, fakes: Fakes) -> None:
        del fakes  # nothing a printer is told is worth a fake: it is left out
        self.reset()

    def reset(self) -> None:
        """Nothing was asked."""
        self._asked = b""

    def cut_sent(self, held: bytes) -> tuple[int, bool]:
        """Whether a command stands at the front; the dots of a picture belong to it."""
        if held[:1] in (b"\x00", b"\x0a"):
            return len(held) - len(held.lstrip(held[:1])), True
        if held[0] not in LEADS:
            return next((at for at, byte in enumerate(held) if byte in LEADS), len(held)), False
        return _command(held)

    def cut_came(self, held: bytes) -> tuple[int, bool]:
        """A status byte, a name, the answer to DLE EOT 20, or a block of four where the printer reports by itself."""
        if held[:1] == NAME:
            end = held.find(b"\0")
            return (end + 1, True) if end > 0 else (0, False)
        if self._asked == FULL_STATUS and held[:2] == FULL_ANSWER[: len(held)]:
            return (FULL_SIZE, True) if len(held) >= FULL_SIZE else (0, False)
        if is_status(held[0]) or held[0] in QUEUED:
            return 1, True
        if held[0] & 0x93 != 0x10:  # noqa: PLR2004 - first byte of a block
            return 1, False
        if len(held) < BLOCK:
            return 0, False
        return (BLOCK, True) if all(byte & 0x90 == 0 for byte in held[1:BLOCK]) else (1, False)

    def scrub_sent(self, frame: bytes) -> Scrubbed:
        """A command; a picture without its dots."""
        if frame[:2] == RASTER:
            across, rows = int.from_bytes(frame[4:6], "little"), int.from_bytes(frame[6:8], "little")
            return (frame[:RASTER_HEAD], len(frame) - RASTER_HEAD), f"picture, {8 * across} x {rows} dots"
        self._asked = frame
        return (frame,), ""

    def scrub_came(self, frame: bytes) -> Scrubbed:
        """Status as it is; of a name, which may hold a serial number, its length."""
        if frame[:1] == NAME:
            return (NAME + b"X" * (len(frame) - 2) + b"\0",), "a name"
        return (frame,), ""

    def scrub_rest(self, held: bytes) -> Scrubbed:
        """The beginning of a block of four."""
        return by_length(held)


def is_status(byte: int) -> bool:
    """An answer to DLE EOT: 0xx1xx10."""
    return byte & 0x93 == 0x12  # noqa: PLR2004 - the pattern


def _command(held: bytes) -> tuple[int, bool]:
    if len(held) < 3:  # noqa: PLR2004 - lead, command, parameter
        size = COMMANDS.get(held[:2], 3)
        return (size, True) if len(held) >= size else (0, False)
    if held[:2] == RASTER:
        if len(held) < RASTER_HEAD:
            return 0, False
        size = RASTER_HEAD + int.from_bytes(held[4:6], "little") * int.from_bytes(held[6:8], "little")
    elif held[:2] == CUT:
        size = 3 if held[2] in (0, 1, 48, 49) else 4
    else:
        size = COMMANDS.get(held[:2], 0)
    if not size:
        return 1, False
    return (size, True) if len(held) >= size else (0, False)
