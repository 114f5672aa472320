"""The two other fingerprint dialects in a trace: split nibbles (中正, 维尔) and 7E42 (天诚盛业).

Features become streams without likeness, pictures are left out by their length. Written from
reference/serial-devices.md §2.2 and §2.3, without the drivers. Pure.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import xor

from devices.trace.fakes import Fakes
from devices.trace.format import Part
from devices.trace.scrubber import Scrubbed, by_length

STX, ETX = b"\x02", b"\x03"
NIBBLES = re.compile(rb"\x02([\x30-\x3f]*)")
DESCRIPTOR, SIZE, PICTURE = 0x09, 0x18, 0x19
KNOWN = frozenset({0x04, 0x09, 0x0B, 0x0C, 0x1C, 0x18, 0x19})
VENDOR_WORDS = re.compile(rb"TYPICAL_ALL|ABC-NJDW")


class SplitNibble:
    """02, two signs of 30..3F a byte, 03."""

    def __init__(self, fakes: Fakes) -> None:
        self._fakes = fakes
        self.reset()

    def reset(self) -> None:
        """Nothing was asked."""
        self._asked, self._said = 0, b""

    def cut_sent(self, held: bytes) -> tuple[int, bool]:
        """Whether a frame stands at the front."""
        found = NIBBLES.match(held)
        if found is None:
            at = held.find(STX, 1)
            return (at if at > 0 else len(held)), False
        if found.end() == len(held):
            return 0, False
        return (found.end() + 1, True) if held[found.end() : found.end() + 1] == ETX else (found.end(), False)

    cut_came = cut_sent

    def scrub_sent(self, frame: bytes) -> Scrubbed:
        """A command; all of §2.2 say nothing of anybody."""
        body = joined(frame[1:-1])
        if body is None or len(body) not in (7, 9) or body[2] not in KNOWN:
            return by_length(frame)
        self._asked, self._said = body[2], frame
        return (frame,), ""

    def scrub_came(self, frame: bytes) -> Scrubbed:
        """A reply: status, and what was asked for."""
        if frame == self._said:
            return (frame,), "echo"
        body = joined(frame[1:-1])
        if body is None or len(body) < 5:  # noqa: PLR2004 - LEN, STATUS, RESERVED, BCC
            return by_length(frame)
        content = body[4:-1]
        if not content or (self._asked == SIZE and len(content) == 4):  # noqa: PLR2004 - width and height
            return (frame,), ""
        if self._asked == PICTURE:
            return self._picture(frame, body, content)
        fake = _descriptor(content) if self._asked == DESCRIPTOR else self._fakes.stream(content, "template")
        made = body[:4] + fake
        return (STX + split(made + bytes([_check(made, body)])) + ETX,), "a feature"

    @staticmethod
    def _picture(frame: bytes, body: bytes, content: bytes) -> Scrubbed:
        head = body[:4]
        return (STX + split(head), 2 * len(content), split(bytes([_check(head, body)])) + frame[-1:]), "a picture"

    def scrub_rest(self, held: bytes) -> Scrubbed:
        """Half a frame."""
        return by_length(held)


def _descriptor(content: bytes) -> bytes:
    """A version text keeps the words that drivers look for; the rest may be a serial number."""
    shown = bytearray(b"X" * len(content))
    for found in VENDOR_WORDS.finditer(content):
        shown[found.start() : found.end()] = found.group()
    return bytes(shown)


def _check(made: bytes, real: bytes) -> int:
    """The XOR of what was made, wrong where the real one was."""
    return reduce(xor, made, 0) ^ (reduce(xor, real[:-1], 0) != real[-1])


def split(content: bytes) -> bytes:
    """Each byte as two of 30..3F."""
    return b"".join(bytes((0x30 | byte >> 4, 0x30 | byte & 15)) for byte in content)


def joined(signs: bytes) -> bytes | None:
    """The bytes again; None where they cannot be."""
    if len(signs) % 2:
        return None
    return bytes((signs[at] & 15) << 4 | signs[at + 1] & 15 for at in range(0, len(signs), 2))


LEAD = b"\x7e\x42"
VERSION, BAUD, CAPTURE, IMAGE = 0x61, 0x62, 0x64, 0x84
COMMAND_HEAD, REPLY_HEAD = 7, 8
IMAGE_PLACE = re.compile(rb"\x00\x00\x0b\x00(?:\x00\x00..){2}", re.DOTALL)
LENGTHS = 2
"""Of a feature the first two bytes say how long its user and its finger are."""


class SevenE42:
    """7E 42, command, in replies a status, four bytes of length, content, XOR."""

    def __init__(self, fakes: Fakes) -> None:
        self._fakes = fakes
        self.reset()

    def reset(self) -> None:
        """Nothing was asked."""
        self._said = b""

    def cut_sent(self, held: bytes) -> tuple[int, bool]:
        """Whether a frame stands at the front."""
        return _cut(held, COMMAND_HEAD)

    def cut_came(self, held: bytes) -> tuple[int, bool]:
        """The same for replies, and for an echo."""
        if self._said and held.startswith(self._said):
            return len(self._said), True
        return _cut(held, REPLY_HEAD)

    def scrub_sent(self, frame: bytes) -> Scrubbed:
        """A command; what it carries beyond its short parameters may be a template."""
        command, content = frame[2], frame[COMMAND_HEAD:-1]
        short = {VERSION: 1, BAUD: 1, CAPTURE: 1, IMAGE: 12}.get(command, 0)
        if len(content) <= short and (command != IMAGE or IMAGE_PLACE.fullmatch(content)):
            self._said = frame
            return (frame,), ""
        return self._made(frame, COMMAND_HEAD, self._fakes.stream(content, "template"))

    def scrub_came(self, frame: bytes) -> Scrubbed:
        """A reply: status, and what was asked for."""
        command, content = frame[2], frame[REPLY_HEAD:-1]
        if not content or frame == self._said:
            return (frame,), ""
        if command == IMAGE:
            gap: tuple[Part, ...] = (frame[:REPLY_HEAD], len(content), bytes([_trailer(frame[:REPLY_HEAD], frame)]))
            return gap, "a picture"
        if command == VERSION:
            return self._made(frame, REPLY_HEAD, _descriptor(content))
        return self._made(frame, REPLY_HEAD, content[:LENGTHS] + self._fakes.stream(content[LENGTHS:], "template"))

    @staticmethod
    def _made(frame: bytes, head: int, content: bytes) -> Scrubbed:
        made = frame[:head] + content
        return (made + bytes([_trailer(made, frame)]),), "a feature"

    def scrub_rest(self, held: bytes) -> Scrubbed:
        """Half a frame."""
        return by_length(held)


def _cut(held: bytes, head: int) -> tuple[int, bool]:
    if not held.startswith(LEAD[: len(held)]):
        at = held.find(LEAD[:1], 1)
        return (at if at > 0 else len(held)), False
    if len(held) < head:
        return 0, False
    length = int.from_bytes(held[head - 4 : head])
    if length > 4096:  # noqa: PLR2004 - no reply is longer
        return 1, False
    size = head + length + 1
    return (size, True) if len(held) >= size else (0, False)


def _trailer(made: bytes, real: bytes) -> int:
    return reduce(xor, made[1:], 0) ^ (reduce(xor, real[1:-1], 0) != real[-1])
