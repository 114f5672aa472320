"""The ``7E 42`` frames of 天诚盛业 modules as bytes: encoding, an incremental parser, replies. No port, no clock.

Request: ``7E 42``, CMD, LEN (4, big-endian, of DATA), DATA, XOR. Reply: the same with STATUS behind CMD, so it has
LEN + 9 bytes. XOR: over everything after ``7E`` and before itself. reference/serial-devices.md §2.3, §9.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from operator import xor
from types import MappingProxyType

from devices.device import DeviceGarbled
from devices.frame_hunt import FrameHunt

HEADER = b"\x7e\x42"
_BEFORE_CONTENT = 8  # header, CMD, STATUS, LEN
_LENGTH_AT = 4
LARGEST_CONTENT = 1024  # image blocks have 960 bytes, a feature at most 2 + 255 + 255
IMAGE_BLOCK_SIZE = 0x3C0


class Command(IntEnum):
    """The commands of §2.3."""

    VERSION = 0x61
    SET_BAUD = 0x62
    FEATURE = 0x64
    IMAGE = 0x84


DONE, FAILED, CHECK_ERROR, TIME_OUT, NO_OPTICS, FLASH, PRESSED_BADLY, UNRELATED, MISMATCH, EMPTY, LIFT = range(11)
BUSY = 0xFF

_MEANINGS: Mapping[int, str] = MappingProxyType(
    {
        DONE: "done",
        FAILED: "failed",
        CHECK_ERROR: "the module heard a wrong check",
        TIME_OUT: "no finger in the module's own time",
        NO_OPTICS: "no optical head connected",
        FLASH: "flash write error",
        PRESSED_BADLY: "finger not placed well",
        UNRELATED: "values unrelated",
        MISMATCH: "values do not match",
        EMPTY: "library empty",
        LIFT: "lift the finger",
        BUSY: "busy",
    }
)


def meaning_of(status: int) -> str:
    """The status with its meaning for the log, such as ``0x04 no optical head connected``."""
    return f"0x{status:02X} {_MEANINGS.get(status, 'unknown status')}"


@dataclass(frozen=True)
class Reply:
    """One good reply; ``command`` is whatever byte the module gave back."""

    command: int
    status: int
    content: bytes = b""

    def __repr__(self) -> str:  # content is a finger: never in a log
        return f"Reply(0x{self.command:02X}, {meaning_of(self.status)}, {len(self.content)} bytes)"

    @property
    def done(self) -> bool:
        """True when the command was carried out."""
        return self.status == DONE


VERSION_DATA = b"\x00"
BAUD_115200_DATA = b"\x07"
FEATURE_DATA = b"\x02"
"""Return the feature, compare with nothing in the module's library."""


def encode(command: Command, content: bytes) -> bytes:
    """The frame of a command and its data."""
    body = HEADER[1:] + bytes([command]) + len(content).to_bytes(4, "big") + content
    return HEADER[:1] + body + bytes([reduce(xor, body)])


def encode_image_block(offset: int, size: int = IMAGE_BLOCK_SIZE) -> bytes:
    """The frame that asks for ``size`` bytes of the image from ``offset``."""
    return encode(Command.IMAGE, b"\x00\x00\x0b\x00" + offset.to_bytes(4, "big") + size.to_bytes(4, "big"))


class ReplyParser(FrameHunt[Reply]):
    """Finds replies in whatever arrives; a length that no reply has or a bad check breaks one."""

    mark = HEADER

    def _complete(self) -> Iterator[Reply]:
        while self._hunt():
            if len(self._buffer) < _BEFORE_CONTENT:
                return
            length = int.from_bytes(self._buffer[_LENGTH_AT:_BEFORE_CONTENT], "big")
            if length > LARGEST_CONTENT:
                self._broken()
                continue
            size = _BEFORE_CONTENT + length + 1
            if len(self._buffer) < size:
                return
            frame = bytes(self._buffer[:size])
            if reduce(xor, frame[1:]):
                self._broken()
                continue
            del self._buffer[:size]
            yield Reply(frame[2], frame[3], frame[_BEFORE_CONTENT:-1])


def read_feature(content: bytes) -> bytes:
    """The feature out of a reply's data: userLen (1), fingerLen (1), user, finger. DeviceGarbled: it does not fit."""
    if len(content) < 2 or len(content) != 2 + content[0] + content[1] or not content[1]:  # noqa: PLR2004 - two lengths
        raise DeviceGarbled(f"a feature record of {len(content)} bytes whose lengths do not fit")
    return content[2 + content[0] :]
