"""An ESC/POS printer made of nothing: bytes in, paper and status bytes out. No driver code is used here.

Written from reference/serial-devices.md §3.1 and §3.2: status requests are answered at once, before the jobs that wait;
a printer that went off line keeps what it has not printed and goes on when mended; GS r waits for its turn.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from PIL import Image

LINE_DOTS = 34  # 1/6 inch at 203 dpi
ROLL_ROWS = 640_000  # 80 m


class PrinterFault(StrEnum):
    """What the dock and the tests can do to the printer."""

    OUT_OF_PAPER = "out_of_paper"
    PAPER_LOW = "paper_low"
    COVER_OPEN = "cover_open"
    OFF = "off"
    SILENT = "silent"
    CUTTER_ERROR = "cutter_error"
    HEAD_HOT = "head_hot"
    GARBAGE_STATUS = "garbage_status"
    DIES_MID_JOB = "dies_mid_job"
    SLOW = "slow"


STOPPING = frozenset(
    {
        PrinterFault.OUT_OF_PAPER,
        PrinterFault.COVER_OPEN,
        PrinterFault.CUTTER_ERROR,
        PrinterFault.HEAD_HOT,
        PrinterFault.OFF,
    }
)


@dataclass(frozen=True)
class Dots:
    """One row of dots, a bit each, 1 is black."""

    row: bytes


@dataclass(frozen=True)
class Feed:
    """Blank rows."""

    rows: int


@dataclass(frozen=True)
class Cut:
    """The knife."""


@dataclass(frozen=True)
class Reply:
    """The queued paper status."""


Step = Dots | Feed | Cut | Reply


@dataclass
class PaperMachine:
    """The printer without its plug. Not for two threads at once."""

    faults: set[PrinterFault] = field(default_factory=set)
    paper_left: int = ROLL_ROWS
    rows: list[bytes] = field(default_factory=list)
    cut_off: list[Image.Image] = field(default_factory=list)
    _incoming: bytearray = field(default_factory=bytearray)
    _steps: deque[Step] = field(default_factory=deque)

    @property
    def stopped(self) -> bool:
        """True while it cannot print."""
        return bool(self.faults & STOPPING)

    @property
    def waiting(self) -> bool:
        """True when there is something it could print now."""
        return bool(self._steps) and not self.stopped

    def take(self, message: bytes) -> bytes:
        """Take bytes from the line, queue what is to print, return the answers to real-time requests."""
        self._incoming += message
        answers = b""
        while (length := command_length(self._incoming)) and length <= len(self._incoming):
            command = bytes(self._incoming[:length])
            del self._incoming[:length]
            answers += self._obey(command)
        return answers

    def advance(self) -> bytes:
        """Do the next step; the answer to a queued request, if that was it."""
        step = self._steps[0]
        match step:
            case Dots():
                self._move([step.row])
            case Feed():
                self._move([b""] * step.rows)
            case Cut():
                self.cut()
            case Reply():
                self._steps.popleft()
                return (
                    b""
                    if PrinterFault.SILENT in self.faults
                    else bytes((0x03 * (PrinterFault.PAPER_LOW in self.faults),))
                )
            case _:
                assert_never(step)
        if not self.stopped:
            self._steps.popleft()
        return b""

    def cut(self) -> None:
        """Cut (or tear) off what came out so far."""
        self.cut_off.append(picture(self.rows))
        self.rows = []

    def forget(self, *, steps: bool = True) -> None:
        """Lose half a command, and the waiting steps: a new connection, or DLE ENQ 2, or the power."""
        self._incoming.clear()
        if steps:
            self._steps.clear()

    def _move(self, rows: list[bytes]) -> None:
        if PrinterFault.DIES_MID_JOB in self.faults and len(self.rows) > LINE_DOTS:
            self.faults = self.faults - {PrinterFault.DIES_MID_JOB} | {PrinterFault.OFF}
            self.forget()
        elif self.paper_left < len(rows):
            self.faults = self.faults | {PrinterFault.OUT_OF_PAPER}
        else:
            self.rows += rows
            self.paper_left -= len(rows)

    def _obey(self, command: bytes) -> bytes:
        if command[:2] == b"\x10\x04":
            return self._status(command[2])
        if command[:2] == b"\x10\x05":
            self._steps.clear()
        self._steps.extend(steps_of(command))
        return b""

    def _status(self, question: int) -> bytes:
        if self.faults & {PrinterFault.SILENT, PrinterFault.OFF}:
            return b""
        if PrinterFault.GARBAGE_STATUS in self.faults:
            return b"\xff\x11"
        return bytes((0x12 | self._bits(question),))

    def _bits(self, question: int) -> int:
        empty, low = PrinterFault.OUT_OF_PAPER in self.faults, PrinterFault.PAPER_LOW in self.faults
        cutter, hot = PrinterFault.CUTTER_ERROR in self.faults, PrinterFault.HEAD_HOT in self.faults
        match question:
            case 1:
                return 0x08 * self.stopped
            case 2:
                return 0x04 * (PrinterFault.COVER_OPEN in self.faults) | 0x20 * empty | 0x40 * (cutter or hot)
            case 3:
                return 0x08 * cutter | 0x40 * hot
            case _:
                return 0x6C * empty | 0x0C * low


def steps_of(command: bytes) -> list[Step]:
    """What a command asks of the mechanism; unknown commands ask nothing."""
    steps: list[Step] = []
    match command[:2]:
        case b"\x1d\x76":
            across = int.from_bytes(command[4:6], "little")
            steps = [Dots(command[at : at + across]) for at in range(8, len(command), across)]
        case b"\x1d\x56":
            steps = [Feed(command[3]), Cut()] if len(command) > 3 else [Cut()]  # noqa: PLR2004 - the form with n
        case b"\x1d\x72":
            steps = [Reply()]
        case b"\x1b\x64":
            steps = [Feed(command[2] * LINE_DOTS)]
        case b"\x1b\x4a":
            steps = [Feed(command[2])]
        case b"\n":
            steps = [Feed(LINE_DOTS)]
    return steps


LENGTHS = {b"\x10\x04": 3, b"\x10\x05": 3, b"\x1b\x40": 2, b"\x1b\x64": 3, b"\x1b\x4a": 3, b"\x1d\x72": 3}


def command_length(line: bytes | bytearray) -> int:
    """Length of the command at the start of the line, 0 while that cannot be told. Anything else is one byte."""
    head = bytes(line[:2])
    if head[:1] not in {b"\x10", b"\x1b", b"\x1d"}:
        return min(1, len(line))
    if head == b"\x1d\x56":
        return 0 if len(line) < 3 else 3 if line[2] in {0, 1, 48, 49} else 4  # noqa: PLR2004 - function A has no n
    if head == b"\x1d\x76":
        size = bytes(line[4:8])
        return 0 if len(size) < 4 else 8 + int.from_bytes(size[:2], "little") * int.from_bytes(size[2:], "little")  # noqa: PLR2004 - the header is 8 bytes
    return 0 if len(head) == 1 else LENGTHS.get(head, 1)


def picture(rows: list[bytes]) -> Image.Image:
    """The paper as a picture of mode "1", black (0) where it was burnt; at least one dot."""
    across = max((len(row) for row in rows), default=1) or 1
    dots = b"".join(bytes(byte ^ 0xFF for byte in row.ljust(across, b"\0")) for row in rows or [b""])
    return Image.frombytes("1", (across * 8, max(1, len(rows))), dots)
