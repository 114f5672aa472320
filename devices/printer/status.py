"""What a printer's answers mean: DLE EOT 1–4 and 20, automatic status (reference/serial-devices.md §3.2). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from devices.device import DeviceError, DeviceFault
from devices.printer import CoverOpen, Outlet, OutOfPaper, Paper, PrinterJam
from devices.printer.commands import QUESTIONS


@dataclass(frozen=True)
class PrinterStatus:
    """What a printer says of itself. A question it left unanswered counts as "no trouble", for paper as UNKNOWN."""

    paper: Paper
    offline: bool = False
    cover_open: bool = False
    head_hot: bool = False
    jammed: bool = False

    @property
    def trouble(self) -> DeviceError | None:
        """The reason why nothing can be printed now, the one to mend first; None when all is well."""
        if self.cover_open:
            return CoverOpen("the cover is open")
        if self.paper is Paper.OUT:
            return OutOfPaper("the roll is empty")
        if self.head_hot:
            return PrinterJam("the head is too hot")
        if self.jammed:
            return PrinterJam("cutter, head or mechanism")
        return DeviceFault("off line and gives no cause") if self.offline else None


def read_status(answers: dict[int, int]) -> PrinterStatus:
    """The status that these answers (question → byte, unanswered questions left out) add up to."""
    line, cause, error, paper = (answers.get(question, 0) for question in QUESTIONS)
    hot = bool(error & 0x40) and not error & 0x28
    return PrinterStatus(
        paper=_paper(paper, stopped=bool(cause & 0x20)),
        offline=bool(line & 0x08),
        cover_open=bool(cause & 0x04),
        head_hot=hot,
        jammed=bool(error & 0x28 or cause & 0x40) and not hot,
    )


def _paper(answer: int, *, stopped: bool) -> Paper:
    if answer & 0x60 or stopped:
        return Paper.OUT
    if not answer:
        return Paper.UNKNOWN
    return Paper.LOW if answer & 0x0C else Paper.PLENTY


def read_auto(packet: bytes) -> PrinterStatus:
    """The status in the four bytes of an automatic status back (Epson TM-L60II p1234-1236, TM-T88III p318-320)."""
    line, error, roll = packet[0], packet[1], packet[2]
    hot = bool(error & 0x40) and not error & 0x2C
    paper = Paper.OUT if roll & 0x0C else Paper.LOW if roll & 0x03 else Paper.PLENTY
    cover = bool(line & 0x20)
    return PrinterStatus(paper, bool(line & 0x08), cover, head_hot=hot and not cover, jammed=bool(error & 0x2C))


def read_outlet(packet: bytes) -> Outlet:
    """Whether a slip hangs out, from the four bytes after 10 0F: bit 5 of the first (KPM300, TG02H, KPM210)."""
    return Outlet.HOLDING if packet[0] & 0x20 else Outlet.EMPTY
