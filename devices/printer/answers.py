"""What comes back from a printer, told apart byte by byte (reference/serial-devices.md §3.2). Pure.

Four kinds of answer share one line. By their fixed bits (0xx1xx10 · 0xx0xxxx · 0xx1xx00 and three times 0xx0xxxx):

- DLE EOT 1 to 4: one byte; may come between the bytes of anything else, because it is answered in real time
- GS r 1: one byte, when its turn in the queue has come
- automatic status back (GS a): four bytes, at any moment (Epson, ESC/POS application guide, GS a)
- DLE EOT 20, kiosk printers of Custom and those who follow them: 10 0F and four bytes without fixed bits (command
  manuals of KPM300, TG02H, KPM210). An automatic status that begins 10 0F would report errors on line: there is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

AUTO_LENGTH = 4
FULL_LENGTH = 6
FULL_HEAD = b"\x10\x0f"
NAME_LONGEST = 80
_NAME = re.compile(rb"\x5f([\x20-\x7e]{1,%d})\x00" % NAME_LONGEST)
_AUTO = re.compile(
    rb"[\x10\x14\x18\x1c\x30\x34\x38\x3c\x50\x54\x58\x5c\x70\x74\x78\x7c][\x00-\x0f\x20-\x2f\x40-\x4f\x60-\x6f][\x00-\x0f]{2}"
)


@dataclass(frozen=True)
class StatusByte:
    """The answer to DLE EOT 1 to 4."""

    value: int


@dataclass(frozen=True)
class EndByte:
    """The answer to GS r 1: all before it is on paper."""

    value: int


@dataclass(frozen=True)
class AutoStatus:
    """Four bytes nobody asked for."""

    packet: bytes


@dataclass(frozen=True)
class FullStatus:
    """The four bytes after 10 0F: paper, user, recoverable errors, unrecoverable errors."""

    packet: bytes


Answer = StatusByte | EndByte | AutoStatus | FullStatus


def is_status(answer: int) -> bool:
    """True for a byte of the pattern 0xx1xx10 that every answer to DLE EOT has; XON, FF and noise have not."""
    return answer & 0x93 == 0x12  # noqa: PLR2004 - the pattern


def is_end(answer: int) -> bool:
    """True for an answer to GS r 1, and for the later bytes of an automatic status: bits 4 and 7 are 0."""
    return answer & 0x90 == 0


def begins_auto(answer: int) -> bool:
    """True for the first byte of an automatic status, 0xx1xx00."""
    return answer & 0x93 == 0x10  # noqa: PLR2004 - the pattern


@dataclass
class Answers:
    """Takes the line's bytes in pieces of any size. ``noise`` counts bytes that are no answer. Holds at most 6."""

    noise: int = 0
    _held: bytearray = field(default_factory=bytearray)

    def hear(self, came: bytes) -> list[Answer]:
        """The answers that are complete now, in order."""
        return [answer for byte in came if (answer := self._hear(byte)) is not None]

    def forget(self) -> None:
        """Drop the beginning of an answer whose rest never came (the line was quiet for long)."""
        self.noise += len(self._held)
        self._held.clear()

    def _hear(self, byte: int) -> Answer | None:
        if self._held:
            return self._go_on(byte)
        if begins_auto(byte):
            self._held.append(byte)
            return None
        return self._alone(byte, ends=True)

    def _alone(self, byte: int, *, ends: bool) -> Answer | None:
        if is_status(byte):
            return StatusByte(byte)
        if ends and is_end(byte):
            return EndByte(byte)
        self.noise += 1
        return None

    def _go_on(self, byte: int) -> Answer | None:
        full = self._held.startswith(FULL_HEAD)
        if not full and not is_end(byte):
            return self._alone(byte, ends=False)  # an answer in real time, or XON, inside a packet
        self._held.append(byte)
        if len(self._held) < (FULL_LENGTH if self._held.startswith(FULL_HEAD) else AUTO_LENGTH):
            return None
        packet = bytes(self._held)
        self._held.clear()
        return FullStatus(packet[2:]) if full else AutoStatus(packet)


def read_name(came: bytes) -> str:
    """The text of an answer to GS I (5F … 00), automatic status inside it taken out; empty where there is none."""
    found = _NAME.search(_AUTO.sub(b"", came)) or _NAME.search(came)
    return found.group(1).decode("ascii").strip() if found else ""
