"""What the answers to DLE EOT 1 to 4 and GS r 1 mean (reference/serial-devices.md §3.2). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from devices.device import DeviceError, DeviceFault
from devices.printer import CoverOpen, OutOfPaper, Paper, PrinterJam

ASK_END = b"\x1d\x72\x01"  # queued: answered when everything before it is on paper
QUESTIONS = (1, 2, 3, 4)


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


def ask(question: int) -> bytes:
    """DLE EOT n."""
    return bytes((0x10, 0x04, question))


def is_status(answer: int) -> bool:
    """True for a byte of the pattern 0xx1xx10 that every answer to DLE EOT has; XON, FF and noise have not."""
    return answer & 0x93 == 0x12  # noqa: PLR2004 - the pattern


def is_end(answer: int) -> bool:
    """True for an answer to GS r 1, whose bits 4 and 7 are 0."""
    return answer & 0x90 == 0


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
