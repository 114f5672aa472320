"""Frames of SAM_V modules as bytes: requests, an incremental parser, answers. No port, no clock.

Frame: ``AA AA AA 96 69``, length (2, everything behind it), body, XOR of length and body; the body of a request is
command and parameter, of an answer three status bytes and its content (reference/card.md §4; serial-devices.md §9.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import reduce
from operator import xor

from devices.device import DeviceGarbled
from devices.frame_hunt import FrameHunt

HEADER = b"\xaa\xaa\xaa\x96\x69"
TEXT_SIZE = 256

_LENGTH_FIELD = 2
_BEFORE_BODY = len(HEADER) + _LENGTH_FIELD
_STATUS = 3
_SHORTEST = _STATUS + 1
_LONGEST = 2400  # text, photo and fingerprints come to 2314; nothing a module says is longer
_NUMBER_SIZE = 16


class Command(Enum):
    """Command and parameter."""

    RESET = b"\x10\xff"
    RESET_OLD = b"\x01\xff"
    """One driver of the field resets with 01 (serial-devices.md §7): asked where 10 is not known."""
    STATUS = b"\x11\xff"
    NUMBER = b"\x12\xff"
    FIND = b"\x20\x01"
    SELECT = b"\x20\x02"
    READ = b"\x30\x01"
    """Text and photo; the command that brings fingerprints too is never sent."""


class Status(Enum):
    """What SW3 means."""

    DONE = 0x90
    FOUND = 0x9F
    CHECKSUM_WRONG = 0x10
    LENGTH_WRONG = 0x11
    UNKNOWN_COMMAND = 0x21
    NO_RIGHT = 0x23
    NO_RIGHT_EITHER = 0x24
    CARD_NOT_AUTHENTIC = 0x31
    MODULE_NOT_VERIFIED = 0x32
    CARD_NOT_VERIFIED = 0x33
    WRONG_KIND = 0x40
    READ_FAILED = 0x41
    RANDOM_FAILED = 0x47
    SELF_TEST_FAILED = 0x60
    UNAUTHORISED = 0x66
    NOTHING_FOUND = 0x80
    NOT_SELECTED = 0x81
    NO_CONTENT = 0x91


OF_THE_MODULE = frozenset(
    {Status.NO_RIGHT, Status.NO_RIGHT_EITHER, Status.RANDOM_FAILED, Status.SELF_TEST_FAILED, Status.UNAUTHORISED}
)
OF_A_STRANGE_CARD = frozenset(
    {Status.CARD_NOT_AUTHENTIC, Status.MODULE_NOT_VERIFIED, Status.CARD_NOT_VERIFIED, Status.WRONG_KIND}
)
OF_THE_LINE = frozenset({Status.CHECKSUM_WRONG, Status.LENGTH_WRONG})


@dataclass(frozen=True, repr=False)
class Answer:
    """One good frame of the module: its third status byte and what stands behind it."""

    code: int
    content: bytes

    @property
    def status(self) -> Status | None:
        """The code in words; None for one that no source names."""
        return next((status for status in Status if status.value == self.code), None)

    def __repr__(self) -> str:
        return f"Answer({self.code:02X}, {len(self.content)} bytes)"  # content is a person: never in a log


def encode(command: Command) -> bytes:
    """The frame of a request."""
    rest = (len(command.value) + 1).to_bytes(_LENGTH_FIELD, "big") + command.value
    return HEADER + rest + _checksum(rest)


def _checksum(rest: bytes) -> bytes:
    return bytes([reduce(xor, rest, 0)])


class AnswerParser(FrameHunt[Answer]):
    """Finds answers in whatever arrives; a wrong checksum breaks one.

    A length that no answer has is none: so an echo of a request (length 3) is passed over.
    """

    mark = HEADER

    def _complete(self) -> Iterator[Answer]:
        while self._hunt():
            size = self._frame_size()
            if size is None:
                return
            if not size:
                self._skip(1)
                continue
            rest = bytes(self._buffer[len(HEADER) : size])
            if rest[-1:] != _checksum(rest[:-1]):
                self._broken()
                continue
            del self._buffer[:size]
            body = rest[_LENGTH_FIELD:-1]
            yield Answer(body[_STATUS - 1], body[_STATUS:])

    def _frame_size(self) -> int | None:
        """Size of the frame at the front; None while too little has come, 0 when it cannot be an answer."""
        if len(self._buffer) < _BEFORE_BODY:
            return None
        length = int.from_bytes(self._buffer[len(HEADER) : _BEFORE_BODY], "big")
        if not _SHORTEST <= length <= _LONGEST:
            return 0
        size = _BEFORE_BODY + length
        return size if len(self._buffer) >= size else None


def text_of(answer: Answer) -> bytes:
    """The 256 bytes of text out of a good answer to READ; photo and fingerprints are passed over by their lengths.

    Two lengths stand in front (text, photo), or three where the module sends fingerprints unasked. DeviceGarbled
    where they do not add up to what came.
    """
    content = answer.content
    for blocks in (2, 3):
        sizes = [int.from_bytes(content[at : at + 2], "big") for at in range(0, 2 * blocks, 2)]
        if len(content) == 2 * blocks + sum(sizes) and sizes[0] == TEXT_SIZE:
            return content[2 * blocks : 2 * blocks + TEXT_SIZE]
    raise DeviceGarbled(f"{len(content)} bytes whose lengths do not add up to a text")


def module_number(answer: Answer) -> str:
    """The module's own number, as upper-case hexadecimal; "" where it tells none."""
    return answer.content.hex().upper() if len(answer.content) == _NUMBER_SIZE else ""
