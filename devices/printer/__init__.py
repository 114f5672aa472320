"""Receipt printers: a receipt is a short list of lines; the printer turns it into dots and says how it went."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from devices.device import DeviceError, HealthBoard


class OutOfPaper(DeviceError):
    """The roll is empty. What was being printed may or may not be on paper."""


class CoverOpen(DeviceError):
    """The cover stands open."""


class PrinterJam(DeviceError):
    """Cutter or head fault; a clerk must look."""


class OutOfInk(DeviceError):
    """Toner or ink is used up (pages only; receipts are burnt into the paper)."""


class Paper(StrEnum):
    """State of the roll. A printer that cannot tell is UNKNOWN, never PLENTY."""

    PLENTY = "plenty"
    LOW = "low"
    OUT = "out"
    UNKNOWN = "unknown"


class Outlet(StrEnum):
    """Whether a slip hangs in the slot. Only printers with a ticket sensor tell; all others are UNKNOWN for ever."""

    EMPTY = "empty"
    HOLDING = "holding"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Text:
    """One paragraph; wrapped to the paper. ``size`` 1 is body text, 2 a heading."""

    text: str
    size: int = 1
    bold: bool = False
    centred: bool = False


@dataclass(frozen=True)
class Pair:
    """A label at the left, its value at the right; the value moves to its own line when both do not fit."""

    label: str
    value: str


@dataclass(frozen=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True)
class Qr:
    """A QR code of ``content``, centred, with a caption below it."""

    content: str
    caption: str = ""


Line = Text | Pair | Rule | Qr


@dataclass(frozen=True)
class Receipt:
    """What comes out of the printer. ``number`` is printed by the lines themselves; it names the job in logs."""

    number: str
    lines: tuple[Line, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Pages:
    """A document on sheets of A4, as a PDF. ``number`` names the job everywhere; the PDF is kept in memory only."""

    number: str
    pdf: bytes = field(repr=False)


Begun = Callable[[], None]
"""Told when the first byte of a job goes out: from then on something of it may be on paper. Must not wait."""


def nobody() -> None:
    """For those who do not care when a job begins."""


class ReceiptPrinter(Protocol):
    """A printer for receipts.

    ``print`` returns when the printer took the whole job and reported no fault after it; raises OutOfPaper,
    CoverOpen, PrinterJam, or one of the DeviceErrors every device has, otherwise; after an error in mid-job it is
    unknown how much is on paper, and no driver sends a job twice. ``begun`` is told before the first byte of the job
    goes out: an error without it left the paper white. A printer that never answers status requests is UNKNOWN about
    paper and still may print on transports without a back channel (files, one-way USB): it does not ``confirm``, and
    ``print`` returns after the time the slip needs.
    """

    name: str
    board: HealthBoard

    @property
    def confirms(self) -> bool: ...

    def attend(self, stop: threading.Event) -> None: ...

    def paper(self) -> Paper: ...

    def outlet(self) -> Outlet: ...

    def print(self, receipt: Receipt, begun: Begun = nobody) -> None: ...

    def close(self) -> None: ...


class PagePrinter(Protocol):
    """A printer for A4 pages.

    ``print`` returns when the printer said the job is complete; raises as a ReceiptPrinter does, and OutOfInk. A job
    that failed was called back, so that nothing of it comes out later.
    """

    name: str
    board: HealthBoard

    def attend(self, stop: threading.Event) -> None: ...

    def print(self, pages: Pages, begun: Begun = nobody) -> None: ...

    def close(self) -> None: ...
