"""What a trace looks like as text, and as values. Pure.

    # town-hall kiosk trace 1
    # kind: fingerprint
    # dialect: ef01
    0.000000 open 57600
    0.000214 > EF01FFFFFFFF01000713000000000 01B
    0.004300 < EF01FFFFFFFF0700 ~512 0A4C ; a template
    9.120000 close

One exchange a line: seconds since the line was first opened, what happened, bytes in hexadecimal. ``~512`` stands for
512 bytes that are nobody's business, ``?3`` for three that were not understood: neither was ever written. ``<`` with
nothing behind it: no answer, or a line that vanished. Behind ``;`` a remark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

TITLE = "# town-hall kiosk trace 1"
LARGEST_GAP = 1_000_000

NOISE = b"\xff"


class NotUnderstood(int):
    """So many bytes that the scrubber did not know."""


Part = bytes | int
"""Bytes as they are, or the number of bytes that were left out."""


class Way(StrEnum):
    """What happened on the line."""

    OPENED = "open"
    SENT = ">"
    CAME = "<"
    CLOSED = "close"
    NOTE = "!"


@dataclass(frozen=True)
class Exchange:
    """One line of a trace. ``at``: seconds. ``baud`` of an opened serial line, else 0."""

    at: float
    way: Way
    parts: tuple[Part, ...] = ()
    remark: str = ""
    baud: int = 0

    @property
    def size(self) -> int:
        """Number of bytes, those left out included."""
        return sum(part if isinstance(part, int) else len(part) for part in self.parts)

    @property
    def filled(self) -> bytes:
        """The bytes, with zeros where some were left out, and FF where some were not understood."""
        return b"".join(NOISE * part if isinstance(part, NotUnderstood) else bytes(part) for part in self.parts)

    @property
    def known(self) -> bytes:
        """The bytes that were written down."""
        return b"".join(part for part in self.parts if isinstance(part, bytes))

    def fits(self, content: bytes) -> bool:
        """Whether ``content`` is this, whatever stands where bytes were left out."""
        return len(content) == self.size and self.first_difference(content) is None

    def first_difference(self, content: bytes) -> int | None:
        """Place of the first byte that differs from what was written down; None where none does."""
        at = 0
        for part in self.parts:
            if isinstance(part, bytes):
                for offset, byte in enumerate(part):
                    if content[at + offset : at + offset + 1] != bytes([byte]):
                        return at + offset
            at += part if isinstance(part, int) else len(part)
        return None if len(content) <= at else at


@dataclass(frozen=True)
class Trace:
    """A whole recording: what is known of it, and its exchanges in their order."""

    header: Mapping[str, str]
    exchanges: tuple[Exchange, ...] = field(default=())

    @property
    def kind(self) -> str:
        """The kind of device."""
        return self.header.get("kind", "")

    @property
    def dialect(self) -> str:
        """The language on the line."""
        return self.header.get("dialect", "")


def header_lines(header: Mapping[str, str]) -> str:
    """The beginning of a trace file."""
    return "\n".join([TITLE, *(f"# {key}: {' '.join(value.split())}" for key, value in header.items())]) + "\n"


def line_of(exchange: Exchange) -> str:
    """One exchange as a line, without its end."""
    words = [f"{exchange.at:.6f}", str(exchange.way)]
    if exchange.way is Way.OPENED and exchange.baud:
        words.append(str(exchange.baud))
    words += hex_words(exchange.parts)
    if exchange.remark:
        words.append(f"; {' '.join(exchange.remark.split())}")
    return " ".join(words)


def hex_words(parts: tuple[Part, ...]) -> list[str]:
    """The parts as they stand in a line."""
    return [_word(part) for part in parts if part]


def _word(part: Part) -> str:
    if isinstance(part, bytes):
        return part.hex().upper()
    return f"?{int(part)}" if isinstance(part, NotUnderstood) else f"~{part}"


def text_of(trace: Trace) -> str:
    """A trace as its file."""
    return header_lines(trace.header) + "".join(line_of(one) + "\n" for one in trace.exchanges)


_LINE = re.compile(r"(\d+\.\d+) (open|close|[<>!])((?: (?:[~?]\d+|[0-9A-F]+))*)(?: ; (.*))?")


def read_trace(text: str) -> Trace:
    """A trace out of its text; ValueError naming the line that is none."""
    lines = text.splitlines()
    if not lines or lines[0] != TITLE:
        raise ValueError("line 1: this is no trace")
    header: dict[str, str] = {}
    exchanges: list[Exchange] = []
    for number, line in enumerate(lines[1:], 2):
        if line.startswith("#"):
            key, _, value = line[1:].partition(":")
            header[key.strip()] = value.strip()
        elif line.strip():
            exchanges.append(_exchange(line, number))
    return Trace(header, tuple(exchanges))


def _exchange(line: str, number: int) -> Exchange:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"line {number}: not an exchange")
    at, way, words, remark = found.groups()
    if Way(way) is Way.OPENED:
        return Exchange(float(at), Way.OPENED, remark=remark or "", baud=_baud(words))
    try:
        parts = tuple(_part(word) for word in words.split())
    except ValueError as error:
        raise ValueError(f"line {number}: {error}") from error
    return Exchange(float(at), Way(way), parts, remark or "")


def _baud(words: str) -> int:
    return int(words) if words.strip().isdigit() else 0


def _part(word: str) -> Part:
    if word[0] not in "~?":
        return bytes.fromhex(word)
    if int(word[1:]) > LARGEST_GAP:
        raise ValueError(f"{word} is too much")
    return NotUnderstood(word[1:]) if word[0] == "?" else int(word[1:])
