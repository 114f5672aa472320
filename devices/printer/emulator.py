"""An ESC/POS printer made of nothing: bytes in, paper and status bytes out. No driver code is used here.

Written from reference/serial-devices.md §3.1 and §3.2: status requests are answered at once, before the jobs that wait;
a printer that went off line keeps what it has not printed and goes on when mended; GS r, GS I and GS a wait for their
turn. Automatic status back: Epson TM-L60II p1234-1236. DLE EOT 20 (ticket sensor): Custom KPM300, TG02H.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from PIL import Image

from devices.printer.emulator_commands import (
    LINE_DOTS,
    Cut,
    Dots,
    Feed,
    Kick,
    NameReply,
    PaperReply,
    Reporting,
    Step,
    Words,
    command_length,
    steps_of,
)
from devices.printer.emulator_paper import picture, rows_of

ROLL_ROWS = 640_000  # 80 m
NAMES = {65: b"_1.08\0", 66: b"_EMULATED\0", 67: b"_EMU-80\0"}


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
    BROKEN = "broken"
    """An error that cannot be recovered from (head, board): DLE EOT 3 says 32."""
    OFFLINE = "offline"
    """Off line and no cause given: DLE EOT 1 says 1A, the others are well."""
    NOISE = "noise"
    """XON and XOFF between the answers, as printers on a serial line with software flow control send them."""


STOPPING = frozenset(
    {
        PrinterFault.OUT_OF_PAPER,
        PrinterFault.COVER_OPEN,
        PrinterFault.CUTTER_ERROR,
        PrinterFault.HEAD_HOT,
        PrinterFault.OFF,
        PrinterFault.BROKEN,
        PrinterFault.OFFLINE,
    }
)
MUTE = frozenset({PrinterFault.SILENT, PrinterFault.OFF})


@dataclass
class PaperMachine:
    """The printer without its plug. Not for two threads at once. ``sensor``: it has a ticket sensor."""

    faults: set[PrinterFault] = field(default_factory=set)
    paper_left: int = ROLL_ROWS
    sensor: bool = False
    hanging: bool = False
    rows: list[bytes] = field(default_factory=list)
    cut_off: list[Image.Image] = field(default_factory=list)
    heard: Counter[bytes] = field(default_factory=Counter)
    """How often each command was heard, by its first two bytes; plain characters are not counted."""
    drawer_kicks: int = 0
    _incoming: bytearray = field(default_factory=bytearray)
    _words: bytearray = field(default_factory=bytearray)
    _steps: deque[Step] = field(default_factory=deque)
    _reporting: int = 0
    _reported: bytes = b""

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
        step, answer = self._steps[0], b""
        match step:
            case Dots() | Words() | Feed():
                self._move(rows_of(step))
            case Cut():
                self.cut()
            case Kick():
                self.drawer_kicks += 1
            case PaperReply():
                answer = bytes((0x03 * (PrinterFault.PAPER_LOW in self.faults),))
            case NameReply(number=number):
                answer = NAMES.get(number, b"")
            case Reporting(mask=mask):
                self._reporting, self._reported = mask, b""
            case _:
                assert_never(step)
        if self.waiting:  # a step that met a fault is done again when it is mended
            self._steps.popleft()
        return b"" if self.faults & MUTE else answer

    def report(self) -> bytes:
        """The four bytes of automatic status back, where it is on and something changed since the last ones."""
        if not self._reporting or self.faults & (MUTE | {PrinterFault.GARBAGE_STATUS}):
            return b""
        now = self._packet()
        if now == self._reported:
            return b""
        self._reported = now
        return now

    def cut(self) -> None:
        """Cut (or tear) off what came out so far."""
        self.cut_off.append(picture(self.rows))
        self.rows = []
        self.hanging = self.sensor

    def forget(self, *, steps: bool = True) -> None:
        """Lose half a command, and the waiting steps: a new connection, or DLE ENQ 2, or the power."""
        self._incoming.clear()
        if steps:
            self._steps.clear()
            self._words.clear()
            self._reporting = 0

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
        if len(command) == 1:
            self._character(command)
            return b""
        self.heard[command[:2]] += 1
        if command[:2] == b"\x10\x04":
            return self._answer(command[2])
        if command[:2] == b"\x10\x05":
            self._steps.clear()
        if command[:2] == b"\x1b\x40":
            self._words.clear()
        self._steps.extend(steps_of(command))
        return b""

    def _character(self, character: bytes) -> None:
        if character != b"\n":
            self._words += character if character >= b" " else b""
            return
        self._steps.append(Words(bytes(self._words)) if self._words else Feed(LINE_DOTS))
        self._words.clear()

    def _answer(self, question: int) -> bytes:
        if self.faults & MUTE:
            return b""
        if PrinterFault.GARBAGE_STATUS in self.faults:
            return b"\xff\x11"
        around = b"\x11\x13" if PrinterFault.NOISE in self.faults else b""
        if question <= 4:  # noqa: PLR2004 - DLE EOT 1 to 4
            return around + bytes((0x12 | self._bits(question),)) + around
        return around + self._full_status() if self.sensor and question == 20 else b""  # noqa: PLR2004 - DLE EOT 20

    def _bits(self, question: int) -> int:
        has = {fault: fault in self.faults for fault in PrinterFault}
        broken, hot = has[PrinterFault.BROKEN], has[PrinterFault.HEAD_HOT]
        cutter, empty = has[PrinterFault.CUTTER_ERROR], has[PrinterFault.OUT_OF_PAPER]
        match question:
            case 1:
                return 0x08 * self.stopped
            case 2:
                return 0x04 * has[PrinterFault.COVER_OPEN] | 0x20 * empty | 0x40 * (cutter or hot or broken)
            case 3:
                return 0x08 * cutter | 0x20 * broken | 0x40 * hot
            case _:
                return 0x6C * empty | 0x0C * has[PrinterFault.PAPER_LOW]

    def _packet(self) -> bytes:
        line, cause, error, roll = (self._bits(question) for question in (1, 2, 3, 4))
        cover = 0x20 * bool(cause & 0x04)
        return bytes((0x10 | line | cover, error, 0x0C * bool(roll & 0x60) | 0x03 * bool(roll & 0x0C), 0))

    def _full_status(self) -> bytes:
        _, cause, error, roll = (self._bits(question) for question in (1, 2, 3, 4))
        paper = 0x01 * bool(roll & 0x60) | 0x04 * bool(roll & 0x0C) | 0x20 * self.hanging
        lost = 0x01 * bool(error & 0x08) | 0x04 * bool(error & 0x20)
        return bytes((0x10, 0x0F, paper, 0x02 * bool(cause & 0x04), 0x01 * bool(error & 0x40), lost))
