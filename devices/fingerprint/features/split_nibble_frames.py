"""Split-nibble frames (中正, 维尔) as bytes: encoding, an incremental parser, replies. No port, no clock.

Request: ``02``, then each byte of LEN (2, of what follows up to BCC), CMD, parameters, BCC written as two bytes
``30+high nibble, 30+low nibble``, then ``03``. Reply: the same with STATUS, RESERVED and content in the place of CMD
and parameters. BCC: XOR of everything before it, before splitting. reference/serial-devices.md §2.2, §9.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from operator import xor
from types import MappingProxyType

from devices.frame_hunt import FrameHunt

STX, ETX = 0x02, 0x03
_NO_NIBBLE = re.compile(rb"[^\x30-\x3f]")
_LENGTH, _BCC = 2, 1
_HEAD = 2  # STATUS and RESERVED
LARGEST_CONTENT = 1024  # an image block; features and templates are smaller


class Command(IntEnum):
    """The commands of §2.2; nothing here writes to the sensor."""

    RESET = 0x04
    DESCRIPTOR = 0x09
    TEMPLATE = 0x0B
    FEATURE_256 = 0x0C
    FEATURE_128 = 0x1C
    IMAGE_SIZE = 0x18
    IMAGE_BLOCK = 0x19


DONE, FAILED, BUSY, PRESSED_BADLY = 0x00, 0x01, 0x0A, 0x0C

_MEANINGS: Mapping[int, str] = MappingProxyType(
    {DONE: "done", FAILED: "failed", BUSY: "busy", PRESSED_BADLY: "finger not pressed properly"}
)


def meaning_of(status: int) -> str:
    """The status with its meaning for the log, such as ``0x0A busy``."""
    return f"0x{status:02X} {_MEANINGS.get(status, 'unknown status')}"


@dataclass(frozen=True)
class Reply:
    """One good reply."""

    status: int
    reserved: int = 0
    content: bytes = b""

    def __repr__(self) -> str:
        return f"Reply({meaning_of(self.status)}, {len(self.content)} bytes)"  # content is a finger: never in a log

    @property
    def done(self) -> bool:
        """True when the command was carried out."""
        return self.status == DONE


def split(content: bytes) -> bytes:
    """Each byte as two of 30..3F."""
    return bytes(0x30 + nibble for byte in content for nibble in divmod(byte, 16))


def join(text: bytes) -> bytes | None:
    """What :func:`split` made of it; None when it cannot have been."""
    if len(text) % 2 or _NO_NIBBLE.search(text):
        return None
    return bytes((high & 15) << 4 | low & 15 for high, low in zip(text[::2], text[1::2], strict=True))


def encode(command: Command, parameters: bytes = bytes(3)) -> bytes:
    """The frame of a command; the short ones carry three zero bytes."""
    body = bytes([command]) + parameters
    body = len(body).to_bytes(_LENGTH, "big") + body
    return bytes([STX]) + split(body + bytes([reduce(xor, body)])) + bytes([ETX])


def encode_image_block(number: int) -> bytes:
    """The frame that asks for image block ``number``, from 0."""
    return encode(Command.IMAGE_BLOCK, bytes(3) + number.to_bytes(2, "big"))


RESET_AS_SEEN = encode(Command.RESET)[:-2] + b"\x31\x03"
"""The reset frame of one public source: its check says 31 where the XOR is 30 (§2.2). No other frame differs."""


class ReplyParser(FrameHunt[Reply]):
    """Finds replies in whatever arrives; a byte that is no nibble, a length that lies or a bad check breaks one."""

    mark = bytes([STX])

    def _complete(self) -> Iterator[Reply]:
        while self._hunt():
            end = _NO_NIBBLE.search(self._buffer, 1)
            if end is None and self._may_grow():
                return
            if end is None or self._buffer[end.start()] != ETX:
                self._broken()
                continue
            reply = _read(bytes(self._buffer[1 : end.start()]))
            if reply is None:
                self._broken()
                continue
            del self._buffer[: end.end()]
            yield reply

    def _may_grow(self) -> bool:
        """True while the frame at the front is no longer than it says, nor than any frame is."""
        said = join(bytes(self._buffer[1 : 1 + 2 * _LENGTH]))
        if said is None or len(said) < _LENGTH:
            return True
        length = int.from_bytes(said, "big")
        possible = _HEAD <= length <= _HEAD + LARGEST_CONTENT
        return possible and len(self._buffer) <= 1 + 2 * (_LENGTH + length + _BCC)


def _read(text: bytes) -> Reply | None:
    """The reply between the marks; None when its length or its check is wrong."""
    body = join(text)
    if body is None or len(body) < _LENGTH + _HEAD + _BCC or reduce(xor, body):
        return None
    if int.from_bytes(body[:_LENGTH], "big") != len(body) - _LENGTH - _BCC:
        return None
    return Reply(body[2], body[3], body[4:-1])
