"""Readers of resident ID cards in a trace: the text block with invented values, picture and fingerprints by length.

Written from reference/card.md §4, without the driver. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import xor

from devices.trace.fakes import Fakes
from devices.trace.format import NotUnderstood
from devices.trace.scrubber import Scrubbed, by_length

PREAMBLE = bytes.fromhex("AAAAAA9669")
HEAD, STATUS, CHECK = 7, 3, 1
LARGEST = 4096
READS, TEXT = (b"\x30\x01", b"\x30\x10"), 256
SAM_NUMBER, ADDRESS = b"\x12\xff", b"\x30\x03"
TYPE = 248
BLANK = " "
NO_TEXT = b"\x00\xdc"
HIGH_SURROGATES = range(0xD800, 0xDC00)

CITIZEN = (
    (0, 30, "han"), (30, 2, "sex"), (32, 4, "group"), (36, 16, "day"), (52, 70, "han"), (122, 36, "number"),
    (158, 30, "han"), (188, 16, "kept_day"), (204, 16, "kept_day"), (220, 28, "shape"), (248, 2, "kept"),
    (250, 6, "shape"),
)  # fmt: skip
FOREIGNER = (
    (0, 120, "shape"), (120, 2, "sex"), (122, 30, "shape"), (152, 6, "kept"), (158, 30, "han"), (188, 16, "kept_day"),
    (204, 16, "kept_day"), (220, 16, "day"), (236, 4, "kept"), (240, 8, "shape"), (248, 2, "kept"), (250, 6, "shape"),
)  # fmt: skip
"""Offset, bytes and what to put there; UTF-16LE, 256 bytes."""


class SamV:
    """AA AA AA 96 69, length, command or status, content, XOR."""

    def __init__(self, fakes: Fakes) -> None:
        self._fakes = fakes
        self._fields: dict[str, Callable[[str], str]] = {
            "han": lambda text: (
                fakes.shape(text.encode()).decode() if text.isascii() else fakes.han(text.encode(), len(text))
            ),
            "sex": fakes.sex,
            "group": lambda text: "01"[: len(text)],
            "day": fakes.day,
            "number": fakes.number,
            "shape": lambda text: fakes.shape(text.encode("ascii", "replace")).decode("ascii"),
            "kept_day": lambda text: text if text.isdigit() or text == "长期" else "",
            "kept": lambda text: text if text.isascii() and text.isalnum() and len(text) <= 3 else "",  # noqa: PLR2004 - a country
        }
        self.reset()

    def reset(self) -> None:
        """Nothing was asked."""
        self._asked = b""

    def cut_sent(self, held: bytes) -> tuple[int, bool]:
        """Whether a frame stands at the front."""
        if not held.startswith(PREAMBLE[: len(held)]):
            at = held.find(PREAMBLE[:1], 1)
            return (at if at > 0 else len(held)), False
        if len(held) < HEAD:
            return 0, False
        length = int.from_bytes(held[5:HEAD])
        if not 1 <= length <= LARGEST:
            return 1, False
        return (HEAD + length, True) if len(held) >= HEAD + length else (0, False)

    cut_came = cut_sent

    def scrub_sent(self, frame: bytes) -> Scrubbed:
        """A command; none of those known carries more than its parameter."""
        body = frame[HEAD:-CHECK]
        self._asked = body[:2]
        return ((frame,), "") if len(body) == 2 else by_length(frame)  # noqa: PLR2004 - CMD, PARA

    def scrub_came(self, frame: bytes) -> Scrubbed:
        """A status, or what was read."""
        head, content = frame[: HEAD + STATUS], frame[HEAD + STATUS : -CHECK]
        if frame[HEAD:-CHECK] == self._asked:
            return (frame,), "echo"
        if len(frame) <= HEAD + STATUS:
            return by_length(frame)
        if not content:
            return (frame,), ""
        if self._asked in READS and content[:2] == TEXT.to_bytes(2):
            return self._person(frame, head, content)
        if self._asked == ADDRESS:
            return self._closed(frame, head + self._text(content, ((0, len(content) // 2 * 2, "han"),)))
        return self._closed(frame, head + bytes(len(content)))

    def _person(self, frame: bytes, head: bytes, content: bytes) -> Scrubbed:
        lengths = 6 if self._asked == READS[1] else 4
        text = content[lengths : lengths + TEXT]
        if len(text) != TEXT:
            return (head, NotUnderstood(len(content)), frame[-1:]), ""
        layout = FOREIGNER if text[TYPE : TYPE + 2] == "I".encode("utf-16-le") else CITIZEN
        made = head + content[:lengths] + self._text(text, layout)
        left_out = len(content) - lengths - TEXT
        return (made, left_out, bytes([_trailer(made, frame)])), "text block; picture left out"

    def _text(self, block: bytes, layout: tuple[tuple[int, int, str], ...]) -> bytes:
        made = b""
        for offset, size, what in layout:
            made += self._field(block[offset : offset + size], what)
        return made

    def _field(self, raw: bytes, what: str) -> bytes:
        try:
            real = raw.decode("utf-16-le")
        except UnicodeDecodeError:
            if int.from_bytes(raw[-2:], "little") not in HIGH_SURROGATES:
                return (NO_TEXT * len(raw))[: len(raw)]
            real = raw[:-2].decode("utf-16-le", "replace")
        written = real.rstrip(f"{BLANK}\0")
        fake = self._fields[what](written).encode("utf-16-le") if written else b""
        return (fake + BLANK.encode("utf-16-le") * len(raw))[: len(raw)]

    @staticmethod
    def _closed(frame: bytes, made: bytes) -> Scrubbed:
        return (made + bytes([_trailer(made, frame)]),), "values invented"

    def scrub_rest(self, held: bytes) -> Scrubbed:
        """Half a frame."""
        return by_length(held)


def _trailer(made: bytes, real: bytes) -> int:
    """The XOR behind the preamble, wrong where the real one was."""
    return reduce(xor, made[5:], 0) ^ (reduce(xor, real[5:-1], 0) != real[-1])
