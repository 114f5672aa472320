"""EF01 sensors in a trace: commands and answers as they are, templates as a stream without likeness, images by length.

Written from reference/serial-devices.md §1, without the driver. Passwords of sensors become zeros. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

from devices.trace.fakes import Fakes
from devices.trace.scrubber import Scrubbed, by_length

HEADER = b"\xef\x01"
BEFORE_LENGTH, BEFORE_PAYLOAD, CHECKSUM = 7, 9, 2
SHORTEST, LONGEST = 3, 258
COMMAND, MORE, ANSWER, LAST = 1, 2, 7, 8
BOOT = b"\x00\x55"
UPLOAD_IMAGE = 0x0A
SECRETS = frozenset({0x12, 0x13})
"""SetPwd, VfyPwd."""
HARMLESS: Mapping[int, int] = MappingProxyType(
    {
        0x01: 0, 0x02: 1, 0x03: 0, 0x05: 0, 0x06: 3, 0x07: 3, 0x08: 1, 0x09: 1, 0x0A: 0, 0x0B: 0, 0x0C: 4, 0x0D: 0,
        0x0E: 2, 0x0F: 0, 0x17: 1, 0x1D: 0, 0x1F: 1, 0x28: 0, 0x29: 0, 0x30: 0, 0x35: 4, 0x36: 0, 0x3D: 0, 0x40: 0,
        0x50: 0, 0x51: 0, 0x52: 0, 0x53: 0, 0x54: 0, 0x60: 0,
    }
)  # fmt: skip
"""Commands that say nothing of anybody, and the number of their argument bytes."""
ANSWERS: Mapping[int, int] = MappingProxyType({0x03: 2, 0x0F: 16, 0x1D: 2})
"""Answers that say nothing of anybody: command and number of bytes behind the code."""
KINDS: Mapping[int, str] = MappingProxyType({MORE: "content", LAST: "last content"})
ROWS = 3
"""A row of equal steps at least so long is a pattern, not a finger."""


class Ef01:
    """The language of the family."""

    def __init__(self, fakes: Fakes) -> None:
        self._fakes = fakes
        self.reset()

    def reset(self) -> None:
        """Nothing was asked."""
        self._asked = self._before = 0

    def cut_sent(self, held: bytes) -> tuple[int, bool]:
        """Whether a frame stands at the front."""
        return cut(held)

    def cut_came(self, held: bytes) -> tuple[int, bool]:
        """The same; a bare 55 or 00 is the sensor's boot."""
        return (1, True) if held[:1] in (b"\x00", b"\x55") else cut(held)

    def scrub_sent(self, frame: bytes) -> Scrubbed:
        """A command, or a packet of a download."""
        kind, payload = frame[6], frame[BEFORE_PAYLOAD:-CHECKSUM]
        if kind != COMMAND:
            return self._content(frame)
        self._asked, self._before = payload[0], self._asked
        arguments = payload[1:]
        if self._asked in SECRETS:
            return (framed(frame, payload[:1] + bytes(len(arguments))),), "password"
        if len(arguments) in (0, HARMLESS.get(self._asked, 0)):
            return (framed(frame, payload),), ""
        return (frame[:BEFORE_PAYLOAD] + payload[:1], len(arguments) + CHECKSUM), "arguments left out"

    def scrub_came(self, frame: bytes) -> Scrubbed:
        """An answer, a packet of an upload, an echo, or the boot byte."""
        if len(frame) == 1:
            return (frame,), "boot"
        kind, payload = frame[6], frame[BEFORE_PAYLOAD:-CHECKSUM]
        if kind == COMMAND:
            return self.scrub_sent(frame)
        if kind != ANSWER:
            return self._content(frame)
        extra = len(payload) - 1
        if not extra or extra in (ANSWERS.get(self._asked), ANSWERS.get(self._before)):
            return (framed(frame, payload),), ""
        return _gap(frame, payload[:1], extra)

    def scrub_rest(self, held: bytes) -> Scrubbed:
        """Half a frame."""
        return by_length(held)

    def _content(self, frame: bytes) -> Scrubbed:
        payload, kind = frame[BEFORE_PAYLOAD:-CHECKSUM], frame[6]
        if kind not in KINDS or self._asked == UPLOAD_IMAGE:
            return _gap(frame, b"", len(payload))
        fake = payload if is_pattern(payload) else self._fakes.stream(payload, "template")
        return (framed(frame, fake),), KINDS[kind]


def is_pattern(payload: bytes) -> bool:
    """A row of equal steps (zeros, the pattern that overwrites a buffer), whatever its two first bytes are."""
    steps = {(after - before) & 0xFF for before, after in pairwise(payload[2:])}
    return len(payload) > ROWS + 2 and len(steps) == 1


def cut(held: bytes) -> tuple[int, bool]:
    """See Language; a frame counts as one also where its checksum is wrong, unless another begins inside it."""
    if not held.startswith(HEADER[: len(held)]):
        at = held.find(HEADER[:1], 1)
        return (at if at > 0 else len(held)), False
    if len(held) < BEFORE_PAYLOAD:
        return 0, False
    length = int.from_bytes(held[BEFORE_LENGTH:BEFORE_PAYLOAD])
    if not SHORTEST <= length <= LONGEST:
        return 1, False
    size = BEFORE_PAYLOAD + length
    if len(held) < size:
        return 0, False
    inside = held.find(HEADER + held[2:6], 2, size)
    if inside > 0 and not is_right(held[:size]):
        return inside, False
    return size, True


def is_right(frame: bytes) -> bool:
    """Whether the checksum is that of the frame."""
    return frame[-CHECKSUM:] == checksum(frame[6:-CHECKSUM])


def checksum(body: bytes) -> bytes:
    """Sum of id, length and payload."""
    return (sum(body) & 0xFFFF).to_bytes(CHECKSUM)


def framed(frame: bytes, payload: bytes) -> bytes:
    """The frame with another payload of the same length; its checksum right where it was right."""
    made = frame[:BEFORE_PAYLOAD] + payload
    right = checksum(made[6:])
    return made + (right if is_right(frame) else bytes([right[0], right[1] ^ 1]))


def _gap(frame: bytes, kept: bytes, left_out: int) -> Scrubbed:
    head = frame[:BEFORE_PAYLOAD] + kept
    right = checksum(head[6:])
    return (head, left_out, right if is_right(frame) else bytes([right[0], right[1] ^ 1])), "content left out"
