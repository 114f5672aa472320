"""Code scanners in a trace: settings and acknowledgements as they are, what was scanned sign by sign invented.

Written from reference/serial-devices.md §4, without the driver. Pure.
"""

from __future__ import annotations

import re

from devices.trace.fakes import Fakes
from devices.trace.scrubber import Scrubbed, by_length

GM65_COMMAND = re.compile(rb"\x7e\x00[\x07-\x0a][\x00-\x04].{2}.{0,4}.{2}", re.DOTALL)
GM65_ANSWER = re.compile(rb"[\x02\x03]\x00\x00[\x01\x02].{3,4}", re.DOTALL)
GM65_HEAD, CRC, GM65_LARGEST = 4, 2, 2
NEWLAND = re.compile(rb"[\x7e\x02]\x010000[@#](?:[A-Z0-9*;]{1,60}[\x06\x15\x05]?;?)+\x03")
SETTING = re.compile(rb"[A-Z]{4,6}\d{0,5}\*?")
SHORT = (b"\x1b\x31", b"\x01\x54\x04", b"\x15\x0d")
LINE_END = re.compile(rb"[\r\n]+")


class Scanner:
    """GM65 and Newland; whatever else comes is the content of a code."""

    def __init__(self, fakes: Fakes) -> None:
        self._fakes = fakes

    def reset(self) -> None:
        """Nothing to remember."""

    def cut_sent(self, held: bytes) -> tuple[int, bool]:
        """A driver writes each command whole."""
        return len(held), True

    def scrub_sent(self, frame: bytes) -> Scrubbed:
        """A known command; anything else by its length."""
        known = frame in SHORT or is_gm65(frame) or is_newland(frame)
        return ((frame,), "") if known else by_length(frame)

    def cut_came(self, held: bytes) -> tuple[int, bool]:
        """An acknowledgement, or a code with its line end; a code without one ends with the quiet behind it."""
        if held[:1] in (b"\x02", b"\x03"):
            if held[1:2] == b"\x01":
                end = held.find(b"\x03", 1) + 1
                return end, bool(end)
            if len(held) < GM65_HEAD or len(held) < GM65_HEAD + min(held[3], GM65_LARGEST) + CRC:
                return 0, False
            return GM65_HEAD + min(held[3], GM65_LARGEST) + CRC, True
        found = LINE_END.search(held)
        return (found.end(), True) if found else (0, False)

    def scrub_came(self, frame: bytes) -> Scrubbed:
        """See :meth:`cut_came`."""
        if GM65_ANSWER.fullmatch(frame) or is_newland(frame):
            return (frame,), ""
        return self.scrub_rest(frame)

    def scrub_rest(self, held: bytes) -> Scrubbed:
        """The content of a code."""
        return (self._fakes.shape(held),), "a code"


def is_gm65(frame: bytes) -> bool:
    """A command of at most four bytes of content."""
    return bool(GM65_COMMAND.fullmatch(frame)) and len(frame) == 8 + (frame[3] if frame[2] != 0x07 else 1)  # noqa: PLR2004 - 07 reads


def is_newland(frame: bytes) -> bool:
    """Settings by their names, with or without the scanner's answer."""
    if not NEWLAND.fullmatch(frame):
        return False
    names = re.split(rb"[\x05\x06\x15;@#]+", frame[6:-1])
    return all(not name or SETTING.fullmatch(name) for name in names)
